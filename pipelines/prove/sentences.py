"""Arithmetic that a sentence does before the reader: "9 + 4 = 13", "20 of the 73 (28 per cent)", "66 – 56 … and 10".

What belongs here: sentences that say how their figures hang together, and whether that holds.  What must never stand
here: a table; a sum that no sentence claims (a sentence that merely lists figures claims none).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from itertools import pairwise

from pipelines.model import Paragraph
from pipelines.prove.numbers.prose_figures import ProseFigure, ProseKind, find_in_prose

_PLUS = re.compile(r"^\s*(?:[^\W\d]+\s+){0,5}[+＋加]\s*$")
_EQUALS = re.compile(r"^\s*(?:[^\W\d]+\s+){0,5}[=＝]\s*$")
_OF = re.compile(r"^\s+(?:out\s+)?of\s+(?:(?:the|these|those|all|a|total|of)\s+)*$", re.I)
_NOUN = r"\s*(?:[^\W\d]+\s+){0,5}[^\W\d]*"
_SHARE = re.compile(
    rf"^{_NOUN}\s*(?:[(（]|,?\s*(?:or|i\.e\.,?|that is,?|representing|accounting for|being)\s)\s*$", re.I
)
_BRACKET = re.compile(r"^\s*[(（]\s*$")
# "66 – 56 under one scheme and 10 under another": a dash may open an aside, the words never do
_DASH = re.compile(rf"^{_NOUN}\s*[–—:：]\s*$|^{_NOUN}\s+-\s+$")
_COMPRISING = re.compile(rf"^{_NOUN}\s*,?\s*(?:namely|comprising|made up of|consisting of)\s*,?:?\s*$", re.I)
_COMMA = re.compile(rf"^{_NOUN}\s*[,，、]\s*$")
_AND = re.compile(rf"^{_NOUN}\s*,?\s*(?:and|及|和)\s+$", re.I)
_NUMBER = re.compile(r"\d(?:[\d ,.\u00a0]*\d)?(?:\s*(?:%|per\s?cent))?", re.I)


@dataclass(frozen=True, slots=True)
class Said:
    """What a sentence claims.

    kind       "sum" or "ratio" (a share in per cent)
    total      the sum, or the share, as the sentence prints it
    parts      what it is worked out of: the addends; (part, whole)
    holds      exactly, or, a share, when rounded to the last digit printed
    how        where a share does not hold: "cut off", "rounded up" if that explains it, else ""
    statement  the claim with the figures as printed, and what it should be where it does not hold
    """

    kind: str
    total: Decimal
    parts: tuple[Decimal, ...]
    holds: bool
    how: str
    statement: str


def claims(paragraphs: Sequence[Paragraph]) -> list[Said]:
    """Every sum and share that a sentence of the running text works out, in order."""
    return [said for paragraph in paragraphs for said in _in_text(paragraph.text)]


def _in_text(text: str) -> Iterator[Said]:
    found = find_in_prose(text)
    figures = [f for f in found if f.kind is ProseKind.FIGURE and f.reading and f.reading.value is not None]
    between = [_gap(text, a, b, found) for a, b in pairwise(figures)]
    for i in range(len(figures)):
        yield from _equation(figures, between, i)
        yield from _share(figures, between, i)
        yield from _listed(figures, between, i)


def _gap(text: str, a: ProseFigure, b: ProseFigure, found: Sequence[ProseFigure]) -> str:
    """The words between two figures of one sentence; what matches nothing where another number stands between."""
    if a.sentence != b.sentence or any(a.start < f.start < b.start for f in found):
        return "0"
    before, after = _NUMBER.search(text, a.start, a.end), _NUMBER.search(text, b.start, b.end)
    return text[before.end() if before else a.end : after.start() if after else b.start]


def _value(figure: ProseFigure) -> Decimal:
    reading = figure.reading
    assert reading is not None and reading.value is not None
    return reading.value


def _hedged(figures: Sequence[ProseFigure]) -> bool:
    # the plus of a sum is no hedge, though "185+" alone is one
    return any(f.reading is None or (f.reading.approx and not f.text.rstrip().endswith(("+", "＋"))) for f in figures)


def _equation(figures: Sequence[ProseFigure], between: Sequence[str], i: int) -> Iterator[Said]:
    if i and _PLUS.match(between[i - 1]):
        return
    j = i
    while j < len(between) and _PLUS.match(between[j]):
        j += 1
    if j > i and j < len(between) and _EQUALS.match(between[j]):
        yield from _sum(figures[i : j + 1], figures[j + 1])


def _listed(figures: Sequence[ProseFigure], between: Sequence[str], i: int) -> Iterator[Said]:
    if i >= len(between):
        return
    sure = _COMPRISING.match(between[i]) is not None
    if not sure and not _DASH.match(between[i]):
        return
    j = i + 1
    while j < len(between) and _COMMA.match(between[j]):
        j += 1
    if j < len(between) and _AND.match(between[j]):
        for said in _sum(figures[i + 1 : j + 2], figures[i]):
            # after a dash the figures may be an aside: only that they add up tells that they are parts
            if said.holds or sure:
                yield said


def _sum(parts: Sequence[ProseFigure], total: ProseFigure) -> Iterator[Said]:
    units = {f.reading.unit == "%" for f in (*parts, total) if f.reading}
    if _hedged((*parts, total)) or len(units) > 1:
        return
    values = tuple(_value(p) for p in parts)
    added = sum(values, Decimal(0))
    quanta = [f.reading.quantum for f in (*parts, total) if f.reading]
    exact = all(q == 1 for q in quanta) and not any(f.reading and f.reading.scale for f in (*parts, total))
    slack = Decimal(0) if exact else sum(quanta, Decimal(0)) / 2
    holds = (_value(total) - added).copy_abs() <= slack
    said = f"{' + '.join(f'{v:f}' for v in values)} = {_value(total):f}"
    yield Said("sum", _value(total), values, holds, "", said if holds else f"{said}, which should be {added:f}")


def _share(figures: Sequence[ProseFigure], between: Sequence[str], i: int) -> Iterator[Said]:
    """ "A of B (P per cent)" and "P per cent (A of B)"."""
    if i + 1 >= len(between):
        return
    a, b, c = figures[i : i + 3]
    if _OF.match(between[i]) and _SHARE.match(between[i + 1]):
        part, whole, share = a, b, c
    elif _BRACKET.match(between[i]) and _OF.match(between[i + 1]):
        share, part, whole = a, b, c
    else:
        return
    read = share.reading
    if read is None or read.unit != "%" or _hedged((part, whole, share)) or not 0 < _value(part) <= _value(whole):
        return
    if any(f.reading and (f.reading.quantum != 1 or f.reading.unit == "%") for f in (part, whole)):
        return
    true = 100 * _value(part) / _value(whole)
    holds = _value(share) in {true.quantize(read.quantum, rounding=r) for r in (ROUND_HALF_UP, ROUND_HALF_EVEN)}
    how = ""
    if not holds and _value(share) == true.quantize(read.quantum, rounding=ROUND_FLOOR):
        how = "cut off"
    elif not holds and _value(share) == true.quantize(read.quantum, rounding=ROUND_CEILING):
        how = "rounded up"
    said = f"{_value(part):f} of {_value(whole):f} is printed as {_value(share):f} per cent"
    if not holds:
        said += f"; it is {true.quantize(read.quantum / 10, rounding=ROUND_HALF_UP):f}"
        said += f", {how} instead of rounded" if how else ", and no rounding explains that"
    yield Said("ratio", _value(share), (_value(part), _value(whole)), holds, how, said)
