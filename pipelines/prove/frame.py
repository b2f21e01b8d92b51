"""Which part of a grid is header, which is stub, which is body.  Years and serial numbers in either are labels.

What must never stand here: arithmetic; a word of any one series.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise

from pipelines.model import Cell, Grid, Reading

Position = tuple[int, int]

_YEAR = re.compile(r"^\W*(?:1[89]|20)\d\d\W*(?:年度?)?\W*(?:\d\W*)?$")
_YEAR_SPAN = re.compile(r"^\W*(?:1[89]|20)\d\d\W{1,3}(?:(?:1[89]|20)?\d\d)\W*(?:年度?)?\W*$")
_ORDINAL = re.compile(r"^\W*\d{1,3}\W*$")
_NO_DIGIT = re.compile(r"\D")
_CODE = re.compile(r"^\W*(?:0\d+|\d+[A-Za-z]+\d*|[A-Za-z]+\d+)\W*$")


@lru_cache(maxsize=4096)
def is_year(text: str) -> bool:
    """A year or a span of years, as a label prints it: "2007", "2020*", "2019-20", "2018年"."""
    text = text.strip()
    return bool(_YEAR.match(text) or _YEAR_SPAN.match(text))


def find(grid: Grid, readings: Mapping[Position, tuple[Reading, ...]]) -> tuple[int, int]:
    """(header rows, stub columns) of the grid; (0, 0) where every cell seems to be a figure.

    Layout that the markup states goes first; else the header ends above the first row that prints a figure which is
    no year and no column number, and the stub takes the leading columns that print words, years or serial numbers.
    """
    by_row: dict[int, list[Cell]] = defaultdict(list)
    for cell in grid.cells:
        text = cell.text
        if text and not text.isspace():
            by_row[cell.row].append(cell)
    figures = {at for at, several in readings.items() if several and several[0].value is not None}
    absent: set[Position] = set()
    for at in readings.keys() - figures if len(figures) < len(readings) else ():
        if readings[at]:
            (figures if any(r.value is not None for r in readings[at]) else absent).add(at)
    header = _header_rows(grid, by_row, figures, absent)
    return header, _stub_cols(grid, by_row, figures, absent, header)


def _header_rows(grid: Grid, by_row: dict[int, list[Cell]], figures: set[Position], absent: set[Position]) -> int:
    said = grid.header_rows
    marked = 0
    while marked < grid.n_rows and (row := by_row.get(marked)) and all(c.header for c in row):
        marked += 1
    if said or marked:
        return min(max(said, marked), grid.n_rows)
    header = 0
    for r in range(grid.n_rows):
        row = by_row.get(r, [])
        beyond = [c for c in row if c.col > 0 or grid.n_cols == 1]
        numbers = [c for c in beyond if (c.row, c.col) in figures]
        if not numbers:
            # a row of words or nothing: header as long as no figure has come
            if beyond and any((c.row, c.col) in absent for c in beyond) and any(c.col == 0 for c in row) and r > 0:
                break
            header = r + 1
            continue
        words = [c for c in beyond if (c.row, c.col) not in figures and (c.row, c.col) not in absent]
        if _is_label_row(row, numbers, words, r):
            header = r + 1
            continue
        break
    else:
        return 0 if not figures else _before_first_figure(figures)
    # words between header and body that stand in the stub alone name a section of the body, not a column
    while header > 0:
        row = by_row.get(header - 1, [])
        if row and all(c.col == 0 and c.colspan < max(2, grid.n_cols) for c in row) and header > 1 and grid.n_cols > 1:
            header -= 1
        else:
            break
    return header


def _before_first_figure(figures: set[Position]) -> int:
    return min(r for r, _ in figures)


def _is_label_row(row: list[Cell], numbers: list[Cell], words: list[Cell], r: int) -> bool:
    """Whether the numbers of this row label its columns: years, or column numbers 1, 2, 3 …"""
    texts = [c.text for c in numbers]
    stub = next((c.text for c in row if c.col == 0), "")
    if all(is_year(t) for t in texts):
        years = [int(m.group()) for t in texts if (m := re.search(r"\d{4}", t))]
        if len(years) > 1:
            steps = {b - a for a, b in pairwise(years)}
            return steps <= {0, 1} or steps <= {0, -1} or len(steps) == 1 or not stub.strip() or r == 0
        return not stub.strip() or r == 0 or bool(words)
    if all(_ORDINAL.match(t) for t in texts) and len(texts) > 2 and not stub.strip():
        numbers_said = [int(re.sub(r"\D", "", t)) for t in texts]
        first = numbers_said[0]
        return first in (0, 1, 2) and numbers_said == list(range(first, first + len(texts)))
    return False


def _stub_cols(
    grid: Grid, by_row: dict[int, list[Cell]], figures: set[Position], absent: set[Position], header: int
) -> int:
    columns: dict[int, list[Cell]] = defaultdict(list)
    for r, row in by_row.items():
        if r >= header:
            for cell in row:
                columns[cell.col].append(cell)
    stub = 0
    for c in range(grid.n_cols - 1):
        column = columns.get(c, [])
        printed = [cell for cell in column if (cell.row, cell.col) not in absent]
        numbers = [cell for cell in printed if (cell.row, cell.col) in figures]
        labels = len(printed) - len(numbers) + sum(is_year(cell.text) for cell in numbers)
        if numbers and (_serial(numbers) or all(_CODE.match(cell.text) for cell in numbers)) and c <= 1:
            labels = len(printed)
        if not column:
            if c == 0 or stub == c:
                stub = c + 1
            continue
        if labels * 2 > len(printed) or (not printed and stub == c and c == 0):
            stub = c + 1
        else:
            break
    # trailing empty columns are no stub: the stub ends at its last column that prints something
    while stub > 0 and not columns.get(stub - 1):
        stub -= 1
    return stub


def _serial(numbers: list[Cell]) -> bool:
    """Whether a column counts its rows: 1, 2, 3, … with no step but 0 or 1, three of them at least."""
    if len(numbers) < 3:
        return False
    said: list[int] = []
    for cell in numbers:
        digits = _NO_DIGIT.sub("", cell.text)
        if not 0 < len(digits) < 4 or (not said and int(digits) not in (0, 1)):
            return False
        said.append(int(digits))
    return all(b - a == 1 for a, b in pairwise(said))
