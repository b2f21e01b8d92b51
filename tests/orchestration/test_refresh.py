"""The job from end to end, on documents of our own: good ones, broken ones, and a killed process in between."""

from __future__ import annotations

import logging
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest

from pipelines import settings as settings_module
from pipelines.orchestration.lock import refresh_lock
from pipelines.orchestration.progress import Progress
from pipelines.orchestration.runner import Outcome, refresh
from pipelines.settings import Settings
from tests.support import generate, render

FACSIMILE = settings_module.PROJECT / "raw" / "facsimile"
BUNDLED = 5
WRONG = "dropped/wrong-total.html"
UNREADABLE = ["empty.html", "error-page.pdf", "truncated.pdf", "header-only.pdf", "binary.html"]


@dataclass(frozen=True)
class Refreshed:
    settings: Settings
    outcome: Outcome

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.settings.database), read_only=True) as connection:
            return connection.execute(query).fetchall()


def settings_in(folder: Path) -> Settings:
    settings = settings_module.load({}, raw=folder / "raw", warehouse=folder / "warehouse")
    (settings.raw / "dropped").mkdir()
    return replace(settings, limits=replace(settings.limits, max_seconds=5.0))


def wrong_total() -> bytes:
    """The bundled release with the total of its first table off by one."""
    page = (FACSIMILE / "lcq15-2022-01-19-quality-migrant-admission-scheme.en.html").read_text(encoding="utf-8")
    head, table, rest = page.partition("<table")
    return (head + table + re.sub(r"36(\D{1,6})689", r"36\g<1>690", rest, count=1)).encode()


def bundle(settings: Settings) -> None:
    """Five of the bundled documents: one release in four media, and one without a table; enough, and quick."""
    folder = settings.raw / "facsimile"
    folder.mkdir()
    for path in (*FACSIMILE.glob("lcq15-2022-01-19-*"), *FACSIMILE.glob("policy-address-2021-10-06-*")):
        shutil.copy2(path, folder)
    assert len(list(folder.glob("*.capture.json"))) == BUNDLED


def quietly(settings: Settings) -> Outcome:
    return refresh(settings, Progress(quiet=True))


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory: pytest.TempPathFactory) -> Refreshed:
    """The bundled documents and broken ones beside them, refreshed once."""
    settings = settings_in(tmp_path_factory.mktemp("refreshed"))
    bundle(settings)
    damaged = render.damaged(generate.release(7, language="en"))
    for name in UNREADABLE:
        (settings.raw / "dropped" / name).write_bytes(damaged[name])
    (settings.raw / WRONG).write_bytes(wrong_total())
    return Refreshed(settings, quietly(settings))


def test_broken_documents_leave_the_run_green(refreshed: Refreshed) -> None:
    assert refreshed.outcome.published, refreshed.outcome.text
    bundled = "select count(*) from staging.documents where path like 'facsimile/%' and readable"
    assert refreshed.ask(bundled) == [(BUNDLED,)]


def test_the_summary_names_the_warehouse_and_a_query_to_try(refreshed: Refreshed) -> None:
    assert str(refreshed.settings.database) in refreshed.outcome.text
    assert "talent sql" in refreshed.outcome.text
    assert "in quarantine" in refreshed.outcome.text


def test_the_published_years_sum_to_the_published_totals(refreshed: Refreshed) -> None:
    years = """select count(*), sum(applications_received), sum(quotas_allotted), count(*) filter (verdict = 'proved')
               from marts.qmas_by_year where year between 2006 and 2021"""
    assert refreshed.ask(years) == [(16, 36_689, 9_131, 16)]
    for mart, rows in (("qmas_by_industry", 15), ("qmas_by_place", 11)):
        query = f"""select count(*), sum(quotas_allotted) from marts.{mart}
                    where period_kind = 'cumulative' and period_end = '2021-12-31'"""
        assert refreshed.ask(query) == [(rows, 9_131)]


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_document_that_cannot_be_read_is_a_finding_with_its_reason(refreshed: Refreshed, name: str) -> None:
    said = refreshed.ask(
        f"""select f.message from quality.findings f join staging.documents d using (document_id)
            where d.path = 'dropped/{name}' and f.severity <> 'info'"""
    )
    assert said, f"nothing is said about {name}"
    assert all(message for (message,) in said)


def test_a_table_whose_total_is_wrong_loads_nothing_that_the_total_reaches(refreshed: Refreshed) -> None:
    of_it = f"join staging.documents d using (document_id) where d.path = '{WRONG}'"
    assert refreshed.ask(
        f"select count(*) from core.observations o {of_it} and o.measure = 'applications_received' and o.loads"
    ) == [(0,)]
    assert refreshed.ask(
        f"select count(*) >= 17, count(*) filter (reason = '') from quality.quarantine q {of_it} and q.level = 'cell'"
    ) == [(True, 0)]


