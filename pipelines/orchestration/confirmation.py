"""Figures of a PDF that would load, held against a second decoder: where the two differ the figure is withheld.

Belongs here: what becomes of a figure on which the decoders disagree.  Must never: decode, or import Dagster.
"""

from __future__ import annotations

from dataclasses import replace

from pipelines.model import Document, Fate, Finding, Severity, ShapeResult, cell_id, table_id


def confirm_figures(result: ShapeResult, document: Document, data: bytes) -> ShapeResult:
    """`result` without the observations whose cells a second decoder reads differently; those go to quarantine."""
    from pipelines.read.pdf.second_decoder import find_disagreements

    wanted = {o.cell_id for o in result.observations}
    cells, ids = [], []
    for grid in document.grids:
        table = table_id(document.id, grid.ordinal)
        for cell in grid.cells:
            name = cell_id(table, cell.row, cell.col)
            if name in wanted:
                cells.append(cell)
                ids.append((name, table))
    try:
        differing = find_disagreements(data, cells)
    except ValueError as error:
        unconfirmed = Finding(
            "shape",
            "second-decoder-failed",
            Severity.WARNING,
            f"The PDF could not be decoded a second time, so that its figures rest on one decoder: {error}",
            "Compare the figures with the page.",
            document_id=document.id,
        )
        return replace(result, findings=(*result.findings, unconfirmed))
    if not differing:
        return result
    findings = []
    withheld = set()
    for (index, _, _), other in differing.items():
        name, table = ids[index]
        withheld.add(name)
        findings.append(
            Finding(
                "shape",
                "decoders-disagree",
                Severity.WARNING,
                f"One decoder reads “{cells[index].text}”, the other “{other}”; the figure is withheld.",
                "Look at the page; correct the figure in a correction if it is legible.",
                document_id=document.id,
                table_id=table,
                cell_id=name,
                where=str(cells[index].place),
            )
        )
    return replace(
        result,
        observations=tuple(o for o in result.observations if o.cell_id not in withheld),
        dispositions=tuple(
            replace(d, fate=Fate.QUARANTINE, reason="decoders disagree", release="a correction of the cell")
            if d.cell_id in withheld
            else d
            for d in result.dispositions
        ),
        findings=(*result.findings, *findings),
    )
