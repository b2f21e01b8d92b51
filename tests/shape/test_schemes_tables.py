"""Tables of several schemes, known by their shape: where scheme, measure and period stand, and what is declined."""

from __future__ import annotations

import pytest

from tests.shape import making as make
from tests.shape.test_layouts import shaped

Row = tuple[str, str, str, int]
EN = [["Scheme", "Applications received", "Applications approved"], ["Top Talent Pass Scheme", "310", "290"]]
EN += [["Quality Migrant Admission Scheme (QMAS)", "520", "140"], ["Total", "830", "430"]]
ZH = [["計劃", "接獲申請數目", "獲批申請數目"], ["輸入內地人才計劃", "310", "290"], ["科技人才入境計劃", "52", "14"]]
YEARS_EN = [["Scheme", "2021", "2022"], ["GEP", "310", "290"], ["Technology Talent Admission Scheme", "52", "14"]]
YEARS_ZH = [["計劃", "2021年", "2022年"], ["一般就業政策", "310", "290"], ["職專畢業生留港計劃", "52", "14"]]
ACROSS_EN = [["Year", "GEP", "ASMTP"], ["2021", "310", "290"], ["2022", "52", "14"], ["2023", "53", "15"]]
ACROSS_ZH = [["年份", "一般就業政策", "輸入內地人才計劃"], ["2021", "310", "290"], ["2022", "52", "14"]]


def figures(rows: list[list[str]], lead: str, title: str = "A reply", note: str = "") -> set[Row]:
    """What loads of one table: (scheme, measure, last day, value)."""
    result = shaped(*([lead] if lead else []), make.grid(0, rows), *([note] if note else []), title=title)
    return {
        (dict(o.dimensions)["scheme"], o.measure, str(o.period.end), int(o.value or 0)) for o in result.observations
    }


def test_a_row_a_scheme_takes_its_period_from_the_lead_in() -> None:
    lead = "The numbers of applications under each scheme in 2023 were as follows:"
    assert figures(EN, lead) == {
        ("TTPS", "applications_received", "2023-12-31", 310),
        ("TTPS", "applications_approved", "2023-12-31", 290),
        ("QMAS", "applications_received", "2023-12-31", 520),
        ("QMAS", "applications_approved", "2023-12-31", 140),
        ("ALL", "applications_received", "2023-12-31", 830),
        ("ALL", "applications_approved", "2023-12-31", 430),
    }


def test_a_row_a_scheme_is_read_in_chinese() -> None:
    assert figures(ZH, "2023年各項計劃的申請數目如下：") == {
        ("ASMTP", "applications_received", "2023-12-31", 310),
        ("ASMTP", "applications_approved", "2023-12-31", 290),
        ("TECHTAS", "applications_received", "2023-12-31", 52),
        ("TECHTAS", "applications_approved", "2023-12-31", 14),
    }


@pytest.mark.parametrize(
    "note", ["Note: persons who were allotted quotas.", "註：獲分配名額的申請人。", "* Number of quotas allotted."]
)
def test_a_note_turns_approved_into_quotas_allotted_for_the_quota_scheme_alone(note: str) -> None:
    found = figures(EN, "The numbers of applications under each scheme in 2023 were as follows:", note=note)
    assert {(s, v) for s, m, _, v in found if m == "quotas_allotted"} == {("QMAS", 140)}
    assert ("TTPS", "applications_approved", "2023-12-31", 290) in found


@pytest.mark.parametrize(
    "text", ["The quota is 4 000 a year.", "Note: figures are provisional.", "註：數字為臨時數字。"]
)
def test_another_note_turns_nothing(text: str) -> None:
    found = figures(EN, "The numbers of applications under each scheme in 2023 were as follows:", note=text)
    assert {m for _, m, _, _ in found} == {"applications_received", "applications_approved"}


def test_a_row_a_scheme_without_any_period_stays_out() -> None:
    assert figures(EN, "The numbers of applications under each scheme were as follows:") == set()


@pytest.mark.parametrize(
    ("rows", "lead", "first", "measure"),
    [
        (YEARS_EN, "The numbers of applications received under each scheme:", "GEP", "applications_received"),
        (YEARS_EN, "The numbers of applications approved under each scheme:", "GEP", "applications_approved"),
        (YEARS_ZH, "各項計劃接獲的申請數目：", "GEP", "applications_received"),
        (YEARS_ZH, "各項計劃獲批的申請數目：", "GEP", "applications_approved"),
        (ACROSS_EN, "The numbers of applications received under each scheme:", "GEP", "applications_received"),
        (ACROSS_EN, "The numbers of applications approved under each scheme:", "GEP", "applications_approved"),
        (ACROSS_ZH, "各項計劃接獲的申請數目：", "GEP", "applications_received"),
        (ACROSS_ZH, "各項計劃獲批的申請數目：", "GEP", "applications_approved"),
    ],
)
def test_schemes_by_years_take_their_measure_from_the_lead_in(
    rows: list[list[str]], lead: str, first: str, measure: str
) -> None:
    found = figures(rows, lead)
    assert (first, measure, "2021-12-31", 310) in found
    assert {m for _, m, _, _ in found} == {measure}
    assert len(found) == (len(rows) - 1) * 2


