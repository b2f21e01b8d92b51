"""Averages, shares and changes in per cent between lines: "Amount", "Number" and "Average" one below the other.

What belongs here: three neighbouring lines of which one is the quotient of the two others in every column, and what
that leaves of their readings.  What must never stand here: labels, sums, quotients along one row (`rowratios`).

A pattern says which of three neighbouring lines is divided by which, and how (`ratios`).  Of three lines all readings
with one count are tried at once, column by column; where b is 0 in a column, so is a, and the third line has a 0 there
or nothing.  The three are read where exactly one reading of all of them meets the pattern, and luck would not do as
much:

- L, the number of combinations of their readings, times the chance (`ratios`) of every column that is not the same as
  another, is how often three such lines would meet it by luck.  With w, the share of the table's neighbouring lines
  that do, w / L must reach `CERTAIN`.  A pattern counts only where the odds over the table are beyond `SCREEN` and the
  number of patterns.
- Lines that obey may have a column printed wrong, which must not be met by reading it otherwise.  A wrong boundary
  touches two columns at least: for every two neighbours the other combinations of their groups alone, times their
  chances, may be 1 / `CERTAIN` at most, however often columns are printed wrong.

A line that a sum, grammar or widths have read has one reading only; and beside it a line that it divides, or that
divides it, has as many figures, so that two neighbouring columns hold two.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, pairwise, permutations
from types import MappingProxyType

from pipelines.prove.flattened.groups import Numbers, Row
from pipelines.prove.flattened.ratios import CERTAIN, Kind, chance, meets
from pipelines.prove.flattened.rowshapes import SCREEN

MOST_STATES = 20_000  # combinations of places in three lines that are followed, of one pattern
LONGEST = 400  # lines of a table
KINDS = (Kind.AVERAGE, Kind.SHARE, Kind.CHANGE)

Place = tuple[int, int, int]
Column = tuple[tuple[int, int], ...]  # (from group, to group) in the lines of a, b and t; from = to where t has none


@dataclass(frozen=True, slots=True)
class Pattern:
    """Of three neighbouring lines, line `at` is `kind` of the lines `of` and `by` (0, 1, 2)."""

    kind: Kind
    of: int
    by: int
    at: int


@dataclass(frozen=True)
class _Line:
    """A row, and its reading if something else decides it: then there is no other."""

    row: Row
    known: Numbers | None = None

    @cached_property
    def arcs(self) -> tuple[tuple[tuple[int, int], ...], ...]:
        if self.known is None:
            return self.row.arcs
        held = {p: ((q, v),) for (p, q), v in zip(self.row.spans(self.known), self.known, strict=True)}
        return tuple(held.get(p, ()) for p in range(len(self.row.groups)))

    @cached_property
    def counts(self) -> Counter[int]:
        return self.row.counts if self.known is None else Counter((len(self.known),))

    def ways(self, spans: Sequence[tuple[int, int]], counted: bool) -> int:
        """In how many ways the groups of these numbers can be read; `counted`, as so many numbers as they are."""
        held = [(p, q) for p, q in spans if q > p]
        if not held or self.known is not None:
            return 1
        counts = Row(self.row.groups[held[0][0] : held[-1][1]]).counts
        return counts[len(held)] if counted else sum(counts.values())


@dataclass(frozen=True, slots=True)
class _Solved:
    """The one reading of three lines that meets a pattern: and how often luck would do so."""

    lines: tuple[int, int, int]  # of a, b and t
    numbers: tuple[Numbers, Numbers, Numbers]
    luck: float
    weakest: float  # the luck of those two neighbouring columns that have most


def between(rows: Sequence[Row], known: Mapping[int, Numbers] = MappingProxyType({})) -> dict[int, Numbers]:
    """The readings of the rows that quotients between neighbouring lines decide.  Deterministic and bounded.

    known  the readings of rows that something else decides
    """
    lines = [_Line(row, known.get(r)) for r, row in enumerate(rows)]
    windows = len(rows) - 2
    if windows < 1 or len(rows) > LONGEST:
        return {}
    said: dict[int, set[Numbers]] = {}
    sure: set[int] = set()
    patterns = [Pattern(kind, *order) for kind in KINDS for order in permutations(range(3))]
    for pattern in patterns:
        solved = [s for r in range(windows) if (s := _solve(lines, r, pattern)) is not None]
        share = max(0.02, min(0.98, len(solved) / (windows + 1)))
        gain = sum(math.log10(share / min(1.0, s.luck) + 1 - share) for s in solved)
        gain += (windows - len(solved)) * math.log10(1 - share)
        if gain < SCREEN + math.log10(len(patterns)):
            continue
        for s in solved:
            if s.luck * CERTAIN <= share and s.weakest * CERTAIN <= 1:
                sure.update(s.lines)
            for line, numbers in zip(s.lines, s.numbers, strict=True):
                said.setdefault(line, set()).add(numbers)
    return {r: numbers for r in sure for numbers in said[r] if len(said[r]) == 1}


def _solve(rows: Sequence[_Line], first: int, pattern: Pattern) -> _Solved | None:
    """The reading of three lines from `first` on that meets the pattern in every column, if it is the only one."""
    lines = first + pattern.of, first + pattern.by, first + pattern.at
    a, b, t = three = [rows[r] for r in lines]
    paths = _paths(three, pattern.kind)
    if paths is None or len(paths) != 1:
        return None
    columns = paths[0]
    numbers = tuple(
        tuple(int("".join(n.row.groups[p:q])) for p, q in (c[i] for c in columns) if q > p) for i, n in enumerate(three)
    )
    values = [tuple(int("".join(n.row.groups[p:q]) or 0) for n, (p, q) in zip(three, c, strict=True)) for c in columns]
    chances = [chance(pattern.kind, *v) for v in values]
    combinations = sum(ways * b.counts.get(k, 0) for k, ways in a.counts.items()) * sum(t.counts.values())
    once = {v[2]: c for v, c in zip(values, chances, strict=True)}
    weakest = [
        (_ways(three, c, d) - 1) * chances[j] * (chances[j + 1] if values[j][2] != values[j + 1][2] else 1.0)
        for j, (c, d) in enumerate(pairwise(columns))
    ]
    luck = combinations * math.prod(once.values())
    return _Solved(lines, (numbers[0], numbers[1], numbers[2]), luck, max(weakest, default=0.0))


def _ways(three: Sequence[_Line], c: Column, d: Column) -> int:
    """In how many ways the groups of two neighbouring columns can be read, in the three lines together."""
    # every column has a figure that is divided and one that divides: one of the lines known, their number is
    counted = three[0].known is not None or three[1].known is not None
    return math.prod(n.ways(spans, counted) for n, *spans in zip(three, c, d, strict=True))


def _paths(three: Sequence[_Line], kind: Kind) -> list[tuple[Column, ...]] | None:
    """The readings of three lines that meet the quotient in every column, two of them at most; None where there are
    too many places to look at."""
    ends = tuple(len(n.arcs) for n in three)
    known: dict[Place, list[tuple[Column, ...]]] = {(ends[0], ends[1], ends[2]): [()]}

    def follow(at: Place) -> list[tuple[Column, ...]]:
        if at not in known:
            known[at] = []
            if len(known) <= MOST_STATES:
                found = ((c, *rest) for c in _columns(three, kind, at) for rest in follow((c[0][1], c[1][1], c[2][1])))
                known[at] = list(islice(found, 2))
        return known[at]

    paths = follow((0, 0, 0))
    return paths if len(known) <= MOST_STATES else None


def _columns(three: Sequence[_Line], kind: Kind, at: Place) -> Iterator[Column]:
    """Every column that can begin at these groups."""
    a, b, t = three
    p, q, r = at
    if p == len(a.arcs) or q == len(b.arcs):
        return
    thirds = t.arcs[r] if r < len(t.arcs) else ()
    for after_a, of in a.arcs[p]:
        for after_b, by in b.arcs[q]:
            if by == 0:
                if of == 0:
                    yield (p, after_a), (q, after_b), (r, r)
                    yield from (((p, after_a), (q, after_b), (r, after_t)) for after_t, v in thirds if v == 0)
                continue
            for after_t, v in thirds:
                if meets(kind, of, by, v):
                    yield (p, after_a), (q, after_b), (r, after_t)
