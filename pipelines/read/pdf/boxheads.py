"""Tables whose rules box the header alone: the boxes head the unruled rows right below them.

What belongs here: telling such a header from a table, and joining it to its rows.  What must never stand here: how
rows and columns without rules are found.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise

from pipelines.model import GridKind
from pipelines.read.pdf.chunks import is_number
from pipelines.read.pdf.geometry import Rule, hull
from pipelines.read.pdf.rows import table_of
from pipelines.read.pdf.stream import YEAR, Block, Line
from pipelines.read.pdf.tables import Slot, Table
from pipelines.read.pdf.words import join

_MOST_LEVELS = 6


def is_head(table: Table) -> bool:
    """Whether a ruled table may be a mere header: few rows, and no figure but years and column numbers."""
    if table.n_rows > _MOST_LEVELS or table.n_cols < 2:
        return False
    for slot in table.slots:
        said = " ".join(join(line, bare=True) for line in slot.lines)
        if said and is_number(said) and not YEAR.match(said) and not said.strip("()").isdigit():
            return False
    return True


def is_row(table: Table) -> bool:
    """Whether a ruled table is one row of boxes, two or more of them with text: perhaps the header of what is below."""
    filled = [s for s in table.slots if s.words]
    return len(filled) >= 2 and table.n_rows == 1 and is_head(table)


def headed(head: Table, block: Block, lines: list[Line], across: list[Rule]) -> tuple[Table, list[Line]] | None:
    """The table of a boxed header and the block right below it, and the lines it took; None where they do not fit.

    `lines` are the free lines of the region.  They fit where the rows begin right below the boxes, within their
    width, and (nearly) none of their chunks crosses a border between two boxes.
    """
    x0, x1 = head.box[0], head.box[2]
    size = block.body[0].size
    below = [
        line for line in lines if line.base > head.box[3] - 0.2 * size and line.bottom <= block.body[-1].bottom + 1
    ]
    below = [line for line in below if line.x0 > x0 - 2 * size and line.x1 < x1 + 2 * size]
    if len(below) < 2 or block.body[-1] not in below or below[0].top - head.box[3] > 1.5 * size:
        return None
    inside = [line for line in lines if head.box[1] < line.base < head.box[3] + 0.2 * size and x0 < line.x0 < x1]
    own = [line for line in (*block.header, *block.body) if line not in below and line not in inside]
    if own or any(b.top - a.bottom > 2.3 * size for a, b in pairwise(below)):
        return None
    inner = head.xs[1:-1]
    rows = [line for line in below if line.figures]
    crossing = sum(any(c.x0 + 2 < x < c.x1 - 2 for c in line.chunks for x in inner) for line in rows)
    held = {bisect_right(inner, (c.x0 + c.x1) / 2) for line in rows for c in line.chunks}
    if not rows or crossing > 0.1 * len(rows) or len(held) < max(2, 0.6 * head.n_cols):
        return None
    left, right = min(line.x0 for line in below) - 1, max(line.x1 for line in below) + 1
    body = table_of(head.page, Block([], below, [min(x0, left), *inner, max(x1, right)], True), across)
    levels = head.n_rows
    slots = [*head.slots, *(Slot(s.r0 + levels, s.r1 + levels, s.c0, s.c1, s.words, s.box) for s in body.slots)]
    ys = [*head.ys[:-1], (head.ys[-1] + body.ys[0]) / 2, *body.ys[1:]]
    box = hull([head.box, body.box])
    return Table(head.page, GridKind.RULED, head.xs, ys, slots, header_rows=levels, box=box), inside + below
