"""Text tables, in the five ways that release pages of 1998 to 2016 are typed."""

from __future__ import annotations

import pytest

from pipelines.model import Document, Grid, GridKind
from pipelines.read import read_document

LINES = """\
TABLE 1.  ACCOUNT

                                         Year to date
                    Month Ended          (April 1, 1998 to
                    Sept 30, 1998        Sept 30, 1998)
                    -------------        --------------
                    HK $ million         HK $ million

Revenue                   6,062.8            72,601.3
Expenditure (Note 1) (16,837.9)        (115,202.0)
                      _________          __________
Deficit              (10,775.1)          (42,600.7)

Financing
  Domestic
    Banking Sector
    (Note 2)         10,765.7             42,393.3
    Non-Bank Sector       9.4                207.4
  External                 -                    -
                     --------             --------
Fiscal Reserves     12,345.6             23,456.7
at start of period
Add: Consolidated
 Deficit            (1.0)                  (2.0)
                     --------             --------
Debts Guaranteed by
Government at
Sept 30, 1998
(Note 3)                 57.8                  57.8
""".splitlines()

EXPECTED = [
    ["", "Month Ended\nSept 30, 1998\nHK $ million", "Year to date\n(April 1, 1998 to\nSept 30, 1998)\nHK $ million"],
    ["Revenue", "6,062.8", "72,601.3"],
    ["Expenditure (Note 1)", "(16,837.9)", "(115,202.0)"],
    ["Deficit", "(10,775.1)", "(42,600.7)"],
    ["Financing", "", ""],
    ["Domestic", "", ""],
    ["Banking Sector\n(Note 2)", "10,765.7", "42,393.3"],
    ["Non-Bank Sector", "9.4", "207.4"],
    ["External", "-", "-"],
    ["Fiscal Reserves\nat start of period", "12,345.6", "23,456.7"],
    ["Add: Consolidated\nDeficit", "(1.0)", "(2.0)"],
    ["Debts Guaranteed by\nGovernment at\nSept 30, 1998\n(Note 3)", "57.8", "57.8"],
]


def page_a(body: str) -> bytes:
    fence = "<!------------------------contents------------------------------->"
    return (
        '<meta http-equiv="content-type" content="text/html; charset=iso-8859-1">\n<HTML><HEAD><TITLE> T\n</TITLE></HEAD>'  # noqa: E501
        f'<BODY><TABLE WIDTH="600"><TR><TD>&nbsp;</TD><TD><P>\n{fence}\nHeadline of 1998<p>\n*********<p>\n{body}\n'
        f"End/Saturday, October 31, 1998<p>\nNNNN<p>\n{fence}</TD></TR></TABLE></BODY></HTML>"
    ).encode("latin-1")


def page_b(body: str) -> bytes:
    return (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=BIG5" /></head><body><div id="pressrelease">'  # noqa: E501
        f"<!--contents-->Headline<br /> *****<p>{body}</p><p>Ends/Friday, May 29, 2015<br/>Issued at HKT 16:30<br />NNNN</p>"  # noqa: E501
        "<!--contents--></div></body></html>"
    ).encode("latin-1")


def spaced(line: str) -> str:
    return line.replace("  ", "&nbsp; ").replace("  ", " &nbsp;")


WAYS = {
    "one pre": page_a("<pre>\n" + "\n".join(LINES) + "\n</pre>"),
    "one pre a line": page_a("<p>\n".join(f"<pre>\n{line}\n</pre>" if line else "<p>" for line in LINES)),
    "pre with doubled line ends": page_a("<pre>\n" + "\n\n".join(LINES) + "\n</pre>"),
    "plain p lines": page_a("".join(f"{line}<p>\n" for line in LINES)),
    "br and nbsp": page_b("<br />".join(spaced(line) for line in LINES)),
    "plain text": "\n".join(["A release", "", *LINES]).encode(),
}


def texts(table: Grid) -> list[list[str]]:
    out = [["" for _ in range(table.n_cols)] for _ in range(table.n_rows)]
    for cell in table.cells:
        out[cell.row][cell.col] = cell.text
    return out


def read(data: bytes) -> Document:
    document = read_document(data).document
    assert document is not None
    return document


@pytest.mark.parametrize("way", WAYS)
def test_a_text_table_reads_the_same_however_it_is_typed(way: str) -> None:
    document = read(WAYS[way])
    assert len(document.grids) == 1
    table = document.grids[0]
    assert table.kind is GridKind.TEXT
    assert table.caption == "TABLE 1. ACCOUNT"
    assert table.header_rows == 1
    assert texts(table) == EXPECTED


def table_of(*lines: str) -> Grid:
    document = read("\n".join(["A release", "", *lines, "", "The end of it."]).encode())
    assert len(document.grids) == 1, document.blocks
    return document.grids[0]


HEAD = ("               2005-06     2006-07    2007-08", "               -------     -------    -------")


def test_tabs_are_gaps() -> None:
    table = table_of("\t\tReceived\tApproved", "Engineers\t10\t5", "Doctors\t\t1,200\t7")
    assert texts(table)[1:] == [["Engineers", "10", "5"], ["Doctors", "1,200", "7"]]


