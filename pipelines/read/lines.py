"""Looks at one line of laid-out text: its pieces, its figures, whether it is a rule, a sentence, a note.

What belongs here: what one line alone can tell.  What must never happen here: looking at a second line, or deciding
what a number means: a figure is recognised by its form only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pipelines.read.flow import Line

SPACES = " \u00a0\t\u3000"
_GAP = re.compile(r"[ \u00a0]*[\t\u3000]+[ \u00a0\t\u3000]*|[ \u00a0]{2,}")
_MARK = r"(?:[*#@^+]{1,3}|[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2}|\((?:[Nn]ote\s*)?[0-9a-z]{1,2}\))?"
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?:[ \u00a0]\d{3})+|\d+)(?:\.\d+)?"
_UNIT = r"(?:HK|US)?\$?[ \u00a0]?"
NIL = r"(?:--?-?|[–—─]+|NIL|Nil|nil|N\.?A\.?|n\.?a\.?|\.{2,3}|…+|\*{2,3}|沒有|不適用)"
_FIGURE = re.compile(rf"(?:{_UNIT}[-−–+]?{_UNIT}{_DIGITS}%?|[(（\[]{_UNIT}[-−–+]?{_DIGITS}%?[)）\]]){_MARK}")
_VALUE = re.compile(rf"(?:{_FIGURE.pattern}(?: [-–] {_FIGURE.pattern})?|{NIL}{_MARK})")
# a figure that no date, note number or year looks like: it may be split off after a single space
_PLAIN_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+)"
_STRICT = re.compile(rf"(?:[-−–+]?{_PLAIN_DIGITS}|\([-−–]?{_PLAIN_DIGITS}\))[*#@^]{{0,3}}")
_NIL_END = re.compile(r"(?:--?|NIL|Nil|N\.A\.)")
_STROKE_END = re.compile(r"[-=_–—─━‐]{4,}[ \t\u00a0\u3000]*$")
# "Expenditure (Note 1)(17,106.7)", "Banking Sector(Note 1)10,491.3", "Consolidated Deficit(16,678.6)"
_GLUED_FIGURE = re.compile(
    rf"(?:(?<=[A-Za-z)/])(\([-−–]?{_PLAIN_DIGITS}\))|(?<=[A-Za-z0-9]\))((?:\d{{1,3}}(?:,\d{{3}})*\.\d+|\d{{1,3}}(?:,\d{{3}})+)))$"
)
_MOST_TAILS = 64
_DASHES = ("-", "–", "—")
_ENDS_IN_FIGURE = re.compile(r"\d[)%]?[ \u00a0]*$")
_STROKES = "-=_–—─━‐"
_STROKE = 4  # strokes from this length on are a rule, not the sign of a missing figure
_RULE_CHARS = "-=_–—─━‐ \t\u00a0\u3000"
_RULE_RUN = re.compile(r"[-=_–—─━‐]{3,}")
_SENTENCE_GAP = re.compile(r"[.?!;:,。：；，][\"'”’)]?[ \u00a0]{2,3}(?=[\"'“‘(]?[A-Za-z0-9$])")
LONG = 100  # more characters than this in one piece are running text, not a label or a cell


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line between gaps.  start, end: characters of the line; left, right: columns as displayed."""

    text: str
    start: int
    end: int
    left: int
    right: int

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    @property
    def is_value(self) -> bool:
        """A figure or the sign of none, by its form."""
        return is_value(self.text)


@lru_cache(maxsize=4096)
def is_value(text: str) -> bool:
    """Whether a whole text has the form of one figure or of an absent one."""
    return _VALUE.fullmatch(text) is not None


@lru_cache(maxsize=4096)
def is_figure(text: str) -> bool:
    """Whether a whole text has the form of one figure (with digits)."""
    return _FIGURE.fullmatch(text) is not None


def is_rule(text: str) -> bool:
    """A line drawn by characters."""
    if text.strip(_RULE_CHARS):
        return False
    return _RULE_RUN.search(text) is not None


def rule_runs(text: str) -> list[Piece]:
    """The strokes of a rule, one for each column that it is drawn under."""
    at = displayed(text)
    return [Piece(m.group(), m.start(), m.end(), at(m.start()), at(m.end())) for m in _RULE_RUN.finditer(text)]


def is_stars(text: str) -> bool:
    """The line of asterisks under a headline."""
    return "****" in text and not text.strip("*＊" + SPACES)


def displayed(text: str) -> _Columns:
    """A function from a character's index to the column it is displayed in (tabs to 8, ideographs two wide)."""
    return _Columns(text)


