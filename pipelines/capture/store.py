"""What the raw folder holds: walking it, loading bytes, verifying hashes.

What belongs here: reading the raw folder.  It never writes to it.  Nothing is dropped in silence: each file is a
capture, a record, a name that the rules below leave aside, or a finding.

Left aside by name, and only these: everything under `inbox/` (not captured yet) and `<host>/index/` (the capture log
and what the indexes of that host list), names that begin with a dot (locks and unfinished copies of our own, version
control), and `README.md` where no record stands beside it.
"""

from __future__ import annotations

import errno
import hashlib
import os
import pickle
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from pipelines.capture import failing
from pipelines.capture.ledger import INDEX, LOG, entries
from pipelines.capture.records import (
    RECORD_SUFFIX,
    CaptureError,
    CaptureRecord,
    load_record,
    read_regular,
    readable_name,
    record_path,
)
from pipelines.capture.sniff import sniff
from pipelines.model import NO_RELEASE, Capture, CaptureKind, Finding, Severity

INBOX = "inbox"
_CHUNK = 1 << 20


def walk(
    raw: Path, *, memory: Path | None = None, made_by: str = ""
) -> tuple[tuple[Capture, ...], tuple[Finding, ...]]:
    """Every capture under `raw`, sorted by path, and what is wrong with the store.

    A document without a record is captured with what is known of it.  One whose bytes are not those of its record
    is withheld, with a finding of severity ERROR: its figures could not be cited.  Equal bytes at two paths are
    two captures with one content hash.  All bytes are read (linear in the size of the store).

    `memory` is a file outside of `raw` in which to remember what was seen: then only documents are read that are new,
    or whose file or record is not the one remembered (size, times, inode).  Bytes that rot under an unchanged file
    are found by `verify`, and by `load_bytes` before anything is read out of them.  `made_by` stands for the code
    that made the memory: another one makes it worthless.
    """
    captures: list[Capture] = []
    findings: list[Finding] = []
    remembered = {} if memory is None else _recalled(memory, made_by)
    seen: dict[str, _Seen] = {}
    for found in _files(raw):
        if found.fault:
            findings.append(_finding("capture-unreadable", Severity.ERROR, found.fault, found.remedy, found.relative))
            continue
        state = None if memory is None else _states(f"{raw}/{found.relative}")
        known = remembered.get(found.relative)
        if known is None or state is None or known.state != state:
            known = _Seen(state, *_capture(raw, found.relative))
        if state is not None:
            seen[found.relative] = known
        findings.extend(known.findings)
        if known.capture is not None:
            captures.append(known.capture)
    if memory is not None and (seen != remembered or _marked(memory) is None):
        _remember(memory, made_by, seen)
    findings.extend(failing.findings(raw))
    return tuple(captures), tuple(findings)


def standing(raw: Path, *, memory: Path, made_by: str = "") -> str:
    """A mark of what `walk` remembered, where the store is still in the very state that it remembers; else "".

    Asks for the states of files and loads no capture: two questions a document, and nothing that grows beside them.
    What `failing` tells is no part of it.
    """
    told = _marked(memory)
    if told is None or told.made_by != made_by:
        return ""
    files = 0
    for found in _files(raw, ask=False):
        state = None if found.fault else _states(f"{raw}/{found.relative}")
        if state is None or told.states.get(found.relative) != state:
            return ""
        files += 1
    return told.mark if files == len(told.states) else ""


def verify(raw: Path) -> tuple[Finding, ...]:
    """What is wrong with the store: missing and unreadable records, hashes that do not match, orphaned records, and
    documents that a capture log speaks of and that are gone or are not those bytes."""
    captures, findings = walk(raw)
    return (*findings, *lost(raw, captures, findings))


def lost(raw: Path, captures: Iterable[Capture], told: Iterable[Finding]) -> list[Finding]:
    """One finding for each document that a capture log speaks of and that is not among the captures, record and all,
    and that nothing was `told` of yet."""
    known = {finding.where for finding in told}
    here = {c.path: c.content_hash for c in captures}
    found: dict[str, Finding] = {}
    for log in sorted(raw.glob(f"*/{INDEX}/{LOG}")):  # one that cannot be read is a finding of `failing`
        for entry in entries(log.parent):
            if entry.path and here.get(entry.path) != entry.sha256 and entry.path not in known:
                there = "holds other bytes" if entry.path in here else "is gone or withheld"
                said = f"{entry.path} {there}, and {log.relative_to(raw).as_posix()} says that it was captured."
                remedy = "Put it back from a copy, or fetch its month again: its address is asked for anew."
                found[entry.path] = _finding(
                    "capture-lost", Severity.ERROR, said, remedy, entry.path, entry.sha256 or None
                )
    return list(found.values())


