"""Lines of an unruled table → rows and cells.

What belongs here: which lines make one row, which header chunks make one cell.  What must never stand here: finding
the table, its columns.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from pipelines.model import GridKind
from pipelines.read.pdf.chunks import Chunk, leaders_of, open_end, recut
from pipelines.read.pdf.frames import Frame, disjoint, frame_of
from pipelines.read.pdf.geometry import Rule, Word, hull
from pipelines.read.pdf.heads import header_slots
from pipelines.read.pdf.stream import Block, Line
from pipelines.read.pdf.tables import Slot, Table

_NUMBERED = re.compile(r"^\([A-Za-z0-9]{1,3}\)")


def table_of(page: int, block: Block, across: list[Rule]) -> Table:
    """The block as a table: header cells with spans, then a row for each line of figures with its wrapped text."""
    xs = block.xs
    frame = frame_of(block.body, xs[1:-1])
    for line in (*block.header, *block.body):
        line.chunks = recut(line.chunks, frame.column)
    slots, header_ys = header_slots(block, frame, across)
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
        rows = rows_of(block.body, frame, across)
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
    if len(row) == 1 and len(row[0].chunks) == 1 and merged[0][0] > 0 and not row[0].chunks[0].figure:
        merged = [_centred(row[0].chunks[0], frame) or merged[0]]
    elif len(row) == 1 and len(row[0].chunks) == 1 and merged[0][1] < len(frame.cores) - 1:
        merged = [(0, 0)]  # a heading in the stub that runs over into the next columns by its length
    return [
        Slot(r, r, c0, c1, [w for s, ws in held.items() if c0 <= s[0] <= c1 for w in ws], (0, 0, 0, 0))
        for c0, c1 in merged
    ]


def _centred(chunk: Chunk, frame: Frame) -> tuple[int, int] | None:
    """All columns, or all behind the stub, where a heading alone in its row stands in their middle."""
    last = len(frame.cores) - 1
    middle = (chunk.x0 + chunk.x1) / 2
    for first in (1, 0):
        lo, hi = frame.cores[first][0], frame.cores[last][1]
        if last > first and abs((lo + hi) / 2 - middle) < 0.5 * (chunk.bottom - chunk.top) + 0.1 * (hi - lo):
            return first, last
    return None


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


def rows_of(body: list[Line], frame: Frame, across: list[Rule]) -> list[list[Line]]:
    """Lines of the body grouped into rows: each line of figures is a row, lines of text join one or stand alone."""
    anchor = [_anchor(line, frame) for line in body]
    pitch = _pitch(body, anchor)
    banded = _bands(body, frame, across)
    if banded:
        return banded
    goes = [_goes(body, anchor, k, frame, across, pitch) for k in range(len(body))]
    _lead_on(body, anchor, goes, frame)
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


def _lead_on(body: list[Line], anchor: list[bool], goes: list[str], frame: Frame) -> None:
    """Send all lines of a label down to its figures, where these stand at its last line, begun in mid-sentence."""
    for k in range(1, len(body)):
        stub, above = _stub(body[k], frame), body[k - 1]
        if not anchor[k] or anchor[k - 1] or stub is None or body[k].base - above.base > 1.5 * above.size:
            continue
        if not stub.text[:1].islower() and not open_end(above.text):
            continue
        first = k - 1
        while first > 0 and not anchor[first] and goes[first] == "up":
            first -= 1
        if not anchor[first]:
            goes[first:k] = ["down"] * (k - first)


def _pitch(body: list[Line], anchor: list[bool]) -> float:
    """The usual step from one row to the next: between rows with no text between them, if there are any."""
    next_ = sorted(b.base - a.base for (a, x), (b, y) in pairwise(zip(body, anchor, strict=True)) if x and y)
    if next_:
        return next_[len(next_) // 2]
    bases = [line.base for line, a in zip(body, anchor, strict=True) if a]
    steps = sorted(b - a for a, b in pairwise(bases))
    return steps[len(steps) // 2] if steps else 0.0


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
    return disjoint(slots), figured or [item[0]], count


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
        if above is not None and _entitles(line, above, frame):
            return "own"
        return "up" if up and gap_up <= 1.15 * gap_down else ("down" if down else "own")
    stub_above = _stub(above, frame) if above else None
    if stub_above is not None and any(leaders_of(stub_above.words)):
        up = False  # leaders end a label
    stub_below = _stub(below, frame) if below else None
    text = stub.text
    goes_on = text[:1].islower() or (text[:1] in "(&/" and not _NUMBERED.match(text))
    if up and stub_above is not None and (goes_on or open_end(stub_above.text)):
        return "up"
    if down and below is not None and anchor[k + 1] and stub_below is None:
        return "down"
    if down and stub_below is not None and (stub_below.text[:1].islower() or open_end(text)):
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


def _entitles(line: Line, above: Line, frame: Frame) -> bool:
    """Whether a lone text below a figure is the heading of the rows that follow, and not more of the figure's cell."""
    chunk = line.chunks[0]
    if len(line.chunks) > 1 or chunk.figure or not chunk.text[:1].isupper():
        return False
    a, b = frame.span(chunk)
    return any(c.figure and frame.span(c)[0] <= b and a <= frame.span(c)[1] for c in above.chunks)


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
