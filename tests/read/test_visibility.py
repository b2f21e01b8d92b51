"""Hidden and struck-out text is no figure, and a small footnote digit is no digit of its figure."""

from __future__ import annotations

import pytest

from pipelines.model import Grid
from pipelines.read import read_document

PAGE = "<style>{css}</style><body><div id=pressrelease><p>Figures of the year</p><table border=1>{rows}"
ROWS = "<tr><td>Year</td><td>Received</td><td>Approved</td></tr><tr><td>2018</td><td>1,941</td><td>{cell}</td></tr>"


def read_last_cell(cell: str, css: str = "") -> tuple[str, set[str]]:
    page = PAGE.format(css=css, rows=ROWS.format(cell=cell)) + "</table></div></body></html>"
    result = read_document(page.encode(), name="page.html")
    assert result.document is not None
    grid = next(b for b in result.document.blocks if isinstance(b, Grid))
    cell_text = next((c.bare for c in grid.cells if (c.row, c.col) == (1, 2)), "")
    return cell_text, {f.code for f in result.findings}


@pytest.mark.parametrize(
    ("css", "hidden"),
    [
        ("", '<span style="display:none">1</span>'),
        ("", '<span style="opacity:0">1</span>'),
        ("", '<span style="font-size:0">1</span>'),
        ("", '<span style="color:transparent">1</span>'),
        ("", '<span style="font:0/0 a">1</span>'),
        ("", '<span style="width:0;overflow:hidden">1</span>'),
        ("", '<span style="position:absolute;left:-9999px">1</span>'),
        ("", '<span class="visually-hidden">1</span>'),
        ("", '<font color="#FFFFFF">1</font>'),
        (".x1{display:none}", '<span class="x1">1</span>'),
        ("td .x2 { clip: rect(0,0,0,0) }", '<span class="x2">1</span>'),
    ],
)
def test_hidden_digits_never_join_a_figure_and_are_reported(css: str, hidden: str) -> None:
    text, codes = read_last_cell(hidden + "874", css)
    assert text == "874"
    assert "text-hidden" in codes


@pytest.mark.parametrize(
    ("css", "cell"),
    [
        ("@media print{.n{display:none}}", '<span class="n">874</span>'),
        (".hidden{display:inline}", '<span class="hidden">874</span>'),
        ("", '<span aria-hidden="true">874</span>'),
        ("", '<span style="background:#003366;color:white">874</span>'),
        ("", "<ins>874</ins>"),
    ],
)
def test_what_is_seen_is_read(css: str, cell: str) -> None:
    assert read_last_cell(cell, css) == ("874", set())


@pytest.mark.parametrize(
    "struck", ["<del>555</del>", "<s>555</s>", '<span style="text-decoration:line-through">555</span>']
)
def test_the_new_figure_stands_beside_the_struck_one(struck: str) -> None:
    text, codes = read_last_cell(struck + " <ins>874</ins>")
    assert text.strip() == "874"
    assert "text-struck-out" in codes


@pytest.mark.parametrize(
    "mark", ['<a href="#fn1">1</a>', '<span class="footnote">1</span>', '<span style="vertical-align:super">1</span>']
)
def test_a_clear_footnote_mark_leaves_its_figure(mark: str) -> None:
    assert read_last_cell("574" + mark)[0] == "574"


def test_a_small_digit_of_doubtful_meaning_makes_the_cell_unreadable() -> None:
    text, codes = read_last_cell("574<small>1</small>")
    assert "\ufffd" in text
    assert "mark-doubtful" in codes


@pytest.mark.parametrize(
    "cell",
    [
        "574<span><small>1</small></span>",
        "<b>574</b><small>1</small>",
        "574<small>123</small>",
        "57.4%<small>1</small>",
        '574<span style="font-size:12px">123</span>',
        '574<span style="position:relative;top:-4px">123</span>',
    ],
)
def test_small_or_raised_digits_never_join_the_figure_before_them(cell: str) -> None:
    text, codes = read_last_cell(cell)
    assert "\ufffd" in text
    assert "mark-doubtful" in codes


@pytest.mark.parametrize(
    "mark",
    [
        '<a href="#fn1"><small>1</small></a>',
        '<span style="position:relative;top:-4px">1</span>',
        '<span style="vertical-align:4px">1</span>',
        '<a href="#fn1">a</a>',
    ],
)
def test_a_nested_or_lifted_mark_leaves_its_figure(mark: str) -> None:
    assert read_last_cell("574" + mark)[0] == "574"


def test_parts_of_a_figure_in_one_size_stay_one_figure() -> None:
    part = '<span style="font-size:12px">{}</span>'
    assert read_last_cell(part.format("57") + part.format("4"))[0] == "574"
