"""Which rows of a flattened table are sums of which others, and what that leaves of their readings.

What belongs here: trying blocks and pairs of rows, reckoning the chance that a sum is met by luck, and choosing the
number of columns by the sums that hold.  What must never stand here: the search within one sum (`colsums`), labels.

What is tried: a row against every contiguous block of rows above it or below it, and against every pair of rows nearby
(which also finds differences: a − b = c is a = b + c).  Blocks are taken among all rows; among those that no accepted
sum uses as a part; those that are no total; those labelled totals; every second or third row.  The last three digits
of a row's last number are certain whatever the split, since a group of three digits is never broken; they rule out all
but one in a thousand of these at once.

Chance.  A sum that holds for one of `joint` readings in columns with totals T₁ … T_k would do so by luck with a
probability of at most joint / Π max(1, T_j), times the number of sums tried.  Only a sum below `LUCK` is accepted.

The number of columns.  A sum accepted with k columns and impossible with k′ rules k′ out, unless luck below `LUCK` is
at work.  Between counts that stand equal, rows that cannot have k′ numbers speak against k′.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipelines.prove.flattened.blocks import Blocks
from pipelines.prove.flattened.borders import ALL_STEPS, Backward, Meter, backward, sweep
from pipelines.prove.flattened.colsums import Lane, fixed, lane, numbers, paths, propagate, solve, trim
from pipelines.prove.flattened.groups import Numbers, Row

SURE = -8.0  # log10 of the chance below which a sum cannot fail to be accepted with another count but by not holding
LUCK = -4.0  # log10 of the chance, all trials counted, below which a sum is no luck
FAR = 40  # rows beside a total that are tried as its parts where blank cells or an odd column are granted
STEPS = (2, 3)  # measures that may take turns down the rows (number, amount; number, amount, average)
# Bounds on the work for one number of columns: sums solved, and arcs looked at (a deterministic budget, not a clock).
MAX_SOLVES = {"PLAIN": 4000, "STUB": 600, "PARTIAL": 600, "BLANKS": 120}
MAX_NODES = {"PLAIN": 300, "STUB": 600, "PARTIAL": 300, "BLANKS": 150}
MAX_ARCS = {"PLAIN": 1_500_000, "STUB": 150_000, "PARTIAL": 150_000, "BLANKS": 150_000}


class Mode(StrEnum):
    """What is granted to the rows beyond the plain case; each is tried only where the ones before it gave nothing."""

    PLAIN = "every cell filled, every column adds up"
    STUB = "a number at the head of a row may be its label"
    PARTIAL = "one column need not add up"
    BLANKS = "cells may be blank"


@dataclass(frozen=True, slots=True)
class ColumnSum:
    """Row `total` is the sum of rows `parts` in each of `k` columns (but `skip`); `luck` is log10 of the chance."""

    k: int
    total: int
    parts: tuple[int, ...]
    luck: float
    skip: frozenset[int] = frozenset()


@dataclass
class Sweeps:
    """The sweeps over all numbers of columns that were made for a table, each made once."""

    rows: list[Backward | None]
    done: dict[tuple[int, ...], dict[int, list[Lane]] | None] = field(default_factory=dict)
    budget: Meter = field(default_factory=lambda: Meter(ALL_STEPS))

    def of(self, members: tuple[int, ...]) -> dict[int, list[Lane]] | None:
        """By number of columns what the solutions leave of the members, the total first; None where not known."""
        if members not in self.done:
            rows = [self.rows[r] for r in members]
            self.done[members] = sweep([row for row in rows if row is not None], self.budget) if all(rows) else {}
        return self.done[members]


def sweeps(rows: Sequence[Row], known: dict[int, Numbers], mode: Mode) -> Sweeps:
    """Sweeps to be shared by the searches of one table with the same rows, known readings and mode."""
    return Sweeps([backward(with_stub(row) if mode is Mode.STUB else row, known.get(r)) for r, row in enumerate(rows)])


class Lanes(dict[int, Lane]):
    """The graphs of a table's rows in k columns, by row, each made when it is first asked for."""

    def __init__(self, rows: list[Row], k: int, known: dict[int, Numbers], mode: Mode) -> None:
        super().__init__()
        self.rows, self.k, self.known, self.blanks = rows, k, known, mode is Mode.BLANKS

    def possible(self) -> list[int]:
        """The rows that have a graph, in order."""
        return [r for r in range(len(self.rows)) if self._may(r) and (r not in self.known or self._make(r) is not None)]

    def __missing__(self, r: int) -> Lane:
        one = self._make(r)
        if one is None:
            raise KeyError(r)
        self[r] = one
        return one

    def _may(self, r: int) -> bool:
        counts = self.rows[r].counts
        return min(counts, default=self.k + 1) <= self.k if self.blanks else bool(counts.get(self.k))

    def _make(self, r: int) -> Lane | None:
        one = lane(self.rows[r], self.k, self.blanks)
        return one if one is None or r not in self.known else fixed(one, self.rows[r], self.known[r])


