"""Tables of HTML: the sixteen points of conformance, and what release pages do to a table."""

from __future__ import annotations

from pipelines.model import Cell, Document, Grid, GridKind
from pipelines.read import read_document


def read(body: str) -> Document:
    page = (
        f"<!DOCTYPE html><html><head><title>t</title></head><body><span id='pressrelease'>{body}</span></body></html>"
    )
    document = read_document(page.encode()).document
    assert document is not None
    return document


def grid(body: str) -> Grid:
    grids = read(body).grids
    assert len(grids) == 1
    return grids[0]


def at(table: Grid, row: int, col: int) -> Cell:
    found = [c for c in table.cells if (c.row, c.col) == (row, col)]
    assert len(found) == 1, (row, col, found)
    return found[0]


def rows(table: Grid) -> list[list[str]]:
    return [[c.text for c in table.cells if c.row == r] for r in range(table.n_rows)]


# ------------------------------------------------------------------------------- the sixteen of issue 3


def test_01_a_colspan_moves_what_follows_it() -> None:
    t = grid("<table><tr><td colspan=2>a<td>b<tr><td>1<td>2<td>3</table>")
    assert (t.n_rows, t.n_cols) == (2, 3)
    assert (at(t, 0, 0).colspan, at(t, 0, 2).text) == (2, "b")


def test_02_a_rowspan_pushes_the_row_below_to_the_right() -> None:
    t = grid("<table><tr><td rowspan=2>a<td>1<tr><td>2</table>")
    assert at(t, 0, 0).rowspan == 2
    assert at(t, 1, 1).text == "2"


def test_03_colspan_and_rowspan_together_hold_a_block() -> None:
    t = grid("<table><tr><td rowspan=2 colspan=2>a<td>1<tr><td>2<tr><td>x<td>y<td>z</table>")
    assert (at(t, 0, 0).rowspan, at(t, 0, 0).colspan) == (2, 2)
    assert at(t, 1, 2).text == "2"
    assert at(t, 2, 0).text == "x"


def test_04_two_rowspans_at_once_both_push() -> None:
    t = grid("<table><tr><td rowspan=3>a<td rowspan=2>b<td>1<tr><td>2<tr><td>3<td>4</table>")
    assert [at(t, 1, 2).text, at(t, 2, 1).text, at(t, 2, 2).text] == ["2", "3", "4"]


def test_05_a_nested_table_is_a_grid_of_its_own_and_its_text_stands_once() -> None:
    document = read("<table><tr><td>outer 11<td>22<table><tr><td>inner 33<td>44</table><tr><td>5<td>6</table>")
    outer, inner = document.grids
    assert rows(outer) == [["outer 11", "22"], ["5", "6"]]
    assert rows(inner) == [["inner 33", "44"]]
    assert [g.ordinal for g in document.grids] == [0, 1]


def test_06_thousands_stay_text() -> None:
    assert rows(grid("<table><tr><td>x<td>1,234<td>1 234<td>1&nbsp;234</table>")) == [
        ["x", "1,234", "1 234", "1\u00a0234"]
    ]


def test_07_leading_zeros_stay() -> None:
    assert rows(grid("<table><tr><td>code<td>007<td>0</table>")) == [["code", "007", "0"]]


def test_08_signs_of_absence_are_not_lost() -> None:
    words = ["NA", "N.A.", "–", "-", "nil", "NaN", "null", ""]
    cells = "".join(f"<td>{w}" for w in words)
    assert rows(grid(f"<table><tr><td>x{cells}<tr><td>y</table>"))[0] == ["x", *words]


def test_09_br_separates() -> None:
    t = grid("<table><tr><td>Month ended<br>June 30<td>1<br/>2</table>")
    assert rows(t) == [["Month ended\nJune 30", "1\n2"]]


def test_10_a_raised_footnote_mark_is_kept_apart_from_its_number() -> None:
    cell = at(grid("<table><tr><td>x<td>1 358<sup>2</sup></table>"), 0, 1)
    assert (cell.bare, cell.marks) == ("1 358", ("2",))
    assert cell.text == "1 358²"


def test_11_unclosed_cells_and_rows_are_closed() -> None:
    assert rows(grid("<table><tr><td>a<td>1<tr><td>b<td>2</table>")) == [["a", "1"], ["b", "2"]]


def test_12_ragged_rows_keep_their_own_length() -> None:
    t = grid("<table><tr><td>a<td>1<td>2<tr><td>b<tr><td>c<td>3</table>")
    assert t.n_cols == 3
    assert rows(t) == [["a", "1", "2"], ["b"], ["c", "3"]]


def test_13_an_empty_row_is_a_row() -> None:
    t = grid("<table><tr><td>a<td>1</tr><tr></tr><tr><td>b<td>2</tr></table>")
    assert t.n_rows == 3
    assert at(t, 2, 1).text == "2"


def test_14_a_rowspan_past_the_end_is_cut_at_the_end() -> None:
    t = grid("<table><tr><td rowspan=9>a<td>1<tr><td>2</table>")
    assert (t.n_rows, at(t, 0, 0).rowspan) == (2, 2)


def test_15_hidden_text_is_no_text() -> None:
    t = grid(
        "<table><tr><td>a<span style='display: none'>99</span><td>1<script>var x = '<td>7</td>'</script>"
        "<tr style='display:none'><td>h<td>8<tr><td hidden>x<td>b<td>2</table>"
    )
    assert rows(t) == [["a", "1"], ["b", "2"]]


