"""The rooms run over all captures, one after the other, with what was made before remembered.

Belongs here: for each room, which results are missing, making those (`parallel`), and keeping them (`cache`) under a
key of everything that made them (`fingerprint`).  Must never: import Dagster (a worker process imports this module),
nor change what a room gave.  A fault in a room (an exception) ends as a finding about its document, is remembered
only until the next refresh, and leaves the other documents alone.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pipelines.model import (
    Capture,
    Correction,
    Disposition,
    Document,
    DocumentProof,
    Fate,
    Finding,
    ReadResult,
    Severity,
    ShapeResult,
    TableProof,
    cell_id,
    table_id,
)
from pipelines.orchestration import cache, fingerprint, parallel
from pipelines.settings import ReadLimits, Settings

if TYPE_CHECKING:
    from pipelines.cards import Cards

Tell = Callable[[str, int, int], None]
"""(what, done, total): how far a room has come."""


def untold(what: str, done: int, total: int) -> None:
    """Says nothing."""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of one task; `fault`: the room itself failed, so the value is ours and good for this refresh only."""

    value: Any
    fault: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """The results of a room: (content hash, key in its cache) in the order of the captures; how many were new."""

    room: str
    keys: tuple[tuple[str, str], ...]
    new: int = 0
    faults: int = 0

    @property
    def hash(self) -> str:
        """Changes when any result does."""
        return fingerprint.of_values(self.room, *self.keys)


# ------------------------------------------------------------------------------------------------------- capture


@dataclass(frozen=True, slots=True)
class Taken:
    """The captures that a refresh works on: one for each content, the first by path; all of them in `every`."""

    captures: tuple[Capture, ...]
    every: tuple[Capture, ...]
    findings: tuple[Finding, ...]


def take_in(settings: Settings) -> Taken:
    """Sweeps the inbox, walks the raw folder, and hands the captures on to the rooms that follow."""
    from pipelines.capture import sweep_inbox, walk

    swept = sweep_inbox(settings.raw, now=datetime.now(UTC))
    every, findings = walk(settings.raw)
    first: dict[str, Capture] = {}
    for capture in sorted(every, key=lambda c: (c.source_url is None, c.path)):
        first.setdefault(capture.content_hash, capture)
    captures = tuple(sorted(first.values(), key=lambda c: c.path))
    taken = Taken(captures, every, (*swept.findings, *findings))
    hand_over(settings, "captures", taken)
    return taken


def taken_in(settings: Settings) -> Taken:
    """The captures of this refresh."""
    taken: Taken = handed_over(settings, "captures")
    return taken


# ----------------------------------------------------------------------------------------------------- the rooms


@dataclass(frozen=True, slots=True)
class _Task:
    """One document for one room.  `inputs` are keys in the caches of earlier rooms, by room."""

    key: str
    content_hash: str
    stage: Path
    inputs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ReadTask(_Task):
    raw: Path = Path()
    capture: Capture | None = None
    limits: ReadLimits = field(default_factory=ReadLimits)


@dataclass(frozen=True, slots=True)
class ProveTask(_Task):
    corrections: tuple[Correction, ...] = ()


@dataclass(frozen=True, slots=True)
class ShapeTask(_Task):
    cards: tuple[Path, ...] = ()
    cards_hash: str = ""


def read_one(task: ReadTask) -> Done:
    """Reads the capture of the task: Done(ReadResult)."""
    from pipelines.capture import load_bytes
    from pipelines.read import read_document

    capture = task.capture
    assert capture is not None
    try:
        data = load_bytes(task.raw, capture)
        result = read_document(data, name=capture.original_name, source_url=capture.source_url, limits=task.limits)
    except Exception as error:
        return _lost_read(task, _told(error))
    return Done(result)


def _lost_read(task: ReadTask, why: str) -> Done:
    return Done(ReadResult(None, (_fault("read", task, why),)), fault=True)


def prove_one(task: ProveTask) -> Done:
    """Proves the document of the task: Done(DocumentProof), of no table where nothing could be read."""
    from pipelines.prove import prove_document

    document = _inputs(task)["read"].document
    if document is None:
        return Done(DocumentProof(task.content_hash[:16], ()))
    try:
        return Done(prove_document(document, task.corrections))
    except Exception as error:
        return _lost_prove(task, _told(error))


