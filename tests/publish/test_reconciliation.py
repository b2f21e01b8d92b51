"""What releases say of each other: each comparison corroborated, broken by one row, and left open for want of one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipelines.model import Fate, Medium, Period, PeriodKind
from tests.publish.making import Figure, Made, all_models, at, built, document, month, select, year

STOCK = "a stock less its flow is the stock before"
YEARS = "a cumulative figure is the sum of its years"
MONTHS = "a year is the sum of its months"
TURN = "the end of a month is the start of the next"
OPEN = "open data equal the releases"
TWINS = "language twins give the same figures"
SAME = "several releases say the same of a figure"
SCOPE = "figures of another scope stand apart"

Said = tuple[str, str, object]


def count(series: str, value: str, period: Period, **more: object) -> Figure:
    return replace(Figure(series, "quotas_allotted", value, period), **more)  # type: ignore[arg-type]


def since_2019(until: int) -> Period:
    return Period(date(2019, 6, 1), date(until, 12, 31), PeriodKind.CUMULATIVE, f"to end {until}")


def released(name: str, on: int, *figures: Figure, **more: Any) -> Made:
    return document(name, figures, released=date(on, 3, 1), **more)


def csv(name: str, *figures: Figure) -> Made:
    return document(name, figures, released=None, medium=Medium.CSV, captured=datetime(2026, 1, 1, tzinfo=UTC))


def linked(one: Made, other: Made) -> tuple[Made, Made]:
    """The two as language versions of one release, each with the address of the other."""

    def link(mine: Made, yours: Made) -> Made:
        document = mine.read.document
        assert document is not None
        twins = ((yours.read.document.release.language if yours.read.document else "", yours.capture.source_url or ""),)
        release = replace(document.release, twins=twins)
        return replace(mine, read=replace(mine.read, document=replace(document, release=release)))

    return link(one, other), link(other, one)


def compared(folder: Path, made: Iterable[Made], sentence: str) -> list[Mapping[str, Any]]:
    with built(folder, made, "quality.reconciliation") as build:
        found = select(build, "SELECT * FROM quality.reconciliation ORDER BY figure_id, against")
        broken = {
            c.sentence: build.run_check(c).failed
            for m in all_models()
            if m.full_name == "quality.reconciliation"
            for c in m.checks
        }
    # the check of each sentence is broken by exactly the differences that nothing explains
    for name, failed in broken.items():
        errors = [r for r in found if r["sentence"] == name and (r["outcome"], r["class"]) == ("differs", "error")]
        assert failed == len(errors), name
    assert all(r["sources"] or r["outcome"] == "not evaluable" for r in found)
    return [r for r in found if r["sentence"] == sentence]


def outcomes(found: Iterable[Mapping[str, Any]]) -> list[Said]:
    return [(r["outcome"], r["class"], r["gap"]) for r in found]


BY_YEAR = [
    count("s", "100", year(2019, start=date(2019, 6, 1))),
    count("s", "250", year(2020)),
    count("s", "50", year(2021)),
]


@pytest.mark.parametrize(
    ("before", "flow", "said"),
    [
        ("350", "50", ("corroborated", "", 0)),
        ("351", "50", ("differs", "error", -1)),
        (None, "50", ("not evaluable", "", None)),
    ],
)
def test_a_stock_less_its_flow_is_held_against_the_stock_before(
    tmp_path: Path, before: str | None, flow: str, said: Said
) -> None:
    made = [
        released("late", 2022, count("s", "400", since_2019(2021))),
        csv("open", count("s", flow, year(2021))),
    ]
    if before is not None:
        made.append(released("early", 2021, count("s", before, since_2019(2020))))
    found = [r for r in compared(tmp_path, made, STOCK) if r["period_end"] == date(2021, 12, 31)]
    assert outcomes(found) == [said]
    assert "400 to 2021-12-31 less 50 of 2021 is" in found[0]["statement"]
    assert {s["path"] for s in found[0]["sources"]} == {f"dropped/{m.capture.original_name}" for m in made}


def test_others_of_one_classification_are_not_held_against_others_of_another(tmp_path: Path) -> None:
    def industry(code: str, value: str, period: Period, listed: str) -> Figure:
        return count("i", value, period, dimensions=(("industry", code),), classification=listed)

    late, early = since_2019(2021), since_2019(2020)
    made = [
        released("late", 2022, industry("ICT", "90", late, "15"), industry("OTHERS", "9", late, "15")),
        released("early", 2021, industry("ICT", "70", early, "15"), industry("OTHERS", "8", early, "15")),
        csv("open", industry("ICT", "20", year(2021), "6"), industry("OTHERS", "40", year(2021), "6")),
    ]
    found = compared(tmp_path, made, STOCK)
    assert [(r["dimension_key"], r["outcome"]) for r in found] == [("industry=ICT", "corroborated")]


@pytest.mark.parametrize(
    ("total", "years", "said"),
    [
        ("400", 3, ("corroborated", "", 0)),
        ("401", 3, ("differs", "error", 1)),
        ("400", 2, ("not evaluable", "", None)),
    ],
)
def test_a_cumulative_figure_is_held_against_its_years(tmp_path: Path, total: str, years: int, said: Said) -> None:
    made = [released("total", 2022, count("s", total, since_2019(2021))), csv("years", *BY_YEAR[:years])]
    found = compared(tmp_path, made, YEARS)
    assert outcomes(found) == [said]
    if years == 2:
        assert "2 of 3 are at hand" in found[0]["statement"]


def test_a_cumulative_figure_that_stops_within_a_year_is_not_held_against_whole_years(tmp_path: Path) -> None:
    until_may = Period(date(2019, 6, 1), date(2021, 5, 31), PeriodKind.CUMULATIVE, "to May 2021")
    made = [released("total", 2022, count("s", "370", until_may)), csv("years", *BY_YEAR)]
    assert [r["outcome"] for r in compared(tmp_path, made, YEARS)] == ["not evaluable"]


@pytest.mark.parametrize(("december", "said"), [("5", ("corroborated", "", 0)), ("6", ("differs", "error", -1))])
def test_a_year_is_held_against_its_months(tmp_path: Path, december: str, said: Said) -> None:
    months = [count("s", "5" if m < 12 else december, month(2020, m)) for m in range(1, 13)]
    made = [released("months", 2021, *months), released("year", 2022, count("s", "60", year(2020)))]
    assert outcomes(compared(tmp_path, made, MONTHS)) == [said]


def test_a_revised_figure_explains_what_does_not_add_up(tmp_path: Path) -> None:
    revised = replace(BY_YEAR[2], value="51")
    made = [
        released("years", 2022, *BY_YEAR),
        released("total", 2022, count("s", "400", since_2019(2021))),
        released("again", 2023, revised),
    ]
    assert outcomes(compared(tmp_path, made, YEARS)) == [("differs", "revision", -1)]


def test_rounded_figures_may_miss_by_what_they_round(tmp_path: Path) -> None:
    million = {"unit": "million", "quantum": "0.01"}
    months = [count("s", "1.01", month(2020, m), **million) for m in range(1, 13)]
    made = [released("months", 2021, *months), released("year", 2022, count("s", "12.15", year(2020), **million))]
    assert outcomes(compared(tmp_path, made, MONTHS)) == [("corroborated", "rounding", Decimal("0.03"))]
    worse = [made[0], released("year", 2022, count("s", "12.19", year(2020), **million))]
    assert outcomes(compared(tmp_path / "worse", worse, MONTHS)) == [("differs", "error", Decimal("0.07"))]


def reserves(value: str, period: Period, end: bool) -> Figure:
    return Figure("f", "reserves_end" if end else "reserves_start", value, period, unit="HK$ million", quantum="0.1")


@pytest.mark.parametrize(
    ("start", "said"),
    [
        ("804.9", ("corroborated", "", 0)),
        ("805.0", ("corroborated", "rounding", Decimal("-0.1"))),
        ("805.1", ("differs", "error", Decimal("-0.2"))),
        (None, ("not evaluable", "", None)),
    ],
)
def test_the_end_of_a_month_is_held_against_the_next_start(tmp_path: Path, start: str | None, said: Said) -> None:
    made = [released("april", 2024, reserves("804.9", at(2023, 4, 30), end=True))]
    if start is not None:
        made.append(released("may", 2025, reserves(start, at(2023, 4, 30), end=False)))
    assert outcomes(compared(tmp_path, made, TURN)) == [said]


def test_a_year_end_that_was_restated_is_a_revision(tmp_path: Path) -> None:
    to_date = Period(date(2023, 4, 1), date(2023, 6, 30), PeriodKind.FLOW, "three months")
    made = [
        released("march", 2024, reserves("804.9", at(2023, 3, 31), end=True)),
        released(
            "june",
            2025,
            reserves("834.7", at(2023, 3, 31), end=False),
            Figure("f", "revenue", "9.0", to_date, quantum="0.1"),
        ),
    ]
    (found,) = compared(tmp_path, made, TURN)
    assert (found["outcome"], found["class"]) == ("differs", "revision")
    assert "the year end was restated" in found["statement"]


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ("2004", ("corroborated", "", 0)),
        ("2005", ("differs", "error", -1)),
        (None, ("not evaluable", "", None)),
    ],
)
def test_open_data_are_held_against_the_releases(tmp_path: Path, printed: str | None, said: Said) -> None:
    # of the same days as far as anybody knows: the open data carry no date
    made = [csv("open", count("s", "2004", year(2021)))]
    if printed is not None:
        made.append(released("reply", 2022, count("s", printed, year(2021))))
    assert outcomes(compared(tmp_path, made, OPEN)) == [said]


def test_twins_that_say_the_same_corroborate_each_other(tmp_path: Path) -> None:
    made = linked(released("en", 2022, *BY_YEAR), released("zh", 2022, *BY_YEAR, language="zh-Hant"))
    assert outcomes(compared(tmp_path, made, TWINS)) == [("corroborated", "", 0)] * 3


def test_twins_that_differ_in_one_figure_are_caught_with_both_cells(tmp_path: Path) -> None:
    other = [BY_YEAR[0], replace(BY_YEAR[1], value="205"), BY_YEAR[2]]
    made = linked(released("en", 2022, *BY_YEAR), released("zh", 2022, *other, language="zh-Hant"))
    found = [r for r in compared(tmp_path, made, TWINS) if r["outcome"] != "corroborated"]
    assert [(r["outcome"], r["class"], r["period_end"].year) for r in found] == [("differs", "error", 2020)]
    assert {(s["language"], s["text"]) for s in found[0]["sources"]} == {("en", "250"), ("zh-Hant", "205")}
    with built(tmp_path / "withheld", made, "quality.quarantine", "marts.observations") as build:
        (row,) = select(build, "SELECT * FROM marts.observations WHERE year(period_end) = 2020")
        assert (row["value"], row["status"], row["printed"]) == (None, "disputed", ["205", "250"])
        assert {r["text"] for r in select(build, "SELECT text FROM quality.quarantine")} == {"250", "205"}


def test_a_figure_that_one_twin_leaves_out_is_told(tmp_path: Path) -> None:
    made = linked(released("en", 2022, *BY_YEAR), released("zh", 2022, *BY_YEAR[:2], language="zh-Hant"))
    found = [r for r in compared(tmp_path, made, TWINS) if r["outcome"] != "corroborated"]
    assert [(r["outcome"], r["class"]) for r in found] == [("differs", "error")]
    assert "not in its twin" in found[0]["statement"]


def test_a_twin_that_is_not_at_hand_is_neither_pass_nor_failure(tmp_path: Path) -> None:
    en, _ = linked(released("en", 2022, *BY_YEAR), released("zh", 2022, *BY_YEAR, language="zh-Hant"))
    (found,) = compared(tmp_path, [en], TWINS)
    assert (found["outcome"], found["class"]) == ("not evaluable", "")
    assert "its twin is not at hand: https://example.org/zh" in found["statement"]


@pytest.mark.parametrize(
    ("later", "said"),
    [
        ({"value": "587"}, ("differs", "revision")),
        ({"value": "586"}, ("corroborated", "")),
        ({"value": "590", "quantum": "10", "approx": "about"}, ("corroborated", "rounding")),
        ({"value": "5860"}, ("differs", "error")),
    ],
)
def test_what_several_releases_say_of_one_figure_is_classed(
    tmp_path: Path, later: Mapping[str, str], said: tuple[str, str]
) -> None:
    figure = count("s", "586", year(2006))
    made = [released("first", 2007, figure), released("then", 2022, replace(figure, **later))]  # type: ignore[arg-type]
    assert [(r["outcome"], r["class"]) for r in compared(tmp_path, made, SAME)] == [said]


def test_sources_of_one_day_that_differ_are_an_error_of_one_of_them(tmp_path: Path) -> None:
    figure = count("s", "586", year(2006))
    made = [released("one", 2007, figure), released("other", 2007, replace(figure, value="587"))]
    assert [(r["outcome"], r["class"]) for r in compared(tmp_path, made, SAME)] == [("differs", "error")]


def test_two_measures_of_one_year_from_two_releases_are_both_right(tmp_path: Path) -> None:
    approved = replace(count("s", "156", year(2016)), measure="applications_approved")
    made = [released("one", 2017, approved), released("other", 2022, count("s", "273", year(2016)))]
    (found,) = compared(tmp_path, made, SCOPE)
    assert (found["outcome"], found["class"]) == ("differs", "scope")
    assert {found["expected"], found["found"]} == {156, 273} and "both right" in found["statement"]


def test_two_measures_of_one_table_need_no_word(tmp_path: Path) -> None:
    approved = replace(count("s", "156", year(2016)), measure="applications_approved")
    assert compared(tmp_path, [released("one", 2017, approved, count("s", "273", year(2016)))], SCOPE) == []


def test_what_was_kept_out_corroborates_nothing(tmp_path: Path) -> None:
    kept = replace(BY_YEAR[1], fate=Fate.QUARANTINE, reason="wrong total")
    made = [released("total", 2022, count("s", "400", since_2019(2021))), csv("years", BY_YEAR[0], kept, BY_YEAR[2])]
    assert [r["outcome"] for r in compared(tmp_path, made, YEARS)] == ["not evaluable"]
