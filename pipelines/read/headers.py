"""The header of a text table: words over columns, joined from several lines.

What belongs here: which columns a piece of the header stands over.  What must never happen here: touching the rows.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.model import Cell
from pipelines.read.flow import Line
from pipelines.read.frame import Frame, make_cell
from pipelines.read.lines import Piece, is_rule, rule_runs


def read_header(
    lines: list[Line], cut: dict[int, list[Piece]], frame: Frame, path: str | None
) -> tuple[list[Cell], bool]:
    """The header's cells (lines over one column joined into one cell), and whether a rule sets them apart."""
    ruled = False
    strokes: list[Piece] = []
    texts: list[tuple[Line, list[Piece]]] = []
    for line in lines:
        if line.text and is_rule(line.text):
            runs = rule_runs(line.text)
            ruled = ruled or bool(texts)
            if len(runs) in (frame.count, frame.count + 1):
                strokes = runs[-frame.count :]
        elif cut.get(line.number):
            texts.append((line, cut[line.number]))
    middles = [(m + s.middle) / 2 for m, s in zip(frame.middles, strokes, strict=True)] if strokes else frame.middles
    reach: list[tuple[float, float]] = [(s.left, s.right) for s in strokes] or [(m, m) for m in middles]
    edge = min([frame.edge, *(s.left for s in strokes)])
    rows: list[dict[tuple[int, int], list[tuple[Line, Piece]]]] = []
    joined = False
    for line, found in texts:
        placed = _apart([(*_over(p, i, found, middles, reach, edge), [p]) for i, p in enumerate(found)])
        spanning = any(last > first for first, last, _ in placed)
        if spanning or not joined:
            rows.append({})
        joined = not spanning
        for first, last, parts in placed:
            rows[-1].setdefault((first, last), []).extend((line, p) for p in parts)
    cells = [
        make_cell(parts, r, first, path, colspan=last - first + 1)
        for r, row in enumerate(rows)
        for (first, last), parts in sorted(row.items())
    ]
    return cells, ruled


def _apart(placed: list[tuple[int, int, list[Piece]]]) -> list[tuple[int, int, list[Piece]]]:
    """The pieces of one line over columns of their own; pieces over the same column become one."""
    out: list[tuple[int, int, list[Piece]]] = []
    for first, last, parts in placed:
        if out and first <= out[-1][1]:
            before, reaches, there = out[-1]
            if before < first:
                out[-1] = (before, first - 1, there)
            else:
                out[-1] = (before, max(reaches, last), [*there, *parts])
                continue
        out.append((first, last, parts))
    return out


def _over(
    piece: Piece, i: int, found: list[Piece], middles: list[float], reach: Sequence[tuple[float, float]], edge: int
) -> tuple[int, int]:
    """First and last grid column that a piece of the header stands over; column 0 is the stub."""
    count = len(middles)
    if len(found) == count and (count > 1 or piece.right > edge) and found[0].right > edge - 2:
        return i + 1, i + 1
    if len(found) == count + 1:
        return i, i
    if piece.right <= edge - 2 or (piece.left <= 2 and piece.middle < edge - 2):
        return 0, 0
    under = [c for c, (left, right) in enumerate(reach) if min(right, piece.right) - max(left, piece.left) >= 2]
    under = under or [c for c, m in enumerate(middles) if piece.left <= m <= piece.right]
    if len(under) > 1:
        return under[0] + 1, under[-1] + 1
    order = sorted(range(count), key=lambda c: abs(middles[c] - piece.middle))
    if count > 1 and not under:
        a, b = order[:2]
        if abs(abs(middles[a] - piece.middle) - abs(middles[b] - piece.middle)) <= abs(middles[a] - middles[b]) / 5:
            return min(a, b) + 1, max(a, b) + 1
    best = under[0] if under else order[0]
    return best + 1, best + 1
