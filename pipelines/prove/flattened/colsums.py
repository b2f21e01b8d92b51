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

from pipelines.prove.flattened.groups import Numbers, Row

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


def narrowed(one: Lane, layers: dict[int, tuple[Arc, ...]]) -> Lane | None:
    """A lane all of whose arcs lie on whole paths, with some of its layers thinned out, and what then lies on none."""
    out = list(one)
    changed = [False] * len(out)
    for j, layer in layers.items():
        out[j], changed[j] = layer, True
        if not layer:
            return None
    for j in range(1, len(out)):
        if changed[j - 1]:
            ends = {a[1] for a in out[j - 1]}
            kept = tuple([a for a in out[j] if a[0] in ends])
            if len(kept) < len(out[j]):
                if not kept:
                    return None
                out[j], changed[j] = kept, True
    for j in range(len(out) - 2, -1, -1):
        if changed[j + 1]:
            starts = {a[0] for a in out[j + 1]}
            kept = tuple([a for a in out[j] if a[1] in starts])
            if len(kept) < len(out[j]):
                if not kept:
                    return None
                out[j], changed[j] = kept, True
    return tuple(out)


class Bounds:
    """The least and the greatest number of each column of a lane, worked out once for each lane."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Lane, list[int], list[int]]] = {}

    def of(self, one: Lane) -> tuple[list[int], list[int]]:
        held = self._known.get(id(one))  # the lane is held too, so that its id is not given to another
        if held is None:
            values = [[a[2] for a in layer] for layer in one]
            held = one, [min(v) for v in values], [max(v) for v in values]
            self._known[id(one)] = held
        return held[1], held[2]


def propagate(
    lanes: Sequence[Lane], total: int, skip: frozenset[int], bounds: Bounds | None = None
) -> list[Lane] | None:
    """Interval reasoning on Σ parts − total = 0 in every column but `skip`, until nothing changes; None if it fails.

    lanes  all of whose arcs lie on whole paths
    """
    lanes, bounds = list(lanes), bounds or Bounds()
    ends = [bounds.of(one) for one in lanes]
    lows, highs = [low for low, _ in ends], [high for _, high in ends]
    least, most = ([sum(column) for column in zip(*side, strict=True)] for side in (lows, highs))
    for j, (low, high) in enumerate(zip(lows[total], highs[total], strict=True)):
        least[j] -= low + high
        most[j] -= low + high
    todo = [j for j in range(len(least)) if j not in skip]
    while todo:
        touched: dict[int, dict[int, tuple[Arc, ...]]] = {}
        for j in todo:
            if least[j] > 0 or most[j] < 0:
                return None
            if least[j] == most[j]:
                continue
            for i, one in enumerate(lanes):
                low, high = lows[i][j], highs[i][j]
                if low == high:
                    continue
                if i == total:
                    at_least, at_most = least[j] + high, most[j] + low
                else:
                    at_least, at_most = high - most[j], low - least[j]
                if low < at_least or high > at_most:
                    kept = tuple([a for a in one[j] if at_least <= a[2] <= at_most])
                    touched.setdefault(i, {})[j] = kept
        moved: set[int] = set()
        for i, layers in touched.items():
            thinner = narrowed(lanes[i], layers)
            if thinner is None:
                return None
            lows_now, highs_now = bounds.of(thinner)
            for j in range(len(least)):
                up, down = lows_now[j] - lows[i][j], highs[i][j] - highs_now[j]
                if up or down:
                    moved.add(j)
                    least[j] += down if i == total else up
                    most[j] -= up if i == total else down
            lanes[i], lows[i], highs[i] = thinner, lows_now, highs_now
        todo = sorted(moved - skip)
    return lanes


def solve(
    lanes: Sequence[Lane],
    total: int,
    skip: frozenset[int] = frozenset(),
    max_nodes: int = MAX_NODES,
) -> Solved:
    """All readings of the rows for which the row `total` is the sum of all the others, column by column.

    lanes  one per row, all with the same number of columns
    skip   columns that need not add up (rates, shares, codes)
    """
    bounds = Bounds()
    root = propagate(lanes, total, skip, bounds)
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
            chosen = narrowed(state[i], {j: (arc,)})
            if chosen is None:
                continue
            following = list(state)
            following[i] = chosen
            left = propagate(following, total, skip, bounds)
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


def fixed(one: Lane, row: Row, reading: Numbers) -> Lane | None:
    """The lane cut down to the paths that spell the given numbers; None where there is none."""
    spans: set[tuple[int, int]] = set()
    p = 0
    for value in reading:
        q = next((q for q, v in row.arcs[p] if v == value), None) if p < len(row.groups) else None
        if q is None:
            return None
        spans.add((p, q))
        p = q
    layers = [[a for a in layer if a[0] == a[1] or (a[0], a[1]) in spans] for layer in one]
    return trim(layers, len(row.groups)) if all(layers) else None
