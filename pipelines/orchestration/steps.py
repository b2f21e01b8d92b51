"""The rooms run over all captures, one after the other, with what was made before remembered.

Belongs here: for each room, which results are missing, making those (`parallel`), and keeping them (`cache`) under a
key of everything that made them (`fingerprint`).  Must never: import Dagster.  What is done for one
document stands in `tasks`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pipelines.model import (
    Capture,
    CaptureKind,
    Correction,
    Finding,
    TableProof,
)
from pipelines.orchestration import cache, fingerprint, parallel
from pipelines.orchestration.tasks import (
    Done,
    Kind,
    ProveTask,
    ReadTask,
    ShapeTask,
    Task,
    key_as,
    load_cards_once,
    lost_prove,
    lost_read,
    lost_shape,
    prove_one,
    read_one,
    shape_one,
)
from pipelines.settings import Settings

if TYPE_CHECKING:
    from pipelines.cards import Cards

Tell = Callable[[str, int, int], None]
"""(what, done, total): how far a room has come."""


def untold(what: str, done: int, total: int) -> None:
    """Says nothing."""


@dataclass(frozen=True, slots=True)
class Made:
    """The results of a room: (content hash, key in its cache) in the order of the captures; how many were new.

    hash     changes when any result does
    made_of  everything that they were made of;  "": something must be tried again
    """

    room: str
    keys: tuple[tuple[str, str], ...]
    hash: str
    new: int = 0
    faults: int = 0
    made_of: str = ""


# ------------------------------------------------------------------------------------------------------- capture


@dataclass(frozen=True, slots=True)
class Taken:
    """The captures that a refresh works on: one for each content, the first by path; all of them in `every`."""

    captures: tuple[Capture, ...]
    every: tuple[Capture, ...]


@dataclass(frozen=True, slots=True)
class Intake:
    """What became of the raw folder in this refresh, in few words: the captures themselves are `taken_in`.

    hash      changes when any capture does
    captures  how many there are;  distinct: how many of different contents
    findings  what is wrong with the store;  walked: those of them that hold as long as the store is as it is
    """

    hash: str
    captures: int
    distinct: int
    findings: tuple[Finding, ...]
    walked: tuple[Finding, ...]


def take_in(settings: Settings) -> Intake:
    """Sweeps the inbox, walks the raw folder, and hands the captures on to the rooms that follow.

    Where the store is as the last refresh left it, its captures are not even loaded.
    """
    from pipelines.capture import fetch_failures, standing, sweep_inbox, walk

    swept = sweep_inbox(settings.raw, now=datetime.now(UTC))
    memory = settings.stage / "cache" / "walk.pickle"
    made_by = fingerprint.made_by("pipelines.capture")
    here = Path(__file__).read_bytes()  # which captures stand for a content is decided below
    mark = standing(settings.raw, memory=memory, made_by=made_by)
    last = _last(settings, "intake", Intake)
    if last is not None and mark and last.hash == fingerprint.of_values(mark, here):
        told = (*swept.findings, *last.walked, *fetch_failures(settings.raw))
        intake = replace(last, findings=told)
        hand_over(settings, "intake", intake)
        return intake
    every, findings = walk(settings.raw, memory=memory, made_by=made_by)
    first: dict[str, Capture] = {}
    # bytes that were captured count as captured, also where a facsimile of them is bundled
    for capture in sorted(every, key=lambda c: (c.kind is CaptureKind.FACSIMILE, c.source_url is None, c.path)):
        first.setdefault(capture.content_hash, capture)
    captures = tuple(sorted(first.values(), key=lambda c: c.path))
    hand_over(settings, "captures", Taken(captures, every))
    mark = standing(settings.raw, memory=memory, made_by=made_by) or fingerprint.of_values(every)
    failing = set(fetch_failures(settings.raw))
    walked = tuple(f for f in findings if f not in failing)
    intake = Intake(fingerprint.of_values(mark, here), len(every), len(captures), (*swept.findings, *findings), walked)
    hand_over(settings, "intake", intake)
    return intake


def intake(settings: Settings) -> Intake:
    """What became of the raw folder in this refresh."""
    told: Intake = handed_over(settings, "intake")
    return told


def taken_in(settings: Settings) -> Taken:
    """The captures of this refresh."""
    taken: Taken = handed_over(settings, "captures")
    return taken


# ----------------------------------------------------------------------------------------------------- the rooms


def cards(settings: Settings) -> Cards:
    """The series cards, vocabularies and corrections.  Raises CardError naming file, line and remedy."""
    folders = (settings.series, settings.vocabulary, settings.corrections)
    return load_cards_once(folders, fingerprint.of_folder(*folders))


def read(settings: Settings, tell: Tell = untold) -> Made:
    """Reads every capture that is not remembered."""
    made_by = fingerprint.made_by("pipelines.read")
    made_of = fingerprint.of_values(made_by, intake(settings).hash, settings.limits)
    if (stands := _stands(settings, "read", made_of, tell)) is not None:
        return stands
    stage = settings.stage
    tasks = [
        ReadTask(
            key=fingerprint.of_values(made_by, c.content_hash, c.original_name, c.source_url, settings.limits),
            content_hash=c.content_hash,
            stage=stage,
            seconds=settings.limits.max_seconds,
            raw=settings.raw,
            capture=c,
            limits=settings.limits,
        )
        for c in taken_in(settings).captures
    ]
    return _ensure(settings, "read", made_of, tasks, read_one, lost_read, tell)


def prove(settings: Settings, tell: Tell = untold) -> Made:
    """Proves every document whose proof is not remembered."""
    made_by = fingerprint.made_by("pipelines.prove")
    by_hash: dict[str, list[Correction]] = {}
    for correction in cards(settings).corrections:
        by_hash.setdefault(correction.content_hash, []).append(correction)
    read_made: Made = handed_over(settings, "read")
    made_of = fingerprint.of_values(settings.limits.max_seconds, made_by, read_made.hash, sorted(by_hash.items()))
    if (stands := _stands(settings, "prove", made_of, tell)) is not None:
        return stands
    stage = settings.stage
    tasks = [
        ProveTask(
            key=fingerprint.of_values(settings.limits.max_seconds, made_by, key, by_hash.get(content_hash, [])),
            content_hash=content_hash,
            stage=stage,
            seconds=settings.limits.max_seconds,
            inputs=(("read", key),),
            corrections=tuple(by_hash.get(content_hash, ())),
        )
        for content_hash, key in read_made.keys
    ]
    return _ensure(settings, "prove", made_of, tasks, prove_one, lost_prove, tell)


def shape(settings: Settings, tell: Tell = untold) -> Made:
    """Shapes every proven document whose facts are not remembered."""
    folders = (settings.series, settings.vocabulary, settings.corrections)
    made_by = fingerprint.made_by("pipelines.shape", "pipelines.cards", "pipelines.orchestration.confirmation")
    known = fingerprint.of_folder(settings.series, settings.vocabulary)
    all_known = fingerprint.of_folder(*folders)
    prove_made: Made = handed_over(settings, "prove")
    made_of = fingerprint.of_values(settings.limits.max_seconds, made_by, known, prove_made.hash)
    if (stands := _stands(settings, "shape", made_of, tell)) is not None:
        return stands
    stage = settings.stage
    read_keys = dict(handed_over(settings, "read").keys)
    captures = {c.content_hash: c for c in taken_in(settings).captures}
    tasks = [
        ShapeTask(
            key=fingerprint.of_values(settings.limits.max_seconds, made_by, known, key),
            content_hash=content_hash,
            stage=stage,
            seconds=settings.limits.max_seconds,
            inputs=(("read", read_keys[content_hash]), ("prove", key)),
            raw=settings.raw,
            capture=captures.get(content_hash),
            cards=folders,
            cards_hash=all_known,
        )
        for content_hash, key in prove_made.keys
    ]
    return _ensure(settings, "shape", made_of, tasks, shape_one, lost_shape, tell)


# ---------------------------------------------------------------------------------------------------- remembering

AnyTask = TypeVar("AnyTask", bound=Task)
Left = TypeVar("Left")
_KEEP_EVERY = 32


def _stands(settings: Settings, room: str, made_of: str, tell: Tell) -> Made | None:
    """The results of the last refresh, where they were made of the same and are all remembered: nothing is asked of
    any document then."""
    last = _last(settings, room, Made)
    if last is None or last.made_of != made_of:
        return None
    with cache.opened(settings.stage, room) as remembered:
        if len(remembered) != len({key for _, key in last.keys}):
            return None
    tell(room, len(last.keys), len(last.keys))
    made = replace(last, new=0)
    if made != last:
        hand_over(settings, room, made)
    return made


def _ensure(
    settings: Settings,
    room: str,
    made_of: str,
    tasks: Sequence[AnyTask],
    function: Callable[[AnyTask], Done],
    lost: Callable[[AnyTask, str], Done],
    tell: Tell,
) -> Made:
    """Makes what is missing, keeps it a few documents at a time, forgets what nobody asks for any more."""
    with cache.opened(settings.stage, room) as remembered:
        stands = remembered.has(key_as(t.key, kind) for t in tasks for kind in (Kind.MADE, Kind.LATE))
        kinds = {t.key: kind for kind in (Kind.LATE, Kind.MADE) for t in tasks if key_as(t.key, kind) in stands}
        known = len(kinds)
        missing = [t for t in tasks if t.key not in kinds]
        tell(room, known, len(tasks))
        batch: dict[str, Any] = {}
        for number, (task, done) in enumerate(
            parallel.map_items(function, missing, workers=settings.workers, lost=lost), start=1
        ):
            kinds[task.key] = done.kind
            batch[key_as(task.key, done.kind)] = done.value
            if len(batch) >= _KEEP_EVERY:
                remembered.put(batch)
                batch.clear()
            tell(room, known + number, len(tasks))
        remembered.put(batch)
        keys = tuple((t.content_hash, key_as(t.key, kinds[t.key])) for t in tasks)
        remembered.keep_only(k for _, k in keys)
    faults = sum(kind is not Kind.MADE for kind in kinds.values())
    if Kind.FAULT in kinds.values():
        made_of = ""
    made = Made(room, keys, fingerprint.of_values(room, *keys), len(missing), faults, made_of)
    hand_over(settings, room, made)
    return made


def results(settings: Settings, room: str) -> Iterator[tuple[str, Any]]:
    """(content hash, result) of every document, in the order of the captures, a few in memory at a time."""
    made: Made = handed_over(settings, room)
    with cache.opened(settings.stage, room) as remembered:
        for start in range(0, len(made.keys), _KEEP_EVERY):
            part = made.keys[start : start + _KEEP_EVERY]
            values = dict(remembered.get(k for _, k in part))
            for content_hash, key in part:
                if key not in values:
                    raise LookupError(f"{remembered.path} lost a result; remove it and refresh again.")
                yield content_hash, values[key]


def hand_over(settings: Settings, name: str, value: Any) -> None:
    """Leaves a value for the steps that follow, in this refresh and until the next one replaces it."""
    with cache.opened(settings.stage, "handover") as kept:
        kept.put({name: value})


def _last(settings: Settings, name: str, kind: type[Left]) -> Left | None:
    """What the last refresh left, where it left something that this version can use."""
    try:
        value = handed_over(settings, name)
        if isinstance(value, kind):
            for field in fields(value):  # type: ignore[arg-type]
                getattr(value, field.name)  # one that an older version did not know is missed only when asked for
    except (LookupError, AttributeError):
        return None
    return value if isinstance(value, kind) else None


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
