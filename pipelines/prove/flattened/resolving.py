"""Flattened tables resolved: one whole line a cell as read → a label and its numbers, cell by cell.

What belongs here: laying out what `flatrows` decides as a grid with places, the labels beside it, and saying in words
why one reading is left.  What must never stand here: the search itself, verdicts on cells, names of series.

Which labels are tried.  Words before the digits are the label; where at least three lines begin with consecutive
years and no words, the year is the label.  A row without any label takes the line of words right above it, if that
line belongs to no row of its own ("(June to December)" over "587 83"); what it means is left to `shape`.

What is declined.  A row that nothing decides keeps its figures in one cell that spans the columns, so that it stays
ambiguous; its readings are listed among the candidates.  Without a settled number of columns there is no grid.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from pipelines.model import Cell, Grid, GridKind, Place
from pipelines.prove.flattened.flatrows import How, Read, Table, decide
from pipelines.prove.flattened.glued import resolve_glued
from pipelines.prove.flattened.groups import Numbers
from pipelines.prove.flattened.headed import Heading, heading, resolve_headed
from pipelines.prove.flattened.hinted import decide_by_hints
from pipelines.prove.flattened.likely import ODDS
from pipelines.prove.flattened.lines import Line, read_line, with_years
from pipelines.prove.labels import Claim
from pipelines.prove.labels import read as read_label

MAX_CANDIDATES = 16


class RowStatus(StrEnum):
    """What became of one line of the table."""

    HEADER = "header"
    LABEL = "label of the row below"
    READ = "read"
    AMBIGUOUS = "several readings are left"
    MIXED = "shares, decimals or absences among the figures: not split"
    GAPS = "fewer figures than columns: which are blank is not known"


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a flattened grid resolves to.

    grid       label column + number columns, `kind` as read, or None where the number of columns is not settled
    source     (row, col) of each cell of `grid` → (row, col) of the cell of the grid as read
    readings_considered  product over the rows of their grammatical readings with the settled number of columns
    unique     every row of figures has exactly one reading left
    argument   why, in words
    candidates (row of the grid as read, its readings), bounded, for each row that stays open
    statuses   one per row of the grid as read
    """

    grid: Grid | None
    source: dict[tuple[int, int], tuple[int, int]]
    readings_considered: int
    unique: bool
    argument: str
    candidates: tuple[tuple[int, tuple[Numbers, ...]], ...]
    statuses: tuple[RowStatus, ...]


def rows(texts: Sequence[str]) -> list[Numbers | None]:
    """The numbers at the end of each line, left to right, or None where they cannot be told."""
    lines = [read_line(i, t) for i, t in enumerate(texts)]
    held = [n for n in lines if n.row is not None]
    table = decide([n.row for n in held if n.row is not None], _totals(held), _unnamed(held))
    out: list[Numbers | None] = [None] * len(lines)
    for n, read in zip(held, table.rows, strict=True):
        out[n.index] = read.numbers
    return out


def resolve(grid: Grid, hints: Sequence[Decimal] = ()) -> Resolution:
    """Resolve one FLATTENED grid.  `hints` are totals stated in the prose of the same document.

    Raises ValueError for a grid of another kind.
    """
    if grid.kind is not GridKind.FLATTENED:
        raise ValueError(f"Only flattened grids are resolved here, not {grid.kind.value} ones.")
    texts = {c.row: c for c in grid.cells if c.col == 0}
    head = heading(texts, grid.n_rows)
    if (special := resolve_glued(texts, grid.n_rows)) is not None:
        lines, table, argument, considered = special
        made = _lay_out(grid, texts, lines, table, argument)
        return _headed(replace(made, readings_considered=considered), head)
    if head is not None and (joined := resolve_headed(texts, grid.n_rows, head)) is not None:
        made = _lay_out(grid, texts, joined.lines, joined.table, joined.argument)
        return _headed(replace(made, readings_considered=joined.considered), head)
    lines = with_years([read_line(r, texts[r].text if r in texts else "") for r in range(grid.n_rows)])
    held = [n for n in lines if n.row is not None]
    flat = [n.row for n in held if n.row is not None]
    table = decide(flat, _totals(held), _unnamed(held))
    by_hint = ""
    if hints and any(read.numbers is None for read in table.rows):
        table, by_hint = decide_by_hints(flat, table, hints)
    return _lay_out(grid, texts, lines, table, by_hint)


