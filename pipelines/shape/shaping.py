"""Shapes one document: each table claimed by at most one card, each of its numeric cells given its fate.

What belongs here: the order of the steps.  The steps themselves live beside it: `context` and `fit` recognise,
`inference` and `scope` settle periods, `settling` signs and withholds, `fates` accounts for every cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

from pipelines.cards import Cards
from pipelines.model import (
    CellProof,
    Document,
    DocumentProof,
    Fate,
    Finding,
    Grid,
    Observation,
    Period,
    PeriodKind,
    Reading,
    Severity,
    ShapeResult,
    TableProof,
)
from pipelines.shape import fates, governing, heads, inference, periods, scale, scope, settling, timing, view
from pipelines.shape.context import ANY, Context, caption_of
from pipelines.shape.fates import Part
from pipelines.shape.figures import UNKNOWN_LABEL, Figure, observation
from pipelines.shape.fit import TOTAL, Around, Axis, Fit, Lookup, fits
from pipelines.shape.note_rules import measures_of_notes
from pipelines.shape.population import LISTED, Population, governing_words, is_complete
from pipelines.shape.statement_extraction import extract_statements, find_unread_statements
from pipelines.shape.view import View

UNCLAIMED = Part(Fate.UNCLAIMED, "no series card knows the table", "a series card for tables of this kind")
TWO_CARDS = Part(Fate.QUARANTINE, "two series cards claim the table", "a narrower recognition in one of the cards")
_ROWS_THAT_DATE = 3  # rows whose sum may stand for a total that is not printed
ALL_SCHEMES = "ALL"  # in the vocabulary "schemes": the schemes of a table together
SPANS = "the cell spans several rows or columns and belongs to none of them alone"
NOT_CONFINED = "an identity of the table fails and the wrong cell cannot be located"
CORRECTION = "a correction, or a release that prints the table anew"
SCALE_OPEN = Part(Fate.QUARANTINE, scale.SCALE_OPEN, CORRECTION)


@dataclass(slots=True)
class _Table:
    """A table on its way: its card's fit, its figures, and the fate of each judged cell."""

    grid: Grid
    proof: TableProof
    view: View | None = None
    fit: Fit | None = None
    period: Period | None = None
    said: periods.Said | None = None
    words: list[str] = field(default_factory=list)
    scope: str = ""
    partial: set[str] = field(default_factory=set)
    figures: list[Figure] = field(default_factory=list)
    parts: dict[tuple[int, int], Part] = field(default_factory=dict)
    otherwise: Part = UNCLAIMED
    turned: dict[tuple[str, str], str] = field(default_factory=dict)  # by `note_rules.measures_of_notes`


def shape_document(document: Document, proof: DocumentProof, cards: Cards) -> ShapeResult:
    """The observations, dispositions, claims and findings of one document.

    Every numeric cell of every grid as read gets one disposition; every observation comes from a cell whose verdict
    loads.  Raises nothing for what a document holds.
    """
    findings: list[Finding] = []
    context, look = Context(document, cards), Lookup(cards)
    grids = {g.ordinal: g for g in document.grids}
    tables = [_Table(grids[p.grid.ordinal], p) for p in proof.tables if p.grid.ordinal in grids]
    for table in tables:
        _claim(table, context, look, document.id, findings)
    claimed = [t for t in tables if t.fit is not None]
    # what is compared with comes first: a table whose period another table settles needs that one's figures
    for table in claimed:
        if table.fit is not None and table.fit.layout.period != "scope":
            _figures(table, document, context, look, findings)
    for table in claimed:
        if table.fit is not None and table.fit.layout.period == "scope":
            _settle_scope(table, claimed, document, findings)
            _figures(table, document, context, look, findings)
    observations = _settled(claimed, document, findings)
    dispositions = [d for t in tables for d in fates.dispositions(t.grid, t.proof, document.id, t.parts, t.otherwise)]
    claims = tuple((t.proof.table_id, t.fit.card.series) for t in claimed if t.fit is not None)
    stated = extract_statements(document, cards)
    findings += find_unread_statements(document, stated, bool(observations or findings))
    return ShapeResult(
        document.id, tuple(observations), tuple(dispositions), claims, tuple(findings), stated.statements
    )


