"""The grammar of the figures that releases print: one cell's text → every number that it can stand for.

What belongs here: signs, currency, percentages, scales, hedges, footnote marks, units, around the numerals
(`numerals`) and absences (`absences`).  What must never stand here: a choice between two grammatical readings, what
a column means, the years and labels of a stub (a text such as "2019", alone, is a number here; the frame decides).

Rules, where a text is doubtful
- One cell, one figure: "1 358" is 1358.  A text that can only be several figures ("20,037 (22,313)#", "587 83") gives
  a reading for each of them, so that it is ambiguous until evidence settles it; never silently one of them.
- A text that is a range, a date, a time, a fraction or a code with leading zeros is no figure: ().
- A small number in brackets glued to a figure is its mark ("1 100(2)"); with a space between it may also be a second
  figure ("12 (3)"), unless the mark is known (`marks`).
- A group of four or five digits after the last separator ("5,4001") may be a glued note, a misplaced separator or a
  decimal comma: all of them, unless the mark is known.
- Brackets around a figure say minus; around a percentage they may also be a mere aside: both.
- "▲5" is −5 in some tables and an increase in others: both.  "△5" and "▼5" are −5.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from pipelines.model import Absence, Reading
from pipelines.prove.numbers import absences
from pipelines.prove.numbers.glyphs import fold
from pipelines.prove.numbers.grammar import PER_CENT, figure_at
from pipelines.prove.numbers.numerals import Convention

MAX_READINGS = 16  # a cell with more is no figure but a line; the flattened solver is for lines

_MARK = (
    r"\s*[*#^@†‡§¶~&]+|[⁰¹²³⁴⁵⁶⁷⁸⁹]+|[ᵃᵇᶜᵈᵉᵖʳ]|"
    r"\s*[(\[]\s*(?:(?:foot)?notes?|see note|附註|附注|備註|备注|註釋|註|注)\s*\d{0,2}\s*[a-zA-Z]?\s*[)\]]|"
    r"\s*(?:footnote|note|附註|備註|註|注)\s*\d{0,2}|"
    r"\s?\[\s*\w{1,2}\s*\]|\s?\(\s*(?:[a-zA-Z]|[ivx]{1,4}|[*#^@†‡§]+)\s*\)"
)
_MARK_BEFORE = r"[*#^@†‡§¶]+|[⁰¹²³⁴⁵⁶⁷⁸⁹]+"


_ENCLOSED = re.compile(r"(?P<before>(?:HK\s?\$|US\s?\$|\$)?\s*)\(\s*(?P<inside>[^()]*[^()\s])\s*\)(?P<after>\s*%)?")
_TRAILING = re.compile(rf"(?P<core>.*?[^\s])(?P<mark>{_MARK})\s*", re.IGNORECASE | re.DOTALL)
_TRAILING_NUMBER = re.compile(r"(?P<core>.*?[^\s])(?P<mark>(?P<space>\s*)\(\s*\d{1,2}\s*\))\s*", re.DOTALL)
_TRAILING_LETTER = re.compile(r"(?P<core>.*\d)(?P<mark>\s?[a-hpr])\s*", re.DOTALL)
_LEADING = re.compile(rf"\s*(?P<mark>{_MARK_BEFORE})\s*(?P<core>.+)", re.DOTALL)
_PLAIN = re.compile(r"[1-9][0-9]{0,2}(?:[, \u00a0][0-9]{3})*|[1-9][0-9]*|0")
_DECIMAL = re.compile(r"-?(?:[1-9][0-9]*|0)\.([0-9]{1,2}|[0-9]{4,})")  # three places may be thousands
_SEPARATORS = re.compile(r"[, \u00a0]")
_NO_FIGURE = re.compile(
    r"\d+\s*[-/:]\s*\d+.*|.*\d\s(?:to|or|and)\s\d.*|.*\d\s*(?:至|到)\s*\d.*|\d{1,2}\.\d{1,2}\.\d{2,4}|[^\d]*\d+[年月日號号].*",
    re.IGNORECASE | re.DOTALL,
)


def parse(
    text: str, *, marks: tuple[str, ...] = (), convention: Convention = Convention.ENGLISH
) -> tuple[Reading, ...]:
    """Every grammatical reading of one cell's text, best-formed first; () where it is neither figure nor absence.

    text        a cell's `bare` text (or its `text`, where nothing was set apart)
    marks       marks already known to stand on this cell (`Cell.marks`): every reading carries them, and a doubtful
                tail that equals one of them is that mark and nothing else
    convention  the table's convention for comma and point (`convention(texts)`)

    start and end of a reading index `text` as given.  Several readings are alternatives, never parts.
    """
    if _PLAIN.fullmatch(text) is not None and convention is Convention.ENGLISH:  # most cells; the same answer, sooner
        return (Reading(Decimal(_SEPARATORS.sub("", text)), marks=marks, end=len(text)),)
    if convention is Convention.ENGLISH and (decimal := _DECIMAL.fullmatch(text)) is not None:
        value, quantum = Decimal(text), Decimal(1).scaleb(-len(decimal[1]))
        return (Reading(value or abs(value), quantum, marks=marks, end=len(text)),)
    folded = fold(text)
    if (absence := absences.kind(folded.text)) is not None:
        start, end = _trimmed(folded.text)
        return (
            Reading(
                None, absence=absence, marks=marks, start=folded.span(start, end)[0], end=folded.span(start, end)[1]
            ),
        )
    start, end = _trimmed(folded.text)
    known = {re.sub(r"[\s()\[\]]", "", m) for m in marks}
    found: list[Reading] = []
    for reading in _cell(folded.text, start, end, (), known, convention):
        at, to = folded.span(reading.start, reading.end)
        reading = replace(reading, start=at, end=to, marks=_merged(marks, reading.marks))
        if all((r.value, r.unit, r.absence) != (reading.value, reading.unit, reading.absence) for r in found):
            found.append(reading)
    return tuple(found[:MAX_READINGS])


def _merged(known: tuple[str, ...], found: tuple[str, ...]) -> tuple[str, ...]:
    plain = {re.sub(r"[\s()\[\]]", "", m) for m in known}
    return known + tuple(m for m in found if re.sub(r"[\s()\[\]]", "", m) not in plain)


def _trimmed(text: str) -> tuple[int, int]:
    stripped = text.strip()
    start = text.index(stripped) if stripped else 0
    return start, start + len(stripped)


def _cell(
    text: str, start: int, end: int, marks: tuple[str, ...], known: set[str], convention: Convention
) -> Iterator[Reading]:
    """Readings of text[start:end], which carries `marks` already peeled off; deeper peeling recurses."""
    part = text[start:end]
    if not part or (start == end):
        return
    if (absence := absences.kind(part)) is not None and absence is not Absence.BLANK:
        yield Reading(None, absence=absence, marks=marks, start=start, end=end)
        return
    if _NO_FIGURE.fullmatch(part):
        return
    whole = list(_one(text, start, end, marks, known, convention))
    yield from whole
    peeled = False
    if (m := _TRAILING_NUMBER.fullmatch(part)) is not None:
        mark = re.sub(r"\s", "", m["mark"])
        for reading in _cell(text, start, start + m.end("core"), (mark, *marks), known, convention):
            peeled = True
            yield reading
        if peeled and m["space"] and mark.strip("()") not in known:
            yield from _several(text, start, end, marks, known, convention)
        if peeled:
            return
    if (m := _TRAILING.fullmatch(part)) is not None and not (whole and m["mark"] == "~"):
        for reading in _cell(text, start, start + m.end("core"), (m["mark"].strip(), *marks), known, convention):
            peeled = True
            yield reading
    if not peeled and (m := _LEADING.fullmatch(part)) is not None:
        for reading in _cell(text, start + m.start("core"), end, (m["mark"], *marks), known, convention):
            peeled = True
            yield reading
    if not whole and not peeled and (m := _TRAILING_LETTER.fullmatch(part)) is not None:
        for reading in _cell(text, start, start + m.end("core"), (m["mark"].strip(), *marks), known, convention):
            peeled = True
            yield reading
    glued = all(set(r.marks) - set(marks) - known for r in whole)  # nothing but readings with a tail taken for a mark
    if not peeled and glued:
        yield from _several(text, start, end, marks, known, convention)


def _one(
    text: str, start: int, end: int, marks: tuple[str, ...], known: set[str], convention: Convention
) -> Iterator[Reading]:
    """Readings of text[start:end] as exactly one figure, brackets allowed around it."""
    if (m := _ENCLOSED.fullmatch(text, start, end)) is not None:
        inside = m["before"] + m["inside"] + (m["after"] or "")
        signed = re.match(r"\s*[+\-△▲▼]", m["inside"]) is not None
        for reading in figure_at(inside, 0, len(inside), marks, known, convention):
            reading = replace(reading, start=start, end=end)
            if signed or reading.value is None:
                yield reading
                continue
            yield replace(reading, value=-reading.value)
            if reading.unit == "%":
                yield reading
        return
    yield from figure_at(text, start, end, marks, known, convention)


def _several(
    text: str, start: int, end: int, marks: tuple[str, ...], known: set[str], convention: Convention
) -> Iterator[Reading]:
    """A reading for each figure, in every grouping, of a text that holds several figures and only brackets between.

    None where fewer than two different figures can be read of it: "16,654.910,035.3" is two figures that ran together,
    of which one could pass for the whole, and "12 12" is no 12.
    """
    place, runs = start, []
    while (m := _RUN.search(text, place, end)) is not None:
        if text[place : m.start()].strip(" ()[],;/|\n$"):
            return
        runs.append(m)
        place = m.end()
    tail = text[place:end].strip(" ()[],;/|\n")
    if not runs or (tail and not re.fullmatch(_MARK, tail, re.IGNORECASE)):
        return
    spans = [(m.start() + a, m.start() + b) for m in runs for a, b in _pieces(m[0])]
    if len(spans) < 2:
        return
    carried = ((tail,) if tail else ()) + marks
    readings = [r for at, to in spans for r in figure_at(text, at, to, carried, known, convention)]
    if len({r.value for r in readings}) > 1:
        yield from readings


_RUN = re.compile(
    rf"(?:(?:HK\s?\$|US\s?\$|\$)\s?)?[+\-△]?\s?\d[\d,]*(?:\.\d+)?(?: \d{{3}}(?!\d))*(?:\s*(?:{PER_CENT}))?",
    re.IGNORECASE,
)


def _pieces(run: str) -> Iterator[tuple[int, int]]:
    """Half-open ranges of the figures that stand in some grouping of a run of digit groups ("1 358 564")."""
    groups = [m.span() for m in re.finditer(r"[^\s]+(?:\s*per\s?cent)?", run)]
    for i, (start, end) in enumerate(groups):
        yield start, end
        head = run[start:end]
        if len(head.lstrip("+-△")) > 3 or not head[-1].isdigit():
            continue
        for j in range(i + 1, len(groups)):
            if not re.fullmatch(r"\d{3}(?:\.\d+)?%?", run[groups[j][0] : groups[j][1]]):
                break
            yield start, groups[j][1]
