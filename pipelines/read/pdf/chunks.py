"""Chunks: words of a line that belong together, and what they look like.

What belongs here: cutting a line at wide gaps, and telling figures from words by their shape alone.  What must never
stand here: the value of a figure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.read.pdf.geometry import Box, Word
from pipelines.read.pdf.words import join

# A gap wider than this share of the height of the letters parts two chunks; a space between words is about a quarter.
PART = 0.62
_FIGURE = re.compile(
    r"^[\(\[<>≤≥~≈±+\-–—−─$€£¥%]*(?:HK\$|US\$|Rs\.?|\$)?\s*[+\-–—−]?\s*[\d０-９]"
    r"[\d０-９\s,.:'’/×xX–\-—−]*(?:%|‰|[a-zA-Z]{1,3}|\)|\]|\*|†|‡|#|\([^()]{0,8}\)|million|billion)*[\s*†‡#\d/]*$"
)
_ABSENT = re.compile(
    r"^(?:[-–—−─‐‒]{1,5}|\.{2,3}|:|\.|…|n\.?\s?a\.?|N\.?\s?A\.?|n/a|N/A|\*{1,3}|\([a-zA-Z*\d-]{1,2}\)|[xX#†]|nil|Nil|NIL|[zZ]|\.\.\.)$"
)
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
            if leads[k]:
                near = near or gap < 3 * word.size
            elif leads[k - 1]:
                near = False
            if near and not barred:
                out[-1].words.append(word)
                continue
        out.append(Chunk([word]))
    return out
