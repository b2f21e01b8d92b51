"""The monthly financial results, made by hand: signs, stocks, wrapped labels, identities that withhold."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from pipelines.model import Fate, Grid, PeriodKind, ShapeResult
from pipelines.shape import shape_document
from tests.shape import making as make

TITLE = "Financial results for the six months ended September 30, 2014"
HEAD = ["", "Month ended\nSeptember 30, 2014\nHK$ million", "Six months ended\nSeptember 30, 2014\nHK$ million"]
ACCOUNT = [HEAD, ["Revenue", "29,953.4", "149,125.2"], ["Expenditure", "(33,709.3)", "(187,043.6)"]]
MONTH = (date(2014, 9, 1), date(2014, 9, 30))


def shape(*tables: list[list[str]], title: str = TITLE) -> ShapeResult:
    grids = [make.grid(i, rows) for i, rows in enumerate(tables)]
    proofs = [make.proof(g) for g in grids]
    blocks: list[Grid | str] = ["The Government announced its results.", *grids]
    return shape_document(make.document(*blocks, title=title), make.judged(*proofs), make.cards())


def of_month(result: ShapeResult) -> dict[str, Decimal | None]:
    """The month's own figures, as a mart takes them."""
    return {
        o.measure: o.value
        for o in result.observations
        if (o.period.start, o.period.end) == MONTH
        or (o.period.kind is PeriodKind.STOCK and o.period.end in (date(2014, 8, 31), date(2014, 9, 30)))
    }


def test_the_months_own_column_is_found_from_its_header_whatever_the_order() -> None:
    rows = [*ACCOUNT, ["Deficit", "(3,755.9)", "(37,918.4)"]]
    for table in (rows, [[r[0], r[2], r[1]] for r in rows]):
        assert of_month(shape(table)) == {
            "revenue": Decimal("29953.4"), "expenditure": Decimal("-33709.3"), "surplus": Decimal("-3755.9")
        }  # fmt: skip


def test_the_year_to_date_is_cumulative_and_apart_from_the_month() -> None:
    result = shape([*ACCOUNT, ["Deficit", "(3,755.9)", "(37,918.4)"]])
    so_far = [o for o in result.observations if o.measure == "revenue" and o.period.start == date(2014, 4, 1)]
    assert [(o.value, o.period.kind) for o in so_far] == [(Decimal("149125.2"), PeriodKind.CUMULATIVE)]


@pytest.mark.parametrize(
    ("label", "printed"),
    [
        ("Deficit", "(3,755.9)"), ("Deficit", "3,755.9"), ("(Deficit)/Surplus", "(3,755.9)"),
        ("Surplus/(Deficit)", "(3,755.9)"), ("(Deficit) / Surplus", "3,755.9"), ("Consolidated Deficit", "-3,755.9"),
    ],
)  # fmt: skip
def test_a_deficit_is_negative_whatever_its_label_and_its_printed_sign(label: str, printed: str) -> None:
    assert of_month(shape([*ACCOUNT, [label, printed, "(37,918.4)"]]))["surplus"] == Decimal("-3755.9")


def test_expenditure_printed_without_a_sign_is_negative() -> None:
    rows = [HEAD, ["Revenue", "29,953.4", "149,125.2"], ["Expenditure", "33,709.3", "187,043.6"]]
    assert of_month(shape([*rows, ["Deficit", "3,755.9", "37,918.4"]])) == {
        "revenue": Decimal("29953.4"), "expenditure": Decimal("-33709.3"), "surplus": Decimal("-3755.9")
    }  # fmt: skip


def test_a_surplus_is_positive() -> None:
    rows = [HEAD, ["Revenue", "33,709.3", "187,043.6"], ["Expenditure", "(29,953.4)", "(149,125.2)"]]
    assert of_month(shape([*rows, ["Surplus", "3,755.9", "37,918.4"]]))["surplus"] == Decimal("3755.9")


def test_an_unsigned_deficit_that_no_identity_reaches_is_withheld() -> None:
    result = shape([HEAD, ["Revenue", "29,953.4", "149,125.2"], ["Deficit", "3,755.9", "(37,918.4)"]])
    assert "surplus" not in of_month(result)
    assert next(d.reason for d in result.dispositions if d.fate is Fate.QUARANTINE).startswith("its sign is open")


def test_reserves_are_stocks_at_the_start_and_the_end_of_the_month() -> None:
    reserves = [
        HEAD, ["Fiscal Reserves\nat start of period", "711,866.4", "746,026.9"], ["Deficit", "(3,755.9)", "(37,916.4)"],
        ["Fiscal Reserves at\nend of period (Note 5)", "708,110.5", "708,110.5"],
    ]  # fmt: skip
    stocks = {(o.measure, o.period.end): o.value for o in shape(reserves).observations if o.period.start is None}
    assert stocks["reserves_start", date(2014, 8, 31)] == Decimal("711866.4")
    assert stocks["reserves_start", date(2014, 3, 31)] == Decimal("746026.9")
    assert stocks["reserves_end", date(2014, 9, 30)] == Decimal("708110.5")


