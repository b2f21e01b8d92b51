"""Which words around a table say its period: phrases read whole or not at all, in English and Chinese."""

from __future__ import annotations

import calendar
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.model import PeriodKind, ShapeResult
from pipelines.shape import scope, shape_document
from pipelines.shape.governing import date_clause, governing_clause
from tests.shape import making as make

RELEASED = date(2026, 2, 4)
TAIL = {"en": " the applications under the Scheme, by category, are as follows:", "zh": "計劃的申請按類別劃分如下："}


def said(lead_in: str) -> tuple[str, str] | None:
    """First and last day of a lead-in; "" for the first of a figure since the launch."""
    tail = TAIL["en" if lead_in.isascii() else "zh"]
    found = date_clause(governing_clause(lead_in + tail), RELEASED).said
    if found is None or found.end is None:
        return None
    return (str(found.start) if found.start is not None else "", str(found.end))


@pytest.mark.parametrize(
    ("lead_in", "start", "end"),
    [
        ("In the third quarter of 2023,", "2023-07-01", "2023-09-30"),
        ("As at 30 June 2024,", "", "2024-06-30"),
        ("By end-March 2025,", "", "2025-03-31"),
        ("As at the end of the third quarter of 2025,", "", "2025-09-30"),
        ("From 1 April 2024 to 31 March 2025,", "2024-04-01", "2025-03-31"),
        ("During the period from January 2023 to June 2024,", "2023-01-01", "2024-06-30"),
        ("In the first nine months of 2025,", "2025-01-01", "2025-09-30"),
        ("In the first three quarters of 2024,", "2024-01-01", "2024-09-30"),
        ("In the 2023-24 financial year,", "2023-04-01", "2024-03-31"),
        ("As at the end of 2024-25,", "", "2025-03-31"),
        ("In the six months ended September 30, 2024,", "2024-04-01", "2024-09-30"),
        ("Between October and December 2024,", "2024-10-01", "2024-12-31"),
        ("From January to November last year,", "2025-01-01", "2025-11-30"),
        ("This year (as at January 31),", "2026-01-01", "2026-01-31"),
        ("In 2025 (first eleven months),", "2025-01-01", "2025-11-30"),
        ("In December 2024 and January 2025,", "2024-12-01", "2025-01-31"),
        ("In the past two years (2023 and 2024),", "2023-01-01", "2024-12-31"),
        ("Since the launch of the scheme on 28 December 2022 to end-2023,", "", "2023-12-31"),
        ("Since January 1, 2024 and up to June 30, 2024,", "2024-01-01", "2024-06-30"),
        ("In H1 2024,", "2024-01-01", "2024-06-30"),
        ("In 2024/25 (as at 31 December 2024),", "2024-04-01", "2024-12-31"),
        ("截至二零二五年六月三十日，", "", "2025-06-30"),
        ("截至去年十二月三十一日，", "", "2025-12-31"),
        ("２０２４年，", "2024-01-01", "2024-12-31"),
        ("二零二四年首季，", "2024-01-01", "2024-03-31"),
        ("二○二四年首三個季度，", "2024-01-01", "2024-09-30"),
        ("二○二三至二四財政年度，", "2023-04-01", "2024-03-31"),
        ("2024-25財政年度上半年，", "2024-04-01", "2024-09-30"),
        ("截至2024年3月31日止年度，", "2023-04-01", "2024-03-31"),
        ("截至二○二四年六月三十日止六個月，", "2024-01-01", "2024-06-30"),
        ("自2023年1月1日起至2024年6月30日，", "2023-01-01", "2024-06-30"),
        ("自計劃於2022年12月28日推出以來，截至2025年6月30日，", "", "2025-06-30"),
        ("由推出至二○二四年底，", "", "2024-12-31"),
        ("過去三年（2022年至2024年），", "2022-01-01", "2024-12-31"),
        ("二○二四年一月及二月，", "2024-01-01", "2024-02-29"),
        ("去年首十一個月，", "2025-01-01", "2025-11-30"),
        ("今年（截至1月31日），", "2026-01-01", "2026-01-31"),
        ("於2024年1至10月，", "2024-01-01", "2024-10-31"),
        ("二○二四年（一至十月），", "2024-01-01", "2024-10-31"),
        ("截至2024年12月31日為止，", "", "2024-12-31"),
        ("二○二四年第一季至第三季", "2024-01-01", "2024-09-30"),
        ("2022-23至2024-25年度", "2022-04-01", "2025-03-31"),
    ],
)
def test_a_phrase_is_read_whole(lead_in: str, start: str, end: str) -> None:
    assert said(lead_in) == (start, end)


