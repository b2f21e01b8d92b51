"""Of the sums that hold in a bare table, those that its author is likely to have meant.

What belongs here: which found sums to claim, at which crossings, with which cells, where nothing but the table itself
can be asked.  What must never stand here: a verdict, or anything that a verdict rests on (`chance` alone bounds luck).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.prove.hits import Hit, side_of
from pipelines.prove.labels import Claim
from pipelines.prove.rules import Lines, place
from pipelines.prove.sheet import Position, Sheet

_TOTALS = (Claim.TOTAL, Claim.SUBTOTAL)
# A sum that fails at one crossing amid its block for five that meet it is none, unless its label says total.
_AMID = 5
_AGAIN = 8


@dataclass(frozen=True, slots=True)
class Chosen:
    """total = Σ parts, at one crossing of one hit."""

    total: Position
    parts: tuple[Position, ...]


def choose(sheet: Sheet, lines: Lines, hits: Sequence[Hit], tried: Mapping[str, float]) -> Iterator[Chosen]:
    """The sums of one axis to claim.  A figure is claimed to be one sum of what stands before it, and one of what
    stands after it: of several that hold, the first found that never fails."""
    taken: set[tuple[int, int, int]] = set()
    totals = {h.total for h in hits if h.family == "beside"}
    totals |= {i for i, label in enumerate(lines.labels) if label.claim in _TOTALS}
    standing = [h for h in hits if _stands(lines, h, tried, totals)]
    for hit in sorted(standing, key=lambda h: (h.family != "beside", bool(h.failed))):
        side = side_of(hit.total, hit.parts)
        informative = set(hit.informative)
        # "total" by kind and, again, by place: only where nothing fails at many crossings
        again = not hit.failed and len(informative) >= _AGAIN and _sure(hit, tried) >= _AGAIN
        for x in sorted({*hit.crossings, *hit.near}):
            key = (hit.total, x, side)
            if (key in taken and not again) or (x not in informative and _worded(sheet, lines, hit, x)):
                continue
            taken.add(key)
            yield Chosen(place(lines, hit.total, x), tuple(place(lines, p, x) for p in hit.parts))


def _stands(lines: Lines, hit: Hit, tried: Mapping[str, float], totals: set[int]) -> bool:
    label = lines.labels[hit.total].claim
    if hit.family in ("beside", "apart", "namesakes", "mirrored"):
        if hit.within > 1 and hit.within * _AMID >= len(hit.informative) and label not in _TOTALS:
            return False
    elif hit.failed:
        return False
    if hit.family in ("beside", "mirrored"):
        return True
    sure = _sure(hit, tried)
    if hit.family == "pair":
        return sure >= 8
    if hit.family == "difference" and _balance(lines, hit, totals):
        return True
    return sure >= 4 and len(hit.informative) >= 3


def _sure(hit: Hit, tried: Mapping[str, float]) -> float:
    """−log10 of the chance of the hit, every run that was tried in its family counted."""
    return hit.score - math.log10(max(1.0, tried[hit.family]))


def _balance(lines: Lines, hit: Hit, totals: set[int]) -> bool:
    """Whether c = a − b is the balance of two totals: "total income", "total expenses", and c the next line printed."""
    b, c = hit.parts
    between = np.arange(b + 1, c)
    return hit.total in totals and b in totals and hit.total < b and not lines.known[between].any()


def _worded(sheet: Sheet, lines: Lines, hit: Hit, x: int) -> bool:
    """Whether one of the parts at a crossing that adds nothing up holds words: a heading between, no figure."""
    at = [place(lines, p, x) for p in hit.parts]
    return any(sheet.texts.get(a, "").strip() and a not in sheet.readings for a in at)
