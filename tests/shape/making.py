"""Documents, grids and proofs made by hand, for tests of shaping alone: no reader and no prover in between."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from pipelines.cards import Cards, load
from pipelines.model import (
    Cell,
    CellProof,
    Document,
    DocumentProof,
    Frame,
    Grid,
    GridKind,
    Medium,
    Paragraph,
    Place,
    Reading,
    ReleaseFacts,
    TableProof,
    Verdict,
    table_id,
)

PROJECT = Path(__file__).resolve().parent.parent.parent
PIPELINES = PROJECT / "pipelines"
DOCUMENT = "0123456789abcdef"
_NUMBER = re.compile(r"\(?-?\d[\d, \u00a0]*(?:\.\d+)?\)?")


@lru_cache(maxsize=1)
def cards() -> Cards:
    """The cards of the project, loaded once a test run."""
    return load(PIPELINES / "series", PIPELINES / "vocabulary", PIPELINES / "corrections")


def reading(text: str) -> Reading:
    digits = re.sub(r"[, \u00a0()]", "", text)
    value = -Decimal(digits) if text.startswith("(") else Decimal(digits)
    places = len(digits.partition(".")[2])
    return Reading(value, Decimal(1).scaleb(-places), start=0, end=len(text))


def grid(ordinal: int, rows: list[list[str]], header_rows: int = 1, caption: str = "") -> Grid:
    cells = tuple(Cell(r, c, text, text, Place(line=r + 1)) for r, row in enumerate(rows) for c, text in enumerate(row))
    return Grid(ordinal, GridKind.MARKUP, len(rows), max(map(len, rows)), cells, Place(line=1), header_rows, caption)


def proof(
    of: Grid,
    stub_cols: int = 1,
    verdicts: dict[tuple[int, int], Verdict] | None = None,
    confined: bool = True,
    total_rows: tuple[int, ...] = (),
) -> TableProof:
    """The proof of a grid whose cells each have the one reading that their text shows."""
    verdicts = verdicts or {}
    cells = tuple(
        CellProof(
            c.row, c.col, verdicts.get((c.row, c.col), Verdict.PROVED), (reading(c.text),), (), "made by hand",
            (c.row, c.col),
        )
        for c in of.cells
        if c.row >= of.header_rows and c.col >= stub_cols and _NUMBER.fullmatch(c.text)
    )  # fmt: skip
    frame = Frame(of.header_rows, stub_cols, total_rows)
    return TableProof(table_id(DOCUMENT, of.ordinal), of, frame, cells, (), Verdict.PROVED, 1.0, "", confined=confined)


def document(*blocks: Grid | str, title: str = "LCQ15: Quality Migrant Admission Scheme") -> Document:
    made = tuple(Paragraph(b, Place(line=i)) if isinstance(b, str) else b for i, b in enumerate(blocks))
    return Document(DOCUMENT, DOCUMENT * 4, "body", Medium.HTML, "utf-8", "C", ReleaseFacts(title=title), made)


def judged(*proofs: TableProof) -> DocumentProof:
    return DocumentProof(DOCUMENT, proofs)
