"""Tables of pages → Grids of the contract; a table that runs over pages becomes one Grid.

What belongs here: texts, marks, indentation, places of cells, stitching.  What must never stand here: deciding where a
cell begins or ends on its page.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from pipelines.model import Cell, Grid, GridKind, Place
from pipelines.read.marks import split_marks
from pipelines.read.pdf.chunks import is_number, leaders_of
from pipelines.read.pdf.geometry import Sheet, Word, hull
from pipelines.read.pdf.tables import Slot, Table
from pipelines.read.pdf.words import join


@dataclass(slots=True)
class Part:
    """A table on its page.  `first`, `last`: whether content stands above or below it on the page."""

    table: Table
    sheet: Sheet
    first: bool = False
    last: bool = False


def cell_of(slot: Slot, sheet: Sheet, row: int, header: bool, left: float | None) -> Cell:
    """The cell of a slot; its place is the hull of its words, or the slot's own box where it is blank."""
    lines = slot.lines
    text = "\n".join(join(line) for line in lines)
    raised = tuple(m for line in lines for w in line for m in w.marks)
    said = []
    for line in lines:
        kept = [w for w, led in zip(line, leaders_of(line), strict=True) if not led]
        said.append(join(kept, bare=True).rstrip("…·") if kept else "")
    bare, trailing = split_marks("\n".join(t for t in said if t))
    box = hull([w.box for w in slot.words]) if slot.words else slot.box
    indent = 0
    if left is not None and lines and slot.c0 == 0:
        indent = max(0, round((min(w.x0 for w in slot.words) - left) / (0.45 * slot.words[0].size)))
    return Cell(
        row,
        slot.c0,
        text,
        bare,
        Place(page=sheet.number, box=sheet.place(box)),
        rowspan=slot.r1 - slot.r0 + 1,
        colspan=slot.c1 - slot.c0 + 1,
        marks=raised + trailing,
        indent=indent,
        header=header,
    )


def _left(table: Table) -> float | None:
    """Where the labels of the first column begin, if most of them begin together; else None (they are centred)."""
    starts = [min(w.x0 for w in s.words) for s in table.slots if s.words and s.c0 == 0 and s.r0 >= table.header_rows]
    if len(starts) < 3:
        return None
    seen = Counter(round(x / 2) for x in starts)
    shared = sum(n for n in seen.values() if n >= 2)
    return min(starts) if shared >= 0.6 * len(starts) else None


def place_of(table: Table, sheet: Sheet) -> Place:
    """The box of a table with all its words."""
    words: list[Word] = [w for s in table.slots for w in s.words]
    return Place(page=sheet.number, box=sheet.place(hull([table.box, *(w.box for w in words)])))


def grid_of(parts: list[Part], ordinal: int) -> Grid:
    """One Grid of the parts of a table; the header that later parts repeat is left out of them."""
    head = parts[0].table
    repeated = min((same_rows(head, p.table) for p in parts[1:]), default=0)
    header_rows = max(head.header_rows, repeated)
    cells: list[Cell] = []
    row = 0
    for n, part in enumerate(parts):
        skip = same_rows(head, part.table) if n else 0
        left = _left(part.table)
        for slot in sorted(part.table.slots, key=lambda s: (s.r0, s.c0)):
            if slot.r0 >= skip:
                at = row + slot.r0 - skip
                cells.append(cell_of(slot, part.sheet, at, n == 0 and slot.r0 < repeated, left))
        row += part.table.n_rows - skip
    places = tuple(place_of(p.table, p.sheet) for p in parts)
    return Grid(
        ordinal,
        head.kind,
        row,
        head.n_cols,
        tuple(cells),
        places[0],
        header_rows=header_rows,
        caption=head.caption,
        notes=tuple(note for p in parts for note in p.table.notes),
        is_form=_is_form(cells, header_rows),
        parts=places,
    )


def _is_form(cells: list[Cell], header_rows: int) -> bool:
    body = [c for c in cells if c.row >= header_rows and c.col > 0]
    blank = sum(not c.text for c in body)
    return bool(body) and blank >= 0.5 * len(body) and not any(is_number(c.bare) for c in body)


def _rows(table: Table, count: int) -> list[tuple[tuple[int, str], ...]]:
    """Column and text of each filled cell of the first rows."""
    out: list[list[tuple[int, str]]] = [[] for _ in range(count)]
    for slot in table.slots:
        if slot.r0 < count and slot.words:
            out[slot.r0].append((slot.c0, "".join(join(line) for line in slot.lines)))
    return [tuple(sorted(row)) for row in out]


def same_rows(first: Table, later: Table) -> int:
    """How many rows at the top of `later` repeat those of `first`: its header, printed again."""
    if first.n_cols != later.n_cols:
        return 0
    most = min(first.n_rows - 1, later.n_rows - 1, 8)
    a, b = _rows(first, most), _rows(later, most)
    count = 0
    while count < most and a[count] == b[count]:
        count += 1
    spanned = max((s.r1 for s in later.slots if s.r0 < count), default=-1) + 1
    told = sum(len(row) for row in b[:count])
    return count if told >= 2 and spanned <= count else 0


def goes_on(part: Part, later: Part) -> bool:
    """Whether `later`, on the next page, is the same table going on."""
    a, b = part.table, later.table
    if later.sheet.number != part.sheet.number + 1 or a.n_cols != b.n_cols:
        return False
    if not later.first:
        return False
    if same_rows(a, b):
        return True
    if not part.last or b.header_rows or a.kind != b.kind or a.kind is not GridKind.RULED:
        return False
    return all(abs(x - y) <= 6 for x, y in zip(a.xs, b.xs, strict=True)) and any(
        is_number("".join(join(line, bare=True) for line in s.lines)) for s in b.slots if s.r0 == 0 and s.words
    )