def _claim(table: _Table, context: Context, look: Lookup, document_id: str, findings: list[Finding]) -> None:
    """The one card that knows the table; two make a finding, and neither has it."""
    if table.grid.is_form or not table.proof.cells:
        return
    seen: list[View] = []
    found: list[tuple[Fit, View]] = []
    around: Around | None = None
    for card in look.cards.series:
        if not context.holds(card, table.grid):
            continue
        if not seen:
            tail = context.tail(table.grid)
            seen = [view.of(table.proof, tail, header) for header in view.headers(table.proof)]
            around = Around(context.only(table.grid), context.coded(table.grid))
        assert around is not None
        fitting = [(fit, one) for one in seen if (fit := fits(one, card, look, around)) is not None]
        if fitting:
            found.append(max(fitting, key=lambda f: f[0].known))
    # a card of the one scheme knows more of its tables than a card of any
    found = [f for f in found if f[0].card.recognise.scheme != ANY] or found
    if len(found) > 1:
        names = " and ".join(f.card.series for f, _ in found)
        findings.append(
            Finding(
                "shape", "two-cards-claim", Severity.ERROR, f"The cards {names} claim one table; neither loads it.",
                TWO_CARDS.release, document_id, table.proof.table_id,
            )
        )  # fmt: skip
        table.otherwise = TWO_CARDS
    elif found:
        table.fit, table.view = found[0]
        table.otherwise = Part(Fate.QUARANTINE, "a numeric cell without a reading", CORRECTION)


def _settle_scope(table: _Table, claimed: Sequence[_Table], document: Document, findings: list[Finding]) -> None:
    fit = table.fit
    assert fit is not None and fit.card.scope is not None
    said = fit.card.scope
    known = [
        scope.Known(f.value, f.base)
        for other in claimed
        if other.fit is not None and other.fit.card.series == said.by
        for f in other.figures
        if f.measure == said.measure and f.value is not None and not f.held
    ]
    settled = scope.settle(
        _grand_total(table, said.measure), fit.card.periods.starts, known, (p.text for p in document.paragraphs),
        said.prose,
    )  # fmt: skip
    table.period = settled.period
    if settled.period is None:
        findings.append(
            Finding(
                "shape", "period-open", Severity.ERROR, f"The period of the table is open: {settled.why}.",
                "A release that dates the total would settle it.", document.id, table.proof.table_id,
            )
        )  # fmt: skip


def _grand_total(table: _Table, measure: str) -> Decimal | None:
    """The value of the total row under `measure`; where no total is printed, the sum of all its rows; None where a
    figure is open, or two totals differ."""
    fit = table.fit
    assert fit is not None
    totals: set[Decimal] = set()
    parts: list[Decimal] = []
    for judged in table.proof.cells:
        row, column = fit.rows.get(judged.row), fit.columns.get(judged.col)
        if row is None or column is None or (column.measure or row.measure or fit.layout.measure) != measure:
            continue
        reading = judged.reading if judged.verdict.loads else None
        if reading is None:
            return None
        if reading.value is not None and row.total:
            totals.add(reading.value)
        elif reading.value is not None:
            parts.append(reading.value)
    if totals:
        return totals.pop() if len(totals) == 1 else None
    return sum(parts, Decimal(0)) if len(parts) >= _ROWS_THAT_DATE else None