def test_every_numeric_cell_has_a_fate(refreshed: Refreshed) -> None:
    assert refreshed.ask("select count(*) from quality.coverage where difference <> 0 or unaccounted <> 0") == [(0,)]
    assert refreshed.ask("select sum(read) > 100 from quality.coverage") == [(True,)]


def test_the_run_and_its_checks_stand_in_dagster(refreshed: Refreshed) -> None:
    with dg.DagsterInstance.from_config(str(refreshed.settings.dagster_home)) as instance:
        runs = instance.get_runs()
        assert [(run.job_name, run.status) for run in runs][-1] == ("refresh", dg.DagsterRunStatus.SUCCESS)
        warehouse = instance.get_latest_materialization_event(dg.AssetKey("published_warehouse"))
        proofs = instance.get_latest_materialization_event(dg.AssetKey("proofs"))
        check = instance.event_log_storage.get_latest_asset_check_execution_by_key(
            [dg.AssetCheckKey(dg.AssetKey("proofs"), "totals_are_met")]
        )
    assert warehouse is not None and warehouse.asset_materialization is not None
    assert warehouse.asset_materialization.metadata["dagster/row_count"].value
    assert proofs is not None and proofs.asset_materialization is not None
    assert "preview" in proofs.asset_materialization.metadata
    (record,) = check.values()
    evaluation = record.event.dagster_event.asset_check_evaluation_data  # type: ignore[union-attr]
    assert (evaluation.passed, evaluation.severity) == (False, dg.AssetCheckSeverity.WARN)


def test_the_log_of_a_refresh_is_a_line_a_room(refreshed: Refreshed) -> None:
    """At level INFO, which the page of a run can be filtered to, a refresh fits on a screen."""
    with dg.DagsterInstance.from_config(str(refreshed.settings.dagster_home)) as instance:
        run = instance.get_runs()[-1]
        said = [e.user_message for e in instance.all_logs(run.run_id) if e.level == logging.INFO]
    rooms = ["captures", "documents", "tables", "proofs", "observations", "expectations", "findings", "models",
             "warehouse", "exports", "report"]  # fmt: skip
    assert [line.partition(":")[0] for line in said] == rooms
    assert all(any(c.isdigit() for c in line) for line in said)


def test_the_page_of_a_model_shows_rows_that_a_person_can_read(refreshed: Refreshed) -> None:
    with dg.DagsterInstance.from_config(str(refreshed.settings.dagster_home)) as instance:
        event = instance.get_latest_materialization_event(dg.AssetKey(["marts", "scheme_flows"]))
    assert event is not None and event.asset_materialization is not None
    preview = event.asset_materialization.metadata["preview"].value
    shown = [column.name for column in preview.schema.columns]  # type: ignore[union-attr]
    assert {"scheme", "measure", "period_end", "value", "verdict"} <= set(shown) and len(shown) <= 7
    assert "counts_from" not in shown  # of one row alone
    assert {record.data["value"] for record in preview.records} & {"36689", "9131"}  # type: ignore[union-attr]


def test_a_second_refresh_with_nothing_new_changes_nothing(refreshed: Refreshed) -> None:
    path = refreshed.settings.database
    before = path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino
    outcome = quietly(refreshed.settings)
    assert outcome.published
    assert (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino) == before


def test_a_warehouse_whose_audit_fails_is_not_published(refreshed: Refreshed, tmp_path: Path) -> None:
    sql = tmp_path / "sql"
    shutil.copytree(refreshed.settings.sql, sql)
    (sql / "checks" / "marts.qmas_by_year.no_year_is_good_enough.sql").write_text(
        "-- Nothing passes this check.\nSELECT year FROM marts.qmas_by_year\n"
    )
    before = refreshed.settings.database.read_bytes()
    outcome = quietly(replace(refreshed.settings, sql=sql))
    assert not outcome.published
    assert "no_year_is_good_enough" in outcome.text
    assert "The old warehouse stays" in outcome.text
    assert refreshed.settings.database.read_bytes() == before


@pytest.fixture
def small(tmp_path: Path) -> Settings:
    """Folders of their own, no document, one model, and a file where the warehouse stands."""
    model = tmp_path / "sql" / "core" / "pages.sql"
    model.parent.mkdir(parents=True)
    model.write_text(
        "-- What was read.\n-- columns:\n--   id: of a document\nSELECT document_id AS id FROM stage.documents\n"
    )
    settings = replace(settings_in(tmp_path), sql=tmp_path / "sql")
    settings.database.write_bytes(b"as published")
    return settings


