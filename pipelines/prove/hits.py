"""A sum found by position and arithmetic, and what it is worth before hypotheses are counted.

What belongs here: the record of a found sum, at which crossings it is met and at which it fails.  What must never
stand here: how sums are looked for, a label, a verdict.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from pipelines.prove.rules import Lines
from pipelines.prove.sheet import Mask, Matrix

Index = npt.NDArray[np.intp]
Weight = npt.NDArray[np.float64]

# −log10 of the chance left to a sum that fails somewhere, the choice of its block counted.
_STANDING = 7.0
# How many crossings may fail for one that is met, where the run stands right beside its total, and elsewhere.
_FAILING = {"beside": 4.0, "apart": 0.5}
# Lines that do not stand beside each other: what fails must stand outside the block, and be a small share.
_SCATTERED = ("stride", "namesakes", "solved", "difference")
_OUTSIDE = 8
# With so many crossings met, one in five may fail.
_MANY, AMPLE = 20, 5
# Figures that fill as many more decimal places than those that add up are of another kind.
_FINER = 3
# Where the naughts of a format are doubted, the total is so many times what they may hide.
_SMALL = 50


@dataclass(frozen=True, slots=True)
class Hit:
    """Line `total` is the sum of the lines `parts` (minus those with sign −1) at each of `crossings`.

    informative  crossings that really add up two figures or more; the others are met with naught
    score        −log10 of the chance of the informative crossings together, before hypotheses are counted
    near         crossings met if the last naughts of the figures are the format's and not the author's
    failed       crossings that could have been met and were not; `within`: those between the informative ones
    family       how it was found: "beside", "totals", "skipping", "apart", "stride", "namesakes", "mirrored", "solved",
                 "difference", "pair"
    """

    axis: int
    total: int
    parts: tuple[int, ...]
    crossings: tuple[int, ...]
    informative: tuple[int, ...]
    score: float
    failed: int
    within: int
    family: str
    near: tuple[int, ...] = ()


@dataclass(slots=True)
class State:
    """What a search knows so far; the first axis of `taken` and `done` is the side of the parts (see `side_of`).

    said    score that the label of a line is worth
    weight  log10 of every figure in units of its crossing: the most that meeting it can be worth
    open    figures that no sum has taken as its part: in nested sub-totals each is added once
    taken   figures that a sum on this side has taken
    done    figures that are a sum of others on this side
    fine    per crossing, how many decimal places its figures fill
    """

    lines: Lines
    said: Weight
    weight: Weight = field(init=False)
    open: Mask = field(init=False)
    taken: Mask = field(init=False)
    done: Mask = field(init=False)
    loose: Matrix = field(init=False)
    fine: Index = field(init=False)
    tried: dict[str, float] = field(default_factory=dict)
    family: str = ""
    hits: list[Hit] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.weight = weights(self.lines)
        self.open = self.lines.known.copy()
        self.taken = np.zeros((3, *self.open.shape), dtype=np.bool_)
        self.done = self.taken.copy()
        self.loose = _loose(self.lines)
        self.fine = _fine(self.lines)

    def rates(self, crossings: Index) -> Mask:
        """The crossings that are rates where `crossings` are counts: they need not add up."""
        least = self.fine[crossings].min() if len(crossings) else 0
        return self.lines.ratio | (self.fine >= least + _FINER)

    def take(self, hit: Hit) -> None:
        side, parts = side_of(hit.total, hit.parts), np.ix_(hit.parts, hit.crossings)
        self.done[side, hit.total, list(hit.crossings)] = True
        self.taken[side][parts] = True
        self.open[parts] = False

    def count(self, runs: float) -> None:
        self.tried[self.family] = self.tried.get(self.family, 0.0) + runs


def side_of(total: int, parts: Sequence[int] | Index) -> int:
    """0 where the parts stand before their total (above, left), 1 where they stand after it, 2 on both sides."""
    return 1 if parts[0] > total else 0 if parts[-1] < total else 2


def _loose(lines: Lines) -> Matrix:
    """Half a unit of the last decimal place that each figure fills, as in `Sheet.half`: its last naughts may be those
    of the format, "848.00000" beside "857.40000"."""
    unit = np.full(lines.values.shape, 10**lines.places, dtype=np.int64)
    for digits in range(lines.places):
        unit[lines.values % 10 ** (lines.places - digits) != 0] = 10 ** (lines.places - digits - 1)
    return np.maximum(unit, lines.half)


def _fine(lines: Lines) -> Index:
    """How many decimal places most figures of each crossing fill."""
    figures = np.where(lines.known, np.abs(lines.values), 0)
    filled = np.zeros(figures.shape, dtype=np.intp)
    for digits in range(lines.places):
        filled[figures % 10 ** (lines.places - digits) != 0] = digits + 1
    out = np.zeros(figures.shape[1], dtype=np.intp)
    for x in range(figures.shape[1]):
        some = filled[figures[:, x] > 0, x]
        out[x] = np.median(some) if len(some) else 0
    return out


def settled(state: State, total: int, parts: Index, family: str) -> Hit | None:
    """The hit total = Σ parts with all crossings it is met in, those of mere naught between them included."""
    lines = state.lines
    known = lines.known[parts]
    values = np.where(known, lines.values[parts], 0)
    gap = lines.values[total] - values.sum(axis=0)
    reach = lines.half[total] + np.where(known, lines.half[parts], 0).sum(axis=0)
    sure = lines.known[total] & ~lines.unsettled[parts].any(axis=0)
    met = sure & (2 * np.abs(gap) <= reach)
    added = (values != 0).sum(axis=0)
    informative = np.flatnonzero(met & (added >= 2) & (lines.values[total] != 0))
    if not len(informative):
        return None
    rates = state.rates(informative)
    room = state.loose[total] + np.where(known, state.loose[parts], 0).sum(axis=0)
    near = ~rates & (2 * np.abs(gap) <= room) & (np.abs(lines.values[total]) >= _SMALL * room)
    unmet = np.flatnonzero(sure & ~met & ~near & ~rates & (added >= 2) & (lines.values[total] != 0))
    failed = len(unmet)
    within = int(((unmet > informative[0]) & (unmet < informative[-1])).sum())
    crossings = np.flatnonzero(met)
    crossings = crossings[
        (crossings >= informative[0]) & (crossings <= informative[-1]) | known[:, crossings].any(axis=0)
    ]
    return Hit(
        lines.axis,
        total,
        tuple(parts.tolist()),
        tuple(crossings.tolist()),
        tuple(informative.tolist()),
        _worth(lines, total, parts, _distinct(state, total, parts, informative))
        + _varied(lines, total, parts, np.flatnonzero(met & (added == 1))),
        failed,
        within,
        family,
        tuple(np.flatnonzero(sure & near & ~met & (added >= 2)).tolist()),
    )


def _worth(lines: Lines, total: int, parts: Index, crossings: Index) -> float:
    """log10 of the largest figure of the sum at these crossings, each in units of the last place that any figure of it
    fills: the naughts of "5.00000 = 3.00000 + 2.00000" and of "50 000 = 30 000 + 20 000" say nothing."""
    figures = np.abs(np.where(lines.known[parts][:, crossings], lines.values[parts][:, crossings], 0))
    totals = np.abs(lines.values[total, crossings])
    common = np.gcd(np.gcd.reduce(figures, axis=0), totals)
    worth = np.log10(np.maximum(np.maximum(totals, figures.max(axis=0)), 1))
    while (tens := (common > 0) & (common % 10 == 0)).any():
        worth -= tens
        common = np.where(tens, common // 10, 1)
    return float(worth.sum())


def _varied(lines: Lines, total: int, parts: Index, crossings: Index) -> float:
    """Score of the crossings where the total repeats the only part that is not naught, if it is now this part and now
    that: a factor of two for each figure and place, those of the commonest place aside."""
    figures = np.where(lines.known[parts][:, crossings], lines.values[parts][:, crossings], 0)
    which = (figures != 0).argmax(axis=0)
    if len(set(which.tolist())) < 3:
        return 0.0
    commonest = np.bincount(which).argmax()
    said = set(zip(which.tolist(), lines.values[total, crossings].tolist(), strict=True))
    return float(math.log10(2) * sum(place != commonest for place, _ in said))


def _distinct(state: State, total: int, parts: Index, crossings: Index) -> Index:
    """The crossings without those that repeat the figures of another one, or say them again as rates of their total."""
    lines = state.lines
    counts = crossings[~lines.ratio[crossings]]
    if len(counts):
        crossings = counts
    if len(crossings) < 2:
        return crossings
    crossings = crossings[np.argsort(state.fine[crossings], kind="stable")]
    figures = lines.values[np.append(parts, total)][:, crossings]
    shares = np.round(figures / lines.values[total, crossings], 3) + 0.0
    finer = state.fine[crossings] >= state.fine[crossings[0]] + _FINER
    seen: set[bytes] = set()
    kept = []
    for k, x in enumerate(crossings.tolist()):
        said, rated = figures[:, k].tobytes(), shares[:, k].tobytes()
        if said not in seen and not (finer[k] and rated in seen):
            kept.append(x)
        seen |= {said, rated}
    return np.asarray(kept, dtype=np.intp)


def constant(lines: Lines, hit: Hit) -> bool:
    """Whether one part prints the same figure at every crossing: an index less its base of 100, not a sum."""
    at = np.asarray(hit.informative, dtype=np.intp)
    figures = lines.values[np.asarray(hit.parts, dtype=np.intp)][:, at]
    return len(at) > 2 and bool((figures == figures[:, :1]).all(axis=1).any())


def credible(hit: Hit) -> bool:
    """Whether what fails leaves the sum standing.

    A sum that fails amid its own block is none.  Only a run right beside its total may fail at all: outside its block
    (another table on the same sheet), or, amply met, at fewer crossings than half of those that meet it.
    """
    met = len(hit.informative)
    if not hit.failed:
        return True
    if hit.family in _SCATTERED:
        outside = not hit.within and hit.failed * _OUTSIDE <= met
        return outside or (met >= _MANY and hit.failed * AMPLE <= met)
    if met < 3 or 2 * hit.within >= met or hit.failed >= _FAILING.get(hit.family, 0.0) * met:
        return False
    # the ends of the block were chosen, and which of its crossings may fail
    n = met + hit.failed
    return hit.score - math.log10(math.comb(met + hit.within, hit.within)) - 2 * math.log10(n) >= _STANDING


def weights(lines: Lines) -> Weight:
    """log10 of every figure in units of the greatest common divisor of its crossing: what meeting it is worth."""
    figures = np.where(lines.known, np.abs(lines.values), 0)
    divisor = np.gcd.reduce(figures, axis=0) if len(figures) else np.ones(0, dtype=np.int64)
    weight: Weight = np.log10(np.maximum(1.0, figures / np.maximum(divisor, 1)))
    return weight
