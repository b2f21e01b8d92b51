"""Unit tests of marts.scheme_flows: small documents in, rows out."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

from pipelines.model import Period, PeriodKind, Verdict
from pipelines.settings import PROJECT
from tests.publish.making import Figure, Made, document, month, rows, year

Row = tuple[str, str, int, int, str]


def flow(scheme: str, measure: str, y: int, value: str, **more: object) -> Figure:
    figure = Figure("scheme_flows", measure, value, year(y), (("scheme", scheme),), verdict=Verdict.UNPROVED)
    return replace(figure, **more)  # type: ignore[arg-type]


def place(code: str, y: int, value: str, *, total: bool = False) -> Figure:
    dimensions = (("place", code), ("scheme", "GEP"))
    return Figure("scheme_by_place", "applications_approved", value, year(y), dimensions, "listed", is_total=total)


def flows(folder: Path, *made: Made) -> list[Row]:
    found = rows(folder, made, "marts.scheme_flows")
    return sorted((r["scheme"], r["measure"], r["period_end"].year, int(r["value"]), r["verdict"]) for r in found)


def test_received_processed_approved_and_allotted_stand_in_rows_of_their_own(tmp_path: Path) -> None:
    made = document(
        "a",
        [
            flow("QMAS", "applications_received", 2016, "1575"),
            flow("QMAS", "applications_processed", 2016, "1573"),
            flow("QMAS", "applications_approved", 2016, "156"),
            Figure("qmas_by_year", "quotas_allotted", "273", year(2016)),
        ],
    )
    assert [(r[1], r[3]) for r in flows(tmp_path, made)] == [
        ("applications_approved", 156),
        ("applications_processed", 1573),
        ("applications_received", 1575),
        ("quotas_allotted", 273),
    ]


def test_the_total_of_a_breakdown_proves_the_figure_of_the_year_and_its_parts_stand_in_no_row(tmp_path: Path) -> None:
    file = document("file", [flow("GEP", "applications_approved", 2016, "35997", unit="applications")])
    parts = [place("AU", 2016, "1845"), place("OTHERS", 2016, "34152"), place("TOTAL", 2016, "35997", total=True)]
    breakdown = document("breakdown", [replace(p, unit="applications") for p in parts])
    found = rows(tmp_path, [file, breakdown], "marts.scheme_flows")
    assert [(r["series"], int(r["value"]), r["verdict"], len(r["sources"])) for r in found] == [
        (["scheme_by_place", "scheme_flows"], 35997, "proved", 2)
    ]


def test_the_total_of_a_list_that_differs_takes_no_figure_of_the_scheme_away_and_is_listed(tmp_path: Path) -> None:
    made = [
        document("a", [flow("GEP", "applications_approved", 2016, "35997")]),
        document("b", [place("TOTAL", 2016, "35998", total=True)]),
    ]
    assert [row[3] for row in flows(tmp_path, *made)] == [35997]
    (conflict,) = rows(tmp_path, made, "quality.source_conflicts")
    assert (conflict["kept"], conflict["printed"]) == (35997, ["35997", "35998"])
    (finding,) = rows(tmp_path, made, "quality.findings", "code = 'series-disagree'")
    assert "35997 and 35998" in finding["message"]


def test_where_neither_of_two_series_is_stronger_the_row_stays_without_a_value(tmp_path: Path) -> None:
    made = [
        document("a", [flow("QMAS", "quotas_allotted", 2016, "273")]),
        document("b", [Figure("qmas_by_year", "quotas_allotted", "274", year(2016))]),
    ]
    (row,) = rows(tmp_path, made, "marts.scheme_flows")
    assert (row["value"], row["status"], row["printed"]) == (None, "disputed", ["273", "274"])


def test_the_figure_of_a_part_of_the_population_stands_in_no_row_of_its_scheme(tmp_path: Path) -> None:
    whole, part = (
        flow("GEP", "applications_approved", 2014, v, scope=s) for v, s in (("31676", ""), ("3053", "sex: f"))
    )
    assert [row[3] for row in flows(tmp_path, document("a", [whole]), document("b", [part]))] == [31676]


def test_the_total_of_a_list_that_need_not_be_complete_counts_only_where_the_scheme_has_the_same(
    tmp_path: Path,
) -> None:
    listed = replace(place("TOTAL", 2014, "3053", total=True), scope="listed")
    assert flows(tmp_path / "a", document("b", [listed])) == []
    same = document("c", [flow("GEP", "applications_approved", 2014, "3053")])
    (row,) = rows(tmp_path / "b", [document("b", [listed]), same], "marts.scheme_flows")
    assert (int(row["value"]), len(row["sources"])) == (3053, 2)


def test_visas_of_a_financial_year_and_quotas_of_a_calendar_year_do_not_meet(tmp_path: Path) -> None:
    financial = Period(date(2007, 4, 1), date(2008, 3, 31), PeriodKind.FLOW, "2007-2008")
    visas = Figure("visas_issued_by_type", "visas_issued", "249", financial, (("visa_type", "QMAS"),))
    row_of_quotas = Figure(
        "visas_issued_by_type", "quotas_allotted", "555", year(2018), (("visa_type", "QMAS_QUOTAS"),)
    )
    domestic = Figure("visas_issued_by_type", "visas_issued", "78892", financial, (("visa_type", "DOMESTIC_HELPERS"),))
    quotas = Figure("qmas_by_year", "quotas_allotted", "239", year(2007))
    found = flows(tmp_path, document("report", [visas, row_of_quotas, domestic]), document("reply", [quotas]))
    assert found == [
        ("QMAS", "quotas_allotted", 2007, 239, "proved"),
        ("QMAS", "quotas_allotted", 2018, 555, "proved"),
        ("QMAS", "visas_issued", 2008, 249, "proved"),
    ]


def test_what_is_since_the_launch_is_no_flow_of_a_year(tmp_path: Path) -> None:
    since = Period(date(2022, 12, 28), date(2023, 12, 31), PeriodKind.CUMULATIVE, "since launch")
    made = document(
        "a",
        [
            flow("TTPS", "applications_approved", 2023, "49737"),
            flow("TTPS", "applications_approved", 2023, "50612", period=since),
        ],
    )
    found = rows(tmp_path, [made], "marts.scheme_flows")
    assert {(r["period_kind"], int(r["value"])) for r in found} == {("flow", 49737), ("cumulative", 50612)}


def test_periods_of_one_length_can_be_chosen_so_that_nothing_is_added_up_twice(tmp_path: Path) -> None:
    financial = Period(date(2014, 4, 1), date(2015, 3, 31), PeriodKind.FLOW, "2014-15")
    part = Period(date(2014, 1, 1), date(2014, 8, 31), PeriodKind.FLOW, "2014 (to August)")
    since = Period(date(2010, 6, 28), date(2014, 12, 31), PeriodKind.CUMULATIVE, "since launch")
    periods = (month(2014, 2), year(2014), financial, part, since)
    made = document("a", [flow("GEP", "applications_received", 2014, "1", period=p) for p in periods])
    found = rows(tmp_path, [made], "marts.scheme_flows")
    assert {(r["period_label"], r["period_length"]) for r in found} == {
        ("2014-02", "month"),
        ("2014", "year"),
        ("2014-15", "financial year"),
        ("2014 (to August)", "another span"),
        ("since launch", "since launch"),
    }


def test_the_year_of_a_launch_says_from_which_day_it_can_count(tmp_path: Path) -> None:
    """The open data print "2022" for the Top Talent Pass Scheme, which began on December 28."""
    schemes = PROJECT / "pipelines" / "vocabulary" / "schemes.csv"
    with schemes.open(encoding="utf-8") as file:
        began = {r["code"]: date.fromisoformat(r["valid_from"]) for r in csv.DictReader(file) if r["valid_from"]}
    figures = [
        flow(code, "applications_received", day.year + later, "1") for code, day in began.items() for later in (0, 1)
    ]
    found = rows(tmp_path, [document("a", figures)], "marts.scheme_flows")
    assert {r["scheme"]: r["counts_from"] for r in found if r["counts_from"]} == began
    assert len(found) == 2 * len(began)
