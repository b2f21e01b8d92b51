"""The writers of the stage: exact, typed, whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.model import Finding, Place, Severity
from pipelines.publish import stage
from pipelines.publish.relations import RELATIONS, arrow_schema
from tests.publish.making import Figure, all_models, built, document, select, unreadable, year

SOME = [Figure("qmas_by_year", "quotas_allotted", "1709", year(2020)), Figure("s", "m", "12.50", year(2021))]


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_decimal_is_kept_exactly_or_not_at_all(value: Decimal) -> None:
    kept = stage.exact(value)
    if kept is not None:
        assert kept == value
    else:
        whole, _, decimals = format(abs(value), "f").partition(".")
        assert len(whole.lstrip("0")) > 28 or len(decimals.rstrip("0")) > 10


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("36600000000", "36600000000"),
        ("3.66E+10", "36600000000"),
        ("0.0000000001", "0.0000000001"),
        ("0.00000000001", None),
        ("0.10000000000000", "0.1"),
        ("-9999999999999999999999999999.9999999999", "-9999999999999999999999999999.9999999999"),
        ("10000000000000000000000000000", None),
        ("0E+50", "0"),
        ("NaN", None),
        ("Infinity", None),
    ],
)
def test_the_bounds_of_what_is_kept(value: str, kept: str | None) -> None:
    assert stage.exact(Decimal(value)) == (None if kept is None else Decimal(kept))


def test_values_reach_the_sql_exactly_and_written_out(tmp_path: Path) -> None:
    figure = Figure("s", "m", "1234567890123456789012345678.0123456789", year(2020))
    with built(tmp_path, [document("a", [figure])], "core.cells") as build:
        (row,) = select(build, "SELECT value, value_text FROM core.cells")
    assert row == {
        "value": Decimal("1234567890123456789012345678.0123456789"),
        "value_text": "1234567890123456789012345678.0123456789",
    }


def test_the_files_have_the_schema_that_is_declared(tmp_path: Path) -> None:
    with built(tmp_path, [document("a", SOME)], "core.verdicts") as build:
        folder = build.settings.stage
    for relation in RELATIONS:
        found = pq.read_schema(folder / f"{relation.name}.parquet")
        declared = arrow_schema(relation.name)
        assert found.names == declared.names
        # Parquet has its own word for the items of a list
        assert [str(t).replace("element:", "item:") for t in found.types] == [str(t) for t in declared.types]
        assert [f.metadata[b"description"].decode() for f in found] == [c.description for c in relation.columns]


def test_a_document_captured_twice_is_one_document_and_two_captures(tmp_path: Path) -> None:
    made = document("a", SOME)
    again = replace(made, capture=replace(made.capture, path="dropped/again"))
    with built(tmp_path, [made, again], "core.documents", "staging.captures", "core.observations") as build:
        counts = {
            name: build.connection.execute(f"SELECT count(*) FROM {name}").fetchone()
            for name in ("staging.captures", "core.documents", "core.observations")
        }
    assert counts == {"staging.captures": (2,), "core.documents": (1,), "core.observations": (2,)}


def test_counts_are_of_rows_written(tmp_path: Path) -> None:
    made = [document("a", SOME), unreadable("b")]
    assert stage.write_documents(tmp_path, [(m.capture, m.read) for m in made]) == {
        "documents": 2,
        "paragraphs": 1,
        "tables": 1,
        "cells": 6,
    }
    assert stage.write_proofs(tmp_path, [m.proof for m in made])["cell_proofs"] == 2
    assert stage.write_observations(tmp_path, [m.shape for m in made]) == {
        "observations": 2,
        "statements": 0,
        "dispositions": 4,
        "claims": 1,
    }


def test_equal_findings_are_told_once(tmp_path: Path) -> None:
    finding = Finding("read", "empty-file", Severity.ERROR, "It is empty.")
    other = replace(finding, where="page 2")
    assert stage.write_findings(tmp_path, [other, finding, finding]) == {"findings": 2}


def test_a_writer_that_fails_leaves_the_old_files(tmp_path: Path) -> None:
    good = document("a", SOME)
    stage.write_documents(tmp_path, [(good.capture, good.read)])
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}

    def failing() -> object:
        yield good.capture, good.read
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        stage.write_documents(tmp_path, failing())  # type: ignore[arg-type]
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


def test_a_moment_with_a_zone_is_kept_in_utc(tmp_path: Path) -> None:
    made = document("a", SOME, captured=datetime(2022, 1, 19, 8, 0, tzinfo=timezone(timedelta(hours=8))))
    stage.write_captures(tmp_path, [made.capture])
    found = pq.read_table(tmp_path / "captures.parquet").column("captured_at").to_pylist()
    assert found == [datetime(2022, 1, 19, 0, 0, tzinfo=UTC).replace(tzinfo=None)]


@pytest.mark.parametrize(
    "place",
    [
        Place(),
        Place(page=3, box=(10.5, 20.5, 30.4, 40.6)),
        Place(path="/html/body/table[2]/tr[1]"),
        Place(line=7, chars=(3, 9)),
        Place(path="/html/body/pre", line=7, chars=(0, 4)),
    ],
)
def test_a_place_reads_the_same_in_the_warehouse_as_in_the_rooms(tmp_path: Path, place: Place) -> None:
    made = document("a", SOME[:1])
    assert made.read.document is not None
    paragraph, grid = made.read.document.blocks
    moved = replace(made.read.document, blocks=(replace(paragraph, place=place), grid))
    with built(tmp_path, [replace(made, read=replace(made.read, document=moved))], "staging.paragraphs") as build:
        assert build.connection.execute("SELECT place FROM staging.paragraphs").fetchone() == (str(place),)


def test_models_run_over_an_empty_stage(tmp_path: Path) -> None:
    with built(tmp_path, []) as build:
        for left in build.settings.stage.glob("*.parquet"):
            left.unlink()
    from pipelines.publish.build import Build

    with Build(build.settings, all_models()) as empty:
        assert {r.model: r.rows for r in empty.run_all() if r.rows} == {"core.verdicts": 5}


def test_the_stage_says_what_a_missing_relation_is_called() -> None:
    from pipelines.publish.relations import relation

    with pytest.raises(KeyError, match="it has captures, documents"):
        relation("nothing")
    assert duckdb.__version__ >= "2"
