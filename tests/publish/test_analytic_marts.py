"""The marts that compare: shares, ratios, diversity, the mix of industries, and the Talent List beside it.

Small lists in, rows out; and what each mart must not say: a share of a list with a row missing, a ratio of figures
that are not of one period and list.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipelines.model import Absence, Fate, Period, PeriodKind, Verdict
from pipelines.settings import PROJECT
from tests.publish.making import Figure, Made, document, rows, year


def since_2006(end: int) -> Period:
    return Period(date(2006, 6, 1), date(end, 12, 31), PeriodKind.CUMULATIVE, f"2006 to {end}")


def listed(dimension: str, figures: Mapping[str, str], *, end: int = 2021, name: str = "list", **more: Any) -> Made:
    """One release with one list; the code TOTAL is its printed total."""
    made = [
        replace(
            Figure(
                f"qmas_by_{dimension}",
                "quotas_allotted",
                value,
                since_2006(end),
                ((dimension, code),),
                "the-list",
                code,
            ),
            is_total=code == "TOTAL",
            **more,
        )
        for code, value in figures.items()
    ]
    return document(name, made, released=date(end + 1, 1, 19))


def by_code(found: list[Mapping[str, Any]], column: str) -> dict[str, Any]:
    return {row["code"]: row[column] for row in found}


PLACES = {"MAINLAND": "80", "CA": "10", "US": "5", "OTHERS": "5", "TOTAL": "100"}


def test_a_share_is_of_the_printed_total_and_others_has_no_rank(tmp_path: Path) -> None:
    found = rows(tmp_path, [listed("place", PLACES)], "marts.qmas_shares")
    assert by_code(found, "share_percent") == {
        "MAINLAND": Decimal(80), "CA": Decimal(10), "US": Decimal(5), "OTHERS": Decimal(5),
    }  # fmt: skip
    assert by_code(found, "rank") == {"MAINLAND": 1, "CA": 2, "US": 3, "OTHERS": None}
    assert {r["total_is"] for r in found} == {"printed total"}
    assert all(len(r["sources"]) == 2 for r in found)  # its own cell and that of the total


def test_equal_figures_share_a_rank(tmp_path: Path) -> None:
    found = rows(tmp_path, [listed("place", {"CA": "5", "US": "5", "GB": "1", "TOTAL": "11"})], "marts.qmas_shares")
    assert by_code(found, "rank") == {"CA": 1, "US": 1, "GB": 3}


def test_where_a_row_is_missing_there_is_no_share_and_no_rank(tmp_path: Path) -> None:
    found = rows(tmp_path, [listed("place", {**PLACES, "TOTAL": "101"})], "marts.qmas_shares")
    assert len(found) == 4
    assert {(r["share_percent"], r["rank"]) for r in found} == {(None, None)}


def test_a_share_is_no_surer_than_its_denominator(tmp_path: Path) -> None:
    total = Figure(
        "qmas_by_place", "quotas_allotted", "10", since_2006(2021), (("place", "TOTAL"),), "l", "Total",
        verdict=Verdict.CONSISTENT, is_total=True,
    )  # fmt: skip
    own = replace(total, dimensions=(("place", "CA"),), verdict=Verdict.PROVED, is_total=False)
    (found,) = rows(tmp_path, [document("a", [own, total])], "marts.qmas_shares")
    assert (found["share_percent"], found["verdict"]) == (Decimal(100), "consistent")


def test_without_a_printed_total_the_sum_of_the_rows_is_named_as_the_denominator(tmp_path: Path) -> None:
    found = rows(tmp_path, [listed("industry", {"ICT": "30", "LEGAL": "10"})], "marts.qmas_shares")
    assert by_code(found, "share_percent") == {"ICT": Decimal(75), "LEGAL": Decimal(25)}
    assert {(r["total"], r["total_is"]) for r in found} == {(40, "sum of the rows")}


def figure(measure: str, value: str, period: Period, **more: Any) -> Figure:
    return replace(Figure("qmas_by_year", measure, value, period), **more)


def test_a_ratio_names_what_stands_above_and_below_the_line(tmp_path: Path) -> None:
    made = document(
        "a",
        [
            figure("applications_received", "400", year(2020)),
            figure("quotas_allotted", "100", year(2020), verdict=Verdict.UNPROVED),
        ],
    )
    (found,) = rows(tmp_path, [made], "marts.approval_ratios")
    assert (found["numerator_is"], found["denominator_is"]) == ("quotas_allotted", "applications_received")
    assert (found["per_hundred"], found["verdict"]) == (Decimal(25), "unproved")
    assert "not a count of refusals" in found["caveat"]


def test_of_received_and_processed_each_makes_a_ratio_of_its_own(tmp_path: Path) -> None:
    made = document(
        "a",
        [
            Figure("scheme", "applications_received", "400", year(2020)),
            Figure("scheme", "applications_processed", "200", year(2020)),
            Figure("scheme", "approvals", "100", year(2020)),
        ],
    )
    found = rows(tmp_path, [made], "marts.approval_ratios")
    assert {r["denominator_is"]: r["per_hundred"] for r in found} == {
        "applications_received": Decimal(25),
        "applications_processed": Decimal(50),
    }
    assert len({r["caveat"] for r in found}) == 2


def test_a_year_that_is_printed_and_the_total_of_its_months_make_one_ratio(tmp_path: Path) -> None:
    plain = [
        Figure("scheme_flows", "applications_received", "400", year(2016), verdict=Verdict.UNPROVED),
        Figure("scheme_flows", "approvals", "100", year(2016), verdict=Verdict.UNPROVED),
    ]
    totals = [replace(f, is_total=True, verdict=Verdict.PROVED) for f in plain]
    found = rows(tmp_path, [document("a", plain), document("b", totals)], "marts.approval_ratios")
    assert [(r["per_hundred"], r["verdict"]) for r in found] == [(Decimal(25), "proved")]


def test_figures_of_other_periods_lists_or_hedges_make_no_ratio(tmp_path: Path) -> None:
    made = document(
        "a",
        [
            figure("applications_received", "400", year(2019)),
            figure("quotas_allotted", "100", year(2020)),
            figure("applications_received", "400", year(2021), approx="about"),
            figure("quotas_allotted", "100", year(2021)),
            figure("applications_received", "0", year(2022)),
            figure("quotas_allotted", "7", year(2022)),
        ],
    )
    assert rows(tmp_path, [made], "marts.approval_ratios") == []


def test_the_effective_number_of_origins_is_bounded_where_others_are_not_one_place(tmp_path: Path) -> None:
    (found,) = rows(
        tmp_path, [listed("place", {"CA": "40", "US": "40", "OTHERS": "20", "TOTAL": "100"})], "marts.origin_diversity"
    )
    assert found["effective_origins_least"] == Decimal("2.78")  # 1 / (0.16 + 0.16 + 0.04)
    assert found["effective_origins_most"] == Decimal("3.13")  # 1 / (0.16 + 0.16)
    assert (found["places"], found["mainland_percent"], found["others_percent"]) == (2, None, Decimal(20))


def test_a_region_is_many_places_and_never_one(tmp_path: Path) -> None:
    """Replies list "Asia-Pacific", or "Canada, the United States, Australia and other places" in one row."""
    figures = {"MAINLAND": "80", "ASIA_PACIFIC": "10", "EUROPE": "10", "TOTAL": "100"}
    (found,) = rows(tmp_path, [listed("place", figures)], "marts.origin_diversity")
    assert (found["places"], found["groups"], found["others_percent"]) == (1, 2, Decimal(20))
    assert found["effective_origins_least"] == Decimal("1.52")  # 1 / (0.64 + 0.01 + 0.01)
    assert found["effective_origins_most"] == Decimal("1.56")  # 1 / 0.64


def test_of_a_series_of_many_schemes_each_has_its_own_diversity(tmp_path: Path) -> None:
    def one(scheme: str, place: str, value: str) -> Figure:
        return Figure(
            "scheme_by_place", "applications_approved", value, year(2021), (("place", place), ("scheme", scheme)), "l"
        )

    figures = [one("GEP", "GB", "5"), one("GEP", "JP", "5"), one("ASMTP", "MAINLAND", "9"), one("GEP", "TOTAL", "10")]
    made = document("a", [*figures[:3], replace(figures[3], is_total=True)])
    found = {r["scheme"]: r for r in rows(tmp_path, [made], "marts.origin_diversity")}
    assert {scheme: r["effective_origins_least"] for scheme, r in found.items()} == {
        "GEP": Decimal(2),
        "ASMTP": None,
    }
    assert {scheme: r["total_is"] for scheme, r in found.items()} == {
        "GEP": "printed total",
        "ASMTP": "not whole",  # one row without a total is no list
    }


def test_places_that_share_alike_count_in_full_and_one_place_counts_one(tmp_path: Path) -> None:
    alike = listed("place", {"CA": "7", "US": "7", "GB": "7", "FR": "7"}, end=2020, name="alike")
    alone = listed("place", {"MAINLAND": "7", "TOTAL": "7"}, end=2021, name="alone")
    found = rows(tmp_path, [alike, alone], "marts.origin_diversity")
    assert {r["period_end"].year: (r["effective_origins_least"], r["mainland_percent"]) for r in found} == {
        2020: (Decimal(4), None),
        2021: (Decimal(1), Decimal(100)),
    }


def test_a_list_that_does_not_add_up_or_holds_a_hedge_has_no_diversity(tmp_path: Path) -> None:
    short = listed("place", {**PLACES, "TOTAL": "101"}, end=2020, name="short")
    hedged = listed("place", {"CA": "40", "US": "60"}, end=2021, name="hedged", approx="about")
    found = rows(tmp_path, [short, hedged], "marts.origin_diversity")
    assert [(r["total_is"], r["effective_origins_least"], r["mainland_percent"]) for r in found] == [
        ("does not add up", None, None)
    ] * 2


def test_a_list_of_which_a_row_was_kept_out_has_no_share_and_no_diversity(tmp_path: Path) -> None:
    """The reply of October 9, 2013 prints one figure over five regions of the graduates: it is in quarantine, and the
    mainland alone is left in the column.  "100 % from the mainland" would be wrong."""
    kept = Figure(
        "qmas_by_place", "quotas_allotted", "20", since_2006(2013), (("place", "US"),), "l", "US",
        fate=Fate.QUARANTINE, reason="the cell spans several rows",
    )  # fmt: skip
    some = [
        replace(kept, dimensions=(("place", code),), label=code, fate=Fate.FACT, reason="") for code in ("CA", "GB")
    ]
    made = document("a", [*some, kept])
    (gap,) = rows(tmp_path, [made], "quality.incomplete_lists")
    assert (gap["dimension"], gap["kept_out"], gap["reason"]) == ("place", 1, "the cell spans several rows")
    (found,) = rows(tmp_path, [made], "marts.origin_diversity")
    assert (found["total_is"], found["total"], found["effective_origins_least"]) == ("not whole", None, None)
    shares = rows(tmp_path, [made], "marts.qmas_shares")
    assert len(shares) == 2 and {(r["share_percent"], r["rank"]) for r in shares} == {(None, None)}


def test_a_printed_total_that_the_rows_meet_settles_that_none_is_missing(tmp_path: Path) -> None:
    kept = Figure(
        "qmas_by_place", "quotas_allotted", "20", since_2006(2013), (("place", "US"),), "l", "US",
        fate=Fate.QUARANTINE, reason="the period is open",
    )  # fmt: skip
    known = replace(kept, fate=Fate.FACT, reason="")
    own = [replace(known, dimensions=(("place", code),), label=code) for code in ("CA", "GB")]
    total = replace(own[0], value="40", dimensions=(("place", "TOTAL"),), label="Total", is_total=True)
    (found,) = rows(tmp_path, [document("a", [*own, total, kept])], "marts.origin_diversity")
    assert (found["total_is"], found["effective_origins_least"]) == ("printed total", Decimal(2))


def test_quotas_by_points_test_stand_without_their_total_and_have_shares(tmp_path: Path) -> None:
    one = Figure("qmas_profile", "quotas_allotted", "1979", year(2021), (("test", "GPT"),), "points-tests", "General")
    other = replace(one, value="25", dimensions=(("test", "APT"),), label="Achievement")
    total = replace(one, value="2004", dimensions=(("test", "TOTAL"),), label="Total", is_total=True)
    by_sex = replace(one, value="1410", dimensions=(("sex", "MALE"),), label="Male")
    made = document("a", [one, other, total, by_sex])
    found = rows(tmp_path, [made], "marts.qmas_by_test")
    assert by_code(found, "quotas_allotted") == {"GPT": 1979, "APT": 25}
    shares = rows(tmp_path, [made], "marts.qmas_shares")
    assert by_code(shares, "share_percent") == {"GPT": Decimal("98.75"), "APT": Decimal("1.25")}
    assert {(r["dimension"], r["total"], r["total_is"]) for r in shares} == {("test", 2004, "printed total")}


def test_a_nil_is_nought_and_a_figure_that_is_not_available_is_a_gap(tmp_path: Path) -> None:
    nil = listed("place", {"CA": "9", "US": "1"}, end=2020, name="nil")
    gap = listed("place", {"CA": "9", "US": "1"}, end=2021, name="gap")
    more = Figure("qmas_by_place", "quotas_allotted", None, since_2006(2020), (("place", "GB"),), "the-list", "GB")
    nothing = document("x", [replace(more, absence=Absence.NIL)])
    unknown = document("y", [replace(more, absence=Absence.NOT_AVAILABLE, period=since_2006(2021))])
    found = rows(tmp_path, [nil, gap, nothing, unknown], "marts.origin_diversity")
    assert {r["period_end"].year: (r["total_is"], r["places"]) for r in found} == {
        2020: ("sum of the rows", 2),
        2021: ("does not add up", 2),
    }


def test_the_share_of_technology_changes_between_vintages_of_one_classification(tmp_path: Path) -> None:
    before = listed("industry", {"ICT": "20", "LEGAL": "80", "TOTAL": "100"}, end=2019, name="before")
    broken = listed("industry", {"ICT": "90", "LEGAL": "9", "TOTAL": "100"}, end=2020, name="broken")
    after = listed("industry", {"ICT": "50", "LEGAL": "150", "TOTAL": "200"}, end=2021, name="after")
    other = listed("industry", {"ICT": "1", "TOTAL": "1"}, end=2018, name="other")
    other = replace(
        other,
        shape=replace(
            other.shape, observations=tuple(replace(o, classification="another") for o in other.shape.observations)
        ),
    )
    found = rows(tmp_path, [before, broken, after, other], "marts.industry_mix", "classification = 'the-list'")
    assert [(r["period_end"].year, r["technology_percent"], r["technology_change"]) for r in found] == [
        (2019, Decimal(20), None),
        (2020, None, None),
        (2021, Decimal(25), Decimal(5)),
    ]
    assert found[2]["previous_period_end"] == date(2019, 12, 31)  # the list that does not add up is no vintage
    assert found[0]["concentration_most"] == Decimal("0.68")  # 0.2² + 0.8²


def test_an_industry_stands_beside_the_areas_of_the_talent_list_that_are_ours_to_put_there(tmp_path: Path) -> None:
    found = rows(tmp_path, [listed("industry", {"ARTS": "10", "SPORTS": "30", "TOTAL": "40"})], "marts.talent_demand")
    assert by_code(found, "areas") == {"ARTS": ["CREATIVE"], "SPORTS": []}
    assert by_code(found, "share_percent") == {"ARTS": Decimal(25), "SPORTS": Decimal(75)}
    assert all(r["figures_are_older"] for r in found)


def test_the_areas_of_the_mart_are_those_of_the_vocabulary(tmp_path: Path) -> None:
    with (PROJECT / "pipelines" / "vocabulary" / "talent_list.csv").open(encoding="utf-8") as file:
        terms = list(csv.DictReader(file))
    mapped = {
        (industry, term["code"], term["en"], term["valid_from"], term["classification"])
        for term in terms
        for industry in term["note"].removeprefix("industries:").strip().split("|")
        if industry
    }
    with (PROJECT / "pipelines" / "vocabulary" / "industries.csv").open(encoding="utf-8") as file:
        industries = {row["code"] for row in csv.DictReader(file)}
    assert len(terms) == 9 and {industry for industry, *_ in mapped} <= industries
    made = listed("industry", dict.fromkeys(sorted(industries), "1"))
    found = rows(tmp_path, [made], "marts.talent_demand")
    assert {
        (r["code"], *named, str(r["talent_list_from"]), r["talent_list"])
        for r in found
        for named in zip(r["areas"], [n for n in r["area_names"].split("; ") if n], strict=True)
    } == mapped
