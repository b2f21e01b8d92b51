"""Lines whose cells were joined: what no sum tells apart is never taken for a figure."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipelines.model import GridKind, TableProof, Verdict
from pipelines.prove import prove_grid
from tests.prove.grids import grid

ROWS = [("2016", 575, 273), ("2017", 932, 411), ("2018", 1314, 555), ("2019", 2896, 874), ("2020", 1966, 1709)]
TOTAL = ("Total", sum(a for _, a, _ in ROWS), sum(b for _, _, b in ROWS))
LINES = ["Year Received Allotted", *(f"{y} {a:,} {b:,}".replace(",", " ") for y, a, b in [*ROWS, TOTAL])]


def judged(lines: list[str]) -> TableProof:
    return prove_grid(replace(grid([[line] for line in lines]), kind=GridKind.FLATTENED), "0" * 16)[0]


def loading(table: TableProof) -> set[int]:
    """The rows of which some figure would load, by the lines that they came from."""
    return {c.source[0] for c in table.cells if c.verdict.loads and any(r.value is not None for r in c.readings)}


def test_lines_that_their_totals_split_are_proved():
    table = judged(LINES)
    assert {c.verdict for c in table.cells} == {Verdict.PROVED}
    assert len(loading(table)) == len(ROWS) + 1


@pytest.mark.parametrize(
    ("printed", "damaged"),
    [
        ("2016 575 273", "2016 575273"),  # two cells joined by nothing
        ("2018 1 314 555", "2018 1 314555"),
        ("2018 1 314 555", "2018 1314555"),
        ("2019 2 896 874", "2019 2 896 873"),  # a digit that breaks the total
        ("2019 2 896 874", ""),  # a line lost
        ("Total 7 683 3 822", "Total 7683822"),
    ],
)
def test_where_the_totals_are_not_met_no_line_loads_as_one_number_or_as_two(printed: str, damaged: str):
    assert printed in LINES
    table = judged([line if line != printed else damaged for line in LINES if line != printed or damaged])
    assert loading(table) == set()


def test_a_list_without_a_total_loads_nothing_of_its_joined_lines():
    table = judged(["Industry Quotas", "Finance 264", "Commerce 188", "Law 704"])
    assert loading(table) == set()
    assert any("no sum that holds reaches it" in c.argument for c in table.cells)


def test_columns_that_never_carry_are_not_read_as_one_column_of_long_figures():
    # each column adds up, and so does each line read as one figure: nothing tells which
    table = judged(["Kind a b", "Finance 188 133", "Commerce 120 160", "Law 193 135", "Total 501 428"])
    assert loading(table) == set()


def test_one_column_of_long_figures_that_carries_is_read():
    table = judged(["Kind Persons", "Finance 188 933", "Commerce 120 860", "Law 193 735", "Total 503 528"])
    assert {c.verdict for c in table.cells} == {Verdict.PROVED}
