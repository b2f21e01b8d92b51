"""The table of one page, before it becomes a Grid: cells that hold lines of words.

What belongs here: the value types shared by the finders of ruled and unruled tables, and their tidying.
What must never stand here: how a table is found, what a number means.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pipelines.model import GridKind
from pipelines.read.pdf.geometry import Box, Word
from pipelines.read.pdf.words import lines_of


@dataclass(slots=True)
class Slot:
    """A cell of a page's table: inclusive rows and columns, its words, and the box that rules or gaps give it."""

    r0: int
    r1: int
    c0: int
    c1: int
    words: list[Word]
    box: Box

    @property
    def lines(self) -> list[list[Word]]:
        return lines_of(self.words)


@dataclass(slots=True)
class Table:
    """A table of one page.  `xs`, `ys` are the borders of its columns and rows."""

    page: int
    kind: GridKind
    xs: list[float]
    ys: list[float]
    slots: list[Slot]
    header_rows: int = 0
    box: Box = (0.0, 0.0, 0.0, 0.0)
    caption: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def n_rows(self) -> int:
        return len(self.ys) - 1

    @property
    def n_cols(self) -> int:
        return len(self.xs) - 1


def drop_rows(table: Table, gone: set[int]) -> None:
    """Take rows out; cells that span them shrink, cells that lie wholly in them go."""
    _drop(table, gone, "r0", "r1", table.n_rows)
    table.header_rows -= sum(1 for r in gone if r < table.header_rows)
    table.ys = _borders(table.ys, gone)


def drop_cols(table: Table, gone: set[int]) -> None:
    """Take columns out; cells that span them shrink, cells that lie wholly in them go."""
    _drop(table, gone, "c0", "c1", table.n_cols)
    table.xs = _borders(table.xs, gone)


def _borders(borders: list[float], gone: set[int]) -> list[float]:
    kept = [k for k in range(len(borders) - 1) if k not in gone]
    if not kept:
        return borders[:1]
    return [borders[k] for k in kept] + [borders[kept[-1] + 1]]


def _drop(table: Table, gone: set[int], first: str, last: str, count: int) -> None:
    if not gone:
        return
    new: dict[int, int] = {}
    for k in range(count):
        if k not in gone:
            new[k] = len(new)
    slots = []
    for slot in table.slots:
        kept = [k for k in range(getattr(slot, first), getattr(slot, last) + 1) if k not in gone]
        if kept:
            setattr(slot, first, new[kept[0]])
            setattr(slot, last, new[kept[-1]])
            slots.append(slot)
    table.slots = slots


def tidy(table: Table) -> None:
    """Drop rows and columns that hold no text of their own and are too thin to hold any (gaps of double rules)."""
    rows, cols = set(range(table.n_rows)), set(range(table.n_cols))
    sizes = sorted(w.size for s in table.slots for w in s.words)
    if not sizes:
        return
    size = sizes[len(sizes) // 2]
    for slot in table.slots:
        if slot.words:
            if slot.r0 == slot.r1:
                rows.discard(slot.r0)
            if slot.c0 == slot.c1:
                cols.discard(slot.c0)
    drop_rows(table, {r for r in rows if table.ys[r + 1] - table.ys[r] < 0.5 * size})
    drop_cols(table, {c for c in cols if table.xs[c + 1] - table.xs[c] < size})
