"""Unit tests of the models: small documents in, rows out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.model import Absence, Fate, Medium, Period, PeriodKind, Verdict
from tests.publish.making import Figure, Made, at, document, month, rows, unreadable, year

SINCE_2006 = Period(date(2006, 6, 1), date(2021, 12, 31), PeriodKind.CUMULATIVE, "2006 to 2021")


def received(y: int, value: str | None, **more: object) -> Figure:
    return replace(Figure("qmas_by_year", "applications_received", value, year(y)), **more)  # type: ignore[arg-type]


def allotted(y: int, value: str | None, **more: object) -> Figure:
    return replace(Figure("qmas_by_year", "quotas_allotted", value, year(y)), **more)  # type: ignore[arg-type]


def industry(code: str, value: str, **more: object) -> Figure:
    figure = Figure("qmas_by_industry", "quotas_allotted", value, SINCE_2006, (("industry", code),), "fifteen", code)
    return replace(figure, **more)  # type: ignore[arg-type]


def years(folder: Path, *made: Made) -> dict[int, tuple[int | None, int | None, str]]:
    found = rows(folder, made, "marts.qmas_by_year")
    return {r["year"]: (r["applications_received"], r["quotas_allotted"], r["verdict"]) for r in found}


def test_a_year_has_its_two_measures_side_by_side_and_the_weakest_of_their_verdicts(tmp_path: Path) -> None:
    made = document("a", [received(2020, "3966"), allotted(2020, "1709", verdict=Verdict.CONSISTENT)])
    assert years(tmp_path, made) == {2020: (3966, 1709, "consistent")}


def test_total_rows_and_cumulative_figures_stand_in_no_year(tmp_path: Path) -> None:
    total = received(2021, "36689", is_total=True, period=SINCE_2006)
    running = received(2020, "7000", period=replace(SINCE_2006, end=date(2020, 12, 31)))
    over_two = received(2020, "5000", period=Period(date(2019, 4, 1), date(2020, 3, 31), PeriodKind.FLOW, "2019-20"))
    assert years(tmp_path, document("a", [received(2021, "2341"), total, running, over_two])) == {
        2021: (2341, None, "proved")
    }


def test_a_year_published_in_part_first_gives_way_to_the_whole_year(tmp_path: Path) -> None:
    part = received(2021, "900", period=Period(date(2021, 1, 1), date(2021, 6, 30), PeriodKind.FLOW, "to June"))
    early = document("early", [part], released=date(2021, 8, 1))
    late = document("late", [received(2021, "2341"), allotted(2021, "2004")], released=date(2022, 1, 19))
    assert years(tmp_path, early, late) == {2021: (2341, 2004, "proved")}


def test_the_same_figure_from_several_documents_is_one_row_with_several_sources(tmp_path: Path) -> None:
    made = [
        document("page", [received(2020, "3966")]),
        document("twin", [received(2020, "3966", label="2020年")], language="zh-Hant"),
        document("annex", [received(2020, "3966", verdict=Verdict.UNPROVED)], released=None, medium=Medium.PDF),
        document("mirror", [received(2020, "3966")], released=None, not_before=date(2021, 12, 31)),
    ]
    (row,) = rows(tmp_path, made, "marts.qmas_by_year")
    assert row["applications_received"] == 3966
    assert row["verdict"] == "proved"
    assert {s["path"] for s in row["sources"]} == {
        "dropped/page",
        "dropped/twin",
        "dropped/annex",
        "dropped/mirror",
    }
    assert all(s["text"] == "3966" and s["place"] == "/html/body/table[1]" for s in row["sources"])
    assert row["period_label"] == "2020"


def test_where_sources_of_one_day_differ_neither_is_chosen(tmp_path: Path) -> None:
    made = [document("a", [received(2020, "3966"), allotted(2020, "1709")]), document("b", [received(2020, "3969")])]
    assert years(tmp_path, *made) == {2020: (None, 1709, "proved")}
    told = rows(tmp_path, made, "quality.findings", "code = 'sources-disagree'")
    assert {t["path"] for t in told} == {"dropped/a", "dropped/b"}
    kept_out = rows(tmp_path, made, "quality.quarantine")
    assert {(q["text"], q["reason"]) for q in kept_out} == {
        ("3966", "sources differ: 3966 against 3969"),
        ("3969", "sources differ: 3966 against 3969"),
    }


def test_a_certainly_later_release_replaces_the_earlier_figure(tmp_path: Path) -> None:
    early = document("early", [received(2006, "586")], released=date(2007, 2, 1))
    late = document("late", [received(2006, "587")], released=date(2022, 1, 19))
    assert years(tmp_path, early, late) == {2006: (587, None, "proved")}
    assert len(rows(tmp_path, [early, late], "core.observations")) == 2
    (first,) = rows(tmp_path, [early, late], "core.editions", "edition = 'first'")
    assert first["value"] == 586


def test_a_release_that_cannot_be_placed_in_time_does_not_outrank_another(tmp_path: Path) -> None:
    dated = document("dated", [received(2006, "586")], released=date(2022, 1, 19))
    undated = document("undated", [received(2006, "587")], released=None, not_before=date(2021, 12, 31))
    assert years(tmp_path, dated, undated) == {}


def test_the_missing_year_of_a_release_is_bounded_by_what_it_speaks_of(tmp_path: Path) -> None:
    made = document(
        "mirror", [received(2020, "1")], released=None, month_day=(1, 19), not_before=date(2021, 12, 31), captured=None
    )
    leap = document("leap", [received(2020, "1")], released=None, month_day=(2, 29), not_before=date(2021, 1, 31))
    found = {d["path"]: d for d in rows(tmp_path, [made, leap], "core.documents")}
    assert found["dropped/mirror"]["released"] is None
    assert found["dropped/mirror"]["released_from"] == date(2022, 1, 19)
    assert found["dropped/mirror"]["released_until"] is None
    assert found["dropped/leap"]["released_from"] == date(2021, 1, 31)


def test_an_undated_copy_of_an_old_release_does_not_dispute_its_revision(tmp_path: Path) -> None:
    old = document("old", [received(2006, "586")], released=date(2007, 2, 1))
    copy = document("copy", [received(2006, "586")], released=None, captured=datetime(2026, 1, 1, tzinfo=UTC))
    new = document("new", [received(2006, "587")], released=date(2022, 1, 19))
    assert years(tmp_path, old, copy, new) == {2006: (587, None, "proved")}


def test_a_rounded_or_hedged_figure_stands_back_behind_the_precise_one(tmp_path: Path) -> None:
    precise = document("precise", [received(2023, "62873")])
    cut = document("cut", [received(2023, "62000", quantum="1000")])
    hedged = document("hedged", [received(2023, "60000", approx="over")])
    assert years(tmp_path, precise, cut, hedged) == {2023: (62873, None, "proved")}
    far = document("far", [received(2023, "65000", quantum="1000")])
    assert years(tmp_path, precise, far) == {}


@pytest.mark.parametrize("verdict", [Verdict.AMBIGUOUS, Verdict.CONTRADICTED])
def test_ambiguous_and_contradicted_figures_never_load(tmp_path: Path, verdict: Verdict) -> None:
    made = document("a", [received(2020, "3966", verdict=verdict), received(2021, "2341")])
    assert years(tmp_path, made) == {2021: (2341, None, "proved")}
    by_proof = document("b", [received(2020, "3966", proof=verdict)])
    assert years(tmp_path, by_proof) == {}
    (kept_out,) = rows(tmp_path, [by_proof], "quality.quarantine")
    assert kept_out["reason"] == f"its verdict is {verdict}"


def test_nothing_of_a_table_whose_fault_is_not_confined_loads(tmp_path: Path) -> None:
    made = document("a", [received(2020, "3966"), received(2021, "2341")], confined=False)
    assert years(tmp_path, made) == {}
    levels = [q["level"] for q in rows(tmp_path, [made], "quality.quarantine")]
    assert sorted(levels) == ["cell", "cell", "table"]


def test_a_figure_with_more_digits_than_are_kept_exactly_is_withheld_not_rounded(tmp_path: Path) -> None:
    made = document("a", [received(2020, "0.123456789012")])
    assert years(tmp_path, made) == {}
    (kept_out,) = rows(tmp_path, [made], "core.observations")
    assert kept_out["value"] is None and kept_out["value_text"] == "0.123456789012"
    assert kept_out["withheld"] == "it has more digits than the warehouse keeps exactly"


def test_a_figure_of_a_period_that_was_not_over_when_its_document_was_there_is_withheld(tmp_path: Path) -> None:
    captured = datetime(2021, 9, 1, 5, 0, tzinfo=UTC)
    made = document("a", [received(2020, "3966"), received(2021, "2341")], released=None, captured=captured)
    assert set(years(tmp_path, made)) == {2020}
    (kept_out,) = rows(tmp_path, [made], "quality.quarantine", "level = 'cell'")
    assert "its period ends after 2021-09-01" in kept_out["reason"]


def test_industries_carry_their_code_and_leave_the_total_out(tmp_path: Path) -> None:
    made = document("a", [industry("it", "4452"), industry("law", "40"), industry("TOTAL", "9131", is_total=True)])
    found = rows(tmp_path, [made], "marts.qmas_by_industry")
    assert [(r["code"], r["quotas_allotted"], r["period_kind"], r["period_end"]) for r in found] == [
        ("it", 4452, "cumulative", date(2021, 12, 31)),
        ("law", 40, "cumulative", date(2021, 12, 31)),
    ]


def test_places_are_read_from_their_own_series_alone(tmp_path: Path) -> None:
    place = Figure("qmas_by_place", "quotas_allotted", "160", SINCE_2006, (("place", "CA"),), "places", "Canada")
    made = document("a", [place, industry("it", "4452")])
    assert [(r["code"], r["label"], r["quotas_allotted"]) for r in rows(tmp_path, [made], "marts.qmas_by_place")] == [
        ("CA", "Canada", 160)
    ]


def fiscal(measure: str, value: str, period: Period) -> Figure:
    return Figure("fiscal_monthly", measure, value, period, unit="HK$ million", quantum="0.1")


def test_a_fiscal_month_is_one_row_as_first_printed(tmp_path: Path) -> None:
    april = document(
        "april",
        [
            fiscal("revenue", "21000.5", month(2023, 4)),
            fiscal("expenditure", "-50000.7", month(2023, 4)),
            fiscal("surplus", "-29000.2", month(2023, 4)),
            fiscal("reserves_start", "834000.0", at(2023, 3, 31)),
            fiscal("reserves_end", "804999.8", at(2023, 4, 30)),
        ],
        released=date(2023, 5, 31),
    )
    may = document(
        "may",
        [
            fiscal("revenue", "22000.0", month(2023, 5)),
            fiscal("revenue", "43000.9", Period(date(2023, 4, 1), date(2023, 5, 31), PeriodKind.FLOW, "2 months")),
            fiscal("reserves_start", "804999.9", at(2023, 4, 30)),
            fiscal("reserves_start", "834000.1", at(2023, 3, 31)),
        ],
        released=date(2023, 6, 30),
    )
    found = {r["month_ended"]: r for r in rows(tmp_path, [april, may], "marts.fiscal_monthly")}
    assert set(found) == {date(2023, 4, 30), date(2023, 5, 31)}
    first = found[date(2023, 4, 30)]
    assert (first["revenue"], first["expenditure"], first["surplus"]) == (
        Decimal("21000.5"),
        Decimal("-50000.7"),
        Decimal("-29000.2"),
    )
    assert (first["reserves_start"], first["reserves_end"]) == (Decimal("834000.0"), Decimal("804999.8"))
    second = found[date(2023, 5, 31)]
    assert (second["revenue"], second["reserves_start"], second["reserves_end"]) == (
        Decimal(22000),
        Decimal("804999.9"),
        None,
    )


def test_diseases_stand_by_month_without_totals(tmp_path: Path) -> None:
    def cases(code: str, value: str | None, period: Period, **more: object) -> Figure:
        figure = Figure("chp_notifiable_diseases", "cases", value, period, (("disease", code),), "", code)
        return replace(figure, **more)  # type: ignore[arg-type]

    made = document(
        "chp",
        [
            cases("malaria", "3", month(2022, 1)),
            cases("malaria", None, month(2022, 2), absence=Absence.NIL),
            cases("malaria", "40", year(2022)),
            cases("TOTAL", "99", month(2022, 1), is_total=True),
        ],
    )
    found = rows(tmp_path, [made], "marts.chp_notifiable_diseases")
    assert [(r["code"], r["month_ended"], r["cases"]) for r in found] == [("malaria", date(2022, 1, 31), 3)]


def test_a_series_without_a_mart_of_its_own_is_queried_all_the_same(tmp_path: Path) -> None:
    made = document("a", [Figure("brand_new", "widgets", "12.5", month(2022, 1), quantum="0.1", unit="tonnes")])
    (row,) = rows(tmp_path, [made], "marts.observations")
    assert (row["series"], row["measure"], row["value"], row["unit"]) == (
        "brand_new",
        "widgets",
        Decimal("12.5"),
        "tonnes",
    )


def test_an_unclaimed_table_keeps_its_verdict_and_its_figures(tmp_path: Path) -> None:
    made = document("a", [received(2020, "77", fate=Fate.UNCLAIMED)])
    made = replace(made, shape=replace(made.shape, claims=()))
    (table,) = rows(tmp_path, [made], "core.tables")
    assert (table["series"], table["verdict"], table["argument"]) == ("unclaimed", "proved", "the total holds")
    (cell,) = rows(tmp_path, [made], "core.cells")
    assert (cell["text"], cell["value"], cell["row_label"], cell["column_label"]) == ("77", 77, "2020", "Figure")


def test_a_document_that_cannot_be_read_is_in_quarantine_with_its_reason(tmp_path: Path) -> None:
    (kept_out,) = rows(tmp_path, [unreadable("empty.pdf")], "quality.quarantine")
    assert (kept_out["level"], kept_out["path"], kept_out["reason"]) == (
        "document",
        "dropped/empty.pdf",
        "The file is empty.",
    )


def test_a_table_that_no_room_judged_is_quarantined_and_told(tmp_path: Path) -> None:
    made = document("a", [received(2020, "3966")])
    lost = replace(made, proof=replace(made.proof, tables=()), shape=replace(made.shape, dispositions=()))
    kept_out = rows(tmp_path, [lost], "quality.quarantine", "level = 'cell'")
    assert {q["text"] for q in kept_out} == {"3966", "2020"}
    (told,) = rows(tmp_path, [lost], "quality.findings")
    assert told["code"] == "table-not-shaped"
    (covered,) = rows(tmp_path, [lost], "quality.coverage")
    assert (covered["read"], covered["quarantine"], covered["unaccounted"]) == (2, 2, 0)
