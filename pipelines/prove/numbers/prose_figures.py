"""Every figure in running text, with its place and the words around it, so that prose totals can be linked to cells.

What belongs here: finding figures in sentences and telling years, dates and references apart from them.  What must
never stand here: deciding which table a sentence speaks of.

A bare number of four digits from 1840 to 2099, without separator, unit, currency or hedge, is a YEAR; "2 004" and
"2013 applications" are figures.  Years and dates are returned too, under their kind, so that a caller can scope a
sentence; "(2)", "LCQ15", "COVID-19", "14th" are references.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from pipelines.model import Reading
from pipelines.prove.numbers.glyphs import fold
from pipelines.prove.numbers.grammar import PROSE_FIGURE, figure_at
from pipelines.prove.numbers.numerals import HAN, Convention


class ProseKind(StrEnum):
    """What a number in a sentence is."""

    FIGURE = "figure"
    YEAR = "year"
    DATE = "date"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class ProseFigure:
    """One number in running text.

    readings    at least one for a FIGURE or YEAR (several where the text is ambiguous), () for dates and references
    text        as printed, at [start, end) of the text searched
    before,after  the words of the same sentence on either side, as printed, up to `CONTEXT` characters
    sentence    half-open range of the sentence in the text searched
    """

    kind: ProseKind
    readings: tuple[Reading, ...]
    text: str
    start: int
    end: int
    before: str
    after: str
    sentence: tuple[int, int]

    @property
    def reading(self) -> Reading | None:
        """The one reading, or None where there is none or several."""
        return self.readings[0] if len(self.readings) == 1 else None


CONTEXT = 80
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|"
    r"Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_HAN_MONTH = rf"(?:\d{{1,2}}|[{HAN}]{{1,3}})\s*月(?:份|底|初)?(?:\s*(?:\d{{1,2}}|[{HAN}]{{1,3}})\s*[日號号])?"
_DATES = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH}(?:,?\s+(?:of\s+)?\d{{4}}\b(?! ?\d{{3}}\b))?"
    rf"|\b{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?![ ,]\d{{3}}\b)(?:,?\s+\d{{4}}\b)?"
    rf"|\b{_MONTH},?\s+\d{{4}}\b(?! ?\d{{3}}\b)"
    rf"|(?<![\d.])\d{{1,4}}\s*[./-]\s*\d{{1,2}}\s*[./-]\s*\d{{2,4}}(?![\d.])"
    rf"|(?:\d{{2,4}}|[{HAN}]{{2,4}})\s*年(?:度|代)?(?:\s*{_HAN_MONTH})?"
    rf"|{_HAN_MONTH}"
    rf"|\b(?:18|19|20)\d\d\s*[-/]\s*(?:(?:18|19|20)\d\d|\d\d)(?!\d)"
    rf"|\b\d{{1,2}}:\d\d(?:\s*[ap]\.?m\.?)?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:18[4-9]|19\d|20\d)\d")
_SENTENCE_END = re.compile(r"(?<!\d)[.!?](?=\s)|(?<=\d)\.(?=\s+[A-Z])|[。！？；;]|\n\s*\n|$")


def find_in_prose(text: str, convention: Convention = Convention.ENGLISH) -> tuple[ProseFigure, ...]:
    """Every number of a text in order, spans not overlapping; positions index `text` as given."""
    folded = fold(text)
    body = folded.text
    dates = [m.span() for m in _DATES.finditer(body)]
    sentences = list(_sentences(body))
    found: list[ProseFigure] = []

    def add(kind: ProseKind, readings: tuple[Reading, ...], start: int, end: int) -> None:
        low, high = next((s for s in sentences if s[0] <= start < s[1]), (0, len(body)))
        (a, b), (low, high) = folded.span(start, end), folded.span(low, high)
        before, after = text[max(low, a - CONTEXT) : a], text[b : min(high, b + CONTEXT)]
        found.append(ProseFigure(kind, readings, text[a:b], a, b, before, after, (low, high)))

    place = 0
    while (m := PROSE_FIGURE.search(body, place)) is not None:
        start, end = m.span()
        date = next((d for d in dates if d[0] < end and start < d[1] and d[1] > place), None)
        if date is not None and date[0] <= m.start("body" if m["body"] is not None else 0):
            add(ProseKind.DATE, (), *date)
            place = max(date[1], place + 1)
            continue
        place = max(end, start + 1)
        if _is_reference(body, m):
            add(ProseKind.REFERENCE, (), start, end)
            continue
        if re.match(r"-\s", body[start:end]):  # a dash between words is no minus
            start = m.start("currency") if m["currency"] else m.start("body" if m["body"] is not None else "words")
        readings = tuple(
            replace(r, start=folded.span(r.start, r.end)[0], end=folded.span(r.start, r.end)[1])
            for r in figure_at(body, start, end, (), set(), convention)
        )
        if not readings:
            continue
        year = _YEAR.fullmatch(body[start:end].strip()) is not None
        add(ProseKind.YEAR if year else ProseKind.FIGURE, readings, start, end)
    return tuple(found)


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for m in _SENTENCE_END.finditer(text):
        if m.end() > start:
            yield start, m.end()
            start = m.end()


def _is_reference(text: str, m: re.Match[str]) -> bool:
    """Part of a name ("LCQ15", "COVID-19", "14th") or the number of a paragraph at its head ("(2) whether")."""
    end = m.end()
    if m["words"] is not None or m["body"] is None:
        return False
    at = m.start("body")
    if re.search(r"[A-Za-z]-?$|[A-Za-z]\.$", text[max(0, at - 2) : at]) and not m["currency"] and not m["hedge"]:
        return True
    if re.match(r"(?:st|nd|rd|th)\b|[A-Za-z]", text[end : end + 3]):
        return True
    line_head = text.rfind("\n", 0, at) + 1
    return re.fullmatch(r"\s*\(?", text[line_head:at]) is not None and re.match(r"[).、]\s*\D", text[end:]) is not None
