"""Importing: files from anywhere, and from the inbox, into `raw/dropped/<yyyy-mm>/`.

What belongs here: copying bytes in so that nothing is lost and nothing is overwritten.  It never moves or changes
the file it was given (the inbox alone is emptied, once the store holds the bytes), and never judges content: an
empty file or a page of errors is kept, and its fault is found when it is read.

Safe against being killed: bytes go to an unfinished copy under a dotted folder, reach the disk, and are then renamed.
What a killed import leaves behind is a document without a record (captured with what is known; the next import of
the same bytes writes the record) or an unfinished copy (removed by the next import).  Two imports at once wait for
one another.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from pipelines.capture.office_files import describe_unreadable_kind
from pipelines.capture.records import (
    RECORD_SUFFIX,
    CaptureError,
    CaptureRecord,
    load_record,
    readable_name,
    record_path,
    write_durably,
)
from pipelines.capture.sniff import HEAD, sniff
from pipelines.capture.store import INBOX, hash_of, holdings
from pipelines.model import Capture, CaptureKind, Finding, Severity

LOCK_SECONDS = 600.0
SETTLE_SECONDS = 2.0
_CHUNK = 1 << 20
_NAME_BYTES = 150
_PARTIAL = (".part", ".partial", ".crdownload", ".download")


@dataclass(frozen=True, slots=True)
class Imported:
    """A file that the store now holds, and the capture that holds it."""

    source: Path
    capture: Capture


@dataclass(frozen=True, slots=True)
class Refused:
    """A path that could not be imported, and why, as a sentence."""

    source: Path
    reason: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of each path, in the order given.

    accepted    new to the store;  duplicates: the store held these bytes already (the capture says where)
    refused     could not be read as a file;  left: files of the inbox that still seem to be written
    """

    accepted: tuple[Imported, ...] = ()
    duplicates: tuple[Imported, ...] = ()
    refused: tuple[Refused, ...] = ()
    left: tuple[Path, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def held(self) -> tuple[Imported, ...]:
        return self.accepted + self.duplicates


def import_files(
    paths: Sequence[Path], raw: Path, *, now: datetime, progress: Callable[[int, int], None] | None = None
) -> ImportReport:
    """Copy files into `raw/dropped/<yyyy-mm>/`, the month of `now` in UTC, each with its capture record.

    Equal names with different bytes are kept apart (a part of the hash enters the name); equal bytes are stored
    once, wherever in `raw` they lie.  `progress(done, of)` is called after each path.

    Raises ValueError for a `now` without a time zone, CaptureError where the store cannot be written or another
    import holds it for ten minutes.
    """
    if now.tzinfo is None:
        raise ValueError("now must say its time zone.")
    accepted: list[Imported] = []
    duplicates: list[Imported] = []
    refused: list[Refused] = []
    folder = raw / "dropped" / now.astimezone(UTC).strftime("%Y-%m")
    with _store(raw) as scratch:
        held = holdings(raw)
        for done, path in enumerate(paths, start=1):
            try:
                copied = _copy(path, scratch / f"{os.getpid()}-{done}")
            except _UnreadableError as error:
                refused.append(Refused(path, str(error)))
            else:
                try:
                    capture, is_new = _keep(copied, path, raw, folder, held, now, scratch)
                except OSError as error:
                    said = f"The store cannot be written: {error.strerror or error}. Free space or grant the right."
                    raise CaptureError(said) from error
                (accepted if is_new else duplicates).append(Imported(path, capture))
            if progress is not None:
                progress(done, len(paths))
        for touched in {raw / "dropped", folder}:
            _sync_folder(touched)
    findings = tuple(_refused_finding(r, "Name readable files, not folders.") for r in refused)
    return ImportReport(tuple(accepted), tuple(duplicates), tuple(refused), findings=findings)


def sweep_inbox(raw: Path, *, now: datetime, settle_seconds: float = SETTLE_SECONDS) -> ImportReport:
    """Import what lies in `raw/inbox` (folders included), then remove it there.

    A file goes from the inbox only once the store holds its bytes and only while it is still the file that was
    read.  Files changed within `settle_seconds` of `now` (either side: clocks differ), names that browsers give to
    unfinished downloads and dotted names are left for the next sweep.  Raises as `import_files` does.
    """
    inbox = raw / INBOX
    if os.path.lexists(inbox) and not inbox.is_dir():
        found = Finding("capture", "inbox-unusable", Severity.WARNING, f"{INBOX} is no folder, so nothing is taken in.",
                        remedy="Move it away; the folder is made by itself.", where=INBOX)  # fmt: skip
        return ImportReport(findings=(found,))
    inbox.mkdir(parents=True, exist_ok=True)
    ready: list[Path] = []
    left: list[Path] = []
    refused: list[Path] = []
    before: dict[Path, tuple[int, int, int]] = {}
    for path in sorted(inbox.rglob("*")):
        if any(part.startswith(".") for part in path.relative_to(inbox).parts):
            continue
        try:
            state = path.lstat()
        except OSError:
            continue  # gone since it was listed: whoever took it knows
        if stat.S_ISDIR(state.st_mode):
            continue
        if not stat.S_ISREG(state.st_mode):
            refused.append(path)
            continue
        age = abs(now.timestamp() - state.st_mtime)
        if age < settle_seconds or path.suffix.lower() in _PARTIAL:
            left.append(path)
            continue
        before[path] = _signature(state)
        ready.append(path)
    reason = "it is a link, a pipe or a device; put the document itself here."
    declined = tuple(Refused(path, reason) for path in refused)
    findings = tuple(_refused_finding(r, "Copy the document into the inbox.") for r in declined)
    if not ready:
        return ImportReport(left=tuple(left), refused=declined, findings=findings)
    report = import_files(ready, raw, now=now)
    for imported in report.held:
        path = imported.source
        if path.exists() and _signature(path.lstat()) == before[path]:
            path.unlink()
        elif path.exists():
            left.append(path)
    return replace(report, left=tuple(left), refused=report.refused + declined, findings=report.findings + findings)


def _refused_finding(refused: Refused, remedy: str) -> Finding:
    name = readable_name(refused.source.name)
    said = f"{name} was not imported: {refused.reason}"
    return Finding("capture", "import-refused", Severity.WARNING, said, remedy=remedy, where=name)


class _UnreadableError(Exception):
    """A path that is no readable file; the message is the reason."""


@dataclass(frozen=True, slots=True)
class _Copied:
    """An unfinished copy in the scratch folder."""

    at: Path
    content_hash: str
    size: int
    media_type: str


@contextmanager
def _store(raw: Path) -> Iterator[Path]:
    """Hold the store alone; gives a scratch folder on its file system, emptied before and after."""
    from filelock import FileLock, Timeout

    scratch = raw / "dropped" / ".incoming"
    try:
        scratch.mkdir(parents=True, exist_ok=True)
        with FileLock(raw / ".capture.lock", timeout=LOCK_SECONDS):
            shutil.rmtree(scratch, ignore_errors=True)
            scratch.mkdir(parents=True, exist_ok=True)
            try:
                yield scratch
            finally:
                shutil.rmtree(scratch, ignore_errors=True)
    except Timeout as error:
        raise CaptureError("Another import holds the raw folder. Wait for it to end, then import again.") from error
    except OSError as error:
        raise CaptureError(f"The raw folder {raw} cannot be used: {error.strerror or error}.") from error


def _copy(path: Path, to: Path) -> _Copied:
    """Copy a file's bytes to `to`, on disk.  Raises _UnreadableError with the reason."""
    try:
        state = path.stat()
        if stat.S_ISDIR(state.st_mode):
            raise _UnreadableError("it is a folder; name the files in it.")
        if not stat.S_ISREG(state.st_mode):
            raise _UnreadableError("it is no regular file.")
        source = os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb")
    except OSError as error:
        raise _UnreadableError(f"{error.strerror or error}.") from error
    except ValueError as error:
        raise _UnreadableError(f"{error}.") from error
    digest = hashlib.sha256()
    head = b""
    size = 0
    with source, to.open("wb") as sink:
        while True:
            try:
                piece = source.read(_CHUNK)
            except OSError as error:
                raise _UnreadableError(f"{error.strerror or error}.") from error
            if not piece:
                break
            if len(head) < HEAD:
                head += piece[: HEAD + 1 - len(head)]
            digest.update(piece)
            size += len(piece)
            sink.write(piece)
        if _signature(os.fstat(source.fileno())) != _signature(state):
            raise _UnreadableError("it changed while it was read; import it again once it is complete.")
        sink.flush()
        os.fsync(sink.fileno())
    kind = describe_unreadable_kind(to)
    if kind:
        raise _UnreadableError(kind)
    return _Copied(to, digest.hexdigest(), size, sniff(head))


def _keep(
    copied: _Copied, path: Path, raw: Path, folder: Path, held: dict[str, Path], now: datetime, scratch: Path
) -> tuple[Capture, bool]:
    """The capture that holds the copied bytes, and whether it is new; writes document first, then record.

    A record's claim to hold these bytes is checked against the disk: were it false, taking its word would lose them.
    """
    there = held.get(copied.content_hash)
    if there is not None and there.is_file() and hash_of(there) == copied.content_hash:
        copied.at.unlink()
        existing = _existing_record(there)
        if existing is None and there.is_relative_to(raw / "dropped"):
            existing = _record_for(copied, path, now)
            write_durably(record_path(there), existing.dumps().encode(), scratch=scratch)
        return _capture_of(there, raw, copied, existing), False
    folder.mkdir(parents=True, exist_ok=True)
    target = _free_name(folder, path.name, copied.content_hash)
    record = _record_for(copied, path, now)
    copied.at.replace(target)
    write_durably(record_path(target), record.dumps().encode(), scratch=scratch)
    held[copied.content_hash] = target
    return _capture_of(target, raw, copied, record), True


def _existing_record(document: Path) -> CaptureRecord | None:
    try:
        return load_record(record_path(document))
    except CaptureError:
        return None


def _record_for(copied: _Copied, path: Path, now: datetime) -> CaptureRecord:
    name = readable_name(path.name)
    return CaptureRecord(copied.content_hash, copied.size, CaptureKind.DROPPED, name, now.astimezone(UTC))


def _capture_of(document: Path, raw: Path, copied: _Copied, record: CaptureRecord | None) -> Capture:
    return Capture(
        content_hash=copied.content_hash,
        path=document.relative_to(raw).as_posix(),
        size=copied.size,
        media_type=copied.media_type,
        kind=record.kind if record else CaptureKind.DROPPED,
        original_name=record.original_name if record else document.name,
        captured_at=record.captured_at if record else None,
        source_url=record.source_url if record else None,
        note=record.note if record else "",
    )


def _free_name(folder: Path, name: str, content_hash: str) -> Path:
    """A path in `folder` that holds nothing yet: the name itself, else with more and more of the hash in it."""
    safe = _safe(name)
    stem, dot, suffix = safe.rpartition(".")
    if not stem:
        stem, dot, suffix = safe, "", ""
    for digits in (0, 8, 16, 64):
        marked = f"{stem}~{content_hash[:digits]}{dot}{suffix}" if digits else safe
        target = folder / marked
        # the record's name is asked too: an orphaned record must not be overwritten
        if not os.path.lexists(target) and not os.path.lexists(record_path(target)):
            return target
    raise CaptureError(f"{folder / safe} and all its variants are taken. Move them away, then import again.")


def _safe(name: str) -> str:
    """A file name that every file system takes, still the one that a person looks for."""
    name = unicodedata.normalize("NFC", readable_name(name))
    name = "".join("_" if c in '<>:"/\\|?*' or unicodedata.category(c).startswith("C") else c for c in name)
    if name.lower().endswith(RECORD_SUFFIX):
        name = name[: -len(RECORD_SUFFIX)] + "_capture.json"  # else it would be taken for a record
    name = name.strip(" ").lstrip(".").rstrip(".") or "unnamed"
    if name == "README.md":
        name = "README_.md"
    stem, dot, suffix = name.rpartition(".")
    if len(name.encode()) > _NAME_BYTES:
        keep = _NAME_BYTES - len((dot + suffix).encode())
        if not stem or keep < 20:
            stem, dot, suffix, keep = name, "", "", _NAME_BYTES
        name = stem.encode()[:keep].decode("utf-8", errors="ignore") + dot + suffix
    return name


def _signature(state: os.stat_result) -> tuple[int, int, int]:
    return state.st_size, state.st_mtime_ns, state.st_ino


def _sync_folder(folder: Path) -> None:
    """Make renames in a folder reach the disk, where the system knows how."""
    if not folder.is_dir():
        return
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)