def test_16_headers_without_th_and_with_spans_keep_their_places() -> None:
    t = grid(
        "<table><tr><td rowspan=2>Year<td colspan=2>Received<td colspan=2>Allotted"
        "<tr><td>Men<td>Women<td>Men<td>Women<tr><td>2006<td>1<td>2<td>3<td>4</table>"
    )
    assert [c.col for c in t.cells if c.row == 1] == [1, 2, 3, 4]
    assert t.header_rows == 0
    assert not any(c.header for c in t.cells)


# ------------------------------------------------------------------------------------- and beyond them


def test_th_and_thead_are_headers() -> None:
    t = grid("<table><thead><tr><td>Year<td>n</thead><tbody><tr><th>2006<td>1</tbody></table>")
    assert t.header_rows == 1
    assert [c.header for c in t.cells] == [True, True, True, False]


def test_a_rowspan_ends_with_its_row_group() -> None:
    t = grid("<table><thead><tr><th rowspan=5>a<th>b</thead><tbody><tr><td>1<td>2</tbody></table>")
    assert at(t, 0, 0).rowspan == 1
    assert at(t, 1, 0).text == "1"


def test_rowspan_zero_runs_to_the_end_of_the_group() -> None:
    t = grid("<table><tr><td rowspan=0>a<td>1<tr><td>2<tr><td>3</table>")
    assert at(t, 0, 0).rowspan == 3


def test_indentation_by_spaces_is_depth_not_text() -> None:
    t = grid("<table><tr><td>Domestic<td>1<tr><td>&nbsp;&nbsp;&nbsp; Banking<br />&nbsp;&nbsp; (Note 2)<td>2</table>")
    cell = at(t, 1, 0)
    assert (cell.text, cell.bare, cell.marks, cell.indent) == ("Banking\n(Note 2)", "Banking", ("Note 2",), 3)


def test_blank_lines_in_a_cell_are_no_text() -> None:
    assert at(grid("<table><tr><td>x<td>&nbsp;<br />(3,942.9)</table>"), 0, 1).text == "(3,942.9)"
    blank = at(grid("<table><tr><td>x<td>1<tr><td>&nbsp;&nbsp;<td>2</table>"), 1, 0)
    assert (blank.text, blank.indent) == ("", 0)


def test_marks_by_their_form_are_kept_apart() -> None:
    t = grid("<table><tr><td>2020*<td>1 100(2)<td>20,037 (22,313)#<td>***<td>(2)<td>NA</table>")
    assert [(c.bare, c.marks) for c in t.cells] == [
        ("2020", ("*",)),
        ("1 100", ("(2)",)),
        ("20,037 (22,313)", ("#",)),
        ("***", ()),
        ("(2)", ()),
        ("NA", ()),
    ]


def test_ordinals_and_powers_are_no_footnotes() -> None:
    t = grid("<table><tr><td>1<sup>st</sup><td>12 m<sup>2</sup><td>x</table>")
    assert [c.marks for c in t.cells] == [(), (), ()]
    assert at(t, 0, 0).bare == "1st"


def test_a_table_in_a_script_is_no_table() -> None:
    document = read("<script>this.title = '<table><tr><td>1</td><td>2</td></tr></table>';</script><p>Text 3</p>")
    assert document.grids == ()


def test_a_table_for_layout_is_read_as_text_and_the_table_in_it_as_a_table() -> None:
    document = read("<table><tr><td><p>Words 1.</p><table><tr><td>a<td>2</table><p>Words 3.</p></td></tr></table>")
    assert [p.text for p in document.paragraphs] == ["Words 1.", "Words 3."]
    assert rows(document.grids[0]) == [["a", "2"]]


def test_a_blank_form_is_told_from_a_table() -> None:
    form = grid("<table><tr><td>Profession<td>(i)<td>(ii)<tr><td>A<td><td><tr><td>Total<td><td></table>")
    filled = grid("<table><tr><td>Profession<td>(i)<td>(ii)<tr><td>A<td>1<td><tr><td>Total<td>1<td></table>")
    assert form.is_form
    assert not filled.is_form


def test_title_notes_and_lead_in_of_a_table() -> None:
    document = read(
        "<p>Details are as follows:</p><p>TABLE 1. ACCOUNT (Note 1)</p><table><tr><td>Revenue<td>5</table>"
        "<p>Notes:<br><br>1. First note of 2016.<br><br>2. Second note.</p><p>The end of 7 talks.</p>"
    )
    table = document.grids[0]
    assert table.caption == "TABLE 1. ACCOUNT (Note 1)"
    assert table.notes == ("1. First note of 2016.", "2. Second note.")
    assert [p.text for p in document.paragraphs] == ["Details are as follows:", "The end of 7 talks."]


def test_a_lead_in_is_no_title() -> None:
    document = read("<p>The figures are as follows:</p><table><tr><td>Revenue<td>5</table>")
    assert document.grids[0].caption == ""
    assert document.blocks[0] == document.paragraphs[0]


def test_a_caption_element_is_the_title() -> None:
    assert grid("<table><caption>Quotas</caption><tr><td>a<td>1</table>").caption == "Quotas"


def test_markup_kind_and_places_are_told() -> None:
    t = grid("<table><tbody><tr><td>a</td><td>1</td></tr><tr><td>b</td><td>2</td></tr></tbody></table>")
    assert t.kind is GridKind.MARKUP
    assert at(t, 1, 1).place.path == "/html/body/span/table/tbody/tr[2]/td[2]"