def _figures(table: _Table, document: Document, context: Context, look: Lookup, findings: list[Finding]) -> None:
    """The figures of a claimed table, each with what its row and its column say."""
    fit, seen = table.fit, table.view
    assert fit is not None and seen is not None
    rows, columns = _periods(table, document, context)
    table.turned = measures_of_notes(document, table.grid, fit.card)
    if fit.layout.period == "title":
        table.period = inference.period_of_title(table.grid.caption, context.title, fit.card)
    elif fit.layout.period == "said":
        dating = governing.date_table(context, table.grid, document.release.released)
        table.said = dating.said
        if dating.open:
            findings.append(governing.not_whole(dating.open, document.id, table.proof.table_id))
    people = _cover(table, context, look)
    labels = {i: a for axis in (rows, columns) for i, a in axis.items() if a.unknown}
    for axis in labels.values():
        findings.append(
            Finding(
                "shape", "unknown-label", Severity.WARNING,
                f"{axis.label!r} is in no vocabulary of {fit.card.series}; its figures stay out of the typed marts.",
                "Add it to the vocabulary or to the card, if it is one of theirs.", document.id, table.proof.table_id,
            )
        )  # fmt: skip
    spans = _whole_span(rows if fit.layout.rows == "period" else columns)
    headless, short = heads.headless_columns(fit, seen), heads.short(table.proof.grid)
    slipped, beyond = heads.misplaced(fit, seen, headless), heads.beyond(seen, headless)
    if slipped or beyond:
        findings.append(_slipped(slipped or heads.BEYOND, document.id, table.proof.table_id))
    scales = scale.find_scales(table.proof.grid, table.proof.frame, context.lead(table.grid))
    for row in seen.rows:
        for judged in row.proofs:
            at = (judged.row, judged.col)
            row_axis, column_axis = rows[row.row], columns.get(judged.col)
            over_axis = fit.over.get(judged.col)
            if column_axis is None:
                continue
            rule = row_axis.ignored or column_axis.ignored
            if rule:
                table.parts[at] = Part(Fate.IGNORED, rule)
                continue
            reading = judged.reading
            if not table.proof.confined:
                table.parts[at] = Part(Fate.QUARANTINE, NOT_CONFINED, CORRECTION)
            elif reading is None or not judged.verdict.loads:
                table.parts[at] = Part(Fate.QUARANTINE, f"{judged.verdict}: {judged.argument}", CORRECTION)
            elif slipped or row.row in beyond:
                table.parts[at] = Part(Fate.QUARANTINE, slipped or heads.BEYOND, CORRECTION)
            elif row.row in short and not heads.stands(judged, table.proof):
                table.parts[at] = Part(Fate.QUARANTINE, heads.SHORT, CORRECTION)
            elif reading.value is not None and scales.contradict(*at, _unit(fit, row_axis, column_axis, over_axis)):
                table.parts[at] = SCALE_OPEN
            elif reading.value is not None and _spans(fit, seen, judged):
                table.parts[at] = Part(Fate.QUARANTINE, SPANS, "a table that prints the figure of each")
            else:
                dimensions = _dimensions(fit, row_axis, column_axis, over_axis)
                base = _base(table, row_axis, column_axis, over_axis, spans)
                if base is None and table.said is not None:
                    base = inference.period_of_words(table.said, fit.card, dimensions, look)
                if base is None:
                    table.parts[at] = Part(
                        Fate.QUARANTINE, "the period is open", "evidence that dates the row, the column or the table"
                    )
                else:
                    axes = (row_axis, column_axis, over_axis)
                    figure = _figure(table, fit, judged, reading, axes, dimensions, base)
                    section = () if people is None else (seen.section.get(row.row, ""),)
                    table.figures.append(_scoped(figure, table, fit, people, section))
    if any(part is SCALE_OPEN for part in table.parts.values()):
        findings.append(scale.report_open_scale(document.id, table.proof.table_id))


def _unit(fit: Fit, row: Axis, column: Axis, over: Axis | None) -> str:
    """The unit of the measure that a figure counts."""
    measure = column.measure or row.measure or (over.measure if over is not None else None) or fit.layout.measure
    return next((m.unit for name, m in fit.card.measures.items() if name == measure), "")


def _cover(table: _Table, context: Context, look: Lookup) -> Population | None:
    """Settles whom the table covers, and which of its lists need not be complete; None for a table of no scheme."""
    fit, seen = table.fit, table.view
    assert fit is not None and seen is not None
    if not fit.card.recognise.scheme:
        return None
    axes = [n for n in (fit.layout.rows, fit.layout.columns, fit.layout.over) if n]
    heads = [t for t in seen.header_texts if all(look(t, fit.card, n).unknown for n in axes)]
    table.words = governing_words(caption_of(table.grid), context.leads(table.grid), heads, table.grid.notes)
    people = Population(look.cards)
    table.scope = people.narrowed(table.words, fit)
    listed = {fit.layout.rows: fit.rows, fit.layout.columns: fit.columns, fit.layout.over: fit.over}
    table.partial = {n for n in axes if not is_complete(listed[n], n, fit, look.cards, table.words)}
    return people


