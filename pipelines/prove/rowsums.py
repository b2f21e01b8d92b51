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
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.prove.groups import Numbers, Row

CERTAIN = 2000.0  # odds that a row's reading must reach against everything else together
CAP = 6000  # readings listed for one row and count; wider rows are left to the column sums
EXCEPTIONS = 2  # rows that must speak against another count before it is ruled out
SCREEN = 2.5  # log10 of the odds, beyond the number of hypotheses tried, that lets one into the table's model


@dataclass(frozen=True, slots=True)
class Sum:
    """Number `total` of a row is the sum of its numbers start..stop-1 (two or more, next to it)."""

    total: int
    start: int
    stop: int

    def covers(self) -> set[int]:
        return {self.total, *range(self.start, self.stop)}


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
    """What a hypothesis says of one row: the indexes of readings that meet it, and how many would by luck."""

    met: tuple[int, ...]
    by_luck: float


@dataclass(frozen=True, slots=True)
class _Listed:
    """The readings of one row with k numbers, as arrays: values and running sums."""

    readings: list[Numbers]
    values: NDArray[np.float64]
    sums: NDArray[np.float64]

    def meets(self, s: Sum) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
        """Which readings meet the sum, and the chance of each to meet it by luck (0 where the orders differ)."""
        total, parts = self.values[:, s.total], self.sums[:, s.stop] - self.sums[:, s.start]
        near = (parts <= 2 * total) & (total <= 2 * parts)
        return parts == total, np.where(near, 1.0 / np.maximum(total, 1.0), 0.0)


def _listed(readings: list[Numbers] | None) -> _Listed | None:
    if not readings:
        return None
    values = np.array(readings, dtype=np.float64)
    return _Listed(readings, values, np.concatenate([np.zeros((len(values), 1)), np.cumsum(values, axis=1)], axis=1))


def _sums(k: int) -> list[Sum]:
    """Every sum of a contiguous block of two numbers or more that touches the total on its left or right."""
    left = [Sum(t, a, t) for t in range(k) for a in range(t - 1)]
    return left + [Sum(t, t + 1, b) for t in range(k) for b in range(t + 3, k + 1)]


def _said(rows: dict[int, _Listed], sums: tuple[Sum, ...]) -> dict[int, Met]:
    out = {}
    for r, listed in rows.items():
        hit = np.ones(len(listed.readings), dtype=bool)
        luck = np.ones(len(listed.readings))
        for s in sums:
            one, chance = listed.meets(s)
            hit &= one
            luck *= chance
        out[r] = Met(tuple(int(i) for i in np.flatnonzero(hit)), float(luck.sum()))
    return out


def odds(said: dict[int, Met]) -> float:
    """log10 of the likelihood ratio "a share of the rows obeys" : "all hits are luck", at the best share."""
    hits = [min(1.0, m.by_luck) for m in said.values() if m.met]
    misses = [m for m in said.values() if not m.met]
    share = max(0.02, min(0.98, len(hits) / (len(said) + 1)))
    return sum(math.log10(share / p + 1 - share) for p in hits if p > 0) + len(misses) * math.log10(1 - share)


@dataclass(frozen=True, slots=True)
class Shape:
    """A hypothesis that the table's rows call for: what it says of each row, and the share of rows that obey it."""

    hypothesis: Hypothesis
    said: dict[int, Met]
    share: float


def shapes(lists: dict[int, dict[int, _Listed]], rows: Sequence[Row]) -> list[Shape]:
    """The hypotheses that the rows call for, the best first.

    For each count, the sums that the rows call for one by one are joined as long as the rows that meet the first
    meet the joint too.  One that leaves a run of numbers free counts only where no other count of that run would
    do for the same rows (`_settled`): a sum says nothing of the numbers that it does not reach.
    """
    found: list[tuple[float, Hypothesis, dict[int, Met]]] = []
    for k, listed in lists.items():
        ranked = []
        options = _sums(k)
        floor = SCREEN + math.log10(max(1, len(options)))
        for s in options:
            said = _said(listed, (s,))
            if sum(1 for m in said.values() if m.met) and (gain := odds(said)) >= floor:
                ranked.append((gain, s, said))
        ranked.sort(key=lambda x: -x[0])
        if not ranked:
            continue
        joint, said = (ranked[0][1],), ranked[0][2]
        for _, s, _ in ranked[1:12]:
            more = _said(listed, (*joint, s))
            if sum(1 for m in more.values() if m.met) >= 0.8 * sum(1 for m in said.values() if m.met):
                joint, said = (*joint, s), more
        found.append((odds(said), Hypothesis(k, joint), said))
    found.sort(key=lambda x: -x[0])
    out: list[Shape] = []
    for _gain, h, said in found:
        hits = [r for r, m in said.items() if m.met]
        if h.free() and not _settled(h, said, rows, lists[h.k]):
            continue
        out.append(Shape(h, said, min(0.98, (len(hits) + 0.5) / (len(rows) + 1))))
    return out


def _settled(h: Hypothesis, said: dict[int, Met], rows: Sequence[Row], listed: dict[int, _Listed]) -> bool:
    """Whether the free numbers stand at one end and only `h` 's count of them does for the rows that meet it."""
    free = h.free()
    head = free == tuple(range(len(free)))
    if not head and free != tuple(range(h.k - len(free), h.k)):
        return False
    against: dict[int, int] = {}
    n = 0
    for r, met in said.items():
        if not met.met:
            continue
        n += 1
        reading = listed[r].readings[met.met[0]]
        part = "".join(str(v) for v in (reading[: len(free)] if head else reading[-len(free) :]))
        groups, size = rows[r].groups, 0
        run = []
        for g in groups if head else reversed(groups):
            if size >= len(part):
                break
            run.append(g)
            size += len(g)
        ways = Row(tuple(run if head else reversed(run))).counts
        for c in range(1, len(groups) + 1):
            if c != len(free) and not ways.get(c):
                against[c] = against.get(c, 0) + 1
    return all(
        against.get(c, 0) >= EXCEPTIONS for c in range(1, max(len(r.groups) for r in rows) + 1) if c != len(free)
    )


def settle(rows: Sequence[Row], counts: Sequence[int] | None = None) -> list[Numbers | None]:
    """The reading of each row that the row identities of its table leave, or None."""
    if counts is None:
        counts = sorted({k for row in rows for k in row.counts if 3 <= k <= 48})
    lists: dict[int, dict[int, _Listed]] = {}
    for k in counts:
        for r, row in enumerate(rows):
            one = _listed(row.readings(k, CAP))
            if one is not None:
                lists.setdefault(k, {})[r] = one
    chosen = shapes(lists, rows)
    explained = sum(1 for r in range(len(rows)) if any(r in s.said and s.said[r].met for s in chosen))
    nothing = (len(rows) - explained + 1) / (len(rows) + 2)
    answer: list[Numbers | None] = []
    for r in range(len(rows)):
        weight: dict[Numbers, float] = {}
        for shape in chosen:
            met = shape.said.get(r)
            if met is not None:
                for i in met.met:
                    reading = lists[shape.hypothesis.k][r].readings[i]
                    weight[reading] = weight.get(reading, 0.0) + shape.share / max(met.by_luck, 1e-30)
        if not weight:
            answer.append(None)
            continue
        best = max(weight, key=lambda x: weight[x])
        rest = sum(weight.values()) - weight[best] + nothing
        answer.append(best if weight[best] >= CERTAIN * rest else None)
    return answer
