"""The argument of a verdict, for a person to follow with a pencil.

What must never stand here: a judgement of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from pipelines.model import Basis, CellProof, Identity, TableProof, Verdict

_BASIS = {
    Basis.LABEL: "Claimed by a label",
    Basis.ARITHMETIC: "Found by adding up and dividing, no label asked",
    Basis.PROSE: "Said in the text of the document",
    Basis.DOCUMENT: "Printed again in another table of the document",
    Basis.CARD: "Declared by the series card",
}
_IF_THIS = "; if it is this one, "


def explain(proof: TableProof) -> str:
    """The verdict's argument: its identities with their sums written out as printed, and what was decided by them."""
    lines = [f"{proof.table_id} is {proof.argument}"]
    if proof.readings_considered > 1:
        lines.append(f"{proof.readings_considered:,} combinations of readings were possible; what follows leaves one.")
    frame = proof.frame
    lines.append(
        f"  {_counted(frame.header_rows, 'header row')}, {_counted(frame.stub_cols, 'label column')}; totals: "
        f"rows {_listed(frame.total_rows)}, columns {_listed(frame.total_cols)} (counted from 0)."
    )
    for identities in _alike(proof.identities):
        first = identities[0]
        together = "" if len(identities) == 1 else " together"
        lines.append(f"  {_BASIS[first.basis]} (luck would meet it{together} with a chance of at most {_odds(first)}):")
        lines.extend(f"    {_state(i)}  {i.statement}{_note(i)}" for i in identities)
    lines.extend(_cells(proof.cells))
    if not proof.confined:
        lines.append("  The failure cannot be confined: nothing of this table may be used.")
    return "\n".join(lines)


def _alike(identities: Sequence[Identity]) -> list[list[Identity]]:
    """Identities of one rule stand one below the other: the same basis, kind and chance."""
    return [list(same) for _, same in groupby(identities, key=lambda i: (i.basis, i.kind, i.chance))]


def _odds(identity: Identity) -> str:
    return f"{identity.chance:.1e}" if identity.chance < 0.001 else f"{identity.chance:.2g}"


def _state(identity: Identity) -> str:
    if not identity.holds:
        return "FAILS           "
    return "holds exactly   " if identity.exact else "within rounding "


def _note(identity: Identity) -> str:
    return f"   (the note explains it: {identity.explained})" if identity.explained else ""


def _cells(cells: Sequence[CellProof]) -> list[str]:
    """Cells that a person must look at.  Those with one argument are named together, what each would need beside it."""
    said: dict[str, list[str]] = {}
    for cell in cells:
        decided = "readings were possible" in cell.argument
        if cell.verdict in (Verdict.CONTRADICTED, Verdict.AMBIGUOUS) or cell.correction or decided:
            why, _, needs = cell.argument.partition(_IF_THIS)
            where = f"row {cell.row}, column {cell.col}"
            if needs:
                where += f" ({needs.rstrip('.')})"
            said.setdefault(f"{cell.verdict}: {why.rstrip('.')}.", []).append(where)
    return [f"  {why}\n    {'; '.join(where)}" for why, where in said.items()]


def _counted(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def _listed(numbers: tuple[int, ...]) -> str:
    return ", ".join(map(str, numbers)) or "none"
