"""Charts are no tables: told by bars of unequal length, and by slanted or curved strokes behind the text.

What belongs here: the shapes that are drawn.  What must never stand here: words, columns.
"""

from __future__ import annotations

from pipelines.read.pdf.geometry import Box, Sheet
from pipelines.read.pdf.stream import Block


def is_chart(block: Block, sheet: Sheet) -> bool:
    """Whether the lines of a block stand in a chart."""
    lines = block.header + block.body
    box = (
        block.xs[0] - 5,
        min(line.top for line in lines) - 5,
        block.xs[-1] + 5,
        max(line.bottom for line in lines) + 5,
    )
    strokes = [b for b in sheet.ink if _meets(b, box) and max(b[2] - b[0], b[3] - b[1]) > 6]
    if len(strokes) >= 3:
        return True
    fills = [b for b in sheet.fills if _meets(b, box)]
    return _bars(fills)


def _meets(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _bars(fills: list[Box]) -> bool:
    """Three or more filled boxes that start from one line and end each elsewhere."""
    standing: dict[int, set[int]] = {}
    lying: dict[int, set[int]] = {}
    for x0, top, x1, bottom in fills:
        standing.setdefault(round(bottom), set()).add(round((bottom - top) / 2))
        lying.setdefault(round(x0), set()).add(round((x1 - x0) / 2))
    return any(len(v) >= 4 for v in (*standing.values(), *lying.values()))
