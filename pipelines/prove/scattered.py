"""Sums whose parts stand apart: found by least squares, a total printed again, pairs (a = b + c, c = a − b).

What must never stand here: a label, a verdict.
"""

from __future__ import annotations

import numpy as np

from pipelines.prove.hits import Hit, Index, State, constant, credible, settled

_WINDOW = 16
_REACH = 40
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
    hit = settled(state, t, np.sort(parts), "solved")
    if hit is None or not credible(hit) or (len(parts) == 2 and constant(lines, hit)) or len(hit.informative) < len(chosen) + 3 or hit.score < least:
        return None
    if any(h.total == t and set(h.parts) == set(hit.parts) for h in state.hits):
        return None
    return hit


def printed_again(state: State, every: Index) -> None:
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
            again = settled(state, int(t), parts, hit.family)
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
    for place in range(2, len(usable)):
        last, window = int(usable[place]), usable[max(0, place - _WINDOW) : place]
        whole = not state.open[last].any()
        values, known, half = lines.values[window], lines.known[window], lines.half[window]
        reach = half[:, None, :] + half[None, :, :] + lines.half[last]
        both = known[:, None, :] & known[None, :, :] & lines.known[last]
        gap = values[:, None, :] - values[None, :, :] - lines.values[last]
        met = both & (2 * np.abs(gap) <= reach)
        score = (met * state.weight[window][:, None, :]).sum(axis=2)
        np.fill_diagonal(score, 0.0)
        found: list[tuple[str, int, tuple[int, int]]] = []
        for ia, ib in np.argwhere(score >= least).tolist():
            usual = ia < ib or ia == len(window) - 1
            found.append(("difference" if usual else "pair", int(window[ia]), (int(window[ib]), last)))
        if lines.values.shape[1] >= _CROSSINGS:
            sums = both & (2 * np.abs(values[:, None, :] + values[None, :, :] - lines.values[last]) <= reach)
            worth = np.triu((sums * state.weight[last]).sum(axis=2), 1)
            found += [("pair", last, (int(window[i]), int(window[j]))) for i, j in np.argwhere(worth >= least).tolist()]
        state.family = "difference"
        state.count(len(window) * (len(window) - 1))
        state.family = "pair"
        state.count(len(window) * (len(window) - 1))
        for family, total, parts in found:
            if (total, frozenset(parts)) in said or (whole and not _balance(state, usable[place - 1], total, parts)):
                continue
            hit = settled(state, total, np.asarray(sorted(parts), dtype=np.intp), family)
            if hit is None or hit.score < least or not credible(hit):
                continue
            if family == "pair" and (len(hit.informative) < _CROSSINGS or constant(lines, hit)):
                continue
            said.add((total, frozenset(parts)))
            state.hits.append(hit)


def _balance(state: State, before: int, total: int, parts: tuple[int, int]) -> bool:
    """Whether parts[1], a part of another sum already, may still be the balance of two totals ("income", "expenses" and
    right below it "surplus"); not so where both are parts of one sum ("liabilities and equity", as large as "assets")."""
    landmarks = {h.total for h in state.hits if h.family == "beside"} | set(np.flatnonzero(state.said).tolist())
    together = any(set(parts) <= set(h.parts) for h in state.hits)
    return parts[0] == before and total < before and {total, before} <= landmarks and not together