def test_a_refresh_beside_another_declines_in_words_and_changes_nothing(small: Settings) -> None:
    with refresh_lock(small.warehouse):
        outcome = refresh(small, Progress(quiet=True), wait_seconds=0.2)
    assert not outcome.published
    assert "Another refresh" in outcome.text
    assert f"process {os.getpid()}" in outcome.text
    assert small.database.read_bytes() == b"as published"


def test_a_model_whose_sql_is_broken_is_named_and_nothing_is_published(small: Settings) -> None:
    broken = small.sql / "core" / "broken.sql"
    broken.write_text("-- A model that cannot run.\nSELECT no_such_column FROM core.pages\n")
    outcome = quietly(small)
    assert not outcome.published
    assert "broken.sql" in outcome.text
    assert "The old warehouse stays" in outcome.text
    assert small.database.read_bytes() == b"as published"


def test_a_fault_in_a_room_keeps_the_document_out_and_leaves_the_others_alone(
    refreshed: Refreshed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pipelines.prove

    settings = settings_in(tmp_path)
    bundle(settings)
    (settings.raw / "dropped" / "wrong-total.html").write_bytes(wrong_total())  # so that quarantine stays
    real = pipelines.prove.prove_document

    def faulty(document: Any, corrections: Any) -> Any:
        if document.medium == "pdf":
            raise RuntimeError("a fault of ours")
        return real(document, corrections)

    monkeypatch.setattr(pipelines.prove, "prove_document", faulty)
    outcome = quietly(settings)
    assert outcome.published, outcome.text
    warehouse = Refreshed(settings, outcome)
    assert warehouse.ask("select code, count(*) from quality.findings where code = 'fault-in-room' group by all") == [
        ("fault-in-room", 1)
    ]
    of_pdf = "join staging.documents d using (document_id) where d.medium = 'pdf'"
    assert warehouse.ask(f"select count(*) from core.observations {of_pdf}") == [(0,)]
    assert warehouse.ask("select count(*) from marts.qmas_by_year where year <= 2021") == [(16,)]
    monkeypatch.undo()
    assert quietly(settings).published  # the fault was not remembered
    assert warehouse.ask(f"select count(*) > 0 from core.observations {of_pdf}") == [(True,)]
    assert warehouse.ask("select count(*) from quality.findings where code = 'fault-in-room'") == [(0,)]


@pytest.fixture
def slow_refresh(refreshed: Refreshed, tmp_path: Path) -> Iterator[tuple[Settings, subprocess.Popen[str]]]:
    """A refresh in a process of its own over a published warehouse, with much new work, just begun."""
    settings = settings_in(tmp_path)
    shutil.copytree(refreshed.settings.warehouse, settings.warehouse, dirs_exist_ok=True)
    shutil.copytree(refreshed.settings.raw, settings.raw, dirs_exist_ok=True)
    for seed in range(12):
        (settings.raw / "dropped" / f"{seed}.html").write_bytes(render.html(generate.release(seed, language="en")))
    command = [sys.executable, "-m", "pipelines", "refresh", "--raw", str(settings.raw)]
    process = subprocess.Popen(
        [*command, "--warehouse", str(settings.warehouse)],
        stderr=subprocess.PIPE,
        text=True,
        cwd=settings_module.PROJECT,
    )
    yield settings, process
    process.kill()
    process.wait()


def test_kill_9_leaves_the_warehouse_readable_and_the_next_refresh_completes(
    slow_refresh: tuple[Settings, subprocess.Popen[str]],
) -> None:
    settings, process = slow_refresh
    assert process.stderr is not None
    for line in process.stderr:
        if "capture" in line and "1 of 1" in line:
            break
    time.sleep(0.3)
    before = settings.database.read_bytes()
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert settings.database.read_bytes() == before
    with duckdb.connect(str(settings.database), read_only=True) as connection:
        assert connection.execute("select count(*) >= 16 from marts.qmas_by_year").fetchone() == (True,)
    outcome = quietly(settings)
    assert outcome.published, outcome.text
    with duckdb.connect(str(settings.database), read_only=True) as connection:
        assert connection.execute("select count(*) from staging.documents").fetchone() == (BUNDLED + 18,)
    with dg.DagsterInstance.from_config(str(settings.dagster_home)) as instance:
        assert instance.get_runs(filters=dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED])) == []
