"""Comma and point of a whole table: which cells speak of it, and what happens where it stays open.

English and Chinese releases group thousands with commas, and only a cell of the body that is one figure as a whole can
speak against that.  Its word alone is not enough ("1,5" may be two notes, or 15 with a slip): the printed totals must
hold by the continental convention and fail by the English one.  Else the table's convention is open, and none of its
figures may load.  What must never stand here: how a figure is read (`numbers`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from pipelines.model import Basis, CellProof, Grid, Reading, TableProof, Verdict, weakest
from pipelines.prove import frame, numbers
from pipelines.prove.numbers import Convention
from pipelines.prove.sheet import Position

_GROUPED = re.compile(r"(?<![\d.,])\d{1,3},\d{3}(?![\d.,])")
OPEN_ARGUMENT = "Whether a comma separates thousands or decimals in this table stays open; nothing of it loads."


def speaks_of_decimal_commas(grid: Grid, readings: Mapping[Position, tuple[Reading, ...]]) -> bool:
    """Whether some cell of the body is one figure that only decimal commas explain, and none shows decimal points."""
    header, stub = frame.find(grid, readings)
    # a first line "1,5" or "18,24歲" heads the others even where it reads as a figure
    body = (c for c in grid.cells if c.row >= max(header, 1) and c.col >= max(stub, 1))
    return numbers.convention(c.bare for c in body) is Convention.CONTINENTAL


def is_settled_by_totals(proof: TableProof) -> bool:
    """Whether printed totals hold exactly by the convention that the proof took, and none fails."""
    return all(i.holds for i in proof.identities) and any(i.exact and i.basis is Basis.LABEL for i in proof.identities)


def reaches_commas(proof: TableProof) -> bool:
    """Whether an identity reaches every figure that the other convention would read a thousand times as large.

    One "2.000" among thousands with commas is a slip, even if the sums of another column hold at a thousandth too.
    """
    doubtful = {(c.row, c.col) for c in proof.grid.cells if _GROUPED.search(c.bare)}
    return all(c.identities for c in proof.cells if (c.row, c.col) in doubtful)


def withhold(proof: TableProof) -> TableProof:
    """The proof of a table whose convention stays open: every figure ambiguous."""
    return replace(
        proof,
        cells=tuple(_open(c) for c in proof.cells),
        verdict=weakest([Verdict.AMBIGUOUS, proof.verdict]),
        proved_share=0.0,
        argument=f"{OPEN_ARGUMENT} {proof.argument}",
    )


def withhold_doubtful(proof: TableProof) -> TableProof:
    """The proof of a table with commas for thousands, cells that only decimal commas explain being ambiguous."""
    texts = {(c.row, c.col): c.bare for c in proof.grid.cells}
    cells = tuple(
        _open(c) if numbers.convention([texts.get((c.row, c.col), "")]) is Convention.CONTINENTAL else c
        for c in proof.cells
    )
    return replace(proof, cells=cells, verdict=weakest([proof.verdict, *(c.verdict for c in cells)]))


def _open(cell: CellProof) -> CellProof:
    if not any(r.value is not None for r in cell.readings) or cell.correction:
        return cell
    if cell.verdict is Verdict.CONTRADICTED:
        return cell
    return cell._replace(verdict=Verdict.AMBIGUOUS, argument=OPEN_ARGUMENT)
