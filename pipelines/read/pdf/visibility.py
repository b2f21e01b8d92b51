"""Which characters of a page a person sees: what changes the picture of the page where it is left out.

What belongs here: drawing the page with and without text and comparing.  What must never stand here: how text is
hidden.  White on white, mode 3, a layer that is off, a clip, a cover, no opacity: all leave the picture as it is.
"""

from __future__ import annotations

import ctypes
import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from pipelines.read.pdf.geometry import Box, hull

# Levels of grey out of 255 by which a character must differ from what lies beneath it to be seen.
_CONTRAST = 28
# Type smaller than this many points is seen by nobody.
_READABLE_SIZE = 2.0
_SCALE = 2.0
_MAX_PIXELS = 6_000_000
# Text objects that lie over one another and are drawn one by one, a page; beyond them nothing is taken as read.
_MAX_DRAWN_ALONE = 200
_MAX_DEPTH = 12

Picture = npt.NDArray[np.int16]


@dataclass(slots=True)
class Visibility:
    """Indexes of characters that are not seen, and of those of which it cannot be shown that they are.

    `has_covered_object`: text under other text was switched off.  pdfium drops a character that stands at the place
    of an equal one, be it hidden: the text is to be taken again, without what is switched off.
    """

    hidden: set[int] = field(default_factory=set)
    doubtful: set[int] = field(default_factory=set)
    has_covered_object: bool = False


@dataclass(frozen=True, slots=True)
class Inked:
    """A character with ink: its index and the tight box of its ink on the page as displayed."""

    index: int
    box: Box


def find_hidden(page: Any, textpage: Any, inked: list[Inked], width: float, height: float) -> Visibility:
    """Judge the characters of a page of `width` × `height` points by what its picture loses without them.

    Leaves text objects that other text hides switched off, and all others on.
    """
    import pypdfium2.raw as c

    seen = Visibility()
    scale = min(_SCALE, math.sqrt(_MAX_PIXELS / max(width * height, 1.0)))
    if not inked:
        return seen
    if scale < 0.5:
        seen.doubtful |= {g.index for g in inked}
        return seen
    owners: dict[int, list[Inked]] = defaultdict(list)
    for glyph in inked:
        obj = c.FPDFText_GetTextObject(textpage.raw, glyph.index)
        owners[_address(obj) if obj else 0].append(glyph)
    for glyphs in owners.values():
        if _is_tiny(c, textpage.raw, glyphs):
            seen.hidden |= {g.index for g in glyphs}
    objects = dict(_text_objects(c, page.raw, False, 0))
    covered = _covered(c, page, textpage.raw, scale, objects, owners, seen)
    seen.has_covered_object = bool(covered)
    whole = _draw(page, scale)
    for obj in objects.values():
        c.FPDFPageObj_SetIsActive(obj, False)
    without = _draw(page, scale)
    for address, obj in objects.items():
        c.FPDFPageObj_SetIsActive(obj, address not in covered)
    for address, glyphs in owners.items():
        unseen = [g for g in glyphs if g.index not in seen.hidden and not _differs(whole, without, g.box, scale)]
        if unseen and address in objects and _is_substituted(c, objects[address]):
            unseen = [g for g in unseen if not _is_missing(c, textpage.raw, objects[address], g, without, scale)]
        seen.hidden |= {g.index for g in unseen}
    seen.doubtful -= seen.hidden
    return seen


def _is_tiny(c: Any, textpage: Any, glyphs: list[Inked]) -> bool:
    """Whether type is too small to be read, by the size that is stated and by its ink: either alone may mislead."""
    if max(max(g.box[2] - g.box[0], g.box[3] - g.box[1]) for g in glyphs) >= 0.7 * _READABLE_SIZE:
        return False
    m = c.FS_MATRIX()
    stated = float(c.FPDFText_GetFontSize(textpage, glyphs[0].index))
    if not c.FPDFText_GetMatrix(textpage, glyphs[0].index, ctypes.byref(m)):
        return stated < _READABLE_SIZE
    return stated * math.hypot(m.c, m.d) < _READABLE_SIZE


def _covered(
    c: Any,
    page: Any,
    textpage: Any,
    scale: float,
    objects: dict[int, Any],
    owners: dict[int, list[Inked]],
    seen: Visibility,
) -> set[int]:
    """Text that lies over other text is left out alone: under a white box the older of two figures changes nothing.

    What is hidden stays switched off, so that of a figure printed twice for boldness one is seen.
    """
    hulls = {a: hull([g.box for g in glyphs]) for a, glyphs in owners.items()}
    overlapping = _overlapping(hulls)
    covered: set[int] = set()
    if not overlapping:
        return covered
    whole = _draw(page, scale)
    for number, address in enumerate(overlapping):
        glyphs = owners[address]
        if address not in objects or number >= _MAX_DRAWN_ALONE:
            seen.doubtful |= {g.index for g in glyphs}
            continue
        c.FPDFPageObj_SetIsActive(objects[address], False)
        without = _draw(page, scale)
        unseen = [g.index for g in glyphs if not _differs(whole, without, g.box, scale)]
        if _is_substituted(c, objects[address]):
            unseen = [i for i in unseen if not _is_east_asian(c, textpage, i)]
        seen.hidden.update(unseen)
        if len(unseen) == len(glyphs):
            covered.add(address)
            continue
        c.FPDFPageObj_SetIsActive(objects[address], True)
        if any(chr(c.FPDFText_GetUnicode(textpage, i)).isdigit() for i in unseen):
            # of two figures that lie over one another in part, nobody can say which characters were dropped
            near = [a for a in overlapping if _touches(hulls[a], hulls[address])]
            seen.doubtful |= {g.index for a in near for g in owners[a]}
    return covered