@pytest.mark.parametrize(
    "lead_in",
    [
        # names, comparisons, events
        "Since the 2021 Policy Address,", "In the 2024-25 Budget,", "Under the 2021 Talent List,",
        "In 2023, compared with 2022,",
        "With the quota raised in 2021,", "After the enhancement in 2023,", "Pursuant to the Ordinance of 2021,",
        "In 2024 prices,",
        "在《2023年施政報告》公布後，", "根據2024-25年度財政預算案，", "按2021年人才清單，", "二○二一年增加名額後，",
        "較二○二二年，",
        "與2023年相比，2024年", "在二○二四年推出的優化措施下，", "2023年畢業生的",
        # no first day, no last day, no exact day
        "Since 2022,", "So far,", "To date,", "Over the past three years,", "As at 2024,",
        "As at mid-December 2025,", "From mid-2023 to end-2024,",
        "自2022年起，", "至今，", "截至目前，", "截至2024年，", "截至2025年1月初，", "2024年12月中旬，",
        # more than one reading
        "In 2024-25,", "In 2023-2024,", "In 2023 and 2025,", "As at end-2024 and end-2025,",
        "In 2024 as at January 31, 2025,", "In the second quarter,",
        "In each of the past five years,", "Before December 31, 2024,", "From July 2023 to 2024,",
        "As at February 30, 2024,",
        "截至2024年12月31日和2025年6月30日，", "2024年度，",
    ],
)  # fmt: skip
def test_what_is_not_said_whole_stays_open(lead_in: str) -> None:
    assert said(lead_in) is None


def test_a_day_without_a_year_is_the_last_before_the_release_and_is_inferred() -> None:
    found = date_clause("As at December 31, the numbers are as follows:", RELEASED).said
    assert found is not None and found.end == date(2025, 12, 31) and "2025" in found.inferred
    assert date_clause("As at December 31, the numbers are as follows:", None).said is None


@pytest.mark.parametrize(
    ("clause", "end"),
    [
        ("The numbers of applications received in 2024 are as follows:", date(2024, 12, 31)),
        ("The breakdown, by income in the previous year, of approvals as at May 31, 2024:", date(2024, 5, 31)),
        ("入境處在2024年接獲的申請按類別劃分如下：", date(2024, 12, 31)),
        ("In 2024, applications under the Enhanced Supplementary Labour Scheme are:", date(2024, 12, 31)),
        ("「高才通」自2022年底推出至今年1月底的申請數目如下：", date(2026, 1, 31)),
        ("In 2024, the Government raised the quota, and the numbers of applications are as follows:", None),
        ("二○二四年，政府增加名額，申請數目如下：", None),
        ("For graduates of 2023, the applications are as follows:", None),
        ("For the 2024 intake, the applications are as follows:", None),
        ("Based on figures of 2023, the applications in 2024 are:", None),
        ("As at June 30, 2025, the numbers of applications received in 2024 are:", None),
        ("Following the launch of the scheme in December 2022, the numbers of applications are:", None),
        ("Among the applications received in 2024, those approved by end-2025 are as follows:", None),
        ("於2022年12月推出的計劃，獲批申請按類別劃分如下：", None),
    ],
)  # fmt: skip
def test_a_date_counts_where_it_says_when_the_figures_are_of(clause: str, end: date | None) -> None:
    found = date_clause(clause, RELEASED).said
    assert (found.end if found is not None else None) == end


# ------------------------------------------------------------------------------------------- composed phrases

_ENGLISH = [name for name in calendar.month_name if name]
_POSITIONAL = "○一二三四五六七八九"


def _small(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if not tens else "十" if tens == 1 else _POSITIONAL[tens] + "十") + (_POSITIONAL[ones] if ones else "")


def _printed(day: date, form: str) -> str:
    if form == "mdy":
        return f"{_ENGLISH[day.month - 1]} {day.day}, {day.year}"
    if form == "dmy":
        return f"{day.day} {_ENGLISH[day.month - 1][:3]} {day.year}"
    if form == "digits":
        return f"{day.year}年{day.month}月{day.day}日"
    year = "".join(_POSITIONAL[int(c)] for c in str(day.year))
    year = year.replace("○", "零") if form == "zero" else year
    return f"{year}年{_small(day.month)}月{_small(day.day)}日"


_DAYS = st.dates(date(1998, 1, 1), date(2025, 12, 31))
_FORMS = st.sampled_from(["mdy", "dmy", "digits", "numerals", "zero"])


