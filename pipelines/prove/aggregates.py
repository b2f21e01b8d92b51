"""Which cells of a bare table of strings are totals of which: the search on its own, without verdicts.

What belongs here: the plain answer "this cell is the sum of those", for measuring the search against annotated
tables, and for people who only have strings.  It says what the author is likely to have meant (`chosen`), which proves
nothing: that a claim is made here never makes a verdict.  What must never stand here: a rule of the proof.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice, pairwise

import numpy as np

from pipelines.model import Cell, Grid, GridKind, Place, Reading
from pipelines.prove import chosen, frame, numbers, quotients, search, views
from pipelines.prove.chosen import Chosen
from pipelines.prove.quotients import Quotient
from pipelines.prove.rules import Lines, place
from pipelines.prove.sheet import Position, Sheet, build

# −log10 of the chance that a sum is met by luck, before the runs that were tried are counted.
LEAST = 2.0
# A quotient that luck would meet more often than this in a table is not claimed.
_LUCK = 1e-4
# So many rising figures that stand twice in every row are labels.
_LABELS = 5
_OPERATORS = {"ratio": "Division", "change": "RelativeChange", "average": "Average"}
# The convention for comma and point shows in the first of a long table's cells.
_SAMPLE = 5_000


@dataclass(frozen=True, slots=True)
class Aggregate:
    """`total` is `operator` ("Sum", "Average", "Division", "RelativeChange") of `parts`; (row, column) each."""

    operator: str
    total: Position
    parts: tuple[Position, ...]


def grid_of(table: Sequence[Sequence[str]]) -> Grid:
    """A grid of bare strings; blank ones have no cell."""
    width = max((len(row) for row in table), default=0)
    place = Place()
    cells = []
    for r, row in enumerate(table):
        for c in range(width):
            text = row[c] if c < len(row) and row[c] is not None else ""
            if text:
                cells.append(Cell(r, c, text, text, place))
    return Grid(0, GridKind.CSV, len(table), width, tuple(cells), place)


def find(table: Sequence[Sequence[str]]) -> list[Aggregate]:
    """Every aggregate of the table that holds within the precision printed."""
    grid = grid_of(table)
    convention = numbers.convention(islice((c.bare for c in grid.cells if c.bare.strip()), _SAMPLE))
    read: dict[str, tuple[Reading, ...]] = {}
    readings: dict[Position, tuple[Reading, ...]] = {}
    for cell in grid.cells:
        if cell.bare not in read:
            read[cell.bare] = numbers.parse(cell.bare, convention=convention) if cell.bare.strip() else ()
        if read[cell.bare]:
            readings[(cell.row, cell.col)] = read[cell.bare]
    header, stub = frame.find(grid, readings)
    again = _printed_again(readings, header)
    body = {at: v for at, v in readings.items() if at[0] >= header and at[1] >= stub and at[1] not in again}
    sheet = build(grid, body, True)
    out: list[Aggregate] = []
    both = views.both(sheet, header, stub)
    for lines, other in (both, both[::-1]):
        for found in quotients.find(lines, other, sheet.places, shares=False):
            if found.kind in _OPERATORS and found.bound <= _LUCK:
                for x in sorted({*found.crossings, *_alike(lines, found)}):
                    parts = [place(lines, p, x) for p in found.parts]
                    if found.kind == "average":
                        parts = [p for p in parts if not chosen.is_heading(sheet, p)]
                    out.append(Aggregate(_OPERATORS[found.kind], place(lines, found.total, x), tuple(parts)))
    averages = {a.total for a in out if a.operator == "Average"}
    sums: list[tuple[int, Chosen]] = []
    for lines in both:
        hits, tried = search.by_arithmetic(lines, LEAST)
        sums.extend((lines.axis, c) for c in chosen.choose(sheet, lines, hits, tried))
    # the average of totals is the total of averages: that a figure worked out as the one is the other says nothing
    sums = [(axis, c) for axis, c in sums if c.total not in averages]
    return _once([*(Aggregate("Sum", c.total, c.parts) for c in _one_formula(sums)), *out], sheet)


def _printed_again(readings: Mapping[Position, tuple[Reading, ...]], header: int) -> set[int]:
    """Columns that label the rows again amid a wide table: the figures of the first column, rising from row to row as
    numbers of persons and years do."""
    columns: dict[int, dict[int, Decimal]] = {}
    for (row, col), several in readings.items():
        if row >= header and len(several) == 1 and (value := several[0].value) is not None:
            columns.setdefault(col, {})[row] = value
    first = columns.get(0, {})
    rows = sorted(first)
    if len(rows) < _LABELS or not all(first[a] < first[b] for a, b in pairwise(rows)):
        return set()
    return {col for col, figures in columns.items() if col and figures == first}


def _one_formula(sums: Sequence[tuple[int, Chosen]]) -> list[Chosen]:
    """The sums, each with its axis, without those that the others imply.

    Where all rows add up and all columns do, so does the corner both ways, and it was worked out in one of them.  Of a
    figure that is a total of its row and of its column, the sum that fewer crossings show is not claimed if it adds up
    parts of another total along its axis."""
    shown: dict[tuple[Position, int], int] = {}
    totals: dict[tuple[Position, int], set[Position]] = {}
    for axis, claim in sums:
        shown[claim.total, axis] = max(claim.shown, shown.get((claim.total, axis), 0))
        for part in claim.parts:
            totals.setdefault((part, axis), set()).add(claim.total)
    return [
        claim
        for axis, claim in sums
        if claim.shown >= shown.get((claim.total, 1 - axis), 0)
        or all(len(totals[part, axis]) < 2 for part in claim.parts)
    ]


def _alike(lines: Lines, found: Quotient) -> list[int]:
    """The other crossings of an average where it is that of its parts because they are all the same: "5 = 5, 5, 5"."""
    if found.kind != "average" or len(found.crossings) < 2:
        return []
    figures, known = lines.values[list(found.parts)], lines.known[list(found.parts)]
    same = lines.known[found.total] & (known.sum(axis=0) > 1) & ~lines.unsettled[list(found.parts)].any(axis=0)
    same &= ((figures == lines.values[found.total]) | ~known).all(axis=0)
    return [int(x) for x in np.flatnonzero(same)]


def _once(claims: Sequence[Aggregate], sheet: Sheet) -> list[Aggregate]:
    """The claims without those that say another one again, blank cells among the parts or not."""
    seen: set[tuple[str, Position, frozenset[Position]]] = set()
    kept = []
    for claim in claims:
        said = (claim.operator, claim.total, frozenset(p for p in claim.parts if sheet.text(p)))
        if said not in seen:
            seen.add(said)
            kept.append(claim)
    return kept
