"""Sums found by position and arithmetic alone: a line that is the sum of a run of lines beside it.

Works on both axes alike.  A sheet may hold several blocks, so a sum is looked for over the crossings where it is met,
and a figure that an inner sum has taken is not added again by an outer one (nested sub-totals); the sum itself stays.
What must never stand here: a label, a verdict.  How much a found sum is worth is reckoned by `chance`, over every run
that was tried.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from pipelines.prove.labels import Claim
from pipelines.prove.rules import Lines
from pipelines.prove.sheet import Mask

Index = npt.NDArray[np.intp]
Weight = npt.NDArray[np.float64]

# The search stays linear in very long tables: longer runs, and strides in longer tables, are not tried.
_LONGEST = 400
_STRIDES = range(2, 7)
_STRIDE_LINES = 320
_WINDOW = 12
_REACH = 40
# A label that says total is worth this much of a score (a hundred to one).
_SAID = 2.0
# −log10 of the chance left to a sum that fails somewhere, the choice of its block counted.
_STANDING = 9.0
# How many crossings may fail for one that is met, where the run stands right beside its total, and elsewhere.
_FAILING = {"beside": 4.0, "apart": 0.5, "totals": 0.5}
_TOTALS = (Claim.TOTAL, Claim.SUBTOTAL)


@dataclass(frozen=True, slots=True)
class Hit:
    """Line `total` is the sum of the lines `parts` (minus those with sign −1) at each of `crossings`.

    informative  crossings that really add up two figures or more; the others are met with naught
    score        −log10 of the chance of the informative crossings together, before hypotheses are counted
    failed       crossings that could have been met and were not; `within`: those between the informative ones
    family       how it was found: "beside", "totals", "apart", "stride", "difference"
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


@dataclass(slots=True)
class _State:
    lines: Lines
    open: Mask
    weight: Weight
    said: Weight
    tried: dict[str, float] = field(default_factory=dict)
    family: str = ""
    hits: list[Hit] = field(default_factory=list)
    done: Mask = field(default_factory=lambda: np.zeros((0, 0), dtype=np.bool_))

    def count(self, runs: float) -> None:
        self.tried[self.family] = self.tried.get(self.family, 0.0) + runs


@dataclass(frozen=True, slots=True)
class _Candidate:
    total: int
    parts: Index
    crossings: Index
    score: float


def by_arithmetic(lines: Lines, least: float, *, wide: bool = True) -> tuple[list[Hit], dict[str, float]]:
    """(hits in the order they were found, number of runs tried by family).

    least  the least score of a hit: −log10 of the chance of its crossings, before hypotheses are counted
    wide   also runs of sub-totals, runs that stand apart, strides and differences, which need a higher score
    """
    said = np.array([_SAID if label.claim in _TOTALS else 0.0 for label in lines.labels], dtype=np.float64)
    state = _State(lines, lines.known.copy(), _weights(lines), said, done=np.zeros_like(lines.known))
    every = np.flatnonzero(lines.known.any(axis=1))
    _settle(state, [(every, 0)], least, "beside")
    if wide:
        totals = np.asarray(sorted({h.total for h in state.hits}), dtype=np.intp)
        _settle(state, [(totals, 0)], least + 0.5, "totals", again=True)
        _settle(state, [(every, 1), (every, 2)], least + 1, "apart")
        if len(every) <= _STRIDE_LINES:
            strides = [(every[every % s == r], 0) for s in _STRIDES for r in range(s)]
            _settle(state, strides, least + 1, "stride")
        _settle(state, [(every, 0)], least, "beside")
        _solved(state, every, least + 2)
        _printed_again(state, every)
        _differences(state, every, least + 1)
    return state.hits, state.tried


def _settle(
    state: _State, sequences: Iterable[tuple[Index, int]], least: float, family: str, again: bool = False
) -> None:
    """Accepts sums of one family, the shortest first, until no more are found."""
    sequences = list(sequences)
    state.family = family
    for _ in range(6 if family == "beside" else 2):
        found: list[_Candidate] = []
        for sequence, apart in sequences:
            for direction in (1, -1):
                found.extend(_runs(state, sequence, direction, apart, least, again))
        accepted = 0
        for candidate in sorted(found, key=lambda c: (len(c.parts), -c.score)):
            accepted += _accept(state, candidate, least, family, again)
        if not accepted:
            break


def _accept(state: _State, candidate: _Candidate, least: float, family: str, again: bool) -> int:
    lines, t = state.lines, candidate.total
    crossings = candidate.crossings if again else candidate.crossings[~state.done[t, candidate.crossings]]
    if not len(crossings):
        return 0
    # the block's own lines: those that are still open in most of the crossings that were met
    still = state.open[np.ix_(candidate.parts, crossings)] | ~lines.known[np.ix_(candidate.parts, crossings)]
    parts = candidate.parts[still.mean(axis=1) > 0.5]
    if len(parts) < 2 or any(h.total == t and set(h.parts) == set(parts.tolist()) for h in state.hits):
        return 0
    hit = settled(lines, state.weight, t, parts, family)
    if hit is None or hit.score < least - state.said[t] or not credible(hit):
        return 0
    if family != "beside" and len(parts) == 2 and constant(lines, hit):
        return 0
    if not again and state.done[t, list(hit.crossings)].all():
        return 0
    state.hits.append(hit)
    state.done[t, list(hit.crossings)] = True
    state.open[np.ix_(parts, hit.crossings)] = False
    return 1


