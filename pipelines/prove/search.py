"""Sums found by position and arithmetic alone: a line that is the sum of a run of lines beside it.

Works on both axes alike.  A sheet may hold several blocks, so a sum is looked for over the crossings where it is met,
and a figure that an inner sum has taken is not added again by an outer one (nested sub-totals); the sum itself stays.
Labels are only asked whether they say total, name a rate, or are the same; never for what a total means.  What must
never stand here: a verdict.  How much a found sum is worth is reckoned by `chance`, over every run that was tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.prove import scattered
from pipelines.prove.hits import Hit, Index, State, constant, credible, settled, side_of
from pipelines.prove.labels import Claim
from pipelines.prove.rules import Lines
from pipelines.prove.sheet import Mask

# The search stays linear in very long tables: longer runs, and strides in longer tables, are not tried.
_LONGEST = 400
_STRIDES = range(2, 7)
_STRIDE_LINES = 320
_MANY = 8
# A label that says total is worth this much of a score (a hundred to one).
_SAID = 2.0
_TOTALS = (Claim.TOTAL, Claim.SUBTOTAL)


@dataclass(frozen=True, slots=True)
class _Way:
    """Runs of the lines `order` that begin `apart` of its lines from their total; `near`: how far the nearest of them
    may stand from it (in lines of the table), None: anywhere."""

    order: Index
    apart: int = 0
    near: frozenset[int] | None = None


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
    state = State(lines, said)
    every = np.flatnonzero(lines.known.any(axis=1))
    beside = [_Way(every)]
    _settle(state, beside, least, "beside")
    if wide:
        totals = np.asarray(sorted({h.total for h in state.hits}), dtype=np.intp)
        labelled = [np.asarray([i for i in every if lines.labels[i].claim is c], dtype=np.intp) for c in _TOTALS]
        _settle(state, [_Way(some) for some in (totals, *labelled)], least + 0.5, "totals", again=True)
        counts = np.asarray([i for i in every if lines.labels[i].claim is not Claim.MEMO], dtype=np.intp)
        if len(counts) < len(every):
            _settle(state, [_Way(counts)], least + 0.5, "skipping")
        _settle(state, [_Way(every, 1), _Way(every, 2)], least + 1, "apart")
        if len(every) <= _STRIDE_LINES:
            # the total stands in step with its parts, half a step from them, or next to the first
            strides = [_Way(every[every % s == r], 0, frozenset((1, s // 2, s))) for s in _STRIDES for r in range(s)]
            _settle(state, strides, least + 1, "stride")
        _settle(state, [_Way(group) for group in _namesakes(lines)], least + 1, "namesakes", free=True)
        _settle(state, beside, least, "beside")
        _settle(state, beside, least + 3, "mirrored")
        scattered.solved(state, every, least + 2)
        scattered.printed_again(state)
        scattered.pairs(state, every, least + 1)
        # a total above these adds up the sums alone, though their parts stand apart
        for hit in state.hits:
            if hit.family in ("namesakes", "difference", "pair") and len(hit.informative) >= _MANY:
                state.take(hit)
        _settle(state, [_Way(counts)], least + 1, "skipping")
    return state.hits, state.tried


def _namesakes(lines: Lines) -> Iterator[Index]:
    """Lines with one label ("Public" under every kind of school, "1999" under every town), three of them or more."""
    groups: dict[str, list[int]] = {}
    for i in np.flatnonzero(lines.known.any(axis=1)).tolist():
        if lines.names and (name := lines.names[i]):
            groups.setdefault(name, []).append(i)
    return (np.asarray(group, dtype=np.intp) for group in groups.values() if len(group) > 2)


def _settle(
    state: State,
    ways: Sequence[_Way],
    least: float,
    family: str,
    again: bool = False,
    free: bool = False,
) -> None:
    """Accepts sums of one family, the shortest first, until no more are found.

    again  also of lines that are a sum already
    free   also of figures that another sum has taken, and takes none itself: a figure of a table by two kinds is part
           of a total of each
    """
    state.family = family
    for _ in range(6 if family == "beside" else 2):
        found: list[_Candidate] = []
        for way in ways:
            for direction in (1, -1):
                found.extend(_runs(state, way, direction, least, again, free))
        accepted = 0
        for candidate in sorted(found, key=lambda c: (len(c.parts), -c.score)):
            accepted += _accept(state, candidate, least, family, again, free)
        if not accepted:
            break


def _accept(state: State, candidate: _Candidate, least: float, family: str, again: bool, free: bool) -> int:
    lines, t = state.lines, candidate.total
    side = side_of(t, candidate.parts)
    done = state.done[side]
    open_ = lines.known & ~state.taken[side] if family == "mirrored" else state.open
    crossings = candidate.crossings if again else candidate.crossings[~done[t, candidate.crossings]]
    if not len(crossings):
        return 0
    # the block's own lines: those that are still open in most of the crossings that were met
    parts = candidate.parts
    if not free:
        still = open_[np.ix_(parts, crossings)] | ~lines.known[np.ix_(parts, crossings)]
        parts = parts[still.mean(axis=1) > 0.5]
    if family == "mirrored" and (~state.open[np.ix_(parts, crossings)]).mean(axis=1).round().sum() > 1:
        return 0  # one figure, a profit, may be added up on both sides; a whole run of them is not
    if len(parts) < 2 or any(h.total == t and set(h.parts) == set(parts.tolist()) for h in state.hits):
        return 0
    hit = settled(state, t, parts, family)
    if hit is None or hit.score < least - state.said[t] or not credible(hit):
        return 0
    if family != "beside" and len(parts) == 2 and constant(lines, hit):
        return 0
    if not again and done[t, list(hit.crossings)].all():
        return 0
    state.hits.append(hit)
    if free:
        done[t, list(hit.crossings)] = True
    else:
        state.take(hit)
    return 1


def _runs(state: State, way: _Way, direction: int, least: float, again: bool, free: bool) -> list[_Candidate]:
    """Runs of lines before every line (in the given direction) that may be its parts."""
    lines = state.lines
    if len(way.order) < 2:
        return []
    order = way.order[::direction]
    side = 0 if direction > 0 else 1
    mirrored = state.family == "mirrored"
    open_ = lines.known if free else lines.known & ~state.taken[side] if mirrored else state.open
    open_ = open_[order]
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
    done = state.done.any(axis=0) if mirrored else state.done[side]
    left = targets if again else targets & ~done
    hopeful = (np.where(left, state.weight, 0.0).sum(axis=1) >= least - state.said - 1e-9) & left.any(axis=1)
    places = np.searchsorted(order * direction, np.arange(len(targets)) * direction)
    for t in np.flatnonzero(hopeful & (places - way.apart >= 2)).tolist():
        a = int(places[t]) - way.apart
        if way.near is not None and abs(t - int(order[a - 1])) not in way.near:
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
            k = _farthest(lines, order[low:a], score >= best - 1e-9)
            crossings = np.flatnonzero(met[k])
            out.append(_Candidate(int(t), np.sort(order[low + k : a]), crossings, best))
            met[:, crossings] = False
    return out


def _farthest(lines: Lines, order: Index, tied: Mask) -> int:
    """Where the run begins, of those that tie because they differ by naught alone: at the farthest line that no
    border parts from the others (a total, a heading, an empty line)."""
    places = np.flatnonzero(tied)
    k = int(places[-1])
    for longer in places[-2::-1].tolist():
        if any(_border(lines, int(order[j]), int(order[j + 1])) for j in range(longer, k)):
            break
        k = longer
    return k


def _border(lines: Lines, far: int, near: int) -> bool:
    if lines.labels[far].claim in _TOTALS:
        return True
    # words over columns are no borders: they often name one column and the title of many in the same row
    between = range(min(far, near) + 1, max(far, near) + 1)
    return any(b in lines.breaks for b in between) if lines.axis == 0 else len(between) > 1
