"""Columns from text: where the gaps of several lines agree.

What belongs here: separators from projections of chunks.  What must never stand here: rows, spans, finding tables.
"""

from __future__ import annotations

from pipelines.read.pdf.chunks import Chunk

_STEP = 0.5


def separators(lines: list[list[Chunk]], x0: float, x1: float) -> list[float]:
    """x positions between the columns of `lines` (rows of figures; headers and headings left out), left to right.

    A separator is a strip that (nearly) no line crosses, wider than a space between words, with columns on both
    sides that hold text in more than one line.
    """
    strips = free_strips(lines, x0, x1)
    return _supported(lines, strips)


def free_strips(lines: list[list[Chunk]], x0: float, x1: float) -> list[tuple[float, float]]:
    """Strips (lo, hi) within x0..x1 that at most a few lines cross, none at the outer ends."""
    if not lines:
        return []
    cells = max(1, int((x1 - x0) / _STEP) + 1)
    crossing = [0] * (cells + 1)
    for chunks in lines:
        for chunk in chunks:
            lo = max(0, int((chunk.x0 - x0) / _STEP))
            hi = min(cells, int((chunk.x1 - x0) / _STEP) + 1)
            if lo < hi:
                crossing[lo] += 1
                crossing[hi] -= 1
    allowed = len(lines) // 12
    strips: list[tuple[float, float]] = []
    depth, start = 0, 0
    free = True
    for k in range(cells + 1):
        depth += crossing[k]
        if depth > allowed and free:
            strips.append((x0 + start * _STEP, x0 + k * _STEP))
            free = False
        elif depth <= allowed and not free:
            start, free = k, True
    strips = strips[1:] if strips and strips[0][0] <= x0 else strips
    height = max(c.bottom - c.top for chunks in lines for c in chunks)
    return [s for s in strips if s[1] - s[0] >= 0.3 * height]


def _supported(lines: list[list[Chunk]], strips: list[tuple[float, float]]) -> list[float]:
    """Middles of the strips that part columns with text in at least two lines (or in half of fewer than four)."""
    kept = list(strips)
    need = 2 if len(lines) >= 3 else 1
    changed = True
    while changed and kept:
        changed = False
        edges = [-1e9, *[(a + b) / 2 for a, b in kept], 1e9]
        for k in range(len(edges) - 1):
            held = sum(any(edges[k] < (c.x0 + c.x1) / 2 < edges[k + 1] for c in chunks) for chunks in lines)
            if held < need:
                # an unsupported column goes to the neighbour across the narrower strip
                left = kept[k - 1][1] - kept[k - 1][0] if k > 0 else 1e9
                right = kept[k][1] - kept[k][0] if k < len(kept) else 1e9
                kept.pop(k - 1 if left <= right else k)
                changed = True
                break
    return [(a + b) / 2 for a, b in kept]
