"""A grid as integers: every figure in units of the finest precision printed in the table.

What belongs here: turning cells into readings, and readings into a matrix that sums exactly and fast.  Decimals stay
at this edge.  What must never stand here: a judgement, or a default value for a figure that is not there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from pipelines.model import Cell, Grid, Reading

Position = tuple[int, int]
Matrix = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

# Sums of up to 2^15 figures must stay exact in 64 bits.
_LARGEST = 2**47
_ONE = Decimal(1)
_FIGURES = re.compile(r"\d")
_WORDS = re.compile(r"[A-Za-z]{2}|[\u4e00-\u9fff]{2}")


@dataclass(slots=True)
class Sheet:
    """The figures of one grid, rows × columns.

    values     int64, in units of 10^-places; 0 where nothing is known (never read without `known`)
    known      exactly one reading, and it has a value
    half       half a unit in the last place printed, in *half units* (so that it stays whole): the figure stands for
               value ± half/2; 0 where the figure is a count, printed to the unit
    readings   every reading of the cells that have any
    too_large  figures that cannot be summed: too large, or printed in a way that has no reading; no sum runs over them
    """

    grid: Grid
    places: int
    values: Matrix
    known: Mask
    half: Matrix
    readings: dict[Position, tuple[Reading, ...]]
    texts: dict[Position, str]
    cells: dict[Position, Cell]
    units: dict[Position, str] = field(default_factory=dict)
    too_large: tuple[Position, ...] = ()

    @property
    def unit(self) -> Decimal:
        """What 1 in `values` stands for."""
        return Decimal(1).scaleb(-self.places)

    def figure(self, row: int, col: int) -> Decimal:
        return Decimal(int(self.values[row, col])).scaleb(-self.places)

    def quantum(self, row: int, col: int) -> Decimal:
        reading = self.readings.get((row, col), ())
        return reading[0].quantum if reading else self.unit


def build(
    grid: Grid,
    readings: Mapping[Position, tuple[Reading, ...]],
    rounded: bool,
) -> Sheet:
    """The sheet of `grid`.

    readings  by position; a cell with several is left unknown (neither known nor blank) until it is resolved
    rounded   the table says that its figures are rounded (amounts in millions, a note): then whole numbers are
              intervals too, else a whole number printed to the unit is a count and exact
    """
    shape = (grid.n_rows, grid.n_cols)
    places = 0
    for several in readings.values():
        for reading in several:
            if reading.value is not None and (
                reading.quantum != _ONE or reading.value != reading.value.to_integral_value()
            ):
                exponent = reading.value.as_tuple().exponent
                quantum = reading.quantum.as_tuple().exponent
                if isinstance(exponent, int) and isinstance(quantum, int):
                    places = max(places, -exponent, -quantum)
    places = min(places, 12)
    scale = 10**places
    values = np.zeros(shape, dtype=np.int64)
    half = np.zeros(shape, dtype=np.int64)
    known = np.zeros(shape, dtype=np.bool_)
    texts: dict[Position, str] = {}
    cells: dict[Position, Cell] = {}
    units: dict[Position, str] = {}
    too_large: list[Position] = []
    unread: list[Position] = []
    for cell in grid.cells:
        at = (cell.row, cell.col)
        if not (0 <= cell.row < grid.n_rows and 0 <= cell.col < grid.n_cols):
            continue
        cells[at] = cell
        if cell.text:
            texts[at] = cell.text
        of_cell = readings.get(at, ())
        if not any(r.value is not None for r in of_cell):
            if not of_cell and _FIGURES.search(cell.text) and not _WORDS.search(cell.text):
                unread.append(at)
            continue
        if len(of_cell) != 1:
            continue
        reading = of_cell[0]
        if reading.approx or reading.value is None:
            continue  # "over 190 000" is no term of a sum
        exact = reading.value * scale
        scaled = int(exact)
        unit = int(reading.quantum * scale)
        if scaled != exact or abs(scaled) > _LARGEST or unit > _LARGEST:
            too_large.append(at)
            continue
        values[at] = scaled
        known[at] = True
        if reading.unit:
            units[at] = reading.unit
        counted = reading.quantum == 1 and not reading.scale and not reading.approx and reading.unit != "%"
        half[at] = 0 if counted and not rounded else unit
    # a whole number among decimals is no count: it was rounded further than its neighbours
    finer = ((half > 0) & (half < scale)).any(axis=0)
    half[:, finer] = np.where(known[:, finer] & (half[:, finer] == 0), scale, half[:, finer])
    return Sheet(grid, places, values, known, half, dict(readings), texts, cells, units, tuple(too_large + unread))
