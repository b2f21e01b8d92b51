"""A document: every grid in turn, corrections put in, findings collected.

What must never stand here: arithmetic.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.model import (
    Basis,
    Correction,
    Document,
    DocumentProof,
    Finding,
    Frame,
    Grid,
    GridKind,
    Reading,
    Severity,
    TableProof,
    Verdict,
    cell_id,
    table_id,
)
from pipelines.prove import notes, numbers, restated
from pipelines.prove.judge import judge
from pipelines.prove.numbers import Convention
from pipelines.prove.restated import Restated
from pipelines.prove.sheet import Position

ROOM = "prove"


def prove_document(document: Document, corrections: Sequence[Correction] = ()) -> DocumentProof:
    """The judgement of every grid of the document, in order of their ordinals.

    Never raises on a strange table: it gets no verdict but UNPROVED, and a finding says what went wrong.
    """
    ours = [c for c in corrections if c.content_hash == document.content_hash]
    remarks = [p.text for p in document.paragraphs if p.role == "note" or notes.speaks_of_totals(p.text)]
    first, _ = _each(document, ours, (), remarks)
    elsewhere = restated.in_prose(document.paragraphs)
    for proof in first:
        elsewhere.extend(restated.totals(proof))
    if not elsewhere:
        return DocumentProof(document.id, *_each(document, ours, (), remarks))
    return DocumentProof(document.id, *_each(document, ours, elsewhere, remarks))


def _each(
    document: Document, ours: Sequence[Correction], elsewhere: Sequence[Restated], remarks: Sequence[str]
) -> tuple[tuple[TableProof, ...], tuple[Finding, ...]]:
    tables: list[TableProof] = []
    findings: list[Finding] = []
    for grid in sorted(document.grids, key=lambda g: g.ordinal):
        try:
            others = [e for e in elsewhere if e.where is None or e.where[0] != grid.ordinal]
            table, said = prove_grid(
                grid, document.id, [c for c in ours if c.table == grid.ordinal], elsewhere=others, remarks=remarks
            )
        except Exception as error:  # one strange table must not take the others with it
            name = table_id(document.id, grid.ordinal)
            table = _unjudged(grid, document.id)
            said = [
                Finding(
                    ROOM,
                    "table-not-judged",
                    Severity.ERROR,
                    f"The table could not be judged: {type(error).__name__}: {error}",
                    "Report the document; none of the figures of this table is proved.",
                    document.id,
                    name,
                )
            ]
        tables.append(table)
        findings.extend(said)
    return tuple(tables), tuple(findings)


def prove_grid(
    grid: Grid,
    document_id: str = "",
    corrections: Sequence[Correction] = (),
    *,
    elsewhere: Sequence[Restated] = (),
    remarks: Sequence[str] = (),
) -> tuple[TableProof, list[Finding]]:
    """The judgement of one grid on its own, with its findings."""
    findings: list[Finding] = []
    convention = numbers.convention(c.bare for c in grid.cells if not _GLUED.search(c.bare))
    readings = _readings(grid, convention)
    applied: dict[Position, str] = {}
    for correction in corrections:
        at = (correction.row, correction.col)
        cell_found = next((c for c in grid.cells if (c.row, c.col) == at), None)
        if cell_found is None or cell_found.text != correction.expected_text:
            stands = "no such cell" if cell_found is None else repr(cell_found.text)
            findings.append(
                Finding(
                    ROOM,
                    "correction-not-applied",
                    Severity.WARNING,
                    f"The correction {correction.name!r} expects {correction.expected_text!r}; there is {stands}.",
                    "Look at the source: it may have been mended. Then retire the correction.",
                    document_id or None,
                    table_id(document_id, grid.ordinal),
                    cell_id(table_id(document_id, grid.ordinal), *at),
                )
            )
            continue
        old = next((r for r in readings.get(at, ()) if r.value is not None), Reading(None))
        readings[at] = (
            Reading(
                correction.reading, old.quantum, old.unit, old.scale, old.approx, None, old.marks, old.start, old.end
            ),
        )
        applied[at] = correction.name
    proof = judge(grid, readings, document_id, corrections=applied, elsewhere=elsewhere, remarks=remarks)
    if convention is not Convention.CONTINENTAL and not applied and any(_POINT.search(c.bare) for c in grid.cells):
        other = judge(
            grid,
            _readings(grid, Convention.CONTINENTAL),
            document_id,
            considered=2,
            elsewhere=elsewhere,
            remarks=remarks,
        )
        if _decides(other, proof):
            proof = other
    findings.extend(_findings(proof, document_id))
    return proof, findings


# "5,4001" may be a figure with a note glued to it: no evidence for decimal commas.
_GLUED = re.compile(r",\d{4,5}(?!\d)")
# "1.234" is a decimal by the English convention and a thousand by the continental one.
_POINT = re.compile(r"(?<![\d.])\d{1,3}\.\d{3}(?![\d.])")


def _readings(grid: Grid, convention: Convention) -> dict[Position, tuple[Reading, ...]]:
    readings: dict[Position, tuple[Reading, ...]] = {}
    if grid.kind is not GridKind.FLATTENED:
        for cell in grid.cells:
            several = numbers.parse(cell.bare, marks=cell.marks, convention=convention)
            if several:
                readings[(cell.row, cell.col)] = several
    return readings


def _decides(other: TableProof, proof: TableProof) -> bool:
    """Whether the sums of the table settle its convention: printed totals fail by the one and hold by the other."""
    return (
        any(not i.holds for i in proof.identities)
        and all(i.holds for i in other.identities)
        and any(i.exact and i.basis is Basis.LABEL for i in other.identities)
    )


def _findings(proof: TableProof, document_id: str) -> list[Finding]:
    out = []
    for identity in proof.identities:
        if not identity.holds and not identity.explained:
            out.append(
                Finding(
                    ROOM,
                    "total-not-met",
                    Severity.ERROR,
                    identity.statement,
                    "Compare with the source; if the source errs, write a correction.",
                    document_id or None,
                    proof.table_id,
                    cell_id(proof.table_id, identity.total.row, identity.total.col),
                )
            )
    ambiguous = [c for c in proof.cells if c.verdict is Verdict.AMBIGUOUS]
    if ambiguous:
        out.append(
            Finding(
                ROOM,
                "ambiguous-cells",
                Severity.WARNING,
                f"{len(ambiguous)} cells allow more than one reading and no sum decides.",
                "Compare with the source and write corrections.",
                document_id or None,
                proof.table_id,
            )
        )
    return out


def _unjudged(grid: Grid, document_id: str) -> TableProof:
    return TableProof(
        table_id(document_id, grid.ordinal),
        grid,
        Frame(0, 0),
        (),
        (),
        Verdict.UNPROVED,
        0.0,
        "The table could not be judged.",
        confined=False,
    )
