"""What pdfium says of a page: characters with their boxes, and the straight rules and fills that are drawn.

What belongs here: the only calls into pdfium's raw interface, and the turn into page coordinates.  What must never
stand here: words, lines, tables.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from pipelines.read.pdf.geometry import Box, Glyph, Rule, hull, turn_box

_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_HYPHENS = {2, 0xFFFE, 0xAD}
# Rules thicker than this are bars or shaded cells; their edges may still bound cells.
_THICK = 3.0
_MAX_DEPTH = 12


@dataclass(slots=True)
class Raw:
    """Glyphs, rules and fills of a page as displayed (after /Rotate), before text was turned upright."""

    width: float
    height: float
    glyphs: list[Glyph]
    across: list[Rule]
    down: list[Rule]
    fills: list[Box]
    ink: list[Box]
    turn: int
    cut: bool


class _Space:
    """The turn from PDF user space to the page as displayed and, beyond it, to upright text."""

    def __init__(self, page: Any) -> None:
        x0, y0, x1, y1 = page.get_mediabox()
        self.media = (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
        self.rotation = int(page.get_rotation()) % 360
        w, h = self.media[2] - self.media[0], self.media[3] - self.media[1]
        self.width, self.height = (h, w) if self.rotation in (90, 270) else (w, h)
        self.turn = 0
        self._w, self._h = w, h

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        mx0, _, _, my1 = self.media
        flat = (left - mx0, my1 - top, right - mx0, my1 - bottom)
        shown = turn_box(flat, self.rotation, self._w, self._h)
        return turn_box(shown, self.turn, self.width, self.height)


def read_raw(page: Any, textpage: Any, max_glyphs: int) -> Raw:
    """Everything the tables need of one page.  At most `max_glyphs` characters are taken (`cut` tells)."""
    import pypdfium2.raw as c

    space = _Space(page)
    count = c.FPDFText_CountChars(textpage.raw)
    cut = count > max_glyphs
    count = min(count, max_glyphs)
    space.turn = _turn(c, textpage.raw, count, space.rotation)
    glyphs = _glyphs(c, textpage.raw, count, space)
    drawn = _rules(c, page, space)
    w, h = (space.height, space.width) if space.turn in (90, 270) else (space.width, space.height)
    # what lies off the page is seen by nobody, and its numbers may be of any size
    glyphs = [
        g for g in glyphs if g.x1 > 0 and g.x0 < w and g.bottom > 0 and g.top < h and g.x1 - g.x0 < w and g.size < h
    ]
    drawn.across = _clipped(drawn.across, h, w)
    drawn.down = _clipped(drawn.down, w, h)
    drawn.fills = [(max(a, 0.0), max(t, 0.0), min(b, w), min(u, h)) for a, t, b, u in drawn.fills]
    drawn.fills = [b for b in drawn.fills if b[0] < b[2] and b[1] < b[3]]
    return Raw(
        space.width,
        space.height,
        glyphs,
        drawn.across,
        drawn.down,
        drawn.fills,
        drawn.ink,
        space.turn,
        cut,
    )


def _clipped(rules: list[Rule], most: float, length: float) -> list[Rule]:
    """The parts of rules that lie on the page: positions in 0..most, ends in 0..length."""
    out = []
    for rule in rules:
        rule.lo, rule.hi = max(rule.lo, -1.0), min(rule.hi, length + 1)
        if rule.lo < rule.hi and -1 <= rule.at <= most + 1:
            out.append(rule)
    return out


def _turn(c: Any, textpage: Any, count: int, rotation: int) -> int:
    """How far the content must be turned clockwise so that most of its text stands upright."""
    step = max(1, count // 400)
    seen: Counter[int] = Counter()
    for i in range(0, count, step):
        code = c.FPDFText_GetUnicode(textpage, i)
        if code <= 32:
            continue
        angle = c.FPDFText_GetCharAngle(textpage, i)
        if angle >= 0:
            seen[round(math.degrees(angle) / 90) * 90 % 360] += 1
    if not seen:
        return 0
    # pdfium's angle runs clockwise as displayed without /Rotate; what is shown is turned by `rotation` more.
    shown: Counter[int] = Counter()
    for angle, n in seen.items():
        shown[(angle + rotation) % 360] += n
    angle, n = shown.most_common(1)[0]
    if angle == 0 or n < 0.6 * sum(shown.values()):
        return 0
    return (360 - angle) % 360


def _glyphs(c: Any, textpage: Any, count: int, space: _Space) -> list[Glyph]:
    rect = c.FS_RECTF()
    ref = ctypes.byref(rect)
    ox, oy = ctypes.c_double(), ctypes.c_double()
    rx, ry = ctypes.byref(ox), ctypes.byref(oy)
    get_code, get_box, get_origin = c.FPDFText_GetUnicode, c.FPDFText_GetLooseCharBox, c.FPDFText_GetCharOrigin
    generated, get_angle = c.FPDFText_IsGenerated, c.FPDFText_GetCharAngle
    upright = (-space.turn - space.rotation) % 360
    out: list[Glyph] = []
    simple = space.rotation == 0 and space.turn == 0
    mx0, my1 = space.media[0], space.media[3]
    pending = 0
    begins = False
    get_size = c.FPDFText_GetFontSize
    ems: dict[tuple[float, float], float] = {}
    for i in range(count):
        code = get_code(textpage, i)
        if code < 32 and code != 2:
            continue
        if 0xD800 <= code < 0xDC00:
            pending = code
            continue
        if 0xDC00 <= code < 0xE000:
            if not pending:
                continue
            code = 0x10000 + ((pending - 0xD800) << 10) + (code - 0xDC00)
            pending = 0
        if code in (32, 2, 0xFFFE, 45) and generated(textpage, i) == 1:
            begins = True
            continue
        if not get_box(textpage, i, ref):
            continue
        get_origin(textpage, i, rx, ry)
        if simple:
            x0, top, x1, bottom = rect.left - mx0, my1 - rect.top, rect.right - mx0, my1 - rect.bottom
            base = my1 - oy.value
        else:
            x0, top, x1, bottom = space.box(rect.left, rect.bottom, rect.right, rect.top)
            base = space.box(ox.value, oy.value, ox.value, oy.value)[1]
        text = "-" if code in _HYPHENS else chr(code)
        text = _LIGATURES.get(text, text)
        size = bottom - top
        if size <= 0 or not math.isfinite(size) or not math.isfinite(x0 + x1 + base):
            continue
        angle = get_angle(textpage, i)
        tilt = 0
        if angle > 0.1 or upright:
            tilt = round((math.degrees(angle) - upright) / 90) * 90 % 360 if angle >= 0 else 0
            if tilt in (90, 270):
                base = space.box(ox.value, oy.value, ox.value, oy.value)[0]
                size = x1 - x0
        # fonts state ascents and descents of any height: boxes are made alike from the size of the type
        if not tilt:
            key = (round(size, 2), get_size(textpage, i))
            em = ems.get(key)
            if em is None:
                em = ems[key] = _em(c, textpage, i, key[1], size)
            size = 1.15 * em
            top, bottom = base - 0.92 * em, base + 0.23 * em
        out.append(Glyph(text, x0, top, x1, bottom, base, size, tilt, begins))
        begins = False
    return out


def _em(c: Any, textpage: Any, i: int, stated: float, height: float) -> float:
    """The size of a character's type in points; from the height of its box where the font states nonsense."""
    m = c.FS_MATRIX()
    if c.FPDFText_GetMatrix(textpage, i, ctypes.byref(m)):
        em = stated * math.hypot(m.c, m.d)
        if 0.5 * height <= em <= 1.5 * height:
            return float(em)
    return height / 1.15


@dataclass(slots=True)
class _Drawn:
    """What the paths of a page draw: rules, filled boxes, and the boxes of slanted and curved strokes."""

    across: list[Rule] = field(default_factory=list)
    down: list[Rule] = field(default_factory=list)
    fills: list[Box] = field(default_factory=list)
    ink: list[Box] = field(default_factory=list)


def _rules(c: Any, page: Any, space: _Space) -> _Drawn:
    drawn = _Drawn()
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
    space: _Space,
    out: _Drawn,
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
    space: _Space,
    out: _Drawn,
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
    out: _Drawn,
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