_MORE_ENGLISH = ["In {y},", "since {y},", "in the first quarter,", "and {m},", "last month,", "to date,", "mid-{m},"]
_MORE_CHINESE = ["{y}年，", "自{y}年，", "首季，", "及{n}月，", "上月，", "至今，", "下旬，", "較{y}年，", "同期，"]


@given(_DAYS, _DAYS, _FORMS)
@settings(max_examples=150, deadline=None)
def test_a_composed_span_and_a_composed_day_read_back_exactly(one: date, two: date, form: str) -> None:
    first, last = min(one, two), max(one, two)
    english = form in ("mdy", "dmy")
    at = f"As at {_printed(last, form)}," if english else f"截至{_printed(last, form)}，"
    assert said(at) == ("", str(last))
    if first < last:
        a, b = _printed(first, form), _printed(last, form)
        for span in (f"From {a} to {b},", f"Between {a} and {b},") if english else (f"由{a}至{b}，", f"自{a}起至{b}，"):
            assert said(span) == (str(first), str(last))


@given(
    _DAYS, _DAYS, _FORMS,
    st.sampled_from(_MORE_ENGLISH),
    st.sampled_from(_MORE_CHINESE),
)  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_a_phrase_with_one_more_date_word_never_reads_as_the_phrase_without_it(
    one: date, two: date, form: str, english: str, chinese: str
) -> None:
    first, last = min(one, two), max(one, two)
    more = (english if form in ("mdy", "dmy") else chinese).format(y=two.year, m=_ENGLISH[two.month - 1], n=two.month)
    a, b = _printed(first, form), _printed(last, form)
    phrase = f"From {a} to {b}," if form in ("mdy", "dmy") else f"由{a}至{b}，"
    alone = said(phrase)
    space = " " if form in ("mdy", "dmy") else ""
    for both in (phrase + space + more, more + space + phrase):
        assert said(both) is None or said(both) != alone


@pytest.mark.parametrize(
    ("sentence", "is_dated"),
    [
        ("As of end 2021, 9 131 quotas were allotted, of which 2 004 in 2021.", True),
        ("From June 2010 up to end 2021, 9 131 quotas were allotted.", False),
        ("Compared with those as at end 2021, 9 131 quotas were allotted.", False),
    ],
)
def test_a_sentence_dates_a_total_where_its_as_of_phrase_is_the_whole_phrase(sentence: str, is_dated: bool) -> None:
    settled = scope.settle(Decimal(9131), date(2006, 6, 1), [], [sentence], True)
    assert (settled.period is not None) == is_dated


# --------------------------------------------------------------------------------------------- carried on

CATEGORIES = [["Category", "Applications received"], ["Category A", "300"], ["Category B", "500"], ["Total", "800"]]
AGES = [["Age", "Applications received"], ["18 to 30", "500"], ["31 to 40", "300"], ["Total", "800"]]


def shaped(*blocks: str | list[list[str]], title: str = "LCQ1: Top Talent Pass Scheme") -> ShapeResult:
    grids, made = [], []
    for block in blocks:
        if isinstance(block, str):
            made.append(block)
        else:
            grids.append(make.grid(len(grids), block))
            made.append(grids[-1])
    document = make.document(*made, title=title)
    return shape_document(document, make.judged(*(make.proof(g, total_rows=(3,)) for g in grids)), make.cards())


def test_a_date_of_the_first_table_carries_on_to_the_next_and_says_so() -> None:
    result = shaped(
        "As at 31 May 2024, applications under the TTPS by category:", CATEGORIES, "The applications by age are:", AGES
    )
    found = {(dict(o.dimensions).get("age") is not None, o.period.end, o.inferred) for o in result.observations}
    assert found == {
        (False, date(2024, 5, 31), ""), (True, date(2024, 5, 31), "carried on from 'As at 31 May 2024'")
    }  # fmt: skip


@pytest.mark.parametrize(
    "between",
    [
        "(2) The applications by age are:", "The quota was raised in 2023. The applications by age are:",
        "The applications by age so far are:", "The applications under the GEP by age are:",
    ],
)  # fmt: skip
def test_a_date_does_not_carry_on_over_another_part_date_or_scheme(between: str) -> None:
    result = shaped("As at 31 May 2024, applications under the TTPS by category:", CATEGORIES, between, AGES)
    assert result.observations and all(dict(o.dimensions).get("age") is None for o in result.observations)


