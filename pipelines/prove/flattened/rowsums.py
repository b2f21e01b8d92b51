"""Row identities in flattened rows: "the last number is the sum of the others", and its kin, found by their own weight.

What belongs here: candidate identities between the numbers of one row, how often they would be met by luck, and what
is left of a row's readings once the identities of its table are weighed.  What must never stand here: labels, several
rows in one sum (`colsums`).

How chance is reckoned.  A hypothesis h says "rows of k numbers whose number t is the sum of the numbers a..b-1".  For
a row, E(h) is the number of its readings that would meet h by luck: each reading with a total T meets it with a chance
of at most 1/max(T, 1), since the parts would have to hit one integer in a range of that order.  The share w(h) of the
table's rows that truly obey h is estimated over the rows (expectation–maximisation, a few rounds).  A reading then
weighs Σ w(h)/E(h) over the hypotheses it meets, against the weight of "none of them", which is the share of rows that
obey nothing.  A row is read only where one reading outweighs all the others and that remainder by `CERTAIN` to one.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.prove.flattened.groups import MAX_GROUPS, Numbers, Row

CERTAIN = 300.0  # odds that a row's reading must reach against everything else together
CAP = 9000  # readings listed for one row and count; wider rows are left to the column sums
OBEYING = 6  # rows that must obey a sum, before the numbers outside of it are counted
BEYOND = 10  # times the greatest figure that a sum reaches, up to which another is taken for one
EXCEPTIONS = 2  # rows that must speak against another count before it is ruled out
ADDED = 0.01  # chance by luck below which a row has added something up
UNUSUAL = 0.05  # share of rows of a count that no row shows, or few
SCREEN = 2.5  # log10 of the odds, beyond the number of hypotheses tried, that lets one into the table's model


@dataclass(frozen=True, slots=True)
class Sum:
    """Number `total` of a row is the sum of its numbers start..stop-1, or of every `stride`-th of them."""

    total: int
    start: int
    stop: int
    stride: int = 1

    def covers(self) -> set[int]:
        return {self.total, *range(self.start, self.stop, self.stride)}


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """Rows of `k` numbers obey all of `sums` at once."""

    k: int
    sums: tuple[Sum, ...]

    def free(self) -> tuple[int, ...]:
        """The numbers that no sum reaches."""
        reached = set().union(*(s.covers() for s in self.sums))
        return tuple(i for i in range(self.k) if i not in reached)


@dataclass(frozen=True, slots=True)
class Met:
    """What a hypothesis says of one row: the indexes of readings that meet it, and how many would by luck.

    alike  the same for these very readings: 1 where nothing is added up, more where all figures are round.  Such a row
           may well obey (a = b + 0), but its obeying says little of where its figures end
    """

    met: tuple[int, ...]
    by_luck: float
    alike: float = 0.0
    repeats: float = 0.0


@dataclass(frozen=True, slots=True)
class _Listed:
    """The readings of all rows with k numbers, one below the other, as arrays: values and running sums.

    rows   the rows that have such readings, in order;  first[i]..first[i + 1]  the readings of rows[i]
    """

    rows: tuple[int, ...]
    first: NDArray[np.intp]
    values: NDArray[np.float64]
    sums: NDArray[np.float64]

    def meets(self, s: Sum) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
        """Which readings meet the sum, and the chance of each to meet it by luck (0 where the orders differ)."""
        total = self.values[:, s.total]
        if s.stride == 1:
            parts = self.sums[:, s.stop] - self.sums[:, s.start]
        else:
            parts = self.values[:, s.start : s.stop : s.stride].sum(axis=1)
        near = (parts <= 2 * total) & (total <= 2 * parts)
        return parts == total, np.where(near, 1.0 / np.maximum(total, 1.0), 0.0)

    def round_luck(self, where: NDArray[np.intp], s: Sum) -> NDArray[np.float64]:
        """The chance that these readings meet the sum, in units of what all its numbers are multiples of (round figures
        count as small ones), and 1 where fewer than two parts are not 0: nothing was added up."""
        parts = self.values[where, s.start : s.stop : s.stride]
        total = self.values[where, s.total]
        unit = round_unit(np.gcd(total.astype(np.int64), np.gcd.reduce(parts.astype(np.int64), axis=1)))
        # what is added to the greatest part: figures one apart (1 | 970 | 1 | 971 of two years) are no sum
        added = parts.sum(axis=1) - parts.max(axis=1)
        chance = np.minimum(1.0, np.maximum(unit / np.maximum(total, 1.0), unit / np.maximum(unit + added, 1.0)))
        return np.where((parts > 0).sum(axis=1) < 2, 1.0, chance)

    def repeat_luck(self, where: NDArray[np.intp], s: Sum) -> NDArray[np.float64]:
        """The chance that figures repeat one by luck that way, where one part alone is not 0, and 1 elsewhere."""
        parts = self.values[where, s.start : s.stop : s.stride]
        return np.where((parts > 0).sum(axis=1) == 1, 1.0 / np.maximum(self.values[where, s.total], 1.0), 1.0)

    def reading(self, i: int) -> Numbers:
        return tuple(int(v) for v in self.values[i])


def round_unit(divisor: NDArray[np.int64]) -> NDArray[np.int64]:
    """The greatest of 1, 5, 10, 20, 25, 50, 100, 200, 250, … that divides each number: the unit of round figures.  A
    divisor such as 6 is no sign of rounding."""
    unit = np.ones_like(divisor)
    for power in 10 ** np.arange(16, dtype=np.int64):
        for step in (power, 5 * power, *((2 * power, 25 * power // 10) if power > 1 else ())):
            unit = np.where(divisor % step == 0, np.maximum(unit, step), unit)
    return unit


def _listed(rows: Sequence[Row], counts: Sequence[int]) -> dict[int, _Listed]:
    """By count, the readings of all rows; a row with more than `CAP` readings of a count is left out of that count."""
    found: dict[int, list[tuple[int, NDArray[np.float64]]]] = {}
    for r, row in enumerate(rows):
        wanted = [k for k in counts if 0 < row.counts.get(k, 0) <= CAP]
        for k, values in _values(row, wanted).items():
            found.setdefault(k, []).append((r, values))
    out = {}
    for k in sorted(found):
        values = np.concatenate([v for _, v in found[k]])
        first = np.cumsum([0, *[len(v) for _, v in found[k]]])
        sums = np.concatenate([np.zeros((len(values), 1)), np.cumsum(values, axis=1)], axis=1)
        out[k] = _Listed(tuple(r for r, _ in found[k]), first, values, sums)
    return out


def _values(row: Row, counts: Sequence[int]) -> dict[int, NDArray[np.float64]]:
    """The readings of a row with each of the counts, one a line, built up from its end."""
    n = len(row.groups)
    ends: dict[tuple[int, int], NDArray[np.float64]] = {(n, 0): np.zeros((1, 0))}

    def rest(p: int, k: int) -> NDArray[np.float64]:
        if (p, k) not in ends:
            pieces = []
            for q, value in row.arcs[p] if p < n else ():
                if row.ways[q].get(k - 1):
                    after = rest(q, k - 1)
                    pieces.append(np.concatenate([np.full((len(after), 1), float(value)), after], axis=1))
            ends[p, k] = np.concatenate(pieces)
        return ends[p, k]

    return {k: np.concatenate([rest(p, k) for p in row.starts if row.ways[p].get(k)]) for k in counts}


def _sums(listed: _Listed, k: int, floor: float) -> list[Sum]:
    """The sums of a contiguous block of two numbers or more that touches the total on its left or right, those left
    out which cannot reach `floor` however little luck their hits have."""
    rows = len(listed.rows)
    of_row = np.repeat(np.arange(rows), np.diff(listed.first))
    found: list[Sum] = []

    def keep(t: int, hits: NDArray[np.bool_], made: Sequence[Sum]) -> None:
        for c in np.flatnonzero(hits.any(axis=0)).tolist():
            at = np.flatnonzero(hits[:, c])
            most = np.zeros(rows)  # a hit is met by luck with a chance of 1 / total at least
            np.maximum.at(most, of_row[at], np.maximum(listed.values[at, t], 1.0))
            if _gain(1.0 / most[most > 0], rows - int((most > 0).sum())) >= floor:
                found.append(made[c])

    for t in range(k):
        if t >= 2:
            wanted = listed.sums[:, t] - listed.values[:, t]
            keep(t, listed.sums[:, : t - 1] == wanted[:, None], [Sum(t, a, t) for a in range(t - 1)])
    for t in range(k):
        if t + 3 <= k:
            wanted = listed.sums[:, t + 1] + listed.values[:, t]
            keep(t, listed.sums[:, t + 3 :] == wanted[:, None], [Sum(t, t + 1, b) for b in range(t + 3, k + 1)])
    return found


def _said(listed: _Listed, sums: tuple[Sum, ...]) -> dict[int, Met]:
    hit = np.ones(len(listed.values), dtype=bool)
    luck = np.ones(len(listed.values))
    for s in sums:
        one, chance = listed.meets(s)
        hit &= one
        luck *= chance
    where = np.flatnonzero(hit)
    by_row = np.add.reduceat(luck, listed.first[:-1])
    alike = np.prod([listed.round_luck(where, s) for s in sums], axis=0).tolist()
    lone = np.prod([listed.repeat_luck(where, s) for s in sums], axis=0).tolist()
    most: dict[int, float] = {}
    again: dict[int, float] = {}
    met: dict[int, list[int]] = {}
    of_row = (np.searchsorted(listed.first, where, side="right") - 1).tolist()
    for i, row, chance, repeat in zip(where.tolist(), of_row, alike, lone, strict=True):
        met.setdefault(row, []).append(i)
        most[row] = max(most.get(row, 0.0), chance)
        again[row] = max(again.get(row, 0.0), repeat)
    return {
        r: Met(tuple(met.get(i, ())), float(by_row[i]), most.get(i, 0.0), again.get(i, 0.0))
        for i, r in enumerate(listed.rows)
    }


def odds(said: dict[int, Met]) -> float:
    """log10 of the likelihood ratio "a share of the rows obeys" : "all hits are luck", at the best share."""
    hits = np.array([min(1.0, m.by_luck) for m in said.values() if m.met])
    return _gain(hits[hits > 0], len(said) - len(hits), len(hits))


def _gain(by_luck: NDArray[np.float64], misses: int, hits: int | None = None) -> float:
    """The odds of `hits` rows that meet a sum, by luck with the chances `by_luck`, and of those that miss it."""
    hits = len(by_luck) if hits is None else hits
    share = max(0.02, min(0.98, hits / (hits + misses + 1)))
    return float(np.log10(share / by_luck + 1 - share).sum()) + misses * math.log10(1 - share)


class Weighed(NamedTuple):
    """A reading that meets a shape.

    weight  share of the table's rows that obey the shape / number of the row's readings that would by luck
    rival   the same, other readings left out: what the reading counts for against another
    """

    reading: Numbers
    weight: float
    rival: float


@dataclass(frozen=True, slots=True)
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

    @property
    def free(self) -> int:
        return self.head + self.tail + sum(b - a for a, b in self.gaps)

    def reached(self, reading: Numbers) -> Numbers:
        """The numbers of a reading that its sums reach."""
        free = {i for a, b in self.runs(len(reading)) for i in range(a, b)}
        return tuple(n for i, n in enumerate(reading) if i not in free)

    def runs(self, k: int) -> list[tuple[int, int]]:
        """The runs of numbers, of a reading with k, that no sum reaches: for all readings in the same order."""
        return [(0, self.head), *self.gaps, (k - self.tail, k)]


Lists = dict[int, _Listed]  # by count


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
        for s in _sums(listed, k, floor):
            said = _said(listed, (s,))
            if (gain := odds(said)) >= floor:
                ranked.append((gain, s, said))
        ranked.sort(key=lambda x: -x[0])
        if not ranked:
            continue
        joint: tuple[Sum, ...] = (ranked[0][1],)
        said = ranked[0][2]
        for _, s, _ in ranked[1:16]:
            more = _said(listed, (*joint, s))
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
                for r, m in _said(listed, sums).items():
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


def _ends(shape: Shape, rows: Sequence[Row]) -> dict[Numbers, bool]:
    """For each reading that the shape weighs, whether the numbers outside its sums could be split in no other way.

    A sum says nothing of the numbers that it does not reach.  Another count of them is ruled out where at least
    `EXCEPTIONS` of the rows that obey could not have it, of `OBEYING` at least.
    """
    enough = len(shape.weights) >= OBEYING
    fine: dict[Numbers, bool] = {one.reading: enough for weighed in shape.weights.values() for one in weighed}
    for i in range(len(shape.gaps) + 2):
        ends: dict[tuple[int, Numbers], Row] = {}
        mine = 0
        for r, weighed in shape.weights.items():
            for reading, _, _ in weighed:
                a, b = shape.runs(len(reading))[i]
                mine = b - a
                if mine:
                    ends[r, reading] = _run(rows[r], reading, a, b)
        if not mine:
            continue
        runs = [ends[r, max(w, key=lambda x: x[1])[0]] for r, w in shape.weights.items()]
        longest = max(len(run.groups) for run in runs)
        open_counts = {
            c
            for c in range(1, longest + 1)
            if c == mine or sum(1 for run in runs if not run.counts.get(c)) < EXCEPTIONS
        }
        for (_, reading), run in ends.items():
            fine[reading] &= sum(run.counts.get(c, 0) for c in open_counts) == 1
    if len({len(reading) for reading in fine}) == 1:
        return fine
    # figures are missing here and there, before the sum perhaps: 1 999 | 191 450 is more likely two figures than one
    # far beyond all that add up
    likeliest = [max(weighed, key=lambda x: x.weight).reading for weighed in shape.weights.values()]
    greatest = max(n for reading in likeliest for n in shape.reached(reading))
    for reading in fine:
        fine[reading] &= all(n <= BEYOND * greatest for n in Counter(reading) - Counter(shape.reached(reading)))
    return fine


def _undominated(shapes: list[Shape]) -> list[Shape]:
    """Without the shapes that leave more numbers free than another that explains their rows and others besides."""
    return [
        b
        for b in shapes
        if not any(
            a.free < b.free
            and set(b.weights) < set(a.weights)
            and len(set(a.weights) - set(b.weights)) >= EXCEPTIONS
            and a.gain > b.gain
            for a in shapes
        )
    ]


def _vary(shapes: list[Shape]) -> bool:
    """Whether the numbers at the ends that no sum reaches are now more, now fewer: some may be blank."""
    return any(
        a.head != b.head
        and len(set(a.weights) - set(b.weights)) >= EXCEPTIONS
        and len(set(b.weights) - set(a.weights)) >= EXCEPTIONS
        for a in shapes
        for b in shapes
    )


def _run(row: Row, reading: Numbers, start: int, stop: int) -> Row:
    """The groups of a row that spell the numbers start..stop-1 of a reading of all its groups."""
    before, length = (sum(len(str(v)) for v in part) for part in (reading[:start], reading[start:stop]))
    run: list[str] = []
    at = 0
    for group in row.groups:
        if before <= at < before + length:
            run.append(group)
        at += len(group)
    return Row(tuple(run))


def _repeats(row: Row) -> bool:
    """Whether the end of the row says one thing three times or more and a group of three digits begins it.

    "431 431 431 431": that the last number equals the one before it then holds for several readings and says nothing.
    """
    groups, n = row.groups, len(row.groups)
    for size in range(1, n // 3 + 1):
        word = groups[n - size :]
        times = 1
        while (times + 1) * size <= n and groups[n - (times + 1) * size : n - times * size] == word:
            times += 1
        if times >= 3 and 2 * times * size > n and any(len(g) == 3 for g in word):
            return True
    return False


def _usual(shapes: list[Shape], n_rows: int) -> dict[int, float]:
    """How usual each count of figures is, in the rows that obey something: a row that obeys nothing has one of the
    counts that the grammar allows it, each as usual as in those or `UNUSUAL`."""
    of_row: dict[int, tuple[float, int]] = {}
    for shape in shapes:
        for r, weighed in shape.weights.items():
            for reading, w, _ in weighed:
                of_row[r] = max(of_row.get(r, (0.0, 0)), (w, len(reading)))
    seen = Counter(k for _, k in of_row.values())
    return {k: max(UNUSUAL, n / n_rows) for k, n in seen.items()}


def settle(rows: Sequence[Row], counts: Sequence[int] | None = None) -> tuple[list[Numbers | None], Counter[int]]:
    """The reading of each row that the row identities of its table leave, or None; and how many rows of each count
    the identities show, rows among them whose own reading small figures leave short of certainty."""
    if counts is None:
        counts = sorted({k for row in rows for k in row.counts if 2 <= k <= 48})
    lists = _listed(rows, counts)
    shapes = joints(lists, len(rows)) + families(lists, len(rows))
    chosen = _undominated(shapes)
    passed = [shape for shape in shapes if shape not in chosen] if _vary(chosen) else []
    repeated = {r for r, row in enumerate(rows) if _repeats(row)}
    fine = [_ends(shape, rows) if shape.free else None for shape in chosen]
    explained = {r for shape in chosen for r in shape.weights}
    nothing = (len(rows) - len(explained) + 1) / (len(rows) + 2)
    usual = _usual(chosen, len(rows))
    answer: list[Numbers | None] = []
    shown: Counter[int] = Counter()
    for r, row in enumerate(rows):
        weight: dict[Numbers, float] = {}
        rival: dict[Numbers, float] = {}
        for shape, ends in zip(chosen, fine, strict=True):
            for reading, w, against in shape.weights.get(r, ()):
                if (ends is None or ends[reading]) and reading not in shape.two:
                    weight[reading] = weight.get(reading, 0.0) + w
                rival[reading] = rival.get(reading, 0.0) + against
        for shape in passed:
            for reading, _, against in shape.weights.get(r, ()):
                rival[reading] = rival.get(reading, 0.0) + against
        # a count with too many readings to list is no rival that can be weighed
        unlisted = any(n > CAP and usual.get(k, 0.0) > UNUSUAL for k, n in row.counts.items())
        if not weight or r in repeated or unlisted:
            answer.append(None)
            continue
        best = max(weight, key=lambda x: weight[x])
        others = sum(w for x, w in rival.items() if x != best)
        rest = others + nothing * min(1.0, sum(usual.get(k, UNUSUAL) for k in row.counts))
        answer.append(best if weight[best] >= CERTAIN * rest else None)
        if others <= weight[best] / 10:
            shown[len(best)] += 1
    return answer, shown
