"""Chunks: words of a line that belong together, and what they look like.

What belongs here: cutting a line at wide gaps, and telling figures from words by their shape alone.  What must never
stand here: the value of a figure.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from pipelines.read.pdf.geometry import Box, Word
from pipelines.read.pdf.words import join

# A gap wider than this share of the height of the letters parts two chunks; a space between words is about a quarter.
PART = 0.62
_TIGHT = 0.4
_FIGURE = re.compile(
    r"^[*#^†‡§Ω\u2126]{0,2}[\(\[<>≤≥~≈±+\-–—−─$€£¥%]*(?:HK\$|US\$|Rs\.?|\$)?\s*[+\-–—−]?\s*(?:\d|[０-９]|\.\d)"
    r"[\d０-９\s,.:'’/×xX–\-—−]*(?:%|‰|[a-zA-Z]{1,3}\.?|\([^()]{0,12}\)|million|billion|m|bn)?[\s)\]*†‡#^@%]*$"
)
_ABSENT = re.compile(
    r"^(?:[-–—−─‐‒]{1,5}|\.{2,3}|:|\.|…|n\.?\s?a\.?|N\.?\s?A\.?|n/a|N/A|\*{1,3}|\([a-zA-Z*\d-]{1,2}\)|[xX#†]|nil|Nil|NIL|[zZ]|\.\.\.)$"
)
_CURRENCIES = {"$", "£", "€", "¥", "HK$", "US$", "Rs", "Rs."}
_CLOSING = {"%", ")", ")%", "‰", "*", "**"}
_OPEN_END = re.compile(r"(?:[-–,/&(]|\b(?:and|of|for|the|in|to|or|with|by|from|on|at|as|than|et|de|der|und|per))$")
_DOTS = re.compile(r"^[.…·_]+$")


@dataclass(slots=True)
class Chunk:
    """Words of one line with no wide gap between."""

    words: list[Word]
    _figure: bool | None = None

    @property
    def x0(self) -> float:
        return self.words[0].x0

    @property
    def x1(self) -> float:
        return max(w.x1 for w in self.words)

    @property
    def top(self) -> float:
        return min(w.top for w in self.words)

    @property
    def bottom(self) -> float:
        return max(w.bottom for w in self.words)

    @property
    def box(self) -> Box:
        return (self.x0, self.top, self.x1, self.bottom)

    @property
    def text(self) -> str:
        return join(self.words, bare=True)

    @property
    def figure(self) -> bool:
        """Looks like a number, or like the sign of its absence."""
        if self._figure is None:
            self._figure = is_figure(self.text)
        return self._figure


def is_figure(text: str) -> bool:
    """Whether a text has the shape of a number (with its signs and units) or of an absent one."""
    return bool(_ABSENT.match(text)) or (len(text) <= 40 and bool(_FIGURE.match(text)))


def is_number(text: str) -> bool:
    """Whether a text has the shape of a number with digits."""
    return len(text) <= 40 and bool(_FIGURE.match(text))


def open_end(text: str) -> bool:
    """Whether a text ends as only a text that goes on does: with a preposition, a comma, a hyphen."""
    return bool(_OPEN_END.search(text))


def leaders_of(line: list[Word]) -> list[bool]:
    """For each word of a line: whether it is dots that lead the eye (four or more, or three or more words of dots)."""
    dots = [bool(_DOTS.match(w.text)) for w in line]
    out = [False] * len(line)
    k = 0
    while k < len(line):
        if not dots[k]:
            k += 1
            continue
        end = k
        while end + 1 < len(line) and dots[end + 1] and line[end + 1].x0 - line[end].x1 < 2 * line[end].size:
            end += 1
        led = sum(len(line[i].text) * (3 if "…" in line[i].text else 1) for i in range(k, end + 1)) >= 4
        led = led or end - k >= 2
        out[k : end + 1] = [led] * (end + 1 - k)
        k = end + 1
    return out


def chunks_of(line: list[Word], part: float = PART, bars: list[float] | None = None) -> list[Chunk]:
    """The line cut at gaps wider than `part` × height, and at `bars` (x of vertical rules) that stand in a gap.

    Leaders stay with what they lead from; what follows them is a chunk of its own.
    """
    out: list[Chunk] = []
    leads = leaders_of(line)
    for k, word in enumerate(line):
        if out:
            last = out[-1].words[-1]
            gap = word.x0 - out[-1].x1
            barred = bars is not None and any(out[-1].x1 - 1 <= b <= word.x0 + 1 for b in bars)
            near = gap <= part * max(word.size, last.size)
            if near and gap > _TIGHT * word.size and is_number(last.text) and is_number(word.text):
                near = False  # two figures: groups of digits stand closer than this
            if leads[k]:
                near = near or gap < 3 * word.size
            elif leads[k - 1]:
                near = False
            if near and not barred:
                out[-1].words.append(word)
                continue
        out.append(Chunk([word]))
    return _with_signs(out)


def _with_signs(chunks: list[Chunk]) -> list[Chunk]:
    """A currency sign set apart goes with the figure behind it; a lone % or ) with the one before."""
    out: list[Chunk] = []
    for chunk in chunks:
        if out:
            last = out[-1]
            gap = chunk.x0 - last.x1
            size = chunk.words[0].size
            if last.text in _CURRENCIES and chunk.figure and gap < 8 * size:
                out[-1] = Chunk(last.words + chunk.words)
                continue
            if chunk.text in _CLOSING and last.figure and gap < 1.2 * size:
                out[-1] = Chunk(last.words + chunk.words)
                continue
        out.append(chunk)
    return out


def recut(chunks: list[Chunk], column_of: Callable[[Word], int]) -> list[Chunk]:
    """Cut chunks whose words stand in different columns with more than a space between."""
    out: list[Chunk] = []
    for chunk in chunks:
        current: list[Word] = []
        for word in chunk.words:
            if current:
                wide = word.x0 - current[-1].x1 > 0.33 * word.size
                if wide and column_of(current[-1]) != column_of(word):
                    out.append(Chunk(current))
                    current = []
            current.append(word)
        out.append(Chunk(current))
    return out
