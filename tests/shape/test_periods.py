"""What printed labels say of their periods, in the forms that the documents use."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.model import PeriodKind
from pipelines.shape import periods


def d(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("label", "start", "end"),
    [
        ("2007", "2007-01-01", "2007-12-31"),
        ("2020*", "2020-01-01", "2020-12-31"),
        ("2021**", "2021-01-01", "2021-12-31"),
        ("2019年", "2019-01-01", "2019-12-31"),
        ("二○一五", "2015-01-01", "2015-12-31"),
        ("二零二一年", "2021-01-01", "2021-12-31"),
        ("2006 (June to December)", "2006-06-01", "2006-12-31"),
        ("2006\n(June to December)", "2006-06-01", "2006-12-31"),
        ("2006年（六月至十二月）", "2006-06-01", "2006-12-31"),
        ("2006 (6月至12月)", "2006-06-01", "2006-12-31"),
        ("2003 (10月至12月)", "2003-10-01", "2003-12-31"),
        ("2015 (1月至5月)", "2015-01-01", "2015-05-31"),
        ("2021-22", "2021-04-01", "2022-03-31"),
        ("1999-2000", "1999-04-01", "2000-03-31"),
        ("2007-2008 (financial year)", "2007-04-01", "2008-03-31"),
        ("2021-22 (first half)", "2021-04-01", "2021-09-30"),
        ("2021-22年度（下半年）", "2021-10-01", "2022-03-31"),
        ("Q1 2024", "2024-01-01", "2024-03-31"),
        ("2024年第三季", "2024-07-01", "2024-09-30"),
        ("first 11 months of 2023", "2023-01-01", "2023-11-30"),
        ("2018 (up to November 30)", "2018-01-01", "2018-11-30"),
        ("二○一八(截至十一月三十日)", "2018-01-01", "2018-11-30"),
        ("October 2015 to March 2016", "2015-10-01", "2016-03-31"),
        ("2015年10月至2016年3月", "2015-10-01", "2016-03-31"),
        ("January 2005", "2005-01-01", "2005-01-31"),
        ("Month ended\nMarch 31, 2002\nHK $ million", "2002-03-01", "2002-03-31"),
        ("Month Ended\n31-3-1999\nHK$ million", "1999-03-01", "1999-03-31"),
        ("Month Ended\nSept 30, 1998", "1998-09-01", "1998-09-30"),
        ("Four months ended July 31, 2015", "2015-04-01", "2015-07-31"),
        ("11 months ended 28 February 2014", "2013-04-01", "2014-02-28"),
        ("Year ended 31-3-1999", "1998-04-01", "1999-03-31"),
        ("Year to date\n(April 1, 1998 to\nSept 30, 1998)\nHK $ million", "1998-04-01", "1998-09-30"),
        ("Apr. 1, 1998 to\nDec. 31, 1998", "1998-04-01", "1998-12-31"),
        ("Year to date\nApril 1 to\nDec 31, 2000\nHK $ million", "2000-04-01", "2000-12-31"),
        ("April 1 to Jan 31, 2001", "2000-04-01", "2001-01-31"),
    ],
)
def test_a_label_says_its_period(label: str, start: str, end: str) -> None:
    said = periods.read(label, 4)
    assert said is not None and (said.start, said.end) == (d(start), d(end))


@pytest.mark.parametrize(
    "label",
    [
        "", "Total", "Others", "2003-05", "2021-23", "Month ended March 30, 2002", "1 234", "2006 or so", "Year",
        "20071", "31-13-1999", "Month ended", "13月", "2006年13月", "March 31, 2002 to March 1, 2002", "First",
    ],
)  # fmt: skip
def test_what_is_no_period_says_none(label: str) -> None:
    assert periods.read(label, 4) is None


@pytest.mark.parametrize(
    ("label", "months"),
    [("(June to December)", (6, 12)), ("六月至十二月", (6, 12)), ("Jan", (1, 1)), ("12月", (12, 12))],
)
def test_months_without_a_year_stay_without_it(label: str, months: tuple[int, int]) -> None:
    said = periods.read(label)
    assert said is not None and said.months == months and said.end is None
    assert said.period(label, PeriodKind.FLOW) is None


def test_a_month_is_a_flow_and_the_year_to_date_a_cumulative() -> None:
    month, so_far = periods.read("Month ended May 31, 2015", 4), periods.read("Two months ended May 31, 2015", 4)
    assert month is not None and month.kind is PeriodKind.FLOW and month.span == "month"
    assert so_far is not None and so_far.kind is PeriodKind.CUMULATIVE


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("As of end 2021, a total of 36 689", "2021-12-31"),
        ("As at March 31, 2013", "2013-03-31"),
        ("as at end-March 2023", "2023-03-31"),
        ("up to 30 November 2013", "2013-11-30"),
        ("By the end of 2021", "2021-12-31"),
        ("截至2021年年底", "2021-12-31"),
        ("截至二○二一年十二月三十一日", "2021-12-31"),
        ("截至2023年3月底", "2023-03-31"),
    ],
)
def test_an_as_of_phrase_says_its_date(text: str, end: str) -> None:
    assert [day for _, _, day in periods.as_of_in(text)] == [d(end)]


@pytest.mark.parametrize("text", ["by 2021", "as of 1 000 applications", "at the end", "up to 2 000 a year", "至今"])
def test_what_dates_nothing_gives_no_date(text: str) -> None:
    assert periods.as_of_in(text) == []


@pytest.mark.parametrize(
    ("title", "spans"),
    [
        ("Number of notifiable infectious diseases by month in 2018", {("2018-01-01", "2018-12-31")}),
        ("Visas issued in 2020-21", {("2020-04-01", "2021-03-31")}),
        ("From January 2015 to March 2016", {("2015-01-01", "2016-03-31")}),
        ("2016 compared with 2017", {("2016-01-01", "2016-12-31"), ("2017-01-01", "2017-12-31")}),
        ("LCQ15: Quality Migrant Admission Scheme", set()),
        ("Financial results for the ten months ended January 31, 2005", {("2004-04-01", "2005-01-31")}),
    ],
)
def test_a_title_names_its_periods(title: str, spans: set[tuple[str, str]]) -> None:
    assert {(str(s.start), str(s.end)) for s in periods.named_in(title, 4)} == spans
