"""The event log of a run: everything is written, and no file is opened anew for an event."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from pipelines.orchestration import home
from pipelines.orchestration.build import build_defs
from pipelines.orchestration.eventlog import unhurried
from pipelines.orchestration.jobs import JOB
from pipelines.settings import Settings

_ROWS = 40


@dg.multi_asset(specs=[dg.AssetSpec(f"table_{n}") for n in range(_ROWS)])
def tables() -> Iterator[dg.MaterializeResult[Any]]:
    for n in range(_ROWS):
        yield dg.MaterializeResult(asset_key=f"table_{n}", metadata={"rows": n})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(raw=tmp_path / "raw", warehouse=tmp_path / "warehouse")
    home.prepare(made)
    return made


@contextmanager
def counting() -> Iterator[Counter[str]]:
    """How often each SQLite file is opened through SQLAlchemy inside."""
    opened: Counter[str] = Counter()

    def count(connection: Any, _record: Any) -> None:
        if isinstance(connection, sqlite3.Connection):
            ((_, _, file), *_) = connection.execute("PRAGMA database_list").fetchall()
            opened[Path(file).name] += 1

    event.listen(Engine, "connect", count)
    try:
        yield opened
    finally:
        event.remove(Engine, "connect", count)


def run(settings: Settings) -> tuple[str, Counter[str]]:
    """Id of a run of many events, and how often each file was opened for it."""
    with counting() as opened, dg.DagsterInstance.from_config(str(settings.dagster_home)) as instance:
        done = dg.materialize([tables], instance=instance)
    assert done.success
    return done.run_id, opened


def test_a_run_opens_each_file_of_the_log_a_few_times_however_many_events_it_has(settings: Settings) -> None:
    with unhurried(settings.dagster_home):
        _, opened = run(settings)
    assert max(opened.values()) < _ROWS / 4, opened
    _, without = run(settings)
    assert max(without.values()) > _ROWS, "Dagster keeps its engines itself by now: `eventlog` can go"


def test_what_was_logged_is_there_for_whoever_opens_the_log_afterwards(settings: Settings) -> None:
    with unhurried(settings.dagster_home):
        run_id, _ = run(settings)
    with dg.DagsterInstance.from_config(str(settings.dagster_home)) as instance:
        assert len(instance.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION)) == _ROWS
        latest = instance.get_latest_materialization_event(dg.AssetKey("table_7"))
        assert latest is not None and latest.asset_materialization is not None
        assert latest.asset_materialization.metadata["rows"].value == 7
        assert instance.get_run_by_id(run_id).status is dg.DagsterRunStatus.SUCCESS  # type: ignore[union-attr]


def test_files_elsewhere_are_opened_as_dagster_does(settings: Settings, tmp_path: Path) -> None:
    with unhurried(tmp_path / "another"):
        _, opened = run(settings)
    assert max(opened.values()) > _ROWS


def test_the_log_is_let_go_and_folded_back_when_the_run_has_ended(settings: Settings) -> None:
    with unhurried(settings.dagster_home):
        run(settings)
        assert list(settings.dagster_home.rglob("*.db-wal")) != []
    assert list(settings.dagster_home.rglob("*.db")) != []
    assert list(settings.dagster_home.rglob("*.db-wal")) == []


def test_inside_of_another_it_changes_nothing(settings: Settings) -> None:
    with unhurried(settings.dagster_home):
        with unhurried(settings.dagster_home):
            run(settings)
        _, opened = run(settings)
    assert max(opened.values()) < _ROWS / 4, opened


def test_a_run_that_a_schedule_starts_keeps_the_log_open_too(settings: Settings) -> None:
    job = build_defs(settings).resolve_job_def(JOB)
    with counting() as opened, dg.DagsterInstance.from_config(str(settings.dagster_home)) as instance:
        done = job.execute_in_process(instance=instance, raise_on_error=False)
        logged = [e.dagster_event_type for e in instance.all_logs(done.run_id)]
    # what is planned is logged by whoever starts the run, before it begins
    planned = sum(kind is not None and kind.value.endswith("_PLANNED") for kind in logged)
    assert 0 < planned < len(logged) - 200
    assert opened[f"{done.run_id}.db"] < planned + 40