def _lost_prove(task: ProveTask, why: str) -> Done:
    return Done(DocumentProof(task.content_hash[:16], (), (_fault("prove", task, why),)), fault=True)


def shape_one(task: ShapeTask) -> Done:
    """Shapes the document of the task: Done(ShapeResult), empty where nothing could be read."""
    from pipelines.shape import shape_document

    inputs = _inputs(task)
    document = inputs["read"].document
    if document is None:
        return Done(ShapeResult(task.content_hash[:16], (), ()))
    if _is_fault(dict(task.inputs)["prove"]):
        return Done(ShapeResult(document.id, (), _all_held(document, "prove")), fault=True)
    try:
        return Done(shape_document(document, inputs["prove"], _cards(task.cards, task.cards_hash)))
    except Exception as error:
        return _lost_shape(task, _told(error))


def _lost_shape(task: ShapeTask, why: str) -> Done:
    document = _inputs(task)["read"].document
    said = (_fault("shape", task, why),)
    return Done(ShapeResult(document.id, (), _all_held(document, "shape"), findings=said), fault=True)


def _all_held(document: Document, room: str) -> tuple[Disposition, ...]:
    """Every cell with a digit in quarantine, where a room failed on the document: nothing is absorbed by a fault."""
    return tuple(
        Disposition(
            cell_id(table_id(document.id, grid.ordinal), cell.row, cell.col),
            table_id(document.id, grid.ordinal),
            document.id,
            Fate.QUARANTINE,
            f"the room '{room}' failed on the document",
            "a version of this program without the fault",
        )
        for grid in document.grids
        for cell in grid.cells
        if any(character.isdigit() for character in cell.text)
    )


def cards(settings: Settings) -> Cards:
    """The series cards, vocabularies and corrections.  Raises CardError naming file, line and remedy."""
    folders = (settings.series, settings.vocabulary, settings.corrections)
    return _cards(folders, fingerprint.of_folder(*folders))


@lru_cache(maxsize=1)
def _cards(folders: tuple[Path, ...], _cards_hash: str) -> Cards:
    """The cards of these folders while their bytes hash so: loaded once a process, not once a document."""
    from pipelines.cards import load

    return load(*folders)


def _inputs(task: _Task) -> dict[str, Any]:
    found = {}
    for room, key in task.inputs:
        with cache.opened(task.stage, room) as remembered:
            found[room] = dict(remembered.get([key]))[key]
    return found


def _fault(room: str, task: _Task, why: str) -> Finding:
    return Finding(
        room=room,
        code="fault-in-room",
        severity=Severity.ERROR,
        message=f"The room '{room}' failed on this document: {why}.",
        remedy="A fault of this program, not of the document: please report it.  Its figures are kept out meanwhile.",
        document_id=task.content_hash[:16],
    )


