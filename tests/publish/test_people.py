"""What people get besides the file: the trace, the exports, the dictionary, the cookbook."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from pipelines.model import Period, PeriodKind
from pipelines.publish.dictionary import SCHEMAS, dictionary
from pipelines.publish.exports import export_marts
from pipelines.publish.swap import publish
from pipelines.publish.trace import TraceError, trace
from pipelines.settings import PROJECT
from tests.publish.making import Figure, all_models, built, document, month, year

CUMULATIVE = Period(date(2006, 6, 1), date(2021, 12, 31), PeriodKind.CUMULATIVE, "2006 to 2021")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("people")
    figures = [
        Figure("qmas_by_year", "applications_received", "3966", year(2020)),
        Figure("qmas_by_year", "quotas_allotted", "1709", year(2020)),
        Figure("qmas_by_year", "applications_received", "2341", year(2021)),
        Figure("qmas_by_industry", "quotas_allotted", "90", CUMULATIVE, (("industry", "it"),), "15", '=HYPERLINK("x")'),
        Figure("qmas_by_industry", "quotas_allotted", "10", CUMULATIVE, (("industry", "law"),), "15", "+Law"),
        Figure("qmas_by_place", "quotas_allotted", "60", CUMULATIVE, (("place", "CA"),), "places", "Canada"),
        Figure("fiscal_monthly", "surplus", "-29000.2", month(2023, 4), quantum="0.1", unit="HK$ million"),
    ]
    early = [replace(figures[0], value="3969")]
    with built(folder, [document("a", figures), document("old", early, released=date(2021, 1, 5))]) as build:
        return publish(build).path


def test_a_trace_leads_from_the_row_to_cells_sums_and_vintages(database: Path) -> None:
    (traced,) = trace(database, "marts.qmas_by_year", "year = 2020")
    assert traced.row["applications_received"] == 3966
    by_measure = {s.measure: s for s in traced.sources}
    received = by_measure["applications_received"]
    assert (received.text, received.value, received.verdict) == ("3966", "3966", "proved")
    assert received.line == "2020 | 3966"
    assert (received.row_label, received.column_label) == ("2020", "Figure")
    assert received.source_url == "https://example.org/a" and received.place == "/html/body/table[1]"
    assert [s.statement for s in received.sums] == ["the total = the parts"]
    assert {(v.value, v.released) for v in traced.vintages if v.measure == "applications_received"} == {
        ("3969", "2021-01-05"),
        ("3966", "2023-05-01"),
    }
    assert "all that was ever said of it" in traced.text and "2020 | 3966" in traced.text


@pytest.mark.parametrize(
    "mart", ["qmas_by_year", "qmas_by_industry", "qmas_by_place", "fiscal_monthly", "observations"]
)
def test_every_row_of_every_mart_can_be_traced(database: Path, mart: str) -> None:
    found = trace(database, f"marts.{mart}")
    assert found and all(one.sources for one in found)


@pytest.mark.parametrize(
    ("relation", "where", "said"),
    [
        ("marts.nothing", "true", "Marts are marts"),
        ("core.cells; DROP TABLE core.cells", "true", "cannot be traced"),
        ("marts.qmas_by_year", "yeer = 2020", "does not run"),
        ("marts.qmas_by_year", "true); ATTACH '/etc/passwd' AS x; SELECT (1", "does not run"),
    ],
)
def test_what_cannot_be_traced_is_said(database: Path, relation: str, where: str, said: str) -> None:
    with pytest.raises(TraceError, match=said):
        trace(database, relation, where)


def test_a_trace_without_a_warehouse_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(TraceError, match="talent refresh"):
        trace(tmp_path / "talent.duckdb", "marts.qmas_by_year")


def test_exports_hold_what_the_marts_hold(database: Path, tmp_path: Path) -> None:
    export_marts(database, tmp_path)
    with duckdb.connect(str(database), read_only=True) as connection:
        expected = connection.execute("SELECT year, applications_received FROM marts.qmas_by_year").fetchall()
    table = pq.read_table(tmp_path / "qmas_by_year.parquet")
    assert list(zip(table["year"].to_pylist(), table["applications_received"].to_pylist(), strict=True)) == expected
    with (tmp_path / "qmas_by_year.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(int(r["year"]), int(r["applications_received"])) for r in rows] == expected
    assert json.loads(rows[0]["sources"])[0]["text"] == "3966"


def test_no_text_of_an_export_is_a_formula(database: Path, tmp_path: Path) -> None:
    export_marts(database, tmp_path)
    with (tmp_path / "qmas_by_industry.csv").open(newline="", encoding="utf-8") as file:
        labels = {r["code"]: r["label"] for r in csv.DictReader(file)}
    assert labels == {"it": '\'=HYPERLINK("x")', "law": "'+Law"}
    with (tmp_path / "fiscal_monthly.csv").open(newline="", encoding="utf-8") as file:
        (month_row,) = csv.DictReader(file)
    assert month_row["surplus"] == "-29000.2000"


def test_the_descriptor_describes_every_file(database: Path, tmp_path: Path) -> None:
    exported = export_marts(database, tmp_path)
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    files = {p.name for p in exported.files} - {"datapackage.json"}
    assert {r["path"] for r in package["resources"]} == files
    assert len(files) == 2 * sum(m.schema == "marts" for m in all_models())
    for resource in package["resources"]:
        content = (tmp_path / resource["path"]).read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert resource["bytes"] == len(content) and resource["description"]
        if resource["format"] == "csv":
            names = [f["name"] for f in resource["schema"]["fields"]]
            assert set(resource["schema"]["primaryKey"]) <= set(names)
            assert all(f["description"] for f in resource["schema"]["fields"])
            assert content.decode().splitlines()[0].split(",") == names
        else:
            assert resource["type"] == "file" and "schema" not in resource


def test_exporting_an_unchanged_warehouse_changes_no_file(database: Path, tmp_path: Path) -> None:
    assert export_marts(database, tmp_path).changed
    assert export_marts(database, tmp_path).changed == ()


def test_every_column_of_numbers_says_its_unit(database: Path) -> None:
    """In square brackets: a unit, a count of something, "in the column unit", or that it is only an order."""
    numbers = "data_type LIKE 'DECIMAL%' OR data_type IN ('BIGINT', 'INTEGER', 'DOUBLE')"
    with duckdb.connect(str(database), read_only=True) as connection:
        found = connection.execute(
            f"""SELECT schema_name || '.' || table_name || '.' || column_name, comment FROM duckdb_columns()
                WHERE NOT internal AND schema_name IN ('marts', 'core', 'quality') AND ({numbers})"""
        ).fetchall()
    assert len(found) > 60
    assert [name for name, said in found if not re.search(r"\[.+\]", said or "")] == []


def test_the_dictionary_in_the_repository_is_that_of_the_models(database: Path) -> None:
    kept = (PROJECT / "sql" / "DICTIONARY.md").read_text(encoding="utf-8")
    assert kept == dictionary(database), "renew it: python -m pipelines.publish.dictionary"
    assert {m.schema for m in all_models()} <= set(SCHEMAS)


#: From 15 on they are cases over the bundled documents (test_cases.py).
EXAMPLES = [p for p in sorted((PROJECT / "sql" / "examples").glob("*.sql")) if int(p.stem[:2]) < 15]


@pytest.mark.parametrize("path", EXAMPLES, ids=[p.stem for p in EXAMPLES])
def test_an_example_runs_and_opens_with_its_question(database: Path, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("-- ") and "?" in text.split("SELECT")[0]
    with duckdb.connect(str(database), read_only=True) as connection:
        rows = connection.execute(text).fetchall()
    empty_here = ("10_what_was_kept_out", "12_tables_that_no_series_knows")
    assert bool(rows) != (path.stem in empty_here)
