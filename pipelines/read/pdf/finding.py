"""All tables of a sheet, and the words that are in none.

What belongs here: the order in which the finders are asked, and which finds are no tables after all.
"""

from __future__ import annotations

from pipelines.read.pdf.geometry import Sheet, Word
from pipelines.read.pdf.lattice import components, lattice, merged, pour
from pipelines.read.pdf.tables import Table, tidy


def tables_of(sheet: Sheet) -> tuple[list[Table], list[Word]]:
    """Tables from top to bottom, and the words outside of them."""
    across, down = merged(sheet.across), merged(sheet.down)
    words = sheet.words
    found: list[Table] = []
    for hs, vs in components(across, down):
        table = lattice(sheet.number, hs, vs)
        if table is None:
            continue
        rest = pour(table, words)
        if not _is_table(table):
            continue
        words = rest
        tidy(table, 5.0)
        found.append(table)
    found.sort(key=lambda t: (t.box[1], t.box[0]))
    return found, words


def _is_table(table: Table) -> bool:
    filled = [s for s in table.slots if s.words]
    rows = {s.r0 for s in filled}
    cols = {s.c0 for s in filled}
    return len(rows) >= 2 and len(cols) >= 2
