"""The number grammar: every reading of a cell's text, and absences that are never zero."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.model import Absence, Reading
from pipelines.prove.numbers import Convention, convention, parse


def only(text: str, **more: object) -> Reading:
    readings = parse(text, **more)  # type: ignore[arg-type]
    assert len(readings) == 1, (text, readings)
    return readings[0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 358", "1358"),
        ("1\u00a0358", "1358"),
        ("1\u2009358\u202f564", "1358564"),
        ("2,160.52", "2160.52"),
        ("(3,942.9)", "-3942.9"),
        ("△5", "-5"),
        ("− 3", "-3"),
        ("–5", "-5"),
        ("HK$36.6 billion", "36600000000"),
        ("HK$1.694b", "1694000000"),
        ("2億9 000萬", "290000000"),
        ("69億9,000萬元", "6990000000"),
        ("3.14亿", "314000000"),
        ("13.5萬", "135000"),
        ("近七十億", "7000000000"),
        ("四千九百九十二", "4992"),
        ("一百零五", "105"),
        ("１２３", "123"),
        ("約1 707 600", "1707600"),
        ("12 186人", "12186"),
        ("1.234,5", "1234.5"),
        ("1.234.567", "1234567"),
        ("0.5", "0.5"),
        ("0", "0"),
        ("Eighty-three", "83"),
    ],
)
def test_one_figure_printed_in_any_of_their_ways_is_read(text: str, value: str) -> None:
    assert only(text).value == Decimal(value)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("75 per cent", "75", "%"),
        ("百分之70", "70", "%"),
        ("-0.05 per cent", "-0.05", "%"),
        ("+31.3 per cent", "31.3", "%"),
        ("八成四", "84", "%"),
        ("近九成半", "95", "%"),
        ("5.2 percentage points", "5.2", "percentage points"),
        ("$15m", "15000000", "$"),
    ],
)
def test_shares_and_money_keep_their_unit(text: str, value: str, unit: str) -> None:
    reading = only(text)
    assert (reading.value, reading.unit) == (Decimal(value), unit)


@pytest.mark.parametrize(
    ("text", "quantum", "scale"),
    [("$36.6 billion", "100000000", 9), ("1 358", "1", 0), ("12.50", "0.01", 0), ("2億9 000萬", "10000", 4)],
)
def test_the_stated_precision_is_one_unit_of_the_last_place(text: str, quantum: str, scale: int) -> None:
    reading = only(text)
    assert (reading.quantum, reading.scale) == (Decimal(quantum), scale)


@pytest.mark.parametrize(
    ("text", "value", "marks"),
    [
        ("1 100(2)", "1100", ("(2)",)),
        ("1*", "1", ("*",)),
        ("0*", "0", ("*",)),
        ("1358²", "1358", ("²",)),
        ("1 234 (Note 1)", "1234", ("(Note 1)",)),
        ("1 100[備註1]", "1100", ("[備註1]",)),
        ("* 12", "12", ("*",)),
    ],
)
def test_a_mark_is_kept_apart_from_its_number(text: str, value: str, marks: tuple[str, ...]) -> None:
    reading = only(text)
    assert (reading.value, reading.marks) == (Decimal(value), marks)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("-", Absence.NIL),
        ("–", Absence.NIL),
        ("—", Absence.NIL),
        ("─", Absence.NIL),
        ("--", Absence.NIL),
        ("nil", Absence.NIL),
        ("NIL", Absence.NIL),
        ("未有", Absence.NIL),
        ("N.A.", Absence.NOT_AVAILABLE),
        ("NA", Absence.NOT_AVAILABLE),
        ("n.a.", Absence.NOT_AVAILABLE),
        ("沒有資料", Absence.NOT_AVAILABLE),
        ("……", Absence.NOT_AVAILABLE),
        ("Unable to estimate", Absence.NOT_AVAILABLE),
        ("Not applicable", Absence.NOT_APPLICABLE),
        ("不適用", Absence.NOT_APPLICABLE),
        ("暫未有有關數字", Absence.NOT_YET_PUBLISHED),
        ("not yet available", Absence.NOT_YET_PUBLISHED),
        ("***", Absence.SUPPRESSED),
        ("", Absence.BLANK),
        (" \u00a0", Absence.BLANK),
        ("N.A.(1)", Absence.NOT_AVAILABLE),
    ],
)
def test_an_absence_has_a_kind_and_never_a_value(text: str, kind: Absence) -> None:
    reading = only(text)
    assert (reading.value, reading.absence) == (None, kind)


@pytest.mark.parametrize(
    "text", ["Total", "2016-17", "1/2", "31.3.2020", "007", "2018年", "4 Examinations", "10 to 20"]
)
def test_a_label_a_range_a_date_or_a_code_is_no_figure(text: str) -> None:
    assert parse(text) == ()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("20,037 (22,313)#", {20037, 22313}),
        ("587 83", {587, 83}),
        ("12 (3)", {12, 3}),
        ("2008 1 358", {2008, 1, 1358, 358}),
    ],
)
def test_several_figures_in_one_cell_are_never_silently_one(text: str, values: set[int]) -> None:
    assert {int(r.value) for r in parse(text) if r.value is not None} == values


@pytest.mark.parametrize("text", ["16,654.910,035.3", "669,091.8669,091.8", "12 12", "1,203 (1,203)"])
def test_figures_that_ran_together_never_pass_for_one_of_them(text):
    assert len({r.value for r in parse(text)}) != 1


def test_a_note_glued_to_a_figure_is_ambiguous_unless_the_mark_is_known() -> None:
    assert {r.value for r in parse("^5,4001")} >= {Decimal(5400), Decimal(54001)}
    assert only("^5,4001", marks=("1",)).value == 5400


def test_brackets_around_a_share_may_be_an_aside() -> None:
    assert {r.value for r in parse("(88%)")} == {Decimal(88), Decimal(-88)}


def test_the_continental_convention_is_inferred_only_from_unmistakable_figures() -> None:
    assert convention(["1.234,5", "12,5", "1.234"]) is Convention.CONTINENTAL
    assert convention(["1,234", "2,345"]) is Convention.ENGLISH
    assert convention(["1,234.5", "12,5"]) is Convention.ENGLISH
    assert only("1.234", convention=Convention.CONTINENTAL).value == 1234
    assert only("1.234").value == Decimal("1.234")


def test_a_reading_knows_the_characters_it_came_from() -> None:
    reading = only("  ^5,400*")
    assert "  ^5,400*"[reading.start : reading.end] == "5,400"


SEPARATORS = st.sampled_from(["", ",", " ", "\u00a0", "\u2009", "\u202f"])


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 10**12), SEPARATORS, st.sampled_from(["", "(", "-", "−", "△"]), st.booleans(), st.integers(0, 3))
def test_what_is_rendered_is_read_back(n: int, separator: str, sign: str, wide: bool, places: int) -> None:
    whole = f"{n:,}".replace(",", separator)
    decimals = "" if not places else "." + str(n % 10**places).zfill(places)
    body = whole + decimals
    if wide:
        body = "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in body)
    text = {"(": f"({body})"}.get(sign, sign + body)
    value = Decimal(f"{n}{decimals}") * (-1 if sign else 1)
    assert only(text).value == value


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30))
def test_no_text_breaks_the_grammar_and_spans_lie_within_it(text: str) -> None:
    for reading in parse(text):
        assert 0 <= reading.start <= reading.end <= len(text)
        assert (reading.value is None) == (reading.absence is not None)
