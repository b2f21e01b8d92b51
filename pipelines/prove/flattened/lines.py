"""Lines of a flattened table taken apart: the words of a label, the digit groups behind it, and where each stands.

What belongs here: tokens and the places at which a label may end.  What must never stand here: which of these places
is right, or how groups join (`groups`, `flatrows`).  U+00A0 and thin spaces between groups are folded: mirrors mix
them with plain spaces inside one number, so they are no evidence that may stand alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipelines.prove.flattened.groups import YEAR, Row
from pipelines.prove.numbers.glyphs import fold

_TAIL = re.compile(r"(?:(?<=\s)|^|(?<=[\u2e80-\uffef:：)]))\d[\d,]*(?:\s+\d[\d,]*)*\s*$")
# A token before the digits that is a cell of its own: an absence, a share, a decimal, an amount in brackets.
_MIXED = re.compile(
    r"(?:(?<=\s)|^)(?:-+|\.{2,}|…+|n\.?a\.?|nil|\*{3,}|[+\-<>]?\$?[\d,]*\.\d+%?|[+\-<>]?[\d,.]+%|\d[\d,]*(?:\.\d+)?|"
    r"[+\-$]+[\d,.]+|[(\[][\d,. ]+%?[)\]])\s*$",
    re.IGNORECASE,
)
# Words that hold a grouped figure of their own are no label: two rows in one line, or a sentence.
_FIGURES_IN_LABEL = re.compile(r"(?<![\d.])\d{1,3}[ ,]\d{3}(?!\d)|(?:(?<!\S)\d[\d,]*(?!\S).*){3}")
_COMMA = re.compile(r"\d{1,3}(?:,\d{3})+")
_MARKED_YEAR = re.compile(r"((?:18|19|20)\d\d)(?:年?度?\W{0,4})")


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line.  `spans[i]` is the range of group i in the line as printed.

    label   the words before the groups, as printed and trimmed ("" where the line begins with a digit)
    row     the groups, or None where the line does not end in figures
    mixed   the line ends in figures of which some are shares, decimals or absences: not read here
    """

    index: int
    text: str
    label: str
    label_span: tuple[int, int]
    row: Row | None
    spans: tuple[tuple[int, int], ...] = ()
    mixed: bool = False

    @property
    def wordy(self) -> bool:
        return self.row is None and not self.mixed and bool(self.text.strip())


def read_line(index: int, text: str) -> Line:
    """Take one line apart.  Figures with thousands commas are whole numbers already and are joined to nothing."""
    folded = fold(text)
    tail = _TAIL.search(folded.text)
    if _MIXED.search(folded.text[: tail.start()] if tail is not None else folded.text):
        return Line(index, text, text.strip(), (0, len(text)), None, mixed=True)
    if tail is None:
        return Line(index, text, text.strip(), (0, len(text)), None)
    if _FIGURES_IN_LABEL.search(folded.text[: tail.start()]):
        return Line(index, text, text.strip(), (0, len(text)), None, mixed=True)
    groups, spans = [], []
    for m in re.finditer(r"[\d,]+", tail[0]):
        if "," in m[0] and _COMMA.fullmatch(m[0]) is None:
            return Line(index, text, text.strip(), (0, len(text)), None, mixed=True)
        groups.append(m[0].replace(",", ""))
        spans.append(folded.span(tail.start() + m.start(), tail.start() + m.end()))
    before = text[: spans[0][0]]
    start = len(before) - len(before.lstrip())
    return Line(
        index, text, before.strip(), (start, max(start, len(before.rstrip()))), Row(tuple(groups)), tuple(spans)
    )


def with_years(lines: Sequence[Line]) -> list[Line]:
    """Lines whose first group is the year of a run of years: that group is their label, not a figure.

    Wanted are at least three lines that begin with years, in the order of the lines one apart from each other.  A year
    may bear a mark ("2009*", a label already), or stand alone in its line, its figures below it ("2006" over
    "(June to December) 587 83"): that line is words.
    """
    said = [(n, year) for n in lines if (year := _year(n)) is not None]
    steps = {b - a for (_, a), (_, b) in pairwise(said)}
    if len(said) < 3 or steps not in ({1}, {-1}):
        return list(lines)
    chosen = {n.index for n, _ in said}
    out = []
    for n in lines:
        if n.index not in chosen or n.row is None or n.label:
            out.append(n)
        elif len(n.row.groups) == 1:
            out.append(Line(n.index, n.text, n.text.strip(), (0, len(n.text)), None))
        else:
            a, b = n.spans[0]
            out.append(Line(n.index, n.text, n.text[a:b], (a, b), Row(n.row.groups[1:]), n.spans[1:]))
    return out


def _year(line: Line) -> int | None:
    """The year that a line of figures begins with, as its first group or as a label with a mark."""
    if line.row is None:
        return None
    if line.label:
        marked = _MARKED_YEAR.fullmatch(line.label)
        return None if marked is None else int(marked[1])
    return int(line.row.groups[0]) if YEAR.fullmatch(line.row.groups[0]) else None
