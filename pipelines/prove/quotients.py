"""Figures that are worked out of others by a division: ratios, percentages, changes, averages, shares of a whole.

A quotient is rounded, so it never tells every digit of what it was worked out from; but what it was worked out from
tells every digit of *it*.  What belongs here: finding lines that are such a quotient at their crossings, with the
chance that luck would meet them.  What must never stand here: a verdict.  A quotient found here never contradicts.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipelines.prove.rules import Lines
from pipelines.prove.sheet import Mask, Matrix

Figures = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]

# Lines this near are tried as terms of a ratio; runs this long as the terms of an average.
_NEAR = 12
_LONGEST = 400
_MOST = 4_000
# Pairs of lines are screened at this many crossings, and as many of the best are looked at whole.
_SAMPLE = 12
_CANDIDATES = 8
_LEAST_CROSSINGS = 3
# Quotients that fail at more than one crossing in six of those that could have met are none.
_FAILING = 6
HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Quotient:
    """Line `total` is worked out of the lines `parts` at each of `crossings`.

    kind    "ratio": parts[0] ÷ parts[1]; "change": (parts[0] − parts[1]) ÷ parts[1]; "average" of all parts;
            "share": parts[0] ÷ its figure at the crossing `whole`, or ÷ its sum over `over` where `whole` is None
    scale   1, or 100 where the quotient is printed in per cent
    bound   chance that luck would meet it, every hypothesis of its kind and axis counted
    """

    axis: int
    kind: str
    total: int
    parts: tuple[int, ...]
    crossings: tuple[int, ...]
    scale: int
    bound: float
    whole: int | None = None
    over: tuple[int, ...] = ()


def find(lines: Lines, other: Lines, places: int, *, shares: bool = True) -> list[Quotient]:
    """Every line that is a quotient of others, the likeliest for each; `other`: the same body along the other axis."""
    if not lines.values.size:
        return []
    unit = np.where(lines.half == 0, 10**places, lines.half).astype(np.int64)
    worked = _worked_out(lines, other, places)
    best: dict[int, Quotient] = {}
    decimal = np.flatnonzero((lines.known & (lines.values % 10**places != 0)).any(axis=1)).tolist()
    for found in (*_averages(lines, unit, sorted({*worked, *decimal})), *_ratios(lines, unit, places, worked)):
        if found.total not in best or _better(found, best[found.total]):
            best[found.total] = found
    if shares and lines.values.size <= _MOST:
        for found in _shares(lines, unit, places, worked):
            best.setdefault(found.total, found)
    return list(best.values())


def _better(one: Quotient, other: Quotient) -> bool:
    return (len(one.crossings), -one.bound) > (len(other.crossings), -other.bound)


def _worked_out(lines: Lines, other: Lines, places: int) -> list[int]:
    """Lines that may be quotients: they print decimals in most places, or say that they are rates or percentages."""
    one = 10**places
    figures = lines.known.sum(axis=1)
    decimal = (lines.known & (lines.values % one != 0)).sum(axis=1)
    return [int(t) for t in np.flatnonzero(((decimal * 2 > figures) | other.ratio) & (figures > 0))]


def _odds(values: Matrix, unit: Matrix) -> Figures:
    """−log10 of the chance that each figure is printed by luck: see `chance`; a round figure counts as a small one."""
    n = np.abs(values) // np.maximum(1, unit)
    for _ in range(12):
        round_ = (n > 0) & (n % 10 == 0)
        if not round_.any():
            break
        n = np.where(round_, n // 10, n)
    safe = np.maximum(1, n).astype(np.float64)
    alike = 1.0 / (9.0 * 10.0 ** np.floor(np.log10(safe) + 1e-12))
    weight: Figures = np.where(n > 1, -np.log10(np.maximum(alike, np.log10(1 + 1 / safe))), 0.0)
    return weight


def _score(weight: Figures, met: Mask, columns: Matrix) -> tuple[float, int]:
    """(score, number) of the crossings that were met, those that repeat the same figures counted once."""
    seen: set[bytes] = set()
    score, count = 0.0, 0
    for x in np.flatnonzero(met & (weight > 0)):
        said = columns[:, x].tobytes()
        if said not in seen:
            seen.add(said)
            score += float(weight[x])
            count += 1
    return score, count


def _bound(score: float, met: int, failed: int, tried: float) -> float:
    log = -score + math.log10(math.comb(met + failed, failed)) + math.log10(max(1.0, tried))
    return float(min(1.0, 10.0 ** max(log, -300.0)))


def _ratios(lines: Lines, unit: Matrix, places: int, worked: list[int]) -> Iterator[Quotient]:
    figures, n = lines.values.astype(np.float64), len(lines.labels)
    one = float(10**places)
    for t in worked:
        near = np.asarray(
            [i for i in range(max(0, t - _NEAR), min(n, t + _NEAR + 1)) if i != t and lines.known[i].any()], np.intp
        )
        at = np.flatnonzero(lines.known[t])
        if len(near) < 2 or len(at) < _LEAST_CROSSINGS:
            continue
        weight = _odds(lines.values[t, at], unit[t, at])
        if np.count_nonzero(weight) < _LEAST_CROSSINGS:
            continue
        some = np.sort(np.argsort(-weight, kind="stable")[:_SAMPLE])  # the crossings that tell most
        quotient, both = _divided(lines, figures, near, at[some], one)
        room = unit[t, at] * (0.5 + 1e-9) + 1e-9
        tried = len(near) * (len(near) - 1) * 4 * len(worked)
        best: tuple[float, int, int, str, int, Mask, int] | None = None
        for kind, less in (("ratio", 0.0), ("change", one)):
            for scale in (1, HUNDRED):
                met = both & (np.abs((quotient - less) * scale - figures[t, at[some]]) <= room[some])
                rough = met @ weight[some]
                likely = np.argwhere(rough >= max(3.0, rough.max() - 1e-9))
                for ia, ib in likely[:_CANDIDATES].tolist():
                    a, b = int(near[ia]), int(near[ib])
                    able = lines.known[a, at] & lines.known[b, at] & (lines.values[a, at] != lines.values[b, at])
                    able &= (lines.values[b, at] != 0) & (lines.values[a, at] != 0)
                    worth = (figures[a, at] / np.where(able, figures[b, at], 1.0) * one - less) * scale
                    hits = able & (np.abs(worth - figures[t, at]) <= room)
                    rows = [a, b, t]
                    score, count = _score(weight, hits, np.ascontiguousarray(lines.values[rows][:, at]))
                    failed = int((able & ~hits).sum())
                    if count < _LEAST_CROSSINGS or failed * _FAILING > int(hits.sum()):
                        continue
                    if best is None or score > best[0] + 1e-9:
                        best = (score, ia, ib, kind, scale, hits, failed)
        if best is not None:
            score, ia, ib, kind, scale, hits, failed = best
            bound = _bound(score, int(hits.sum()), failed, tried)
            crossings = tuple(int(x) for x in at[hits])
            yield Quotient(lines.axis, kind, t, (int(near[ia]), int(near[ib])), crossings, scale, bound)


def _divided(lines: Lines, figures: Figures, near: Index, at: Index, one: float) -> tuple[Figures, Mask]:
    """(a ÷ b for all pairs of lines near, at the crossings; where it tells something: neither naught nor one)."""
    known, block = lines.known[near][:, at], figures[near][:, at]
    above, below = block[:, None, :], block[None, :, :]
    both = known[:, None, :] & known[None, :, :] & (below != 0) & (above != 0) & (above != below)
    return above / np.where(both, below, 1.0) * one, both


def _averages(lines: Lines, unit: Matrix, worked: list[int]) -> Iterator[Quotient]:
    """Means of a run of lines that ends beside the line, or up to two lines from it."""
    every = np.flatnonzero(lines.known.any(axis=1))
    weights = {t: _odds(lines.values[t], unit[t]) for t in worked}
    # nothing to find where even all crossings together could not tell
    tried = 6 * len(worked) * len(every)
    worked = [t for t in worked if (weights[t] * lines.known[t]).sum() >= 3.0]
    for direction in (1, -1):
        order = every[::direction]
        known = lines.known[order]
        values = np.where(known, lines.values[order], 0)
        zero = np.zeros((1, values.shape[1]), dtype=np.int64)
        sums = np.concatenate([zero, np.cumsum(values, axis=0)])
        counts = np.concatenate([zero, np.cumsum(known, axis=0)])
        alike = np.concatenate([zero, np.cumsum(known[1:] & (values[1:] != values[:-1]), axis=0)])
        for t in worked:
            place = int(np.flatnonzero(order == t)[0])
            found = None
            weight = weights[t]
            for apart in (0, 1, 2):
                a = place - apart
                if a < 2:
                    continue
                low = max(0, a - _LONGEST)
                runs = slice(low, a - 1)
                total, count = sums[a] - sums[runs], counts[a] - counts[runs]
                varied = alike[a - 1] - alike[low : a - 1] > 0
                able = lines.known[t] & (count >= 2) & varied & (total != 0)
                gap = np.abs(2 * (lines.values[t] * count - total))
                met = able & (gap <= unit[t] * count)
                rough = (met * weight).sum(axis=1)
                if rough.max() < 3.0:
                    continue
                k = int(np.flatnonzero(rough >= rough.max() - 1e-9)[0])
                parts = np.sort(order[low + k : a])
                hits = met[k]
                rows = np.append(parts, t)
                score, distinct = _score(weight, hits, np.ascontiguousarray(lines.values[rows]))
                failed = int((able[k] & ~hits).sum())
                if distinct < 1 or failed * _FAILING > int(hits.sum()) or (found is not None and score <= found[0]):
                    continue
                bound = _bound(score, int(hits.sum()), failed, tried)
                crossings = tuple(int(x) for x in np.flatnonzero(hits))
                found = (
                    score,
                    Quotient(lines.axis, "average", t, tuple(int(p) for p in parts), crossings, 1, bound),
                )
            if found is not None:
                yield found[1]


def _shares(lines: Lines, unit: Matrix, places: int, worked: list[int]) -> Iterator[Quotient]:
    """Shares of the whole of the same line: ÷ the figure at one crossing, or ÷ the sum of the crossings that share.

    Lines at the same distance from what they are shares of (a row of percentages below each row of counts) are one
    hypothesis, and are reckoned together.
    """
    n = len(lines.labels)
    figures = lines.values.astype(np.float64)
    groups: dict[tuple[int, int, int | None], list[Quotient]] = {}
    sums: dict[tuple[int, int, int | None], list[float]] = {}
    width = lines.values.shape[1]
    for t in worked:
        at = np.flatnonzero(lines.known[t])
        if len(at) < 2:
            continue
        weight = _odds(lines.values[t, at], unit[t, at])
        room = unit[t, at] * (0.5 + 1e-9) + 1e-9
        for a in range(max(0, t - _NEAR), min(n, t + _NEAR + 1)):
            if a == t or not lines.known[a, at].all() or (lines.values[a, at] < 0).any():
                continue
            wholes: list[tuple[int | None, float]] = [(None, float(figures[a, at].sum()))]
            wholes += [(int(x), float(figures[a, x])) for x in range(width) if lines.known[a, x]]
            for whole, value in wholes:
                if value <= 0:
                    continue
                for scale in (HUNDRED, 1):
                    target = figures[a, at] / value * scale * 10.0**places
                    met = np.abs(target - figures[t, at]) <= room
                    telling = np.asarray([int(x) != whole for x in at], dtype=np.bool_)
                    failed = int((~met).sum())
                    rows = [a, t]
                    score, count = _score(weight, met & telling, np.ascontiguousarray(lines.values[rows][:, at]))
                    if failed or count < 2:
                        continue
                    key = (a - t, scale, whole)
                    crossings = tuple(int(x) for x in at[met & telling])
                    over = tuple(int(x) for x in at) if whole is None else ()
                    found = Quotient(lines.axis, "share", t, (a,), crossings, scale, 1.0, whole, over)
                    groups.setdefault(key, []).append(found)
                    sums.setdefault(key, []).append(score)
    lines_tried = max(1, len(worked))
    # hypotheses: a distance, a whole, a scale; and which of the lines obey it
    for key in sorted(groups, key=lambda k: -sum(sums[k])):
        met = len(groups[key])
        bound = _bound(sum(sums[key]), met, max(0, lines_tried - met), 2 * 2 * min(n, _NEAR) * (width + 1))
        for found in groups[key]:
            yield Quotient(
                found.axis, found.kind, found.total, found.parts, found.crossings, found.scale, bound, found.whole,
                found.over,
            )  # fmt: skip
