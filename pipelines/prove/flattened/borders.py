"""All ways in which one row of figures is the sum of others, for every number of columns at once.

What belongs here: one sweep over the columns from the right end, which holds the borders that all rows may have
reached together.  What must never stand here: which rows are tried, how much luck a sum may have, labels.

All rows end where their last group ends, whatever the number of columns.  A state is one border per row; a step to the
left takes one number of each row such that total = Σ parts.  Most trials die in the first or second column, since a
sum of wrong rows, or with wrong borders, meets the total once in its size.  What survives is exact: the sweep lists
every solution of every number of columns, or says that it gave up (its work is bounded by a count of steps).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipelines.prove.flattened.groups import Numbers, Row

Arc = tuple[int, int, int]
State = tuple[int, ...]
Lane = tuple[tuple[Arc, ...], ...]

MAX_STATES = 4000  # borders held at once
MAX_STEPS = 200_000  # numbers looked at in one sweep
ALL_STEPS = 800_000  # and in all sweeps of one search


@dataclass(frozen=True, slots=True)
class Backward:
    """A row seen from its end: the numbers that end at each border, and how many numbers may stand before it."""

    last: int
    back: tuple[tuple[tuple[int, int], ...], ...]
    heads: tuple[int, ...]


def backward(row: Row, reading: Numbers | None = None) -> Backward | None:
    """The row from its end; with `reading`, only along the borders of that reading, None where it has none."""
    n = len(row.groups)
    arcs: list[tuple[int, int, int]] = []
    if reading is None:
        arcs = [(p, q, v) for p in range(n) for q, v in row.arcs[p]]
    else:
        p = 0
        for value in reading:
            step = next(((p, q, v) for q, v in row.arcs[p] if v == value), None) if p < n else None
            if step is None:
                return None
            arcs.append(step)
            p = step[1]
    back: list[list[tuple[int, int]]] = [[] for _ in range(n + 1)]
    heads = [0] * (n + 1)
    for p in row.starts:
        heads[p] = 1
    for p, q, v in arcs:  # in the order of p
        back[q].append((p, v))
        heads[q] |= heads[p] << 1
    return Backward(n, tuple(tuple((p, v) for p, v in b if heads[p]) for b in back), tuple(heads))


class _TooLongError(Exception):
    """The sweep met its bound."""


@dataclass
class Meter:
    """A count of steps that may still be taken."""

    left: int

    def spend(self, n: int = 1) -> None:
        self.left -= n
        if self.left < 0:
            raise _TooLongError


def sweep(rows: Sequence[Backward], budget: Meter) -> dict[int, list[Lane]] | None:
    """By number of columns: the numbers of each row, column by column, that stand in some solution.

    The first of `rows` is the total, the others are its parts.  None where the work met its bound; what it takes is
    taken from `budget`.
    """
    granted = max(0, min(MAX_STEPS, budget.left))
    meter = Meter(granted)
    try:
        return _sweep(rows, meter)
    finally:
        budget.left -= granted - max(0, meter.left)


def _sweep(rows: Sequence[Backward], meter: Meter) -> dict[int, list[Lane]] | None:
    start = tuple(row.last for row in rows)
    layers: list[dict[State, list[State]]] = [{start: []}]
    ends: dict[int, list[State]] = {}
    try:
        while layers[-1]:
            following: dict[State, list[State]] = {}
            for state in layers[-1]:
                for left in _steps(rows, state, meter):
                    mask = -1
                    for row, p in zip(rows, left, strict=True):
                        mask &= row.heads[p]
                    if mask:
                        following.setdefault(left, []).append(state)
                        if mask & 1 and len(following[left]) == 1:
                            ends.setdefault(len(layers), []).append(left)
            if len(following) > MAX_STATES:
                return None
            layers.append(following)
    except _TooLongError:
        return None
    return {k: _used(rows, layers, k, states) for k, states in ends.items()}


def _steps(rows: Sequence[Backward], state: State, meter: Meter) -> Iterator[State]:
    """The states one column further to the left."""
    options = [row.back[q] for row, q in zip(rows, state, strict=True)]
    if not all(options):
        return
    fixed = 0
    free: list[int] = []
    for i in range(1, len(options)):
        if len(options[i]) == 1:
            fixed += options[i][0][1]
        else:
            free.append(i)
    meter.spend(len(rows) // 4 + 1)
    # numbers that end at one border grow with each group, so that the widest choice is settled first
    free.sort(key=lambda i: -options[i][0][1])
    low, high = [0], [0]
    for i in reversed(free):
        low.append(low[-1] + options[i][-1][1])
        high.append(high[-1] + options[i][0][1])
    low.reverse()
    high.reverse()
    for p, total in options[0]:
        base = [p, *[o[0][0] for o in options[1:]]]
        yield from _choices(options, free, 0, total - fixed, low, high, base, meter)


def _choices(
    options: Sequence[tuple[tuple[int, int], ...]],
    free: Sequence[int],
    at: int,
    need: int,
    low: Sequence[int],
    high: Sequence[int],
    chosen: list[int],
    meter: Meter,
) -> Iterator[State]:
    if need < low[at] or need > high[at]:
        return
    if at == len(free):
        yield tuple(chosen)
        return
    i = free[at]
    for p, value in options[i]:
        meter.spend()
        chosen[i] = p
        yield from _choices(options, free, at + 1, need - value, low, high, chosen, meter)


def _used(rows: Sequence[Backward], layers: list[dict[State, list[State]]], k: int, states: list[State]) -> list[Lane]:
    """The lanes, from left to right, of all solutions with k columns that end in `states`."""
    arcs: list[list[tuple[Arc, ...]]] = [[] for _ in rows]
    here = set(states)
    for j in range(k, 0, -1):
        found: list[set[tuple[int, int]]] = [set() for _ in rows]
        after: set[State] = set()
        for state in here:
            for right in layers[j][state]:
                after.add(right)
                for spans, p, q in zip(found, state, right, strict=True):
                    spans.add((p, q))
        for i, row in enumerate(rows):
            arcs[i].append(tuple((p, q, next(v for a, v in row.back[q] if a == p)) for p, q in sorted(found[i])))
        here = after
    return [tuple(lane) for lane in arcs]