@dataclass
class Outcome:
    """What one number of columns gives: the sums accepted, and the graph that they leave of each row."""

    k: int
    mode: Mode
    rows: list[Row]
    lanes: Lanes
    sweeps: Sweeps
    sums: list[ColumnSum] = field(default_factory=list)
    solves: int = 0
    work: int = 0
    changes: int = 0
    narrowed: set[int] = field(default_factory=set)
    bounds: NDArray[np.float64] | None = None
    bounded: dict[int, Lane] = field(default_factory=dict)

    def unmet(self, total: int, block: tuple[int, ...]) -> list[int]:
        """The columns in which the least and the most that the rows allow show already that the sum cannot hold."""
        if self.bounds is None:
            self.bounds = np.zeros((len(self.rows), 2, self.k))
        for r in (total, *block):
            one = self.lanes[r]
            if self.bounded.get(r) is not one:
                values = [[a[2] for a in layer] for layer in one]
                self.bounds[r] = [[min(v) for v in values], [max(v) for v in values]]
                self.bounded[r] = one
        whole, parts = self.bounds[total], self.bounds[list(block)].sum(axis=0)
        # floats: figures beyond 2^53 are rounded
        missed = (parts[0] > whole[1] * (1 + 1e-9)) | (whole[0] > parts[1] * (1 + 1e-9))
        return [int(j) for j in np.flatnonzero(missed)]

    def reached(self) -> set[int]:
        return {r for s in self.sums for r in (s.total, *s.parts)}

    def readings(self) -> dict[int, Numbers]:
        """The rows that a sum reaches and that have one reading left (wherever their blank cells stand)."""
        out = {}
        for r in self.reached():
            left = spelled(self.lanes[r], self.rows[r])
            if left is not None:
                out[r] = left
        return out


def spelled(one: Lane, row: Row) -> Numbers | None:
    """The one list of numbers that every path of a lane spells, or None."""
    if paths(one) == 1:
        return numbers(tuple(layer[0] for layer in one), row)
    spans = {(p, q) for layer in one for p, q, _ in layer if q > p}
    starts = {p for p, _, _ in one[0]}
    if len(starts) > 1:
        return None
    chain = sorted(spans)  # one chain of spans without overlap: only the blanks are open
    if any(a[1] != b[0] for a, b in pairwise(chain)):
        return None
    stub = (int("".join(row.groups[: min(starts)])),) if min(starts) else ()
    return stub + tuple(int("".join(row.groups[p:q])) for p, q in chain)


def search(
    rows: Sequence[Row],
    k: int,
    known: dict[int, Numbers] | None = None,
    mode: Mode = Mode.PLAIN,
    totals: frozenset[int] = frozenset(),
    shared: Sweeps | None = None,
) -> Outcome:
    """All sums that hold with k columns.

    known   fixes the readings of rows settled otherwise
    totals  rows that a label calls a total: their luck counts only the trials of such rows
    """
    known = known or {}
    mine = [with_stub(row) if mode is Mode.STUB else row for row in rows]
    lanes = Lanes(mine, k, known, mode)
    out = Outcome(k, mode, mine, lanes, shared or sweeps(rows, known, mode))
    order = lanes.possible()
    tails = {r: int(rows[r].groups[-1]) % 1000 for r in order}
    gaps = frozenset(r for r in order if mode is Mode.BLANKS and not rows[r].counts.get(k))
    skips: list[frozenset[int]] = [frozenset()]
    if mode is Mode.PARTIAL:
        # not the first: where parts begin with a code and their total does not, figures of six digits split as well
        skips = [frozenset((j,)) for j in range(k - 1, 0, -1)] if k > 2 else []
    blocks = Blocks(order, tails, gaps, len(order) if mode in (Mode.PLAIN, Mode.STUB) else FAR, mode is Mode.PLAIN)
    every = mode is Mode.PARTIAL and len(order) <= FAR  # the last column may be the one that need not add up
    accepted: set[tuple[int, tuple[int, ...]]] = set()
    for _ in range(4):
        before = (len(out.sums), out.changes)
        parts = {r for s in out.sums for r in s.parts}
        sums_seen = {s.total for s in out.sums}
        trials: dict[tuple[int, tuple[int, ...]], None] = {}
        tried = 0
        sequences = [order, [r for r in order if r not in parts], [r for r in order if r not in sums_seen]]
        if mode is Mode.PLAIN:
            sequences.append([r for r in order if r in totals])
            sequences += [order[i::step] for step in STEPS for i in range(step) if len(order) >= 3 * step]
        for sequence in sequences:
            size, met = blocks.beside(tuple(sequence), every)
            tried += size
            trials |= dict.fromkeys(met)
        for total, block in trials:
            if (total, block) in accepted or out.solves >= MAX_SOLVES[mode.name] or out.work >= MAX_ARCS[mode.name]:
                continue
            unmet = out.unmet(total, block)
            if unmet and frozenset(unmet) not in skips:
                continue
            for skip in [frozenset(unmet)] if unmet else skips:
                if mode is Mode.PARTIAL and k - 1 not in skip:
                    missing = (tails[total] - sum(tails[r] for r in block)) % 1000
                    if missing:
                        continue
                share = len(totals) / len(order) if total in totals else 1.0
                if _try(out, total, block, math.ceil(tried * share) * len(skips), skip):
                    accepted.add((total, block))
                    break
        if (len(out.sums), out.changes) == before:
            break
    return out


