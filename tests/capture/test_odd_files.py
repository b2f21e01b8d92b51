"""Names, records and things that are no files: each is a finding that names it, and everything else goes on."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipelines.capture import import_files, sweep_inbox, verify, walk
from pipelines.capture.records import CaptureError, load_record, readable_name
from pipelines.model import Finding

NOW = datetime(2024, 6, 15, tzinfo=UTC)
LATE = datetime(2090, 6, 15, tzinfo=UTC)


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """A store of one good document."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "good.txt").write_text("good")
    raw = tmp_path / "raw"
    import_files([tmp_path / "in" / "good.txt"], raw, now=NOW)
    return raw


def walked(raw: Path, expected: int = 1) -> tuple[Finding, ...]:
    """What a walk finds wrong, once it has found the good document; what it says must be writable anywhere."""
    captures, findings = walk(raw)
    assert len(captures) == expected
    for finding in findings:
        f"{finding.message} {finding.where}".encode()
    verify(raw)
    return findings


def _record(raw: Path) -> tuple[Path, dict[str, Any]]:
    (path,) = raw.rglob("*.capture.json")
    return path, json.loads(path.read_text())


@pytest.mark.parametrize("name", [b"r\xe9sum\xe9.txt", b"\xff\xfe.htm", b"\xe4\xba.txt"])
def test_a_name_that_is_no_utf8_is_named_in_the_store_and_kept_reversibly_by_an_import(raw: Path, name: bytes) -> None:
    path = os.fsencode(raw) + b"/dropped/" + name
    try:
        Path(os.fsdecode(path)).write_text("more")
    except OSError:
        pytest.skip("this file system takes no such names")
    (finding,) = walked(raw)
    assert "%" in (finding.where or "")
    report = import_files([Path(os.fsdecode(path))], raw, now=NOW)
    (kept,) = report.accepted
    assert kept.capture.original_name == readable_name(os.fsdecode(name))
    kept.capture.path.encode()


@pytest.mark.parametrize("length", [243, 250, 255])
def test_a_name_too_long_for_a_record_beside_it_is_read_without_one(raw: Path, length: int) -> None:
    (raw / "dropped" / ("n" * (length - 4) + ".txt")).write_text("more")
    assert [f.code for f in walked(raw, 2)] == ["capture-record-missing"]


def test_a_pipe_is_never_opened(raw: Path) -> None:
    os.mkfifo(raw / "dropped" / "pipe.htm")
    (record, _) = _record(raw)
    record.unlink()
    os.mkfifo(record)
    codes = sorted(f.code for f in walked(raw))
    assert codes == ["capture-record-unreadable", "capture-unreadable"]


@pytest.mark.parametrize("name", ["captures.jsonl", "failing.json"])
@pytest.mark.parametrize("kind", ["pipe", "folder", "link"])
def test_a_log_that_is_no_file_is_named(raw: Path, name: str, kind: str) -> None:
    folder = raw / "www.example.org" / "index"
    folder.mkdir(parents=True)
    {"pipe": os.mkfifo, "folder": os.mkdir, "link": lambda p: Path(p).symlink_to("/etc/hostname")}[kind](folder / name)
    assert [(f.code, f.where) for f in walked(raw)] == [("capture-log-unusable", f"www.example.org/index/{name}")]


def test_a_link_out_of_the_store_is_not_followed_and_one_within_it_is(raw: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("s3cret")
    (raw / "dropped" / "out.txt").symlink_to(secret)
    (raw / "dropped" / "device.txt").symlink_to("/dev/zero")
    good = next(p for p in raw.rglob("good.txt"))
    (raw / "dropped" / "again.txt").symlink_to(good)
    findings = walked(raw, 2)
    assert sorted(f.where or "" for f in findings if f.code == "capture-unreadable") == [
        "dropped/device.txt",
        "dropped/out.txt",
    ]


def test_a_record_that_is_a_link_is_not_followed(raw: Path, tmp_path: Path) -> None:
    path, _ = _record(raw)
    path.rename(tmp_path / "elsewhere.json")
    path.symlink_to(tmp_path / "elsewhere.json")
    assert [f.code for f in walked(raw)] == ["capture-record-unreadable"]


def test_the_inbox_follows_no_link_and_waits_for_no_pipe(raw: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("s3cret")
    (raw / "inbox").mkdir()
    (raw / "inbox" / "link.txt").symlink_to(tmp_path / "secret.txt")
    (raw / "inbox" / "folder").symlink_to(tmp_path)
    os.mkfifo(raw / "inbox" / "pipe.txt")
    (raw / "inbox" / "real.txt").write_text("real")
    report = sweep_inbox(raw, now=LATE)
    assert [i.source.name for i in report.accepted] == ["real.txt"]
    assert sorted(f.where or "" for f in report.findings) == ["folder", "link.txt", "pipe.txt"]
    assert (raw / "inbox" / "link.txt").is_symlink()


def test_a_file_in_place_of_the_inbox_is_named(raw: Path) -> None:
    (raw / "inbox").write_text("no folder")
    assert [f.code for f in sweep_inbox(raw, now=LATE).findings] == ["inbox-unusable"]


@pytest.mark.parametrize(
    "change",
    [
        {"captured_at": "0001-01-01T00:00:00+14:00"},
        {"captured_at": "9999-12-31T23:59:59-14:00"},
        {"captured_at": "2024-01-01T00:00:00"},
        {"captured_at": "²"},
        {"original_name": "\ud800"},
        {"source_url": "https://example.org/\udfff"},
        {"note": "\ud83d"},
        {"stands_for": {"address": "\ud800"}},
        {"size": 10**400},
        {"original_name": ["x"] * 100_000},
    ],
)
def test_a_record_with_an_odd_value_is_named_and_its_document_is_used(raw: Path, change: dict[str, Any]) -> None:
    path, said = _record(raw)
    path.write_text(json.dumps({**said, **change}))
    findings = walked(raw, 0 if "size" in change else 1)
    assert len(findings) == 1
    assert len(findings[0].message) < 600


@pytest.mark.parametrize("depth", [400, 980, 100_000])
def test_deep_json_is_named_and_its_document_is_used(raw: Path, depth: int) -> None:
    path, said = _record(raw)
    text = json.dumps({**said, "original_name": "@"}).replace('"@"', "[" * depth + "]" * depth)
    path.write_text(text)
    assert [f.code for f in walked(raw)] == ["capture-record-unreadable"]
    with pytest.raises(CaptureError):
        load_record(path)