class _Columns:
    def __init__(self, text: str) -> None:
        self._at: list[int] | None = None
        if "\t" in text or not text.isascii():
            at = 0
            self._at = []
            for c in text:
                self._at.append(at)
                if c == "\t":
                    at = (at // 8 + 1) * 8
                else:
                    at += 2 if ("\u1100" <= c <= "\u115f" or "\u2e80" <= c <= "\uffe6") else 1
            self._at.append(at)

    def __call__(self, index: int) -> int:
        return index if self._at is None else self._at[index]


def pieces(text: str) -> list[Piece]:
    """The pieces of a line between gaps of two spaces or more; figures after a single space are split off.

    Columns typed in a proportional font drift: a long label leaves one space before its value.
    """
    body = text.rstrip(SPACES)
    start = len(body) - len(body.lstrip(SPACES))
    if start >= len(body):
        return []
    at = displayed(text)
    spans: list[tuple[int, int]] = []
    if not has_gap(body[start:]):
        return [Piece(body[a:b], a, b, at(a), at(b)) for a, b in _split_figures(body, start, len(body))]
    for gap in _GAP.finditer(body, start):
        spans.append((start, gap.start()))
        start = gap.end()
    spans.append((start, len(body)))
    out: list[Piece] = []
    if len(spans) > 1:
        # a rule may end the line of a label ("end of period   --------", "Surplus--------")
        spans = [(s, _without_stroke(body, s, e)) for s, e in spans]
        spans = [(s, e) for s, e in spans if body[s:e].strip(_STROKES) or e - s < _STROKE] or spans[:1]
    for s, e in spans:
        for a, b in _split_figures(body, s, e):
            out.append(Piece(body[a:b], a, b, at(a), at(b)))
    return out


def has_stroke(text: str) -> bool:
    """A line that ends in a rule, after words."""
    return bool(_STROKE_END.search(text))


def _without_stroke(text: str, start: int, end: int) -> int:
    stroke = _STROKE_END.search(text, start, end)
    return (
        stroke.start() if stroke is not None and stroke.start() > start and text[stroke.start() - 1].isalpha() else end
    )


def _split_figures(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Split unmistakable figures off the end of a piece."""
    tails: list[tuple[int, int]] = []
    stop = end
    glued = _GLUED_FIGURE.search(text, start, end)
    if glued is not None:
        # "Expenditure (Note 1)(17,106.7)"
        tails, stop = [(glued.start(), end)], glued.start()
    while len(tails) < _MOST_TAILS:
        cut = max(text.rfind(" ", start, stop), text.rfind("\u00a0", start, stop))
        if cut <= start:
            break
        token = text[cut + 1 : stop]
        plain = _STRICT.fullmatch(token)
        if plain is None and not (_NIL_END.fullmatch(token) and (tails or text[cut - 1] == ")")):
            break
        if token in _DASHES and tails and _ENDS_IN_FIGURE.search(text[start:cut]):
            # "93.2 - 137.8" is one cell, a range
            return [(start, end)]
        if text[start:cut].rstrip(SPACES).endswith(("$", "HK", "US")):
            break
        tails.insert(0, (cut + 1, stop))
        stop = cut
    if not tails:
        return [(start, end)]
    head = text[start:stop].rstrip(SPACES)
    glued = _GLUED_FIGURE.search(head)
    if glued is not None:
        tails.insert(0, (start + glued.start(), start + len(head)))
        head = head[: glued.start()]
    if tails and not any(c.isalpha() for c in head) and not _STRICT.fullmatch(head):
        # "93.2 - 137.8", "1 234.5": not a label, so nothing tells that these are two cells
        return [(start, end)]
    return [(start, start + len(head)), *tails]


def indent(text: str) -> int:
    """Columns of white space before the text."""
    return displayed(text)(len(text) - len(text.lstrip(SPACES)))


def has_gap(text: str) -> bool:
    """Whether anything wider than one space stands inside a stripped text (a look before the costlier search)."""
    if text.isascii():
        return "  " in text or "\t" in text
    return _GAP.search(text) is not None


def folded(text: str) -> str:
    """Runs of white space as one space; a lone U+00A0 inside is kept."""
    text = text.strip(SPACES + "\r\n")
    if text.isascii() and "  " not in text and "\t" not in text and "\n" not in text and "\r" not in text:
        return text
    return _FOLD.sub(" ", text)


_FOLD = re.compile(r"[ \t\r\n\u3000]+(?:\u00a0[ \t\r\n\u00a0\u3000]*)?|\u00a0[ \t\r\n\u00a0\u3000]+")


def is_note_reference(text: str) -> bool:
    """ "(Note 2)" alone: printed under the figure that it belongs to."""
    return _NOTE_REFERENCE.fullmatch(text) is not None


_NOTE_REFERENCE = re.compile(
    r"[(（\[](?:[Nn]otes?|NOTES?|[註注])[ \u00a0]*[0-9A-Za-z]{1,2}(?:[ \u00a0,&and]+[0-9]{1,2})*[)）\]]"
)


def is_sentence(line: Line) -> bool:
    """Running text: too long for a label or a row, or pieces that are only sentences apart."""
    text = line.text.strip(SPACES)
    if len(text) <= 60:
        return False
    if not has_gap(text):
        return len(text) > (LONG if not line.pre else 76)
    longest = max((len(p.text) for p in pieces(_SENTENCE_GAP.sub(". ", line.text))), default=0)
    return longest > (LONG if not line.pre else 76)
