"""The argument of a verdict, for a person to follow with a pencil.

What must never stand here: a judgement of its own.
"""

from __future__ import annotations

from pipelines.model import TableProof, Verdict


def explain(proof: TableProof) -> str:
    """The verdict's argument: its identities with their sums written out as printed, and what was decided by them."""
    lines = [f"{proof.table_id}: {proof.argument}"]
    if proof.readings_considered > 1:
        lines.append(f"{proof.readings_considered:,} combinations of readings were possible; what follows leaves one.")
    frame = proof.frame
    lines.append(
        f"  {frame.header_rows} header rows, {frame.stub_cols} label columns; totals: "
        f"rows {_listed(frame.total_rows)}, columns {_listed(frame.total_cols)}."
    )
    for identity in proof.identities:
        state = "holds exactly" if identity.exact else "holds within rounding" if identity.holds else "FAILS"
        note = f"; explained by the note: {identity.explained}" if identity.explained else ""
        lines.append(f"  {identity.statement}   [{identity.basis}, {state}, chance ≤ {identity.chance:.1e}{note}]")
    for cell in proof.cells:
        decided = "readings were possible" in cell.argument
        if cell.verdict in (Verdict.CONTRADICTED, Verdict.AMBIGUOUS) or cell.correction or decided:
            lines.append(f"  row {cell.row}, column {cell.col}: {cell.verdict}. {cell.argument}")
    if not proof.confined:
        lines.append("  The failure cannot be confined: nothing of this table may be used.")
    return "\n".join(lines)


def _listed(numbers: tuple[int, ...]) -> str:
    return ", ".join(map(str, numbers)) or "none"
