"""A pair of language versions, from its bytes through every room to the published file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.cards import Cards, load
from pipelines.model import Capture, CaptureKind
from pipelines.prove import prove_document
from pipelines.publish import stage as writers
from pipelines.publish.build import Build
from pipelines.publish.swap import publish
from pipelines.read import read_document
from pipelines.settings import PROJECT
from pipelines.shape import shape_document
from tests.publish.making import all_models, settings
from tests.support.twins import Page, twins

CAPTURED = datetime(2026, 11, 22, tzinfo=UTC)
CHECK = "language twins give the same figures"


@cache
def cards() -> Cards:
    rooms = PROJECT / "pipelines"
    return load(rooms / "series", rooms / "vocabulary", rooms / "corrections")


def published(folder: Path, pages: Iterable[Page]) -> tuple[duckdb.DuckDBPyConnection, tuple[str, ...]]:
    """The warehouse of these pages, open, and the warnings of its publication."""
    where = settings(folder)
    read, proofs, shapes, findings = [], [], [], []
    for page in pages:
        digest = hashlib.sha256(page.data).hexdigest()
        name = page.url.rpartition("/")[2]
        capture = Capture(
            digest, f"dropped/{name}", len(page.data), "text/html", CaptureKind.DROPPED, name, CAPTURED, page.url
        )
        result = read_document(page.data, name=name, source_url=page.url)
        assert result.document is not None
        proof = prove_document(result.document, ())
        shape = shape_document(result.document, proof, cards())
        read.append((capture, result))
        proofs.append(proof)
        shapes.append(shape)
        findings += [*result.findings, *proof.findings, *shape.findings]
    writers.write_captures(where.stage, [c for c, _ in read])
    writers.write_documents(where.stage, read)
    writers.write_proofs(where.stage, proofs)
    writers.write_observations(where.stage, shapes)
    writers.write_findings(where.stage, findings)
    with Build(where, all_models()) as build:
        build.run_all()
        done = publish(build)
    return duckdb.connect(str(done.path), read_only=True), done.warnings


def asked(warehouse: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    return warehouse.execute(query).fetchall()


@pytest.mark.parametrize("total", [False, True])
def test_twins_that_agree_are_one_fact_with_two_sources(tmp_path: Path, total: bool) -> None:
    pair = twins(3, differ=False, total=total)
    warehouse, warnings = published(tmp_path, (pair.english, pair.chinese))
    with warehouse:
        said = asked(warehouse, f"SELECT DISTINCT outcome FROM quality.reconciliation WHERE sentence = '{CHECK}'")
        assert said == [("corroborated",)]
        assert dict(asked(warehouse, "SELECT year, quotas_allotted FROM marts.qmas_by_year")) == pair.english.quotas
        assert asked(warehouse, "SELECT DISTINCT n_sources FROM marts.observations") == [(2,)]
    assert not any(CHECK in w for w in warnings)


@pytest.mark.parametrize(("seed", "total"), [(1, False), (2, False), (4, True), (5, True)])
def test_twins_that_differ_in_one_figure_are_caught_with_both_cells_shown(
    tmp_path: Path, seed: int, total: bool
) -> None:
    pair = twins(seed, differ=True, total=total)
    assert pair.year is not None
    one, other = pair.english.quotas[pair.year], pair.chinese.quotas[pair.year]
    warehouse, warnings = published(tmp_path, (pair.english, pair.chinese))
    with warehouse:
        (told,) = asked(
            warehouse,
            "SELECT statement, list_transform(sources, lambda s: (s.language, s.text)), class "
            f"FROM quality.reconciliation WHERE sentence = '{CHECK}' AND outcome = 'differs' "
            f"AND year(period_start) = {pair.year} AND period_start >= DATE '{pair.year}-01-01' "
            f"AND period_end <= DATE '{pair.year}-12-31'",
        )
        statement, cells, kind = told
        assert kind == "error" and str(one) in statement and str(other) in statement
        assert set(cells) == {("en", f"{one:,}"), ("zh-Hant", f"{other:,}")}
        # neither is chosen; every other year is a fact with both sources
        years = dict(asked(warehouse, "SELECT year, quotas_allotted FROM marts.qmas_by_year"))
        assert years == {**pair.english.quotas, pair.year: None}
        kept_out = {t for (t,) in asked(warehouse, "SELECT text FROM quality.quarantine WHERE level = 'cell'")}
        assert {f"{one:,}", f"{other:,}"} <= kept_out
    assert any(CHECK in w for w in warnings)


def test_one_version_alone_says_that_its_twin_is_not_at_hand(tmp_path: Path) -> None:
    pair = twins(6, differ=True)
    warehouse, warnings = published(tmp_path, (pair.english,))
    with warehouse:
        said = asked(warehouse, f"SELECT outcome, statement FROM quality.reconciliation WHERE sentence = '{CHECK}'")
    assert said == [("not evaluable", f"its twin is not at hand: {pair.chinese.url}")]
    assert not any(CHECK in w for w in warnings)
