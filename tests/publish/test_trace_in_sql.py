"""`FROM trace(...)` in the published file: from rows of a mart to the cells that print them, in SQL alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.publish.models import ModelError, load_macros
from pipelines.publish.swap import publish
from pipelines.publish.trace import TraceError, trace
from pipelines.settings import PROJECT, Settings
from tests.publish.making import Figure, built, document, year


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    figures = [
        Figure("qmas_by_year", "applications_received", "3966", year(2020)),
        Figure("qmas_by_year", "quotas_allotted", "1709", year(2020)),
        Figure("qmas_by_year", "applications_received", "2341", year(2021)),
    ]
    early = [replace(figures[0], value="3969")]
    folder = tmp_path_factory.mktemp("traced")
    with built(folder, [document("a", figures), document("old", early, released=date(2021, 1, 5))]) as build:
        return publish(build).path


def rows(database: Path, query: str, *values: Any) -> list[dict[str, Any]]:
    with duckdb.connect(str(database), read_only=True) as connection:
        cursor = connection.execute(query, list(values))
        names = [d[0] for d in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def test_a_row_leads_to_its_cells_each_with_its_sums_its_neighbours_and_all_vintages(database: Path) -> None:
    received, allotted = rows(database, "FROM trace('marts.qmas_by_year', 'year = 2020') ORDER BY measure")
    assert (received["measure"], received["text"], received["value_text"], received["verdict"]) == (
        "applications_received", "3966", "3966", "proved",
    )  # fmt: skip
    assert received["row"]["year"] == 2020 and "sources" not in received["row"]
    assert received["sums"] == [
        {"statement": "the total = the parts", "basis": "label", "holds": True, "exact": True}
    ]  # fmt: skip
    assert (received["line_above"], received["line"], received["line_below"]) == (
        "Period | Figure", "2020 | 3966", "2020 | 1709",
    )  # fmt: skip
    assert allotted["line_above"] == "2020 | 3966"
    assert received["source_url"] == "https://example.org/a" and len(received["content_hash"]) == 64
    assert [(v["value"], str(v["released"])) for v in received["vintages"]] == [
        ("3969", "2021-01-05"),
        ("3966", "2022-01-19"),
    ]


def test_without_a_condition_all_rows_are_traced_and_with_most_the_first(database: Path) -> None:
    assert {r["row"]["year"] for r in rows(database, "FROM trace('marts.qmas_by_year')")} == {2020, 2021}
    first = rows(database, "FROM trace('marts.qmas_by_year', most := 1)")
    assert {(r["nth"], r["row"]["year"]) for r in first} == {(1, 2020)}


@pytest.mark.parametrize(
    "relation",
    [
        "core.editions",
        "core.as_of(DATE '2022-06-30')",
        "(SELECT * FROM marts.qmas_by_year ORDER BY year DESC LIMIT 1)",
    ],
)
def test_whatever_has_sources_can_be_traced(database: Path, relation: str) -> None:
    found = rows(database, "FROM trace(?)", relation)
    assert found and all(r["text"] and r["place"] and r["verdict"] for r in found)


def test_the_command_and_the_macro_say_the_same(database: Path) -> None:
    told = trace(database, "marts.qmas_by_year")
    listed = [(s.cell_id, s.verdict, s.line, s.content_hash, len(s.sums)) for row in told for s in row.sources]
    found = rows(database, "FROM trace('marts.qmas_by_year')")
    assert listed == [(r["cell_id"], r["verdict"], r["line"], r["content_hash"], len(r["sums"])) for r in found]


def test_the_condition_is_one_condition_and_nothing_else(database: Path) -> None:
    with pytest.raises(duckdb.Error, match="single SELECT"):
        rows(database, "FROM trace('marts.qmas_by_year', 'true); DROP TABLE core.cells; SELECT (1')")


def test_a_warehouse_from_before_the_macro_is_made_anew(database: Path, tmp_path: Path) -> None:
    older = tmp_path / "talent.duckdb"
    older.write_bytes(database.read_bytes())
    with duckdb.connect(str(older)) as connection:
        connection.execute("DROP MACRO TABLE main.trace")
    with pytest.raises(TraceError, match="talent refresh"):
        trace(older, "marts.qmas_by_year")


def test_the_columns_that_the_dictionary_lists_are_those_that_the_macro_gives(database: Path) -> None:
    (macro,) = (m for m in load_macros(PROJECT / "sql") if m.full_name == "main.trace")
    described = [name for names, _ in macro.columns for name in names.split(", ")]
    assert sorted(described) == sorted(rows(database, "FROM trace('marts.qmas_by_year')")[0])
    dictionary = (PROJECT / "sql" / "DICTIONARY.md").read_text(encoding="utf-8")
    assert "### trace(relation, condition, most)" in dictionary
    assert "| `line_above`, `line`, `line_below` |" in dictionary


def test_a_macro_whose_columns_cannot_be_read_is_refused_by_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "macros" / "core.m.sql"
    path.parent.mkdir()
    path.write_text("-- What it answers.\n-- parameters: day, most := NULL\n-- columns:\n--   what is this\nSELECT 1\n")
    with pytest.raises(ModelError, match="line 4"):
        load_macros(tmp_path)
    path.write_text(path.read_text().replace("what is this", "a, b: what they are"))
    (macro,) = load_macros(tmp_path)
    assert macro.parameters == ("day", "most := NULL") and macro.columns == (("a, b", "what they are"),)


@pytest.fixture(scope="module")
def warehouse(bundled: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(bundled.database), read_only=True) as connection:
        yield connection


@pytest.mark.parametrize(
    ("medium", "place", "line"),
    [
        ("html", r"^/html/.*/tr\[16\]/td\[2\]$", "2020* | 3 966 | 1 709"),
        ("pdf", r"^page 1, box \(", "2020* | 3 966 | 1 709"),
        ("text", r"^line \d+, characters ", "2020* 3 966 1 709"),
        ("csv", r"^line \d+$", None),
    ],
)
def test_a_figure_of_each_medium_is_traced_to_its_place(
    warehouse: duckdb.DuckDBPyConnection, medium: str, place: str, line: str | None
) -> None:
    found = warehouse.execute(
        "SELECT place, line, text, path, content_hash FROM trace('marts.qmas_by_year', 'year = 2020') "
        "WHERE measure = 'applications_received' AND medium = ? AND language = 'en'",
        [medium],
    ).fetchall()
    assert found
    for at, printed, text, path, content_hash in found:
        assert re.search(place, at), at
        assert text in printed and (line is None or line.replace(" ", "") == re.sub(r"\s", "", printed))
        assert path and re.fullmatch(r"[0-9a-f]{64}", content_hash)


def test_every_row_of_every_mart_of_the_bundled_documents_is_traced_to_all_its_sources(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    marts = warehouse.execute(
        "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE schema_name = 'marts' ORDER BY 1"
    ).fetchall()
    assert len(marts) > 5
    for (mart,) in marts:
        expected = warehouse.execute(f"SELECT sum(len(sources)), count(*) FROM {mart}").fetchone()
        found = warehouse.execute("SELECT count(*), count(DISTINCT nth) FROM trace(?)", [mart]).fetchone()
        assert expected is not None and found == (expected[0] or 0, expected[1]), mart
