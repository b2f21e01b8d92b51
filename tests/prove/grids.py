"""Grids from bare strings, for tests of the proof."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from pipelines.model import (
    Cell,
    CellProof,
    Document,
    Grid,
    GridKind,
    Medium,
    Paragraph,
    Place,
    ReleaseFacts,
    TableProof,
)
from pipelines.prove import prove_grid

SHARED = Path(__file__).resolve().parents[3] / "shared"


def shared(path: str) -> Path:
    found = SHARED / path
    if not found.exists():
        pytest.skip(f"../shared is absent: {path}")
    return found


def grid(rows: Sequence[Sequence[str]], notes: Sequence[str] = (), caption: str = "", ordinal: int = 0) -> Grid:
    width = max(map(len, rows))
    cells = []
    for r, row in enumerate(rows):
        for c in range(width):
            text = row[c] if c < len(row) else ""
            cells.append(Cell(r, c, text, text, Place(line=r + 1)))
    return Grid(ordinal, GridKind.MARKUP, len(rows), width, tuple(cells), Place(), 0, caption, tuple(notes))


def proof(rows: Sequence[Sequence[str]], notes: Sequence[str] = (), caption: str = "") -> TableProof:
    table, _ = prove_grid(grid(rows, notes, caption), "0" * 16)
    return table


def document(*blocks: Grid | str) -> Document:
    made = tuple(Paragraph(b, Place()) if isinstance(b, str) else b for b in blocks)
    return Document("0" * 16, "hash", "body", Medium.HTML, "utf-8", "", ReleaseFacts(), made)


def cell(table: TableProof, row: int, col: int) -> CellProof:
    return next(c for c in table.cells if (c.row, c.col) == (row, col))


def verdicts(table: TableProof) -> set[str]:
    """The verdicts of the cells that print a figure."""
    return {str(c.verdict) for c in table.cells if any(r.value is not None for r in c.readings)}
