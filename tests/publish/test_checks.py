"""Every check of `sql/`, and those that every keyed model has: a row that breaks it makes it fail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipelines.model import Fate, Period, PeriodKind, Verdict
from pipelines.publish.build import Build
from pipelines.publish.models import Check
from pipelines.publish.swap import AuditFailedError, audit, publish
from tests.publish.making import Figure, Made, all_models, built, document, year

#: For each check of a file: the statement that breaks what it watches, in a build that passes.
BROKEN_BY = {
    "quality.coverage.every numeric cell that was read has one fate": (
        "UPDATE quality.coverage SET unaccounted = 1 WHERE table_id = (SELECT min(table_id) FROM quality.coverage)"
    ),
    "quality.facsimiles.a capture prints what its facsimile prints": (
        "INSERT INTO quality.facsimiles BY NAME SELECT 'differs' AS outcome, 'f' AS figure_id, 'c' AS cell_id"
    ),
    "core.observations.no verdict is stronger than its proof": "UPDATE core.cells SET verdict = 'ambiguous'",
    "marts.qmas_by_year.years add up to the published total": "UPDATE marts.qmas_by_year SET quotas_allotted = 1",
    "marts.qmas_by_industry.rows add up to the published total": (
        "UPDATE marts.qmas_by_industry SET quotas_allotted = quotas_allotted + 1"
    ),
    "marts.qmas_by_place.rows add up to the published total": (
        "UPDATE marts.qmas_by_place SET quotas_allotted = quotas_allotted + 1"
    ),
    "marts.qmas_by_test.rows add up to the published total": (
        "UPDATE marts.qmas_by_test SET quotas_allotted = quotas_allotted + 1"
    ),
    **{
        f"quality.reconciliation.{sentence}": (
            "UPDATE quality.reconciliation SET outcome = 'differs', class = 'error', sentence = '" + sentence + "'"
        )
        for sentence in (
            "a cumulative figure is the sum of its years",
            "a stock less its flow is the stock before",
            "a year is the sum of its months",
            "language twins give the same figures",
            "open data equal the releases",
            "several releases say the same of a figure",
            "the end of a month is the start of the next",
        )
    },
    "marts.scheme_flows.series state one figure for one period": (
        "INSERT INTO quality.source_conflicts BY NAME SELECT 'series' AS conflict, scheme, series, measure, "
        "period_start, period_end, period_kind, printed FROM marts.scheme_flows"
    ),
    "core.observations.every figure is a reading of its cell": "UPDATE core.observations SET value = value + 1",
    "marts.qmas_shares.shares of a list add up to a hundred": "UPDATE marts.qmas_shares SET share_percent = 99",
    "marts.approval_ratios.the ratio is that of its two figures": "UPDATE marts.approval_ratios SET per_hundred = 1",
    "marts.approval_ratios.more than a hundred for each hundred": "UPDATE marts.approval_ratios SET per_hundred = 101",
    "marts.origin_diversity.effective origins lie between one and the places listed": (
        "UPDATE marts.origin_diversity SET effective_origins_least = places + groups + 1"
    ),
    "marts.industry_mix.concentration lies between nought and one": (
        "UPDATE marts.industry_mix SET concentration_most = 1.1"
    ),
    "core.observations.a period starts before it ends": (
        "UPDATE core.observations SET period_start = period_end + INTERVAL 1 DAY"
    ),
    "marts.observations.no figure is released before its period ends": (
        "UPDATE marts.observations SET released_from = period_end - INTERVAL 1 DAY"
    ),
    "marts.talent_demand.every industry of the list stands once": (
        "DELETE FROM marts.talent_demand WHERE code = (SELECT min(code) FROM marts.talent_demand)"
    ),
}


def release() -> Made:
    both = Period(date(2020, 1, 1), date(2021, 12, 31), PeriodKind.CUMULATIVE, "2020 to 2021")
    by_industry = Figure("qmas_by_industry", "quotas_allotted", "3713", both, (("industry", "it"),), "fifteen", "IT")
    by_place = Figure("qmas_by_place", "quotas_allotted", "3713", both, (("place", "CA"),), "places", "Canada")
    by_test = Figure("qmas_profile", "quotas_allotted", "3713", both, (("test", "GPT"),), "tests", "General")
    return document(
        "release",
        [
            Figure("qmas_by_year", "applications_received", "3966", year(2020)),
            Figure("qmas_by_year", "quotas_allotted", "1709", year(2020)),
            Figure("qmas_by_year", "quotas_allotted", "2004", year(2021)),
            Figure("qmas_by_year", "quotas_allotted", "3713", both, is_total=True),
            by_industry,
            replace(by_industry, dimensions=(("industry", "TOTAL"),), is_total=True),
            by_place,
            replace(by_place, dimensions=(("place", "TOTAL"),), is_total=True),
            by_test,
            replace(by_test, dimensions=(("test", "TOTAL"),), is_total=True),
        ],
    )


@pytest.fixture
def build(tmp_path: Path) -> Iterator[Build]:
    with built(tmp_path, [release()]) as build:
        yield build


def checks() -> list[Check]:
    return [check for model in all_models() for check in model.checks]


def test_every_check_passes_over_a_sound_release(build: Build) -> None:
    assert [run.check.name for run in map(build.run_check, checks()) if not run.passed] == []
    assert audit(build).failures == ()


def test_every_check_of_a_file_is_broken_by_a_test_of_this_module() -> None:
    own = {"the key is unique", "the key has no gap", "every row has its source"}
    assert {f"{c.model}.{c.sentence}" for c in checks() if c.sentence not in own} == set(BROKEN_BY)


@pytest.mark.parametrize("name", sorted(BROKEN_BY))
def test_a_row_that_breaks_a_check_makes_it_fail(build: Build, name: str) -> None:
    (check,) = [c for c in checks() if f"{c.model}.{c.sentence}" == name]
    build.connection.execute(BROKEN_BY[name])
    run = build.run_check(check)
    assert run.failed > 0 and run.sample and run.markdown.startswith("| ")


def test_a_key_that_comes_twice_or_is_missing_makes_its_check_fail(build: Build) -> None:
    run = build.connection.execute
    filled = [m for m in all_models() if m.key and build.run_model(m).rows]
    assert len(filled) > 10
    for model in filled:
        checks = {c.name: c for c in model.checks}
        run(f"INSERT INTO {model.full_name} SELECT * FROM {model.full_name} LIMIT 1")
        assert not build.run_check(checks["the_key_is_unique"]).passed, model.full_name
        run(f"UPDATE {model.full_name} SET {model.key[-1]} = NULL")
        assert not build.run_check(checks["the_key_has_no_gap"]).passed, model.full_name


def test_a_mart_row_without_a_source_makes_its_check_fail(build: Build) -> None:
    marts = [m for m in all_models() if m.schema == "marts" and build.run_model(m).rows]
    assert {m.name for m in marts} >= {"qmas_by_year", "qmas_by_industry", "qmas_by_place", "observations"}
    for model in marts:
        (check,) = [c for c in model.checks if c.name == "every_row_has_its_source"]
        assert build.run_check(check).passed
        build.connection.execute(f"UPDATE {model.full_name} SET sources = []")
        assert not build.run_check(check).passed
    run = build.connection.execute
    run("CREATE OR REPLACE TABLE core.sources AS SELECT * FROM core.sources LIMIT 0")
    mart = next(m for m in marts if m.name == "observations")
    build.run_model(mart, again=True)
    assert not build.run_check(next(c for c in mart.checks if c.name == "every_row_has_its_source")).passed


def test_one_cell_that_shape_drops_keeps_the_warehouse_from_being_published(tmp_path: Path) -> None:
    made = release()
    dropped = replace(made, shape=replace(made.shape, dispositions=made.shape.dispositions[1:]))
    with built(tmp_path, [dropped]) as build, pytest.raises(AuditFailedError, match="has one fate") as refused:
        publish(build)
    assert len(refused.value.failures) == 1
    assert not (tmp_path / "talent.duckdb").exists()


def test_a_cell_with_two_fates_and_a_fate_of_no_cell_are_seen(tmp_path: Path) -> None:
    made = release()
    first = made.shape.dispositions[0]
    twice = replace(made, shape=replace(made.shape, dispositions=(*made.shape.dispositions, first)))
    astray = replace(first, cell_id=first.table_id + "-r999c000")
    unknown = replace(made, shape=replace(made.shape, dispositions=(*made.shape.dispositions, astray)))
    for fault, column in ((twice, "doubled"), (unknown, "unknown")):
        with built(tmp_path / column, [fault], "quality.coverage") as build:
            assert build.connection.execute(f"SELECT sum({column}) FROM quality.coverage").fetchone() == (1,)
            check = next(c for c in checks() if c.model == "quality.coverage" and "fate" in c.sentence)
            assert not build.run_check(check).passed


def test_an_observation_that_claims_more_than_its_proof_is_weakened_and_told(tmp_path: Path) -> None:
    bold = Figure("qmas_by_year", "quotas_allotted", "1709", year(2020), proof=Verdict.UNPROVED)
    with built(tmp_path, [document("bold", [bold])], "core.observations") as build:
        assert build.connection.execute("SELECT verdict, loads FROM core.observations").fetchall() == [
            ("unproved", True)
        ]
        check = next(c for c in checks() if c.sentence.startswith("no verdict"))
        assert not check.blocking and not build.run_check(check).passed


def test_a_warning_does_not_keep_the_warehouse_from_being_published(tmp_path: Path) -> None:
    bold = Figure("qmas_by_year", "quotas_allotted", "1709", year(2020), proof=Verdict.UNPROVED)
    with built(tmp_path, [document("bold", [bold])]) as build:
        published = publish(build)
    assert published.swapped and any("no verdict is stronger" in w for w in published.warnings)


def test_a_model_that_falls_empty_keeps_the_old_warehouse(tmp_path: Path) -> None:
    with built(tmp_path, [release()]) as build:
        publish(build)
    before = (tmp_path / "talent.duckdb").read_bytes()
    other = document("other", [Figure("fiscal_monthly", "revenue", "1", year(2020))], released=date(2023, 1, 1))
    with built(tmp_path, [other]) as build, pytest.raises(AuditFailedError, match="qmas_by_year would be empty"):
        publish(build)
    assert (tmp_path / "talent.duckdb").read_bytes() == before


def test_a_quarantine_that_falls_empty_is_published(tmp_path: Path) -> None:
    figure = Figure("qmas_by_year", "quotas_allotted", "1709", year(2020))
    sound = document("sound", [replace(figure, period=year(2021))])
    held = document("held", [replace(figure, fate=Fate.QUARANTINE, reason="wrong total")])
    with built(tmp_path, [sound, held], "quality.quarantine", "marts.qmas_by_year") as build:
        assert build.run_model("quality.quarantine").rows == 1
        publish(build)
    with built(tmp_path, [sound], "quality.quarantine", "marts.qmas_by_year") as build:
        assert build.run_model("quality.quarantine").rows == 0
        assert publish(build).swapped


def test_a_model_that_was_not_run_after_the_stage_changed_is_refused(tmp_path: Path) -> None:
    with built(tmp_path, [release()]):
        pass
    with built(tmp_path, [release(), document("new", [])], "core.documents") as build:
        pass
    with Build(build.settings, all_models()) as build:
        assert "marts.qmas_by_year" in build.stale() and "core.documents" not in build.stale()
        with pytest.raises(AuditFailedError, match=r"marts\.qmas_by_year is not made from the present stage"):
            publish(build)


def test_quarantined_cells_count_as_quarantine(tmp_path: Path) -> None:
    figures = [
        Figure("qmas_by_year", "quotas_allotted", "1", year(2020), fate=Fate.QUARANTINE, reason="wrong total"),
        Figure("qmas_by_year", "quotas_allotted", "2", year(2021)),
    ]
    with built(tmp_path, [document("a", figures)], "quality.coverage") as build:
        found = build.connection.execute("SELECT read, fact, quarantine, ignored, difference FROM quality.coverage")
        assert found.fetchall() == [(4, 1, 1, 2, 0)]
