"""Comma and point: what tells a table's convention, what does not, and what loads where it stays open."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipelines.model import TableProof, Verdict
from pipelines.prove.document import prove_grid
from tests.prove.grids import grid

LABELS = [
    "as at December 31, 2021",
    "December 31, 2023",
    "Aged 18, 19",
    "Ages 18,19",
    "H5N1, H7N9",
    "(1), (2)",
    "第1,2組",
    "第1,2,3組",
    "Items 1,2",
    "Notes 3,4",
    "12,5 Queen's Road",
    "Flat 3,12/F",
    "10, 12",
    "1,5",
    "2020,21",
    "Section 2,14",
    "截至2021,12,31",
    "18,24歲",
]


def _value(proof: TableProof, row: int, col: int) -> Decimal | None:
    cell = next(c for c in proof.cells if (c.row, c.col) == (row, col))
    assert cell.verdict.loads
    assert cell.reading is not None
    return cell.reading.value


@pytest.mark.parametrize("label", LABELS)
def test_a_comma_in_a_head_or_a_label_says_nothing_of_decimal_commas(label: str) -> None:
    head = [["Group", "Received", label], ["North", "2,345", "1,130"], ["South", "3,456", "2,240"]]
    stub = [["Group", "Received", "Approved"], [label, "2,345", "1,130"], ["South", "3,456", "2,240"]]
    total = [["Total", "5,801", "3,370"]]
    for rows in (head + total, stub + total, head, stub):
        proof, _ = prove_grid(grid(rows))
        assert _value(proof, 1, 1) == 2345
        assert _value(proof, 2, 2) == 2240


def test_a_count_with_another_in_brackets_says_nothing_of_decimal_commas() -> None:
    proof, _ = prove_grid(grid([["Year", "Received", "Approved"], ["A", "2,000", "1,709 (804)"], ["B", "5,000", "7"]]))
    assert _value(proof, 1, 1) == 2000
    assert not any(c.verdict.loads for c in proof.cells if (c.row, c.col) == (1, 2))


def test_decimal_commas_that_the_totals_confirm_are_read() -> None:
    rows = [["Item", "Amount"], ["A", "1.234,5"], ["B", "2.345,7"], ["C", "1.000"], ["Total", "4.580,2"]]
    proof, _ = prove_grid(grid(rows))
    assert _value(proof, 3, 1) == 1000
    assert _value(proof, 4, 1) == Decimal("4580.2")


def test_a_table_that_speaks_for_decimal_commas_without_a_total_loads_nothing() -> None:
    proof, _ = prove_grid(grid([["Item", "Amount"], ["A", "1,234"], ["B", "23,4"], ["C", "7,120"]]))
    assert {c.verdict for c in proof.cells} == {Verdict.AMBIGUOUS}


def test_commas_for_thousands_stand_where_the_totals_hold_and_a_stray_cell_is_withheld() -> None:
    rows = [["Item", "Amount", "Notes"], ["A", "1,234", "1,2"], ["B", "2,340", "7"], ["Total", "3,574", ""]]
    proof, _ = prove_grid(grid(rows))
    assert _value(proof, 1, 1) == 1234
    assert next(c for c in proof.cells if (c.row, c.col) == (1, 2)).verdict is Verdict.AMBIGUOUS


@pytest.mark.parametrize("wrong", ["2.000", "2.00", "200.5"])
def test_a_total_that_fails_contradicts_also_where_the_wrong_figure_has_decimals(wrong: str) -> None:
    rows = [["Year", "Received", "Allotted"], ["2018", "1,941", "555"], ["2019", "5,262", "874"]]
    rows += [["2020", "8,500", wrong], ["2021", "3,011", "2,004"], ["Total", "18,714", "5,433"]]
    proof, findings = prove_grid(grid(rows))
    assert not any(c.verdict.loads for c in proof.cells if c.col == 2)
    assert "total-not-met" in {f.code for f in findings}
