"""The small values of PDF geometry: glyphs, words, rules, boxes, and the page that holds them.

What belongs here: frozen values and their arithmetic.  What must never stand here: a decision about tables, I/O.
Coordinates: points, origin at the top left of the page as displayed, y downwards.
"""

from __future__ import annotations

from dataclasses import dataclass

Box = tuple[float, float, float, float]


def hull(boxes: list[Box]) -> Box:
    """The smallest box around all of `boxes` (at least one)."""
    return (
        min(b[0] for b in boxes),
        min(b[1] for b in boxes),
        max(b[2] for b in boxes),
        max(b[3] for b in boxes),
    )


@dataclass(slots=True)
class Glyph:
    """One printed character.  `base` is the y of its baseline, `size` the height of its font in points.

    `tilt` is how far it is turned clockwise against the text of the page; at 90 and 270, `base` is an x.
    `begins`: pdfium sees a space before it.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    base: float
    size: float
    tilt: int = 0
    begins: bool = False


@dataclass(slots=True)
class Word:
    """Characters that stand together on one baseline.

    `bare` leaves out the raised marks, `marks` holds them in order; `text` has both as printed.
    """

    text: str
    bare: str
    marks: tuple[str, ...]
    x0: float
    top: float
    x1: float
    bottom: float
    base: float
    size: float
    tilt: int = 0

    @property
    def box(self) -> Box:
        return (self.x0, self.top, self.x1, self.bottom)

    @property
    def mid(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def mid_x(self) -> float:
        return (self.x0 + self.x1) / 2


@dataclass(slots=True)
class Rule:
    """A straight rule: at `at`, from `lo` to `hi` along the other axis; `width` is its thickness.

    `drawn` is False where it is only the edge of a filled area.
    """

    at: float
    lo: float
    hi: float
    width: float = 0.0
    drawn: bool = True


@dataclass(slots=True)
class Sheet:
    """A page as read: `turn` is how many degrees the content was turned so that its text stands upright."""

    number: int
    width: float
    height: float
    words: list[Word]
    across: list[Rule]
    down: list[Rule]
    fills: list[Box]
    ink: list[Box]
    turn: int = 0

    def place(self, box: Box) -> Box:
        """A box of the (turned) sheet, in coordinates of the page as displayed."""
        return turn_back(box, self.turn, self.width, self.height)


def turn_back(box: Box, turn: int, width: float, height: float) -> Box:
    """Undo a turn of `turn` degrees clockwise of a page that was `width` × `height` before the turn."""
    x0, top, x1, bottom = box
    if turn == 90:
        return (top, height - x1, bottom, height - x0)
    if turn == 270:
        return (width - bottom, x0, width - top, x1)
    if turn == 180:
        return (width - x1, height - bottom, width - x0, height - top)
    return box


def turn_box(box: Box, turn: int, width: float, height: float) -> Box:
    """Turn a box of a page of `width` × `height` by `turn` degrees clockwise."""
    x0, top, x1, bottom = box
    if turn == 90:
        return (height - bottom, x0, height - top, x1)
    if turn == 270:
        return (top, width - x1, bottom, width - x0)
    if turn == 180:
        return (width - x1, height - bottom, width - x0, height - top)
    return box
