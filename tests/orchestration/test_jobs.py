"""What starts a run: the schedule is on, and the inbox sensor starts one run for what is new, not one after another."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from pipelines import settings as settings_module
from pipelines.orchestration import jobs
from pipelines.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = settings_module.load({}, raw=tmp_path / "raw", warehouse=tmp_path / "warehouse")
    made.inbox.mkdir()
    return made


def drop(settings: Settings, name: str, text: str = "x", age: float = 60) -> Path:
    path = settings.inbox / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    os.utime(path, (time.time() - age,) * 2)
    return path


def tick(settings: Settings, cursor: str | None = None) -> Any:
    sensor = jobs.inbox_sensor(settings, jobs.refresh_job())
    return sensor.evaluate_tick(dg.build_sensor_context(cursor=cursor))


def test_an_empty_inbox_starts_nothing(settings: Settings) -> None:
    said = tick(settings)
    assert said.run_requests == []
    assert "nothing new" in said.skip_message


def test_a_new_file_starts_one_run(settings: Settings) -> None:
    drop(settings, "folder/release.html")
    first = tick(settings)
    assert len(first.run_requests) == 1
    again = tick(settings, first.cursor)
    assert again.run_requests == []


def test_a_file_that_stays_because_it_was_refused_starts_no_further_run(settings: Settings) -> None:
    drop(settings, "refused.bin")
    taken = drop(settings, "taken.html")
    first = tick(settings)
    taken.unlink()
    assert tick(settings, first.cursor).run_requests == []


def test_the_same_name_with_other_bytes_starts_a_run(settings: Settings) -> None:
    drop(settings, "release.html", "one", age=100)
    first = tick(settings)
    drop(settings, "release.html", "two", age=50)
    second = tick(settings, first.cursor)
    assert len(second.run_requests) == 1
    assert second.run_requests[0].run_key != first.run_requests[0].run_key


def test_a_file_that_is_still_being_written_is_waited_for(settings: Settings) -> None:
    drop(settings, "growing.pdf", age=0)
    said = tick(settings)
    assert said.run_requests == []
    assert "1 still being written" in said.skip_message


def test_hidden_files_are_not_documents(settings: Settings) -> None:
    drop(settings, ".DS_Store")
    assert tick(settings).run_requests == []


def test_the_sensor_is_switched_on_for_the_job_refresh(settings: Settings) -> None:
    sensor = jobs.inbox_sensor(settings, jobs.refresh_job())
    assert sensor.default_status is dg.DefaultSensorStatus.RUNNING
    assert sensor.job_name == "refresh"
