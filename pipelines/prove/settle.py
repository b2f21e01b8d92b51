"""Cells with several readings, decided together by the sums that printed labels claim.

A reading is chosen only where a sum that a label claims leaves exactly one combination of readings for all its
doubtful cells, where luck would leave one less often than `_LUCK`, and where no other such sum chooses otherwise.
What must never stand here: a preference between readings, or a choice that evidence does not force.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np

from pipelines.model import Grid, Reading
from pipelines.prove import chance, claims, rules, views
from pipelines.prove.rules import Lines
from pipelines.prove.sheet import Position, Sheet, build

_LUCK = 1e-3
_COMBINATIONS = 4096
_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class Settled:
    """readings: those that are left; decided: how many were possible, for the cells that a sum decided;
    considered: combinations of the table (at most 10^9 are counted)."""

    readings: dict[Position, tuple[Reading, ...]]
    decided: dict[Position, int]
    considered: int


def settle(grid: Grid, body: Mapping[Position, tuple[Reading, ...]], header: int, stub: int, rounded: bool) -> Settled:
    """The readings of the body with what the labelled sums decide; the same readings where nothing is in doubt."""
    readings = dict(body)
    considered = 1
    for several in readings.values():
        considered = min(10**9, considered * max(1, len(several)))
    decided: dict[Position, int] = {}
    # a cell that spans columns holds several figures, and which column they belong to is not known
    spanning = {(c.row, c.col) for c in grid.cells if c.colspan > 1}
    for _ in range(_ROUNDS):
        doubtful = {at for at, several in readings.items() if len(several) > 1} - spanning
        if not doubtful:
            break
        sheet = build(grid, readings, rounded)
        chosen: dict[Position, set[int]] = {}
        for lines in views.both(sheet, header, stub):
            for at, index in _choices(sheet, lines, readings, doubtful):
                chosen.setdefault(at, set()).add(index)
        sure = {at: next(iter(indexes)) for at, indexes in chosen.items() if len(indexes) == 1}
        if not sure:
            break
        for at, index in sure.items():
            decided[at] = len(readings[at])
            readings[at] = (readings[at][index],)
    return Settled(readings, decided, considered)


def _choices(
    sheet: Sheet, lines: Lines, readings: Mapping[Position, tuple[Reading, ...]], doubtful: set[Position]
) -> Iterator[tuple[Position, int]]:
    """(cell, index of the reading) for every choice that one labelled sum forces."""
    for i, parts in claims.natural_runs(lines):
        for x in range(len(lines.across_index)):
            places = [rules.place(lines, line, x) for line in (i, *parts)]
            open_ = [at for at in places if at in doubtful]
            if not open_ or any(at in sheet.too_large for at in places):
                continue
            if int(np.prod([len(readings[at]) for at in open_], dtype=np.float64)) > _COMBINATIONS:
                continue
            forced = _forced(sheet, places, open_, readings)
            if forced is not None:
                yield from zip(open_, forced, strict=True)


def _forced(
    sheet: Sheet, places: list[Position], open_: list[Position], readings: Mapping[Position, tuple[Reading, ...]]
) -> tuple[int, ...] | None:
    """The only combination of readings with which the first place is the sum of the others, exactly; else None."""
    scale = 10**sheet.places
    options = [
        [(k, int(r.value * scale)) for k, r in enumerate(readings[at]) if r.value is not None and not r.approx]
        for at in open_
    ]
    if not all(options) or not any(sheet.known[at] or at in open_ for at in places[:1]):
        return None
    sign = {at: (1 if n == 0 else -1) for n, at in enumerate(places)}
    fixed = sum(sign[at] * int(sheet.values[at]) for at in places if sheet.known[at])
    solutions = []
    tried = 0
    for combination in product(*options):
        tried += 1
        values = {at: value for at, (_, value) in zip(open_, combination, strict=True)}
        if fixed + sum(sign[at] * value for at, value in values.items()) == 0:
            solutions.append((tuple(k for k, _ in combination), values))
            if len(solutions) > 1:
                return None
    if not solutions:
        return None
    indexes, values = solutions[0]
    figures = [values.get(at, int(sheet.values[at]) if sheet.known[at] else 0) for at in places]
    return indexes if tried * chance.of_meeting(figures[0], figures[1:]) <= _LUCK else None
