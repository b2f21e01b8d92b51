"""Lines of an unruled table → rows and cells.

What belongs here: which lines make one row, which header chunks make one cell.  What must never stand here: finding
the table, its columns.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise, permutations

from pipelines.model import GridKind
from pipelines.read.pdf.chunks import Chunk, recut
from pipelines.read.pdf.geometry import Rule, Word, hull
from pipelines.read.pdf.stream import Block, Line
from pipelines.read.pdf.tables import Slot, Table

_OPEN_END = re.compile(r"(?:[-–,/&(]|\b(?:and|of|for|the|in|to|or|with|by|from|on|at|as|than|et|de|der|und|per))$")
_NUMBERED = re.compile(r"^\([A-Za-z0-9]{1,3}\)")


def table_of(page: int, block: Block, across: list[Rule]) -> Table:
    """The block as a table: header cells with spans, then a row for each line of figures with its wrapped text."""
    xs = block.xs
    frame = frame_of(block.body, xs[1:-1])
    for line in (*block.header, *block.body):
        line.chunks = recut(line.chunks, frame.column)
    slots, header_ys = _header_slots(block, frame, across)
    ys = list(header_ys)
    first = len(ys) - 1 if ys else 0
    items = spaced_items(block.body, frame, block.spaced)
    if items:
        at = first
        bounds = [items[0][0].top]
        for item in items:
            made, leads, count = _item_rows(item, frame, at)
            slots += made
            bounds += [(a.bottom + b.top) / 2 for a, b in pairwise(leads)]
            bounds.append(max(line.bottom for line in item))
            at += count
    else:
        rows = _rows(block.body, frame, across)
        bounds = _bounds(rows)
        for k, row in enumerate(rows):
            slots += _row_slots(row, first + k, frame)
    if ys:
        ys[-1] = (ys[-1] + bounds[0]) / 2
        ys += bounds[1:]
    else:
        ys = bounds
    _fill(slots, xs, ys)
    words = [w for s in slots for w in s.words]
    kind = GridKind.RULED if block.ruled else GridKind.UNRULED
    return Table(page, kind, xs, ys, slots, header_rows=first, box=hull([w.box for w in words]))


@dataclass(slots=True)
class Frame:
    """Columns by the borders between them (`inner`) and by the stretch that the text of the body takes (`cores`)."""

    inner: list[float]
    cores: list[tuple[float, float]]

    def column(self, word: Word) -> int:
        """The column in which the middle of a word stands."""
        return bisect_right(self.inner, word.mid_x)

    def span(self, chunk: Chunk) -> tuple[int, int]:
        """First and last column that a chunk stands over."""
        x0, x1 = chunk.x0, chunk.x1
        slack = 0.25 * (chunk.bottom - chunk.top)
        over = [k for k, (lo, hi) in enumerate(self.cores) if min(x1, hi) - max(x0, lo) > min(slack, 0.4 * (hi - lo))]
        if over:
            return over[0], over[-1]
        k = bisect_right(self.inner, (x0 + x1) / 2)
        return k, k


def frame_of(body: list[Line], inner: list[float]) -> Frame:
    """The frame of the body: cores from the chunks that cross no border."""
    n = len(inner) + 1
    lo, hi = [1e9] * n, [-1e9] * n
    for line in body:
        for chunk in line.chunks:
            k = bisect_right(inner, chunk.x0)
            if bisect_right(inner, chunk.x1) == k:
                lo[k], hi[k] = min(lo[k], chunk.x0), max(hi[k], chunk.x1)
    cores = []
    for k in range(n):
        left = inner[k - 1] if k else -1e9
        right = inner[k] if k < n - 1 else 1e9
        cores.append((lo[k], hi[k]) if lo[k] < hi[k] else (left, right))
    return Frame(inner, cores)


def _bounds(rows: list[list[Line]]) -> list[float]:
    tops = [min(line.top for line in row) for row in rows]
    bottoms = [max(line.bottom for line in row) for row in rows]
    between = [(bottoms[k] + tops[k + 1]) / 2 for k in range(len(rows) - 1)]
    return [tops[0], *between, bottoms[-1]]


def _row_slots(row: list[Line], r: int, frame: Frame) -> list[Slot]:
    held: dict[tuple[int, int], list[Word]] = {}
    for line in row:
        for chunk in line.chunks:
            c0, c1 = frame.span(chunk)
            held.setdefault((c0, c1), []).extend(chunk.words)
    # overlapping spans of one row are one cell
    spans = sorted(held)
    merged: list[tuple[int, int]] = []
    for c0, c1 in spans:
        if merged and c0 <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], c1))
        else:
            merged.append((c0, c1))
    return [
        Slot(r, r, c0, c1, [w for s, ws in held.items() if c0 <= s[0] <= c1 for w in ws], (0, 0, 0, 0))
        for c0, c1 in merged
    ]


def _fill(slots: list[Slot], xs: list[float], ys: list[float]) -> None:
    """Add the blank cells, and give every cell its box."""
    taken = {(r, c) for s in slots for r in range(s.r0, s.r1 + 1) for c in range(s.c0, s.c1 + 1)}
    for r in range(len(ys) - 1):
        for c in range(len(xs) - 1):
            if (r, c) not in taken:
                slots.append(Slot(r, r, c, c, [], (0, 0, 0, 0)))
    for s in slots:
        s.box = (xs[s.c0], ys[s.r0], xs[s.c1 + 1], ys[s.r1 + 1])
    slots.sort(key=lambda s: (s.r0, s.c0))


# ----------------------------------------------------------------------------------------------- header


def _header_slots(block: Block, frame: Frame, across: list[Rule]) -> tuple[list[Slot], list[float]]:
    """Cells of the header and the y borders of its rows ([] without a header)."""
    if not block.header:
        return [], []
    n = len(frame.cores)
    closed: set[int] = set()
    spans = _header_spans(block.header, frame, across, closed)
    cells: list[tuple[int, int, list[Word]]] = []
    open_at: dict[tuple[int, int], int] = {}
    for i, line in enumerate(block.header):
        if i - 1 in closed:
            open_at = {span: k for span, k in open_at.items() if span[0] == 0}
        for chunk in line.chunks:
            span = spans[id(chunk)]
            k = open_at.get(span)
            if k is not None:
                words = cells[k][2]
                bottom = max(w.bottom for w in words)
                near = chunk.top - bottom < 0.8 * line.size
                if near and not _ruled_between(across, words, chunk):
                    words.extend(chunk.words)
                    continue
            for other in [s for s in open_at if s[0] <= span[1] and s[1] >= span[0]]:
                del open_at[other]
            open_at[span] = len(cells)
            cells.append((span[0], span[1], list(chunk.words)))
    boxes = [hull([w.box for w in words]) for _, _, words in cells]
    cuts: list[float] = []
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
            cuts.append((boxes[i][3] + boxes[j][1]) / 2)
    size = block.header[0].size
    levels: list[float] = []
    for y in sorted(cuts):
        if not levels or y - levels[-1] > 0.7 * size:
            levels.append(y)
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
    return _disjoint(slots), ys


def _header_spans(header: list[Line], frame: Frame, across: list[Rule], closed: set[int]) -> dict[int, tuple[int, int]]:
    """The columns that each header chunk heads: those it stands over; a chunk above others, those it is centred on.

    A rule drawn right below a chunk tells its columns best.  `closed` takes the lines that no lower line continues.
    """
    spans = {id(c): frame.span(c) for line in header for c in line.chunks}
    hulls = [_hull_of(k, header, frame, spans) for k in range(len(frame.cores))]
    for i in range(len(header) - 2, -1, -1):
        line = header[i]
        ruled = {id(c): _underlined(c, line, across, frame) for c in line.chunks}
        if any(r is not None and r[1] > r[0] for r in ruled.values()):
            spans.update({k: r for k, r in ruled.items() if r is not None})
            closed.add(i)
            continue
        heads = sorted({spans[id(c)] for later in header[i + 1 :] for c in later.chunks if spans[id(c)][0] > 0})
        mine = [c for c in line.chunks if spans[id(c)][0] > 0]
        shared = _share(mine, [s for s in heads if s[0] == s[1]], hulls)
        if shared is not None:
            spans.update({id(c): s for c, s in zip(mine, shared, strict=True)})
            closed.add(i)
            continue
        headed = {k for a, b in heads for k in range(a, b + 1)}
        for k, chunk in enumerate(line.chunks):
            if not headed or spans[id(chunk)][0] == 0:
                continue
            lowest = spans[id(line.chunks[k - 1])][1] + 1 if k else 1
            highest = spans[id(line.chunks[k + 1])][0] - 1 if k + 1 < len(line.chunks) else len(hulls) - 1
            best = _centred(chunk, spans[id(chunk)], lowest, highest, hulls, headed)
            if best is not None:
                spans[id(chunk)] = best
    return spans


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


def _disjoint(slots: list[Slot]) -> list[Slot]:
    """Join header cells that would lie on one another."""
    out: list[Slot] = []
    for slot in sorted(slots, key=lambda s: (s.r0, s.c0)):
        clash = next(
            (o for o in out if o.r0 <= slot.r1 and slot.r0 <= o.r1 and o.c0 <= slot.c1 and slot.c0 <= o.c1), None
        )
        if clash is None:
            out.append(slot)
        else:
            clash.words += slot.words
            clash.r0, clash.r1 = min(clash.r0, slot.r0), max(clash.r1, slot.r1)
            clash.c0, clash.c1 = min(clash.c0, slot.c0), max(clash.c1, slot.c1)
    return out if len(out) == len(slots) else _disjoint(out)


# ------------------------------------------------------------------------------------------------- body


def _rows(body: list[Line], frame: Frame, across: list[Rule]) -> list[list[Line]]:
    """Lines of the body grouped into rows: each line of figures is a row, lines of text join one or stand alone."""
    anchor = [_anchor(line, frame) for line in body]
    bases = [line.base for line, a in zip(body, anchor, strict=True) if a]
    steps = sorted(b - a for a, b in pairwise(bases))
    pitch = steps[len(steps) // 2] if steps else 0.0
    banded = _bands(body, frame, across)
    if banded:
        return banded
    goes = [_goes(body, anchor, k, frame, across, pitch) for k in range(len(body))]
    rows: list[list[Line]] = []
    waiting: list[Line] = []
    for line, go in zip(body, goes, strict=True):
        if go == "up" and rows and not waiting:
            rows[-1].append(line)
        elif go == "down":
            waiting.append(line)
        else:
            rows.append([*waiting, line])
            waiting = []
    if waiting:
        rows.append(waiting)
    return rows


def _bands(body: list[Line], frame: Frame, across: list[Rule]) -> list[list[Line]]:
    """The body cut at the rules that run over all of it, if each stretch between two of them is one row; else []."""
    x0, x1 = min(line.x0 for line in body), max(line.x1 for line in body)
    rules = [r.at for r in across if min(r.hi, x1) - max(r.lo, x0) > 0.8 * (x1 - x0)]
    bands: list[list[Line]] = [[body[0]]]
    for upper, lower in pairwise(body):
        if any((upper.top + upper.base) / 2 < at < (lower.base + lower.top) / 2 for at in rules):
            bands.append([lower])
        else:
            bands[-1].append(lower)
    if len(bands) < 3 or len(bands) < 0.2 * len(body):
        return []
    several = 0
    for band in bands:
        held = Counter(frame.span(c)[0] for line in band for c in line.chunks if c.figure)
        held.pop(0, None)
        several += max(held.values(), default=0) > 1
    return bands if several <= 0.1 * len(bands) else []


def spaced_items(body: list[Line], frame: Frame, sure: bool = False) -> list[list[Line]]:
    """The body as items set apart by space, each of several lines with its figures; [] where it is not so set."""
    steps = [b.base - a.base for a, b in pairwise(body)]
    if len(steps) < 3:
        return []
    leading = sorted(step for step, line in zip(steps, body[1:], strict=True) if step >= 0.8 * line.size)
    if not leading:
        return []
    tight = leading[len(leading) // 5]
    items: list[list[Line]] = [[body[0]]]
    for line, step in zip(body[1:], steps, strict=True):
        if step < 1.3 * tight:
            items[-1].append(line)
        else:
            items.append([line])
    longer = [item for item in items if len(item) > 1]
    if len(items) < 2 or len(longer) < 0.25 * len(items):
        return []
    led = sum(_figured(item[0], frame) or not _stub(item[0], frame) for item in longer)
    later = [line for item in longer for line in item[1:]]
    figured = sum(_figured(line, frame) and _stub(line, frame) is not None for line in later)
    figures = sum(_figured(line, frame) for line in body)
    if not figures or figured > 0.3 * len(later) or (not sure and led < 0.5 * len(longer)):
        return []
    return items


def _figured(line: Line, frame: Frame) -> bool:
    return any(c.figure and frame.span(c)[0] >= 1 for c in line.chunks)


def _item_rows(item: list[Line], frame: Frame, first: int) -> tuple[list[Slot], list[Line], int]:
    """The cells of an item: a row for each line of figures, its texts over all of them; a line for each row."""
    figured = [line for line in item if _figured(line, frame)]
    count = max(1, len(figured))
    texts: dict[tuple[int, int], list[Word]] = {}
    slots: list[Slot] = []
    for line in item:
        row = first + (figured.index(line) if line in figured else 0)
        for chunk in line.chunks:
            span = frame.span(chunk)
            if chunk.figure and span[0] >= 1 and line in figured:
                slots.append(Slot(row, row, span[0], span[1], list(chunk.words), (0, 0, 0, 0)))
            else:
                texts.setdefault(span, []).extend(chunk.words)
    for (c0, c1), words in sorted(texts.items()):
        clash = [s for s in slots if s.c0 <= c1 and c0 <= s.c1]
        if clash:
            clash[0].words += words
            clash[0].c0, clash[0].c1 = min(clash[0].c0, c0), max(clash[0].c1, c1)
        else:
            slots.append(Slot(first, first + count - 1, c0, c1, words, (0, 0, 0, 0)))
    return _disjoint(slots), figured or [item[0]], count


def _anchor(line: Line, frame: Frame) -> bool:
    """A line with a figure in a column behind the first, or with text in most columns."""
    spans = [(frame.span(c), c) for c in line.chunks]
    if any(c.figure and s[0] >= 1 for s, c in spans):
        return True
    return len(line.chunks) > len(frame.cores) / 2 and spans[0][0][0] == 0


def _goes(body: list[Line], anchor: list[bool], k: int, frame: Frame, across: list[Rule], pitch: float) -> str:
    """Whether a line of text joins the row above ("up"), the one below ("down") or stands alone ("own")."""
    if anchor[k]:
        return "own"
    line = body[k]
    above = body[k - 1] if k else None
    below = body[k + 1] if k + 1 < len(body) else None
    up = above is not None and not _split(across, above, line) and line.base - above.base < 1.5 * line.size
    down = below is not None and not _split(across, line, below) and below.base - line.base < 1.5 * line.size
    gap_up = line.base - above.base if above else 1e9
    gap_down = below.base - line.base if below else 1e9
    stub = _stub(line, frame)
    if stub is None:
        return "up" if up and gap_up <= 1.15 * gap_down else ("down" if down else "own")
    stub_above = _stub(above, frame) if above else None
    stub_below = _stub(below, frame) if below else None
    text = stub.text
    goes_on = text[:1].islower() or (text[:1] in "(&/" and not _NUMBERED.match(text))
    if up and stub_above is not None and (goes_on or _OPEN_END.search(stub_above.text)):
        return "up"
    if down and below is not None and anchor[k + 1] and stub_below is None:
        return "down"
    if down and stub_below is not None and (stub_below.text[:1].islower() or _OPEN_END.search(text)):
        return "down"
    if text.endswith((":", "：")):
        return "own"
    if pitch and up and gap_up < 0.87 * pitch and gap_up < gap_down * 1.05:
        return "up"
    if pitch and down and gap_down < 0.87 * pitch and not (stub_below and stub_below.x0 > line.x0 + 0.3 * line.size):
        return "down"
    if up and stub_above is not None and line.x0 > stub_above.x0 + 0.3 * line.size:
        deeper = stub_below is not None and stub_below.x0 >= line.x0 - 1
        if not deeper:
            return "up"
    return "own"


def _split(across: list[Rule], upper: Line, lower: Line) -> bool:
    return any(
        upper.base - 0.1 * upper.size < r.at < lower.base - 0.4 * lower.size
        and r.lo < lower.x0 + lower.size
        and r.hi > lower.x0
        for r in across
    )


def _stub(line: Line | None, frame: Frame) -> Chunk | None:
    """The chunk in the first column, or None."""
    if line is None:
        return None
    chunk = line.chunks[0]
    return chunk if frame.span(chunk)[0] == 0 else None
