"""Averages, shares, changes in per cent and differences along flattened rows: "the last number is the change of two
others, in per cent", found by their own weight.

What belongs here: candidate quotients between the numbers of one row, how often they would be met by luck, what of a
row's readings is left, and how much a reading that meets them weighs.  What must never stand here: labels, sums
(`rowsums`), several rows in one quotient (`lineratios`), widths.

Chance is reckoned as in `rowsums`: E is the number of a row's readings that would meet the quotients by luck (`ratios`
says with what chance each), the share w of rows that truly obey is estimated, a reading that meets them weighs w / E.
A change of 3 % says little, so the rows of a table are mostly not read by it alone; but all together they show how
many numbers the rows have, and each row's reading weighs more against others of its widths (`likely`).

What a quotient leaves open.  936 412 / 910 105 and 936 / 910 give the same per cent, so that two figures may be split
at once, an amount beside each number.  Every way to take other groups for one, two or all three of the figures of a
row, so that they meet the same, is such a rival.  Where fewer than `EXCEPTIONS` of the rows that obey have no rival of
that kind, or by luck, all rows that have one are in doubt; else only their own readings are left to more evidence:
widths, which weigh all readings that hold the rival's three figures as so many times likelier too (`likely`).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import permutations, product

import numpy as np
from numpy.typing import NDArray

from pipelines.prove.flattened.groups import Numbers, Row
from pipelines.prove.flattened.ratios import CERTAIN, Borne, Floats, Kind, Span, chance, expected, meets
from pipelines.prove.flattened.rowshapes import BEYOND, EXCEPTIONS, SCREEN, counts_left

WIDEST = 8  # numbers of a row
CAP = 2000  # readings listed for one row and count
SAMPLED, SAMPLED_READINGS = 24, 64  # rows, of so many readings at most, by which a quotient is looked for
FEWEST = 4  # rows that must meet a quotient
CALLED = 0.2  # chance below which a row that meets it shows the count of columns

Moved = tuple[tuple[int, int], ...]  # how the two ends of each of three figures are moved: -1, 0, 1


@dataclass(frozen=True, slots=True)
class Ratio:
    """Number `at` of a row is `kind` of its numbers `of` and `by`."""

    kind: Kind
    of: int
    by: int
    at: int

    def covers(self) -> set[int]:
        return {self.of, self.by, self.at}

    def met(self, numbers: Numbers) -> bool:
        return meets(self.kind, numbers[self.of], numbers[self.by], numbers[self.at])

    def luck(self, numbers: Numbers) -> float:
        return chance(self.kind, numbers[self.of], numbers[self.by], numbers[self.at])


@dataclass(frozen=True, slots=True)
class Along:
    """What quotients along the rows say.

    read   the reading of each row that they decide alone
    borne  of each row the one reading that meets them, and how many times likelier it is, since it does
    shown  how many rows show each count of columns
    """

    read: dict[int, Numbers]
    borne: dict[int, Borne]
    shown: Counter[int]


@dataclass(frozen=True, slots=True)
class _Listed:
    """The readings of some rows with k numbers, one below the other; those of rows[i] are first[i]..first[i + 1]."""

    rows: tuple[int, ...]
    first: NDArray[np.intp]
    values: Floats


@dataclass(slots=True)
class _Shape:
    """Quotients that the rows call for, all met at once, and what they make of each row.

    met     per row its readings that meet them, each with the chance that this happens by luck
    loose   rows with a rival reading, and the spans of the three figures of each;  open  those of them whose rival no
            other row speaks against
    """

    k: int
    ratios: tuple[Ratio, ...]
    gain: float
    share: float
    met: dict[int, list[tuple[Numbers, float]]]
    loose: dict[int, set[tuple[Span, Span, Span]]] = field(default_factory=dict)
    open: set[int] = field(default_factory=set)

    def runs(self) -> list[Span]:
        """(start, stop) of the runs of numbers that no quotient reaches."""
        reached = sorted(set().union(*(x.covers() for x in self.ratios)))
        ends = zip((-1, *reached), (*reached, self.k), strict=True)
        return [(a + 1, b) for a, b in ends if b > a + 1]


def along(rows: Sequence[Row]) -> Along:
    """What the averages, shares, changes and differences along the rows say.  Deterministic and bounded."""
    distinct: dict[tuple[str, ...], int] = {}
    for r, row in enumerate(rows):
        distinct.setdefault(row.groups, r)
    held = {r: rows[r] for r in distinct.values() if rows[r].counts}
    counts = [k for k in range(3, WIDEST + 1) if sum(1 for row in held.values() if row.counts.get(k)) >= FEWEST]
    floor = SCREEN + math.log10(max(1, sum(len(_ratios(k)) for k in counts)))
    shapes = [s for k in counts if (s := _shape(held, k, floor)) is not None]
    shapes = [b for b in shapes if not any(_dominates(a, b) for a in shapes if a is not b)]
    for shape in shapes:
        _doubt(shape, held)
    said = _weigh(shapes, held)
    again = {r: first for r, row in enumerate(rows) if (first := distinct[row.groups]) != r}
    return Along(
        said.read | {r: said.read[f] for r, f in again.items() if f in said.read},
        said.borne | {r: said.borne[f] for r, f in again.items() if f in said.borne},
        said.shown,
    )


def _ratios(k: int) -> list[Ratio]:
    """All quotients between k numbers, without the differences that `rowsums` knows as sums of two neighbours."""
    out = []
    for of, by, at in permutations(range(k), 3):
        out += [Ratio(kind, of, by, at) for kind in Kind if kind is not Kind.DIFFERENCE]
        if by < at and not (max(of, by, at) - min(of, by, at) == 2 and of in (min(by, at) - 1, max(by, at) + 1)):
            out.append(Ratio(Kind.DIFFERENCE, of, by, at))
    return out


def _shape(held: dict[int, Row], k: int, floor: float) -> _Shape | None:
    """The quotients with k numbers that most rows call for, joined as long as the same rows meet them all."""
    ways = {r: n for r, row in held.items() if 0 < (n := row.counts.get(k, 0)) <= CAP}
    few = sorted((r for r, n in ways.items() if n <= SAMPLED_READINGS), key=lambda r: ways[r])
    if len(few) < FEWEST:
        return None
    candidates = _candidates(_listed({r: held[r].readings(k) or [] for r in sorted(few[:SAMPLED])}), k)
    lists = {r: held[r].readings(k) or [] for r in ways} if candidates else {}
    ranked = []
    for ratio in candidates:
        found = _met(lists, (ratio,), len(held))
        if found.gain >= floor:
            ranked.append(found)
    ranked.sort(key=lambda s: -s.gain)
    if not ranked:
        return None
    best = ranked[0]
    for other in ranked[1:16]:
        one = other.ratios[0]
        if one.at in set().union(*(x.covers() for x in best.ratios)):
            continue
        more = _met(lists, (*best.ratios, one), len(held))
        if len(more.met) >= 0.8 * len(best.met):
            best = more
    return best


def _listed(lists: dict[int, list[Numbers]]) -> _Listed:
    first = np.cumsum([0, *[len(found) for found in lists.values()]])
    return _Listed(tuple(lists), first, np.array([n for found in lists.values() for n in found], dtype=np.float64))


def _candidates(listed: _Listed, k: int) -> list[Ratio]:
    """The quotients that `FEWEST` rows of the sample meet, and a third of them."""
    wanted = max(FEWEST, len(listed.rows) // 3)
    columns = [listed.values[:, j] for j in range(k)]
    out = []
    known = set(_ratios(k))
    for of, by in permutations(range(k), 2):
        for kind in Kind:
            should = expected(kind, columns[of], columns[by])
            slack = 0.0 if kind is Kind.DIFFERENCE else 0.5 + 1e-9
            hits = np.abs(listed.values - should[:, None]) <= slack + np.abs(should[:, None]) * 1e-15
            by_row = np.logical_or.reduceat(hits, listed.first[:-1], axis=0).sum(axis=0)
            out += [
                ratio for at in np.flatnonzero(by_row >= wanted).tolist() if (ratio := Ratio(kind, of, by, at)) in known
            ]
    return out


def _met(lists: dict[int, list[Numbers]], ratios: tuple[Ratio, ...], n_rows: int) -> _Shape:
    """The rows that meet all of the quotients, and the odds that they do so by more than luck (log10)."""
    met: dict[int, list[tuple[Numbers, float]]] = {}
    for r, found in lists.items():
        hits = [n for n in found if all(x.met(n) for x in ratios)]
        if hits:
            luck = sum(math.prod(_luck(x, n) for x in ratios) for n in found)
            met[r] = [(n, min(1.0, max(luck, math.prod(x.luck(n) for x in ratios)))) for n in hits]
    # what is printed again and again is met more often: a rate of 2 in every row
    printed = Counter(tuple(n[x.at] for x in ratios) for said in met.values() for n, _ in said)
    for r, weighed in met.items():
        often = [(printed[tuple(n[x.at] for x in ratios)] - 1) / len(met) for n, _ in weighed]
        met[r] = [(n, max(luck, more)) for (n, luck), more in zip(weighed, often, strict=True)]
    share = max(0.02, min(0.98, len(met) / (n_rows + 1)))
    gain = sum(math.log10(share / max(luck for _, luck in said) + 1 - share) for said in met.values())
    gain += (n_rows - len(met)) * math.log10(1 - share)
    return _Shape(len(next(iter(lists.values()))[0]), ratios, gain, share, met)


def _luck(x: Ratio, numbers: Numbers) -> float:
    """The chance that a reading meets the quotient by luck: 0 where its orders are others."""
    a, b, t = numbers[x.of], numbers[x.by], numbers[x.at]
    if b == 0 and x.kind is not Kind.DIFFERENCE:
        return 0.0
    should = a - b if x.kind is Kind.DIFFERENCE else (x.kind.scale * (a - b if x.kind is Kind.CHANGE else a)) / b
    near = should >= 0 and (abs(should - t) <= 1 or (should <= 2 * t and t <= 2 * should))
    return 1 / max(1.0, float(t)) if near else 0.0


def _dominates(a: _Shape, b: _Shape) -> bool:
    """Whether a explains all rows of b and, beyond luck, `EXCEPTIONS` others."""
    return set(b.met) < set(a.met) and _against(a, set(a.met) - set(b.met))


def _against(shape: _Shape, exceptions: set[int]) -> bool:
    """Whether these rows, which obey the shape and not its rival, are enough to rule the rival out."""
    beyond = -sum(math.log10(max(luck for _, luck in shape.met[r])) for r in exceptions)
    return len(exceptions) >= EXCEPTIONS and beyond >= math.log10(CERTAIN)


def _doubt(shape: _Shape, held: dict[int, Row]) -> None:
    """Find the rivals of the readings that meet the shape, and the rows whose rivals nothing rules out."""
    rivals: dict[tuple[int, Moved], set[int]] = {}
    for r, hits in shape.met.items():
        for numbers, _ in hits:
            for i, ratio in enumerate(shape.ratios):
                for moved, spans in _rivals(held[r], numbers, ratio):
                    rivals.setdefault((i, moved), set()).add(r)
                    shape.loose.setdefault(r, set()).add(spans)
    for having in rivals.values():
        if not _against(shape, set(shape.met) - having):
            shape.open |= having


def _rivals(row: Row, numbers: Numbers, ratio: Ratio) -> set[tuple[Moved, tuple[Span, Span, Span]]]:
    """How the ends of the three figures can be moved, in a reading with any count, so that they meet the same, and
    where they then stand."""
    spans = row.spans(numbers)
    reach = _reach(row)
    three = (ratio.of, ratio.by, ratio.at)
    order = sorted(range(3), key=lambda i: three[i])
    arcs = [
        [(p, q, v) for p in range(len(row.groups)) for q, v in row.arcs[p] if p < spans[j][1] and q > spans[j][0]]
        for j in three
    ]
    out: set[tuple[Moved, tuple[Span, Span, Span]]] = set()
    for a, b, t in product(*arcs):
        if not meets(ratio.kind, a[2], b[2], t[2]):
            continue
        moved = tuple(
            (_sign(x[0] - spans[j][0]), _sign(x[1] - spans[j][1])) for x, j in zip((a, b, t), three, strict=True)
        )
        if all(m == (0, 0) for m in moved):
            continue
        placed = [(a, b, t)[i] for i in order]
        ends = [0, *[e for p, q, _ in placed for e in (p, q)], len(row.groups)]
        if all(q in reach[p] for p, q in zip(ends[::2], ends[1::2], strict=True)):
            out.add((moved, (a[:2], b[:2], t[:2])))
    return out


def _sign(v: int) -> int:
    return (v > 0) - (v < 0)


def _reach(row: Row) -> list[set[int]]:
    """By position, where readings of the groups from there on can stand at the end of a number."""
    n = len(row.groups)
    out: list[set[int]] = [set() for _ in range(n + 1)]
    for p in range(n, -1, -1):
        out[p] = {p}.union(*(out[q] for q, _ in row.arcs[p])) if p < n else {n}
    return out


def _weigh(shapes: list[_Shape], held: dict[int, Row]) -> Along:
    read: dict[int, Numbers] = {}
    borne: dict[int, Borne] = {}
    shown: Counter[int] = Counter()
    explained = {r for s in shapes for r in s.met}
    nothing = (len(held) - len(explained) + 1) / (len(held) + 2)
    whole = {id(s): _ends(s, held) for s in shapes}
    for r in explained:
        weight: dict[Numbers, float] = {}
        for s in shapes:
            for numbers, luck in s.met.get(r, ()):
                weight[numbers] = weight.get(numbers, 0.0) + s.share / max(luck, 1e-30)
        best = max(weight, key=lambda n: weight[n])
        rest = sum(w for n, w in weight.items() if n != best)
        mine = [s for s in shapes if any(n == best for n, _ in s.met.get(r, ()))]
        luck = min(luck for s in mine for n, luck in s.met[r] if n == best)
        share = max(s.share for s in mine)
        if any(r in s.open for s in mine):
            continue
        fixed, counted = whole[id(mine[0])].get(r, (False, False))
        if counted and luck <= CALLED and rest <= weight[best] / 10:
            shown[len(best)] += 1
        if len(weight) > 1:
            continue
        rivals = frozenset(spans for s in mine for spans in s.loose.get(r, ()))
        borne[r] = Borne(best, share / luck + 1 - share, rivals)
        if fixed and not rivals and weight[best] >= CERTAIN * nothing:
            read[r] = best
    return Along(read, borne, shown)


def _ends(shape: _Shape, held: dict[int, Row]) -> dict[int, tuple[bool, bool]]:
    """By row: whether the numbers that no quotient reaches could be split in no other way, and into no other count.

    Another count is ruled out where `EXCEPTIONS` of the rows that obey could not have it.
    """
    out = dict.fromkeys(shape.met, (True, True))
    for a, b in shape.runs():
        runs: dict[int, Row] = {}
        for r, hits in shape.met.items():
            spans = held[r].spans(hits[0][0])
            runs[r] = Row(held[r].groups[spans[a][0] : spans[b - 1][1]])
        lengths = {len(run.groups) for run in runs.values()}
        possible = {n: counts_left(list(runs.values()), b - a, n) for n in lengths}
        for r, run in runs.items():
            ways = {c: run.counts[c] for c in possible[len(run.groups)] if run.counts.get(c)}
            fixed, counted = out[r]
            out[r] = fixed and sum(ways.values()) == 1, counted and set(ways) == {b - a}
    reached = {i for x in shape.ratios for i in (x.of, x.by, x.at)}
    greatest = max(hits[0][0][i] for hits in shape.met.values() for i in reached)
    for r, hits in shape.met.items():
        # 310 212 | 296 885 beside a blank cell is more likely than one figure far beyond all that the quotient reaches
        if any(n > BEYOND * greatest for i, n in enumerate(hits[0][0]) if i not in reached):
            out[r] = False, False
    return out
