"""A document: every grid in turn, corrections put in, findings collected.

What must never stand here: arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipelines.model import (
    Correction,
    Document,
    DocumentProof,
    Finding,
    Frame,
    Grid,
    Reading,
    Severity,
    TableProof,
    Verdict,
    cell_id,
    table_id,
)
from pipelines.prove import conventions, notes, restated, sentences
from pipelines.prove.judge import judge
from pipelines.prove.layout import Laid, decides, lay_out
from pipelines.prove.restated import Restated
from pipelines.prove.sheet import Position

ROOM = "prove"


def prove_document(document: Document, corrections: Sequence[Correction] = ()) -> DocumentProof:
    """The judgement of every grid of the document, in order of their ordinals.

    Never raises on a strange table: it gets no verdict but UNPROVED, and a finding says what went wrong.
    """
    ours = [c for c in corrections if c.content_hash == document.content_hash]
    remarks = [p.text for p in document.paragraphs if p.role == "note" or notes.speaks_of_totals(p.text)]
    first, said = _each(document, ours, (), remarks)
    elsewhere = restated.in_prose(document.paragraphs)
    for proof in first:
        elsewhere.extend(restated.totals(proof))
    if not elsewhere:
        return DocumentProof(document.id, first, (*said, *_in_sentences(document)))
    tables, said = _each(document, ours, elsewhere, remarks)
    return DocumentProof(document.id, tables, (*said, *_in_sentences(document)))


def _in_sentences(document: Document) -> list[Finding]:
    """Sums and shares that a sentence works out wrongly; one that a habit of rounding explains is only mentioned."""
    return [
        Finding(
            ROOM,
            "share-not-met" if said.kind == "ratio" else "prose-sum-not-met",
            Severity.INFO if said.how else Severity.WARNING,
            f"The text says: {said.statement}.",
            "Take the share from the figures themselves." if said.kind == "ratio" else "Compare with the source.",
            document.id,
        )
        for said in sentences.claims(document.paragraphs)
        if not said.holds
    ]


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
    laid = lay_out(grid, elsewhere)
    applied, readings, findings = _corrected(laid, grid, corrections, document_id)
    proof = judge(
        laid.grid,
        readings,
        document_id,
        sources=laid.sources,
        corrections=applied,
        considered=laid.considered,
        elsewhere=elsewhere,
        remarks=remarks,
    )
    if laid.other is not None:
        proof = _by_convention(laid, proof, elsewhere, remarks, document_id, bool(applied))
    if laid.argument:
        proof = replace(proof, argument=f"{proof.argument} {laid.argument}")
    findings.extend(_findings(proof, document_id))
    return proof, findings


def _by_convention(
    laid: Laid,
    proof: TableProof,
    elsewhere: Sequence[Restated],
    remarks: Sequence[str],
    document_id: str,
    corrected: bool,
) -> TableProof:
    """The proof by the convention for comma and point that the printed totals decide for, the language's own first;
    a table that speaks for decimal commas and whose totals decide nothing is withheld."""
    if laid.has_decimal_commas and conventions.is_settled_by_totals(proof):
        return conventions.withhold_doubtful(proof)
    if laid.other is not None and not corrected:
        other = judge(laid.grid, laid.other, document_id, considered=2, elsewhere=elsewhere, remarks=remarks)
        if decides(other, proof):
            return other
    return conventions.withhold(proof) if laid.has_decimal_commas else proof


def _corrected(
    laid: Laid, grid: Grid, corrections: Sequence[Correction], document_id: str
) -> tuple[dict[Position, str], dict[Position, tuple[Reading, ...]], list[Finding]]:
    """(names of the corrections applied, by cell; the readings with them; findings on those that do not apply).

    A correction names a cell of the grid as read; in a flattened one, a cell that was split off that line.
    """
    readings = dict(laid.readings)
    applied: dict[Position, str] = {}
    findings: list[Finding] = []
    for correction in corrections:
        named = (correction.row, correction.col)
        here = [c for c in laid.grid.cells if laid.sources.get((c.row, c.col), (c.row, c.col)) == named]
        standing = [c for c in here if c.text == correction.expected_text]
        if len(standing) == 1:
            at = (standing[0].row, standing[0].col)
            old = next((r for r in readings.get(at, ()) if r.value is not None), Reading(None))
            readings[at] = (replace(old, value=correction.reading, absence=None),)
            applied[at] = correction.name
            continue
        printed = next((c.text for c in grid.cells if (c.row, c.col) == named), None)
        stands = "no such cell" if printed is None else repr(printed)
        findings.append(
            Finding(
                ROOM,
                "correction-not-applied",
                Severity.WARNING,
                f"The correction {correction.name!r} expects {correction.expected_text!r}; there is {stands}.",
                "Look at the source: it may have been mended. Then retire the correction.",
                document_id or None,
                table_id(document_id, grid.ordinal),
                cell_id(table_id(document_id, grid.ordinal), *named),
            )
        )
    return applied, readings, findings


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
