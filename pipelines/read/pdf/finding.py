"""All tables of a run of sheets, and the lines that are in none.

What belongs here: the order in which the finders are asked, and which finds are no tables after all.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from pipelines.model import GridKind
from pipelines.read.pdf.boxheads import headed, is_head, is_row
from pipelines.read.pdf.charts import is_chart
from pipelines.read.pdf.chunks import chunks_of
from pipelines.read.pdf.columns import separators
from pipelines.read.pdf.frames import frame_of
from pipelines.read.pdf.geometry import Box, Rule, Sheet, Word
from pipelines.read.pdf.lattice import components, lattice, merged, pour
from pipelines.read.pdf.layout import Page, regions_of, same_head, sort_furniture
from pipelines.read.pdf.refine import split_columns, split_rows
from pipelines.read.pdf.rows import spaced_items, table_of
from pipelines.read.pdf.stream import Block, Line, banded_of, blocks_of, core_of, ends_table, line_of, stacks_of
from pipelines.read.pdf.tables import Table, tidy
from pipelines.read.pdf.words import lines_of

_MOST_RULES = 1_500
_MOST_FRAMES = 40


@dataclass(slots=True)
class Found:
    """What a sheet holds: tables from top to bottom, regions of lines outside them, furniture left out."""

    sheet: Sheet
    tables: list[Table]
    regions: list[list[Line]]
    furniture: list[Line]


@dataclass(slots=True)
class _Work:
    """A sheet while its tables are sought."""

    sheet: Sheet
    across: list[Rule]
    down: list[Rule]
    tables: list[Table]
    words: list[Word]
    frames: list[Box] = field(default_factory=list)
    heads: list[Table] = field(default_factory=list)
    page: Page = field(default_factory=lambda: Page(0.0, []))
    repeated: list[Block] = field(default_factory=list)


def find_tables(sheets: list[Sheet]) -> list[Found]:
    """Tables of neighbouring sheets; what repeats on several of them is furniture or the head of one table."""
    works = [_ruled(sheet) for sheet in sheets]
    sort_furniture([w.page for w in works])
    _repeated(works)
    return [_unruled(work) for work in works]


def _ruled(sheet: Sheet) -> _Work:
    across, down = _bounded(merged(sheet.across)), _bounded(merged(sheet.down))
    work = _Work(sheet, across, down, [], sheet.words)
    for hs, vs in components(across, down):
        table = lattice(sheet.number, hs, vs)
        if table is None:
            box = (min(h.lo for h in hs), min(v.lo for v in vs), max(h.hi for h in hs), max(v.hi for v in vs))
            _frame(work, box)
            continue
        rest = pour(table, work.words)
        if is_row(table):
            work.heads.append(table)  # its words stay where they are, until rows are found below it
            continue
        if not _is_table(table) or is_chart(table.box, sheet):
            _frame(work, table.box)
            continue
        work.words = rest
        tidy(table)
        split_columns(table)
        split_rows(table)
        work.tables.append(table)
    for box in _beside(work):
        _frame(work, box)
    upright = [w for w in work.words if not w.tilt]
    work.page = Page(sheet.height, [line_of(ws) for ws in lines_of(upright)])
    if work.tables:
        # lines beside a ruled table are content, and so is all between the tables
        top, bottom = min(t.box[1] for t in work.tables), max(t.box[3] for t in work.tables)
        work.page.lines = [x for x in work.page.lines if x.bottom < top or x.top > bottom]
    return work


def _beside(work: _Work) -> list[Box]:
    """Boxes between rules of one length with other text beside them: tables or texts that stand side by side."""
    stacks: dict[tuple[int, int], list[Rule]] = {}
    for rule in work.across:
        key = (round(rule.lo / 4), round(rule.hi / 4))
        near = next((k for k in stacks if abs(k[0] - key[0]) <= 1 and abs(k[1] - key[1]) <= 1), key)
        stacks.setdefault(near, []).append(rule)
    boxes: list[Box] = []
    for rules in stacks.values():
        x0, x1 = rules[0].lo, rules[0].hi
        top, bottom = min(r.at for r in rules), max(r.at for r in rules)
        if len(rules) < 2 or bottom - top < 30 or x1 - x0 < 60:
            continue
        level = [w for w in work.words if top < w.mid < bottom]
        inside = [w for w in level if x0 - 2 <= w.x0 and w.x1 <= x1 + 2]
        beside = [w for w in level if w.x1 < x0 - 4 or w.x0 > x1 + 4]
        crossing = len(level) - len(inside) - len(beside)
        columned = sum(len(chunks_of(line)) >= 2 for line in lines_of(inside))
        if beside and not crossing and columned >= 3 and len(beside) > 0.2 * len(inside):
            boxes.append((x0 - 1, top, x1 + 1, bottom))
    return boxes


def _bounded(rules: list[Rule]) -> list[Rule]:
    """The longest rules only, where there are more than any page of tables has: hatching would take for ever."""
    return sorted(rules, key=lambda r: r.lo - r.hi)[:_MOST_RULES] if len(rules) > _MOST_RULES else rules


def _frame(work: _Work, box: Box) -> None:
    """Remember a box that holds lines of its own."""
    inside = [w for w in work.words if box[0] <= w.mid_x <= box[2] and box[1] <= w.mid <= box[3]]
    lettered = any(w.text[:1].isalpha() for w in inside)
    if (
        len(work.frames) < _MOST_FRAMES
        and lettered
        and len({round(w.base) for w in inside}) >= 2
        and len(inside) < len(work.words)
    ):
        work.frames.append(box)


def _is_table(table: Table) -> bool:
    """Two rows and two columns with text, and not a chart: a chart is mostly empty panels, many lines tall."""
    filled = [s for s in table.slots if s.words]
    rows = Counter(s.r0 for s in filled)
    if len(rows) < 2 or max(rows.values()) < 2 or len({s.c0 for s in filled}) < 2:
        return False
    if table.n_rows >= 8 and len(rows) < 0.3 * table.n_rows:
        return False
    sizes = sorted(w.size for s in filled for w in s.words)
    tall = 2.5 * sizes[len(sizes) // 2]
    empty = sum(
        (s.box[2] - s.box[0]) * (s.box[3] - s.box[1]) for s in table.slots if not s.words and s.box[3] - s.box[1] > tall
    )
    area = (table.box[2] - table.box[0]) * (table.box[3] - table.box[1])
    return empty <= 0.4 * area


# ------------------------------------------------------------------------------- heads that repeat


def _repeated(works: list[_Work]) -> None:
    """Give each sheet that bears a repeated head its block: head and all lines below, columns from all sheets."""
    heads: dict[tuple[str, ...], list[Line]] = {}
    for work in works:
        if work.page.head:
            heads.setdefault(tuple(line.text for line in work.page.head), work.page.head)
    for head in heads.values():
        found: list[tuple[_Work, list[Line], list[Line]]] = []
        for work in works:
            framed = [
                x
                for x in work.page.lines
                if not any(b[0] <= x.x0 and x.x1 <= b[2] and b[1] <= x.top and x.bottom <= b[3] for b in work.frames)
            ]
            at = same_head(head, framed)
            if at is not None and not work.repeated:
                top = framed[at : at + len(head)]
                found.append((work, top, _below(framed[at + len(head) :], work)))
        core = core_of([line for _, _, body in found for line in body if len(line.chunks) >= 2])
        if len(found) < 2 or len(core) < 2:
            continue
        everything = [line for _, top, body in found for line in (*top, *body)]
        x0, x1 = min(line.x0 for line in everything) - 1, max(line.x1 for line in everything) + 1
        inner = separators([line.chunks for line in core], x0, x1)
        if not inner:
            continue
        shows = [bool(spaced_items(body, frame_of(body, inner))) for _, _, body in found if body]
        spaced = sum(shows) > 0.5 * len(shows)
        for work, top, body in found:
            if body:
                work.repeated.append(Block(top, body, [x0, *inner, x1], False, spaced))


def _below(lines: list[Line], work: _Work) -> list[Line]:
    """The lines below a head, up to the notes at the foot of the page."""
    out: list[Line] = []
    for line in lines:
        previous = out[-1].bottom if out else 0.0
        foot = any(
            previous - 2 < r.at < line.base and r.hi - r.lo < 0.4 * work.sheet.width and r.lo <= line.x0 + 5
            for r in work.across
        )
        if ends_table(line) or (foot and out and line.size < 0.9 * out[-1].size):
            break
        out.append(line)
    return out


# ------------------------------------------------------------------------------------- unruled tables


def _unruled(work: _Work) -> Found:
    gone = {id(w) for line in work.page.furniture for w in line.words}
    for block in work.repeated:
        table = table_of(work.sheet.number, block, work.across)
        work.tables.append(table)
        gone |= {id(w) for line in block.header + block.body for w in line.words}
    words = [w for w in work.words if id(w) not in gone and not w.tilt]
    rules = sorted([*work.across, *_edges(work.sheet)], key=lambda r: r.at)
    regions: list[list[Line]] = []
    for lines in regions_of(words, work.frames, work.down):
        taken: set[int] = set()
        for find in (banded_of, blocks_of, stacks_of):
            free = [line for line in lines if id(line) not in taken]
            for block in find(free, rules):
                boxed = _boxed(work, block, free, rules)
                if boxed is not None:
                    taken |= boxed
                    continue
                table = table_of(work.sheet.number, block, rules)
                if is_chart(table.box, work.sheet) or any(_overlap(table.box, t.box) for t in work.tables):
                    continue
                work.tables.append(table)
                taken |= {id(line) for line in block.header + block.body}
        regions.append([line for line in lines if id(line) not in taken])
    tilted = [line_of(ws) for ws in lines_of([w for w in work.words if w.tilt])]
    if tilted:
        regions.append(tilted)
    work.tables.sort(key=lambda t: (t.box[1], t.box[0]))
    return Found(work.sheet, work.tables, [r for r in regions if r], work.page.furniture)


def _boxed(work: _Work, block: Block, lines: list[Line], rules: list[Rule]) -> set[int] | None:
    """Join a block to the boxed header right above it; the lines taken, or None where there is no such header."""
    for head in (*work.tables, *work.heads):
        if head.kind is GridKind.RULED and not head.header_rows and head.box[3] < block.body[-1].base and is_head(head):
            joined = headed(head, block, lines, rules)
            if joined is not None:
                work.tables = [t for t in work.tables if t is not head] + [joined[0]]
                return {id(line) for line in joined[1]}
    return None


def _edges(sheet: Sheet) -> list[Rule]:
    """Upper and lower edges of shaded rows: they part rows as rules do."""
    out: list[Rule] = []
    for x0, top, x1, bottom in sheet.fills:
        if 6 < bottom - top < 80 and x1 - x0 > 100 and len(out) < _MOST_RULES:
            out += [Rule(top, x0, x1, 0.0, False), Rule(bottom, x0, x1, 0.0, False)]
    return merged(out)


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] + 2 < b[3] and b[1] + 2 < a[3]
