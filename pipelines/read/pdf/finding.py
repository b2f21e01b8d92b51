"""All tables of a sheet, and the words that are in none.

What belongs here: the order in which the finders are asked, and which finds are no tables after all.
"""

from __future__ import annotations

from collections import Counter

from pipelines.read.pdf.charts import is_chart
from pipelines.read.pdf.geometry import Rule, Sheet, Word
from pipelines.read.pdf.lattice import components, lattice, merged, pour
from pipelines.read.pdf.refine import split_columns, split_rows
from pipelines.read.pdf.rows import table_of
from pipelines.read.pdf.stream import blocks_of, line_of
from pipelines.read.pdf.tables import Table, tidy
from pipelines.read.pdf.words import lines_of


def tables_of(sheet: Sheet) -> tuple[list[Table], list[Word]]:
    """Tables from top to bottom, and the words outside of them."""
    across, down = merged(sheet.across), merged(sheet.down)
    words = sheet.words
    found: list[Table] = []
    for hs, vs in components(across, down):
        table = lattice(sheet.number, hs, vs)
        if table is None:
            continue
        rest = pour(table, words)
        if not _is_table(table) or is_chart(table.box, sheet):
            continue
        words = rest
        tidy(table)
        split_columns(table)
        split_rows(table)
        found.append(table)
    streams, words = _streams(sheet, words, across)
    found += streams
    found.sort(key=lambda t: (t.box[1], t.box[0]))
    return found, words


def _streams(sheet: Sheet, words: list[Word], across: list[Rule]) -> tuple[list[Table], list[Word]]:
    lines = [line_of(ws) for ws in lines_of([w for w in words if not w.tilt])]
    found: list[Table] = []
    taken: set[int] = set()
    for block in blocks_of(lines, across):
        table = table_of(sheet.number, block, across)
        if is_chart(table.box, sheet):
            continue
        found.append(table)
        taken |= {id(w) for line in block.header + block.body for w in line.words}
    return found, [w for w in words if id(w) not in taken]


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