def _touches(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _is_east_asian(c: Any, textpage: Any, index: int) -> bool:
    return bool(c.FPDFText_GetUnicode(textpage, index) >= 0x2E80)


def _is_substituted(c: Any, obj: Any) -> bool:
    """Whether the document leaves the font to the viewer: this machine may lack its Chinese characters."""
    font = c.FPDFTextObj_GetFont(obj)
    return bool(font) and c.FPDFFont_GetIsEmbedded(font) == 0


def _is_missing(c: Any, textpage: Any, obj: Any, glyph: Inked, beneath: Picture, scale: float) -> bool:
    """Whether a character is not drawn only for want of its font: all that hides it is asked of its attributes.

    Latin letters and digits are always drawn; where they leave nothing on the picture they are hidden.
    """
    if not _is_east_asian(c, textpage, glyph.index):
        return False
    if c.FPDFTextObj_GetTextRenderMode(obj) in (3, 7) or _is_in_layer(c, obj):
        return False
    r, g, b, alpha = (ctypes.c_uint() for _ in range(4))
    if not c.FPDFPageObj_GetFillColor(obj, r, g, b, alpha) or alpha.value < 16:
        return False
    grey = 0.3 * r.value + 0.59 * g.value + 0.11 * b.value
    x0, top, x1, bottom = (int(v * scale) for v in glyph.box)
    ground = beneath[max(top, 0) : bottom + 1, max(x0, 0) : x1 + 1]
    return ground.size > 0 and abs(float(np.median(ground)) - grey) >= _CONTRAST


def _is_in_layer(c: Any, obj: Any) -> bool:
    name = (ctypes.c_ushort * 64)()
    length = ctypes.c_ulong()
    for k in range(max(c.FPDFPageObj_CountMarks(obj), 0)):
        mark = c.FPDFPageObj_GetMark(obj, k)
        known = c.FPDFPageObjMark_GetName(mark, name, ctypes.sizeof(name), length)
        if known and bytes(name)[: max(length.value - 2, 0)].decode("utf-16-le", "replace") == "OC":
            return True
    return False


def _address(obj: Any) -> int:
    return ctypes.cast(obj, ctypes.c_void_p).value or 0


def _text_objects(c: Any, holder: Any, inside: bool, depth: int) -> Iterator[tuple[int, Any]]:
    count = c.FPDFFormObj_CountObjects(holder) if inside else c.FPDFPage_CountObjects(holder)
    for i in range(max(count, 0)):
        obj = c.FPDFFormObj_GetObject(holder, i) if inside else c.FPDFPage_GetObject(holder, i)
        kind = c.FPDFPageObj_GetType(obj)
        if kind == c.FPDF_PAGEOBJ_TEXT:
            yield _address(obj), obj
        elif kind == c.FPDF_PAGEOBJ_FORM and depth < _MAX_DEPTH:
            yield from _text_objects(c, obj, True, depth + 1)


def _draw(page: Any, scale: float) -> Picture:
    bitmap = page.render(scale=scale, grayscale=True)
    try:
        return np.array(bitmap.to_numpy(), dtype=np.int16).reshape(bitmap.height, bitmap.width)
    finally:
        bitmap.close()


def _differs(one: Picture, other: Picture, box: Box, scale: float) -> bool:
    x0, top, x1, bottom = box
    margin = 0.1 * (x1 - x0)  # the edge of a neighbour's ink is no ink of this character
    left, right = math.floor((x0 + margin) * scale), math.ceil((x1 - margin) * scale)
    low, high = math.floor(top * scale), math.ceil(bottom * scale)
    a = one[max(low, 0) : high, max(left, 0) : right]
    b = other[max(low, 0) : high, max(left, 0) : right]
    return a.size > 0 and int(np.abs(a - b).max()) >= _CONTRAST


def _overlapping(boxes: dict[int, Box]) -> list[int]:
    """Text objects that share a good part of their area with another one, in the order of `boxes`."""
    shelves: dict[int, list[int]] = defaultdict(list)
    for key, (_, top, _, bottom) in boxes.items():
        for shelf in range(int(top // 20), min(int(bottom // 20), int(top // 20) + 200) + 1):
            shelves[shelf].append(key)
    found: set[int] = set()
    for keys in shelves.values():
        if len(keys) < 2:
            continue
        b = np.array([boxes[k] for k in keys])
        small = np.minimum(b[:, 2] - b[:, 0], b[:, 3] - b[:, 1])
        for k in range(len(keys)):
            across = np.minimum(b[:, 2], b[k, 2]) - np.maximum(b[:, 0], b[k, 0])
            down = np.minimum(b[:, 3], b[k, 3]) - np.maximum(b[:, 1], b[k, 1])
            part = 0.2 * np.minimum(small, small[k])
            lies_over = (across > part) & (down > part)
            lies_over[k] = False
            if lies_over.any():
                found.add(keys[k])
    return [key for key in boxes if key in found]