def _told(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({Path(last.filename).name}, line {last.lineno})"


def read(settings: Settings, tell: Tell = untold) -> Made:
    """Reads every capture that is not remembered."""
    made_by = fingerprint.made_by("pipelines.read")
    tasks = [
        ReadTask(
            key=fingerprint.of_values(made_by, c.content_hash, c.original_name, c.source_url, settings.limits),
            content_hash=c.content_hash,
            stage=settings.stage,
            raw=settings.raw,
            capture=c,
            limits=settings.limits,
        )
        for c in taken_in(settings).captures
    ]
    return _ensure(settings, "read", tasks, read_one, _lost_read, tell)


def prove(settings: Settings, tell: Tell = untold) -> Made:
    """Proves every document whose proof is not remembered."""
    made_by = fingerprint.made_by("pipelines.prove")
    by_hash: dict[str, list[Correction]] = {}
    for correction in cards(settings).corrections:
        by_hash.setdefault(correction.content_hash, []).append(correction)
    read_made: Made = handed_over(settings, "read")
    tasks = [
        ProveTask(
            key=fingerprint.of_values(made_by, key, by_hash.get(content_hash, [])),
            content_hash=content_hash,
            stage=settings.stage,
            inputs=(("read", key),),
            corrections=tuple(by_hash.get(content_hash, ())),
        )
        for content_hash, key in read_made.keys
    ]
    return _ensure(settings, "prove", tasks, prove_one, _lost_prove, tell)


def shape(settings: Settings, tell: Tell = untold) -> Made:
    """Shapes every proven document whose facts are not remembered."""
    folders = (settings.series, settings.vocabulary, settings.corrections)
    made_by = fingerprint.made_by("pipelines.shape", "pipelines.cards")
    known = fingerprint.of_folder(settings.series, settings.vocabulary)
    all_known = fingerprint.of_folder(*folders)
    read_keys = dict(handed_over(settings, "read").keys)
    prove_made: Made = handed_over(settings, "prove")
    tasks = [
        ShapeTask(
            key=fingerprint.of_values(made_by, known, key),
            content_hash=content_hash,
            stage=settings.stage,
            inputs=(("read", read_keys[content_hash]), ("prove", key)),
            cards=folders,
            cards_hash=all_known,
        )
        for content_hash, key in prove_made.keys
    ]
    return _ensure(settings, "shape", tasks, shape_one, _lost_shape, tell)


# ---------------------------------------------------------------------------------------------------- remembering

AnyTask = TypeVar("AnyTask", bound=_Task)
_KEEP_EVERY = 32


def _ensure(
    settings: Settings,
    room: str,
    tasks: Sequence[AnyTask],
    function: Callable[[AnyTask], Done],
    lost: Callable[[AnyTask, str], Done],
    tell: Tell,
) -> Made:
    """Makes what is missing, keeps it a few documents at a time, forgets what nobody asks for any more."""
    with cache.opened(settings.stage, room) as remembered:
        known = remembered.has(t.key for t in tasks)
        missing = [t for t in tasks if t.key not in known]
        tell(room, len(known), len(tasks))
        faulty: set[str] = set()
        batch: dict[str, Any] = {}
        for number, (task, done) in enumerate(
            parallel.map_items(function, missing, workers=settings.workers, lost=lost), start=1
        ):
            if done.fault:
                faulty.add(task.key)
            batch[_fault_key(task.key) if done.fault else task.key] = done.value
            if len(batch) >= _KEEP_EVERY:
                remembered.put(batch)
                batch.clear()
            tell(room, len(known) + number, len(tasks))
        remembered.put(batch)
        keys = tuple((t.content_hash, _fault_key(t.key) if t.key in faulty else t.key) for t in tasks)
        remembered.keep_only(k for _, k in keys)
    made = Made(room, keys, new=len(missing), faults=len(faulty))
    hand_over(settings, room, made)
    return made


def _fault_key(key: str) -> str:
    return f"fault:{key}"


def _is_fault(key: str) -> bool:
    return key.startswith("fault:")


def results(settings: Settings, room: str) -> Iterator[tuple[str, Any]]:
    """(content hash, result) of every document, in the order of the captures, a few in memory at a time."""
    made: Made = handed_over(settings, room)
    with cache.opened(settings.stage, room) as remembered:
        for start in range(0, len(made.keys), _KEEP_EVERY):
            part = made.keys[start : start + _KEEP_EVERY]
            values = dict(remembered.get(k for _, k in part))
            for content_hash, key in part:
                yield content_hash, values[key]


def hand_over(settings: Settings, name: str, value: Any) -> None:
    """Leaves a value for the steps that follow, in this refresh and until the next one replaces it."""
    with cache.opened(settings.stage, "handover") as kept:
        kept.put({name: value})


def handed_over(settings: Settings, name: str) -> Any:
    """What an earlier step left.  Raises LookupError, saying which asset to materialise, where nothing was left."""
    with cache.opened(settings.stage, "handover") as kept:
        for _, value in kept.get([name]):
            return value
    raise LookupError(f"Nothing was handed over by '{name}' yet: materialise what stands before it, or run a refresh.")


def find_table(settings: Settings, beginning: str) -> list[TableProof]:
    """The proofs of the tables whose id begins so, from the last refresh; an exact match wins."""
    found: list[TableProof] = []
    try:
        made: Made = handed_over(settings, "prove")
    except LookupError:
        return []
    document = beginning[:16]
    keys = [key for content_hash, key in made.keys if content_hash.startswith(document)]
    with cache.opened(settings.stage, "prove") as remembered:
        for _, proof in remembered.get(keys):
            found.extend(t for t in proof.tables if t.table_id.startswith(beginning))
    return [t for t in found if t.table_id == beginning] or found
