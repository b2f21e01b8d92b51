"""One document in one room: what a worker process does, and what becomes of a document on which a room fails.

Belongs here: tasks that can be sent to another process, and their functions.  Must never: import Dagster, or change
what a room gave.  A fault in a room (an exception, no end within the bound) ends as a finding about its document,
whose figures go to quarantine; the other documents are not touched by it.
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.model import (
    Capture,
    Correction,
    Disposition,
    Document,
    DocumentProof,
    Fate,
    Finding,
    Medium,
    ReadResult,
    Severity,
    ShapeResult,
    cell_id,
    table_id,
)
from pipelines.orchestration import cache
from pipelines.orchestration.apart import is_doubtful, run_apart
from pipelines.orchestration.deadline import OutOfTimeError, deadline
from pipelines.settings import ReadLimits

if TYPE_CHECKING:
    from pipelines.cards import Cards


class Kind(StrEnum):
    """How a result came about; the word opens its key in the cache.

    FAULT: the room failed, so the value is ours and good for this refresh only.  LATE: the room did not end within
    its bound of processor time; the value is ours too, and stands as long as room and bound do.
    """

    MADE = "made"
    FAULT = "fault"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Done:
    """What came of one task."""

    value: Any
    kind: Kind = Kind.MADE


@dataclass(frozen=True, slots=True)
class Task:
    """One document for one room.  `inputs` are keys in the caches of earlier rooms, by room.

    seconds  processor time that the room may spend on it
    """

    key: str
    content_hash: str
    stage: Path
    inputs: tuple[tuple[str, str], ...] = ()
    seconds: float = float("inf")


@dataclass(frozen=True, slots=True)
class ReadTask(Task):
    raw: Path = Path()
    capture: Capture | None = None
    limits: ReadLimits = field(default_factory=ReadLimits)


@dataclass(frozen=True, slots=True)
class ProveTask(Task):
    corrections: tuple[Correction, ...] = ()


@dataclass(frozen=True, slots=True)
class ShapeTask(Task):
    raw: Path = Path()
    capture: Capture | None = None
    cards: tuple[Path, ...] = ()
    cards_hash: str = ""


def read_one(task: ReadTask) -> Done:
    """Reads the capture of the task: Done(ReadResult)."""
    from pipelines.capture import load_bytes, sniff

    capture = task.capture
    assert capture is not None
    try:
        data = load_bytes(task.raw, capture)
        if is_doubtful(data) and sniff(data) != "application/pdf":  # a doubtful PDF has a process of its own already
            return run_apart(_read_bytes, (task, data), seconds=task.seconds)
    except Exception as error:
        return lost_read(task, _told(error), _kind(error))
    return _read_bytes((task, data))


def _read_bytes(given: tuple[ReadTask, bytes]) -> Done:
    """Reads the bytes of the capture of a task."""
    from pipelines.read import read_document

    task, data = given
    capture = task.capture
    assert capture is not None
    try:
        with deadline(task.seconds):
            result = read_document(data, name=capture.original_name, source_url=capture.source_url, limits=task.limits)
    except Exception as error:
        return lost_read(task, _told(error), _kind(error))
    return Done(result)


def lost_read(task: ReadTask, why: str, kind: Kind = Kind.FAULT) -> Done:
    """What stands for the result where the room failed on the document."""
    return Done(ReadResult(None, (_fault("read", task, why),)), kind)


def prove_one(task: ProveTask) -> Done:
    """Proves the document of the task: Done(DocumentProof), of no table where nothing could be read."""
    from pipelines.prove import prove_document

    document = _inputs(task)["read"].document
    if document is None:
        return Done(DocumentProof(task.content_hash[:16], ()))
    try:
        with deadline(task.seconds):
            return Done(prove_document(document, task.corrections))
    except Exception as error:
        return lost_prove(task, _told(error), _kind(error))


def lost_prove(task: ProveTask, why: str, kind: Kind = Kind.FAULT) -> Done:
    """What stands for the result where the room failed on the document."""
    return Done(DocumentProof(task.content_hash[:16], (), (_fault("prove", task, why),)), kind)


def shape_one(task: ShapeTask) -> Done:
    """Shapes the document of the task: Done(ShapeResult), empty where nothing could be read."""
    from pipelines.capture import load_bytes
    from pipelines.orchestration.confirmation import confirm_figures
    from pipelines.shape import shape_document

    inputs = _inputs(task)
    document = inputs["read"].document
    if document is None:
        return Done(ShapeResult(task.content_hash[:16], (), ()))
    if kind_of(dict(task.inputs)["prove"]) is not Kind.MADE:
        return Done(ShapeResult(document.id, (), _all_held(document, "prove")))
    try:
        with deadline(task.seconds):
            result = shape_document(document, inputs["prove"], load_cards_once(task.cards, task.cards_hash))
            if document.medium is Medium.PDF and task.capture is not None and result.observations:
                result = confirm_figures(result, document, load_bytes(task.raw, task.capture))
            return Done(result)
    except Exception as error:
        return lost_shape(task, _told(error), _kind(error))


def lost_shape(task: ShapeTask, why: str, kind: Kind = Kind.FAULT) -> Done:
    """What stands for the result where the room failed on the document."""
    document = _inputs(task)["read"].document
    said = (_fault("shape", task, why),)
    return Done(ShapeResult(document.id, (), _all_held(document, "shape"), findings=said), kind)


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


@lru_cache(maxsize=1)
def load_cards_once(folders: tuple[Path, ...], _cards_hash: str) -> Cards:
    """The cards of these folders while their bytes hash so: loaded once a process, not once a document."""
    from pipelines.cards import load

    return load(*folders)


def _inputs(task: Task) -> dict[str, Any]:
    found = {}
    for room, key in task.inputs:
        with cache.opened(task.stage, room) as remembered:
            found[room] = dict(remembered.get([key]))[key]
    return found


def _fault(room: str, task: Task, why: str) -> Finding:
    return Finding(
        room=room,
        code="fault-in-room",
        severity=Severity.ERROR,
        message=f"The room '{room}' failed on this document: {why}.",
        remedy="A fault of this program, not of the document: please report it.  Its figures are kept out meanwhile.",
        document_id=task.content_hash[:16],
    )


def key_as(key: str, kind: Kind) -> str:
    """The key under which a result of this kind is kept."""
    return key if kind is Kind.MADE else f"{kind}:{key}"


def kind_of(key: str) -> Kind:
    """The kind of the result that is kept under this key."""
    word, colon, _ = key.partition(":")
    return Kind(word) if colon else Kind.MADE


def _kind(error: Exception) -> Kind:
    return Kind.LATE if isinstance(error, OutOfTimeError) else Kind.FAULT


def _told(error: Exception) -> str:
    if isinstance(error, OutOfTimeError):
        return str(error)
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({Path(last.filename).name}, line {last.lineno})"
