"""What pdfium says of a page: characters with their boxes, and the straight rules and fills that are drawn.

What belongs here: characters from pdfium, in page coordinates, apart by whether they are seen.  What must never
stand here: words, lines, tables.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from pipelines.read.pdf.drawing import draw_rules
from pipelines.read.pdf.geometry import Box, Glyph, Rule
from pipelines.read.pdf.page_space import PageSpace
from pipelines.read.pdf.strikeouts import find_struck, struck_areas
from pipelines.read.pdf.visibility import Inked, Visibility, find_hidden

_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_HYPHENS = {0xFFFE, 0xAD}
_BULLETS = {0xF06C, 0xF06E, 0xF076, 0xF0A7, 0xF0A8, 0xF0B7, 0xF0D8, 0xF0E0, 0xF0FC}  # of Symbol and Wingdings
UNREADABLE = "\ufffd"


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
    hidden: list[Glyph] = field(default_factory=list)
    struck: list[Glyph] = field(default_factory=list)
    has_image: bool = False


def read_raw(page: Any, textpage: Any, max_glyphs: int) -> Raw:
    """Everything the tables need of one page.  At most `max_glyphs` characters are taken (`cut` tells)."""
    import pypdfium2.raw as c

    space = PageSpace(page)
    count = c.FPDFText_CountChars(textpage.raw)
    cut = count > max_glyphs
    count = min(count, max_glyphs)
    space.turn = _turn(c, textpage.raw, count, space.rotation)
    seen = find_hidden(page, textpage, _inked(c, textpage.raw, count, space), space.width, space.height)
    glyphs, hidden = _glyphs(c, textpage.raw, count, space, seen)
    if seen.has_covered_object:
        covered = hidden
        again = page.get_textpage()
        try:
            count = min(c.FPDFText_CountChars(again.raw), max_glyphs)
            seen = find_hidden(page, again, _inked(c, again.raw, count, space), space.width, space.height)
            glyphs, hidden = _glyphs(c, again.raw, count, space, seen)
            hidden = covered + hidden
        finally:
            again.close()
    drawn = draw_rules(c, page, space)
    w, h = (space.height, space.width) if space.turn in (90, 270) else (space.width, space.height)
    # what lies off the page is seen by nobody, and its numbers may be of any size
    hidden += [g for g in glyphs if g.x1 <= 0 or g.x0 >= w or g.bottom <= 0 or g.top >= h]
    glyphs = [
        g for g in glyphs if g.x1 > 0 and g.x0 < w and g.bottom > 0 and g.top < h and g.x1 - g.x0 < w and g.size < h
    ]
    drawn.across = _clipped(drawn.across, h, w)
    drawn.down = _clipped(drawn.down, w, h)
    drawn.fills = [(max(a, 0.0), max(t, 0.0), min(b, w), min(u, h)) for a, t, b, u in drawn.fills]
    drawn.fills = [b for b in drawn.fills if b[0] < b[2] and b[1] < b[3]]
    struck = find_struck(glyphs, drawn.across, [space.box(*area) for area in struck_areas(page)])
    withdrawn = {id(g) for g in struck}
    return Raw(
        space.width,
        space.height,
        [g for g in glyphs if id(g) not in withdrawn],
        drawn.across,
        drawn.down,
        drawn.fills,
        drawn.ink,
        space.turn,
        cut,
        hidden,
        struck,
        drawn.images > 0,
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


def _inked(c: Any, textpage: Any, count: int, space: PageSpace) -> list[Inked]:
    """Every character that should leave ink, with the box of its ink on the page as displayed."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    out = []
    for i in range(count):
        if chr(c.FPDFText_GetUnicode(textpage, i)).isspace() or c.FPDFText_IsGenerated(textpage, i) == 1:
            continue
        if c.FPDFText_GetCharBox(textpage, i, left, right, bottom, top):
            box = space.displayed(left.value, bottom.value, right.value, top.value)
            if math.isfinite(sum(box)) and box[0] < box[2] and box[1] < box[3]:
                out.append(Inked(i, box))
    return out


def _glyphs(c: Any, textpage: Any, count: int, space: PageSpace, seen: Visibility) -> tuple[list[Glyph], list[Glyph]]:
    """The characters that are seen and those that are hidden."""
    rect = c.FS_RECTF()
    ref = ctypes.byref(rect)
    ox, oy = ctypes.c_double(), ctypes.c_double()
    rx, ry = ctypes.byref(ox), ctypes.byref(oy)
    get_code, get_box, get_origin = c.FPDFText_GetUnicode, c.FPDFText_GetLooseCharBox, c.FPDFText_GetCharOrigin
    generated, get_angle = c.FPDFText_IsGenerated, c.FPDFText_GetCharAngle
    upright = (-space.turn - space.rotation) % 360
    out: list[Glyph] = []
    hidden: list[Glyph] = []
    simple = space.rotation == 0 and space.turn == 0
    mx0, my1 = space.media[0], space.media[3]
    pending = 0
    begins = False
    get_size = c.FPDFText_GetFontSize
    ems: dict[tuple[float, float], float] = {}
    for i in range(count):
        code = get_code(textpage, i)
        if code in (9, 10, 13) or (code < 32 and generated(textpage, i) == 1):
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
        text = UNREADABLE if i in seen.doubtful else _text(c, textpage, i, code)
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
        (hidden if i in seen.hidden else out).append(Glyph(text, x0, top, x1, bottom, base, size, tilt, begins))
        begins = False
    return out, hidden


def _text(c: Any, textpage: Any, i: int, code: int) -> str:
    """What a character stands for; U+FFFD where the font gives its glyph no meaning."""
    if code == 2:
        return "-" if c.FPDFText_IsHyphen(textpage, i) == 1 else UNREADABLE
    if code in _HYPHENS:
        return "-"
    if code in _BULLETS:
        return "•"
    if code < 32 or 0x7F <= code < 0xA0 or 0xE000 <= code < 0xF900 or code >= 0xF0000:
        return UNREADABLE
    if c.FPDFText_HasUnicodeMapError(textpage, i) == 1:
        return UNREADABLE
    return _LIGATURES.get(chr(code), chr(code))


def _em(c: Any, textpage: Any, i: int, stated: float, height: float) -> float:
    """The size of a character's type in points; from the height of its box where the font states nonsense."""
    m = c.FS_MATRIX()
    if c.FPDFText_GetMatrix(textpage, i, ctypes.byref(m)):
        em = stated * math.hypot(m.c, m.d)
        if 0.5 * height <= em <= 1.5 * height:
            return float(em)
    return height / 1.15
