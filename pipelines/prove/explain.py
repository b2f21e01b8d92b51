"""The argument of a verdict, for a person to follow with a pencil.

What must never stand here: a judgement of its own.
"""

from __future__ import annotations

from pipelines.model import TableProof, Verdict


def explain(proof: TableProof) -> str:
    """The verdict's argument: its identities with their sums written out as printed, and what was decided by them."""
    lines = [f"{proof.table_id}: {proof.argument}"]
    if proof.readings_considered > 1:
        lines.append(f"{proof.readings_considered} readings of the table were possible.")
    for identity in proof.identities:
        state = "holds exactly" if identity.exact else "holds" if identity.holds else "FAILS"
        note = f"; explained: {identity.explained}" if identity.explained else ""
        lines.append(f"  {identity.statement}   [{identity.basis}, {state}, chance ≤ {identity.chance:.1e}{note}]")
    for cell in proof.cells:
        if cell.verdict in (Verdict.CONTRADICTED, Verdict.AMBIGUOUS):
            lines.append(f"  row {cell.row}, column {cell.col}: {cell.verdict}. {cell.argument}")
    return "\n".join(lines)
