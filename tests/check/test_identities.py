"""The card's own arithmetic: corroborates or withholds; a missing side is neither pass nor fail."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from pipelines.check import Outcome, between, identities
from pipelines.model import Absence, Observation, Period, PeriodKind, Severity, cell_id
from tests.check.building import card, observation

MEASURES = {
    name: {"name": {"en": name}, "labels": [name], "unit": "HK$ million", **role}
    for name, role in {
        "revenue": {},
        "expenditure": {"sign": "negative"},
        "surplus": {"sign": "balance"},
        "transfer": {},
        "start": {"role": "opening"},
        "end": {"role": "closing"},
    }.items()
}
ACCOUNT = card(
    measures=MEASURES,
    layouts=[{"rows": "measure", "columns": "period"}],
    dimensions={},
    identities=[
        {"total": "surplus", "parts": ["revenue", "expenditure"]},
        {"total": "end", "parts": ["start", "surplus"], "optional": ["transfer"]},
    ],
    between=[{"measure": "end", "equals": "start"}],
    expectations={"key": ["measure", "period_start", "period_end", "period_kind"]},
)


def account(month: int, document: str = "a" * 16, **values: Any) -> list[Observation]:
    """The account of a month of 2020, as a table of its own document."""
    first = date(2020, month, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    table = f"{document}-t000"
    found = []
    for row, (measure, value) in enumerate(values.items()):
        flow = Period(first, last, PeriodKind.FLOW, "")
        at = {"start": first - timedelta(days=1), "end": last}.get(measure)
        found.append(
            observation(
                row, measure, "", value, unit="HK$ million", dimensions=(), classification="", table_id=table,
                period=flow if at is None else Period(None, at, PeriodKind.STOCK, ""), document_id=document,
                cell_id=cell_id(table, row, 1), quantum=Decimal("0.1"),
            )
        )  # fmt: skip
    return found


SOUND = {"revenue": "10.0", "expenditure": "-12.5", "surplus": "-2.5", "start": "100.0", "end": "97.5"}


def outcomes(result: Any) -> list[Outcome]:
    return [e.outcome for e in result.evidence]


def test_identities_that_hold_are_evidence_and_nothing_more() -> None:
    rows = account(4, **SOUND)
    result = identities(ACCOUNT, rows)
    assert outcomes(result) == [Outcome.PASS, Outcome.PASS]
    assert "surplus -2.5 = revenue 10.0 + expenditure -12.5" in result.evidence[0].statement
    assert (result.rejected, result.findings) == ((), ())


def test_a_failed_identity_withholds_every_term_that_it_reaches_and_no_other() -> None:
    rows = account(4, **SOUND | {"revenue": "19.0"})
    result = identities(ACCOUNT, rows)
    assert outcomes(result) == [Outcome.FAIL, Outcome.PASS]
    assert set(result.failing) == {o.cell_id for o in rows if o.measure in ("revenue", "expenditure", "surplus")}
    assert [(f.code, f.severity) for f in result.findings] == [("card-identity-fails", Severity.ERROR)]
    assert "by -9.0" in result.findings[0].message


def test_rounding_is_allowed_for_as_far_as_the_printed_precision_goes() -> None:
    assert outcomes(identities(ACCOUNT, account(4, **SOUND | {"revenue": "10.1"})))[0] is Outcome.PASS
    assert outcomes(identities(ACCOUNT, account(4, **SOUND | {"revenue": "10.2"})))[0] is Outcome.FAIL


def test_counts_printed_to_the_unit_have_no_slack() -> None:
    rows = [replace(o, quantum=Decimal(1)) for o in account(4, revenue="10", expenditure="-12", surplus="-3")]
    assert outcomes(identities(ACCOUNT, rows))[0] is Outcome.PASS  # HK$ million are rounded, whole or not
    assert outcomes(identities(ACCOUNT, [replace(o, unit="persons") for o in rows]))[0] is Outcome.FAIL


def test_a_missing_term_makes_an_identity_not_evaluable() -> None:
    rows = account(4, revenue="10.0", surplus="-2.5")
    result = identities(ACCOUNT, rows)
    assert outcomes(result) == [Outcome.NOT_EVALUABLE, Outcome.NOT_EVALUABLE]
    assert result.rejected == ()
    assert "expenditure is not there" in result.evidence[0].statement


def test_a_term_that_prints_an_absence_makes_an_identity_not_evaluable() -> None:
    rows = account(4, **SOUND)
    rows[0] = replace(rows[0], value=None, absence=Absence.NOT_AVAILABLE)
    assert outcomes(identities(ACCOUNT, rows))[0] is Outcome.NOT_EVALUABLE


def test_an_optional_term_counts_where_it_is_there() -> None:
    with_transfer = account(4, **SOUND | {"transfer": "1.5", "end": "99.0"})
    assert outcomes(identities(ACCOUNT, with_transfer)) == [Outcome.PASS, Outcome.PASS]
    without = account(4, **SOUND | {"end": "99.0"})
    assert outcomes(identities(ACCOUNT, without)) == [Outcome.PASS, Outcome.FAIL]


def test_an_identity_is_not_tried_where_the_card_says_unless() -> None:
    ruled = ACCOUNT.model_copy(
        update={"identities": tuple(i.model_copy(update={"unless": ("transfer",)}) for i in ACCOUNT.identities)}
    )
    assert outcomes(identities(ruled, account(4, **SOUND))) == [Outcome.PASS, Outcome.PASS]
    assert identities(ruled, account(4, **SOUND | {"transfer": "1.5"})).evidence == ()


def test_a_stock_printed_twice_is_one_term_unless_its_prints_differ() -> None:
    rows = account(4, **SOUND)
    again = replace(rows[4], cell_id=rows[4].cell_id[:-1] + "2")
    assert outcomes(identities(ACCOUNT, [*rows, again]))[1] is Outcome.PASS
    other = replace(again, value=Decimal("97.6"))
    assert outcomes(identities(ACCOUNT, [*rows, other]))[1] is Outcome.NOT_EVALUABLE


def test_terms_of_two_tables_are_never_mixed() -> None:
    rows = account(4, revenue="10.0", expenditure="-12.5") + account(4, "b" * 16, surplus="-99.0")
    assert set(outcomes(identities(ACCOUNT, rows))) == {Outcome.NOT_EVALUABLE}


def test_an_end_is_compared_with_the_start_that_the_next_release_states() -> None:
    rows = account(4, "a" * 16, **SOUND) + account(5, "b" * 16, start="97.5", end="90.0")
    result = between(ACCOUNT, rows)
    assert outcomes(result) == [Outcome.PASS, Outcome.NOT_EVALUABLE]


def test_releases_that_differ_are_a_warning_and_withhold_nothing() -> None:
    rows = account(4, "a" * 16, **SOUND) + account(5, "b" * 16, start="97.9")
    result = between(ACCOUNT, rows)
    assert outcomes(result) == [Outcome.FAIL]
    assert result.rejected == ()
    assert [(f.code, f.severity) for f in result.findings] == [("releases-differ", Severity.WARNING)]


def test_a_coarser_print_of_the_same_figure_does_not_differ() -> None:
    coarse = [replace(o, quantum=Decimal(1)) for o in account(5, "b" * 16, start="98")]
    assert outcomes(between(ACCOUNT, account(4, "a" * 16, end="97.5") + coarse)) == [Outcome.PASS]


def test_a_restatement_to_the_same_precision_must_be_equal_to_the_digit() -> None:
    rows = account(4, "a" * 16, end="97.5") + account(5, "b" * 16, start="97.6")
    assert outcomes(between(ACCOUNT, rows)) == [Outcome.FAIL]


def test_several_releases_that_restate_one_figure_are_one_warning() -> None:
    rows = account(4, "a" * 16, end="97.5")
    rows += [o for document in ("b" * 16, "c" * 16) for o in account(5, document, start="97.9")]
    rows += [replace(o, cell_id=o.cell_id[:-1] + "2") for o in account(5, "b" * 16, start="97.9")]
    result = between(ACCOUNT, rows)
    assert outcomes(result) == [Outcome.FAIL, Outcome.FAIL]
    assert len(result.findings) == 1
    assert "1 more" in result.findings[0].message


def test_a_flow_is_compared_with_the_flow_of_the_same_span() -> None:
    restated = ACCOUNT.model_copy(
        update={"between": (ACCOUNT.between[0].model_copy(update={"measure": "revenue", "equals": "transfer"}),)}
    )
    rows = account(4, "a" * 16, revenue="5.0")
    assert outcomes(between(restated, rows + account(4, "b" * 16, transfer="5.0"))) == [Outcome.PASS]
    assert outcomes(between(restated, rows + account(4, "b" * 16, transfer="6.0"))) == [Outcome.FAIL]
    assert outcomes(between(restated, rows + account(5, "b" * 16, transfer="6.0"))) == [Outcome.NOT_EVALUABLE]


def test_releases_that_differ_do_not_fail_the_series_and_a_failed_identity_does() -> None:
    def cells(rows: list[Observation]) -> bool:
        from pipelines.check.results import join

        return join("wards", len(rows), [identities(ACCOUNT, rows), between(ACCOUNT, rows)]).passed

    differing = account(4, "a" * 16, **SOUND) + account(5, "b" * 16, start="97.9")
    assert cells(differing)
    assert not cells(account(4, **SOUND | {"revenue": "19.0"}))


def test_where_the_next_release_is_missing_nothing_is_said() -> None:
    result = between(ACCOUNT, account(4, **SOUND) + account(6, "b" * 16, start="1.0"))
    assert outcomes(result) == [Outcome.NOT_EVALUABLE]
    assert result.findings == ()


def test_a_release_does_not_corroborate_itself() -> None:
    rows = account(4, **SOUND) + [replace(o, cell_id=o.cell_id + "x") for o in account(5, start="97.5")]
    assert outcomes(between(ACCOUNT, rows)) == [Outcome.NOT_EVALUABLE]
