"""Law 2, counted: every numeric cell that was read ends somewhere, exactly once.

What belongs here: counting numeric cells from the documents alone, and comparing with the fates that shaping gave.
What must never happen here: asking a later room which cells are numeric.  A rule shared with them would hide what they
both forgot, so this one is its own and cruder: a cell counts where it holds a digit of any script.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from pipelines.model import Disposition, Document, Fate, Finding, Severity, cell_id, table_id

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class CoverageResult:
    """numeric   cells with a digit, in the documents as read
    fates     how many cells of the documents have each fate (absence marks included, so their sum may exceed `numeric`)
    lost      ids of numeric cells without a fate;  doubled: with more than one
    strays    fates of cells that no document holds
    """

    numeric: int
    fates: tuple[tuple[Fate, int], ...]
    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    strays: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def holds(self) -> bool:
        return not (self.lost or self.doubled or self.strays)


def coverage(documents: Iterable[Document], dispositions: Iterable[Disposition]) -> CoverageResult:
    """Whether every numeric cell of the documents has exactly one fate.  Linear in the number of cells.

    Give the documents that were shaped, and all their dispositions.
    """
    cells: dict[str, bool] = {}
    for document in documents:
        for grid in document.grids:
            table = table_id(document.id, grid.ordinal)
            for cell in grid.cells:
                cells[cell_id(table, cell.row, cell.col)] = any(c.isdigit() for c in cell.text)
    given = list(dispositions)
    times = Counter(d.cell_id for d in given)
    numeric = [cell for cell, is_numeric in cells.items() if is_numeric]
    lost = tuple(cell for cell in numeric if cell not in times)
    doubled = tuple(sorted(cell for cell, n in times.items() if n > 1))
    strays = tuple(sorted(cell for cell in times if cell not in cells))
    fates = Counter(d.fate for d in given if d.cell_id in cells)
    findings = (
        *_said("cell-absorbed", "numeric cells were read and have no fate", lost),
        *_said("cell-counted-twice", "cells have more than one fate", doubled),
        *_said("fate-without-cell", "fates are of cells that no document holds", strays),
    )
    return CoverageResult(len(numeric), tuple((f, fates[f]) for f in Fate), lost, doubled, strays, findings)


def _said(code: str, what: str, cells: tuple[str, ...]) -> tuple[Finding, ...]:
    """One finding for each document concerned."""
    by_document: dict[str, list[str]] = {}
    for cell in cells:
        by_document.setdefault(cell.partition("-t")[0], []).append(cell)
    return tuple(
        Finding(
            "check",
            code,
            Severity.ERROR,
            f"{len(of)} {what}: {', '.join(of[:_SHOWN])}{' …' if len(of) > _SHOWN else ''}.",
            "This is a fault of the shaping room; nothing is published until it is mended.",
            document_id=document,
            cell_id=of[0],
        )
        for document, of in by_document.items()
    )
