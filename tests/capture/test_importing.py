"""Importing: nothing lost, nothing overwritten, nothing moved; killed at any moment, used by two at once."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.capture import ImportReport, import_files, sweep_inbox, walk

NOW = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
LATER = datetime(2030, 1, 1, tzinfo=UTC)
PROJECT = Path(__file__).resolve().parents[2]


def paths(report: ImportReport) -> list[str]:
    return [i.capture.path for i in report.accepted]


def write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def test_files_are_copied_under_their_names_with_a_record(tmp_path: Path) -> None:
    source = write(tmp_path, "立法會十五題.html", b"<html>1</html>")
    report = import_files([source], tmp_path / "raw", now=NOW)
    assert paths(report) == ["dropped/2026-03/立法會十五題.html"]
    assert source.read_bytes() == b"<html>1</html>"
    captures, findings = walk(tmp_path / "raw")
    assert captures == tuple(i.capture for i in report.accepted)
    assert findings == ()
    assert (captures[0].captured_at, captures[0].original_name) == (NOW, "立法會十五題.html")


def test_equal_names_with_different_bytes_are_kept_apart(tmp_path: Path) -> None:
    sources = [write(tmp_path, f"{n}/page.html", f"<p>{n}".encode()) for n in range(3)]
    report = import_files(sources, tmp_path / "raw", now=NOW)
    captures, findings = walk(tmp_path / "raw")
    assert len(set(paths(report))) == len(captures) == 3
    assert findings == ()
    assert {(tmp_path / "raw" / c.path).read_bytes() for c in captures} == {b"<p>0", b"<p>1", b"<p>2"}
    assert all(c.original_name == "page.html" and c.path.endswith(".html") for c in captures)


def test_equal_bytes_are_stored_once_whatever_their_names(tmp_path: Path) -> None:
    sources = [write(tmp_path, "a.txt", b"same"), write(tmp_path, "b.txt", b"same")]
    first = import_files(sources, tmp_path / "raw", now=NOW)
    again = import_files(sources, tmp_path / "raw", now=LATER)
    assert (len(first.accepted), len(first.duplicates)) == (1, 1)
    assert (len(again.accepted), len(again.duplicates)) == (0, 2)
    assert {i.capture.path for i in (*first.held, *again.held)} == {"dropped/2026-03/a.txt"}
    assert len(walk(tmp_path / "raw")[0]) == 1


def test_a_record_that_lies_does_not_make_us_lose_bytes(tmp_path: Path) -> None:
    source = write(tmp_path, "a.txt", b"true")
    raw = tmp_path / "raw"
    import_files([source], raw, now=NOW)
    (raw / "dropped/2026-03/a.txt").write_bytes(b"false")
    report = import_files([source], raw, now=NOW)
    assert len(report.accepted) == 1
    assert (raw / paths(report)[0]).read_bytes() == b"true"


def test_an_empty_file_is_kept(tmp_path: Path) -> None:
    report = import_files([write(tmp_path, "empty.pdf", b"")], tmp_path / "raw", now=NOW)
    assert [(i.capture.size, i.capture.media_type) for i in report.accepted] == [(0, "application/octet-stream")]


def test_what_is_no_readable_file_is_refused_with_a_reason_and_the_rest_goes_on(tmp_path: Path) -> None:
    fifo = tmp_path / "pipe"
    os.mkfifo(fifo)
    good = write(tmp_path, "good.txt", b"1")
    refused = [tmp_path / "absent.txt", tmp_path, fifo, Path("nul\0name"), good / "below-a-file"]
    report = import_files([*refused[:2], good, *refused[2:]], tmp_path / "raw", now=NOW)
    assert paths(report) == ["dropped/2026-03/good.txt"]
    assert [r.source for r in report.refused] == refused
    assert all(len(r.reason) > 5 for r in report.refused)
    assert [f.code for f in report.findings] == ["import-refused"] * 5


@pytest.mark.parametrize(
    "name",
    [
        "x.capture.json",
        "X.CAPTURE.JSON",
        ".hidden.html",
        "...",
        "a" * 240 + ".html",
        "表" * 80 + ".pdf",
        "with\nbreak.txt",
        "README.md",
        "q?*:.htm",
        "trailing. ",
    ],
)
def test_a_name_of_any_kind_is_stored_where_walk_finds_it(tmp_path: Path, name: str) -> None:
    report = import_files([write(tmp_path / "in", name, b"x")], tmp_path / "raw", now=NOW)
    captures, findings = walk(tmp_path / "raw")
    assert [c.path for c in captures] == paths(report)
    assert len(captures) == 1
    assert findings == ()
    assert captures[0].original_name == name


def test_a_name_in_undecodable_bytes_is_stored(tmp_path: Path) -> None:
    source = os.fsencode(tmp_path) + b"/\xa4\xa4.htm"
    Path(os.fsdecode(source)).write_bytes(b"x")
    report = import_files([Path(os.fsdecode(source))], tmp_path / "raw", now=NOW)
    assert [c.path for c in walk(tmp_path / "raw")[0]] == paths(report)
    assert len(report.accepted) == 1


def test_hundreds_are_imported_at_once_and_progress_is_told(tmp_path: Path) -> None:
    sources = [write(tmp_path / "in", f"{n % 50}/p{n // 50}.htm", str(n).encode()) for n in range(300)]
    told: list[tuple[int, int]] = []
    report = import_files(sources, tmp_path / "raw", now=NOW, progress=lambda done, of: told.append((done, of)))
    assert len(report.accepted) == len(walk(tmp_path / "raw")[0]) == 300
    assert told == [(n, 300) for n in range(1, 301)]


def test_a_time_without_a_zone_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="time zone"):
        import_files([], tmp_path, now=datetime(2026, 1, 1))  # noqa: DTZ001


def _import_all(folder: Path, raw: Path) -> None:
    import_files(sorted(folder.iterdir()), raw, now=NOW)


def test_two_imports_at_once_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    for n in range(40):
        write(tmp_path / "a", f"p{n}.txt", f"a{n}".encode())
        write(tmp_path / "b", f"p{n}.txt", f"{'ab'[n % 2]}{n}".encode())
    raw = tmp_path / "raw"
    context = multiprocessing.get_context("spawn")
    both = [context.Process(target=_import_all, args=(tmp_path / side, raw)) for side in "ab"]
    for one in both:
        one.start()
    for one in both:
        one.join()
    captures, findings = walk(raw)
    expected = {p.read_bytes() for side in "ab" for p in (tmp_path / side).iterdir()}
    assert [one.exitcode for one in both] == [0, 0]
    assert findings == ()
    assert len(captures) == len(expected) == 60
    assert {(raw / c.path).read_bytes() for c in captures} == expected


@pytest.mark.parametrize("moment", [1, 7, 20])
def test_an_import_that_is_killed_leaves_a_store_that_the_next_completes(tmp_path: Path, moment: int) -> None:
    for n in range(60):
        write(tmp_path / "in", f"p{n:02}.txt", str(n).encode() * 20_000)
    raw = tmp_path / "raw"
    script = (
        "import sys; from pathlib import Path; from datetime import datetime, UTC\n"
        "from pipelines.capture import import_files\n"
        "import_files(sorted(Path(sys.argv[1]).iterdir()), Path(sys.argv[2]), now=datetime.now(UTC),\n"
        "  progress=lambda d, n: print(d, flush=True))"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "in"), str(raw)]
    running = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE)
    assert running.stdout is not None
    for _ in range(moment):
        running.stdout.readline()
    running.send_signal(signal.SIGKILL)
    running.wait()
    running.stdout.close()
    whole = {p.read_bytes() for p in (tmp_path / "in").iterdir()}
    captures, findings = walk(raw)
    assert len(captures) >= moment - 1
    assert {(raw / c.path).read_bytes() for c in captures} <= whole  # nothing half-written is ever seen
    assert {f.code for f in findings} <= {"capture-record-missing"}
    import_files(sorted((tmp_path / "in").iterdir()), raw, now=NOW)
    captures, findings = walk(raw)
    assert {(raw / c.path).read_bytes() for c in captures} == whole
    assert (len(captures), findings) == (60, ())
    assert not (raw / "dropped/.incoming").exists()


def test_the_inbox_is_emptied_once_the_store_holds_its_files(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    write(raw / "inbox", "a.txt", b"1")
    write(raw / "inbox", "deep/b.txt", b"2")
    report = sweep_inbox(raw, now=LATER)
    assert sorted(paths(report)) == ["dropped/2030-01/a.txt", "dropped/2030-01/b.txt"]
    assert not [p for p in (raw / "inbox").rglob("*") if p.is_file()]
    assert len(walk(raw)[0]) == 2
    assert sweep_inbox(raw, now=LATER) == ImportReport()


def test_a_file_of_the_inbox_that_the_store_holds_already_goes_too(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    import_files([write(tmp_path, "a.txt", b"1")], raw, now=NOW)
    dropped = write(raw / "inbox", "again.txt", b"1")
    report = sweep_inbox(raw, now=LATER)
    assert [i.capture.path for i in report.duplicates] == ["dropped/2026-03/a.txt"]
    assert not dropped.exists()


def test_a_file_that_is_still_being_written_waits_for_the_next_sweep(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    fresh = write(raw / "inbox", "fresh.txt", b"1")
    partial = write(raw / "inbox", "big.pdf.crdownload", b"2")
    soon = datetime.fromtimestamp(fresh.stat().st_mtime + 0.5, tz=UTC)
    assert set(sweep_inbox(raw, now=soon).left) == {fresh, partial}
    assert fresh.exists()
    assert walk(raw)[0] == ()
    assert sweep_inbox(raw, now=LATER).left == (partial,)
    assert not fresh.exists()


def test_what_cannot_be_imported_stays_in_the_inbox(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    (raw / "inbox").mkdir(parents=True)
    os.mkfifo(raw / "inbox/pipe")
    report = sweep_inbox(raw, now=LATER)
    assert [r.source.name for r in report.refused] == ["pipe"]
    assert (raw / "inbox/pipe").exists()


def test_a_file_that_changes_between_copying_and_removal_stays_in_the_inbox(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipelines.capture import importing

    raw = tmp_path / "raw"
    dropped = write(raw / "inbox", "a.txt", b"1")
    real = importing.import_files

    def slow(*args: object, **kwargs: object) -> ImportReport:
        report = real(*args, **kwargs)  # type: ignore[arg-type]
        time.sleep(0.01)
        dropped.write_bytes(b"12")
        return report

    monkeypatch.setattr(importing, "import_files", slow)
    report = sweep_inbox(raw, now=LATER)
    assert report.left == (dropped,)
    assert dropped.read_bytes() == b"12"
