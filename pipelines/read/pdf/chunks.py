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
_LEADER = re.compile(r"^[.…·]{2,}$|^\.$")


@dataclass(slots=True)
class Chunk:
    """Words of one line with no wide gap between."""

    words: list[Word]

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
        return is_figure(self.text)


def is_figure(text: str) -> bool:
    """Whether a text has the shape of a number (with its signs and units) or of an absent one."""
    return bool(_ABSENT.match(text)) or (len(text) <= 40 and bool(_FIGURE.match(text)))


def is_number(text: str) -> bool:
    """Whether a text has the shape of a number with digits."""
    return len(text) <= 40 and bool(_FIGURE.match(text))


def is_leader(text: str) -> bool:
    """Whether a word is dots that lead the eye."""
    return bool(_LEADER.match(text))


def chunks_of(line: list[Word], part: float = PART, bars: list[float] | None = None) -> list[Chunk]:
    """The line cut at gaps wider than `part` × height, and at `bars` (x of vertical rules) that stand in a gap."""
    out: list[Chunk] = []
    for word in line:
        if out:
            last = out[-1].words[-1]
            gap = word.x0 - out[-1].x1
            led = is_leader(last.text) and is_leader(word.text)
            barred = bars is not None and any(out[-1].x1 - 1 <= b <= word.x0 + 1 for b in bars)
            ends = is_leader(word.text) and not is_leader(last.text)
            if not barred and (gap <= part * max(word.size, last.size) or (led and gap < 3 * word.size) or ends):
                starts = is_leader(last.text) and not is_leader(word.text)
                if not starts or not is_figure(word.text):
                    out[-1].words.append(word)
                    continue
        out.append(Chunk([word]))
    return out
