"""Tables whose heads or rows have slipped, or whose periods cannot be: every sum holds, and nothing of them loads."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from pipelines.model import Basis, Fate, Grid, GridKind, Identity, ReleaseFacts, ShapeResult, Term, Verdict
from pipelines.prove import prove_document
from pipelines.read import read_document
from pipelines.shape import heads, shape_document
from tests.shape import making as make

TITLE = "Financial results for the six months ended September 30, 2014"
MONTH, TO_DATE = "Month ended\nSeptember 30, 2014", "Six months ended\nSeptember 30, 2014"
ROWS = [["Revenue", "29,953.4", "149,125.2"], ["Expenditure", "(33,709.3)", "(187,043.6)"]]
RELEASED = date(2014, 10, 31)


def shape(
    rows: list[list[str]],
    kind: GridKind = GridKind.MARKUP,
    verdicts: dict[tuple[int, int], Verdict] | None = None,
    released: date | None = RELEASED,
) -> ShapeResult:
    grid = replace(make.grid(0, rows), kind=kind)
    made = make.document("The Government announced its results.", grid, title=TITLE)
    made = replace(made, release=ReleaseFacts(title=TITLE, released=released))
    return shape_document(made, make.judged(make.proof(grid, verdicts=verdicts)), make.cards())


def reasons(result: ShapeResult) -> set[str]:
    return {d.reason for d in result.dispositions if d.fate is Fate.QUARANTINE}


def test_the_table_as_it_is_loads() -> None:
    result = shape([["", MONTH, TO_DATE], *ROWS])
    assert len(result.observations) == 4
    assert reasons(result) == set()


def test_a_column_of_figures_under_no_head_withholds_the_table() -> None:
    # the head of the month was lost, and that of the half-year stands over the month's figures
    result = shape([["", TO_DATE, ""], *ROWS])
    assert result.observations == ()
    assert reasons(result) == {heads.NO_HEAD}
    assert {f.code for f in result.findings} >= {"columns-have-slipped"}


def test_one_head_over_two_columns_of_different_figures_withholds_the_table() -> None:
    # the head of 2020 spans two columns: that of 2021 stands over the figures of 2020, that of the total over nothing
    body = [["Australia", "604", "436", "1 040"], ["Canada", "396", "372", "768"], ["Japan", "1 345", "1 291", "2 636"]]
    grid = make.grid(0, [["Region", "2020", "2020", "2021"], *body])
    words = "Applications approved under the GEP, by region:"
    result = shape_document(make.document(words, grid, title="Talent"), make.judged(make.proof(grid)), make.cards())
    assert result.observations == ()
    assert heads.ONE_HEAD in reasons(result)


def test_a_row_with_a_figure_beyond_the_heads_is_withheld_and_no_other() -> None:
    more = [
        *ROWS,
        ["Surplus/(Deficit)", "(3,755.9)", "(37,918.4)"],
        ["Fiscal reserves at end of period", "1", "2", "3"],
    ]
    result = shape([["", MONTH, TO_DATE, ""], *([*r, ""] if len(r) == 3 else r for r in more)])
    assert {o.measure for o in result.observations} == {"revenue", "expenditure", "surplus"}
    assert heads.BEYOND in reasons(result)


SHORT = [["", MONTH, TO_DATE], ROWS[0], ["Expenditure", "(187,043.6)"], ["Surplus/(Deficit)", "(157,090.2)"]]


def summed(*terms: tuple[int, int], kind: str = "sum", exact: bool = True, proves: bool = True) -> Identity:
    """The sum that says: the first cell is what the others make.  Only its shape matters here."""
    total, *parts = (Term(1, 0, row, col, Decimal(0), Decimal(1)) for row, col in terms)
    none = Decimal(0)
    return Identity(kind, Basis.LABEL, total, tuple(parts), True, exact, none, none, 1e-9, "as made", proves=proves)


@pytest.mark.parametrize("verdict", [Verdict.UNPROVED, Verdict.CONSISTENT, Verdict.PROVED])
def test_of_a_row_that_lost_a_cell_nothing_loads_that_no_sum_of_its_column_proves(verdict: Verdict) -> None:
    result = shape(SHORT[:-1], verdicts={(2, 1): verdict})
    assert {o.measure for o in result.observations} == {"revenue"}
    assert heads.SHORT in reasons(result)


@pytest.mark.parametrize(
    ("identity", "loads"),
    [
        (summed((3, 1), (1, 1), (2, 1)), True),
        (summed((3, 1), (1, 1), (2, 1), kind="difference"), True),
        (summed((2, 1), (2, 2), (2, 3)), False),  # along the row
        (summed((3, 1), (1, 2), (2, 1)), False),  # its terms stand in two columns
        (summed((3, 1), (1, 1), (2, 1), proves=False), False),  # luck would do as much
        (summed((3, 1), (1, 1), (2, 1), exact=False), False),
        (summed((2, 1), (1, 1), kind="ratio"), False),  # rounded
        (summed((3, 2), (1, 2), (2, 2)), False),  # another column's
    ],
)
def test_a_sum_down_its_own_column_lets_a_figure_of_a_row_that_lost_a_cell_load(
    identity: Identity, loads: bool
) -> None:
    grid = make.grid(0, [SHORT[0], *(["Revenue", "1", "2"] for _ in range(4))])
    table = make.proof(grid)
    at = next(c for c in table.cells if (c.row, c.col) == (2, 1))
    assert heads.stands(at._replace(identities=(0,)), replace(table, identities=(identity,))) is loads
    assert not heads.stands(at, replace(table, identities=(identity,)))
    unproved = at._replace(identities=(0,), verdict=Verdict.UNPROVED)
    assert not heads.stands(unproved, replace(table, identities=(identity,)))


PLACES = [
    ["Region", "Total", "2018", "2019", "2020"],
    ["Australia", "31,287", "10,604", "0", "20,683"],
    ["Canada", "37,113", "12,396", "12,372", "12,345"],
    ["Japan", "41,109", "13,345", "14,291", "13,473"],
    ["India", "38,604", "11,111", "13,747", "13,746"],
]


def from_the_page(rows: list[list[str]]) -> ShapeResult:
    """A page through the rooms: read, proved, shaped."""
    body = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in rows)
    page = f"<html><body><p>Applications approved under the GEP, by region:</p><table>{body}</table></body></html>"
    document = read_document(page.encode(), name="a.html").document
    assert document is not None
    return shape_document(document, prove_document(document), make.cards())


def known(result: ShapeResult, place: str) -> dict[int, Decimal | None]:
    return {
        o.period.end.year: o.value for o in result.observations if ("place", place) in o.dimensions and not o.is_total
    }


def test_a_row_that_lost_a_naught_does_not_load_by_the_sum_along_it() -> None:
    sound = from_the_page(PLACES)
    assert known(sound, "AU") == {2018: 10604, 2019: 0, 2020: 20683}
    lost = from_the_page([PLACES[0], ["Australia", "31,287", "10,604", "20,683"], *PLACES[2:]])
    assert known(lost, "AU") == {}
    assert known(lost, "CA") == known(sound, "CA") != {}
    assert heads.SHORT in reasons(lost)


@pytest.mark.parametrize(("figure", "loads"), [("7", True), ("0", False)])
def test_a_naught_of_a_row_that_lost_a_cell_is_not_proved_to_stand_in_its_column(figure: str, loads: bool) -> None:
    # any column bears a naught: its neighbour may have printed a dash where it stands now
    table = make.proof(make.grid(0, [SHORT[0], ["Revenue", "1", "2"], ["Expenditure", figure], ["Total", "8", "2"]]))
    at = next(c for c in table.cells if (c.row, c.col) == (2, 1))._replace(identities=(0,))
    summing = summed((3, 1), (1, 1), (2, 1))
    assert heads.stands(at, replace(table, identities=(summing,))) is loads


def test_a_row_that_lost_its_last_naught_loads_where_its_columns_add_up() -> None:
    totals = ["Total", "148,113", "47,456", "61,093", "39,564"]
    rows = [PLACES[0], ["Australia", "31,287", "10,604", "20,683", "0"], *PLACES[2:], totals]
    sound = from_the_page(rows)
    lost = from_the_page([rows[0], rows[1][:-1], *rows[2:]])
    assert known(sound, "AU") == {2018: 10604, 2019: 20683, 2020: 0}
    assert known(lost, "AU") == {2018: 10604, 2019: 20683}


def test_a_line_of_csv_that_lost_a_separator_is_a_row_that_lost_a_cell() -> None:
    result = shape(
        [["", MONTH, TO_DATE], ROWS[0], ["Expenditure", "(187,043.6)"]], GridKind.CSV, {(2, 1): Verdict.UNPROVED}
    )
    assert {o.measure for o in result.observations} == {"revenue"}
    assert heads.SHORT in reasons(result)


def test_a_blank_at_the_end_of_a_line_of_text_is_no_lost_cell() -> None:
    result = shape([["", MONTH, TO_DATE], ROWS[0], ["Expenditure", "(33,709.3)"]], kind=GridKind.TEXT)
    assert len(result.observations) == 3


def test_a_period_that_ends_after_the_release_is_withheld() -> None:
    result = shape([["", MONTH, TO_DATE], *ROWS], released=date(2014, 9, 12))
    assert result.observations == ()
    assert any("ends after the release" in r for r in reasons(result))
    assert len(shape([["", MONTH, TO_DATE], *ROWS], released=None).observations) == 4


@pytest.mark.parametrize(
    ("month", "to_date"),
    [
        (MONTH.replace("2014", "2013"), TO_DATE),
        (MONTH, TO_DATE.replace("2014", "2013")),
        (MONTH, TO_DATE.replace("Six", "Seven")),
    ],
)
def test_a_head_that_disagrees_with_its_neighbour_about_the_date_withholds_the_table(month: str, to_date: str) -> None:
    result = shape([["", month, to_date], *ROWS])
    assert result.observations == ()
    assert any("not a month and the reporting year" in r for r in reasons(result))


def test_a_month_that_exceeds_the_year_that_holds_it_withholds_the_table() -> None:
    result = shape([["", TO_DATE, MONTH], *ROWS])
    assert result.observations == ()
    assert any("exceeds the figure of the longer period" in r for r in reasons(result))


def test_a_balance_of_a_month_may_exceed_that_of_the_year() -> None:
    rows = [*ROWS, ["Surplus/(Deficit)", "(3,755.9)", "(37,918.4)"], ["Total", "41,000.0", "37,918.4"]]
    result = shape([["", MONTH, TO_DATE], *rows])
    assert {o.measure for o in result.observations} == {"revenue", "expenditure", "surplus", "financing_total"}


def test_what_is_withheld_is_accounted_for_cell_by_cell() -> None:
    result = shape([["", TO_DATE, ""], *ROWS])
    figures = [d for d in result.dispositions if d.fate is Fate.QUARANTINE]
    assert len(figures) == 4
    assert len({d.cell_id for d in result.dispositions}) == len(result.dispositions)


def test_cells_that_span_rows_are_not_missed_from_the_rows_below() -> None:
    grid: Grid = make.grid(0, [["", MONTH, TO_DATE], ROWS[0], ["Expenditure", "(33,709.3)"]])
    spanning = tuple(c._replace(rowspan=2) if (c.row, c.col) == (1, 2) else c for c in grid.cells)
    assert heads.short(grid) == {2}
    assert heads.short(replace(grid, cells=spanning)) == frozenset()


def test_a_total_over_years_is_of_no_period_where_one_of_its_years_cannot_be_read() -> None:
    body = [["2018", "604", "436"], ["2019", "396", "372"], ["20 20", "1 345", "1 291"], ["Total", "2 345", "2 099"]]
    grid = make.grid(0, [["Year", "Australia", "Canada"], *body])
    words = "Applications approved under the GEP, by region:"
    result = shape_document(make.document(words, grid, title="Talent"), make.judged(make.proof(grid)), make.cards())
    known = {(o.period.start, o.period.end) for o in result.observations if o.status != "unknown label"}
    assert known == {(date(y, 1, 1), date(y, 12, 31)) for y in (2018, 2019)}
    assert "the period is open" in reasons(result)


@pytest.mark.parametrize(
    ("years", "loads"),
    [
        (("2018", "2019", "2020"), True),
        (("2020", "2019", "2018"), True),
        (("2018", "2081", "2020"), False),
        (("2018", "2010", "2020"), False),
    ],
)
def test_years_that_stand_in_no_order_withhold_the_table(years: tuple[str, ...], loads: bool) -> None:
    figures = (("604", "436"), ("396", "372"), ("1 345", "1 291"))
    grid = make.grid(0, [["Year", "Australia", "Canada"], *([y, *f] for y, f in zip(years, figures, strict=True))])
    words = "Applications approved under the GEP, by region:"
    result = shape_document(make.document(words, grid, title="Talent"), make.judged(make.proof(grid)), make.cards())
    assert bool(result.observations) is loads
    assert (heads.DISORDER in reasons(result)) is not loads
