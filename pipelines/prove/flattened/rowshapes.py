"""The sums along its rows that a flattened table calls for, and what weight they give to each reading of a row.

What belongs here: hypotheses about a table, and their shares of its rows.  What must never stand here: which reading
of a row is the one (`rowsums`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from pipelines.prove.flattened.groups import MAX_GROUPS, YEAR, Numbers, Row
from pipelines.prove.flattened.rowreadings import Hypothesis, Listed, Met, Sum, odds, sums_met, what_meets

OBEYING = 6  # rows that must obey a sum, before the numbers outside of it are counted
BEYOND = 10  # times the greatest figure that a sum or quotient reaches, up to which another is taken for one
EXCEPTIONS = 2  # rows that must speak against another count before it is ruled out
ADDED = 0.01  # chance by luck below which a row has added something up
SCREEN = 2.5  # log10 of the odds, beyond the number of hypotheses tried, that lets one into the table's model


class Weighed(NamedTuple):
    """A reading that meets a shape.

    weight  share of the table's rows that obey the shape / number of the row's readings that would by luck
    rival   the same, other readings left out: what the reading counts for against another
    """

    reading: Numbers
    weight: float
    rival: float


@dataclass(frozen=True)
class Shape:
    """Something that the table's rows call for, and what it makes of each row.

    head, tail  how many numbers at either end no sum of it reaches
    gaps        (start, stop) of the runs of numbers between its sums that none of them reaches
    two         readings that could as well be two rows of figures in turn, each with its sum, and no row says otherwise
    weights     per row: its readings that meet the shape
    """

    head: int
    tail: int
    gain: float
    weights: dict[int, list[Weighed]]
    gaps: tuple[tuple[int, int], ...] = ()
    two: frozenset[Numbers] = frozenset()

    @cached_property
    def common(self) -> frozenset[int]:
        """Of `OBEYING` rows or more that obey, those whose figures are no greater than in most: no totals."""
        sizes = {r: max(self.reached(self.best(r))) for r in self.weights}
        usual = sorted(sizes.values())[len(sizes) // 2]
        return frozenset(r for r, size in sizes.items() if size <= usual) if len(sizes) >= OBEYING else frozenset()

    @property
    def free(self) -> int:
        return sum(self.free_by_run)

    @property
    def free_by_run(self) -> list[int]:
        return [self.head, *(b - a for a, b in self.gaps), self.tail]

    def best(self, r: int) -> Numbers:
        """The likeliest reading of a row."""
        return max(self.weights[r], key=lambda x: x.weight).reading

    def reached(self, reading: Numbers) -> Numbers:
        """The numbers of a reading that its sums reach."""
        free = {i for a, b in self.runs(len(reading)) for i in range(a, b)}
        return tuple(n for i, n in enumerate(reading) if i not in free)

    def runs(self, k: int) -> list[tuple[int, int]]:
        """The runs of numbers, of a reading with k, that no sum reaches: for all readings in the same order."""
        return [(0, self.head), *self.gaps, (k - self.tail, k)]


Lists = dict[int, Listed]  # by count


def counts_left(runs: Sequence[Row], mine: int, length: int, common: Sequence[bool] | None = None) -> set[int]:
    """Into how many numbers the groups that no sum or quotient reaches could be split, in the rows that obey one
    (`runs`, read as `mine` numbers): all counts but those that `EXCEPTIONS` of them could not have.

    length  groups of the run in question: against more numbers in it speaks one run of as many groups alone, and no
            shorter one that is a year ("2 005" for "2 005 | 536"); against fewer, no run of more groups, since where
            others have two figures this one may have one beside a blank cell
    common  which of them are rows like the others, if that is known: of more numbers these alone say anything
    """
    longest = max(len(run.groups) for run in runs)
    like = [run for run, one in zip(runs, common, strict=True) if one] if common is not None else runs
    out = {mine}
    for c in range(1, longest + 1):
        if c < mine:
            against = [run for run in runs if len(run.groups) <= length and not run.counts.get(c)]
        else:
            against = [
                run
                for run in like
                if joined_by_naught(run, c) and (len(run.groups) >= length or not YEAR.fullmatch("".join(run.groups)))
            ]
        alone = c > mine and common is not None and any(len(run.groups) >= length for run in against)
        if len(against) < EXCEPTIONS and not alone:
            out.add(c)
    return out


def joined_by_naught(row: Row, count: int) -> bool:
    """Whether the row cannot be so many numbers, for a group that begins with 0 ("2 001" among "3 499", "1 780").

    Were these two columns, this row would have a blank cell, and beside it the one figure of four digits in a column
    where all others have three.  A total may be such a row, having no code; one that is like the others hardly is.  A
    row whose groups are merely too few says nothing: that is what a blank cell leaves.
    """
    return max(row.counts, default=0) < min(count, len(row.groups))


def _could_be_two(reading: Numbers, sums: tuple[Sum, ...]) -> bool:
    """Whether every figure of a sum could be split into two so that both halves add up: men and women side by side."""
    for s in sums:
        parts, total = reading[s.start : s.stop : s.stride], reading[s.total]
        filled = [v for v in (*parts, total) if v]
        for m in range(1, MAX_GROUPS):
            unit = 1000**m
            wide = [v for v in filled if v >= unit]
            if wide and all(v % unit * 10 >= unit for v in wide) and sum(v // unit for v in parts) == total // unit:
                return True
    return False


def _two(weighed: dict[Numbers, tuple[Sum, ...]]) -> frozenset[Numbers]:
    """The readings that could be two rows in turn, unless `EXCEPTIONS` of those that obey could not."""
    could = frozenset(reading for reading, sums in weighed.items() if _could_be_two(reading, sums))
    return could if len(weighed) - len(could) < EXCEPTIONS else frozenset()


def joints(lists: Lists, n_rows: int) -> list[Shape]:
    """For each count, the sums that its rows call for one by one, joined as long as the same rows meet them all."""
    out: list[Shape] = []
    for k, listed in lists.items():
        ranked = []
        tried = sum(max(0, t - 1) + max(0, k - t - 2) for t in range(k))
        floor = SCREEN + math.log10(max(1, tried))
        for s in sums_met(listed, k, floor):
            said = what_meets(listed, (s,))
            if (gain := odds(said)) >= floor:
                ranked.append((gain, s, said))
        ranked.sort(key=lambda x: -x[0])
        if not ranked:
            continue
        joint: tuple[Sum, ...] = (ranked[0][1],)
        said = ranked[0][2]
        for _, s, _ in ranked[1:16]:
            more = what_meets(listed, (*joint, s))
            if sum(1 for m in more.values() if m.met) >= 0.8 * sum(1 for m in said.values() if m.met):
                joint, said = (*joint, s), more
        free = Hypothesis(k, joint).free()
        head = next((i for i in range(k) if i not in free), k)
        tail = next((i for i in range(k) if k - 1 - i not in free), k)
        inner = [i for i in free if head <= i < k - tail]
        gaps = tuple((i, next(j for j in range(i, k) if j not in inner)) for i in inner if i - 1 not in inner)
        hits = [r for r, m in said.items() if m.met]
        share = min(0.98, (len(hits) + 0.5) / (n_rows + 1))
        weights = {
            r: [
                Weighed(
                    listed.reading(i),
                    share / max(said[r].by_luck, said[r].alike, 1e-30),
                    share / max(said[r].alike, 1e-30),
                )
                for i in said[r].met
            ]
            for r in hits
        }
        two = _two({one.reading: joint for weighed in weights.values() for one in weighed})
        out.append(Shape(head, tail, odds(said), weights, gaps, two))
    return out


def families(lists: Lists, n_rows: int) -> list[Shape]:
    """ "The last number is the sum of all before it" and its kin, whatever the count: for tables with blank cells.

    head or tail numbers may stand outside the sum; the total may come first; the last two or three numbers may be the
    sums of every second or third (men and women, number and amount).  The shares of the counts are estimated over the
    rows, starting from equal shares.
    """
    kinds = [("last", h, t, 1) for h in range(4) for t in range(3)] + [
        ("first", h, t, 1) for h in range(3) for t in range(2)
    ]
    kinds += [("last", h, 0, s) for s in (2, 3) for h in (0, 1)]
    out = []
    for kind, head, tail, stride in kinds:
        met: dict[int, dict[int, Met]] = {}  # row, then count
        by_count: dict[int, tuple[Sum, ...]] = {}
        for k, listed in lists.items():
            sums = _family(k, kind, head, tail, stride)
            if sums:
                by_count[k] = sums
                for r, m in what_meets(listed, sums).items():
                    if m.met:
                        met.setdefault(r, {})[k] = m
        shape = _estimate(met, lists, n_rows, head, tail, math.log10(len(kinds)))
        if shape is not None:
            readings = {one.reading for weighed in shape.weights.values() for one in weighed}
            out.append(replace(shape, two=_two({reading: by_count[len(reading)] for reading in readings})))
    return out


def _family(k: int, kind: str, head: int, tail: int, stride: int) -> tuple[Sum, ...]:
    if stride > 1:
        if (k - head) % stride or (k - head) < 3 * stride:
            return ()
        return tuple(Sum(t, head + (t - k + stride), t, stride) for t in range(k - stride, k))
    if kind == "last":
        total = k - 1 - tail
        return (Sum(total, head, total),) if total > head else ()
    return (Sum(head, head + 1, k - tail),) if k - tail > head + 1 else ()


def _estimate(
    met: dict[int, dict[int, Met]], lists: Lists, n_rows: int, head: int, tail: int, tried: float
) -> Shape | None:
    """The shares of the counts by expectation–maximisation, and the weights that they give to readings."""
    counts = sorted({k for by_count in met.values() for k in by_count})
    if not counts:
        return None
    share = dict.fromkeys(counts, 0.5 / len(counts))
    none = 0.5
    luck = {(r, k): max(m.by_luck, 1e-12) for r, by_count in met.items() for k, m in by_count.items()}
    for _ in range(20):
        gained = dict.fromkeys(counts, 0.0)
        for r, by_count in met.items():
            parts = {k: share[k] / luck[r, k] for k in by_count}
            whole = sum(parts.values()) + none
            for k, v in parts.items():
                gained[k] += v / whole
        share = {k: max((v - 0.5) / (n_rows + 1), 0.02 / len(counts) / (n_rows + 1)) for k, v in gained.items()}
        none = max(0.02, 1 - sum(share.values()))
    gain = sum(math.log10(none + sum(share[k] / luck[r, k] for k in by_count)) for r, by_count in met.items())
    gain += (n_rows - len(met)) * math.log10(none) - sum(1 for k in counts if share[k] * n_rows > 0.5)
    if gain < SCREEN + tried:
        return None
    # a family that many rows show by adding up holds for a row with one figure as well, its total the same again
    added = sum(1 for by_count in met.values() if any(m.alike <= ADDED for m in by_count.values()))
    weights: dict[int, list[Weighed]] = {}
    for r, by_count in met.items():
        weights[r] = []
        for k, m in by_count.items():
            alike = min(m.alike, m.repeats) if added >= OBEYING else m.alike
            weight, rival = share[k] / max(luck[r, k], alike), share[k] / max(alike, 1e-30)
            weights[r] += [Weighed(lists[k].reading(i), weight, rival) for i in m.met]
    return Shape(head, tail, gain, weights)
