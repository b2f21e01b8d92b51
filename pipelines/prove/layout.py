"""How a grid is laid out for judging: its cells with their readings, a flattened one split into cells first.

What belongs here: which readings a cell has, by which convention, and where a cell of a split line came from.  What
must never stand here: a choice between readings (`settle`, `flattened` make them), a verdict.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipelines.model import Absence, Grid, GridKind, Reading, TableProof
from pipelines.prove import conventions, flattened, numbers
from pipelines.prove.numbers import Convention
from pipelines.prove.restated import Restated
from pipelines.prove.sheet import Position

# "1.234" is a decimal by the English convention and a thousand by the continental one.
_POINT = re.compile(r"(?<![\d.])\d{1,3}\.\d{3}(?![\d.])")


@dataclass(frozen=True, slots=True)
class Laid:
    """A grid as it is judged, with the readings of its cells.

    other  the readings by the other convention for comma and point, where the table may mean either
    has_decimal_commas  a cell of the body speaks for decimal commas, and none against: the totals must decide
    """

    grid: Grid
    readings: dict[Position, tuple[Reading, ...]]
    sources: dict[Position, Position]
    considered: int = 1
    argument: str = ""
    other: dict[Position, tuple[Reading, ...]] | None = None
    has_decimal_commas: bool = False


def lay_out(grid: Grid, elsewhere: Sequence[Restated]) -> Laid:
    """The grid itself, or, of a flattened one, what its lines resolve to: as read where they do not."""
    if grid.kind is not GridKind.FLATTENED:
        readings = _readings(grid, Convention.ENGLISH)
        commas = conventions.speaks_of_decimal_commas(grid, readings)
        doubtful = commas or any(_POINT.search(c.bare) for c in grid.cells)
        other = _readings(grid, Convention.CONTINENTAL) if doubtful else None
        return Laid(grid, readings, {}, other=other, has_decimal_commas=commas)
    resolution = flattened.resolve(grid, [e.value for e in elsewhere if e.total])
    candidates = dict(resolution.candidates)
    if resolution.grid is None:
        open_ = {(row, 0): _candidates(found) for row, found in candidates.items()}
        return Laid(grid, open_, {}, max(1, resolution.readings_considered), resolution.argument)
    readings = _readings(resolution.grid, Convention.ENGLISH)
    for cell in resolution.grid.cells:
        # a row that nothing decides keeps its figures in one cell across the columns
        if cell.colspan > 1 and (cell.row, cell.col) in readings:
            line = resolution.source.get((cell.row, cell.col), (cell.row, 0))[0]
            readings[(cell.row, cell.col)] = _candidates(candidates.get(line, ())) or readings[(cell.row, cell.col)]
            if len(readings[(cell.row, cell.col)]) == 1:
                readings[(cell.row, cell.col)] += (Reading(None, absence=Absence.BLANK),)
    considered = max(1, resolution.readings_considered)
    return Laid(resolution.grid, readings, dict(resolution.source), considered, resolution.argument)


def _candidates(found: Sequence[Sequence[int]]) -> tuple[Reading, ...]:
    """Every figure that some reading of an open line contains; always more than one reading."""
    values = list(dict.fromkeys(value for numbers_ in found for value in numbers_))
    made = tuple(Reading(Decimal(value)) for value in values[:16])
    return made if len(made) != 1 else (*made, Reading(None, absence=Absence.BLANK))


def _readings(grid: Grid, convention: Convention) -> dict[Position, tuple[Reading, ...]]:
    readings: dict[Position, tuple[Reading, ...]] = {}
    read: dict[tuple[str, tuple[str, ...]], tuple[Reading, ...]] = {}  # tables print the same text again and again
    for cell in grid.cells:
        printed = (cell.bare, cell.marks)
        several = read.get(printed)
        if several is None:
            several = read[printed] = numbers.parse(cell.bare, marks=cell.marks, convention=convention)
        if several:
            readings[(cell.row, cell.col)] = several
    return readings


def decides(other: TableProof, proof: TableProof) -> bool:
    """Whether the sums of the table settle its convention: printed totals fail by the one and hold by the other."""
    return (
        any(not i.holds for i in proof.identities)
        and conventions.is_settled_by_totals(other)
        and conventions.reaches_commas(other)
    )
