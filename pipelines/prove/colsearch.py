"""Which rows of a flattened table are sums of which others, and what that leaves of their readings.

What belongs here: trying blocks and pairs of rows, reckoning the chance that a sum is met by luck, and choosing the
number of columns by the sums that hold.  What must never stand here: the search within one sum (`colsums`), labels.

What is tried: a row against every contiguous block of rows above it or below it (all rows; then only the rows that no
accepted sum uses as a part; then only the rows that are no total), and against every pair of rows nearby (which also
finds differences: a − b = c is a = b + c).  The last three digits of a row's last number are certain whatever the
split, since a group of three digits is never broken; they rule out all but one in a thousand of these at once.

Chance.  A sum that holds for one of `joint` readings in columns with totals T₁ … T_k would do so by luck with a
probability of at most joint / Π max(1, T_j), times the number of sums tried.  Only a sum below `LUCK` is accepted.

The number of columns.  A sum accepted with k columns and impossible with k′ rules k′ out, unless luck below `LUCK` is
at work.  Between counts that stand equal, rows that cannot have k′ numbers speak against k′.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipelines.prove.colsums import Lane, lane, paths, solve
from pipelines.prove.groups import Numbers, Row

LUCK = -4.0  # log10 of the chance, all trials counted, below which a sum is no luck
NEAR = 8  # rows within which pairs are tried
MAX_SOLVES = 4000  # per number of columns


@dataclass(frozen=True, slots=True)
class ColumnSum:
    """Row `total` is the sum of rows `parts` in each of `k` columns; `luck` is log10 of the chance reckoned."""

    k: int
    total: int
    parts: tuple[int, ...]
    luck: float


@dataclass
class Outcome:
    """What one number of columns gives: the sums accepted, and the graph that they leave of each row."""

    k: int
    lanes: dict[int, Lane]
    sums: list[ColumnSum] = field(default_factory=list)
    solves: int = 0

    def readings(self) -> dict[int, Numbers]:
        """The rows that a sum reaches and that have one reading left."""
        reached = {r for s in self.sums for r in (s.total, *s.parts)}
        return {
            r: tuple(layer[0][2] for layer in self.lanes[r])
            for r in reached
            if all(len(layer) == 1 for layer in self.lanes[r])
        }


def search(rows: Sequence[Row], k: int, known: dict[int, Numbers] | None = None) -> Outcome:
    """All sums that hold with k columns.  `known` fixes the readings of rows settled otherwise."""
    lanes: dict[int, Lane] = {}
    for r, row in enumerate(rows):
        fixed = (known or {}).get(r)
        if fixed is not None and len(fixed) != k:
            continue
        one = lane(row, k)
        if one is not None and fixed is not None:
            one = _only(one, {fixed})
        if one is not None:
            lanes[r] = one
    out = Outcome(k, lanes)
    tail = {r: int(rows[r].groups[-1]) % 1000 for r in lanes}
    order = sorted(lanes)
    seen: set[tuple[int, frozenset[int]]] = set()
    for _ in range(4):
        before = (len(out.sums), sum(paths(x) for x in lanes.values()))
        parts = {r for s in out.sums for r in s.parts}
        totals = {s.total for s in out.sums}
        sequences = [order, [r for r in order if r not in parts], [r for r in order if r not in totals]]
        trials: list[tuple[int, tuple[int, ...]]] = []
        tried = 0
        for sequence in sequences:
            for total, block in _blocks(sequence, order):
                tried += 1
                if sum(tail[r] for r in block) % 1000 == tail[total]:
                    trials.append((total, block))
        for total, block in dict.fromkeys(trials):
            if (total, frozenset(block)) in seen or out.solves >= MAX_SOLVES:
                continue
            _try(out, rows, total, block, tried)
            if any(s.total == total and s.parts == block for s in out.sums):
                seen.add((total, frozenset(block)))
        if (len(out.sums), sum(paths(x) for x in lanes.values())) == before:
            break
    return out


def _blocks(sequence: Sequence[int], order: Sequence[int]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """(total, parts) of every contiguous block beside a row, and of every pair of rows near it."""
    for total in order:
        above = [r for r in sequence if r < total]
        below = [r for r in sequence if r > total]
        for size in range(2, len(above) + 1):
            yield total, tuple(above[-size:])
        for size in range(2, len(below) + 1):
            yield total, tuple(below[:size])
        if sequence is order or len(sequence) == len(order):
            near = [r for r in order if r != total and abs(r - total) <= NEAR]
            for i, a in enumerate(near):
                for b in near[i + 1 :]:
                    yield total, (a, b)


def _try(out: Outcome, rows: Sequence[Row], total: int, block: tuple[int, ...], tried: int) -> None:
    """Solve one sum; if it holds and is no luck, accept it and narrow the rows to what its solutions use."""
    members = (total, *block)
    out.solves += 1
    solved = solve([out.lanes[r] for r in members], [len(rows[r].groups) for r in members], 0)
    if not solved.solutions:
        return
    weight = min(sum(math.log10(max(1, v)) for v in s[0]) for s in solved.solutions)
    luck = math.log10(max(1.0, solved.joint)) - weight + math.log10(max(1, tried))
    if luck > LUCK or not all(any(v for v in s[0]) for s in solved.solutions):
        return
    out.sums.append(ColumnSum(out.k, total, block, luck))
    if solved.complete:
        for i, r in enumerate(members):
            narrowed = _only(out.lanes[r], {s[i] for s in solved.solutions})
            if narrowed is not None:
                out.lanes[r] = narrowed


def _only(one: Lane, readings: set[Numbers]) -> Lane | None:
    """The lane cut down to the arcs that the given readings use; None where a reading does not lie in it."""
    kept: list[set[tuple[int, int, int]]] = [set() for _ in one]
    for reading in readings:
        found = _walk(one, reading)
        if found is None:
            return None
        for j, arc in enumerate(found):
            kept[j].add(arc)
    return tuple(tuple(sorted(layer)) for layer in kept)


def _walk(one: Lane, reading: Numbers) -> list[tuple[int, int, int]] | None:
    """The arcs along which a lane spells a reading."""
    trails: list[list[tuple[int, int, int]]] = [[a] for a in one[0] if a[2] == reading[0]]
    for layer, value in zip(one[1:], reading[1:], strict=True):
        trails = [[*t, a] for t in trails for a in layer if a[2] == value and a[0] == t[-1][1]]
    return trails[0] if trails else None