def load_bytes(raw: Path, capture: Capture) -> bytes:
    """The bytes of a capture.  Raises CaptureError where they are gone, unreadable or not those captured."""
    path = raw / capture.path
    try:
        data = read_regular(path)
    except OSError as error:
        raise CaptureError(f"{capture.path} cannot be read: {error.strerror or error}.") from error
    if hashlib.sha256(data).hexdigest() != capture.content_hash:
        raise CaptureError(
            f"{capture.path} no longer holds the bytes that were captured ({capture.content_hash[:16]})."
        )
    return data


def holdings(raw: Path) -> dict[str, Path]:
    """Content hash → a path that holds it, from the records alone where there are records (cheap).

    What a record says is a claim: check it with `hash_of` before relying on it.
    """
    held: dict[str, Path] = {}
    for found in _files(raw):
        if found.fault or found.orphan:
            continue
        path = raw / found.relative
        try:
            content_hash = load_record(record_path(path)).content_hash
        except CaptureError:
            try:
                content_hash = hash_of(path)
            except OSError:
                continue
        held.setdefault(content_hash, path)
    return held


def hash_of(path: Path) -> str:
    """SHA-256 of a file in hex, read in pieces.  Raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while piece := source.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest()


_State: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a walk made of a file, and the state that file and record were in."""

    state: _State | None
    capture: Capture | None
    findings: tuple[Finding, ...]


def _states(path: str) -> _State | None:
    """Sizes, times and inodes of a document and of its record; None where the document cannot be asked."""
    said: list[int] = []
    for one in (path, path + RECORD_SUFFIX):
        try:
            state = os.stat(one)  # noqa: PTH116  (see above: twice for every document)
        except FileNotFoundError:
            said.append(-1)
        except OSError as error:
            if error.errno != errno.ENAMETOOLONG:
                return None
            said.append(-1)
        else:
            if not stat.S_ISREG(state.st_mode):
                return None
            said += (state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino)
    return tuple(said)


def _recalled(memory: Path, made_by: str) -> dict[str, _Seen]:
    """What an earlier walk remembered; nothing where that cannot be read or other code made it."""
    try:
        told, seen = pickle.loads(memory.read_bytes())
    except Exception:  # whatever unpickling meets; then everything is looked at anew
        return {}
    return seen if told == made_by and isinstance(seen, dict) else {}


def _remember(memory: Path, made_by: str, seen: dict[str, _Seen]) -> None:
    """Writes what was seen, and beside it the states alone: the mark goes first and comes back last."""
    marked = _mark_path(memory)
    marked.unlink(missing_ok=True)
    data = pickle.dumps((made_by, seen), protocol=5)
    states = {relative: known.state for relative, known in seen.items() if known.state is not None}
    _replace(memory, data)
    _replace(marked, pickle.dumps(_Marked(made_by, hashlib.sha256(data).hexdigest(), states), protocol=5))


