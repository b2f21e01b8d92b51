"""Loading of models and checks: order from the SQL, and errors that name file, line and remedy."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipelines.publish.build import Build
from pipelines.publish.models import Model, ModelError, load_models
from tests.publish.making import all_models, settings


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.sql"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_models_come_after_what_they_read(tmp_path: Path) -> None:
    sql = write(
        tmp_path,
        core__a="-- Reads b.\nWITH c AS (SELECT * FROM core.b) SELECT * FROM c, stage.documents",
        core__b="-- Reads the stage.\nSELECT document_id FROM stage.tables",
    )
    first, second = load_models(sql)
    assert (first.full_name, first.depends_on) == ("core.b", ("stage.tables",))
    assert (second.full_name, second.depends_on) == ("core.a", ("core.b", "stage.documents"))


def test_every_model_of_the_project_stands_after_those_that_it_needs() -> None:
    seen: set[str] = set()
    for model in all_models():
        assert {d for d in model.depends_on if not d.startswith("stage.")} <= seen, model.full_name
        seen.add(model.full_name)
    assert {"marts.qmas_by_year", "quality.coverage", "core.observations", "staging.cells"} <= seen


def test_the_header_gives_description_key_and_columns(tmp_path: Path) -> None:
    text = (
        "-- One row a day,\n-- no more.\n-- key: day, hour\n-- columns:\n--   day DATE: the day\n--   hour: [hours]\n"
    )
    (model,) = load_models(write(tmp_path, core__a=text + "SELECT 1"))
    assert (model.description, model.key) == ("One row a day, no more.", ("day", "hour"))
    assert [(c.name, c.type, c.description) for c in model.columns] == [
        ("day", "DATE", "the day"),
        ("hour", None, "[hours]"),
    ]
    assert [c.name for c in model.checks] == ["the_key_is_unique", "the_key_has_no_gap"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SELECT 1", r"a\.sql, line 1: The model has no description"),
        ("-- A.\nSELECT *\nFROM core.nowhere", r"a\.sql, line 3: There is no model or stage relation 'core.nowhere'"),
        ("-- A.\nSELECT *\nFROM nowhere", r"a\.sql, line 3: 'nowhere' does not say of which schema"),
        ("-- A.\nSELECT * FROM core.a", "need each other in a ring"),
        ("-- A.\nSELECT 1; SELECT 2", "holds 2 statements"),
        ("-- A.\nDROP TABLE core.b", "one that is no SELECT"),
        ("-- A.\nSELECT ((1", "cannot be parsed"),
        ("-- A.\n-- columns:\n--   day\nSELECT 1", r"a\.sql, line 3: This line of the columns cannot be read"),
    ],
)
def test_a_mistake_in_a_model_names_file_line_and_remedy(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ModelError, match=said):
        load_models(write(tmp_path, core__a=text))


def test_a_mart_needs_a_key(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="A mart has no key"):
        load_models(write(tmp_path, marts__a="-- A.\nSELECT 1"))


def test_a_check_belongs_to_one_model_and_says_what_holds(tmp_path: Path) -> None:
    write(tmp_path, core__a="-- A.\nSELECT 1 AS one", checks__none="-- Holds.\nSELECT 1")
    with pytest.raises(ModelError, match="No model has this name"):
        load_models(tmp_path)
    (tmp_path / "checks" / "none.sql").unlink()
    write(tmp_path / "checks", **{"a.it_holds": "-- It holds.\n-- severity: warn\nSELECT * FROM core.a"})
    (model,) = load_models(tmp_path)
    (check,) = model.checks
    assert (check.name, check.sentence, check.blocking) == ("it_holds", "it holds", False)
    write(tmp_path / "checks", **{"a.it_holds": "-- It holds.\n-- severity: loud\nSELECT * FROM core.a"})
    with pytest.raises(ModelError, match=r"line 2: 'loud' is no severity"):
        load_models(tmp_path)


def test_a_model_waits_for_what_its_checks_read(tmp_path: Path) -> None:
    write(tmp_path, core__a="-- A.\nSELECT 1 AS one", core__b="-- B.\nSELECT 2 AS two")
    write(tmp_path / "checks", **{"core.a.it_holds": "-- It holds.\nSELECT * FROM core.b WHERE two = 1"})
    assert [m.full_name for m in load_models(tmp_path)] == ["core.b", "core.a"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("-- A.\n-- columns:\n--   one BIGINT: a number\nSELECT 1 AS one", "is INTEGER, and its contract says BIGINT"),
        ("-- A.\nSELECT 1 AS one", "Column 'one' has no description"),
        ("-- A.\n-- columns:\n--   two: a number\nSELECT 1 AS one", "describes 'two', which the SELECT does not give"),
        ("-- A.\nSELECT nonsense FROM stage.cells", "The model does not run"),
    ],
)
def test_a_broken_contract_stops_the_build_and_keeps_what_stood(tmp_path: Path, text: str, said: str) -> None:
    sound = "-- A.\n-- columns:\n--   one INTEGER: a number\nSELECT 1 AS one"
    write(tmp_path / "sql", core__a=sound)
    where = settings(tmp_path, tmp_path / "sql")
    with Build(where, load_models(where.sql)) as build:
        build.run_all()
    write(tmp_path / "sql", core__a=text)
    with Build(where, load_models(where.sql)) as build:
        with pytest.raises(ModelError, match=said):
            build.run_all()
        assert build.connection.execute("SELECT one FROM core.a").fetchall() == [(1,)]
        assert build.stale() == ("core.a",)


def test_a_transaction_that_ended_by_itself_does_not_hide_what_ended_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "sql", core__a="-- A.\n-- columns:\n--   one INTEGER: a number\nSELECT 1 AS one")
    where = settings(tmp_path, tmp_path / "sql")

    def ended(build: Build, model: Model) -> str:
        build.connection.execute("ROLLBACK")  # as DuckDB does by itself where a COMMIT fails
        raise duckdb.IOException("the disk is full")

    with Build(where, load_models(where.sql)) as build:
        with monkeypatch.context() as patched:
            patched.setattr(Build, "_content", ended)
            with pytest.raises(ModelError, match="The model does not run: the disk is full"):
                build.run_all()
        assert build.stale() == ("core.a",)
        build.run_all()
        assert build.stale() == ()


def test_a_column_that_is_passed_on_keeps_its_description(tmp_path: Path) -> None:
    write(
        tmp_path / "sql",
        core__a="-- A.\nSELECT title, size FROM stage.documents CROSS JOIN stage.captures",
        core__b="-- B.\n-- columns:\n--   title VARCHAR: another\nSELECT * FROM core.a",
    )
    where = settings(tmp_path, tmp_path / "sql")
    with Build(where, load_models(where.sql)) as build:
        runs = {run.model: {c.name: c.description for c in run.columns} for run in build.run_all()}
    assert runs["core.a"] == {"title": "title of the release", "size": "size [bytes]"}
    assert runs["core.b"] == {"title": "another", "size": "size [bytes]"}


def test_a_changed_model_is_made_again_with_all_that_read_it(tmp_path: Path) -> None:
    write(
        tmp_path / "sql", core__a="-- A.\n-- columns:\n--   n: n\nSELECT 1 AS n", core__b="-- B.\nSELECT * FROM core.a"
    )
    write(tmp_path / "sql", core__c="-- C.\n-- columns:\n--   n: n\nSELECT 3 AS n")
    where = settings(tmp_path, tmp_path / "sql")
    with Build(where, load_models(where.sql)) as build:
        build.run_all()
    write(tmp_path / "sql", core__a="-- A.\n-- columns:\n--   n: n\nSELECT 2 AS n")
    with Build(where, load_models(where.sql)) as build:
        assert {run.model: run.computed for run in build.run_all()} == {"core.a": True, "core.b": True, "core.c": False}
        assert build.connection.execute("SELECT n FROM core.b").fetchall() == [(2,)]
