"""Characters that are struck out: a rule through their middle, or an annotation that strikes them out.

What belongs here: which characters are withdrawn.  What must never stand here: what stands instead.
"""

from __future__ import annotations

import ctypes
from typing import Any

from pipelines.read.pdf.geometry import Box, Glyph, Rule


def struck_areas(page: Any) -> list[Box]:
    """The areas that StrikeOut annotations withdraw: left, bottom, right, top in the space of the page's content."""
    import pypdfium2.raw as c

    areas: list[Box] = []
    for k in range(min(c.FPDFPage_GetAnnotCount(page.raw), 2_000)):
        annot = c.FPDFPage_GetAnnot(page.raw, k)
        if not annot:
            continue
        try:
            if c.FPDFAnnot_GetSubtype(annot) == c.FPDF_ANNOT_STRIKEOUT:
                areas += _quads(c, annot)
        finally:
            c.FPDFPage_CloseAnnot(annot)
    return areas


def _quads(c: Any, annot: Any) -> list[Box]:
    out: list[Box] = []
    quad = c.FS_QUADPOINTSF()
    for k in range(min(int(c.FPDFAnnot_CountAttachmentPoints(annot)), 2_000)):
        if c.FPDFAnnot_GetAttachmentPoints(annot, k, ctypes.byref(quad)):
            xs, ys = (quad.x1, quad.x2, quad.x3, quad.x4), (quad.y1, quad.y2, quad.y3, quad.y4)
            out.append((min(xs), min(ys), max(xs), max(ys)))
    if not out:
        rect = c.FS_RECTF()
        if c.FPDFAnnot_GetRect(annot, ctypes.byref(rect)):
            out.append((rect.left, min(rect.bottom, rect.top), rect.right, max(rect.bottom, rect.top)))
    return out


def find_struck(glyphs: list[Glyph], across: list[Rule], areas: list[Box]) -> list[Glyph]:
    """The upright characters with a drawn rule through their middle, or with their middle in one of `areas`."""
    rules: dict[int, list[Rule]] = {}
    for rule in across:
        if rule.drawn:
            rules.setdefault(int(rule.at), []).append(rule)
    return [g for g in glyphs if not g.tilt and not g.text.isspace() and (_is_ruled(g, rules) or _is_within(g, areas))]


def _is_ruled(glyph: Glyph, rules: dict[int, list[Rule]]) -> bool:
    em = glyph.size / 1.15
    # figures are some 0.7 em high: a rule through the middle half of them; underlines and cell borders lie outside
    top, bottom = glyph.base - 0.54 * em, glyph.base - 0.14 * em
    middle = (glyph.x0 + glyph.x1) / 2
    return any(
        top <= rule.at <= bottom and rule.lo <= middle <= rule.hi
        for y in range(int(top), int(bottom) + 1)
        for rule in rules.get(y, ())
    )


def _is_within(glyph: Glyph, areas: list[Box]) -> bool:
    middle, height = (glyph.x0 + glyph.x1) / 2, glyph.base - 0.3 * glyph.size
    return any(x0 <= middle <= x1 and top <= height <= bottom for x0, top, x1, bottom in areas)