def _scoped(figure: Figure, table: _Table, fit: Fit, people: Population | None, section: Sequence[str]) -> Figure:
    """The figure with the part of the population that it covers: by the words around the table, by the row that heads
    its section, or because it is the total of a list that need not be complete."""
    scope = table.scope
    if not scope and people is not None:
        scope = people.narrowed(section, fit)
    if not scope and any(name in table.partial and code == TOTAL for name, code in figure.dimensions):
        scope = LISTED
    return replace(figure, scope=scope) if scope else figure


def _slipped(reason: str, document_id: str, table_id: str) -> Finding:
    return Finding(
        "shape", "columns-have-slipped", Severity.ERROR, f"Figures of the table are withheld: {reason}.",
        "Look at the table as printed; record a correction where it can be read.", document_id, table_id,
    )  # fmt: skip


def _periods(table: _Table, document: Document, context: Context) -> tuple[dict[int, Axis], dict[int, Axis]]:
    """Rows and columns of the fit, with lost years inferred where evidence allows."""
    fit, seen = table.fit, table.view
    assert fit is not None and seen is not None
    rows, columns = fit.rows, fit.columns
    title = table.grid.caption + " " + context.title
    if fit.layout.rows == "period":
        if any(a.said is not None and a.said.months for a in rows.values()):
            text = "\n".join(p.text for p in document.paragraphs)
            rows = inference.lost_years(rows, fit.card, [r.row for r in seen.rows], text)
            rows = inference.months_of_title(rows, title) if fit.card.periods.year_of_title else rows
    elif fit.layout.columns == "period" and fit.card.periods.year_of_title:
        columns = inference.months_of_title(columns, title)
    cut = governing.cut_offs(context, table.grid)
    return inference.whole_years(rows, cut), inference.whole_years(columns, cut)


def _whole_span(axis: dict[int, Axis]) -> Period | None:
    """The period of a total over a period axis: from its first day to its last, where the parts leave no gap.

    None where the period of a part is not known: it may be the first or the last of them.
    """
    said = sorted(
        (a.said.start, a.said.end)
        for a in axis.values()
        if a.said is not None and a.said.start is not None and a.said.end is not None
    )
    if not said or any(a.unknown or (a.said is not None and a.said.end is None) for a in axis.values()):
        return None
    for (_, end), (start, _) in pairwise(said):
        if (start - end).days != 1:
            return None
    first, last = said[0][0], said[-1][1]
    label = str(first.year) if first.year == last.year else f"{first.year} to {last.year}"
    return Period(first, last, PeriodKind.CUMULATIVE, label)


def _spans(fit: Fit, seen: View, judged: CellProof) -> bool:
    """Whether a figure stands for several rows or columns that say different things ("1 414" beside five regions)."""
    cell = seen.cells.get((judged.row, judged.col))
    if cell is None or (cell.rowspan == 1 and cell.colspan == 1):
        return False
    rows = {seen.label_of.get(r, "") for r in range(cell.row, cell.row + cell.rowspan)} - {""}
    columns = range(cell.col, cell.col + cell.colspan)
    heads = {(a.measure, a.code, a.said, fit.over.get(c)) for c in columns if (a := fit.columns.get(c)) is not None}
    return len(rows) > 1 or len(heads) > 1


