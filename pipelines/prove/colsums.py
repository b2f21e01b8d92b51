"""Column identities in flattened rows: one row is the sum of others, in every column at once.

What belongs here: the search that decides in how many ways a set of rows can be split so that all columns add up.
What must never stand here: which rows are tried (`colsearch`), labels, verdicts.

Why a dedicated search and no general solver.  A row of a flattened table is a small layered graph (which groups make
the j-th number), and the only relation between rows is one linear equation per column over numbers ≥ 0.  Interval
propagation on those equations, with reachability in each row's graph, leaves few or no branches: a wrong split nearly
always makes some number a thousand times too large.  What has to be decided is *uniqueness*, which means exhausting
the space, and a solver such as CP-SAT would need a table constraint per row (thousands of tuples), a model build of
tens of milliseconds and a second run with the first solution forbidden; here the whole proof for sixteen rows takes
about a millisecond.  The search is bounded by a count of nodes, never by a clock, so that it gives the same answer
on every machine; where the bound is met it declines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.prove.groups import Numbers, Row

Arc = tuple[int, int, int]  # from group, to group, value
Path = tuple[Arc, ...]  # one arc a column; an arc that spans no group is a blank cell
Lane = tuple[tuple[Arc, ...], ...]  # the arcs that are alive, by column

MAX_NODES = 3000
MAX_SOLUTIONS = 64


@dataclass(frozen=True, slots=True)
class Solved:
    """Every way in which the rows add up: `solutions[s][i]` is the path of the i-th row given, one arc a column.

    complete  the whole space was searched; otherwise `solutions` may lack some
    joint     number of joint readings that interval propagation left before the search
    nodes     search nodes spent
    root      the rows as interval propagation alone leaves them: holds even where the search was cut short
    """

    solutions: tuple[tuple[Path, ...], ...]
    complete: bool
    joint: float
    nodes: int
    root: tuple[Lane, ...] = ()


def lane(row: Row, k: int, blanks: bool = False) -> Lane | None:
    """The layered graph of the row's readings in k columns, from any of its starts; None where there is none.

    A reading that begins at a later start leaves the groups before it to the label.  With `blanks`, cells may be
    blank: a row of fewer numbers stands in k columns with gaps.
    """
    n = len(row.groups)
    fewest = [min(row.ways[p], default=k + 1) for p in range(n + 1)]

    def fits(p: int, columns: int) -> bool:
        return fewest[p] <= columns if blanks else bool(row.ways[p].get(columns))

    layers: list[tuple[Arc, ...]] = []
    reached = {p for p in row.starts if fits(p, k)}
    for j in range(k):
        left = k - j - 1
        here = [(p, q, v) for p in sorted(reached) for q, v in (row.arcs[p] if p < n else ()) if fits(q, left)]
        if blanks:
            here += [(p, p, 0) for p in sorted(reached) if fits(p, left)]
        layers.append(tuple(here))
        reached = {q for _, q, _ in here}
    return tuple(layers) if n in reached and all(layers) else None


def numbers(path: Path, row: Row) -> Numbers:
    """The numbers along a path, blank cells left out, a number left to the label put in front."""
    start = path[0][0]
    stub = (int("".join(row.groups[:start])),) if start else ()
    return stub + tuple(v for p, q, v in path if q > p)


def trim(layers: list[list[Arc]] | list[tuple[Arc, ...]], end: int) -> Lane | None:
    """The arcs that still lie on a path from the first column to the end of the row."""
    reached: set[int] | None = None
    forward: list[list[Arc]] = []
    for layer in layers:
        kept = [a for a in layer if reached is None or a[0] in reached]
        if not kept:
            return None
        forward.append(kept)
        reached = {a[1] for a in kept}
    wanted = {end}
    out: list[tuple[Arc, ...]] = []
    for layer in reversed(forward):
        back = tuple(a for a in layer if a[1] in wanted)
        if not back:
            return None
        out.append(back)
        wanted = {a[0] for a in back}
    return tuple(reversed(out))


def paths(one: Lane) -> int:
    """The number of readings that a lane still holds."""
    ways: dict[int, int] = {}
    for p, q, _ in one[0]:
        ways[q] = ways.get(q, 0) + 1
        _ = p
    for layer in one[1:]:
        following: dict[int, int] = {}
        for p, q, _ in layer:
            if p in ways:
                following[q] = following.get(q, 0) + ways[p]
        ways = following
    return sum(ways.values())


def propagate(lanes: list[Lane], ends: Sequence[int], total: int, skip: frozenset[int]) -> list[Lane] | None:
    """Interval reasoning on Σ parts − total = 0 in every column but `skip`, until nothing changes; None if it fails."""
    lanes = list(lanes)
    k = len(lanes[0])
    changed = True
    while changed:
        changed = False
        touched: dict[int, list[list[Arc]]] = {}
        for j in range(k):
            if j in skip:
                continue
            low = [min(a[2] for a in one[j]) for one in lanes]
            high = [max(a[2] for a in one[j]) for one in lanes]
            least = sum(low) - low[total] - high[total]
            most = sum(high) - high[total] - low[total]
            if least > 0 or most < 0:
                return None
            if least == most:
                continue
            for i, one in enumerate(lanes):
                if low[i] == high[i]:
                    continue
                if i == total:
                    at_least, at_most = least + high[i], most + low[i]
                else:
                    at_least, at_most = high[i] - most, low[i] - least
                if low[i] < at_least or high[i] > at_most:
                    layers = touched.setdefault(i, [list(layer) for layer in one])
                    layers[j] = [a for a in layers[j] if at_least <= a[2] <= at_most]
        for i, layers in touched.items():
            trimmed = trim(layers, ends[i])
            if trimmed is None:
                return None
            lanes[i] = trimmed
            changed = True
    return lanes


def solve(
    lanes: Sequence[Lane],
    ends: Sequence[int],
    total: int,
    skip: frozenset[int] = frozenset(),
    max_nodes: int = MAX_NODES,
) -> Solved:
    """All readings of the rows for which the row `total` is the sum of all the others, column by column.

    lanes  one per row, all with the same number of columns;  ends  the number of groups of each row
    skip   columns that need not add up (rates, shares, codes)
    """
    root = propagate(list(lanes), ends, total, skip)
    if root is None:
        return Solved((), True, 0.0, 1)
    joint = 1.0
    for one in root:
        joint *= paths(one)
    found: list[tuple[Path, ...]] = []
    stack, nodes = [root], 1
    while stack:
        if nodes >= max_nodes or len(found) >= MAX_SOLUTIONS:
            return Solved(tuple(found), False, joint, nodes, tuple(root))
        state = stack.pop()
        choice = _branch(state)
        if choice is None:
            found.append(tuple(tuple(layer[0] for layer in one) for one in state))
            continue
        i, j = choice
        for arc in reversed(state[i][j]):
            nodes += 1
            layers = [layer if c != j else (arc,) for c, layer in enumerate(state[i])]
            trimmed = trim(layers, ends[i])
            if trimmed is None:
                continue
            following = list(state)
            following[i] = trimmed
            left = propagate(following, ends, total, skip)
            if left is not None:
                stack.append(left)
    return Solved(tuple(found), True, joint, nodes, tuple(root))


def _branch(lanes: list[Lane]) -> tuple[int, int] | None:
    """The row with the fewest open readings, and its first open column; None where all rows are read."""
    best: tuple[int, int, int] | None = None
    for i, one in enumerate(lanes):
        if all(len(layer) == 1 for layer in one):
            continue
        n = paths(one)
        if best is None or n < best[0]:
            j = next(j for j, layer in enumerate(one) if len(layer) > 1)
            best = (n, i, j)
    return None if best is None else best[1:]
