"""Separated values (CSV) → one grid.

What belongs here: fields, quotes, the header line.  What must never happen here: types: a field is text.
"""

from __future__ import annotations

import csv

from pipelines.model import Cell, Grid, GridKind, Place
from pipelines.read.bounds import Clock, OverLimitError
from pipelines.read.lines import folded
from pipelines.read.marks import split_marks
from pipelines.read.sniffing import separator
from pipelines.settings import ReadLimits


def read_csv(text: str, limits: ReadLimits, clock: Clock) -> Grid | None:
    """The grid of a CSV text (header in row 0), or None where it is not one.  Lines are those of the source.

    Raises OverLimitError over `limits.max_cells`.
    """
    text = text.lstrip("\ufeff")
    mark = separator(text)
    if mark is None:
        return None
    lines = text.splitlines(keepends=True)
    reader = csv.reader(lines, delimiter=mark)
    cells: list[Cell] = []
    row = 0
    width = 0
    at = 0
    try:
        for fields in reader:
            clock.check()
            line, at = at + 1, reader.line_num
            if not any(f.strip() for f in fields):
                continue
            for col, value in enumerate(fields):
                said = "\n".join(folded(part) for part in value.strip().splitlines())
                bare, marks = split_marks(said)
                place = Place(line=line)
                cells.append(Cell(row, col, said, bare, place, marks=marks, header=row == 0))
            width = max(width, len(fields))
            if len(cells) > limits.max_cells:
                raise OverLimitError("max_cells", f"The table holds more than {limits.max_cells} cells.")
            row += 1
    except csv.Error:
        return None
    where = Place(line=1)
    return Grid(0, GridKind.CSV, row, width, tuple(cells), where, 1, parts=(where,)) if row else None
