"""The scale that stands outside the figures: applied nowhere, so that what it stands over does not load."""

from __future__ import annotations

import pytest

from pipelines.model import Frame, Grid
from pipelines.shape.scale import find_powers, find_scales, power_of_unit
from tests.prove.grids import grid

FRAME = Frame(1, 1)


@pytest.mark.parametrize(
    ("text", "power"),
    [
        ("(in thousands)", 3),
        ("Number ('000)", 3),
        ("HK$’000", 3),
        ("Unit: HK$ million", 6),
        ("$m", 6),
        ("Figures are in thousands of persons.", 3),
        ("(HK$100 million)", 8),
        ("千人", 3),
        ("萬", 4),
        ("單位：萬人", 4),
        ("以千計", 3),
        ("（百萬元）", 6),
        ("億元", 8),
    ],
)
def test_words_that_say_a_scale_are_read(text: str, power: int) -> None:
    assert find_powers(text) == {power}


@pytest.mark.parametrize(
    "text",
    [
        "Net assets of HK$30 million or above",
        "(10 million or above)",
        "about two million people (one million of them women)",
        "Hundreds of thousands of applicants have been helped by a million measures in all these years.",
        "每千人",
        "三萬元以上",
        "資產（1,000萬元）",
        "Quotas Allotted",
        "1,000",
        "Monthly salary $20,000",
    ],
)
def test_amounts_and_rates_say_no_scale(text: str) -> None:
    assert not find_powers(text)


def _table(head: str = "Received", caption: str = "", unit_row: tuple[str, ...] = ()) -> Grid:
    rows = [["Year", head, "Approved"], *([list(unit_row)] if unit_row else []), ["2018", "1,941", "555"]]
    return grid(rows, caption=caption)


def test_a_scale_in_the_caption_or_the_line_above_stands_over_every_figure() -> None:
    for scales in (
        find_scales(_table(caption="Applications (in thousands)"), FRAME, ""),
        find_scales(_table(), FRAME, "（千人）"),
        find_scales(_table(unit_row=("", "thousand", "thousand")), FRAME, ""),
    ):
        assert scales.contradict(2, 1, "applications")
        assert scales.contradict(2, 2, "persons")


def test_a_scale_in_a_head_stands_over_its_column_alone() -> None:
    scales = find_scales(_table("Received ('000)"), FRAME, "")
    assert scales.contradict(1, 1, "applications")
    assert not scales.contradict(1, 2, "applications")


def test_the_scale_of_the_unit_itself_contradicts_nothing() -> None:
    scales = find_scales(_table(caption="HK$ million"), FRAME, "")
    assert power_of_unit("HK$ million") == 6
    assert not scales.contradict(1, 1, "HK$ million")
    assert scales.contradict(1, 1, "HK$ 100 million")
