"""The capture record: what is known of where bytes came from, as JSON beside them.

What belongs here: the record's type, reading and writing it, the names of record files.  It must never look at the
document beyond its bytes, and a record that cannot be read is an error with words, never an empty record.
"""

from __future__ import annotations

import json
import os
import re
import stat
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from pipelines.model import NO_RELEASE, CaptureKind, StandsFor

RECORD_SUFFIX = ".capture.json"


_RECORD_BYTES = 1 << 20
_YEARS = (1970, 2200)
"""Instants that every part behind this one can hold, in any time zone."""
_SURROGATE = re.compile("[\ud800-\udfff]")


class CaptureError(Exception):
    """The raw store cannot be trusted or used as asked; the message names the file and what to do."""


@dataclass(frozen=True, slots=True)
class CaptureRecord:
    """What the file `<name>.capture.json` says.

    `content_hash` is the SHA-256 of the document in hex, `size` its length in bytes, `captured_at` in UTC.
    `incomplete` says what a fetched body lacks (its figures are withheld), "" where it is whole.
    `stands_for` is said of facsimiles alone: the release whose own capture would take their place.
    """

    content_hash: str
    size: int
    kind: CaptureKind
    original_name: str
    captured_at: datetime | None = None
    source_url: str | None = None
    note: str = ""
    stands_for: StandsFor = NO_RELEASE
    incomplete: str = ""

    def dumps(self) -> str:
        """The record as the JSON text that stands in its file."""
        return json.dumps(self.said(), ensure_ascii=False, indent=2) + "\n"

    def said(self) -> dict[str, object]:
        """The fields of the record as they stand in its file."""
        said: dict[str, object] = {
            "sha256": self.content_hash,
            "size": self.size,
            "kind": self.kind.value,
            "original_name": self.original_name,
            "captured_at": None if self.captured_at is None else self.captured_at.astimezone(UTC).isoformat(),
            "source_url": self.source_url,
            "note": self.note,
        }
        if self.incomplete:
            said["incomplete"] = self.incomplete
        if self.stands_for != NO_RELEASE:
            released = self.stands_for.released
            told = {"address": self.stands_for.address, "number": self.stands_for.number,
                    "released": released.isoformat() if released else ""}  # fmt: skip
            said["stands_for"] = {name: value for name, value in told.items() if value}
        return said


def record_path(document: Path) -> Path:
    """Where the record of a document stands: beside it, its whole name followed by `.capture.json`."""
    return document.with_name(document.name + RECORD_SUFFIX)


def load_record(path: Path) -> CaptureRecord:
    """The record in a file.  Raises CaptureError where it cannot be read, naming the file and the field.

    Fields that this version does not know are left alone: a fetcher may write more than is needed here.
    """
    if path.is_symlink():
        raise CaptureError(f"{path.name} is a link, and is not followed.")
    try:
        said = json.loads(read_regular(path, most=_RECORD_BYTES).decode("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise CaptureError(f"{path.name} cannot be read as JSON: {error}") from error
    if not isinstance(said, dict):
        raise CaptureError(f"{path.name} holds no JSON object.")

    def text(name: str) -> str:
        value = said.get(name)
        if not isinstance(value, str) or not value:
            raise CaptureError(f'{path.name}: "{name}" must be a text, not {_shown(value)}.')
        if _SURROGATE.search(value):
            raise CaptureError(f'{path.name}: "{name}" holds half of a character.')
        return value

    def text_or_none(name: str) -> str | None:
        return None if said.get(name) in (None, "") else text(name)

    content_hash = text("sha256").lower()
    if len(content_hash) != 64 or not set(content_hash) <= set("0123456789abcdef"):
        raise CaptureError(f'{path.name}: "sha256" must be 64 hex digits.')
    size = said.get("size")
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        raise CaptureError(f'{path.name}: "size" must be a whole number of bytes, not {_shown(size)}.')
    try:
        kind = CaptureKind(text("kind"))
    except ValueError as error:
        raise CaptureError(f'{path.name}: "kind" must be one of {", ".join(CaptureKind)}.') from error
    when = text_or_none("captured_at")
    try:
        captured_at = None if when is None else datetime.fromisoformat(when)
    except ValueError as error:
        raise CaptureError(f'{path.name}: "captured_at" must be an ISO date and time, not {when!r}.') from error
    if captured_at is not None and captured_at.tzinfo is None:
        raise CaptureError(f'{path.name}: "captured_at" must say its time zone.')
    if captured_at is not None and not _YEARS[0] <= captured_at.year < _YEARS[1]:
        raise CaptureError(f'{path.name}: "captured_at" must lie between {_YEARS[0]} and {_YEARS[1]}, not {when!r}.')
    return CaptureRecord(
        content_hash=content_hash,
        size=size,
        kind=kind,
        original_name=text("original_name"),
        captured_at=captured_at,
        source_url=text_or_none("source_url"),
        note=text_or_none("note") or "",
        stands_for=_stands_for(path, said.get("stands_for")),
        incomplete=text_or_none("incomplete") or "",
    )


def _stands_for(path: Path, said: object) -> StandsFor:
    """The release that a record names; an empty one where it names none.  Raises CaptureError as `load_record`."""
    if said is None:
        return NO_RELEASE
    if not isinstance(said, dict) or not all(
        isinstance(value, str) and not _SURROGATE.search(value) for value in said.values()
    ):
        raise CaptureError(
            f'{path.name}: "stands_for" must hold texts (address, number, released), not {_shown(said)}.'
        )
    try:
        released = date.fromisoformat(said["released"]) if said.get("released") else None
    except ValueError as error:
        raise CaptureError(f'{path.name}: "released" must be an ISO date, not {said["released"]!r}.') from error
    return StandsFor(said.get("address", ""), said.get("number", ""), released)


def _shown(value: object) -> str:
    """A value of a record for a message, short."""
    try:
        return repr(value)[:200]
    except RecursionError:
        return "something nested"


def read_regular(path: Path, *, most: int | None = None) -> bytes:
    """The bytes of a regular file, opened so that nothing else is waited for or followed.

    Raises OSError; CaptureError for a link, a pipe or a device, and for more than `most` bytes.
    """
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    with os.fdopen(handle, "rb") as source:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise CaptureError(f"{path.name} is no regular file.")
        data = source.read() if most is None else source.read(most + 1)
    if most is not None and len(data) > most:
        raise CaptureError(f"{path.name} has more than {most:,} bytes.")
    return data


def is_regular(path: Path) -> bool:
    """Whether a path is a regular file itself, and no link to one."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def readable_name(name: str) -> str:
    """A name as text that can be written anywhere, and back: bytes that are no UTF-8 as %XX (then % as %25).

    >>> readable_name(b"r\\xe9sum\\xe9 100%.htm".decode("utf-8", "surrogateescape"))
    'r%E9sum%E9 100%25.htm'
    """
    if not _SURROGATE.search(name):
        return name
    parts = (f"%{ord(c) - 0xDC00:02X}" if 0xDC80 <= ord(c) <= 0xDCFF else "%25" if c == "%" else c for c in name)
    return "".join(parts).encode("utf-8", errors="replace").decode("utf-8")


def write_durably(path: Path, data: bytes, *, scratch: Path) -> None:
    """Write `data` to `path` whole or not at all, through a file in `scratch` (the same file system)."""
    temporary = scratch / f"{os.getpid()}-{path.name[-60:]}"
    with temporary.open("wb") as sink:
        sink.write(data)
        sink.flush()
        os.fsync(sink.fileno())
    temporary.replace(path)
