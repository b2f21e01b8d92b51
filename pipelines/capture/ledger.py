"""What is known of a site from asking it: the capture log, and what its indexes listed.

What belongs here: two kinds of append-only files below `raw/<host>/index/`, a JSON object a line, and the state that
they add up to.  `captures.jsonl`: one line for each time that something was asked for and answered or failed.
`<yyyy-mm>.jsonl`: everything that the indexes of that month list, wished for or not, so that a new wish can look back
without asking.  It must never change a line that stands, nor ask for anything.

A line that a killed run left half-written is cut off when the files are opened for writing, and passed over when they
are read.  A line is written only after what it speaks of stands on the disk.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from pipelines.capture.records import CaptureError, is_regular

INDEX = "index"
"""Name of the folder below `raw/<host>/` that holds these files; nothing in it is a document."""
LOG = "captures.jsonl"
as_json = json.JSONEncoder(ensure_ascii=False).encode
"""One line of JSON; the encoder is made once, `json.dumps` makes one for every line."""


class Role(StrEnum):
    """What an address is to us."""

    INDEX = "index"
    RELEASE = "release"
    ATTACHMENT = "attachment"


class Outcome(StrEnum):
    """What came of asking.

    LISTED: an index was read.  MISSING: the site says there is no such page.  INCOMPLETE: the body lacks its end; it
    is kept, withheld from reading, and asked for again.
    """

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    LISTED = "listed"
    MISSING = "missing"
    FAILED = "failed"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the capture log.

    path      of the document, relative to the raw folder; "" where none was kept
    code      of the reason, where it is more than no answer: "index-short", "over-cap"
    release   for an annex: the address of the release that it follows
    twins, attachments   addresses that a release page links to, so that it need not be read again to follow them
    """

    address: str
    role: Role
    outcome: Outcome
    asked_at: datetime
    status: int | None = None
    reason: str = ""
    code: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    sha256: str = ""
    size: int = 0
    media_type: str = ""
    path: str = ""
    title: str = ""
    release: str = ""
    served_from: str = ""
    twins: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    agent: str = ""
    version: str = ""
    attempts: int = 1

    def dumps(self) -> str:
        """The line, without its end; empty fields are left out."""
        said: dict[str, Any] = {
            "address": self.address,
            "asked_at": self.asked_at.astimezone(UTC).isoformat(timespec="milliseconds"),
            "role": self.role.value,
            "outcome": self.outcome.value,
            "status": self.status,
            "reason": self.reason,
            "code": self.code,
            "path": self.path,
            "sha256": self.sha256,
            "size": self.size,
            "media_type": self.media_type,
            "title": self.title,
            "release": self.release,
            "served_from": self.served_from,
            "twins": list(self.twins),
            "attachments": list(self.attachments),
            "headers": dict(self.headers),
            "agent": self.agent,
            "version": self.version,
            "attempts": self.attempts,
        }
        return as_json({k: v for k, v in said.items() if v not in ("", None, [], {}, 0)})

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Entry:
        """Raises KeyError, TypeError or ValueError where a line is no entry."""
        return cls(
            address=str(said["address"]),
            role=Role(said["role"]),
            outcome=Outcome(said["outcome"]),
            asked_at=datetime.fromisoformat(said["asked_at"]),
            status=said.get("status"),
            reason=str(said.get("reason", "")),
            code=str(said.get("code", "")),
            headers={str(k): str(v) for k, v in said.get("headers", {}).items()},
            sha256=str(said.get("sha256", "")),
            size=int(said.get("size", 0)),
            media_type=str(said.get("media_type", "")),
            path=str(said.get("path", "")),
            title=str(said.get("title", "")),
            release=str(said.get("release", "")),
            served_from=str(said.get("served_from", "")),
            twins=tuple(map(str, said.get("twins", ()))),
            attachments=tuple(map(str, said.get("attachments", ()))),
            agent=str(said.get("agent", "")),
            version=str(said.get("version", "")),
            attempts=int(said.get("attempts", 1)),
        )


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one address.

    asked_at  when it last gave a good answer ("there is no such page" is one);  None: never
    etag, last_modified  validators of the bytes that we hold; "" where it must be asked for without
    sha256, path, twins, attachments  of the bytes that it last gave
    paths     of all documents that it ever gave, one for each change, in order
    failing   why it gave nothing the last time, or "";  code: that of the reason
    role      what it is to us
    """

    role: Role = Role.RELEASE
    asked_at: datetime | None = None
    missing: bool = False
    etag: str = ""
    last_modified: str = ""
    sha256: str = ""
    path: str = ""
    paths: tuple[str, ...] = ()
    twins: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    failing: str = ""
    code: str = ""

    def then(self, entry: Entry) -> Known:
        """What is known after one more entry."""
        if entry.outcome in (Outcome.FAILED, Outcome.MISSING, Outcome.INCOMPLETE):
            missing = entry.outcome is Outcome.MISSING
            asked_at = entry.asked_at if missing else self.asked_at
            return replace(self, asked_at=asked_at, missing=missing, failing=entry.reason, code=entry.code,
                           role=entry.role)  # fmt: skip
        etag = entry.headers.get("etag", "")
        last_modified = entry.headers.get("last-modified", "")
        good = replace(self, asked_at=entry.asked_at, missing=False, failing="", code="", role=entry.role)
        if entry.status == 304:
            return replace(good, etag=etag or self.etag, last_modified=last_modified or self.last_modified)
        paths = (*self.paths, entry.path) if entry.path and entry.path != self.path else self.paths
        return replace(good, etag=etag, last_modified=last_modified, sha256=entry.sha256, path=entry.path, paths=paths,
                       twins=entry.twins, attachments=entry.attachments)  # fmt: skip


UNKNOWN = Known()


@dataclass(frozen=True, slots=True)
class Row:
    """A release as an index listed it: on which index, of which day, first seen when."""

    address: str
    title: str
    on: str
    seen_at: datetime

    def dumps(self) -> str:
        seen = self.seen_at.astimezone(UTC).isoformat(timespec="seconds")
        said = {"address": self.address, "title": self.title, "on": self.on, "seen_at": seen}
        return as_json(said)


def entries(folder: Path) -> Iterator[Entry]:
    """The capture log of a site in its order; lines that cannot be read are passed over.

    `folder` is `raw/<host>/index`.
    """
    for said in _lines(folder / LOG):
        try:
            yield Entry.of(said)
        except (KeyError, TypeError, ValueError, AttributeError):
            continue


def state(folder: Path) -> dict[str, Known]:
    """Address → what is known of it, by the capture log."""
    known: dict[str, Known] = {}
    for entry in entries(folder):
        known[entry.address] = known.get(entry.address, UNKNOWN).then(entry)
    return known


def rows(folder: Path, month: date) -> dict[str, Row]:
    """Address → what the indexes of a month say of it; the last title seen counts."""
    found: dict[str, Row] = {}
    for said in _lines(listing(folder, month)):
        try:
            row = Row(
                str(said["address"]), str(said["title"]), str(said["on"]), datetime.fromisoformat(said["seen_at"])
            )
        except (KeyError, TypeError, ValueError):
            continue
        found[row.address] = row
    return found


def listing(folder: Path, month: date) -> Path:
    """The file of what the indexes of a month list."""
    return folder / f"{month:%Y-%m}.jsonl"


def append(path: Path, lines: Iterable[str]) -> None:
    """Adds lines and brings them to the disk; cuts off a half-written last line first."""
    if os.path.lexists(path) and not is_regular(path):
        raise CaptureError(f"{path} is no regular file, so nothing can be noted.  Move it away, then fetch again.")
    data = "".join(f"{line}\n" for line in lines).encode("utf-8", errors="replace")
    with path.open("ab+") as file:
        _cut_torn(file)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _cut_torn(file: Any) -> None:
    """Ends the file after its last whole line.  `file` is open for appending and reading."""
    end = file.seek(0, os.SEEK_END)
    at = end
    while at > 0:
        start = max(0, at - 65_536)
        file.seek(start)
        piece = file.read(at - start)
        if at == end and piece.endswith(b"\n"):
            return
        found = piece.rfind(b"\n")
        if found >= 0:
            file.truncate(start + found + 1)
            return
        at = start
    file.truncate(0)


def _lines(path: Path) -> Iterator[Mapping[str, Any]]:
    """The objects of a file; a line without its end is one that is being written, or never was."""
    if not is_regular(path):  # a pipe would be waited for, a link lead anywhere
        return
    try:
        file = path.open("rb")
    except OSError:
        return
    with file:
        for line in file:
            if not line.endswith(b"\n"):
                return
            try:
                said = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if isinstance(said, dict):
                yield said
