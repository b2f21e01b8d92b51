"""Ruled tables whose rules leave columns or rows together: split by the text where its evidence is plain.

What belongs here: splitting a lattice's cells by gaps and baselines that hold over several lines.  What must never
stand here: finding tables.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise

from pipelines.read.pdf.chunks import Chunk, chunks_of
from pipelines.read.pdf.columns import separators
from pipelines.read.pdf.frames import frame_of
from pipelines.read.pdf.geometry import Word
from pipelines.read.pdf.rows import rows_of
from pipelines.read.pdf.stream import line_of
from pipelines.read.pdf.tables import Slot, Table
from pipelines.read.pdf.words import lines_of


def _splittable(line: list[Word]) -> list[Chunk]:
    """The chunks of a line that shows two or more of them with a figure behind the first, else none."""
    chunks = chunks_of(line, 0.9)
    return chunks if len(chunks) >= 2 and any(c.figure for c in chunks[1:]) else []


def split_columns(table: Table) -> bool:
    """Split cells that hold several columns of figures; adds borders where the text shows them.  True if any was."""
    shown: list[tuple[Slot, list[list[Chunk]]]] = []
    for slot in table.slots:
        lines = [c for c in (_splittable(line) for line in slot.lines) if c]
        if lines:
            shown.append((slot, lines))
    count = sum(len(lines) for _, lines in shown)
    everything = sum(len(s.lines) for s in table.slots if s.words)
    if count < 2 or count < 0.15 * everything:
        return False
    wide: dict[tuple[int, int], list[list[Chunk]]] = {}
    for slot, lines in shown:
        wide.setdefault((slot.c0, slot.c1), []).extend(lines)
    new: list[float] = []
    for (c0, c1), lines in wide.items():
        inner = table.xs[c0 + 1 : c1 + 1]
        if inner and _fit(lines, inner) > 0.8 * len(lines):
            continue
        if len(lines) < 2:
            continue
        for x in separators(lines, table.xs[c0], table.xs[c1 + 1]):
            if all(abs(x - known) > 4 for known in table.xs):
                new.append(x)
    _add_borders(table, sorted(new))
    _cut(table)
    return True


def _fit(lines: list[list[Chunk]], inner: list[float]) -> int:
    """Lines none of whose chunks crosses a border, with chunks in more than one column."""
    fit = 0
    for chunks in lines:
        clear = all(not (c.x0 + 2 < x < c.x1 - 2) for c in chunks for x in inner)
        fit += clear and len({bisect_right(inner, (c.x0 + c.x1) / 2) for c in chunks}) == len(chunks)
    return fit


def _add_borders(table: Table, new: list[float]) -> None:
    for x in new:
        at = bisect_right(table.xs, x)
        if at in (0, len(table.xs)):
            continue
        table.xs.insert(at, x)
        for slot in table.slots:
            if slot.c0 >= at:
                slot.c0 += 1
            if slot.c1 >= at - 1:
                slot.c1 += 1


def _cut(table: Table) -> None:
    """Cut each cell over several columns whose chunks stand one to a column."""
    out: list[Slot] = []
    for slot in table.slots:
        if slot.c1 == slot.c0 or not slot.words:
            out.append(slot)
            continue
        inner = table.xs[slot.c0 + 1 : slot.c1 + 1]
        chunks = [c for line in slot.lines for c in chunks_of(line)]
        columns = {bisect_right(inner, (c.x0 + c.x1) / 2) for c in chunks}
        crossing = any(c.x0 + 2 < x < c.x1 - 2 for c in chunks for x in inner)
        figures = sum(c.figure for c in chunks)
        if crossing or (len(columns) < 2 and not figures):
            out.append(slot)
            continue
        for k in range(slot.c1 - slot.c0 + 1):
            c = slot.c0 + k
            box = (table.xs[c], slot.box[1], table.xs[c + 1], slot.box[3])
            words = [w for ch in chunks if bisect_right(inner, (ch.x0 + ch.x1) / 2) == k for w in ch.words]
            out.append(Slot(slot.r0, slot.r1, c, c, words, box))
    table.slots = out


def split_rows(table: Table) -> bool:
    """Split a row whose cells hold the same baselines, three or more, figures among them.  True if any was."""
    done = False
    for r in range(table.n_rows - 1, -1, -1):
        band = [s for s in table.slots if s.r0 == r and s.r1 == r and s.words]
        borders = _row_borders(band) or _told_borders(band, table.xs)
        if borders:
            _split_row(table, r, borders)
            done = True
    return done


def _row_borders(band: list[Slot]) -> list[float]:
    """The y between the lines of a band that is many rows, or none."""
    if len(band) < 2:
        return []
    lined = [[(sum(w.base for w in line) / len(line), Chunk(line)) for line in s.lines] for s in band]
    figured = [lines for lines in lined if len(lines) >= 2 and all(c.figure for _, c in lines)]
    if not figured:
        return []
    words = [w for s in band for w in s.words]
    lines = lines_of(words)
    bases = [line[0].base for line in lines]
    if len(bases) < 3 and (len(bases) < 2 or len(figured) < 2):
        return []
    height = max(w.size for w in words)
    shared = 0
    for base in bases:
        hits = sum(any(abs(b - base) < 0.25 * height for b, _ in lines) for lines in lined)
        shared += hits >= 2
    full = max(len(lines) for lines in figured)
    if full < 3 and len(figured) < 2:
        return []
    if shared < 0.8 * len(bases) or full < 0.6 * len(bases):
        return []
    if full == 2 and any(len(lines) != 2 for lines in lined):
        return []
    return [(max(w.bottom for w in a) + min(w.top for w in b)) / 2 for a, b in pairwise(lines)]


def _told_borders(band: list[Slot], xs: list[float]) -> list[float]:
    """The y between the rows of a band that only rules between columns part: its figures, one a line, tell the rows."""
    behind = [[Chunk(line) for line in s.lines] for s in band if s.c0 > 0]
    told = [lines for lines in behind if sum(c.figure for c in lines) >= 3]
    if not told or sum(c.figure for lines in behind for c in lines) < 0.9 * sum(map(len, behind)):
        return []
    lines = [line_of(line, xs[1:-1]) for line in lines_of([w for s in band for w in s.words])]
    frame = frame_of(lines, xs[1:-1])
    figured = [line for line in lines if any(c.figure and frame.span(c)[0] > 0 for c in line.chunks)]
    labelled = sum(frame.span(line.chunks[0])[0] == 0 for line in figured)
    if len(figured) < 3 or labelled < 0.7 * len(figured):
        return []
    rows = rows_of(lines, frame, [])
    return [(max(line.bottom for line in a) + min(line.top for line in b)) / 2 for a, b in pairwise(rows)]


def _split_row(table: Table, r: int, borders: list[float]) -> None:
    extra = len(borders)
    table.ys[r + 1 : r + 1] = borders
    edges = table.ys[r : r + extra + 2]
    out: list[Slot] = []
    for slot in table.slots:
        if slot.r0 == r and slot.r1 == r:
            for k in range(extra + 1):
                words = [w for w in slot.words if bisect_right(borders, w.mid) == k]
                box = (slot.box[0], edges[k], slot.box[2], edges[k + 1])
                out.append(Slot(r + k, r + k, slot.c0, slot.c1, words, box))
            continue
        if slot.r0 > r:
            slot.r0 += extra
        if slot.r1 >= r:
            slot.r1 += extra
        out.append(slot)
    table.slots = out
