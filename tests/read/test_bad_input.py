"""Whatever the bytes are: no exception, bounded time, and a finding that names the document and the limit."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.model import Document, Grid, Paragraph, ReadResult, Severity
from pipelines.read import ReadLimits, read_document, sniff

SMALL = ReadLimits(max_bytes=400_000, max_seconds=5.0, max_cells=2_000, max_depth=200, max_span=50)


def check(result: ReadResult) -> None:
    """What holds of every result, however bad the bytes."""
    if result.document is None:
        assert any(f.severity is Severity.ERROR for f in result.findings)
        return
    assert [g.ordinal for g in result.document.grids] == list(range(len(result.document.grids)))
    for block in result.document.blocks:
        if isinstance(block, Paragraph):
            assert block.text.strip()
            continue
        seen: set[tuple[int, int]] = set()
        for cell in block.cells:
            assert 0 <= cell.row < block.n_rows
            assert cell.col >= 0
            assert cell.col + cell.colspan <= block.n_cols
            assert cell.row + cell.rowspan <= block.n_rows
            assert (cell.row, cell.col) not in seen
            seen.add((cell.row, cell.col))
        assert list(block.cells) == sorted(block.cells, key=lambda c: (c.row, c.col))


def over(data: bytes, limit: str, limits: ReadLimits = SMALL) -> ReadResult:
    result = read_document(data, name="odd.htm", limits=limits)
    check(result)
    said = [f for f in result.findings if f.code == "over-limit"]
    assert said, result.findings
    assert all(limit in f.message for f in said)
    assert all(f.document_id for f in said)
    return result


def table_text(document: Document | None) -> list[str]:
    assert document is not None
    return [c.text for g in document.grids for c in g.cells]


def test_an_empty_file_is_no_document() -> None:
    for data in (b"", b"  \n\t ", b"\x00" * 100):
        result = read_document(data, name="empty.htm")
        assert result.document is None
        assert [f.code for f in result.findings] == ["not-a-document"]
        assert "empty.htm" in result.findings[0].message
        assert result.findings[0].remedy


def test_a_rowspan_of_65535_is_cut() -> None:
    result = over(b"<table><tr><td rowspan=65535 colspan=65535>1<td>2<tr><td>3<td>4</table>", "max_span")
    assert table_text(result.document) == ["1", "2", "3", "4"]


def test_columns_that_only_a_span_past_the_limit_lays_out_are_left_out() -> None:
    row = b"<tr>" + b"<td colspan=60000>7" * 15
    result = over(b"<table>" + row * 4 + b"</table>", "max_span")
    assert result.document is not None
    (grid,) = result.document.grids
    assert (grid.n_rows, grid.n_cols) == (4, 15)
    assert [(c.col, c.colspan) for c in grid.cells if c.row == 0] == [(col, 1) for col in range(15)]


def test_very_deep_nesting_ends_with_a_finding() -> None:
    limits = ReadLimits(max_depth=200, max_seconds=10.0)
    for opening, times in ((b"<div>", 100_000), (b"<b><i>", 50_000), (b"<table><tr><td>1<td>2", 5_000)):
        over(b"<html><body>" + opening * times + b"1", "max_depth", limits)


def test_a_page_over_the_bytes_is_refused() -> None:
    assert over(b"<html>" + b"x" * 500_000, "max_bytes").document is None


def test_a_page_of_text_costs_more_than_its_bytes() -> None:
    assert over(b"<html><body>" + b"word " * 30_000, "max_bytes").document is None


def test_more_cells_than_allowed_end_with_a_finding() -> None:
    over(b"<table>" + b"<tr><td>1<td>2" * 2_000 + b"</table>", "max_cells")
    over(b"<html><body><pre>" + b"Revenue     1.0     2.0\n" * 1_500, "max_cells")
    over(b"a,b,c\n" + b"1,2,3\n" * 2_000, "max_cells")


def test_no_time_is_over_the_time() -> None:
    limits = ReadLimits(max_seconds=0.0)
    assert (
        over(b"<html><body><p>1</p><pre>" + b"Revenue     1.0     2.0\n" * 500, "max_seconds", limits).document is None
    )


def test_other_documents_are_not_held_up() -> None:
    bad = [
        b"\xff" * 50,
        b"%PDF-1.4 nothing",
        b"<table",
        b"<!--contents-->",
        b"&#xFFFFFFFF;<p>",
        b"<p>\x00\x01\x02</p><br><br>",
    ]
    for data in bad:
        check(read_document(data, name="bad", limits=SMALL))
    assert read_document(b"<html><body><p>Good 5.</p></body></html>").document is not None


def test_a_fence_without_an_end_loses_nothing() -> None:
    document = read_document(b"<html><body><p>one 1</p><!--contents--><p>two 2</p></body></html>").document
    assert document is not None
    assert [p.text for p in document.paragraphs] == ["one 1", "two 2"]


PARTS = st.sampled_from(
    ["<table>", "</table>", "<tr>", "<td>", "</td>", "<td rowspan=3>", "<td colspan=2 rowspan=2>", "<td rowspan=0>", "<th>",  # noqa: E501
     "<thead>", "<tbody>", "<caption>", "<pre>", "</pre>", "<br>", "<p>", "&nbsp;&nbsp; ", "<sup>2</sup>", "<sup>st</sup>",  # noqa: E501
     "1 234", "(5,678.9)", "-", "NIL", "Revenue", "Total (Note 1)", "*", "\n", "    ", "\t", "-----   ------", "Notes:",
     "1. A note.", "<!--contents-->", "<div style='display:none'>", "</div>", "<span id='pressrelease'>", "年份 人數",
     "Ends/Friday, May 29, 2015", "<script>", "</script>", "<font>", "As of end 2021", "today (January 19)"]
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PARTS, max_size=60))
def test_any_mixture_of_markup_is_read(parts: list[str]) -> None:
    check(read_document(("<html><body>" + "".join(parts)).encode(), limits=SMALL))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read(data: bytes) -> None:
    sniff(data)
    if not data.startswith(b"%PDF-"):
        check(read_document(data, limits=SMALL))


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from(["Revenue", "1,234.5", "(6.7)", "-", "", "at end", "2006"]), max_size=5), max_size=12
    )
)
def test_any_typed_columns_are_read_and_no_figure_is_lost(rows: list[list[str]]) -> None:
    text = "A title\n\n" + "\n".join("   ".join(row) for row in rows) + "\n\nThe end of it.\n"
    result = read_document(text.encode(), limits=SMALL)
    check(result)
    assert result.document is not None
    said = " ".join(
        " ".join([b.caption, *(c.text for c in b.cells), *b.notes]) if isinstance(b, Grid) else b.text
        for b in result.document.blocks
    )
    for figure in ("1,234.5", "(6.7)", "2006"):
        assert said.count(figure) == text.count(figure)


@pytest.mark.parametrize("seed", range(20))
def test_a_page_with_random_damage_is_read(seed: int) -> None:
    rng = random.Random(seed)
    rows = "".join(f"<tr><td>Industry {i}<td>{rng.randrange(9999):,}<td>{rng.random():.2f}" for i in range(12))
    page = bytearray(
        f"<html><body><div id='pressrelease'>Title<br>*****<p>Words 5.</p><table>{rows}</table></div>".encode()
    )
    for _ in range(30):
        at = rng.randrange(len(page))
        kind = rng.randrange(3)
        if kind == 0:
            page[at] = rng.randrange(256)
        elif kind == 1:
            del page[at : at + rng.randrange(1, 12)]
        else:
            page[at:at] = page[max(0, at - 40) : at]
    check(read_document(bytes(page), limits=SMALL))
