"""The results of the rooms as Parquet in the stage, written only when they changed, and looked at for people.

Belongs here: which room's results go through which writer of `publish.stage`, and small questions to what was
written (counts, previews).  Must never: import Dagster, or change a value on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.model import Capture, DocumentProof, Finding, ReadResult, ShapeResult
from pipelines.orchestration import fingerprint, steps
from pipelines.settings import Settings

if TYPE_CHECKING:
    import duckdb

PREVIEW_ROWS = 12


@dataclass(frozen=True, slots=True)
class Look:
    """A few rows for a person: column names and rows, values as text."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class _Staged:
    """What was written last: what it was made of, its relations, and the names and sizes of their files."""

    made_of: str
    relations: tuple[str, ...]
    files: tuple[tuple[str, int], ...]


def stage_captures(settings: Settings, intake: steps.Intake) -> None:
    """Writes what was captured."""
    from pipelines.publish import stage

    _once(settings, "captures", intake.hash, lambda to: stage.write_captures(to, steps.taken_in(settings).every))


def stage_documents(settings: Settings, made: steps.Made) -> None:
    """Writes documents, paragraphs, tables and cells."""
    from pipelines.publish import stage

    def items() -> Iterator[tuple[Capture, ReadResult]]:
        by_hash = {c.content_hash: c for c in steps.taken_in(settings).captures}
        for content_hash, result in steps.results(settings, "read"):
            yield by_hash[content_hash], result

    made_of = fingerprint.of_values(made.hash, steps.intake(settings).hash)
    _once(settings, "documents", made_of, lambda to: stage.write_documents(to, items()))


def stage_proofs(settings: Settings, made: steps.Made) -> None:
    """Writes verdicts, readings and identities."""
    from pipelines.publish import stage

    def proofs() -> Iterator[DocumentProof]:
        return (proof for _, proof in steps.results(settings, "prove"))

    _once(settings, "proofs", made.hash, lambda to: stage.write_proofs(to, proofs()))


def stage_observations(
    settings: Settings, name: str, made_of: str, results: Callable[[], Iterator[ShapeResult]]
) -> None:
    """Writes observations, dispositions and claims; under `shaped/` before the checks, in the stage itself after."""
    from pipelines.publish import stage

    below = {"shaped": "shaped", "checked": ""}[name]
    _once(settings, name, made_of, lambda to: stage.write_observations(to / below, results()))


def stage_findings(settings: Settings, made_of: str, findings: Callable[[], Iterable[Finding]]) -> None:
    """Writes the findings of all rooms; `made_of` changes when any of them may."""
    from pipelines.publish import stage

    _once(settings, "findings", made_of, lambda to: stage.write_findings(to, findings()))


def _once(settings: Settings, name: str, made_of: str, write: Callable[[Path], Mapping[str, int]]) -> None:
    """Writes unless the same was written last.  The mark goes first and comes back last, so that kill -9 in between
    means writing again."""
    mark = fingerprint.of_values(made_of, fingerprint.made_by("pipelines.publish.stage"))
    settings.stage.mkdir(parents=True, exist_ok=True)
    try:
        known: object = steps.handed_over(settings, f"staged:{name}")
    except LookupError:
        known = None
    if isinstance(known, _Staged) and known == _Staged(mark, known.relations, _files(settings, name, known.relations)):
        return
    steps.hand_over(settings, f"staged:{name}", None)
    written = write(settings.stage)
    relations = tuple(written)
    steps.hand_over(settings, f"staged:{name}", _Staged(mark, relations, _files(settings, name, relations)))


def _files(settings: Settings, name: str, relations: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
    """Names and sizes of the files that stand for these relations, to see that they are still there."""
    folder = settings.stage / "shaped" if name == "shaped" else settings.stage
    paths = [folder / f"{r}.parquet" for r in relations]
    return tuple((p.name, p.stat().st_size) for p in paths if p.exists())


def ask(settings: Settings, query: str, **files: str) -> list[tuple[Any, ...]]:
    """Rows of a query over files of the stage: {documents} in the query stands for stage/documents.parquet."""
    return _asked(settings, query, files)[1]


def look(settings: Settings, query: str, **files: str) -> Look:
    """The first rows of such a query, for people."""
    columns, rows = _asked(settings, f"select * from ({query}) limit {PREVIEW_ROWS}", files)
    return Look(columns, tuple(tuple("" if v is None else str(v) for v in row) for row in rows))


def _asked(settings: Settings, query: str, files: Mapping[str, str]) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    places = {
        name: "read_parquet('" + str(settings.stage / file).replace("'", "''") + "')" for name, file in files.items()
    }
    with _connection().cursor() as cursor:
        cursor.execute(query.format(**places))
        return tuple(d[0] for d in cursor.description or ()), cursor.fetchall()


@cache
def _connection() -> duckdb.DuckDBPyConnection:
    """One engine for all questions of a process: starting one costs ten times as much as the question.  It keeps no
    file in memory, since files are replaced between questions."""
    import duckdb

    return duckdb.connect(config={"threads": 1, "enable_external_file_cache": False})
