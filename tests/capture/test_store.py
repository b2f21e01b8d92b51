"""Walking the raw folder: everything in it is a capture, a finding, or left aside by a named rule."""

import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.capture import CaptureError, import_files, load_bytes, verify, walk
from pipelines.model import CaptureKind, Severity

NOW = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)


def imported(tmp_path: Path, name: str, data: bytes) -> Path:
    """A raw folder that holds one imported document; gives the document."""
    source = tmp_path / name
    source.write_bytes(data)
    raw = tmp_path / "raw"
    import_files([source], raw, now=NOW)
    return raw / "dropped/2026-03" / name


def test_an_empty_folder_holds_nothing_and_an_absent_one_is_a_finding(tmp_path: Path) -> None:
    captures, findings = walk(tmp_path / "raw")
    assert captures == ()
    assert [f.code for f in findings] == ["capture-unreadable"]
    (tmp_path / "raw").mkdir()
    assert walk(tmp_path / "raw") == ((), ())


def test_captures_come_sorted_from_every_folder(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    for name in ("www.example.org/2022-01/b.html", "facsimile/a.txt", "dropped/2020-01/c.pdf", "loose.txt"):
        (raw / name).parent.mkdir(parents=True, exist_ok=True)
        (raw / name).write_bytes(name.encode())
    captures, findings = walk(raw)
    assert [c.path for c in captures] == sorted(c.path for c in captures)
    assert {c.path: c.kind for c in captures} == {
        "dropped/2020-01/c.pdf": CaptureKind.DROPPED,
        "facsimile/a.txt": CaptureKind.FACSIMILE,
        "loose.txt": CaptureKind.DROPPED,
        "www.example.org/2022-01/b.html": CaptureKind.FETCHED,
    }
    assert [f.code for f in findings] == ["capture-record-missing"] * 4
    assert all(c.captured_at is None and c.source_url is None for c in captures)


def test_the_inbox_and_our_own_files_are_no_captures(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    for name in ("inbox/new.html", "README.md", "facsimile/.gitattributes", ".capture.lock", "dropped/.incoming/1-1"):
        (raw / name).parent.mkdir(parents=True, exist_ok=True)
        (raw / name).write_bytes(b"x")
    assert walk(raw) == ((), ())


def test_a_document_named_as_a_folder_below_the_inbox_rule_is_still_seen(tmp_path: Path) -> None:
    (tmp_path / "dropped/inbox").mkdir(parents=True)
    (tmp_path / "dropped/inbox/a.txt").write_bytes(b"x")
    assert [c.path for c in walk(tmp_path)[0]] == ["dropped/inbox/a.txt"]


def test_bytes_that_are_not_those_of_the_record_are_withheld_aloud(tmp_path: Path) -> None:
    document = imported(tmp_path, "a.txt", b"36 689")
    document.write_bytes(b"36 698")
    captures, findings = walk(tmp_path / "raw")
    assert captures == ()
    assert [(f.code, f.severity, f.where) for f in findings] == [
        ("capture-hash-mismatch", Severity.ERROR, "dropped/2026-03/a.txt")
    ]
    assert verify(tmp_path / "raw") == findings


def test_a_record_without_its_document_is_a_finding(tmp_path: Path) -> None:
    imported(tmp_path, "a.txt", b"x").unlink()
    captures, findings = walk(tmp_path / "raw")
    assert captures == ()
    assert [f.code for f in findings] == ["capture-document-missing"]


@pytest.mark.parametrize(
    "record",
    [
        "",
        "[]",
        "{}",
        "not json",
        '{"sha256": "zz", "size": 1, "kind": "dropped", "original_name": "a"}',
        '{"sha256": "' + "a" * 64 + '", "size": true, "kind": "dropped", "original_name": "a"}',
        '{"sha256": "' + "a" * 64 + '", "size": 1, "kind": "stolen", "original_name": "a"}',
        '{"sha256": "' + "a" * 64 + '", "size": 1, "kind": "dropped", "original_name": 7}',
        '{"sha256": "' + "a" * 64 + '", "size": 1, "kind": "dropped", "original_name": "a", "captured_at": "noon"}',
        "[" * 100_000,
    ],
)
def test_an_unusable_record_is_a_finding_and_its_document_is_used(tmp_path: Path, record: str) -> None:
    document = imported(tmp_path, "a.txt", b"x")
    document.with_name("a.txt.capture.json").write_text(record)
    captures, findings = walk(tmp_path / "raw")
    assert [c.path for c in captures] == ["dropped/2026-03/a.txt"]
    assert captures[0].captured_at is None
    assert [f.code for f in findings] == ["capture-record-unreadable"]


def test_a_record_with_fields_of_a_later_version_is_still_read(tmp_path: Path) -> None:
    document = imported(tmp_path, "a.txt", b"x")
    beside = document.with_name("a.txt.capture.json")
    beside.write_text(beside.read_text().replace("{", '{"etag": "abc",', 1))
    captures, findings = walk(tmp_path / "raw")
    assert (captures[0].captured_at, findings) == (NOW, ())


def test_a_link_to_a_folder_and_a_broken_link_are_findings(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "folder").symlink_to(elsewhere)
    (raw / "gone.html").symlink_to(tmp_path / "nothing")
    captures, findings = walk(raw)
    assert captures == ()
    assert [f.where for f in findings] == ["folder", "gone.html"]


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_document_that_may_not_be_read_is_a_finding(tmp_path: Path) -> None:
    document = imported(tmp_path, "a.txt", b"x")
    document.chmod(0)
    captures, findings = walk(tmp_path / "raw")
    assert captures == ()
    assert [f.code for f in findings] == ["capture-unreadable"]


def test_loading_gives_the_bytes_and_only_those_captured(tmp_path: Path) -> None:
    document = imported(tmp_path, "a.txt", b"36 689")
    raw = tmp_path / "raw"
    (capture,), _ = walk(raw)
    assert load_bytes(raw, capture) == b"36 689"
    assert capture.content_hash == hashlib.sha256(b"36 689").hexdigest()
    document.write_bytes(b"36 698")
    with pytest.raises(CaptureError, match="no longer holds"):
        load_bytes(raw, capture)
    document.unlink()
    with pytest.raises(CaptureError, match="cannot be read"):
        load_bytes(raw, capture)


def test_a_walk_that_remembers_says_what_one_that_does_not_says_and_reads_only_what_changed(tmp_path: Path) -> None:
    raw, memory = tmp_path / "raw", tmp_path / "memory" / "walk.pickle"
    for name in ("dropped/2020-01/a.html", "dropped/2020-01/b.html", "www.example.org/2020-01/c.html"):
        (raw / name).parent.mkdir(parents=True, exist_ok=True)
        (raw / name).write_bytes(name.encode())
    first = walk(raw, memory=memory, made_by="1")
    assert first == walk(raw)
    written = memory.stat().st_mtime_ns
    assert walk(raw, memory=memory, made_by="1") == first
    assert memory.stat().st_mtime_ns == written
    (raw / "dropped/2020-01/a.html").write_bytes(b"other")
    (raw / "dropped/2020-01/b.html").unlink()
    (raw / "dropped/2020-01/d.html").write_bytes(b"new")
    assert walk(raw, memory=memory, made_by="1") == walk(raw)
    assert walk(raw, memory=memory, made_by="2") == walk(raw)
    memory.write_bytes(b"no pickle")
    assert walk(raw, memory=memory, made_by="2") == walk(raw)


def test_a_document_forged_under_an_unchanged_size_and_time_is_seen_by_a_walk_that_remembers(tmp_path: Path) -> None:
    document = imported(tmp_path, "a.txt", b"7 127")
    raw, memory = tmp_path / "raw", tmp_path / "walk.pickle"
    assert len(walk(raw, memory=memory)[0]) == 1
    state = document.stat()
    document.write_bytes(b"7 128")
    os.utime(document, ns=(state.st_atime_ns, state.st_mtime_ns))
    captures, findings = walk(raw, memory=memory)
    assert captures == ()
    assert [f.code for f in findings] == ["capture-hash-mismatch"]


def test_the_index_of_a_fetched_site_holds_no_documents(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    for name in ("www.example.org/index/captures.jsonl", "www.example.org/index/2020-01.jsonl", "dropped/index/a.txt"):
        (raw / name).parent.mkdir(parents=True, exist_ok=True)
        (raw / name).write_bytes(b"{}\n")
    assert [c.path for c in walk(raw)[0]] == ["dropped/index/a.txt"]