def test_a_missing_figure_leaves_its_own_column_blank() -> None:
    table = table_of(
        *HEAD,
        "Engineers      1,000       2,000      3,000",
        "Nurses                     4,000      5,000",
        "Doctors        6,000                  7,000",
    )
    assert texts(table)[1:] == [
        ["Engineers", "1,000", "2,000", "3,000"],
        ["Nurses", "", "4,000", "5,000"],
        ["Doctors", "6,000", "", "7,000"],
    ]


def test_a_figure_whose_column_cannot_be_told_stays_in_a_whole_line_with_a_finding() -> None:
    lines = [*HEAD, "Engineers      1,000       2,000      3,000", "Doctors        6,000       1,500      7,000"]
    lines.append("Nurses              4,000")  # between the first and the second column
    result = read_document("\n".join(["A release", "", *lines, "", "End."]).encode())
    assert result.document is not None
    cell = result.document.grids[0].cells[-1]
    assert (cell.text, cell.col, cell.colspan) == ("Nurses 4,000", 0, 4)
    assert [f.code for f in result.findings] == ["column-not-told"]


def test_groups_of_three_under_two_columns_are_not_joined() -> None:
    lines = [
        "          Received   Allotted",
        "2007        627       239",
        "2009      1 296       593",
        "2008      1 358 564",
    ]
    table = read_document("\n".join(["A release", "", *lines, "", "End."]).encode()).document
    assert table is not None
    last = [c for c in table.grids[0].cells if c.row == table.grids[0].n_rows - 1]
    assert [(c.text, c.colspan) for c in last] == [("2008 1 358 564", 3)]


def test_drifting_columns_are_read_in_order() -> None:
    table = table_of(
        *HEAD,
        "Engineers      1,000       2,000      3,000",
        "Nurses 4,000  5,000    6,000",
        "Chief engineers of the works 7,000      8,000          9,000",
    )
    assert [r[1:] for r in texts(table)[2:]] == [["4,000", "5,000", "6,000"], ["7,000", "8,000", "9,000"]]


def test_a_range_is_one_cell() -> None:
    table = table_of("          Actual    Range", "Profits   137.8     93.2 - 137.8", "Salaries  59.3      44.3 - 59.3")
    assert texts(table)[1] == ["Profits", "137.8", "93.2 - 137.8"]


def test_a_figure_glued_to_its_label_is_a_cell() -> None:
    table = table_of(
        *HEAD[:1],
        "Banking(Note 1)10,491.3    2,000.0    3,000.0",
        "Deficit(16,678.6)   1.0   2.0",
        "Trade          1.0         2.0        3.0",
    )
    assert texts(table)[1:3] == [
        ["Banking(Note 1)", "10,491.3", "2,000.0", "3,000.0"],
        ["Deficit", "(16,678.6)", "1.0", "2.0"],
    ]


def test_a_rule_that_ends_a_label_is_no_figure() -> None:
    table = table_of(
        "Reserves    483,578.7    492,914.5",
        "at start",
        "",
        "Total       523,837.0    523,837.0",
        "at end     ----------   ----------",
    )
    assert texts(table) == [
        ["Reserves\nat start", "483,578.7", "492,914.5"],
        ["Total\nat end", "523,837.0", "523,837.0"],
    ]


def test_a_label_after_its_figures_belongs_to_them_and_a_heading_does_not() -> None:
    table = table_of(
        "Profits   137.8   136.1",
        "Tax",
        "",
        "Stamp     74.8    73.5",
        "Duties",
        "",
        "Capital Revenue",
        "",
        "Land      77.8    73.2",
        "Premium",
    )
    assert [r[0] for r in texts(table)] == ["Profits\nTax", "Stamp\nDuties", "Capital Revenue", "Land\nPremium"]


def test_a_header_over_two_columns_spans_them() -> None:
    table = table_of(
        "                   Applications",
        "                Received     Approved",
        "                --------     --------",
        "Engineers       1,000        2,000",
        "Nurses          3,000        4,000",
    )
    top = [c for c in table.cells if c.row == 0]
    assert [(c.text, c.col, c.colspan) for c in top] == [("Applications", 1, 2)]
    assert table.header_rows == 2


def test_a_calendar_of_words_is_a_table() -> None:
    table = table_of(
        "Month            Release Date",
        "-----            ------------",
        "October 1998     November 30, 1998",
        "November 1998    December 31, 1998",
        "December 1998    January 30, 1999",
    )
    assert texts(table)[1] == ["October 1998", "November 30, 1998"]


def test_a_note_under_a_figure_belongs_to_it() -> None:
    table = table_of(
        "Revenue        29,362.0      216,074.2",
        "                              (Note 2)",
        "Expenditure   (28,955.4)    (239,347.5)",
    )
    cell = next(c for c in table.cells if (c.row, c.col) == (0, 2))
    assert (cell.bare, cell.marks) == ("216,074.2", ("Note 2",))


def test_prose_with_figures_and_double_spaces_is_no_table() -> None:
    document = read(
        b"A release\n\nRevenue was 5,000.  In 2006  it rose to 6,000.\n\nThe quota is 1 000.  It was 500.\n\n"
        b"1.  The first point of 2006.\n2.  The second point of 2007.\n"
    )
    assert document.grids == ()


def test_the_place_of_a_figure_is_its_line_and_characters() -> None:
    table = read(WAYS["one pre"]).grids[0]
    cell = next(c for c in table.cells if c.text == "10,765.7")
    assert cell.place.path is not None
    assert cell.place.line is not None
    assert cell.place.chars == (21, 29)
