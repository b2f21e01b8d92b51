"""What the paths of a page draw: straight rules, fills, the boxes of slanted and curved strokes.

What belongs here: paths in page coordinates.  What must never stand here: text, cells, tables.
"""

from __future__ import annotations

import ctypes
import math
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from pipelines.read.pdf.geometry import Box, Rule, hull
from pipelines.read.pdf.page_space import PageSpace

# Rules thicker than this are bars or shaded cells; their edges may still bound cells.
_THICK = 3.0
_MAX_DEPTH = 12


@dataclass(slots=True)
class Drawing:
    """What the paths of a page draw: rules, filled boxes, and the boxes of slanted and curved strokes."""

    across: list[Rule] = field(default_factory=list)
    down: list[Rule] = field(default_factory=list)
    fills: list[Box] = field(default_factory=list)
    ink: list[Box] = field(default_factory=list)
    images: int = 0


def draw_rules(c: Any, page: Any, space: PageSpace) -> Drawing:
    drawn = Drawing()
    _walk(c, page.raw, None, space, drawn, [60_000], 0)
    return drawn


def _matrix(c: Any, obj: Any) -> tuple[float, float, float, float, float, float]:
    m = c.FS_MATRIX()
    if not c.FPDFPageObj_GetMatrix(obj, ctypes.byref(m)):
        return (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    return (m.a, m.b, m.c, m.d, m.e, m.f)


def _times(
    m: tuple[float, ...] | None, n: tuple[float, float, float, float, float, float]
) -> tuple[float, float, float, float, float, float]:
    """First `n`, then `m`."""
    if m is None:
        return n
    a, b, cc, d, e, f = n
    return (
        a * m[0] + b * m[2],
        a * m[1] + b * m[3],
        cc * m[0] + d * m[2],
        cc * m[1] + d * m[3],
        e * m[0] + f * m[2] + m[4],
        e * m[1] + f * m[3] + m[5],
    )


def _walk(
    c: Any,
    holder: Any,
    outer: tuple[float, float, float, float, float, float] | None,
    space: PageSpace,
    out: Drawing,
    budget: list[int],
    depth: int,
) -> None:
    inside = outer is not None
    count = c.FPDFFormObj_CountObjects(holder) if inside else c.FPDFPage_CountObjects(holder)
    for i in range(count):
        if budget[0] <= 0:
            return
        budget[0] -= 1
        obj = c.FPDFFormObj_GetObject(holder, i) if inside else c.FPDFPage_GetObject(holder, i)
        kind = c.FPDFPageObj_GetType(obj)
        if kind == c.FPDF_PAGEOBJ_PATH:
            _path(c, obj, outer, space, out)
        elif kind == c.FPDF_PAGEOBJ_IMAGE:
            out.images += 1
        elif kind == c.FPDF_PAGEOBJ_FORM and depth < _MAX_DEPTH:
            _walk(c, obj, _times(outer, _matrix(c, obj)), space, out, budget, depth + 1)


def _white(c: Any, obj: Any, stroke: bool) -> bool:
    r, g, b, a = (ctypes.c_uint() for _ in range(4))
    get = c.FPDFPageObj_GetStrokeColor if stroke else c.FPDFPageObj_GetFillColor
    if not get(obj, ctypes.byref(r), ctypes.byref(g), ctypes.byref(b), ctypes.byref(a)):
        return False
    return a.value == 0 or min(r.value, g.value, b.value) >= 250


def _path(
    c: Any,
    obj: Any,
    outer: tuple[float, float, float, float, float, float] | None,
    space: PageSpace,
    out: Drawing,
) -> None:
    segments = c.FPDFPath_CountSegments(obj)
    if segments < 2 or segments > 2_000:
        return
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    c.FPDFPath_GetDrawMode(obj, ctypes.byref(mode), ctypes.byref(stroke))
    if not mode.value and not stroke.value:
        return
    a, b, cc, d, e, f = _times(outer, _matrix(c, obj))
    width = ctypes.c_float()
    c.FPDFPageObj_GetStrokeWidth(obj, ctypes.byref(width))
    thickness = width.value * math.sqrt(abs(a * d - b * cc)) if stroke.value else 0.0
    x, y = ctypes.c_float(), ctypes.c_float()
    rx, ry = ctypes.byref(x), ctypes.byref(y)
    parts: list[list[tuple[float, float]]] = []
    curved = False
    for k in range(segments):
        seg = c.FPDFPath_GetPathSegment(obj, k)
        kind = c.FPDFPathSegment_GetType(seg)
        c.FPDFPathSegment_GetPoint(seg, rx, ry)
        px, py = x.value, y.value
        x0, top, _, _ = space.box(*(2 * (a * px + cc * py + e, b * px + d * py + f)))
        if kind == c.FPDF_SEGMENT_MOVETO or not parts:
            parts.append([(x0, top)])
        else:
            curved = curved or kind == c.FPDF_SEGMENT_BEZIERTO
            parts[-1].append((x0, top))
        if c.FPDFPathSegment_GetClose(seg) and len(parts[-1]) > 2:
            parts[-1].append(parts[-1][0])
    slanted = any(
        abs(ax - bx) > 1.5 and abs(ay - by) > 1.5 for points in parts for (ax, ay), (bx, by) in pairwise(points)
    )
    if curved or slanted:
        out.ink.append(hull([(px, py, px, py) for points in parts for px, py in points]))
        return
    stroked = bool(stroke.value) and not _white(c, obj, True)
    filled = bool(mode.value)
    white = filled and _white(c, obj, False)
    for points in parts:
        _straight(points, stroked, filled, white, thickness, out)


def _straight(
    points: list[tuple[float, float]],
    stroked: bool,
    filled: bool,
    white: bool,
    thickness: float,
    out: Drawing,
) -> None:
    """Turn one subpath into rules (strokes, thin filled boxes) and fills (with undrawn edges)."""
    across, down, fills = out.across, out.down, out.fills
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    x0, x1, y0, y1 = min(xs), max(xs), min(ys), max(ys)
    if not (math.isfinite(x0 + x1 + y0 + y1)):
        return
    if stroked:
        for (ax, ay), (bx, by) in pairwise(points):
            if abs(ay - by) <= 0.6 and abs(ax - bx) > 0.6:
                across.append(Rule((ay + by) / 2, min(ax, bx), max(ax, bx), thickness))
            elif abs(ax - bx) <= 0.6 and abs(ay - by) > 0.6:
                down.append(Rule((ax + bx) / 2, min(ay, by), max(ay, by), thickness))
    if not filled or not 4 <= len(points) <= 8:
        return
    if white:
        return
    boxy = all(min(abs(px - x0), abs(px - x1)) < 0.6 and min(abs(py - y0), abs(py - y1)) < 0.6 for px, py in points)
    if not boxy:
        return
    w, h = x1 - x0, y1 - y0
    if h <= _THICK and w > 2 * h:
        across.append(Rule((y0 + y1) / 2, x0, x1, h))
    elif w <= _THICK and h > 2 * w:
        down.append(Rule((x0 + x1) / 2, y0, y1, w))
    elif w > _THICK and h > _THICK:
        fills.append((x0, y0, x1, y1))
