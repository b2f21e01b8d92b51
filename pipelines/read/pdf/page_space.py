"""The page as a viewer shows it: its box, its rotation, and the turn of coordinates into it.

What belongs here: coordinates.  What must never stand here: what is printed.
"""

from __future__ import annotations

import ctypes
from typing import Any

from pipelines.read.pdf.geometry import Box, turn_box


class PageSpace:
    """The turn from PDF user space to the page as displayed and, beyond it, to upright text."""

    def __init__(self, page: Any) -> None:
        self.media = _visible_box(page)
        self.rotation = int(page.get_rotation()) % 360
        w, h = self.media[2] - self.media[0], self.media[3] - self.media[1]
        self.width, self.height = (h, w) if self.rotation in (90, 270) else (w, h)
        self.turn = 0
        self._w, self._h = w, h

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        return turn_box(self.displayed(left, bottom, right, top), self.turn, self.width, self.height)

    def displayed(self, left: float, bottom: float, right: float, top: float) -> Box:
        """A box of user space on the page as a viewer shows it."""
        mx0, _, _, my1 = self.media
        flat = (left - mx0, my1 - top, right - mx0, my1 - bottom)
        return turn_box(flat, self.rotation, self._w, self._h)


def _visible_box(page: Any) -> Box:
    """What a viewer shows of a page: MediaBox cut by CropBox, both inherited from the Pages node where need be."""
    import pypdfium2.raw as c

    rect = c.FS_RECTF()
    if c.FPDF_GetPageBoundingBox(page.raw, ctypes.byref(rect)) and rect.left < rect.right and rect.bottom < rect.top:
        return (rect.left, rect.bottom, rect.right, rect.top)
    x0, y0, x1, y1 = page.get_mediabox()
    return (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
