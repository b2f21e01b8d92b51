"""Row identities in flattened rows: "the last number is the sum of the others", and its kin, found by their own weight.

What belongs here: what is left of a row's readings once the identities of its table (`rowshapes`) are weighed.  What
must never stand here: how a reading meets a sum (`rowreadings`), labels, several rows in one sum (`colsums`).

How chance is reckoned.  A hypothesis h says "rows of k numbers whose number t is the sum of the numbers a..b-1".  For
a row, E(h) is the number of its readings that would meet h by luck: each reading with a total T meets it with a chance
of at most 1/max(T, 1), since the parts would have to hit one integer in a range of that order.  The share w(h) of the
table's rows that truly obey h is estimated over the rows (expectation–maximisation, a few rounds).  A reading then
weighs Σ w(h)/E(h) over the hypotheses it meets, against the weight of "none of them": the share of rows that obey
nothing, times how usual the counts of figures are that the grammar allows the row.  Another reading that meets one of
the hypotheses weighs w(h) over its own luck alone, so that luck elsewhere in the row does not make it less of a rival.
A row is read only where one reading outweighs all the others and that remainder by `CERTAIN` to one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.prove.flattened.groups import Numbers, Row
from pipelines.prove.flattened.rowreadings import CAP, listings
from pipelines.prove.flattened.rowshapes import (
    BEYOND,
    EXCEPTIONS,
    OBEYING,
    Shape,
    counts_left,
    families,
    joined_by_naught,
    joints,
)

CERTAIN = 300.0  # odds that a row's reading must reach against everything else together
UNUSUAL = 0.05  # share of rows of a count that no row shows, or few


def _ends(shape: Shape, rows: Sequence[Row], others: Sequence[Shape]) -> tuple[dict[Numbers, bool], bool]:
    """For each reading that the shape weighs, whether the numbers outside its sums could be split in no other way; and
    whether in none of its rows there could be more or fewer of them: else those that can be split in one way only may
    be those with a blank cell, and their count is not that of the columns.

    A sum says nothing of the numbers that it does not reach.  Another count of them is ruled out where at least
    `EXCEPTIONS` of the rows that obey could not have it, of `OBEYING` at least; but not before the sum where as many
    rows have another count of numbers there: some are missing here and there.
    """
    enough = len(shape.weights) >= OBEYING
    missing = len({len(one.reading) for weighed in shape.weights.values() for one in weighed}) > 1
    varies = any(s.head != shape.head and len(set(s.weights) - set(shape.weights)) >= EXCEPTIONS for s in others)
    common = [r in shape.common for r in shape.weights]
    counted = True
    fine: dict[Numbers, bool] = {one.reading: enough for weighed in shape.weights.values() for one in weighed}
    for i in range(len(shape.gaps) + 2):
        ends: dict[tuple[int, Numbers], Row] = {}
        mine = 0
        for r, weighed in shape.weights.items():
            for reading, _, _ in weighed:
                a, b = shape.runs(len(reading))[i]
                mine = b - a
                if mine:
                    spans = rows[r].spans(reading)
                    ends[r, reading] = Row(rows[r].groups[spans[a][0] : spans[b - 1][1]])
        if not mine:
            continue
        runs = [ends[r, shape.best(r)] for r in shape.weights]
        longest = max(len(run.groups) for run in ends.values())
        every = set(range(1, longest + 1))
        left = {n: every if i == 0 and varies else counts_left(runs, mine, n, common) for n in range(1, longest + 1)}
        for (_, reading), run in ends.items():
            fine[reading] &= sum(run.counts.get(c, 0) for c in left[len(run.groups)]) == 1
        counted &= all(not run.counts.get(c) for run in runs for c in left[len(run.groups)] - {mine})
    if not missing:
        return fine, counted
    # 1 999 | 191 450 behind a blank cell is more likely than one figure far beyond all that add up
    greatest = max(n for r in shape.weights for n in shape.reached(shape.best(r)))
    for reading in fine:
        fine[reading] &= all(n <= BEYOND * greatest for n in Counter(reading) - Counter(shape.reached(reading)))
    return fine, counted


def _undominated(shapes: list[Shape], rows: Sequence[Row]) -> list[Shape]:
    """Without the shapes that leave more numbers free than another that explains their rows and others besides."""
    return [
        b
        for b in shapes
        if not any(
            a.free < b.free
            and set(b.weights) < set(a.weights)
            and a.gain > b.gain
            and _enough(a, b, [(r, rows[r]) for r in set(a.weights) - set(b.weights)])
            for a in shapes
        )
    ]


def _enough(a: Shape, b: Shape, others: Sequence[tuple[int, Row]]) -> bool:
    """Whether the rows that only shape a explains speak against b: two do, or one that would have the figures that b
    leaves free if no group began with 0 (`joined_by_naught`)."""
    if len(others) >= EXCEPTIONS or len(a.gaps) != len(b.gaps):
        return len(others) >= EXCEPTIONS
    for r, row in others:
        reading = a.best(r)
        spans = row.spans(reading)
        for (start, stop), free in zip(a.runs(len(reading)), b.free_by_run, strict=True):
            if r in a.common and free > stop - start > 0:
                run = Row(row.groups[spans[start][0] : spans[stop - 1][1]])
                if joined_by_naught(run, free):
                    return True
    return False


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


@dataclass(frozen=True, slots=True)
class Settled:
    """What the row identities of a table leave.

    rows       the reading of each row, or None
    shown      how many rows show each count of columns, rows among them whose own reading small figures leave short of
               certainty
    uncounted  rows with a reading whose count of figures may not be that of the columns
    """

    rows: list[Numbers | None]
    shown: Counter[int]
    uncounted: frozenset[int]


def settle(rows: Sequence[Row], counts: Sequence[int] | None = None) -> Settled:
    """What the row identities of a table leave of the readings of its rows.  Deterministic."""
    if counts is None:
        counts = sorted({k for row in rows for k in row.counts if 2 <= k <= 48})
    lists = listings(rows, counts)
    chosen = _undominated(joints(lists, len(rows)) + families(lists, len(rows)), rows)
    repeated = {r for r, row in enumerate(rows) if _repeats(row)}
    fine = [_ends(shape, rows, chosen) if shape.free else None for shape in chosen]
    explained = {r for shape in chosen for r in shape.weights}
    nothing = (len(rows) - len(explained) + 1) / (len(rows) + 2)
    usual = _usual(chosen, len(rows))
    answer: list[Numbers | None] = []
    shown: Counter[int] = Counter()
    uncounted: set[int] = set()
    for r, row in enumerate(rows):
        counted: set[Numbers] = set()
        weight: dict[Numbers, float] = {}
        rival: dict[Numbers, float] = {}
        for shape, ends in zip(chosen, fine, strict=True):
            for reading, w, against in shape.weights.get(r, ()):
                if (ends is None or ends[0][reading]) and reading not in shape.two:
                    weight[reading] = weight.get(reading, 0.0) + w
                    counted |= {reading} if ends is None or ends[1] else set()
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
        if best not in counted:
            uncounted.add(r)
        elif others <= weight[best] / 10:
            shown[len(best)] += 1
    return Settled(answer, shown, frozenset(uncounted))
