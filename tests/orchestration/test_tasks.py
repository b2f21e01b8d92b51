"""One document in one room: a room that fails or does not end keeps out its document and says so."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import pipelines.prove
from pipelines import settings as settings_module
from pipelines.model import Fate
from pipelines.orchestration import cache, steps
from pipelines.orchestration.deadline import OutOfTimeError, deadline
from pipelines.settings import Settings
from tests.support import generate, render


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = settings_module.load({}, raw=tmp_path / "raw", warehouse=tmp_path / "warehouse")
    for seed in (1, 2):
        (made.raw / f"{seed}.html").write_bytes(render.html(generate.release(seed, language="en")))
    return replace(made, limits=replace(made.limits, max_seconds=1.0))


def run(settings: Settings) -> tuple[steps.Made, steps.Made, steps.Made]:
    steps.take_in(settings)
    return steps.read(settings), steps.prove(settings), steps.shape(settings)


def shaped(settings: Settings) -> list[Any]:
    return [result for _, result in steps.results(settings, "shape")]


def test_what_was_made_is_not_made_again(settings: Settings) -> None:
    assert [made.new for made in run(settings)] == [2, 2, 2]
    assert [made.new for made in run(settings)] == [0, 0, 0]
    (settings.raw / "3.html").write_bytes(render.html(generate.release(3, language="en")))
    assert [made.new for made in run(settings)] == [1, 1, 1]


def test_equal_bytes_under_two_names_are_one_document(settings: Settings) -> None:
    (settings.raw / "again.html").write_bytes((settings.raw / "1.html").read_bytes())
    intake = steps.take_in(settings)
    assert (intake.captures, intake.distinct) == (3, 2)
    assert (len(steps.taken_in(settings).every), len(steps.taken_in(settings).captures)) == (3, 2)


def test_a_store_that_stands_is_not_loaded_and_a_new_a_changed_and_a_lost_file_are_seen(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(settings)
    first = steps.intake(settings)
    with monkeypatch.context() as patched:
        patched.setattr("pipelines.capture.walk", lambda *_, **__: pytest.fail("the captures were loaded"))
        assert [made.new for made in run(settings)] == [0, 0, 0]
    assert steps.intake(settings) == first
    (settings.raw / "1.html").write_bytes(render.html(generate.release(4, language="en")))
    assert [made.new for made in run(settings)] == [1, 1, 1]
    (settings.raw / "2.html").unlink()
    assert [len(made.keys) for made in run(settings)] == [1, 1, 1]
    (settings.raw / "3.html.capture.json").write_text("{}")
    run(settings)
    assert [f.code for f in steps.intake(settings).findings] == ["capture-record-missing", "capture-document-missing"]


def test_what_was_forgotten_is_made_again_though_the_store_stands(settings: Settings) -> None:
    run(settings)
    with cache.opened(settings.stage, "prove") as remembered:
        remembered.keep_only([])
    assert [made.new for made in run(settings)] == [0, 2, 0]
    (settings.stage / "cache" / "handover.sqlite").unlink()
    assert [made.new for made in run(settings)] == [0, 0, 0]


def test_a_fetch_that_failed_is_told_of_though_the_store_stands(settings: Settings) -> None:
    from pipelines.capture import failing

    run(settings)
    folder = settings.raw / "www.info.gov.hk" / "index"
    folder.mkdir(parents=True)
    failing.write(folder, {"https://www.info.gov.hk/a.htm": ("", "503")})
    run(settings)
    assert "fetch-failed" in {f.code for f in steps.intake(settings).findings}
    failing.write(folder, {})
    run(settings)
    assert "fetch-failed" not in {f.code for f in steps.intake(settings).findings}


def test_a_changed_bound_of_time_makes_results_anew(settings: Settings) -> None:
    run(settings)
    longer = replace(settings, limits=replace(settings.limits, max_seconds=2.0))
    assert [made.new for made in run(longer)] == [2, 2, 2]


def on_the_first(settings: Settings, behave: Any) -> Any:
    real = pipelines.prove.prove_document
    steps.take_in(settings)
    first = steps.taken_in(settings).captures[0].content_hash[:16]
    return lambda document, corrections: behave() if document.id == first else real(document, corrections)


def fail() -> None:
    raise RuntimeError("a fault of ours")


def never_end() -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        pass


@pytest.mark.parametrize(("behave", "said"), [(fail, "a fault of ours"), (never_end, "processor time")])
def test_where_proving_fails_every_number_of_the_document_is_in_quarantine(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, behave: Any, said: str
) -> None:
    monkeypatch.setattr(pipelines.prove, "prove_document", on_the_first(settings, behave))
    _, proved, _ = run(settings)
    assert proved.faults == 1
    (_, proof), _ = steps.results(settings, "prove")
    assert [finding.code for finding in proof.findings] == ["fault-in-room"]
    assert said in proof.findings[0].message
    first, second = shaped(settings)
    assert first.observations == ()
    assert len(first.dispositions) > 30
    assert {d.fate for d in first.dispositions} == {Fate.QUARANTINE}
    assert len(second.observations) > 30


def test_a_fault_is_tried_again_and_a_document_that_did_not_end_is_not(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipelines.prove, "prove_document", on_the_first(settings, fail))
    run(settings)
    monkeypatch.setattr(pipelines.prove, "prove_document", on_the_first(settings, never_end))
    assert run(settings)[1].new == 1
    monkeypatch.undo()
    assert run(settings)[1].new == 0
    assert shaped(settings)[0].observations == ()


def test_a_bound_that_is_not_reached_leaves_nothing_behind() -> None:
    with deadline(0.05):
        pass
    never = time.process_time() + 0.2
    while time.process_time() < never:
        pass  # an armed timer would raise here
    with pytest.raises(OutOfTimeError), deadline(0.05):
        never_end()
