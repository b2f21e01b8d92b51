"""Tables of pages → Grids of the contract.

What belongs here: texts, marks, indentation and places of cells.  What must never stand here: moving a cell.
"""

from __future__ import annotations

from pipelines.model import Cell, Grid, Place
from pipelines.read.pdf.geometry import Sheet, Word, hull
from pipelines.read.pdf.tables import Slot, Table
from pipelines.read.pdf.words import join


def cell_of(slot: Slot, sheet: Sheet, row: int, header: bool) -> Cell:
    """The cell of a slot; its place is the hull of its words, or the slot's own box where it is blank."""
    lines = slot.lines
    text = "\n".join(join(line) for line in lines)
    bare = "\n".join(t for t in (join(line, bare=True) for line in lines) if t)
    marks = tuple(m for line in lines for w in line for m in w.marks)
    box = hull([w.box for w in slot.words]) if slot.words else slot.box
    return Cell(
        row,
        slot.c0,
        text,
        bare,
        Place(page=sheet.number, box=sheet.place(box)),
        rowspan=slot.r1 - slot.r0 + 1,
        colspan=slot.c1 - slot.c0 + 1,
        marks=marks,
        indent=0,
        header=header,
    )


def grid_of(table: Table, sheet: Sheet, ordinal: int) -> Grid:
    """One page's table as a Grid."""
    cells = tuple(cell_of(slot, sheet, slot.r0, False) for slot in sorted(table.slots, key=lambda s: (s.r0, s.c0)))
    words: list[Word] = [w for s in table.slots for w in s.words]
    place = Place(page=sheet.number, box=sheet.place(hull([table.box, *(w.box for w in words)])))
    return Grid(
        ordinal,
        table.kind,
        table.n_rows,
        table.n_cols,
        cells,
        place,
        header_rows=table.header_rows,
        caption=table.caption,
        notes=tuple(table.notes),
        is_form=False,
        parts=(place,),
    )
