"""Each expectation of a suite: sound rows pass it, a wrong row fails it and is named by its key."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pipelines.check import Outcome, check_series, validate
from pipelines.check.suite import expected
from pipelines.model import Absence, Observation, Period, PeriodKind, Severity, Verdict
from tests.check.building import DOCUMENT, TABLE, card, observation, sound, vocabularies

Break = Callable[[Observation], Observation]
STOCK = Period(None, date(2020, 12, 31), PeriodKind.STOCK, "2020")


def period(**changes: Any) -> Break:
    return lambda o: replace(o, period=replace(o.period, **changes))


def with_(**changes: Any) -> Break:
    return lambda o: replace(o, **changes)


# name of the expectation → what makes one row fail it: the first (stays of the northern ward), or its beds
BREAKS: dict[str, Break] = {
    "type-of-measure": with_(measure=7),
    "type-of-unit": with_(unit=7),
    "type-of-label": with_(label=7),
    "type-of-classification": with_(classification=7),
    "type-of-period_start": period(start="2020-01-01"),
    "type-of-period_end": period(end="2020-12-31"),
    "type-of-value": with_(value=10.0),
    "set-of-series": with_(series="words"),
    "set-of-measure": with_(measure="deaths"),
    "set-of-kind-of-measure": with_(period=STOCK),
    "set-of-verdict": with_(verdict=Verdict.CONTRADICTED),
    "unit-of-measure": with_(unit="beds"),
    "codes-of-ward": with_(dimensions=(("ward", "EAST"),)),
    "not-null-ward": with_(dimensions=()),
    "not-null-period_end": period(end=None),
    "period-in-order": period(start=date(2021, 1, 1)),
    "period-not-before-the-series": period(start=date(1998, 1, 1), end=date(1998, 12, 31)),
    "not-null-says": with_(value=None),
    "not-null-value": with_(value=None, absence=Absence.NIL),
    "range-of-stays": with_(value=Decimal(1001)),
    "range-of-beds": with_(value=Decimal(0)),
}
# these fail for more than one row, or for none: each has its test below
BY_THEMSELVES = {"key-is-unique", "rows-a-table", "not-empty"}


def outcomes(result: Any) -> dict[str, Outcome]:
    return {r.name: r.outcome for r in result.results}


def test_every_expectation_has_a_row_that_fails_it() -> None:
    assert {e.name for e in expected(card(), vocabularies())} == BREAKS.keys() | BY_THEMSELVES


def test_sound_rows_pass_every_expectation_and_none_is_vacuous() -> None:
    result = validate(card(), sound(), vocabularies())
    assert set(outcomes(result).values()) == {Outcome.PASS}
    assert len(result.results) == len(BREAKS) + len(BY_THEMSELVES)
    assert all(r.examined > 0 for r in result.results)
    assert (result.rejected, result.findings, result.failing, result.passed) == ((), (), (), True)


@pytest.mark.parametrize("name", sorted(BREAKS))
def test_a_row_that_breaks_an_expectation_is_shown_in_quarantine_by_its_key(name: str) -> None:
    rows = sound()
    at = 1 if name == "range-of-beds" else 0
    broken = rows[at] = BREAKS[name](rows[at])
    result = validate(card(), rows, vocabularies())
    assert outcomes(result)[name] is Outcome.FAIL
    assert not {r.outcome for r in result.results} & {Outcome.FAULT}
    record = next(r for r in result.rejected if r.expectation == name)
    assert (record.cell_id, record.table_id, record.document_id) == (broken.cell_id, TABLE, DOCUMENT)
    assert f"measure={broken.measure}" in record.key
    assert record.key in record.reason
    assert record.release
    assert result.failing == (broken.cell_id,)
    assert not result.passed
    assert any(f.where == name and f.severity is Severity.ERROR and record.key in f.message for f in result.findings)


def test_sound_and_broken_rows_side_by_side_are_counted_and_named_alike() -> None:
    rows = list(sound())
    broken = [BREAKS["unit-of-measure"](rows[0]), *rows[1:]]
    whole, partly = (validate(card(), given, vocabularies()) for given in (rows, broken))
    assert {r.name: r.examined for r in whole.results} == {r.name: r.examined for r in partly.results}
    assert {r.name: r.failing for r in partly.results if r.failing} == {"unit-of-measure": (rows[0].cell_id,)}


def test_two_figures_for_one_key_are_both_withheld() -> None:
    rows = [*sound(), observation(9, "stays", "NORTH", 11)]
    result = validate(card(), rows, vocabularies())
    assert outcomes(result)["key-is-unique"] is Outcome.FAIL
    assert set(result.failing) == {rows[0].cell_id, rows[-1].cell_id}


def test_two_stocks_for_one_key_are_withheld_although_they_have_no_start() -> None:
    rows = [*sound(), observation(9, "beds", "NORTH", 6)]
    result = validate(card(), rows, vocabularies())
    assert set(result.failing) == {rows[1].cell_id, rows[-1].cell_id}


def test_a_figure_printed_twice_in_a_table_is_no_conflict() -> None:
    rows = [*sound(), observation(9, "beds", "NORTH", 5)]
    assert validate(card(), rows, vocabularies()).passed


def test_one_key_in_two_tables_is_no_conflict() -> None:
    other = f"{DOCUMENT}-t001"
    rows = [*sound(), *(replace(o, table_id=other, cell_id=o.cell_id.replace(TABLE, other)) for o in sound())]
    assert validate(card(), rows, vocabularies()).passed


@pytest.mark.parametrize("count", [1, 6])
def test_a_table_of_too_few_or_too_many_rows_is_withheld_whole(count: int) -> None:
    wards = ["NORTH", "SOUTH", "WEST"]
    rows = [
        observation(row, "stays", wards[row % 3], 1, period=Period(date(y := 2001 + row, 1, 1), date(y, 12, 31),
                                                                    PeriodKind.FLOW, str(y)))
        for row in range(count)
    ]  # fmt: skip
    rows.append(observation(90, "stays", "TOTAL", 1))
    result = validate(card(), rows, vocabularies())
    assert outcomes(result)["rows-a-table"] is Outcome.FAIL
    assert set(result.failing) == {o.cell_id for o in rows}
    assert "check-fault" not in {f.code for f in result.findings}


def test_a_series_without_a_row_fails_as_empty_and_all_else_is_vacuous() -> None:
    result = validate(card(), [], vocabularies())
    said = outcomes(result)
    assert said.pop("not-empty") is Outcome.FAIL
    assert set(said.values()) == {Outcome.VACUOUS}
    assert [f.code for f in result.findings] == ["series-empty"]
    assert not result.passed


def test_an_expectation_with_nothing_to_look_at_is_neither_pass_nor_fail() -> None:
    result = validate(card(), [o for o in sound() if o.measure == "stays"], vocabularies())
    assert outcomes(result)["range-of-beds"] is Outcome.VACUOUS
    assert [(f.code, f.severity) for f in result.findings] == [("check-vacuous", Severity.INFO)]
    assert result.passed


def test_a_total_may_lie_outside_the_range_of_single_figures() -> None:
    rows = sound()
    assert rows[6].is_total
    assert rows[6].value == 1010 > 1000
    assert validate(card(), rows, vocabularies()).passed


def test_a_check_that_cannot_be_made_is_a_fault_and_not_bad_data() -> None:
    expectations = card().expectations.model_dump() | {"key": ["measure", "floor"]}
    result = validate(card(expectations=expectations), sound(), vocabularies())
    said = outcomes(result)
    assert said.pop("key-is-unique") is Outcome.FAULT
    assert set(said.values()) == {Outcome.PASS}
    assert result.failing == ()
    assert not result.passed
    assert [(f.code, f.severity) for f in result.findings] == [("check-fault", Severity.ERROR)]


def test_a_fault_of_the_library_is_a_fault_of_every_check(monkeypatch: pytest.MonkeyPatch) -> None:
    import great_expectations as gx

    def broken(**_: object) -> None:
        raise RuntimeError("no context today")

    monkeypatch.setattr(gx, "get_context", broken)
    result = validate(card(), sound(), vocabularies())
    assert set(outcomes(result).values()) == {Outcome.FAULT}
    assert result.failing == ()
    assert not result.passed
    assert all("no context today" in r.detail for r in result.results)


def test_checks_in_many_threads_do_not_take_each_others_answers() -> None:
    broken = sound()
    broken[0] = replace(broken[0], value=Decimal(5000))
    failing: dict[int, tuple[str, ...]] = {}

    def one(number: int) -> None:
        failing[number] = validate(card(), broken if number % 2 else sound(), vocabularies()).failing

    threads = [threading.Thread(target=one, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failing == {n: (broken[0].cell_id,) if n % 2 else () for n in range(6)}


def test_no_figure_is_changed() -> None:
    rows = sound()
    before = list(rows)
    check_series(card(), rows, vocabularies())
    assert rows == before


def test_importing_the_room_does_not_load_the_heavy_libraries() -> None:
    import subprocess
    import sys

    script = "import sys, pipelines.check; print({'great_expectations', 'pandas', 'dagster'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stdout.strip() == "set()"
