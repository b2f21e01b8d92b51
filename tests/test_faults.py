"""What a person is shown when the disk, the rights or they themselves stop a command: words, never a traceback."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from pipelines.capture import CaptureError
from pipelines.cli import main
from pipelines.faults import describe_fault, without_class

CLASS = re.compile(r"Traceback|\b[A-Z]\w*(?:Error|Exception|Interrupt)\b|\[Errno")


@pytest.fixture
def folders(tmp_path: Path) -> list[str]:
    return ["--raw", str(tmp_path / "raw"), "--warehouse", str(tmp_path / "warehouse")]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(28, "No space left on device", "/data/a"), "The disk is full (/data/a)"),
        (OSError(30, "Read-only file system", "/data/a"), "read-only (/data/a)"),
        (PermissionError(13, "Permission denied", "/nowhere/a"), "This user may not do that (/nowhere/a)"),
        (IsADirectoryError(21, "Is a directory", "/data/a"), "A folder stands where a file belongs (/data/a)"),
        (NotADirectoryError(20, "Not a directory", "/data/a"), "A file stands where a folder belongs"),
        (MemoryError(), "memory is used up"),
        (CaptureError("The raw folder is taken."), "The raw folder is taken."),
        (RuntimeError(), "It failed without saying why."),
    ],
)
def test_each_fault_has_its_words(error: Exception, words: str) -> None:
    assert words in describe_fault(error)
    assert not CLASS.search(describe_fault(error))


def test_a_full_and_a_damaged_history_of_runs_have_their_words(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "full.db") as full:
        full.execute("pragma max_page_count = 2")
        full.execute("create table t (a)")
        with pytest.raises(sqlite3.Error) as error:
            full.execute("insert into t values (?)", ["x" * 100_000])
    assert "The disk is full" in describe_fault(error.value)
    (tmp_path / "rot.db").write_bytes(b"rot" * 1000)
    with sqlite3.connect(tmp_path / "rot.db") as rotten, pytest.raises(sqlite3.Error) as error:
        rotten.execute("select * from t")
    assert "Move that folder away" in describe_fault(error.value)


@pytest.mark.parametrize("message", ["Figures differ: 3 and 4", "A: B", "no error: none", "Errors: 5"])
def test_a_message_that_begins_with_no_class_stays(message: str) -> None:
    assert without_class(message) == message


def _ends(monkeypatch: pytest.MonkeyPatch, how: Any) -> None:
    monkeypatch.setattr("pipelines.orchestration.steps.intake", how)


def test_a_refresh_that_is_stopped_says_that_nothing_was_published(
    folders: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: Any, **__: Any) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    _ends(monkeypatch, stop)
    assert main(["refresh", "--quiet", *folders]) == 130
    shown = "".join(capsys.readouterr())
    assert "Stopped.  Nothing was published; there is no warehouse yet." in shown
    assert not CLASS.search(shown)


def test_a_refresh_on_a_full_disk_names_the_file_and_what_to_do(
    folders: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device", "/data/landing")

    _ends(monkeypatch, fail)
    assert main(["refresh", "--quiet", *folders]) == 1
    shown = "".join(capsys.readouterr())
    assert "Nothing was published." in shown
    assert "The disk is full (/data/landing).  Free some space" in shown
    assert not CLASS.search(shown)


@pytest.mark.parametrize(
    "command", [["refresh", "--quiet"], ["import", __file__], ["export"], ["verify"], ["sql", "select 1"]]
)
@pytest.mark.parametrize("which", ["raw", "warehouse"])
def test_a_file_in_place_of_a_folder_is_answered_in_words(
    tmp_path: Path, folders: list[str], command: list[str], which: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / which).write_text("no folder")
    assert main([*command, *folders]) == 1
    shown = "".join(capsys.readouterr())
    assert which in shown
    assert not CLASS.search(shown)


def test_a_fault_that_nobody_foresaw_keeps_its_details_in_a_file(
    tmp_path: Path, folders: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise KeyError("odd")

    monkeypatch.setattr("pipelines.capture.walk", fail)
    assert main(["verify", *folders]) == 1
    shown = "".join(capsys.readouterr())
    assert not CLASS.search(shown)
    assert "Traceback" in (tmp_path / "warehouse" / "last-fault.txt").read_text()
