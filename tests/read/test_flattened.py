"""Flattened tables are found whole and handed on whole."""

from __future__ import annotations

from pipelines.model import Document, GridKind
from pipelines.read import read_document


def read(text: str) -> Document:
    document = read_document(text.encode()).document
    assert document is not None
    return document


def lines_of(document: Document) -> list[list[str]]:
    assert all(g.kind is GridKind.FLATTENED and g.n_cols == 1 for g in document.grids)
    return [[c.text for c in g.cells] for g in document.grids]


PLAIN = """LCQ15: A scheme

     Following is a question and a reply in the Legislative Council today (January 19):
(1) of the number of talents last year; and
(2) of the 14th plan?

(1) As of end 2021, a total of 36 689 applications had been received.

Year Applications Received
Quotas Allotted
(June to December)
587 83
2007 627 239
2008 1 358 564
2020* 3\u00a0966 1 709
Total 36 689 9 131

Note: The applications may not correspond with the quotas of 2006.
* In 2020, the quota was increased to 2 000.

(2) The plan goes on.

Leave a Reply
Your email address will not be published."""


def test_cells_joined_by_a_space_keep_their_lines_and_the_broken_header() -> None:
    document = read(PLAIN)
    assert lines_of(document) == [
        [
            "Year Applications Received",
            "Quotas Allotted",
            "(June to December)",
            "587 83",
            "2007 627 239",
            "2008 1 358 564",
            "2020* 3\u00a0966 1 709",
            "Total 36 689 9 131",
        ]
    ]
    assert document.grids[0].notes == (
        "Note: The applications may not correspond with the quotas of 2006.",
        "* In 2020, the quota was increased to 2 000.",
    )
    words = [p.text for p in document.paragraphs]
    assert "(2) The plan goes on." in words
    assert "Leave a Reply" in words[-1] or "Leave a Reply" in words[-2]


def test_a_reply_that_goes_on_after_the_notes_is_no_note() -> None:
    document = read("T\n\nA 1 200\nB 1 300\nC 2 500\n\nNotes:\n(1) First.\n(2) Second.\n\n(2) The reply of 2021.\n")
    assert document.grids[0].notes == ("(1) First.", "(2) Second.")
    assert document.paragraphs[-1].text == "(2) The reply of 2021."


def test_a_paragraph_that_looks_like_an_item_is_no_note_unless_it_is_the_next() -> None:
    table = "<table><tr><td>a<td>5</table>"
    page = (
        f"<div id='pressrelease'>{table}<p>Notes:<br>(1) First.<br>(2) Second.</p><p>{{}} The reply of 2021.</p></div>"
    )
    assert len(read(page.format("(b)")).grids[0].notes) == 2
    assert len(read(page.format("(2)")).grids[0].notes) == 2
    assert len(read(page.format("(3)")).grids[0].notes) == 3


def test_the_lines_of_a_mirror_page_are_found_in_paragraphs() -> None:
    rows = "<br>".join(["Industry Quotas Allotted", "Finance 2 264", "Sports 195", "Others 290", "Total 2 749"])
    words = "The breakdown is as follows. " * 12
    page = f"<html><body><article><h1>LCQ15: A scheme</h1><p>{words}</p><p>{rows}</p><p>{words}</p></article></body></html>"  # noqa: E501
    document = read(page)
    assert lines_of(document) == [
        ["Industry Quotas Allotted", "Finance 2 264", "Sports 195", "Others 290", "Total 2 749"]
    ]
    assert document.template == "mirror"
    assert document.release.number == "LCQ15"


def test_cells_joined_by_nothing_are_found() -> None:
    document = read("T\n\nApplications received278642333\nApplications approved7134145286\nRejected1851575131773\n")
    assert lines_of(document)[0][1] == "Applications approved7134145286"


def test_cells_one_a_line_are_found() -> None:
    document = read(
        "T\n\nIndustry\nQuotas\nFinance\n2 264\nSports\n195\nOthers\n290\nTotal\n2 749\n\nWords follow here.\n"
    )
    assert lines_of(document) == [
        ["Industry", "Quotas", "Finance", "2 264", "Sports", "195", "Others", "290", "Total", "2 749"]
    ]


def test_a_table_with_a_blank_line_after_every_row_is_one_table() -> None:
    document = read(
        "T\n\nWords come first.\n\nFinance 2 264\n\nSports 195\n\nOthers 290\n\nTotal 2 749\n\nWords follow.\n"
    )
    assert lines_of(document) == [["Finance 2 264", "Sports 195", "Others 290", "Total 2 749"]]


def test_a_whole_table_in_one_chinese_line_is_found_and_a_sentence_is_not() -> None:
    table = "年份 人數 2003 53 507 2004 38 072 2005 55 106 2006 54 170 2007 33 865"
    sentence = "在2010年至2012年，按大學劃分，學生人數由2 010名增至3 005名，佔4%；其後在2013年回落至2 900名，佔3%。"
    document = read(f"主席，現答覆如下：\n{sentence}\n{table}\n政府會繼續檢討。\n")
    assert lines_of(document) == [[table]]
    assert sentence in [p.text for p in document.paragraphs]


def test_addresses_and_sentences_that_end_in_figures_are_no_table() -> None:
    document = read("T\n\nTel: 2810 2717\nFax: 2537 2575\nTel: 2810 2718\n\nIt was 5.\nIt was 6.\nIt was 7.\n")
    assert document.grids == ()