def refuted(outcome: Outcome, rival: int, known: dict[int, Numbers]) -> bool:
    """Whether the outcome's sums cannot all hold with `rival` columns; luck is not asked for here, only possibility."""
    lanes: dict[int, Lane] = {}
    for r in outcome.reached():
        row = outcome.rows[r]
        one = lane(row, rival, outcome.mode is Mode.BLANKS)
        if one is not None and r in known:
            one = fixed(one, row, known[r])
        if one is None:
            return True
        lanes[r] = one
    for _ in range(2):
        for s in outcome.sums:
            members = (s.total, *s.parts)
            chosen = _members(lanes, members, outcome.rows)
            if chosen is None:
                return True
            if s.skip:  # the column that need not add up stands elsewhere among other columns
                if any(propagate(chosen, 0, frozenset((j,))) is not None for j in range(rival)):
                    continue
                return True
            skip: frozenset[int] = frozenset()
            solved = solve(chosen, 0, skip, MAX_NODES["PLAIN"])
            if not solved.solutions and solved.complete:
                return True
            for i, r in enumerate(members):
                if not solved.complete:
                    lanes[r] = solved.root[i]
                else:
                    used = [{found[i][j] for found in solved.solutions} for j in range(rival)]
                    lanes[r] = tuple(tuple(sorted(layer)) for layer in used)
    return False


def _members(lanes: dict[int, Lane], members: tuple[int, ...], rows: Sequence[Row]) -> list[Lane] | None:
    """The lanes of a sum, the total first; a total has no blank cell, or any number of columns would do."""
    total = members[0]
    filled = trim([[a for a in layer if a[1] > a[0]] for layer in lanes[total]], len(rows[total].groups))
    return None if filled is None else [filled, *[lanes[r] for r in members[1:]]]


def _common(one: Lane, other: Lane, end: int) -> Lane | None:
    """The arcs that stand in both lanes and still make whole paths."""
    layers = [[a for a in layer if a in set(mine)] for layer, mine in zip(one, other, strict=True)]
    return trim(layers, end) if all(layers) else None


def with_stub(row: Row) -> Row:
    """The row with the further starts that leave its first number to the label."""
    return Row(row.groups, (0, *(q for q, _ in row.arcs[0] if q < len(row.groups)))) if row.groups else row


def _try(out: Outcome, total: int, block: tuple[int, ...], tried: int, skip: frozenset[int]) -> bool:
    """Solve one sum; if it holds and is no luck, accept it and narrow the rows to what its solutions use."""
    members = (total, *block)
    swept = out.sweeps.of(members) if out.mode in (Mode.PLAIN, Mode.STUB) else None
    if swept is not None and out.k not in swept:
        return False
    out.solves += 1
    lanes = _members(out.lanes, members, out.rows)
    if lanes is None:
        return False
    ends = [len(out.rows[r].groups) for r in members]
    root = propagate(lanes, 0, skip)
    if root is None:
        return False
    joint = math.prod(float(paths(one)) for one in root)
    left: list[Lane]
    if swept is not None:
        met = [_common(one, other, end) for one, other, end in zip(root, swept[out.k], ends, strict=True)]
        left = [one for one in met if one is not None]
        if len(left) < len(members):
            return False
    if swept is not None and not any(r in out.narrowed for r in members):  # the sweep has done the search already
        weight, complete = sum(math.log10(max(1, min(a[2] for a in layer))) for layer in left[0]), True
    else:
        solved = solve(root if swept is None else left, 0, skip, MAX_NODES[out.mode.name])
        out.work += solved.nodes * sum(len(layer) for one in root for layer in one) // 4
        if not solved.solutions:
            return False
        weight = min(
            sum(math.log10(max(1, a[2])) for j, a in enumerate(s[0]) if j not in skip) for s in solved.solutions
        )
        complete = solved.complete
        left = list(solved.root)
        if complete:
            used = [[{s[i][j] for s in solved.solutions} for j in range(out.k)] for i in range(len(members))]
            left = [tuple(tuple(sorted(layer)) for layer in one) for one in used]
    luck = math.log10(max(1.0, joint)) - weight + math.log10(max(1, tried))
    if luck > LUCK:
        return False
    if not any((s.total, s.parts) == (total, block) for s in out.sums):
        out.sums.append(ColumnSum(out.k, total, block, luck, skip))
    out.narrowed.update(members)
    out.changes += any(out.lanes[r] != one for r, one in zip(members, left, strict=True))
    out.lanes.update(zip(members, left, strict=True))
    return complete