@pytest.mark.parametrize(
    "lead",
    [
        "The numbers of applications received and approved under each scheme:",
        "The numbers of applications under each scheme:",
        "Applications for extension of stay approved under each scheme:",
        "Applications received from dependants under each scheme:",
        "The numbers of applications refused under each scheme:",
        "各項計劃接獲及獲批的申請數目：",
        "各項計劃獲批的受養人申請數目：",
        "各項計劃獲批的延期逗留申請數目：",
        "各項計劃原則上獲批的申請數目：",
    ],
)
def test_schemes_by_years_stay_out_where_the_lead_in_leaves_the_measure_open(lead: str) -> None:
    assert figures(YEARS_EN, lead) == set()
    assert figures(ACROSS_EN, lead) == set()


def test_two_tables_for_received_and_approved_keep_apart() -> None:
    result = shaped(
        "Applications received under each scheme:", make.grid(0, YEARS_EN),
        "Applications approved under each scheme:", make.grid(1, ACROSS_EN),
    )  # fmt: skip
    assert {(o.series, o.measure) for o in result.observations} == {
        ("schemes_received", "applications_received"), ("schemes_approved", "applications_approved"),
    }  # fmt: skip


def test_a_header_that_names_a_measure_goes_before_the_lead_in() -> None:
    rows = [["Year", "GEP\nApproved", "ASMTP\nApproved"], *ACROSS_EN[1:]]
    found = figures(rows, "The numbers of applications received under each scheme:")
    assert {m for _, m, _, _ in found} == {"applications_approved"}


def test_refused_withdrawn_and_pending_are_measures_of_their_own() -> None:
    rows = [
        ["Scheme", "Received", "Approved in principle", "Formally approved", "Refused", "Withdrawn", "Being processed"]
    ]
    rows += [["New CIES", "91", "42", "33", "14", "5", "26"], ["TTPS", "92", "43", "34", "15", "6", "27"]]
    found = figures(rows, "Applications under each scheme in 2024:")
    assert {m: v for s, m, _, v in found if s == "NEWCIES"} == {
        "applications_received": 91, "approvals_in_principle": 42, "applications_approved": 33,
        "applications_rejected": 14, "applications_withdrawn": 5, "applications_pending": 26,
    }  # fmt: skip


def test_a_new_scheme_of_the_same_words_is_not_the_old_one() -> None:
    rows = [
        ["Scheme", "Received"],
        ["Capital Investment Entrant Scheme", "7 000"],
        ["New Capital Investment Entrant Scheme", "90"],
    ]
    found = figures(rows, "Applications under each scheme in 2024:")
    assert {(s, v) for s, _, _, v in found} == {("CIES", 7000), ("NEWCIES", 90)}


KEY = [["Number of enquiries", "9 100"], ["Number of applications", "812"]]
KEY += [["Applications verified as having fulfilled the Net Asset Requirement (i.e. own assets)", "641"]]
KEY_ZH = [["接獲申請數目", "812"], ["核實符合淨資產要求的申請數目", "641"]]
KEY_LEAD = "Numbers of the New Capital Investment Entrant Scheme as at June 30, 2025:"


def key_numbers(rows: list[list[str]], lead: str) -> dict[str, int]:
    result = shaped(lead, make.grid(0, rows, header_rows=0), title="Numbers")
    return {o.measure: int(o.value or 0) for o in result.observations}


def test_key_numbers_need_no_header() -> None:
    assert key_numbers(KEY, KEY_LEAD) == {
        "enquiries": 9100, "applications_received": 812, "net_asset_requirement_fulfilled": 641,
    }  # fmt: skip
    assert key_numbers(KEY_ZH, "截至2025年6月30日，新資本投資者入境計劃的數字如下：") == {
        "applications_received": 812, "net_asset_requirement_fulfilled": 641,
    }  # fmt: skip


@pytest.mark.parametrize(
    "lead",
    [
        "Numbers of the Capital Investment Entrant Scheme as at June 30, 2014:",
        "Numbers of the New Capital Investment Entrant Scheme:",
    ],
)
def test_key_numbers_of_another_scheme_or_of_no_day_stay_out(lead: str) -> None:
    assert key_numbers(KEY, lead) == {}


def test_key_numbers_with_two_columns_under_no_head_stay_out() -> None:
    assert key_numbers([[*row, "5"] for row in KEY], KEY_LEAD) == {}
