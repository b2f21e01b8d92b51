"""The readings of flattened rows listed, and which of them meet a sum, by how much luck.

What belongs here: one sum along one row.  What must never stand here: which sums a table calls for (`rowshapes`), what
is read (`rowsums`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.prove.flattened.groups import Numbers, Row

CAP = 9000  # readings listed for one row and count; wider rows are left to the column sums


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
    repeats  the chance that one figure repeats another by luck, where the total is that of one part; 1 elsewhere
    """

    met: tuple[int, ...]
    by_luck: float
    alike: float = 0.0
    repeats: float = 0.0


@dataclass(frozen=True, slots=True)
class Listed:
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


def listings(rows: Sequence[Row], counts: Sequence[int]) -> dict[int, Listed]:
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
        out[k] = Listed(tuple(r for r, _ in found[k]), first, values, sums)
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


def sums_met(listed: Listed, k: int, floor: float) -> list[Sum]:
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
            if gain(1.0 / most[most > 0], rows - int((most > 0).sum())) >= floor:
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


def what_meets(listed: Listed, sums: tuple[Sum, ...]) -> dict[int, Met]:
    """By row, which of its readings meet all the sums at once, and by how much luck."""
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
    return gain(hits[hits > 0], len(said) - len(hits), len(hits))


def gain(by_luck: NDArray[np.float64], misses: int, hits: int | None = None) -> float:
    """The odds of `hits` rows that meet a sum, by luck with the chances `by_luck`, and of those that miss it."""
    hits = len(by_luck) if hits is None else hits
    share = max(0.02, min(0.98, hits / (hits + misses + 1)))
    return float(np.log10(share / by_luck + 1 - share).sum()) + misses * math.log10(1 - share)