def test_a_write_back_is_in_the_identity_of_the_reserves() -> None:
    rows = [
        HEAD, ["Fiscal Reserves at start of period", "304,774.1", "372,503.3"],
        ["Consolidated Surplus/(Deficit)", "6,028.1", "(61,701.1)"],
        ["Write-back of provision for loss in Investments with the Exchange Fund", "586.9", "586.9"],
        ["Fiscal Reserves at end of period", "311,389.1", "311,389.1"],
    ]  # fmt: skip
    result = shape(rows)
    assert of_month(result)["loss_provision"] == Decimal("586.9") and not result.findings


def test_a_failing_identity_of_the_card_withholds_its_figures_and_says_so() -> None:
    result = shape([*ACCOUNT, ["Deficit", "(3,756.9)", "(37,918.4)"]])
    assert of_month(result) == {}
    assert [f.code for f in result.findings] == ["card-identity-fails"]
    assert sum(d.fate is Fate.QUARANTINE for d in result.dispositions) == 3
    assert {o.period.start for o in result.observations} == {date(2014, 4, 1)}


def test_a_balance_printed_twice_with_different_figures_is_withheld() -> None:
    reserves = [
        HEAD,
        ["Fiscal Reserves at start of period", "1.0", "1.0"],
        ["Consolidated Deficit", "(3,755.8)", "(9.0)"],
    ]
    result = shape([*ACCOUNT, ["Deficit", "(3,755.9)", "(37,918.4)"]], reserves)
    assert "figure-printed-twice" in {f.code for f in result.findings}
    assert "surplus" not in of_month(result)


def test_the_balance_before_and_after_repayment_are_two_measures() -> None:
    rows = [
        *ACCOUNT, ["Deficit before", "(3,755.9)", "(37,918.4)"], ["Repayment of", "", ""], ["Bonds and Notes", "", ""],
        ["Repayment of", "-", "(9,687.8)"], ["Bonds and Notes", "", ""],
        ["Deficit after", "(3,755.9)", "(47,606.2)"], ["Repayment of", "", ""], ["Bonds and Notes", "", ""],
    ]  # fmt: skip
    so_far = {o.measure: o.value for o in shape(rows).observations if o.period.start == date(2014, 4, 1)}
    assert so_far["surplus"] == Decimal("-37918.4") and so_far["surplus_after_bonds"] == Decimal("-47606.2")
    assert so_far["bonds"] == Decimal("-9687.8")


def test_a_label_that_goes_on_in_words_the_card_does_not_know_is_not_cut_short() -> None:
    rows = [*ACCOUNT, ["Deficit", "(3,755.9)", "(37,918.4)"], ["before certain other things", "", ""]]
    result = shape(rows)
    assert "surplus" not in of_month(result)
    assert [f.code for f in result.findings] == ["unknown-label"]


def test_debts_and_guarantees_are_ignored_by_name() -> None:
    rows = [*ACCOUNT, ["Government Debts as at September 30, 2014 (Note 4)", "1,500.0", "1,500.0"]]
    result = shape(rows)
    assert "debts and guarantees, which are no part of the account" in {
        d.reason for d in result.dispositions if d.fate is Fate.IGNORED
    }


def test_a_header_without_its_date_leaves_the_period_open() -> None:
    rows = [["", "Month ended", HEAD[2]], *ACCOUNT[1:], ["Deficit", "(3,755.9)", "(37,918.4)"]]
    result = shape(rows)
    assert of_month(result) == {}
    assert "the period is open" in {d.reason for d in result.dispositions}


RESERVES = [
    HEAD, ["Fiscal Reserves at start of period", "711,866.4", "746,028.9"], ["Deficit", "(3,755.9)", "(37,918.4)"],
    ["Fiscal Reserves at end of period", "708,110.5", "708,110.5"],
]  # fmt: skip


def test_what_another_identity_confirms_is_not_withheld_with_what_fails() -> None:
    wrong = [*RESERVES[:3], ["Fiscal Reserves at end of period", "708,111.5", "708,110.5"]]
    result = shape([*ACCOUNT, ["Deficit", "(3,755.9)", "(37,918.4)"]], wrong)
    assert of_month(result) == {
        "revenue": Decimal("29953.4"), "expenditure": Decimal("-33709.3"), "surplus": Decimal("-3755.9")
    }  # fmt: skip
    assert [f.code for f in result.findings] == ["card-identity-fails", "figure-printed-twice"]


def test_a_stock_printed_for_the_month_and_for_the_year_to_date_is_one_value_or_none() -> None:
    rows = [HEAD, ["Revenue", "29,953.4", "149,125.2"], ["Fiscal Reserves at end of period", "708,110.5", "708,111.5"]]
    result = shape(rows)
    assert of_month(result) == {"revenue": Decimal("29953.4")}
    assert [f.code for f in result.findings] == ["figure-printed-twice"]


def test_an_unknown_row_among_the_parts_makes_the_identity_moot_not_failed() -> None:
    odd = [*RESERVES[:3], ["Windfall", "10.0", "10.0"], ["Fiscal Reserves at end of period", "708,120.5", "708,120.5"]]
    result = shape([*ACCOUNT, ["Deficit", "(3,755.9)", "(37,918.4)"]], odd)
    assert of_month(result)["reserves_end"] == Decimal("708120.5")
    assert [f.code for f in result.findings] == ["unknown-label"]