def _totals(held: Sequence[Line]) -> frozenset[int]:
    """Which of the rows of figures a label calls a total or a sub-total."""
    return frozenset(i for i, n in enumerate(held) if read_label(n.label).claim in (Claim.TOTAL, Claim.SUBTOTAL))


def _unnamed(held: Sequence[Line]) -> frozenset[int]:
    """The rows of figures without words, where most rows have words."""
    bare = frozenset(i for i, n in enumerate(held) if not n.label)
    return bare if 2 * len(bare) < len(held) else frozenset()


def _lay_out(grid: Grid, texts: dict[int, Cell], lines: list[Line], table: Table, said: str) -> Resolution:
    """The resolved grid, its sources and the argument."""
    held = [n for n in lines if n.row is not None]
    reads = dict(zip([n.index for n in held], table.rows, strict=True))
    counts = Counter(
        len(read.numbers) for r, read in enumerate(table.rows) if read.numbers is not None and r not in table.uncounted
    )
    k = table.columns if table.columns is not None else (next(iter(counts)) if len(counts) == 1 else None)
    open_rows = [n for n in held if reads[n.index].numbers is None]
    candidates = tuple((n.index, _candidates(n, k)) for n in open_rows)
    if not held or k is None or counts.get(k, 0) == 0:
        statuses = tuple(
            RowStatus.AMBIGUOUS if n.row is not None else RowStatus.MIXED if n.mixed else RowStatus.HEADER
            for n in lines
        )
        argument = "The number of columns cannot be told: no sum along the rows or down the columns settles it."
        return Resolution(None, {}, _considered(held, None), False, argument, candidates, statuses)
    first = held[0].index
    loose = {n.index - 1: n.index for n in held if not n.label and n.index and lines[n.index - 1].wordy}
    cells: list[Cell] = []
    source: dict[tuple[int, int], tuple[int, int]] = {}
    statuses_by_row: dict[int, RowStatus] = {}
    out_row = 0
    header_rows = 0
    for n in lines:
        if not n.text.strip():
            statuses_by_row[n.index] = RowStatus.HEADER
            continue
        if n.index in loose:
            statuses_by_row[n.index] = RowStatus.LABEL
            continue
        origin = texts[n.index]
        if n.row is None:
            heading = n.index < first and not n.mixed
            statuses_by_row[n.index] = RowStatus.MIXED if n.mixed else RowStatus.HEADER
            made = _words(origin, n, out_row, k, heading=heading)
            header_rows += heading
        else:
            status, made = _figures(origin, n, reads[n.index], out_row, k)
            statuses_by_row[n.index] = status
            above = next((i for i, under in loose.items() if under == n.index), None)
            if above is not None:
                made[0] = texts[above]._replace(row=out_row, col=0)
                source[out_row, 0] = (above, 0)
        for cell in made:
            source.setdefault((cell.row, cell.col), (n.index, 0))
        cells.extend(made)
        out_row += 1
    resolved = replace(grid, n_rows=out_row, n_cols=k + 1, cells=tuple(cells), header_rows=header_rows)
    unique = not open_rows and not {RowStatus.GAPS, RowStatus.MIXED} & set(statuses_by_row.values())
    considered = _considered(held, k)
    statuses = tuple(statuses_by_row[n.index] for n in lines)
    argument = said or _argument(table, held, reads, k, considered)
    return Resolution(resolved, source, considered, unique, argument, candidates, statuses)


def _headed(made: Resolution, head: Heading | None) -> Resolution:
    """The same with each name of the heading over its own column, where it names as many as there are."""
    grid = made.grid
    if grid is None or head is None or len(head.names) != grid.n_cols - 1:
        return made
    over = {made.source[c.row, c.col][0]: c for c in grid.cells if c.col == 0 and c.row < grid.header_rows}
    if not all(line in over for line, _ in head.names):
        return made
    row = over[head.line].row
    named = {over[line].row for line, _ in head.names}
    # names one a line are one row of heads: the lines above the last stay in the grid as rows without a cell
    cells = [c for c in grid.cells if c.row not in named]
    source = {at: line for at, line in made.source.items() if at[0] not in named}
    for j, (line, (a, b)) in enumerate(head.names):
        text = over[line].text[a:b]
        cells.append(Cell(row, j + 1, text, text, _place(over[line], (a, b)), header=True))
        source[row, j + 1] = (line, 0)
    cells.sort(key=lambda c: (c.row, c.col))
    return replace(made, grid=replace(grid, cells=tuple(cells)), source=source)


