"""Putting what was fetched into the store: documents, their records, and the lines that speak of them.

What belongs here: the order in which things reach the disk, so that a run may be killed at any moment.  A document
and its record are written beside the store, brought to the disk, and only then moved in; the line of the log comes
last.  What a killed run leaves is a document that no line speaks of (found again by its name and bytes when the
address is asked for again) or an unfinished file in a dotted folder (removed by the next run).

To bring files to the disk costs more than to fetch them, where there is no pause: so a few are brought there together,
and within two seconds at most.  It must never overwrite a document.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from pipelines.capture import ledger
from pipelines.capture.ledger import UNKNOWN, Entry, Known, Outcome, Row
from pipelines.capture.records import CaptureError, CaptureRecord, record_path
from pipelines.capture.store import hash_of
from pipelines.model import CaptureKind

_TOGETHER = 256
_SECONDS = 2.0
_THREADS = 8
_MANY = 16


@dataclass(frozen=True, slots=True)
class _Move:
    """A finished file beside the store, and where it goes."""

    at: Path
    to: Path


class Keeper:
    """Keeps what a run fetched.  Use as a context manager, alone in its site's folder (the caller holds the lock)."""

    def __init__(self, raw: Path, folder: Path) -> None:
        self._raw = raw
        self._folder = folder
        self._scratch = folder / ".incoming"
        shutil.rmtree(self._scratch, ignore_errors=True)
        self._scratch.mkdir(parents=True)
        self._moves: list[_Move] = []
        self._taken: dict[Path, str] = {}
        self._entries: list[Entry] = []
        self._rows: dict[Path, list[Row]] = {}
        self._since = time.monotonic()
        self._count = 0
        self._threads = ThreadPoolExecutor(_THREADS)

    def __enter__(self) -> Keeper:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None or not issubclass(kind, OSError):
                self.flush()
        finally:
            self._threads.shutdown()
            shutil.rmtree(self._scratch, ignore_errors=True)

    def keep(self, entry: Entry, body: bytes, into: Path, name: str, *, before: Known = UNKNOWN) -> Entry:
        """Takes a document in, as `into`/`name` if that is free; gives the entry with its path, hash and size.

        Bytes that stand there already are not written again; other bytes of that name get a part of the hash in theirs.
        `before`: what is known of the address; what it gave last again makes the entry UNCHANGED.  What it gave before
        that is a capture of its own, of the same content: the page went back, and that must be seen in the store.
        """
        content_hash = hashlib.sha256(body).hexdigest()
        if content_hash == before.sha256:
            entry = replace(entry, outcome=Outcome.UNCHANGED)
        target, stands = self._target(into, name, content_hash)
        if entry.outcome is Outcome.CHANGED and target.relative_to(self._raw).as_posix() in before.paths:
            stem, dot, suffix = name.rpartition(".")
            # the same name again, should this run be killed before the log speaks of it
            target, stands = self._target(into, f"{stem}~back-{len(before.paths)}{dot}{suffix}", content_hash)
        entry = replace(entry, sha256=content_hash, size=len(body), path=target.relative_to(self._raw).as_posix())
        if not stands:
            into.mkdir(parents=True, exist_ok=True)
            self._write(body, target)
            self._taken[target] = content_hash
        if not stands or not record_path(target).exists():
            self._write(_record(entry, target.name).encode(), record_path(target))
        self.note(entry)
        return entry

    def note(self, entry: Entry) -> None:
        """A line for the capture log."""
        self._entries.append(entry)
        if len(self._entries) >= _TOGETHER or time.monotonic() - self._since > _SECONDS:
            self.flush()

    def list(self, path: Path, row: Row) -> None:
        """A line for what an index lists; stands before the log says that the index was read."""
        self._rows.setdefault(path, []).append(row)

    def flush(self) -> None:
        """Brings everything to the disk, in the order that a kill at any moment may interrupt."""
        _to_disk([move.at for move in self._moves], self._threads)
        for move in self._moves:
            os.replace(move.at, move.to)  # noqa: PTH105  (the move that the whole order is about)
        list(self._threads.map(_sync, {move.to.parent for move in self._moves}))
        for path, rows in self._rows.items():
            ledger.append(path, [row.dumps() for row in rows])
        if self._entries:
            ledger.append(self._folder / ledger.LOG, [entry.dumps() for entry in self._entries])
        self._moves.clear()
        self._taken.clear()
        self._rows.clear()
        self._entries.clear()
        self._since = time.monotonic()

    def _target(self, into: Path, name: str, content_hash: str) -> tuple[Path, bool]:
        """Where the bytes go, and whether they stand there already."""
        stem, dot, suffix = name.rpartition(".")
        for digits in (0, 8, 64):
            target = into / (f"{stem}~{content_hash[:digits]}{dot}{suffix}" if digits else name)
            if target in self._taken:
                if self._taken[target] == content_hash:
                    return target, True
            elif not os.path.lexists(target):
                return target, False
            elif target.is_file() and hash_of(target) == content_hash:
                return target, True
        raise CaptureError(f"{into / name} and all its variants are taken by other files. Move them away, fetch again.")

    def _write(self, data: bytes, to: Path) -> None:
        self._count += 1
        at = self._scratch / f"{os.getpid()}-{self._count}"
        at.write_bytes(data)
        self._moves.append(_Move(at, to))


def _record(entry: Entry, name: str) -> str:
    """The capture record that stands beside the document: what every record says, and what the log line says."""
    note = f"Annex of {entry.release}" if entry.release else ""
    record = CaptureRecord(entry.sha256, entry.size, CaptureKind.FETCHED, name, entry.asked_at, entry.address, note,
                           incomplete=entry.reason if entry.outcome is Outcome.INCOMPLETE else "")  # fmt: skip
    more = {"status": entry.status, "headers": dict(entry.headers), "agent": entry.agent, "version": entry.version}
    said = {**record.said(), **more}
    # a field a line; the library's own indentation takes ten times as long
    return "{\n" + ",\n".join(f'  "{k}": {ledger.as_json(v)}' for k, v in said.items()) + "\n}\n"


def _to_disk(paths: Sequence[Path], threads: ThreadPoolExecutor) -> None:
    """Brings the bytes of these files to the disk.

    Many files go by one call for their file system where the system has it (Linux: syncfs waits and reports errors):
    one commit of its journal in place of one for each file.
    """
    if len(paths) >= _MANY and (syncfs := _syncfs()) is not None:
        handle = os.open(paths[0].parent, os.O_RDONLY)
        try:
            if syncfs(handle) != 0:
                number = ctypes.get_errno()
                raise OSError(number, os.strerror(number), str(paths[0].parent))
        finally:
            os.close(handle)
        return
    list(threads.map(_sync, paths))


@lru_cache(maxsize=1)
def _syncfs() -> Callable[[int], int] | None:
    """The call of the C library, where there is one."""
    try:
        found = ctypes.CDLL(None, use_errno=True).syncfs
    except (AttributeError, OSError, TypeError):
        return None
    found.argtypes, found.restype = [ctypes.c_int], ctypes.c_int
    return found


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
