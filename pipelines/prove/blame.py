"""Where a sum fails: which single cell could be wrong, and what it would have to be.

A cell is located only if changing it alone mends every failed sum that hangs together with it, breaks none that
holds, and no other cell does.  What must never stand here: applying a repair.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from pipelines.model import Term
from pipelines.prove.sheet import Matrix, Position


class Sum(NamedTuple):
    """One identity as integers: total − Σ sign × part = residue, within ±slack/2 of naught (slack in half units).

    identity  its index among those of the sheet
    total     None where it stands outside this grid
    excused   it does not hold, and a note says why: no evidence for or against any cell
    """

    identity: int
    total: Term | None
    parts: tuple[Term, ...]
    residue: int
    slack: int
    holds: bool
    excused: bool = False

    @property
    def terms(self) -> tuple[Term, ...]:
        """The figures of this grid that it reaches."""
        return self.parts if self.total is None else (*self.parts, self.total)

    @property
    def coefficients(self) -> dict[Position, int]:
        """By how much the residue changes with one unit more in each of its cells."""
        found = {(part.row, part.col): -part.sign for part in self.parts}
        if self.total is not None:
            found[self.total.row, self.total.col] = 1
        return found


# Row by row, column by column: the sums that reach the cell, by their identities, in order.
Reach: TypeAlias = list[list[tuple[int, ...]]]
# A failed sum with its coefficients.
_Failed: TypeAlias = tuple[Sum, Mapping[Position, int]]


@dataclass(frozen=True, slots=True)
class Blame:
    """One group of failed sums that share cells.

    candidates  cells of which one could be wrong, each with the value it would need (in units of the sheet)
    located     the only candidate, if two failed sums or more, or held sums, single it out; else None
    """

    sums: tuple[int, ...]
    candidates: tuple[tuple[Position, int], ...]
    located: Position | None
    needs: int | None


def reach(sums: Sequence[Sum], shape: tuple[int, int]) -> Reach:
    """Which of the sums reach each cell of a grid of this shape."""
    n_rows, n_cols = shape
    reached: Reach = [[()] * n_cols for _ in range(n_rows)]
    for s in sums:
        this = (s.identity,)
        for term in s.terms:
            reached[term.row][term.col] += this
    return reached


def assign(sums: Sequence[Sum], reached: Reach, values: Matrix) -> list[Blame]:
    """For every connected group of failed sums: its candidates, and the located cell if there is only one.

    One failed sum alone never locates: any of its cells that no held sum vouches for may be wrong; if a single one
    is left it is a candidate by exclusion, and is located only if at least one other sum of another axis reaches it.
    """
    failed = [s for s in sums if not s.holds and not s.excused]
    if not failed:
        return []
    return [_blame(group, sums, reached, values) for group in _groups([(s, s.coefficients) for s in failed])]


def _groups(failed: Sequence[_Failed]) -> list[list[_Failed]]:
    parent = list(range(len(failed)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    first: dict[Position, int] = {}
    for i, (_, cells) in enumerate(failed):
        for at in cells:
            if at in first:
                parent[root(i)] = root(first[at])
            else:
                first[at] = i
    groups: dict[int, list[_Failed]] = {}
    for i, one in enumerate(failed):
        groups.setdefault(root(i), []).append(one)
    return list(groups.values())


def _blame(group: Sequence[_Failed], sums: Sequence[Sum], reached: Reach, values: Matrix) -> Blame:
    common = sorted(set.intersection(*(set(cells) for _, cells in group)))
    # the sums that hold and reach a cell vouch for it
    vouched = {at: [sums[i] for i in reached[at[0]][at[1]] if sums[i].holds] for at in common}
    of_held = {s.identity: s.coefficients for held in vouched.values() for s in held}
    mended: list[tuple[Position, int]] = []
    for at in common:
        changes = {-s.residue * of[at] for s, of in group}
        low = max(-s.residue * of[at] - s.slack / 2 for s, of in group)
        high = min(-s.residue * of[at] + s.slack / 2 for s, of in group)
        if low > high:
            continue  # the sums ask for different changes
        change = changes.pop() if len(changes) == 1 else round((low + high) / 2)
        if all(2 * abs(s.residue + change * of_held[s.identity][at]) <= s.slack for s in vouched[at]):
            mended.append((at, int(values[at]) + change))  # every sum that vouches for the cell would still hold
    names = tuple(s.identity for s, _ in group)
    if mended:
        located, needs = mended[0]
        others = (held for at, held in vouched.items() if at != located)
        # one failed sum alone locates only where an exact sum vouches for every other of its cells
        if len(mended) == 1 and (len(group) > 1 or all(any(s.residue == 0 for s in held) for held in others)):
            return Blame(names, tuple(mended), located, needs)
        return Blame(names, tuple(mended), None, None)
    every = sorted({at for _, cells in group for at in cells})
    return Blame(names, tuple((at, int(values[at])) for at in every), None, None)