def test_words_of_time_that_are_not_read_whole_leave_a_finding_with_the_words() -> None:
    result = shaped("As at mid-May 2024, applications under the TTPS by category:", CATEGORIES)
    assert result.observations == ()
    assert any(f.code == "period-open" and "mid-May 2024" in f.message for f in result.findings)


def test_a_launch_that_the_words_put_on_another_day_than_that_of_the_scheme_dates_nothing() -> None:
    lead_in = "Since its launch in {} and up to 31 May 2024, applications under the TTPS by category:"
    assert shaped(lead_in.format("December 2022"), CATEGORIES).observations
    assert shaped(lead_in.format("November 2022"), CATEGORIES).observations == ()


# ------------------------------------------------------------------------------------------ rows and columns

YEARS = [["Year", "Applications received"], ["2020", "10"], ["2021", "20"], ["2022", "30"], ["2023", "40"]]


def received(result: ShapeResult) -> dict[tuple[str, str], int]:
    return {(str(o.period.start), str(o.period.end)): int(o.value or 0) for o in result.observations}


@pytest.mark.parametrize(
    ("label", "period"),
    [
        ("First half of 2024", ("2024-01-01", "2024-06-30")),
        ("2024 (first ten months)", ("2024-01-01", "2024-10-31")),
        ("2024年首季", ("2024-01-01", "2024-03-31")),
        ("2024年（截至十月底）", ("2024-01-01", "2024-10-31")),
        ("2024\n(as at mid-October)", None),
        ("2024年\n（截至十月中旬）", None),
        ("2024 (revised in 2025)", None),
    ],
)
def test_a_label_of_a_row_is_read_whole(label: str, period: tuple[str, str] | None) -> None:
    found = received(shaped("Applications under the TTPS:", [*YEARS, [label, "50"]]))
    assert found.get(("2020-01-01", "2020-12-31")) == 10
    assert {p: v for p, v in found.items() if v == 50} == ({period: 50} if period is not None else {})


@pytest.mark.parametrize("cut", ["(as at mid-October)", "（截至十月中旬）", "(up to the summer)"])
def test_a_year_over_a_cut_off_that_is_not_read_is_not_the_year(cut: str) -> None:
    rows = [["Region", "2021", "2022", f"2023\n{cut}"], ["Mainland", "10", "11", "12"], ["Taiwan", "1", "2", "3"]]
    grid = make.grid(0, [*rows, ["Macao", "2", "2", "3"], ["Total", "13", "15", "18"]])
    document = make.document("Applications approved under the GEP, by region:", grid, title="LCQ1: GEP")
    result = shape_document(document, make.judged(make.proof(grid, total_rows=(4,))), make.cards())
    assert {o.period.end.year for o in result.observations} == {2021, 2022}


@pytest.mark.parametrize(
    ("lead_in", "years"),
    [
        ("Applications under the TTPS (as at June 30, 2023):", {2020, 2021, 2022}),
        ("Applications under the TTPS (as at December 31, 2023):", {2020, 2021, 2022, 2023}),
        ("截至2022年6月底，高才通計劃的申請：", {2020, 2021, 2023}),
    ],
)
def test_a_cut_off_beside_rows_of_years_is_no_period_and_the_year_it_cuts_stays_open(
    lead_in: str, years: set[int]
) -> None:
    result = shaped(lead_in, YEARS)
    assert {o.period.end.year for o in result.observations} == years
    assert all(o.period.kind is PeriodKind.FLOW for o in result.observations)


@pytest.mark.parametrize(
    "note", ["* As at October 31, 2023.", "註1：截至2023年10月31日。", "Note: Figures as at October 31, 2023."]
)
def test_a_year_that_a_note_below_the_table_cuts_stays_open(note: str) -> None:
    result = shaped("Applications under the TTPS:", [*YEARS[:-1], ["2023*", "40"]], note)
    assert {o.period.end.year for o in result.observations} == {2020, 2021, 2022}


def test_a_note_of_one_table_does_not_date_the_next() -> None:
    assert (
        shaped("Applications under the TTPS:", CATEGORIES, "Note: Figures as at October 31, 2023.", AGES).observations
        == ()
    )


def test_a_title_dates_a_table_unless_the_text_has_spoken_of_another_time() -> None:
    title, lead_in = "LCQ1: Applications under the Top Talent Pass Scheme in 2023", "The applications by category are:"
    result = shaped(lead_in, CATEGORIES, title=title)
    assert {o.period.end for o in result.observations} == {date(2023, 12, 31)}
    assert shaped("By June 30, 2024 many had come.", lead_in, CATEGORIES, title=title).observations == ()
