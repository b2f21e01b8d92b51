"""Where every numeric cell that was read ends: law 2, counted from the grid as read.

What belongs here: the list of numeric cells of a grid, the named rules by which a cell is no figure, and the folding
of the parts of a flattened line into one fate.  What must never stand here: leaving a cell out.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.model import Cell, Disposition, Fate, Grid, TableProof, cell_id
from pipelines.shape.view import drawn, has_digit

BLANK_FORM = "blank form"
COLUMN_HEADER = "column header"
ROW_LABEL = "row label"
DRAWN_RULE = "drawn rule"

# An absence mark stands for a figure only in the body; in a header or a stub it is decoration.
_ABSENT = frozenset(
    {"-", "--", "---", "─", "–", "—", "−", "…", "……", "***", "nil", "n.a.", "n.a", "na", "n/a", "not applicable"}
    | {"not available", "不適用", "不适用", "沒有", "沒有資料", "没有资料", "無"}
)


@dataclass(frozen=True, slots=True)
class Part:
    """The fate of one numeric cell of the resolved grid."""

    fate: Fate
    reason: str
    release: str = ""


_WORST = (Fate.QUARANTINE, Fate.UNCLAIMED, Fate.FACT, Fate.IGNORED)


def worst(parts: list[Part]) -> Part:
    """One fate for a read cell of several parts: the worst; the first of the equals."""
    return min(parts, key=lambda p: _WORST.index(p.fate))


def numeric(cell: Cell, proof: TableProof, judged: frozenset[tuple[int, int]]) -> bool:
    """Whether a cell as read counts: it holds a digit, or it is an absence mark that the proof judged or that stands
    in the body."""
    text = cell.text.strip()
    if not text:
        return False
    if (cell.row, cell.col) in judged or has_digit(text):
        return True
    frame = proof.frame
    return cell.row >= frame.header_rows and cell.col >= frame.stub_cols and text.casefold() in _ABSENT


def dispositions(
    grid: Grid,
    proof: TableProof,
    document_id: str,
    parts: dict[tuple[int, int], Part],
    otherwise: Part,
) -> list[Disposition]:
    """One disposition for each numeric cell of `grid` (as read), in its order.

    parts      fates of the judged cells of the resolved grid, by their position there
    otherwise  the fate of a numeric cell of the body that the proof did not judge
    """
    by_source: dict[tuple[int, int], list[Part]] = {}
    for judged in proof.cells:
        part = parts.get((judged.row, judged.col), otherwise)
        by_source.setdefault(judged.source, []).append(part)
    sources = frozenset(by_source)
    frame = proof.frame
    # a line of a flattened grid that became nothing but the label of its row
    labels = {(c.row, c.col): c.text for c in proof.grid.cells if c.col == 0} if proof.grid.n_cols > grid.n_cols else {}
    found: list[Disposition] = []
    for cell in grid.cells:
        if not numeric(cell, proof, sources):
            continue
        at = (cell.row, cell.col)
        if drawn(cell):
            part = Part(Fate.IGNORED, DRAWN_RULE)
        elif at in by_source:
            part = worst(by_source[at])
        elif grid.is_form:
            part = Part(Fate.IGNORED, BLANK_FORM)
        elif cell.row < frame.header_rows:
            part = Part(Fate.IGNORED, COLUMN_HEADER)
        elif labels.get(at) == cell.text if labels else cell.col < frame.stub_cols or cell.header:
            part = Part(Fate.IGNORED, ROW_LABEL)
        else:
            part = otherwise
        found.append(
            Disposition(cell_id(proof.table_id, *at), proof.table_id, document_id, part.fate, part.reason, part.release)
        )
    return found
