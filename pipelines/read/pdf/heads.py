"""The header of an unruled table: which chunks make one cell, and the columns and rows that each spans.

What belongs here: levels and spans of header cells.  What must never stand here: finding the header, the body.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import permutations

from pipelines.read.pdf.chunks import Chunk, open_end
from pipelines.read.pdf.frames import Frame, disjoint
from pipelines.read.pdf.geometry import Rule, Word, hull
from pipelines.read.pdf.stream import Block, Line
from pipelines.read.pdf.tables import Slot
from pipelines.read.pdf.words import join


def header_slots(block: Block, frame: Frame, across: list[Rule]) -> tuple[list[Slot], list[float]]:
    """Cells of the header and the y borders of its rows ([] without a header)."""
    if not block.header:
        return [], []
    n = len(frame.cores)
    closed: set[int] = set()
    spans = _header_spans(block.header, frame, across, closed)
    cells: list[tuple[int, int, list[Word]]] = []
    open_at: dict[tuple[int, int], int] = {}
    for i, line in enumerate(block.header):
        for chunk in line.chunks:
            span = spans[id(chunk)]
            k = open_at.get(span)
            if k is not None:
                words = cells[k][2]
                bottom = max(w.bottom for w in words)
                near = chunk.top - bottom < 0.8 * line.size
                if i - 1 in closed and span[0] > 0 and (span[0] == span[1] or chunk.top - bottom > 0.3 * line.size):
                    near = near and _continued(join([w for w in words if w.base == words[-1].base]), chunk.text)
                if near and not _ruled_between(across, words, chunk):
                    words.extend(chunk.words)
                    continue
            for other in [s for s in open_at if s[0] <= span[1] and s[1] >= span[0]]:
                del open_at[other]
            open_at[span] = len(cells)
            cells.append((span[0], span[1], list(chunk.words)))
    boxes = [hull([w.box for w in words]) for _, _, words in cells]
    gaps: list[tuple[float, float]] = []
    for i, j in permutations(range(len(cells)), 2):
        a0, a1, _ = cells[i]
        b0, b1, _ = cells[j]
        upon = a0 <= b1 and b0 <= a1 and boxes[i][1] < boxes[j][1]
        if not upon or boxes[i][3] > boxes[j][1] + 0.5 * block.header[0].size:
            continue
        parted = any(
            cells[k][0] <= min(a1, b1) and cells[k][1] >= max(a0, b0) and boxes[i][1] < boxes[k][1] < boxes[j][1]
            for k in range(len(cells))
            if k not in (i, j)
        )
        if not parted:
            gaps.append((min(boxes[i][3], boxes[j][1]), max(boxes[i][3], boxes[j][1])))
    size = block.header[0].size
    levels = _levels(gaps)
    ys = [min(b[1] for b in boxes), *levels, max(b[3] for b in boxes)]
    slots: list[Slot] = []
    for (c0, c1, words), box in zip(cells, boxes, strict=True):
        over = [k for k in range(len(ys) - 1) if min(box[3], ys[k + 1]) - max(box[1], ys[k]) > 0.2 * size]
        if not over:
            over = [min(bisect_right(ys, (box[1] + box[3]) / 2) - 1, len(ys) - 2)]
        if not any(o is not words and b0 <= c1 and c0 <= b1 for b0, b1, o in cells):
            # the only head of its columns stands over all the levels that it touches
            over = [k for k in range(len(ys) - 1) if min(box[3], ys[k + 1]) - max(box[1], ys[k]) > 0.1 * size] or over
        slots.append(Slot(over[0], over[-1], c0, min(c1, n - 1), words, (0, 0, 0, 0)))
    return disjoint(slots), ys


def _levels(gaps: list[tuple[float, float]]) -> list[float]:
    """The fewest y such that one lies in each gap between a head and the one below it."""
    out: list[float] = []
    lo, hi = -1e9, -1e9
    for top, bottom in sorted(gaps, key=lambda g: g[1]):
        if top <= hi:  # the gap shares a stretch with those before it
            lo, hi = max(lo, top), min(hi, bottom)
            out[-1] = (lo + hi) / 2
        else:
            lo, hi = top, bottom
            out.append((lo + hi) / 2)
    return out


def _header_spans(header: list[Line], frame: Frame, across: list[Rule], closed: set[int]) -> dict[int, tuple[int, int]]:
    """The columns that each header chunk heads: those it stands over; a chunk above others, those it is centred on.

    A rule drawn right below a chunk tells its columns best.  `closed` takes the lines that no lower line continues.
    """
    spans = {id(c): frame.span(c) for line in header for c in line.chunks}
    hulls = [_hull_of(k, header, frame, spans) for k in range(len(frame.cores))]
    for i in range(len(header) - 1, -1, -1):
        line = header[i]
        ruled = {id(c): _underlined(c, line, across, frame) for c in line.chunks}
        if any(r is not None and r[1] > r[0] for r in ruled.values()):
            spans.update({k: r for k, r in ruled.items() if r is not None})
            closed.add(i)
            continue
        heads = sorted({spans[id(c)] for later in header[i + 1 :] for c in later.chunks if spans[id(c)][0] > 0})
        if i == len(header) - 1 and max(len(x.chunks) for x in header) <= len(line.chunks):
            # a line of few heads right above the rows: over all columns, if they can be shared out
            heads = [(k, k) for k in range(1, len(hulls))]
        lower = header[i + 1] if i + 1 < len(header) else None
        begun = {id(c): s for c in line.chunks if lower and (s := _begun(c, line, lower, spans, across)) is not None}
        spans.update(begun)
        mine = [c for c in line.chunks if spans[id(c)][0] > 0 and id(c) not in begun]
        gone = {k for a, b in begun.values() for k in range(a, b + 1)}
        shared = _share(mine, [s for s in heads if s[0] == s[1] and s[0] not in gone], hulls)
        if shared is not None:
            spans.update({id(c): s for c, s in zip(mine, shared, strict=True)})
            closed.add(i)
            continue
        if i == len(header) - 1:
            continue
        headed = {k for a, b in heads for k in range(a, b + 1)}
        wider: dict[int, tuple[int, int]] = {}
        for k, chunk in enumerate(line.chunks):
            if not headed or spans[id(chunk)][0] == 0 or id(chunk) in begun:
                continue
            lowest = spans[id(line.chunks[k - 1])][1] + 1 if k else 1
            highest = spans[id(line.chunks[k + 1])][0] - 1 if k + 1 < len(line.chunks) else len(hulls) - 1
            best = _centred(chunk, spans[id(chunk)], lowest, highest, hulls, headed)
            if best is not None:
                wider[id(chunk)] = best
        # where most chunks of a line stand each on one head right below, the line is the upper one of wrapped heads
        single = [c for c in mine if lower is not None and spans[id(c)][0] == spans[id(c)][1] and _upon(c, lower)]
        if len(single) >= 3 and sum(id(c) in wider for c in single) < 0.5 * len(single):
            wider = {k: s for k, s in wider.items() if all(id(c) != k for c in single)}
        spans.update(wider)
    return spans


def _upon(chunk: Chunk, lower: Line) -> bool:
    """Whether a chunk stands close upon one chunk of the line below."""
    under = [c for c in lower.chunks if c.x0 < chunk.x1 and chunk.x0 < c.x1]
    return len(under) == 1 and under[0].top - chunk.bottom < 0.45 * lower.size


def _continued(upper: str, lower: str) -> bool:
    """Whether a head goes on in the line below: a word begins small, or the upper line cannot end there."""
    return lower[:1].islower() or lower[:1] in "([&" or open_end(upper)


def _begun(
    chunk: Chunk, line: Line, lower: Line, spans: dict[int, tuple[int, int]], across: list[Rule]
) -> tuple[int, int] | None:
    """The columns of the head that a chunk begins, if the line right below goes on with it; else None."""
    under = [c for c in lower.chunks if c.x0 < chunk.x1 and chunk.x0 < c.x1]
    if len(under) != 1 or not _continued(chunk.text, under[0].text):
        return None
    if under[0].top - chunk.bottom > 0.45 * line.size or _ruled_between(across, chunk.words, under[0]):
        return None
    if any(c is not chunk and c.x0 < under[0].x1 and under[0].x0 < c.x1 for c in line.chunks):
        return None
    return spans[id(under[0])]


def _share(
    chunks: list[Chunk], heads: list[tuple[int, int]], hulls: list[tuple[float, float]]
) -> list[tuple[int, int]] | None:
    """The columns headed below, shared out among fewer chunks so that each stands on the middle of its share."""
    columns = [a for a, _ in heads]
    if not chunks or len(chunks) >= len(columns) or columns != list(range(columns[0], columns[-1] + 1)):
        return None
    middles = [(c.x0 + c.x1) / 2 for c in chunks]
    size = max(c.bottom - c.top for c in chunks)
    # best[j] = (largest offset, ends) of the first chunks over the first j columns
    best: dict[int, tuple[float, list[int]]] = {0: (0.0, [])}
    for middle in middles:
        after: dict[int, tuple[float, list[int]]] = {}
        for start, (worst, ends) in best.items():
            for end in range(start + 1, len(columns) + 1):
                lo, hi = hulls[columns[start]][0], hulls[columns[end - 1]][1]
                off = max(worst, abs((lo + hi) / 2 - middle) / (0.5 * size + 0.03 * (hi - lo)))
                if off <= 1 and (end not in after or off < after[end][0]):
                    after[end] = (off, [*ends, end])
        best = after
    if len(columns) not in best:
        return None
    ends = best[len(columns)][1]
    starts = [0, *ends[:-1]]
    return [(columns[a], columns[b - 1]) for a, b in zip(starts, ends, strict=True)]


def _hull_of(k: int, header: list[Line], frame: Frame, spans: dict[int, tuple[int, int]]) -> tuple[float, float]:
    """How far a column reaches, with its own head."""
    lo, hi = frame.cores[k]
    if lo < -1e8 or hi > 1e8:
        return (lo, hi)
    for line in header[-2:]:
        for chunk in line.chunks:
            if spans[id(chunk)] == (k, k):
                lo, hi = min(lo, chunk.x0), max(hi, chunk.x1)
    return lo, hi


def _underlined(chunk: Chunk, line: Line, across: list[Rule], frame: Frame) -> tuple[int, int] | None:
    """The columns over which a rule right below the chunk runs, if it runs over some of them only."""
    for rule in across:
        if not chunk.words[0].base < rule.at < chunk.bottom + 0.6 * chunk.words[0].size:
            continue
        if rule.lo > chunk.x0 + 2 or rule.hi < chunk.x1 - 2:
            continue
        if any(c is not chunk and c.x0 < rule.hi and c.x1 > rule.lo for c in line.chunks):
            continue
        over = [k for k, (lo, hi) in enumerate(frame.cores) if min(hi, rule.hi) - max(lo, rule.lo) > 0.5 * (hi - lo)]
        if over and over[0] > 0:
            return over[0], over[-1]
    return None


def _centred(
    chunk: Chunk, mine: tuple[int, int], lowest: int, highest: int, hulls: list[tuple[float, float]], headed: set[int]
) -> tuple[int, int] | None:
    """The widest run of columns around `mine` on whose middle the chunk stands, heads below each of them."""
    middle = (chunk.x0 + chunk.x1) / 2
    best: tuple[float, tuple[int, int]] | None = None
    for a in range(max(lowest, 0), mine[0] + 1):
        for b in range(mine[1], highest + 1):
            if (a, b) == mine or any(k not in headed for k in range(a, b + 1)):
                continue
            lo, hi = hulls[a][0], hulls[b][1]
            off = abs((lo + hi) / 2 - middle)
            if off < max(0.04 * (hi - lo), 0.35 * (chunk.bottom - chunk.top)) and (best is None or off < best[0]):
                best = (off, (a, b))
    if best is None:
        return None
    lo, hi = hulls[mine[0]][0], hulls[mine[1]][1]
    return best[1] if mine[0] != mine[1] or best[0] < abs((lo + hi) / 2 - middle) else None


def _ruled_between(across: list[Rule], words: list[Word], chunk: Chunk) -> bool:
    bottom = max(w.base for w in words)
    mid = (chunk.top + chunk.bottom) / 2
    return any(bottom - 1 < r.at < mid and r.lo < chunk.x1 and r.hi > chunk.x0 for r in across)
