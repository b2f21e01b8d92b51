"""Whether the heads of a claimed table can stand over the columns that they were read over.

Sums do not tell: where a head was lost or spans too far, every column still adds up under its neighbour's name.  What
belongs here: signs in the layout alone that columns and heads have slipped.  What must never stand here: a guess
where they belong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from pipelines.model import CellProof, Grid, GridKind, TableProof, Verdict
from pipelines.shape.fit import Axis, Fit
from pipelines.shape.view import RowView, View

NO_HEAD = "figures stand under no head, so nothing tells that the heads beside stand over their own columns"
ONE_HEAD = "two columns with different figures stand under one head, so the heads beside may have slipped too"
DISORDER = "its periods stand in no order, so one of them may be misprinted"
SHORT = "the row has fewer cells than the table has columns, and nothing tells which of them is missing"
BEYOND = "the row prints a figure under no head, so its figures may have slipped from their columns"


def headless_columns(fit: Fit, seen: View) -> Set[int]:
    """Columns with figures over which nothing at all is printed, where other columns have heads of their own."""
    headed = {c for c in fit.columns if seen.headed.get(c)}
    return {c for c, axis in fit.columns.items() if axis.unknown and c not in headed} if headed else set()


def misplaced(fit: Fit, seen: View, headless: Set[int]) -> str:
    """Why no figure of the table may be trusted to stand under its own head, or "".

    A head over nothing: at least half of the rows print a figure in a column without any head.  One head twice: two
    columns say the same and print different figures in one row.  Periods
    in disorder: 2017, 2081, 2019.
    """
    if not all(_in_order(axes) for axes in _period_axes(fit)):
        return DISORDER
    same = list(_same(fit))
    if not headless and not same:
        return ""
    rows = [values for row in seen.rows if (values := _printed(row))]
    if any(2 * sum(column in values for values in rows) >= len(rows) for column in headless):
        return NO_HEAD
    if any(one in values and two in values and values[one] != values[two] for one, two in same for values in rows):
        return ONE_HEAD
    return ""


def beyond(seen: View, headless: Set[int]) -> frozenset[int]:
    """The rows that print a figure in a column without any head, where most rows do not."""
    return frozenset(row.row for row in seen.rows if headless and headless & set(_printed(row)))


def short(grid: Grid) -> frozenset[int]:
    """The rows of a table in markup or CSV that end before its last column, where most rows reach it.

    Not of text or PDF: there a blank leaves no cell behind.
    """
    if grid.kind not in (GridKind.MARKUP, GridKind.CSV):
        return frozenset()
    reached: dict[int, int] = {}
    for cell in grid.cells:
        for row in range(cell.row, cell.row + cell.rowspan):
            reached[row] = max(reached.get(row, 0), cell.col + cell.colspan)
    most = sum(end == grid.n_cols for end in reached.values())
    ending = frozenset(row for row, end in reached.items() if end < grid.n_cols)
    return ending if most > len(ending) else frozenset()


def stands(judged: CellProof, proof: TableProof) -> bool:
    """Whether a sum down its own column proves the figure, and so that it stands in that column.

    A sum along the row proves the figures of a row that lost a naught as well, but not the columns that they stand in.
    A naught adds nothing to any column, and stands nowhere by its sum.
    """

    def down(number: int) -> bool:
        one = proof.identities[number]
        terms = {(t.table, t.col) for t in (one.total, *one.parts)}
        return one.kind in ("sum", "difference") and one.exact and one.proves and terms == {here}

    here = (proof.grid.ordinal, judged.col)
    figure = judged.reading.value if judged.reading is not None else None
    return bool(figure) and judged.verdict is Verdict.PROVED and any(down(number) for number in judged.identities)


def _period_axes(fit: Fit) -> Iterator[list[Axis]]:
    """The lines of the table that say a period, in their order, apart for each head that stands over them."""
    if fit.layout.rows == "period":
        yield [axis for _, axis in sorted(fit.rows.items())]
    if fit.layout.columns == "period":
        under: dict[tuple[object, ...], list[Axis]] = {}
        for column, axis in sorted(fit.columns.items()):
            under.setdefault(_said(fit.over.get(column)), []).append(axis)
        yield from under.values()


def _in_order(axes: Sequence[Axis]) -> bool:
    """Whether periods run forwards or backwards, by their first days or by their last (a year, then its months)."""
    said = [a.said for a in axes if a.said is not None and a.said.end is not None and not a.total]
    for days in ([s.start or s.end for s in said], [s.end for s in said]):
        forwards = [d.toordinal() for d in days if d is not None]
        if forwards in (sorted(forwards), sorted(forwards, reverse=True)):
            return True
    return False


def _printed(row: RowView) -> dict[int, object]:
    """What the row prints as figures, by column."""
    return {p.col: [r.value for r in p.readings] for p in row.proofs if any(r.value is not None for r in p.readings)}


def _same(fit: Fit) -> Iterator[tuple[int, int]]:
    """Pairs of columns whose heads say the same."""
    first: dict[tuple[object, ...], int] = {}
    for column, axis in sorted(fit.columns.items()):
        if axis.unknown or axis.ignored:
            continue
        key = (_said(axis), _said(fit.over.get(column)))
        if key in first:
            yield first[key], column
        else:
            first[key] = column


def _said(axis: Axis | None) -> tuple[object, ...]:
    return () if axis is None else (axis.measure, axis.code, axis.said, axis.total)
