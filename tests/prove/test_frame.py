"""Header, stub and body: years and serial numbers there are labels, and no figure is lost to either."""

from __future__ import annotations

import pytest

from tests.prove.grids import proof


@pytest.mark.parametrize(
    ("rows", "header", "stub", "figures"),
    [
        ([["Region", "2019", "2020"], ["A", "5", "6"], ["B", "7", "8"]], 1, 1, 4),
        ([["", "2019", "2020"], ["2019", "5", "6"], ["2020", "7", "8"]], 1, 1, 4),
        ([["Year", "Number"], ["2019", "1 203"], ["2020", "2 311"]], 1, 1, 2),
        ([["Sex", "2021"], ["Male", "2004"], ["Female", "1998"]], 1, 1, 2),
        ([["No.", "Kind", "Number"], ["1", "A", "12"], ["2", "B", "30"], ["3", "C", "7"]], 1, 2, 3),
        ([["Kind", "Jan", "Feb", "Mar"], ["A", "1", "2", "3"], ["B", "4", "5", "6"]], 1, 1, 6),
        (
            [["Kind", "Jan", "Feb", "Mar"], ["", "(1)", "(2)", "(3)"], ["A", "8", "2", "3"], ["B", "4", "5", "9"]],
            2,
            1,
            6,
        ),
        ([["月", "2014", "2015"], ["1", "188", "168"], ["2", "253", "84"], ["3", "184", "28"]], 1, 1, 6),
        ([["Region", "Applications", ""], ["", "Received", "Approved"], ["A", "12", "7"], ["B", "9", "4"]], 2, 1, 4),
        ([["2019-20", "12", "7"], ["2020-21", "9", "4"], ["2021-22", "3", "1"]], 0, 1, 6),
    ],
)
def test_header_and_stub_are_told_from_the_body(rows, header, stub, figures):
    table = proof(rows)
    assert (table.frame.header_rows, table.frame.stub_cols) == (header, stub)
    assert len(table.cells) == figures
