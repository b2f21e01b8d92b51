"""Figures of a PDF decoded once more by pdfplumber (pdfminer), with its own fonts and maps, in the same boxes.

What belongs here: which of some cells the two decoders read differently.  What must never stand here: what becomes of
such a cell, or which of the two is right.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from pipelines.model import Cell
from pipelines.read.pdf.geometry import Box, Glyph, turn_back, turn_box
from pipelines.read.pdf.glyphs import Raw, read_raw
from pipelines.read.pdf.page_space import PageSpace
from pipelines.read.pdf.prescan import doubtful

_MAX_GLYPHS = 60_000
_MINUS = str.maketrans(dict.fromkeys("\u00ad\u2010\u2011\u2012\u2013\u2212\ufe63", "-"))
_LEADERS = re.compile(r"\.{3,}")
_WITHOUT_MEANING = re.compile(r"\(cid:\d+\)")


def find_disagreements(data: bytes, cells: Iterable[Cell]) -> dict[tuple[int, int, int], str]:
    """What the second decoder reads in the box of each cell of a PDF that it reads differently.

    Keys are (index among `cells`, row, column).  Only characters that are seen and current count.  Raises ValueError
    where the document cannot be decoded a second time; then nothing is confirmed.
    """
    by_page: dict[int, list[tuple[int, Cell]]] = defaultdict(list)
    for index, cell in enumerate(cells):
        if cell.place.page is not None and cell.place.box is not None:
            by_page[cell.place.page].append((index, cell))
    if not by_page:
        return {}
    if doubtful(data):
        raise ValueError("It may be made to exhaust a reader.")
    out: dict[tuple[int, int, int], str] = {}
    try:
        import pdfplumber

        with pdfplumber.open(io.BytesIO(data)) as pdf:
            for number, wanted in sorted(by_page.items()):
                page = pdf.pages[number - 1]
                raw, visible = _first_reading(data, number)
                seen = _current(_chars(page, visible), [_displayed(g, raw) for g in (*raw.hidden, *raw.struck)])
                page.close()
                for index, cell in wanted:
                    other = _text(cell, seen, raw)
                    if not _agrees(cell, other):
                        out[index, cell.row, cell.col] = other
    except Exception as error:  # pdfminer raises errors of any kind on bad bytes
        raise ValueError(f"{type(error).__name__}: {error}"[:200]) from error
    return out


def _chars(page: Any, visible: Box) -> list[Glyph]:
    """The characters of a page in points from the top left of what a viewer shows of it (`visible`, in user space)."""
    x0, y0, x1, y1 = page.page_obj.mediabox
    inside = (visible[0] - x0, y1 - visible[3], visible[2] - x0, y1 - visible[1])
    shown = turn_box(inside, int(page.rotation or 0) % 360, x1 - x0, y1 - y0)
    dx, dy = page.bbox[0] + shown[0], page.bbox[1] + shown[1]
    out: list[Glyph] = []
    for c in page.chars:
        text = "\ufffd" if _WITHOUT_MEANING.fullmatch(c["text"]) else c["text"]
        left, right, top, bottom = c["x0"] - dx, c["x1"] - dx, c["top"] - dy, c["bottom"] - dy
        out.append(Glyph(text, left, top, right, bottom, bottom, bottom - top))
    return out


def _first_reading(data: bytes, number: int) -> tuple[Raw, Box]:
    """What pdfium says of a page, and the box of user space that a viewer shows of it."""
    import pypdfium2 as pdfium

    pdf = pdfium.PdfDocument(data)
    try:
        page = pdf[number - 1]
        textpage = page.get_textpage()
        try:
            return read_raw(page, textpage, _MAX_GLYPHS), PageSpace(page).media
        finally:
            textpage.close()
            page.close()
    finally:
        pdf.close()


def _displayed(glyph: Glyph, raw: Raw) -> Glyph:
    x0, top, x1, bottom = turn_back((glyph.x0, glyph.top, glyph.x1, glyph.bottom), raw.turn, raw.width, raw.height)
    return Glyph(glyph.text, x0, top, x1, bottom, bottom, glyph.size)


def _current(chars: list[Glyph], unread: list[Glyph]) -> list[Glyph]:
    """`chars` without one for each that is not read, and each that is printed twice for boldness once."""
    shelves: dict[str, list[Glyph]] = defaultdict(list)
    for glyph in unread:
        shelves[glyph.text].append(glyph)
    out: list[Glyph] = []
    placed: dict[str, list[Glyph]] = defaultdict(list)
    for char in chars:
        gone = next((g for g in shelves.get(char.text, ()) if _is_at(char, g, 0.3)), None)
        if gone is not None:
            shelves[char.text].remove(gone)
        elif char.text.isspace() or not any(_is_at(char, g, 0.1) for g in placed[char.text][-40:]):
            out.append(char)
            placed[char.text].append(char)
    return out


def _is_at(one: Glyph, other: Glyph, share: float) -> bool:
    near = share * max(one.size, 1.0)
    return (
        abs(one.x0 - other.x0) < near
        and abs((one.top + one.bottom) / 2 - (other.top + other.bottom) / 2) < 0.35 * one.size
    )


def _text(cell: Cell, chars: list[Glyph], raw: Raw) -> str:
    assert cell.place.box is not None
    x0, top, x1, bottom = cell.place.box
    inside = [
        g
        for g in chars
        if x0 - 0.5 <= (g.x0 + g.x1) / 2 <= x1 + 0.5 and top - 0.5 <= (g.top + g.bottom) / 2 <= bottom + 0.5
    ]
    if "\n" not in cell.text:
        inside.sort(
            key=lambda g: turn_box((g.x0, g.top, g.x1, g.bottom), raw.turn, raw.width, raw.height)[0],
        )
    return "".join(g.text for g in inside)


def _agrees(cell: Cell, other: str) -> bool:
    """Whether both texts have the same digits, signs and points; in the same order where the cell is one plain line."""
    one, two = _figures(cell.text), _figures(other)
    if "\n" in cell.text or cell.marks or cell.text != cell.bare:
        return sorted(one) == sorted(two)
    return one == two


def _figures(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).translate(_MINUS)
    return "".join(c for c in _LEADERS.sub("", folded) if c.isdigit() or c in "-().,%\ufffd")
