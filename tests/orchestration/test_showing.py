"""What a person sees at a place: the picture or the excerpt of the very bytes, or a sentence why there is none."""

from __future__ import annotations

import io
import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from PIL import Image

from pipelines.model import Place
from pipelines.orchestration import showing, steps
from pipelines.settings import Settings
from tests.support import crossing


def cells_of(settings: Settings, medium: str) -> list[str]:
    query = "select cell_id from core.sources where medium = ? and text = '3 966' order by cell_id"
    with duckdb.connect(str(settings.database), read_only=True) as connection:
        return [cell for (cell,) in connection.execute(query, [medium]).fetchall()]


def test_a_cell_of_a_pdf_is_a_picture_with_the_cell_boxed(bundled: Settings) -> None:
    cell = cells_of(bundled, "pdf")[0]
    seen = showing.of_cells(bundled, [cell])[cell]
    with Image.open(io.BytesIO(seen.picture)) as page:
        colours = {colour for _, colour in page.convert("RGB").getcolors(maxcolors=1 << 24) or ()}
    assert any(red > 180 and green < 60 and blue < 60 for red, green, blue in colours)  # type: ignore[misc]


def test_a_cell_of_a_page_or_a_text_is_marked_in_its_line(bundled: Settings) -> None:
    for medium in ("html", "text"):
        for cell in cells_of(bundled, medium):
            seen = showing.of_cells(bundled, [cell])[cell]
            marked = seen.excerpt.partition("«")[2].partition("»")[0]
            assert "3 966" in marked, (medium, seen.excerpt)


def test_of_a_line_that_holds_several_figures_only_the_one_is_marked(bundled: Settings) -> None:
    """The mirror prints "2020* 3 966 1 709" in one line, the open data "2020,3966,1709"."""
    query = """select cell_id from core.sources where text in ('1 709', '1709') and medium in ('text', 'csv')
               and path like '%qmas%' or text in ('1709') and path like '%QMAS%' and medium = 'csv'"""
    with duckdb.connect(str(bundled.database), read_only=True) as connection:
        cells = [cell for (cell,) in connection.execute(query).fetchall()]
    assert len(cells) >= 3
    for seen in showing.of_cells(bundled, cells).values():
        assert seen.excerpt.partition("«")[2].partition("»")[0] in ("1 709", "1709"), seen.excerpt


def test_a_cell_of_a_page_stands_below_the_head_of_its_table_and_between_its_neighbours(bundled: Settings) -> None:
    shown = [seen.excerpt for seen in showing.of_cells(bundled, cells_of(bundled, "html")).values()]
    tables = [[line.split(" | ")[0] for line in excerpt.splitlines()] for excerpt in shown]
    assert tables and all(rows == ["年份", "2019", "2020*", "2021**"] for rows in tables)


def test_bytes_that_changed_are_not_shown(bundled: Settings, tmp_path: Path) -> None:
    shutil.copytree(bundled.raw, tmp_path / "raw")
    cell = cells_of(bundled, "html")[0]
    with duckdb.connect(str(bundled.database), read_only=True) as connection:
        ((path,),) = connection.execute("select path from core.sources where cell_id = ?", [cell]).fetchall()
    (tmp_path / "raw" / path).write_text("something else", encoding="utf-8")
    moved = replace(bundled, raw=tmp_path / "raw")
    seen = showing.of_cells(moved, [cell])[cell]
    assert seen.missing and "no longer holds the bytes" in seen.excerpt
    (tmp_path / "raw" / path).unlink()
    assert "cannot be read" in showing.of_cells(moved, [cell])[cell].excerpt


def test_a_place_that_the_bytes_do_not_have_is_said() -> None:
    seen = showing.of_place(b"one\ntwo\n", Place(line=7))
    assert seen.missing and "line 7" in seen.excerpt


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = replace(Settings(), raw=tmp_path / "raw", warehouse=tmp_path / "warehouse")
    made.raw.mkdir()
    return made


def proven(settings: Settings, name: str, data: bytes) -> str:
    """The id of the one table of these bytes, read and proven."""
    (settings.raw / name).write_bytes(data)
    steps.take_in(settings)
    steps.read(settings)
    steps.prove(settings)
    (table,) = steps.find_table(settings, "")
    return table.table_id


def test_a_located_error_is_shown_where_it_stands(settings: Settings) -> None:
    table = proven(settings, "wrong.html", crossing.html())
    (cell,) = showing.doubted(settings, [table], most=3)
    assert (cell.text, cell.table_id) == (crossing.WRONG, table)
    assert "7128" in cell.argument
    assert "13 724 | «7 228» | 20 852" in cell.shown.excerpt.splitlines()[2]


def test_of_a_pdf_the_band_of_the_page_around_a_located_error_is_shown(settings: Settings) -> None:
    table = proven(settings, "wrong.pdf", crossing.pdf())
    (cell,) = showing.doubted(settings, [table], most=3)
    assert cell.text == crossing.WRONG
    with Image.open(io.BytesIO(cell.shown.picture)) as band:
        assert band.width > 3 * band.height
    assert len(cell.shown.picture) < 60_000