def settled(lines: Lines, weight: Weight, total: int, parts: Index, family: str) -> Hit | None:
    """The hit total = Σ parts with all crossings it is met in, those of mere naught between them included."""
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
    unmet = np.flatnonzero(sure & ~met & (added >= 2) & (lines.values[total] != 0))
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
        float(weight[total, informative[_distinct(lines, total, parts, informative)]].sum()),
        failed,
        within,
        family,
    )


def _distinct(lines: Lines, total: int, parts: Index, crossings: Index) -> Index:
    """The crossings without those that repeat the figures of another one: they say nothing again."""
    if len(crossings) < 2:
        return np.arange(len(crossings))
    figures = lines.values[np.append(parts, total)][:, crossings]
    seen: dict[bytes, int] = {}
    for k, column in enumerate(np.ascontiguousarray(figures.T)):
        seen.setdefault(column.tobytes(), k)
    return np.asarray(list(seen.values()), dtype=np.intp)


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
    if met < 3 or 2 * hit.within >= met or hit.failed >= _FAILING.get(hit.family, 0.0) * met:
        return False
    # the ends of the block were chosen, and which of its crossings may fail
    n = met + hit.failed
    return hit.score - math.log10(math.comb(met + hit.within, hit.within)) - 2 * math.log10(n) >= _STANDING


def _weights(lines: Lines) -> Weight:
    """log10 of every figure in units of the greatest common divisor of its crossing: what meeting it is worth."""
    figures = np.where(lines.known, np.abs(lines.values), 0)
    divisor = np.gcd.reduce(figures, axis=0) if len(figures) else np.ones(0, dtype=np.int64)
    weight: Weight = np.log10(np.maximum(1.0, figures / np.maximum(divisor, 1)))
    return weight


def _runs(
    state: _State, sequence: Index, direction: int, apart: int, least: float, again: bool = False
) -> list[_Candidate]:
    """Runs of `sequence` before every line (in the given direction), `apart` lines of it left out between."""
    lines = state.lines
    if len(sequence) < 2:
        return []
    order = sequence[::direction]
    open_ = state.open[order]
    values = np.where(open_, lines.values[order], 0)
    zero = np.zeros((1, values.shape[1]), dtype=np.int64)
    sums = np.concatenate([zero, np.cumsum(values, axis=0)])
    slack = np.concatenate([zero, np.cumsum(np.where(open_, lines.half[order], 0), axis=0)])
    nonzero = np.concatenate([zero, np.cumsum(values != 0, axis=0)])
    bad = np.concatenate([zero, np.cumsum(lines.unsettled[order], axis=0)])
    out: list[_Candidate] = []
    # a figure that is already a part of another sum may still be a sum itself
    targets = lines.known & (lines.values != 0)
    # nor is it looked for where even all crossings together could not tell it from luck
    hopeful = (np.where(targets, state.weight, 0.0).sum(axis=1) >= least - state.said - 1e-9) & targets.any(axis=1)
    for t in np.flatnonzero(hopeful & (again | (targets & ~state.done).any(axis=1))):
        place = int(np.searchsorted(order * direction, t * direction))
        a = place - apart
        if a < 2:
            continue
        low = max(0, a - _LONGEST)
        runs = slice(low, a - 1)
        gap = lines.values[t] - (sums[a] - sums[runs])
        met = targets[t] & (2 * np.abs(gap) <= lines.half[t] + slack[a] - slack[runs])
        met &= (nonzero[a] - nonzero[runs] >= 2) & (bad[a] == bad[runs])
        state.count(a - 1 - low)
        for _ in range(3):
            if not met.any():
                break
            score = (met * state.weight[t]).sum(axis=1)
            best = float(score.max())
            if best < least - state.said[t]:
                break
            # runs that tie differ by naught: the longest takes the whole block
            k = int(np.flatnonzero(score >= best - 1e-9)[0])
            crossings = np.flatnonzero(met[k])
            out.append(_Candidate(int(t), np.sort(order[low + k : a]), crossings, best))
            met[:, crossings] = False
    return out