def _candidates(line: Line, k: int | None) -> tuple[Numbers, ...]:
    if line.row is None:
        return ()
    readings = line.row.readings(k, cap=100_000) or line.row.readings(None, cap=100_000) or []
    return tuple(readings[:MAX_CANDIDATES])


def _considered(held: Sequence[Line], k: int | None) -> int:
    """How many combinations of readings the grammar allows, row by row, with the number of columns if it is known."""
    return math.prod(
        max(1, n.row.counts.get(k, 0) if k is not None else sum(n.row.counts.values()))
        for n in held
        if n.row is not None
    )


def _place(cell: Cell, span: tuple[int, int]) -> Place:
    """The place of a range of a line: its line, and characters counted from where the line's own range begins."""
    offset = cell.place.chars[0] if cell.place.chars is not None else 0
    return cell.place._replace(chars=(offset + span[0], offset + span[1]))


def _words(origin: Cell, line: Line, row: int, k: int, *, heading: bool) -> list[Cell]:
    """A line of words: its pieces where wide gaps give one per column, else one cell across all columns."""
    pieces = [p for p in line.text.replace("\t", "   ").split("   ") if p.strip()]
    if len(pieces) in (k, k + 1) and len(pieces) > 1:
        shift = k + 1 - len(pieces)
        out, at = [], 0
        for j, piece in enumerate(pieces):
            start = line.text.find(piece.strip(), at)
            at = start + len(piece.strip())
            text = piece.strip()
            place = _place(origin, (start, at))
            out.append(Cell(row, j + shift, text, text, place, header=heading))
        return out
    return [origin._replace(row=row, col=0, colspan=k + 1, header=heading)]


def _figures(origin: Cell, line: Line, read: Read, row: int, k: int) -> tuple[RowStatus, list[Cell]]:
    """The cells of a row of figures: label and numbers, or label and one open cell across the columns."""
    assert line.row is not None
    label_span, spans = line.label_span, _spans(line, read.numbers)
    label = line.label
    values = read.numbers
    if values is not None and len(values) == k + 1 and not label:
        label, label_span = line.text[spans[0][0] : spans[0][1]], spans[0]
        values, spans = values[1:], spans[1:]
    made = [Cell(row, 0, label, label, _place(origin, label_span), marks=origin.marks, indent=origin.indent)]
    if values is not None and len(values) == k:
        made += [
            Cell(row, j + 1, text := line.text[a:b], text, _place(origin, (a, b))) for j, (a, b) in enumerate(spans)
        ]
        return RowStatus.READ, made
    a, b = line.spans[0][0], line.spans[-1][1]
    made.append(Cell(row, 1, line.text[a:b], line.text[a:b], _place(origin, (a, b)), colspan=k))
    return (RowStatus.AMBIGUOUS if values is None else RowStatus.GAPS), made


def _spans(line: Line, values: Numbers | None) -> list[tuple[int, int]]:
    """Where each number of a row stands in its line."""
    if values is None or line.row is None:
        return []
    return [(line.spans[p][0], line.spans[q - 1][1]) for p, q in line.row.spans(values)]


def _argument(table: Table, held: Sequence[Line], reads: dict[int, Read], k: int, considered: int) -> str:
    """Why the readings are what they are, for a person."""
    how = Counter(read.how for read in reads.values())
    said = [f"{len(held)} rows of {k} figures; the grammar allows {considered:,} combinations of readings."]
    if table.sums:
        best = min(table.sums, key=lambda s: (-len(s.parts), s.luck))
        name = held[best.total].label or f"line {held[best.total].index + 1}"
        said.append(
            f"“{name}” is the sum of {len(best.parts)} rows in every column in one way only; by luck that would happen "
            f"less than once in 10^{max(1, int(-best.luck))}."
        )
    if how[How.ROW_SUM]:
        said.append(f"In {how[How.ROW_SUM]} rows the sum along the row leaves one reading.")
    if how[How.QUOTIENT]:
        said.append(
            f"In {how[How.QUOTIENT]} rows an average, a share, a change in per cent or a difference, of figures of the "
            "row or of the lines beside it, leaves one reading."
        )
    if how[How.PROGRESSION]:
        said.append(f"In {how[How.PROGRESSION]} rows the first figure is one step from those of the lines beside it.")
    if how[How.WIDTHS]:
        said.append(
            f"In {how[How.WIDTHS]} rows no sum decides, and only one reading has figures as wide as those of the other "
            f"rows, at odds of {ODDS:,.0f} to 1."
        )
    if how[How.OPEN]:
        said.append(f"{how[How.OPEN]} rows stay open.")
    return " ".join(said)
