"""The characters of printed figures, folded so that the grammar sees one form of each.

What belongs here: which code points are digits, spaces, minus signs, brackets; where each folded character stood in
the text as printed.  What must never stand here: what a number means, or any change of a character's order.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

# White space that separates thousands or pads cells: no-break, figure, thin, hair, narrow no-break, ideographic, …
SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\f\v"
# Characters without width, which mirrors and editors leave inside figures.
WIDTHLESS = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"
DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2500\u2501\ufe58\ufe63\uff0d\u30fc"
SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"

_FOLD: dict[str, str] = (
    dict.fromkeys(SPACES, " ")
    | dict.fromkeys(DASHES, "-")
    | dict.fromkeys("’‘ʼ＇", "'")
    | {
        "，": ",",
        "﹐": ",",
        "．": ".",
        "（": "(",
        "）": ")",
        "［": "[",
        "］": "]",
        "〔": "[",
        "〕": "]",
        "【": "[",
        "】": "]",
    }
    | {"％": "%", "﹪": "%", "＋": "+", "＄": "$", "﹩": "$", "＊": "*", "∗": "*", "＃": "#", "＾": "^", "＠": "@"}
    | {"∆": "△", "Δ": "△", "▵": "△", "⁽": "(", "⁾": ")", "～": "~", "∼": "~", "＜": "<", "＞": ">", "／": "/", "╱": "/"}
)


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` with one form of each character; `origin[i]` is the position in the printed text of `text[i]`.

    `origin` has one entry more than `text`, the length of the printed text, so that it maps half-open ranges.
    """

    text: str
    origin: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The half-open range of the printed text that holds the folded range [start, end)."""
        return (self.origin[start], self.origin[end - 1] + 1) if end > start else (self.origin[start],) * 2


def fold(printed: str) -> Folded:
    """Digits of every script to ASCII (superscripts stay: they are marks), spaces, dashes and brackets to one form."""
    text: list[str] = []
    origin: list[int] = []
    for i, char in enumerate(printed):
        if char in WIDTHLESS:
            continue
        folded = _FOLD.get(char)
        if folded is None:
            digit = unicodedata.decimal(char, -1) if char > "\x7f" else -1
            folded = char if digit < 0 else str(digit)
        text.append(folded)
        origin.append(i)
    origin.append(len(printed))
    return Folded("".join(text), tuple(origin))
