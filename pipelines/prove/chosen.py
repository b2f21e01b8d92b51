"""Of the sums that hold in a bare table, those that its author is likely to have meant.

What belongs here: which found sums to claim, at which crossings, with which cells, where nothing but the table itself
can be asked.  What must never stand here: a verdict, or anything that a verdict rests on (`chance` alone bounds luck).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from pipelines.prove.hits import Hit, side_of
from pipelines.prove.labels import Claim
from pipelines.prove.rules import Lines, place
from pipelines.prove.sheet import Mask, Position, Sheet

_TOTALS = (Claim.TOTAL, Claim.SUBTOTAL)
# A figure is part of a sum on either side of it where it, or the sum, is one of these: "sales = costs + profit".
_SHARED = (*_TOTALS, Claim.BALANCE)
# Runs of neighbouring lines: what stands between a part and the total is a part too, blank or not.
_CONTIGUOUS = ("beside", "mirrored", "labelled")
# Kinds of sums that may fail amid their block.
_AMIDST = ("beside", "mirrored", "skipping", "apart", "namesakes")
# A sum that fails at one crossing amid its block for five that meet it is none, unless its label says total.
_AMID = 5
# −log10 of the chance of luck, tries counted: of a sum without a label, and of one whose label says total.
_SURE, _TOLD = 4.0, -1.0
# A second sum of one figure, by place and by kind, is claimed at so many crossings and as surely.
_AGAIN = 8
# What stands apart from its total in a regular step is claimed at so many crossings.
_APART = 5
# Where a line stands as confirmed sums do, rounding may hide one part in so many.
_ROUNDED = 500
# Words this short among figures mark one that is missing ("x", "TBD"); longer ones head a block.
_MARK = 4
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Chosen:
    """total = Σ parts, at one crossing; `shown`: at how many crossings their lines add two figures or more up."""

    total: Position
    parts: tuple[Position, ...]
    shown: int = 0


@dataclass(slots=True)
class _Choice:
    sheet: Sheet
    lines: Lines
    tried: Mapping[str, float]
    # (total, crossing, side of the parts), and the cells that are parts of what was claimed
    taken: set[tuple[int, int, int]] = field(default_factory=set)
    parts: set[Position] = field(default_factory=set)

    def claim(self, total: int, parts: Sequence[int], x: int, contiguous: bool) -> Chosen | None:
        """The claim with the parts as they stand at this crossing; None where less than one is left."""
        lines = self.lines
        near_first = sorted(parts, reverse=side_of(total, parts) == 0)
        stretch = near_first[0] - near_first[-1] in (1 - len(near_first), len(near_first) - 1)
        headed = [is_heading(self.sheet, place(lines, p, x)) for p in near_first]
        # words are no part, unless they stand amid one stretch of parts
        while near_first and headed[-1]:
            near_first.pop()
            headed.pop()
        while near_first and headed[0]:
            del near_first[0], headed[0]
        if not stretch:
            near_first = [p for p, words in zip(near_first, headed, strict=True) if not words]
        if not near_first:
            return None
        at = set(near_first)
        if contiguous:
            far = near_first[-1]
            between = [i for i in range(min(far, total) + 1, max(far, total)) if i not in at]
            if not lines.known[between, x].any():
                at.update(i for i in between if self._mark(i, x))
        return Chosen(place(lines, total, x), tuple(place(lines, p, x) for p in sorted(at)))

    def take(self, claim: Chosen, total: int, x: int, side: int) -> None:
        self.taken.add((total, x, side))
        self.parts.update(claim.parts)

    def second(self, hit: Hit, x: int) -> bool:
        """Whether it is a second sum of a figure, on the other side, that fails amid its block."""
        return hit.within > 0 and any((hit.total, x, side) in self.taken for side in range(3))

    def said(self, hit: Hit, x: int) -> bool:
        """Whether the figure is claimed to be a sum already, of which this one would be an alternative.

        A total by kind is a total by place as well, if nothing fails at many crossings; a pair must be all there is."""
        if hit.family == "pair":
            return any((_worked_out(hit), x, side) in self.taken for side in range(3))
        ample = not hit.failed and len(hit.informative) >= _AGAIN and _sure(hit, self.tried) >= _AGAIN
        return not ample and (_worked_out(hit), x, side_of(hit.total, hit.parts)) in self.taken

    def _mark(self, i: int, x: int) -> bool:
        """Whether the cell says that its figure is missing."""
        printed = self.sheet.text(place(self.lines, i, x))
        text = printed.strip()
        if not text:
            return bool(printed)  # blanks that were typed in
        return len(text) <= _MARK and not _DIGIT.search(text) and (text == "-" or text.strip("-=_") != "")


def is_heading(sheet: Sheet, at: Position) -> bool:
    """Whether a cell holds words where figures are expected."""
    return at not in sheet.readings and len(sheet.text(at).strip()) > _MARK


def choose(sheet: Sheet, lines: Lines, hits: Sequence[Hit], tried: Mapping[str, float]) -> Iterator[Chosen]:
    """The sums of one axis to claim.  A figure is claimed to be one sum of what stands before it, and one of what
    stands after it: of several that hold, the first found that never fails."""
    choice = _Choice(sheet, lines, tried)
    totals = {h.total for h in hits if h.family == "beside"}
    totals |= {i for i, label in enumerate(lines.labels) if label.claim in _TOTALS}
    standing = [h for h in hits if _stands(lines, h, tried, totals)]
    made: list[Hit] = []
    for hit in sorted(standing, key=_order):
        if (finer := _finer(lines, hit, made)) is not None:
            yield from _runs(choice, hit, finer)
            continue
        made.append(hit)
        side = side_of(hit.total, hit.parts)
        claims: dict[int, Chosen] = {}
        for x in sorted({*hit.crossings, *hit.near, *_beyond(lines, hit)}):
            if choice.said(hit, x) or choice.second(hit, x) or _headed(sheet, lines, hit, x) or _idle(lines, hit, x):
                continue
            claim = choice.claim(hit.total, hit.parts, x, hit.family in _CONTIGUOUS)
            if claim is not None:
                claims[x] = claim
        idle = [x for x, claim in claims.items() if sheet.readings.keys().isdisjoint(claim.parts)]
        if len(idle) == 1:
            del claims[idle[0]]  # a formula that was copied over empty lines shows more than once
        for x, claim in claims.items():
            choice.take(claim, _worked_out(hit), x, side)
            yield replace(claim, shown=len(hit.informative))
    yield from _patterned(choice, standing)
    yield from _labelled(choice, {h.total for h in standing})


def _worked_out(hit: Hit) -> int:
    """The line that was worked out of the others: of a pair, what stands last, be it the total or a difference."""
    return max(hit.total, hit.parts[-1]) if hit.family in ("pair", "difference") else hit.total


def _order(hit: Hit) -> tuple[bool, bool, bool]:
    """Sums of neighbours first, then those that never fail, then those whose balance stands last of the three."""
    return hit.family != "beside", hit.failed > 0, hit.family == "pair" and hit.total > hit.parts[-1]


def _finer(lines: Lines, hit: Hit, made: Sequence[Hit]) -> list[tuple[int, list[int]]] | None:
    """The parts of a sum in runs, each with its own total, where the sum is another one in finer parts.

    "All = men + women" and "all = young men + old men + young women + old women" are one sum of two, and two of
    two: nobody adds up four.  None where the runs do not meet the parts of an earlier sum at every crossing."""
    at = list(hit.crossings)
    for other in made:
        if other.total != hit.total or len(other.parts) >= len(hit.parts) or not set(other.parts).isdisjoint(hit.parts):
            continue
        figures = lines.values[:, at]
        runs: list[tuple[int, list[int]]] = []
        left = list(hit.parts)
        for whole in other.parts:
            met = np.flatnonzero((np.cumsum(figures[left], axis=0) == figures[whole]).all(axis=1))
            if not len(met):
                break
            until = int(met[0]) + 1
            runs.append((whole, left[:until]))
            left = left[until:]
        else:
            if not left:
                return runs
    return None


def _runs(choice: _Choice, hit: Hit, runs: Sequence[tuple[int, list[int]]]) -> Iterator[Chosen]:
    """The claims of the runs of a sum, each for its own total, where two crossings show it to add up."""
    lines = choice.lines
    for total, parts in runs:
        added = (lines.values[parts] != 0).sum(axis=0) >= 2
        shown, side = int(added[list(hit.crossings)].sum()), side_of(total, parts)
        if len(parts) < 2 or shown < 2:
            continue
        for x in hit.crossings:
            if lines.known[total, x] and lines.known[parts, x].any() and (total, x, side) not in choice.taken:
                claim = choice.claim(total, parts, x, False)
                if claim is not None:
                    choice.take(claim, total, x, side)
                    yield replace(claim, shown=shown)


def _stands(lines: Lines, hit: Hit, tried: Mapping[str, float], totals: set[int]) -> bool:
    """Whether a found sum is likely enough to be meant.

    A run right beside its total is; elsewhere the sum has to be told from luck, every run that was tried counted: one
    in ten thousand at three crossings or more, unless a label says total; a pair in no usual order, one in a hundred
    million.  What stands apart without a label may not fail anywhere.
    """
    told = lines.labels[hit.total].claim in _TOTALS
    if hit.family in ("apart", "stride") and len(hit.informative) < _APART:
        return False
    if hit.family == "mirrored" and not any(lines.labels[i].claim in _SHARED for i in (hit.total, *hit.parts)):
        return False
    if hit.family in ("totals", "apart", "stride") and hit.failed and not (told and hit.family != "totals"):
        return False
    if hit.within > 1 and hit.within * _AMID >= len(hit.informative) and not told and hit.family in _AMIDST:
        return False
    sure, several = _sure(hit, tried), len(hit.informative) > 1
    if hit.family in ("beside", "mirrored"):
        # a total usually stands after its parts: one before them, at one crossing, is told from luck
        return several or sure >= 0 or side_of(hit.total, hit.parts) == 0
    if hit.family in ("apart", "totals", "skipping") and told and several:
        return sure >= _TOLD
    if hit.family == "pair":
        return sure >= 2 * _SURE
    if hit.family == "namesakes" and several:
        return sure >= _SURE
    if hit.family == "difference" and _balance(lines, hit, totals):
        return True
    return sure >= _SURE and len(hit.informative) >= 3


def _sure(hit: Hit, tried: Mapping[str, float]) -> float:
    """−log10 of the chance of the hit, every run that was tried in its family counted."""
    return hit.score - math.log10(max(1.0, tried[hit.family]))


def _balance(lines: Lines, hit: Hit, totals: set[int]) -> bool:
    """Whether c = a − b is the balance of two totals: "total income", "total expenses", and c the next line printed."""
    b, c = hit.parts
    between = np.arange(b + 1, c)
    return hit.total in totals and b in totals and hit.total < b and not lines.known[between].any()


def _beyond(lines: Lines, hit: Hit) -> Iterator[int]:
    """Crossings next to those of the hit where it says naught of nothing: "0" at the end of a row of blanks."""
    if lines.labels[hit.total].claim not in _TOTALS and len(hit.informative) < 3:
        return
    parts = np.asarray(hit.parts, dtype=np.intp)
    figures = (lines.known[parts] & (lines.values[parts] != 0)).any(axis=0) | lines.unsettled[parts].any(axis=0)
    naught = lines.known[hit.total] & (lines.values[hit.total] == 0) & ~figures
    for start, step in ((hit.informative[0], -1), (hit.informative[-1], 1)):
        x = start + step
        while 0 <= x < len(naught) and naught[x]:
            yield x
            x += step


def _idle(lines: Lines, hit: Hit, x: int) -> bool:
    """Whether 0 = 0 + 0 stands outside the block of a sum that one or two crossings confirm and no label."""
    few = len(hit.informative) < 3 and lines.labels[hit.total].claim not in _TOTALS
    return few and not lines.values[hit.total, x] and not hit.informative[0] <= x <= hit.informative[-1]


def _headed(sheet: Sheet, lines: Lines, hit: Hit, x: int) -> bool:
    """Whether one of the parts at a crossing that adds nothing up holds words: a heading between, no figure."""
    if x in hit.informative or x in hit.near:
        return False
    at = [place(lines, p, x) for p in hit.parts]
    return any(sheet.text(a).strip() and a not in sheet.readings for a in at)


def _patterned(choice: _Choice, standing: Sequence[Hit]) -> Iterator[Chosen]:
    """Sums of lines that stand as two or more confirmed ones do: every year is its four quarters, every block ends in
    its total.  There a sum counts that is met by rounded figures, or adds little up."""
    lines = choice.lines
    known: dict[tuple[int, ...], list[Hit]] = {}
    for hit in standing:
        if hit.family in ("beside", "mirrored") and len(hit.informative) > 1:
            known.setdefault(tuple(p - hit.total for p in hit.parts), []).append(hit)
    for offsets, several in known.items():
        starts = sorted({h.total for h in several})
        steps = set(np.diff(starts).tolist())
        if len(starts) < 2 or len(steps) > 2:
            continue
        step = min(steps)
        names = {_stem(lines, i) for i in starts} - {""}
        shapes = {_shape(lines, i, offsets) for i in starts}
        for t in range(max(0, -offsets[0]), len(lines.labels) - max(0, offsets[-1])):
            alike = _stem(lines, t) in names if names else (t - starts[0]) % step == 0
            if t in starts or not alike or _shape(lines, t, offsets) not in shapes:
                continue
            yield from _like(choice, t, [t + o for o in offsets], sorted({x for h in several for x in h.crossings}))


def _shape(lines: Lines, t: int, offsets: tuple[int, ...]) -> tuple[tuple[bool, bool], ...]:
    """Of every line from the first part or the total to the last: whether it prints figures, and says total."""
    span = range(t + min(0, *offsets), t + max(0, *offsets) + 1)
    return tuple((bool(lines.known[i].any()), lines.labels[i].claim in _TOTALS) for i in span)


def _stem(lines: Lines, i: int) -> str:
    return re.sub(r"[\d\W_]+", " ", lines.names[i]).strip() if lines.names else ""


def _like(choice: _Choice, t: int, parts: list[int], crossings: list[int]) -> Iterator[Chosen]:
    """The claims of a line that stands as confirmed sums do, if it is met at most of their crossings."""
    lines, side = choice.lines, side_of(t, parts)
    figures = np.where(lines.known[parts], lines.values[parts], 0).sum(axis=0)
    gap = np.abs(lines.values[t] - figures)
    able = lines.known[t] & lines.known[parts].any(axis=0) & ~lines.unsettled[parts].any(axis=0)
    crossings = [x for x in crossings if able[x]]
    met = [x for x in crossings if gap[x] * _ROUNDED <= abs(int(lines.values[t, x]))]
    if len(met) < 2 or 2 * len(met) < len(crossings):
        return
    for x in met:
        claim = None if (t, x, side) in choice.taken else choice.claim(t, parts, x, True)
        if claim is not None and choice.parts.isdisjoint(claim.parts):
            choice.take(claim, t, x, side)
            yield claim


def _labelled(choice: _Choice, totals: set[int]) -> Iterator[Chosen]:
    """Sums of lines whose label says total over the lines right before them, met wherever both are printed.

    They add too little up for the search: all figures but one are naught, or there is one crossing."""
    lines = choice.lines
    printed: Mask = np.asarray(lines.known.any(axis=1))
    for t, label in enumerate(lines.labels):
        balance = label.claim is Claim.BALANCE
        if (label.claim not in _TOTALS and not balance) or not printed[t]:
            continue
        run: list[int] = []
        for i in range(t - 1, -1, -1):
            if not printed[i] and not run:
                continue
            if not printed[i] or i in totals or lines.labels[i].claim in _TOTALS:
                break
            run.append(i)
            if i in lines.breaks and lines.axis == 0:
                break
        parts = np.asarray(run[::-1], dtype=np.intp)
        if len(parts) < 2 or lines.unsettled[parts].any():
            continue
        known = lines.known[parts]
        able = lines.known[t] & known.any(axis=0)
        gap = lines.values[t] - np.where(known, lines.values[parts], 0).sum(axis=0)
        if not able.any() or gap[able].any():
            continue
        if balance and (able.sum() < 2 or (lines.values[t, able] == 0).any()):
            continue
        for x in np.flatnonzero(able).tolist():
            if (t, x, 0) not in choice.taken:
                claim = choice.claim(t, parts.tolist(), x, True)
                if claim is not None:
                    choice.take(claim, t, x, 0)
                    yield claim