def _base(table: _Table, row: Axis, column: Axis, over: Axis | None, whole: Period | None) -> Period | None:
    """The period of a cell: of its row or its column, the whole span for their total, else that of the table.

    Where years stand over the columns and months in the rows, the month of that year; the year for their total.
    """
    fit = table.fit
    assert fit is not None
    layout = fit.layout
    if layout.period != "axis":
        return table.period
    if layout.over == "period" and over is not None:
        year = over.said
        if year is None or year.start is None or year.end is None:
            return None
        called = " ".join(over.label.split())
        if layout.rows != "period" or row.total:
            return year.period(_own(called, year), PeriodKind.FLOW)
        if row.said is None or row.said.months is None or year.span != "year" or year.start.month != 1:
            return None
        first, last = row.said.months
        start, end = date(year.start.year, first, 1), periods.month_end(year.start.year, last)
        return Period(start, end, PeriodKind.FLOW, f"{year.start.year} {' '.join(row.label.split())}")
    axis = row if layout.rows == "period" else column
    if axis.total:
        return whole
    if axis.said is None:
        return None
    return axis.said.period(" ".join((axis.called or axis.label).split()), PeriodKind.FLOW)


def _own(called: str, year: periods.Said) -> str:
    """The year alone, of a head that prints it over a measure."""
    return str(year.end.year) if year.span == "year" and year.end is not None else called


def _dimensions(fit: Fit, row: Axis, column: Axis, over: Axis | None) -> tuple[tuple[str, str], ...]:
    said = [(fit.layout.rows, row), (fit.layout.columns, column), *([(fit.layout.over, over)] if over else [])]
    found = [(name, _code(fit, name, axis)) for name, axis in said if axis is not None and name in fit.card.dimensions]
    return tuple(sorted([*found, *fit.given]))


def _code(fit: Fit, name: str, axis: Axis) -> str:
    """The code of a label; a total over schemes is a scheme of its own."""
    return ALL_SCHEMES if axis.total and fit.card.dimensions[name].vocabulary == "schemes" else axis.code


def _figure(
    table: _Table,
    fit: Fit,
    judged: CellProof,
    reading: Reading,
    axes: tuple[Axis, Axis, Axis | None],
    dimensions: tuple[tuple[str, str], ...],
    base: Period,
) -> Figure:
    row_axis, column_axis, over_axis = axes
    layout, card = fit.layout, fit.card
    said = [(layout.rows, row_axis), (layout.columns, column_axis)]
    if over_axis is not None:
        said.append((layout.over, over_axis))
    on_axis = next((axis for name, axis in said if name == "measure"), None)
    if on_axis is not None:
        measure = on_axis.measure
    else:
        measure = next((m for _, code in dimensions if (m := layout.measure_for.get(code))), layout.measure)
    measure = next((m for _, code in dimensions if (m := table.turned.get((code, measure)))), measure)
    unknown = any(axis.unknown for _, axis in said)
    label = next((a.label for n, a in said if n in card.dimensions), "") or row_axis.label
    excluded = ""
    for name, axis in said:
        if name in card.dimensions:
            excluded = card.dimensions[name].excluded.get(axis.code, excluded)
    status = UNKNOWN_LABEL if unknown else row_axis.status or column_axis.status or excluded
    return Figure(
        table.proof.table_id, judged, reading, measure, dimensions, base, fit.classification,
        " ".join(label.split()), reading.value, any(axis.total for _, axis in said), status,
        row_axis.inferred or column_axis.inferred or (table.said.inferred if table.said is not None else ""),
    )  # fmt: skip


def _settled(claimed: Sequence[_Table], document: Document, findings: list[Finding]) -> list[Observation]:
    """Observations of all claimed tables, after the identities of their cards; the held go to quarantine."""
    observations: list[Observation] = []
    of_series: dict[str, list[_Table]] = {}
    for table in claimed:
        if table.fit is not None:
            of_series.setdefault(table.fit.card.series, []).append(table)
    for tables in of_series.values():
        fit = tables[0].fit
        assert fit is not None
        by_id = {t.proof.table_id: t for t in tables}
        figures, said = settling.settle([f for t in tables for f in t.figures], fit.card, document.id)
        figures, untimely = timing.check(figures, fit.card, document.id, document.release.released)
        findings += [*said, *untimely]
        for figure in figures:
            at = (figure.proof.row, figure.proof.col)
            if figure.held:
                by_id[figure.table_id].parts[at] = Part(Fate.QUARANTINE, figure.held, figure.release)
                continue
            by_id[figure.table_id].parts[at] = Part(Fate.FACT, fit.card.series)
            observations.append(observation(figure, fit.card, document.id))
    return observations
