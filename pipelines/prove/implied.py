"""Sums whose total is not printed as a line of its own: shares that make a hundred per cent, running totals.

What belongs here: what such columns imply by themselves.  What must never stand here: a label, a verdict.  A sum found
here never contradicts: that it fails shows only that the figures are no shares.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from pipelines.prove import chance
from pipelines.prove.rules import Lines, place
from pipelines.prove.sheet import Matrix, Position

# A share of runs longer than this many lines is not looked for.
_LONGEST = 24
# Nor among more lines than this: pairs of lines are tried, and a table of that length has its shares in columns.
_MOST_LINES = 60
_LEAST_CROSSINGS = 3


@dataclass(frozen=True, slots=True)
class Implied:
    """total = Σ parts; `total` None: a hundred (per cent).  `bound`: chance of all of its kind, hypotheses counted."""

    total: Position | None
    parts: tuple[Position, ...]
    bound: float


def find(lines: Lines, places: int) -> list[Implied]:
    """Shares and running totals along one axis, those that luck would not meet (`chance.SEARCH_BUDGET`)."""
    usable = [i for i in range(len(lines.labels)) if lines.known[i].any()]
    if len(usable) > _MOST_LINES:
        return []
    return [*_shares(lines, places, usable), *_running(lines, usable)]


def _units(lines: Lines, places: int) -> Matrix:
    """One unit in the last place of every figure: shares are rounded even where they are whole."""
    return np.where(lines.half == 0, 10**places, lines.half)


def _shares(lines: Lines, places: int, usable: list[int]) -> Iterator[Implied]:
    hundred = 100 * 10**places
    unit = _units(lines, places)
    best: list[tuple[float, list[int], list[int]]] = []
    tried = 0
    for start in range(len(usable) - 1):
        for end in range(start + 2, min(len(usable), start + _LONGEST) + 1):
            run = usable[start:end]
            tried += 1
            known = lines.known[run]
            figures = np.where(known, lines.values[run], 0)
            sums = figures.sum(axis=0)
            slack = np.where(known, unit[run], 0).sum(axis=0)
            full = known.any(axis=0) & ~lines.unsettled[run].any(axis=0) & ~lines.missing[run].any(axis=0)
            met = full & (2 * np.abs(sums - hundred) <= slack) & (figures >= 0).all(axis=0)
            informative = met & ((figures > 0).sum(axis=0) >= 2)
            if informative.sum() < _LEAST_CROSSINGS or (full & ~met & (known.sum(axis=0) >= 2)).any():
                continue
            at = np.flatnonzero(informative)
            reach = slack[at] // np.maximum(1, unit[run][:, at].min(axis=0)) + 1
            odds = np.minimum(1.0, reach * unit[run][:, at].min(axis=0) / hundred)
            best.append((float(np.log10(odds).sum()), run, np.flatnonzero(met).tolist()))
    used: set[int] = set()
    for score, run, crossings in sorted(best, key=lambda b: b[0]):
        bound = 10.0 ** max(score, -300.0) * tried * _FAMILIES
        if bound > chance.SEARCH_BUDGET or used & set(run):
            continue
        used.update(run)
        for x in crossings:
            parts = tuple(place(lines, i, x) for i in run if lines.known[i, x])
            yield Implied(None, parts, bound)


def _running(lines: Lines, usable: list[int]) -> Iterator[Implied]:
    tried = len(usable) * (len(usable) - 1)
    for x in usable:
        for c in usable:
            if x == c:
                continue
            at = np.flatnonzero(lines.known[x] & lines.known[c])
            if len(at) < _LEAST_CROSSINGS + 1 or (np.diff(at) != 1).any():
                continue
            step, level = lines.values[x, at], lines.values[c, at]
            half = lines.half[x, at][1:] + lines.half[c, at][1:] + lines.half[c, at][:-1]
            gap = level[1:] - level[:-1] - step[1:]
            if level[0] != step[0] or (2 * np.abs(gap) > half).any():
                continue
            # met to the last digit, only one figure would have done; else any that rounding allows
            reach = np.where(gap == 0, 1, half + 1).tolist()
            odds = [
                chance.of_meeting(int(level[k]), (int(level[k - 1]), int(step[k])), reach[k - 1])
                for k in range(1, len(at))
            ]
            bound = chance.of_rule(odds, 0) * tried * _FAMILIES
            if bound > chance.SEARCH_BUDGET:
                continue
            # the first running total is the first figure itself
            yield Implied(place(lines, c, int(at[0])), (place(lines, x, int(at[0])),), bound)
            for k in range(1, len(at)):
                before, here = int(at[k - 1]), int(at[k])
                yield Implied(place(lines, c, here), (place(lines, c, before), place(lines, x, here)), bound)


# Two kinds on two axes share the budget of the search with the families of `search`.
_FAMILIES = 31
