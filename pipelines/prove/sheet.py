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
    cells: dict[Position, Cell]
    units: dict[Position, str] = field(default_factory=dict)
    too_large: tuple[Position, ...] = ()

    @property
    def unit(self) -> Decimal:
        """What 1 in `values` stands for."""
        return Decimal(1).scaleb(-self.places)

    def figure(self, row: int, col: int) -> Decimal:
        return Decimal(int(self.values[row, col])).scaleb(-self.places)

    def text(self, at: Position) -> str:
        """What the cell prints; "" where there is none."""
        cell = self.cells.get(at)
        return "" if cell is None else cell.text

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
    n_rows, n_cols = grid.n_rows, grid.n_cols
    places = _places(readings)
    scale = 10**places
    # plain lists, row by row: an array takes three times as long to be filled figure by figure
    values, half, known = [0] * (n_rows * n_cols), [0] * (n_rows * n_cols), [False] * (n_rows * n_cols)
    cells: dict[Position, Cell] = {}
    units: dict[Position, str] = {}
    too_large: list[Position] = []
    unread: list[Position] = []
    for cell in grid.cells:
        at = row, col = cell[:2]
        if row >= n_rows or col >= n_cols:
            continue
        cells[at] = cell
        of_cell = readings.get(at)
        if not of_cell:
            if not _WORDS.search(cell.text) and _FIGURES.search(cell.text):
                unread.append(at)
            continue
        reading = of_cell[0]
        value, quantum, named = reading.value, reading.quantum, reading.unit
        if len(of_cell) > 1 or value is None or reading.approx:
            continue  # not decided yet; no figure; and "over 190 000" is no term of a sum
        if places:
            exact = value * scale
            scaled, unit = int(exact), int(quantum * scale)
            cut = scaled != exact
        else:
            scaled, unit, cut = int(value), 1 if quantum == _ONE else int(quantum), False
        if cut or abs(scaled) > _LARGEST or unit > _LARGEST:
            too_large.append(at)
            continue
        k = row * n_cols + col
        values[k] = scaled
        known[k] = True
        if named:
            units[at] = named
        if rounded or unit != scale or reading.scale or named == "%":
            half[k] = unit
    shape = (n_rows, n_cols)
    as_matrix = np.array(values, dtype=np.int64).reshape(shape)
    halves = np.array(half, dtype=np.int64).reshape(shape)
    mask = np.array(known, dtype=np.bool_).reshape(shape)
    # a whole number among decimals is no count: it was rounded further than its neighbours
    if places and (finer := ((halves > 0) & (halves < scale)).any(axis=0)).any():
        halves[:, finer] = np.where(mask[:, finer] & (halves[:, finer] == 0), scale, halves[:, finer])
    return Sheet(grid, places, as_matrix, mask, halves, dict(readings), cells, units, tuple(too_large + unread))


def _places(readings: Mapping[Position, tuple[Reading, ...]]) -> int:
    """How many decimal places the finest figure of the table is printed to, at most 12."""
    places = 0
    for several in readings.values():
        for reading in several:
            value, quantum = reading.value, reading.quantum
            if value is None or (value.same_quantum(_ONE) and (quantum == _ONE or quantum.same_quantum(_ONE))):
                continue  # both in whole units
            if quantum == _ONE and value == int(value):
                continue
            exponents = value.as_tuple().exponent, quantum.as_tuple().exponent
            places = max(places, *(-e for e in exponents if isinstance(e, int)))
    return min(places, 12)
