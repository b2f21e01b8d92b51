"""The three tables of the Quality Migrant Admission Scheme, made by hand from the published figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from pipelines.model import Fate, Finding, Grid, PeriodKind, ShapeResult, Verdict
from pipelines.shape import shape_document
from tests.shape import making as make

YEARS = {
    2006: (587, 83), 2007: (627, 239), 2008: (1358, 564), 2009: (1296, 593), 2010: (1177, 329), 2011: (1674, 286),
    2012: (1965, 298), 2013: (1787, 332), 2014: (2341, 373), 2015: (1829, 208), 2016: (1575, 273), 2017: (1932, 411),
    2018: (3314, 555), 2019: (5896, 874), 2020: (3966, 1709), 2021: (5365, 2004),
}  # fmt: skip
INDUSTRIES = [
    ("Financial and Accounting Services", "2 264"), ("Information Technology and Telecommunications", "2 188"),
    ("Architecture, Surveying, Engineering and Construction", "704"), ("Academic Research and Education", "579"),
    ("Commerce and Trade", "573"), ("Manufacturing Industries", "554"), ("Business Support and Human Resources", "383"),
    ("Legal Services", "342"), ("Arts and Culture", "329"), ("Human Health and Veterinary Services", "288"),
    ("Broadcasting and Entertainment", "211"), ("Sports", "195"), ("Logistics and Transportation", "178"),
    ("Catering and Tourism", "53"), ("Others", "290"),
]  # fmt: skip
PLACES_ZH = [
    ("內地", "8 039"), ("美國", "183"), ("加拿大", "160"), ("澳洲", "157"), ("英國", "95"), ("印度", "71"),
    ("新加坡", "65"), ("馬來西亞", "63"), ("中國台灣", "45"), ("紐西蘭", "44"), ("其他", "209"),
]  # fmt: skip
LEAD_IN = "The QMAS began in June 2006. As of end 2021, 36 689 applications were received and 9 131 quotas allotted."


def by_year(
    first: str = "2006 (June to December)", head: tuple[str, ...] = ("Year", "Applications Received", "Quotas Allotted")
) -> Grid:
    rows = [
        [first if y == 2006 else f"{y}" + "*" * (y - 2019 if y > 2019 else 0), str(a), str(b)]
        for y, (a, b) in YEARS.items()
    ]
    return make.grid(0, [list(head), *rows, ["Total", "36 689", "9 131"]])


def by(
    ordinal: int, head: tuple[str, str], rows: list[tuple[str, str]], total: tuple[str, str] = ("Total", "9 131")
) -> Grid:
    return make.grid(ordinal, [list(head), *map(list, rows), list(total)])


def shape(*blocks: Grid | str, **how: object) -> ShapeResult:
    proofs = [make.proof(b, **how) for b in blocks if isinstance(b, Grid)]
    return shape_document(make.document(*blocks), make.judged(*proofs), make.cards())


def codes(findings: tuple[Finding, ...]) -> list[str]:
    """The findings about tables; what is said of sentences is the matter of `test_statements`."""
    return [f.code for f in findings if f.code != "sentence-not-read"]


def test_the_years_become_facts_and_the_part_year_keeps_its_months() -> None:
    result = shape(LEAD_IN, by_year())
    facts = {(o.measure, o.period.start): o for o in result.observations if not o.is_total}
    assert len(facts) == 32
    for year, (received, allotted) in YEARS.items():
        start = date(year, 6 if year == 2006 else 1, 1)
        assert facts["applications_received", start].value == received
        assert facts["quotas_allotted", start].value == allotted
        assert facts["quotas_allotted", start].period.end == date(year, 12, 31)
        assert facts["quotas_allotted", start].period.kind is PeriodKind.FLOW


def test_the_total_is_marked_and_cumulative_over_all_years() -> None:
    totals = {o.measure: o for o in shape(LEAD_IN, by_year()).observations if o.is_total}
    assert totals["quotas_allotted"].value == 9131
    assert (totals["quotas_allotted"].period.start, totals["quotas_allotted"].period.end) == (
        date(2006, 6, 1),
        date(2021, 12, 31),
    )
    assert totals["quotas_allotted"].period.kind is PeriodKind.CUMULATIVE


def test_a_lost_year_is_inferred_from_its_neighbours_and_said_to_be() -> None:
    result = shape(LEAD_IN, by_year("(June to December)"))
    first = [o for o in result.observations if o.period.start == date(2006, 6, 1) and not o.is_total]
    assert [o.value for o in first] == [Decimal(587), Decimal(83)]
    assert all("2006" in o.inferred and o.status == "inferred label" for o in first)
    assert {(o.label, o.period.label) for o in first} == {("(June to December)", "2006 (June to December)")}


def test_a_lost_year_in_the_middle_stays_open() -> None:
    rows = [["Year", "Applications Received", "Quotas Allotted"], ["2006", "587", "83"], ["2007", "627", "239"]]
    rows += [["(June to December)", "1 358", "564"], ["2009", "1 296", "593"], ["2010", "1 177", "329"]]
    result = shape(LEAD_IN, make.grid(0, rows))
    assert 1358 not in {o.value for o in result.observations}
    held = [d for d in result.dispositions if d.fate is Fate.QUARANTINE]
    assert [d.reason for d in held] == ["the period is open"] * 2


def test_a_table_without_a_period_is_dated_by_its_total() -> None:
    result = shape(
        "The question asks for last year.", LEAD_IN, by_year(), by(1, ("Industry", "Quotas Allotted"), INDUSTRIES)
    )
    facts = [o for o in result.observations if o.series == "qmas_by_industry"]
    assert sum(o.value for o in facts if not o.is_total) == 9131
    assert {o.period.end for o in facts} == {date(2021, 12, 31)}
    assert {o.period.start for o in facts} == {date(2006, 6, 1)}
    assert {o.period.kind for o in facts} == {PeriodKind.CUMULATIVE}
    assert {o.classification for o in facts} == {"qmas-15-industries"}
    assert len({o.dimensions for o in facts}) == 16


def test_the_sentence_alone_dates_the_total() -> None:
    result = shape(LEAD_IN, by(0, ("國家/地區", "獲分配名額"), PLACES_ZH, ("總計", "9 131")))
    facts = [o for o in result.observations if not o.is_total]
    assert [o.series for o in facts] == ["qmas_by_place"] * 11
    assert dict(o.dimensions[0] for o in facts) == {"place": "OTHERS"}
    assert {o.dimensions[0][1]: o.value for o in facts}["TW"] == 45
    assert {o.period.end for o in facts} == {date(2021, 12, 31)}


def test_a_total_that_is_one_years_figure_is_that_years() -> None:
    rows = [("The mainland of China", "1 860"), ("Australia", "33"), ("Canada", "27"), ("Others", "84")]
    result = shape(LEAD_IN, by_year(), by(1, ("Country/Region", "Quotas Allotted"), rows, ("Total", "2 004")))
    facts = [o for o in result.observations if o.series == "qmas_by_place"]
    assert {(o.period.start, o.period.end, o.period.kind) for o in facts} == {
        (date(2021, 1, 1), date(2021, 12, 31), PeriodKind.FLOW)
    }


def test_rows_that_print_no_total_are_dated_by_their_sum() -> None:
    table = make.grid(1, [["Industry", "Quotas Allotted"], *map(list, INDUSTRIES)])
    result = shape(LEAD_IN, by_year(), table)
    assert {o.period.end for o in result.observations if o.series == "qmas_by_industry"} == {date(2021, 12, 31)}
    wrong = make.grid(1, [["Industry", "Quotas Allotted"], *map(list, INDUSTRIES[1:])])
    assert "qmas_by_industry" not in {o.series for o in shape(LEAD_IN, by_year(), wrong).observations}


def test_a_total_that_nothing_dates_leaves_the_table_in_quarantine() -> None:
    result = shape("The QMAS asks.", by(0, ("Industry", "Quotas Allotted"), INDUSTRIES))
    assert result.observations == ()
    assert codes(result.findings) == ["period-open"]
    assert {d.fate for d in result.dispositions} == {Fate.QUARANTINE}
    assert len(result.dispositions) == 16


@pytest.mark.parametrize(
    "sentence",
    [
        "As of end 2021, 9 131 quotas had been allotted under the QMAS, of which 2 004 in 2021.",
        "As of end 2021, 9 131 quotas had been allotted under the QMAS. In 2021, 2 004 were.",
        "As of end 2021, 9 131 quotas had been allotted under the QMAS. Last year saw 2 004 of them.",
        "截至2021年年底，優才計劃共分配了9 131個名額，去年則有2 004個。",
        "As of end 2021, 9 131 quotas had been allotted under the QMAS, and in 2021, 2 004.",
        "As of end 2021 the QMAS had 12 004 applications; 2 004 of the 5 365 of the same year succeeded.",
    ],
)
def test_a_clause_with_a_period_of_its_own_does_not_date_a_total(sentence: str) -> None:
    rows = [("The mainland of China", "1 860"), ("Australia", "33"), ("Canada", "27"), ("Others", "84")]
    result = shape(sentence, by(0, ("Country/Region", "Quotas Allotted"), rows, ("Total", "2 004")))
    assert result.observations == () and codes(result.findings) == ["period-open"]


@pytest.mark.parametrize(
    "sentence",
    [
        "As of end 2021, 9 131 quotas had been allotted under the QMAS, of which 2 004 in 2021.",
        "By the end of 2021 the QMAS had drawn 36,689 applications, and 9,131 applicants had a quota.",
        "截至二○二一年十二月三十一日，優才計劃共接獲36 689宗申請，當中9 131名申請人獲分配名額。",
        "The QMAS began in June 2006. As of end 2021, 36 689 came in. Among them, 9 131 applicants had quotas.",
    ],
)
def test_a_clause_without_a_period_of_its_own_dates_a_total(sentence: str) -> None:
    result = shape(sentence, by(0, ("Industry", "Quotas Allotted"), INDUSTRIES))
    assert {o.period.end for o in result.observations} == {date(2021, 12, 31)}


def test_evidence_that_points_to_two_dates_settles_nothing() -> None:
    other = "As at end 2020, 9 131 quotas had been allotted under the QMAS."
    result = shape(LEAD_IN, other, by(0, ("Industry", "Quotas Allotted"), INDUSTRIES))
    assert result.observations == ()
    assert "more than one way" in result.findings[0].message


def test_an_unknown_label_is_a_finding_and_has_no_code() -> None:
    rows = [*INDUSTRIES[:-1], ("Space Mining", "290")]
    result = shape(LEAD_IN, by(0, ("Industry", "Quotas Allotted"), rows))
    odd = [o for o in result.observations if o.status == "unknown label"]
    assert [(o.label, o.dimensions) for o in odd] == [("Space Mining", (("industry", ""),))]
    assert codes(result.findings) == ["unknown-label"]


def test_others_of_a_list_that_is_not_whole_has_no_code() -> None:
    rows = [*INDUSTRIES[:3], ("Others", "3 975")]
    result = shape(LEAD_IN, by(0, ("Industry", "Quotas Allotted"), rows))
    assert [o.label for o in result.observations if o.status == "unknown label"] == ["Others"]


@pytest.mark.parametrize("verdict", [Verdict.AMBIGUOUS, Verdict.CONTRADICTED])
def test_a_cell_that_does_not_load_is_in_quarantine_and_the_rest_is_not(verdict: Verdict) -> None:
    result = shape(LEAD_IN, by_year(), verdicts={(3, 1): verdict})
    held = [d for d in result.dispositions if d.fate is Fate.QUARANTINE]
    assert [d.cell_id[-8:] for d in held] == ["r003c001"]
    assert len(result.observations) == 33


def test_a_table_whose_failure_is_not_confined_gives_nothing() -> None:
    result = shape(LEAD_IN, by_year(), confined=False)
    assert result.observations == ()
    assert sum(d.fate is Fate.QUARANTINE for d in result.dispositions) == 34


def test_a_table_of_another_scheme_is_unclaimed() -> None:
    result = shape("The Top Talent Pass Scheme in figures:", by_year())
    assert result.observations == () and result.claims == ()
    assert {d.fate for d in result.dispositions} == {Fate.UNCLAIMED, Fate.IGNORED}


def test_every_numeric_cell_has_one_fate() -> None:
    table = by_year()
    result = shape(LEAD_IN, table)
    expected = [
        f"{make.DOCUMENT}-t000-r{c.row:03d}c{c.col:03d}" for c in table.cells if any(x.isdigit() for x in c.text)
    ]
    assert [d.cell_id for d in result.dispositions] == expected
    assert [d.reason for d in result.dispositions if d.fate is Fate.IGNORED] == ["row label"] * 16


def test_swapped_columns_follow_their_headers() -> None:
    rows = [[str(y), str(b), str(a)] for y, (a, b) in YEARS.items() if y > 2006]
    swapped = make.grid(0, [["Year", "Quotas Allotted", "Applications Received"], *rows])
    values = {(o.measure, o.period.start.year): o.value for o in shape(LEAD_IN, swapped).observations if o.period.start}
    assert all(values["quotas_allotted", y] == b for y, (_, b) in YEARS.items() if y > 2006)


@pytest.mark.parametrize("header_rows", [0, 1, 2])
def test_a_label_that_lost_its_year_and_its_line_is_not_taken_for_a_header(header_rows: int) -> None:
    rows = [["Year Applications Received", "", ""], ["Quotas Allotted", "", ""], ["(June to December)", "", ""]]
    rows += [["", "587", "83"]] + [[str(y), str(a), str(b)] for y, (a, b) in YEARS.items() if y > 2006]
    grid = make.grid(0, rows, header_rows=(0, 2, 3)[header_rows])
    result = shape(LEAD_IN, grid)
    first = [o for o in result.observations if o.period.start == date(2006, 6, 1) and not o.is_total]
    assert {o.measure: o.value for o in first} == {"applications_received": 587, "quotas_allotted": 83}
    assert {o.status for o in first} == {"inferred label"} and len(result.observations) == 32


def test_a_broken_header_is_put_together_from_the_cards_labels() -> None:
    rows = [["Year Applications Received", "", ""], ["Quotas Allotted", "", ""]]
    rows += [[str(y), str(a), str(b)] for y, (a, b) in YEARS.items() if y > 2006]
    result = shape(LEAD_IN, make.grid(0, rows, header_rows=2))
    values = {(o.measure, o.period.start.year): o.value for o in result.observations if o.period.start}
    assert values["applications_received", 2008] == 1358 and values["quotas_allotted", 2008] == 564
