"""Figures in sentences: found with their place, years and dates told apart."""

from __future__ import annotations

from pipelines.prove.numbers import ProseKind, find_in_prose


def figures(text: str) -> list[int]:
    return [
        int(f.reading.value)
        for f in find_in_prose(text)
        if f.kind is ProseKind.FIGURE and f.reading is not None and f.reading.value is not None
    ]


def test_a_total_in_prose_is_found_and_its_year_is_no_figure() -> None:
    text = (
        "As of end 2021, a total of 36\u00a0689 applications had been received. Among them, 9\u00a0131 were allotted."
    )
    assert figures(text) == [36689, 9131]
    years = [f.text for f in find_in_prose(text) if f.kind is ProseKind.YEAR]
    assert years == ["2021"]


def test_the_words_around_a_figure_stay_within_its_sentence() -> None:
    text = "Before it. A total of 411 cases came. After it."
    found = next(f for f in find_in_prose(text) if f.kind is ProseKind.FIGURE)
    assert (found.before.strip(), found.after.strip()) == ("A total of", "came.")
    assert text[found.start : found.end] == found.text == "411 cases"


def test_chinese_sentences_are_read() -> None:
    text = "二○一八年(截至十一月三十日)共接獲四千九百九十二宗申請，約8萬多人，當中近七十億元，佔百分之七十。"
    assert figures(text) == [4992, 80000, 7_000_000_000, 70]


def test_references_dates_and_names_are_no_figures() -> None:
    text = "(2) whether LCQ15 of 30 November 2013, the 14th plan and COVID-19 matter at 12:30"
    assert figures(text) == []


def test_a_year_before_a_figure_is_not_joined_to_it() -> None:
    assert figures("In 2007 627 applications, in 2008 1 358 applications") == [627, 1358]