def _replace(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    at = path.with_name(f"{path.name}.{os.getpid()}")
    at.write_bytes(data)
    at.replace(path)


@dataclass(frozen=True, slots=True)
class _Marked:
    """The states that a walk remembered, and a mark of everything that it did."""

    made_by: str
    mark: str
    states: dict[str, _State]


def _mark_path(memory: Path) -> Path:
    return memory.with_suffix(".states")


def _marked(memory: Path) -> _Marked | None:
    """The states of the last walk; None where they cannot be read."""
    try:
        told = pickle.loads(_mark_path(memory).read_bytes())
    except Exception:  # as `_recalled`
        return None
    return told if isinstance(told, _Marked) else None


@dataclass(frozen=True, slots=True)
class _Found:
    """A file of the store: relative posix path; `orphan`: a record without its document; `fault`: unusable."""

    relative: str
    orphan: bool = False
    fault: str = ""
    remedy: str = ""


def _files(raw: Path, *, ask: bool = True) -> Iterator[_Found]:
    """The documents of the store, orphaned records and things that are no files, sorted by path.

    `ask`: whether each is asked if it is a file; who asks for its state anyway finds out then.
    """
    found: list[_Found] = []
    faults: list[OSError] = []
    for folder, folders, names in os.walk(raw, onerror=faults.append):
        here = Path(folder)
        folders[:] = sorted(
            d
            for d in folders
            if not d.startswith(".")
            and not (here == raw and d == INBOX)
            and not (d == INDEX and here.parent == raw and "." in here.name)
        )
        for name in list(folders):
            if (here / name).is_symlink():
                relative = readable_name((here / name).relative_to(raw).as_posix())
                remedy = "Copy the documents into the raw folder, or import them."
                found.append(
                    _Found(relative, fault=f"{relative} is a link to a folder; it is not followed.", remedy=remedy)
                )
        present = set(names)
        inside = "" if here == raw else here.relative_to(raw).as_posix() + "/"
        for name in names:
            if name.startswith("."):
                continue
            relative = inside + name
            if name.endswith(RECORD_SUFFIX):
                if name.removesuffix(RECORD_SUFFIX) not in present:
                    found.append(_Found(relative, orphan=True))
            elif name == "README.md" and name + RECORD_SUFFIX not in present:
                continue
            elif fault := _name_fault(name) or (_file_fault(raw, f"{folder}/{name}") if ask else ""):
                remedy = "Replace it by a copy of the document, or remove it."
                named = readable_name(relative)
                found.append(_Found(named, fault=f"{named} {fault}", remedy=remedy))
            else:
                found.append(_Found(relative))
    for error in faults:
        where = Path(error.filename or raw)
        relative = readable_name(where.relative_to(raw).as_posix() if where.is_relative_to(raw) else where.name)
        said = f"The folder {relative} cannot be listed: {error.strerror}."
        found.append(_Found(relative, fault=said, remedy="Grant the right to read it."))
    yield from sorted(found, key=lambda f: f.relative)


def _name_fault(name: str) -> str:
    """What is wrong with a name, so that its document cannot be cited; else ""."""
    if name.isascii() or readable_name(name) == name:
        return ""
    return "has a name that is no UTF-8, so it is not read; import it, which keeps the name in another form."


def _file_fault(raw: Path, path: str) -> str:
    """Why a path of the store is no document; else "".  A link counts where it leads to a file of the store."""
    try:
        mode = os.lstat(path).st_mode
    except OSError as error:
        return f"cannot be asked for: {error.strerror}."
    if stat.S_ISREG(mode):
        return ""
    if not stat.S_ISLNK(mode):
        return "is no regular file."
    target = os.path.realpath(path)
    if not Path(target).is_relative_to(os.path.realpath(raw)):
        return "is no regular file: it is a link that leads out of the raw folder, and is not followed."
    return "" if os.path.isfile(target) else "is no regular file."  # noqa: PTH113


def _capture(raw: Path, relative: str) -> tuple[Capture | None, tuple[Finding, ...]]:
    path = raw / relative
    if relative.endswith(RECORD_SUFFIX):
        said = f"The record {relative} stands alone: its document is gone."
        remedy = "Put the document back, or remove the record."
        return None, (_finding("capture-document-missing", Severity.ERROR, said, remedy, relative),)
    try:
        data = read_regular(path)
    except (OSError, CaptureError) as error:
        said = f"{relative} cannot be read: {getattr(error, 'strerror', None) or error}."
        return None, (_finding("capture-unreadable", Severity.ERROR, said, "Grant the right to read it.", relative),)
    content_hash = hashlib.sha256(data).hexdigest()
    record, findings = _record(path, relative, content_hash)
    if record is not None and (record.content_hash, record.size) != (content_hash, len(data)):
        said = f"{relative} does not hold the bytes that its record speaks of; it is withheld."
        remedy = "Put the captured bytes back, or remove the record to take the document as it is now."
        wrong = _finding("capture-hash-mismatch", Severity.ERROR, said, remedy, relative, content_hash)
        return None, (*findings, wrong)
    if record is not None and record.incomplete:
        said = f"{relative} is incomplete, so its figures are withheld: {record.incomplete}"
        remedy = "Fetch its month again: its address is asked for again until it comes whole."
        wrong = _finding("capture-incomplete", Severity.WARNING, said, remedy, relative, content_hash)
        return None, (*findings, wrong)
    capture = Capture(
        content_hash=content_hash,
        path=relative,
        size=len(data),
        media_type=sniff(data),
        kind=record.kind if record else _kind(relative),
        original_name=record.original_name if record else Path(relative).name,
        captured_at=record.captured_at if record else None,
        source_url=record.source_url if record else None,
        note=record.note if record else "",
        stands_for=record.stands_for if record else NO_RELEASE,
    )
    return capture, findings


def _record(path: Path, relative: str, content_hash: str) -> tuple[CaptureRecord | None, tuple[Finding, ...]]:
    beside = record_path(path)
    if not os.path.lexists(beside):
        said = f"{relative} has no capture record; where and when it was obtained is unknown."
        remedy = "Import it with `talent import`, which writes one; its figures are used meanwhile."
        finding = _finding("capture-record-missing", Severity.WARNING, said, remedy, relative, content_hash)
        return None, (finding,)
    try:
        return load_record(beside), ()
    except CaptureError as error:
        said = f"The capture record of {relative} cannot be used: {error}"
        remedy = "Mend the record, or remove it; its document is used meanwhile, its origin unknown."
        finding = _finding("capture-record-unreadable", Severity.WARNING, said, remedy, relative, content_hash)
        return None, (finding,)


def _kind(relative: str) -> CaptureKind:
    """The kind that a document without a record must have, from the folder that it lies in."""
    parts = relative.split("/")
    top = parts[0] if len(parts) > 1 else ""
    if top == CaptureKind.FACSIMILE.value:
        return CaptureKind.FACSIMILE
    return CaptureKind.FETCHED if "." in top else CaptureKind.DROPPED


def _finding(
    code: str, severity: Severity, message: str, remedy: str, where: str, content_hash: str | None = None
) -> Finding:
    document = None if content_hash is None else content_hash[:16]
    return Finding("capture", code, severity, message, remedy=remedy, document_id=document, where=where)
