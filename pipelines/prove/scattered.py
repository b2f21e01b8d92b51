"""Sums whose parts stand apart: found by least squares, a total printed again, pairs (a = b + c, c = a − b).

What must never stand here: a label, a verdict.
"""

from __future__ import annotations

import numpy as np

from pipelines.prove.hits import AMPLE, Hit, Index, State, constant, credible, settled

_WINDOW = 16
_REACH = 40
# A total of the same name, printed again so near its parts, is their total again; farther off it is a copy.
_REPEATED = 3
# Pairs that stand in no usual order are told from luck, among all that were tried, only by many crossings.
_CROSSINGS = 4


def solved(state: State, every: Index, least: float) -> None:
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
                state.take(hit)
                break
        if not accepted:
            break


def _solution(state: State, t: int, at: Index, every: Index, side: int, least: float) -> Hit | None:
    """The sum that line t is of the lines before it (side −1), after it (1) or on both sides, if the crossings tell."""
    lines = state.lines
    near = every[(every != t) & (np.abs(every - t) <= _REACH) & ((every - t) * side >= 0)]
    near = near[np.argsort(np.abs(near - t), kind="stable")]
    block, total = np.where(state.open[near][:, at], lines.values[near][:, at], 0), lines.values[t, at]
    usable = block.any(axis=1) & (block != total).any(axis=1)
    if (block >= 0).all():
        usable &= (block <= total).all(axis=1)  # where nothing is negative no part is larger than the whole
    columns: dict[bytes, int] = {}
    for k in np.flatnonzero(usable).tolist():
        if len(columns) < len(at) - 3:  # more crossings than lines: the nearest lines
            columns.setdefault(block[k].tobytes(), int(near[k]))
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
    hit = settled(state, t, np.sort(parts), "solved")
    if hit is None or not credible(hit) or len(hit.informative) < len(chosen) + 3 or hit.score < least:
        return None
    if len(parts) == 2 and constant(lines, hit):
        return None
    if any(h.total == t and set(h.parts) == set(hit.parts) for h in state.hits):
        return None
    return hit


def printed_again(state: State) -> None:
    """A line that prints the same figures as a total beside it, or as one of the same name, is a total of its lines."""
    lines = state.lines
    for hit in list(state.hits):
        at = np.asarray(hit.informative, dtype=np.intp)
        if len(at) < 2:
            continue
        beside = hit.total + (1 if hit.total > hit.parts[-1] else -1)
        name = lines.names[hit.total] if lines.names else ""
        around = range(max(0, hit.parts[0] - _REPEATED), min(len(lines.labels), hit.parts[-1] + _REPEATED + 1))
        namesakes = [t for t in around if name and lines.names[t] == name] if len(at) > 2 else []
        for t in {beside, *namesakes} - {hit.total, *hit.parts}:
            if not 0 <= t < len(lines.labels):
                continue
            state.family = hit.family
            state.count(1)
            if not (lines.known[t, at] & (lines.values[t, at] == lines.values[hit.total, at])).all():
                continue
            again = settled(state, t, np.asarray(hit.parts, dtype=np.intp), hit.family)
            if again is None or not credible(again) or any(h.total == t and h.parts == again.parts for h in state.hits):
                continue
            if any(h.total == t and set(h.crossings) & set(again.crossings) for h in state.hits):
                continue
            state.hits.append(again)


def pairs(state: State, every: Index, least: float) -> None:
    """Three lines of which one is the sum of the others, wherever they stand near each other.

    "difference": c = a − b below (or beside) both, "gross profit = sales − cost of sales", a before b or b before a
    right beside c; "pair": any other order.  Takes nothing: the figures may be parts of other sums.
    """
    lines = state.lines
    printed = lines.known & (lines.values != 0)
    usable = np.asarray([int(i) for i in every if printed[i].any()], dtype=np.intp)
    said = {(h.total, frozenset(h.parts)) for h in state.hits}
    landmarks = {h.total for h in state.hits if h.family == "beside"} | set(np.flatnonzero(state.said).tolist())
    counts = ~state.rates(np.flatnonzero(printed.any(axis=0)))
    for place in range(2, len(usable)):
        last, before = int(usable[place]), int(usable[place - 1])
        whole = not state.open[last].any()
        window = usable[max(0, place - _WINDOW) : place]
        tried = len(window) * (len(window) - 1)
        state.tried["difference"] = state.tried.get("difference", 0.0) + tried
        state.tried["pair"] = state.tried.get("pair", 0.0) + tried
        if whole and before not in landmarks:
            continue
        at = np.flatnonzero(printed[last])
        values, known, half = lines.values[window][:, at], printed[window][:, at], lines.half[window][:, at]
        both = known[:, None, :] & known[None, :, :]
        reach = half[:, None, :] + half[None, :, :] + lines.half[last, at]
        found: list[tuple[str, int, tuple[int, int]]] = []
        for added in (False, True):
            if added and (len(at) < _CROSSINGS or whole):
                continue
            other = -values if added else values
            met = both & (2 * np.abs(values[:, None, :] - other[None, :, :] - lines.values[last, at]) <= reach)
            score = met @ state.weight[last, at] if added else (met * state.weight[window][:, None, at]).sum(axis=2)
            failed = (both & ~met & counts[at]).sum(axis=2)
            likely = (score >= least) & (failed * AMPLE <= met.sum(axis=2))
            np.fill_diagonal(likely, False)
            for ia, ib in np.argwhere(np.triu(likely) if added else likely).tolist():
                a, b = int(window[ia]), int(window[ib])
                usual = ia < ib or a == before
                found.append(("pair", last, (a, b)) if added else ("difference" if usual else "pair", a, (b, last)))
        for family, total, parts in found:
            if (total, frozenset(parts)) in said:
                continue
            # a figure that is part of a sum already may be the balance of two totals; of others it is so by luck, or
            # because sums of the same figures imply each other
            if whole and (parts[0] != before or total not in landmarks or _together(state, parts)):
                continue
            hit = settled(state, total, np.asarray(sorted(parts), dtype=np.intp), family)
            if hit is None or hit.score < least or not credible(hit):
                continue
            if constant(lines, hit) or (family == "pair" and len(hit.informative) < _CROSSINGS):
                continue
            said.add((total, frozenset(parts)))
            state.hits.append(hit)


def _together(state: State, parts: tuple[int, int]) -> bool:
    """Whether both are parts of one sum: "liabilities and equity", as large as "assets", and neither the balance of the
    other two as "surplus" is of "income" and "expenses"."""
    return any(set(parts) <= set(h.parts) for h in state.hits)