def _solved(state: _State, every: Index, least: float) -> None:
    """Lines that are the sum of any lines near them, wherever these stand: by least squares over many crossings.

    Only where there are more crossings than lines to choose from, so that the choice is determined; the answer must be
    whole (0 or 1 for every line), and is then added up in whole numbers like any other.
    """
    lines = state.lines
    state.family = "solved"
    for _ in range(2):
        accepted = 0
        for t in every:
            at = np.flatnonzero(lines.known[t] & (lines.values[t] != 0))
            if len(at) < 8 or float(state.weight[t, at].sum()) < least:
                continue
            if any(h.total == t and len(h.informative) * 2 > len(at) for h in state.hits):
                continue
            for side in (-1, 1, 0):
                hit = _solution(state, int(t), at, every, side, least)
                if hit is None:
                    continue
                state.hits.append(hit)
                accepted += 1
                state.done[hit.total, list(hit.crossings)] = True
                state.open[np.ix_(hit.parts, hit.crossings)] = False
                break
        if not accepted:
            break


def _solution(state: _State, t: int, at: Index, every: Index, side: int, least: float) -> Hit | None:
    """The sum that line t is of the lines before it (side −1), after it (1) or on both sides, if the crossings tell."""
    lines = state.lines
    near = [int(i) for i in every if i != t and abs(int(i) - t) <= _REACH and (int(i) - t) * side >= 0]
    columns: dict[bytes, int] = {}
    most = len(at) - 3  # more crossings than lines: the nearest lines
    for i in sorted(near, key=lambda i: abs(i - t)):
        figures = np.where(state.open[i, at], lines.values[i, at], 0)
        if figures.any() and not np.array_equal(figures, lines.values[t, at]) and len(columns) < most:
            columns.setdefault(figures.tobytes(), i)
    chosen = np.asarray(sorted(columns.values()), dtype=np.intp)
    if len(chosen) < 2:
        return None
    some = at[:: max(1, len(at) // 400)]
    matrix = np.where(lines.known[chosen][:, some], lines.values[chosen][:, some], 0).T.astype(np.float64)
    scale = np.abs(matrix).max(axis=0)
    scale[scale == 0] = 1.0
    answer = np.linalg.lstsq(matrix / scale, lines.values[t, some].astype(np.float64), rcond=1e-9)[0] / scale
    state.count(2 ** min(len(chosen), 40))
    if np.abs(answer - np.round(answer)).max() > 1e-3 or not set(np.round(answer)) <= {0.0, 1.0}:
        return None
    parts = chosen[np.round(answer) == 1]
    if len(parts) < 2:
        return None
    hit = settled(lines, state.weight, t, np.sort(parts), "solved")
    if hit is None or hit.failed or len(hit.informative) < len(chosen) + 3 or hit.score < least:
        return None
    if any(h.total == t and set(h.parts) == set(hit.parts) for h in state.hits):
        return None
    return hit


def _printed_again(state: _State, every: Index) -> None:
    """A line that prints the same figures as a total near it is a total of the same lines."""
    lines = state.lines
    for hit in list(state.hits):
        at = np.asarray(hit.informative, dtype=np.intp)
        for t in every:
            beyond = int(t) - hit.total == (1 if hit.total > hit.parts[-1] else -1)
            if not beyond or t in hit.parts or len(at) < 2:
                continue
            if not (lines.known[t, at] & (lines.values[t, at] == lines.values[hit.total, at])).all():
                continue
            parts = np.asarray(hit.parts, dtype=np.intp)
            again = settled(lines, state.weight, int(t), parts, hit.family)
            if again is None or not credible(again) or any(h.total == t and h.parts == again.parts for h in state.hits):
                continue
            if any(h.total == t and set(h.crossings) & set(again.crossings) for h in state.hits):
                continue
            state.hits.append(again)


def _differences(state: _State, every: Index, least: float) -> None:
    """a = b + c where c stands below (or beside) both: c = a − b, "gross profit = sales − cost of sales".

    Takes nothing: the figures may be parts of other sums."""
    lines = state.lines
    state.family = "difference"
    open_ = [int(i) for i in every if (state.open[i] & (lines.values[i] != 0)).any()]
    for place, c in enumerate(open_):
        window = np.asarray(open_[max(0, place - _WINDOW) : place], dtype=np.intp)
        if len(window) < 2:
            continue
        state.count(len(window) * (len(window) - 1))
        values, known, half = lines.values[window], lines.known[window], lines.half[window]
        gap = values[:, None, :] - values[None, :, :] - lines.values[c]
        reach = half[:, None, :] + half[None, :, :] + lines.half[c]
        met = known[:, None, :] & known[None, :, :] & lines.known[c] & (2 * np.abs(gap) <= reach)
        score = (met * state.weight[window][:, None, :]).sum(axis=2)
        np.fill_diagonal(score, 0.0)
        for ia, ib in np.argwhere(score >= least).tolist():
            # c = a − b with a before b; or, right beside c, with b before a
            if ia > ib and ia != len(window) - 1:
                continue
            a, b = int(window[ia]), int(window[ib])
            hit = settled(lines, state.weight, a, np.asarray([b, c], dtype=np.intp), "difference")
            if hit is None or hit.score < least or not credible(hit):
                continue
            if all(h.total != a or set(h.parts) != {b, c} for h in state.hits):
                state.hits.append(hit)
