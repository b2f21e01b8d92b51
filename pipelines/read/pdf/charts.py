"""Charts are no tables: told by bars of unequal length, and by slanted or curved strokes behind the text.

What belongs here: the shapes that are drawn.  What must never stand here: words, columns.
"""

from __future__ import annotations

from itertools import pairwise

from pipelines.read.pdf.geometry import Box, Sheet


def is_chart(box: Box, sheet: Sheet) -> bool:
    """Whether what stands in a box is a chart."""
    box = (box[0] - 5, box[1] - 5, box[2] + 5, box[3] + 5)
    strokes = [b for b in sheet.ink if _meets(b, box) and max(b[2] - b[0], b[3] - b[1]) > 6]
    if len(strokes) >= 3:
        return True
    return _bars([b for b in sheet.fills if _meets(b, box)])


def _meets(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _bars(fills: list[Box]) -> bool:
    """Filled boxes that start from one line, end each elsewhere, and stand apart (shaded cells touch)."""
    standing: dict[int, set[tuple[int, float, float]]] = {}
    lying: dict[int, set[tuple[int, float, float]]] = {}
    for x0, top, x1, bottom in fills:
        standing.setdefault(round(bottom), set()).add((round((bottom - top) / 2), x0, x1))
        lying.setdefault(round(x0), set()).add((round((x1 - x0) / 2), top, bottom))
    for bars in (*standing.values(), *lying.values()):
        if len({length for length, _, _ in bars}) < 4:
            continue
        ordered = sorted((lo, hi) for _, lo, hi in bars)
        apart = sum(b[0] - a[1] > 0.15 * (a[1] - a[0]) for a, b in pairwise(ordered))
        if apart >= 0.5 * (len(ordered) - 1):
            return True
    return False
