"""Lines whose cells are joined by nothing, under a heading that names their columns: one split, or none given."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipelines.model import DocumentProof, Grid, GridKind, Verdict
from pipelines.prove import prove_document, prove_grid
from pipelines.prove.flattened import RowStatus, resolve
from pipelines.prove.flattened.glued import luck
from pipelines.prove.flattened.headed import ERRING, READ_WRONG, Heading, heading, the_split
from pipelines.read import read_document
from pipelines.shape import shape_document
from tests.prove.grids import grid
from tests.shape import making as make

HEAD = "Category A Category B Category C Total"
REJECTED = "Number of rejected applications7134145286"


def flat(*lines: str) -> Grid:
    return replace(grid([[line] for line in lines]), kind=GridKind.FLATTENED)


def named(*lines: str) -> tuple[list[str], int] | None:
    """The names of the columns, and where the total stands; None where the heading is not understood."""
    of = flat(*lines)
    texts = {c.row: c for c in of.cells}
    found: Heading | None = heading(texts, of.n_rows)
    return None if found is None else ([texts[r].text[a:b] for r, (a, b) in found.names], found.total)


def figures(*lines: str) -> dict[int, list[int]]:
    """The figures that would load, by line."""
    out: dict[int, list[int]] = {}
    for cell in prove_grid(flat(*lines), "0" * 16)[0].cells:
        if cell.verdict.loads and cell.reading is not None and cell.reading.value is not None:
            out.setdefault(cell.source[0], []).append(int(cell.reading.value))
    return out


CATEGORIES = (["Category A", "Category B", "Category C", "Total"], -1)


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        ([HEAD], CATEGORIES),
        (["Item " + HEAD], CATEGORIES),
        (["Category ACategory BCategory CTotal"], CATEGORIES),
        (["Category A", "Category B", "Category C", "Total"], CATEGORIES),
        (["Total Male Female"], (["Total", "Male", "Female"], 0)),
        (["MaleFemaleTotal"], (["Male", "Female", "Total"], -1)),
        (["2019 2020 2021 Total"], (["2019", "2020", "2021", "Total"], -1)),
        (["甲類 乙類 丙類 合計"], (["甲類", "乙類", "丙類", "合計"], -1)),
        (["Male Female Unknown"], None),  # no total
        (["Total Male Female Total"], None),  # two of them
        (["Male Sub-total Female Total"], None),  # a total among the parts
        (["Male Female Percentage Total"], None),  # no part of a sum
        (["Number of applicants in total"], None),  # a phrase
        (["Male Total"], None),  # nothing to add up
        (["Category A Category B", "Category C Total"], CATEGORIES),
        (["Category A Category", "B Category C Total"], None),
        (["Male Female", "Unknown Total"], None),  # broken into lines: nothing tells where its names end
    ],
)
def test_a_heading_names_its_columns_where_one_end_is_a_total(
    lines: list[str], names: tuple[list[str], int] | None
) -> None:
    assert named(*lines, REJECTED) == names


def test_a_lone_line_is_read_under_a_heading_and_not_without() -> None:
    assert figures(HEAD, REJECTED) == {1: [7, 134, 145, 286]}
    assert figures(REJECTED) == {}
    assert figures("Applications under the scheme", REJECTED) == {}
    assert figures("Total Category A Category B Category C", "Number of rejected applications2867134145") == {}


def test_a_lone_line_whose_total_comes_first_is_read_under_its_heading() -> None:
    assert figures("Total Male Female", "Number of rejected applications1,6803441,336") == {1: [1680, 344, 1336]}
    assert figures("Male Female Total", "Number of rejected applications1,6803441,336") == {}


def test_what_the_heading_reads_is_not_called_proved_by_its_one_sum() -> None:
    proof = prove_grid(flat(HEAD, REJECTED), "0" * 16)[0]
    assert {c.verdict for c in proof.cells} == {Verdict.CONSISTENT}
    assert proof.readings_considered > 80
    assert "names 4 columns" in proof.argument


def test_the_names_of_the_heading_stand_over_their_columns_with_their_places() -> None:
    resolved = resolve(flat(HEAD, REJECTED)).grid
    assert resolved is not None
    assert [(c.col, c.text, c.header) for c in resolved.cells if c.row == 0] == [
        (1, "Category A", True), (2, "Category B", True), (3, "Category C", True), (4, "Total", True),
    ]  # fmt: skip
    assert [c.place.chars for c in resolved.cells if c.row == 0] == [(0, 10), (11, 21), (22, 32), (33, 38)]


def test_a_line_that_does_not_add_up_stays_open_and_the_others_are_read() -> None:
    lines = [HEAD, "Applications received1,1723,4852,7607,417", "Applications approved4702,9832,3465,798", REJECTED]
    assert figures(*lines) == {1: [1172, 3485, 2760, 7417], 3: [7, 134, 145, 286]}
    assert resolve(flat(*lines)).statuses[2] is RowStatus.AMBIGUOUS


def test_where_as_many_lines_do_not_add_up_the_total_is_of_more_than_its_columns_and_nothing_is_read() -> None:
    # approved + rejected < received: some are still being looked at
    lines = ["Applications received1,1723,4852,7607,418", "Applications approved4702,9832,3465,798", REJECTED]
    assert figures(HEAD, *lines) == {}
    assert figures(HEAD, *lines[1:]) == {}


@pytest.mark.parametrize(
    "line",
    [
        "Aged 18-307134145286",  # the label may end in digits
        "Level 17134145286",
        "20217134145286",
        "Applications rejected0000",
        "Applications rejected7134145287",  # no split adds up
        "Applications rejected1113",  # two figures are no more than one and its total
        "Applications rejected71341452860",
    ],
)
def test_a_line_of_which_nothing_is_sure_is_declined(line: str) -> None:
    assert figures(HEAD, line) == {}


def test_a_split_into_fewer_figures_is_a_rival_since_a_blank_cell_leaves_nothing_behind() -> None:
    # 1 + 12 + 123 = 136; with a blank among them, 112 + 12 = 124 and more would do
    assert the_split("7134145286", 4, -1, 4) is not None
    assert the_split("286286", 4, -1, 4) is None
    assert the_split("14314328628", 4, -1, 4) is None


def test_splits_that_luck_would_meet_more_often_than_the_bound_are_declined() -> None:
    for run in ("7134145286", "1234", "12315", "123456789", "31524782"):
        found = the_split(run, 4, -1, 4)
        by_luck = sum(luck(run, k) for k in (2, 3, 4))
        assert found is None or ERRING * by_luck <= READ_WRONG


def page(*lines: str) -> tuple[DocumentProof, dict[tuple[str, str], int]]:
    """A page of text through the rooms: its proof, and what loads by measure and category."""
    text = "\n".join(
        [
            "LCQ1: Top Talent Pass Scheme", "",
            "     Following is a reply by the Secretary for Labour and Welfare in the Legislative Council today "
            "(February 8, 2023):", "",
            "     As at end January 2023, the applications under the Top Talent Pass Scheme (TTPS) are as follows:", "",
            *lines, "", "     The rest follows.", "", "Ends/Wednesday, February 8, 2023", "",
        ]
    )  # fmt: skip
    document = read_document(text.encode(), name="a.txt").document
    assert document is not None
    proof = prove_document(document)
    found = shape_document(document, proof, make.cards()).observations
    return proof, {(o.measure, dict(o.dimensions)["category"]): int(o.value) for o in found if o.value is not None}


@pytest.mark.parametrize(
    "head",
    [
        [HEAD],
        ["Category ACategory BCategory CTotal"],
        ["Category A", "Category B", "Category C", "Total"],
        ["Category A Category B", "Category C Total"],
    ],
)
def test_a_page_of_joined_lines_loads_under_the_names_of_its_heading(head: list[str]) -> None:
    lines = ["Number of applications received1,1723,4852,7607,417", "Number of approved applications4702,9832,3465,798"]
    _, found = page(*head, *lines, REJECTED)
    assert {key: n for key, n in found.items() if key[0] == "applications_rejected"} == {
        ("applications_rejected", "A"): 7,
        ("applications_rejected", "B"): 134,
        ("applications_rejected", "C"): 145,
        ("applications_rejected", "TOTAL"): 286,
    }
    # the second line was printed with a total that is one too small: nothing of it loads
    assert {measure for measure, _ in found} == {"applications_received", "applications_rejected"}
