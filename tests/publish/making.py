"""Small documents, already read, proven and shaped, as the tests of this room need them; and the build over them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.model import (
    Absence,
    Basis,
    Capture,
    CaptureKind,
    Cell,
    CellProof,
    Disposition,
    Document,
    DocumentProof,
    Fate,
    Finding,
    Frame,
    Grid,
    GridKind,
    Identity,
    Medium,
    Observation,
    Paragraph,
    Period,
    PeriodKind,
    Place,
    Reading,
    ReadResult,
    ReleaseFacts,
    Severity,
    ShapeResult,
    TableProof,
    Term,
    Verdict,
    cell_id,
    table_id,
)
from pipelines.publish import stage as writers
from pipelines.publish.build import Build
from pipelines.publish.models import Model, load_models
from pipelines.settings import PROJECT, Settings


@dataclass(frozen=True)
class Figure:
    """One figure of a made document; `value` None stands for the absence `absence`."""

    series: str
    measure: str
    value: str | None
    period: Period
    dimensions: tuple[tuple[str, str], ...] = ()
    classification: str = ""
    label: str = ""
    verdict: Verdict = Verdict.PROVED
    quantum: str = "1"
    unit: str = "persons"
    approx: str = ""
    status: str = ""
    inferred: str = ""
    is_total: bool = False
    absence: Absence | None = None
    fate: Fate = Fate.FACT
    reason: str = ""
    proof: Verdict | None = None
    scope: str = ""


@dataclass(frozen=True)
class Made:
    """One document as every room left it."""

    capture: Capture
    read: ReadResult
    proof: DocumentProof
    shape: ShapeResult
    findings: tuple[Finding, ...] = field(default=())


RELEASED = date(2022, 1, 19)


def year(value: int, *, start: date | None = None) -> Period:
    return Period(start or date(value, 1, 1), date(value, 12, 31), PeriodKind.FLOW, str(value))


def month(y: int, m: int) -> Period:
    last = date(y + m // 12, m % 12 + 1, 1).toordinal() - 1
    return Period(date(y, m, 1), date.fromordinal(last), PeriodKind.FLOW, f"{y}-{m:02d}")


def at(y: int, m: int, d: int) -> Period:
    return Period(None, date(y, m, d), PeriodKind.STOCK, f"as at {y}-{m}-{d}")


def document(
    name: str,
    figures: Iterable[Figure],
    *,
    released: date | None = RELEASED,
    month_day: tuple[int, int] | None = None,
    not_before: date | None = None,
    captured: datetime | None = datetime(2026, 11, 22, 5, 0, tzinfo=UTC),
    language: str = "en",
    medium: Medium = Medium.HTML,
    confined: bool = True,
) -> Made:
    """A document with one table of two columns, a label and a figure a row, below a header row.

    Where no other day is named it was released on `RELEASED`, or, if a period ends later, on the day after.
    """
    figures = tuple(figures)
    if released is RELEASED:
        released = max(RELEASED, *(f.period.end + timedelta(days=1) for f in figures), RELEASED)
    content_hash = hashlib.sha256(name.encode()).hexdigest()
    ident = content_hash[:16]
    table = table_id(ident, 0)
    place = Place(path="/html/body/table[1]")
    cells = [Cell(0, 0, "Period", "Period", place, header=True), Cell(0, 1, "Figure", "Figure", place, header=True)]
    proofs, observations, dispositions = [], [], []
    for row, f in enumerate(figures, start=1):
        said = f.label or f.period.label
        text = f.value if f.value is not None else "-"
        cells += [Cell(row, 0, said, said, place), Cell(row, 1, text, text, place)]
        if any(c.isdigit() for c in said):
            dispositions.append(Disposition(cell_id(table, row, 0), table, ident, Fate.IGNORED, "row label"))
        dispositions.append(Disposition(cell_id(table, row, 1), table, ident, f.fate, f.reason, "a correction"))
        value = None if f.value is None else Decimal(f.value)
        reading = Reading(value.copy_abs() if value is not None else None, Decimal(f.quantum), absence=f.absence)
        proofs.append(CellProof(row, 1, f.proof or f.verdict, (reading,), (0,), "the total holds", (row, 1)))
        if f.fate is Fate.FACT:
            observations.append(
                Observation(
                    series=f.series,
                    measure=f.measure,
                    dimensions=f.dimensions,
                    period=f.period,
                    classification=f.classification,
                    label=said,
                    value=value,
                    quantum=Decimal(f.quantum),
                    unit=f.unit,
                    absence=f.absence,
                    approx=f.approx,
                    status=f.status,
                    inferred=f.inferred,
                    verdict=f.verdict,
                    document_id=ident,
                    table_id=table,
                    cell_id=cell_id(table, row, 1),
                    is_total=f.is_total,
                    scope=f.scope,
                )
            )
    grid = Grid(0, GridKind.MARKUP, len(figures) + 1, 2, tuple(cells), place, header_rows=1)
    weakest = max((p.verdict for p in proofs), key=lambda v: v.rank, default=Verdict.UNPROVED)
    total = Term(1, 0, 1, 1, Decimal(1), Decimal(1))
    identity = Identity(
        "sum", Basis.LABEL, total, (total,), True, True, Decimal(0), Decimal(0), 0.001, "the total = the parts"
    )
    proof = TableProof(
        table, grid, Frame(1, 1), tuple(proofs), (identity,), weakest, 1.0, "the total holds", confined=confined
    )
    facts = ReleaseFacts(
        title=f"Title of {name}",
        number="LCQ1",
        language=language,
        released=released,
        month_day=month_day,
        not_before=not_before,
    )
    read = Document(
        ident, content_hash, content_hash, medium, "utf-8", "A", facts, (Paragraph("Words.", Place(line=1)), grid)
    )
    return Made(
        Capture(
            content_hash,
            f"dropped/{name}",
            100,
            "text/html",
            CaptureKind.DROPPED,
            name,
            captured,
            f"https://example.org/{name}",
        ),
        ReadResult(read),
        DocumentProof(ident, (proof,)),
        ShapeResult(ident, tuple(observations), tuple(dispositions), ((table, figures[0].series),) if figures else ()),
    )


def unreadable(name: str) -> Made:
    """A capture from which nothing could be read."""
    content_hash = hashlib.sha256(name.encode()).hexdigest()
    found = Finding("read", "empty-file", Severity.ERROR, "The file is empty.", document_id=content_hash[:16])
    return Made(
        Capture(content_hash, f"dropped/{name}", 0, "application/octet-stream", CaptureKind.DROPPED, name),
        ReadResult(None, (found,)),
        DocumentProof(content_hash[:16], ()),
        ShapeResult(content_hash[:16], (), ()),
        (found,),
    )


def settings(folder: Path, sql: Path = PROJECT / "sql") -> Settings:
    return replace(Settings(), warehouse=folder, sql=sql)


def stage(where: Settings, made: Iterable[Made]) -> None:
    """Writes the whole stage, as a run would."""
    made = tuple(made)
    writers.write_captures(where.stage, [m.capture for m in made])
    writers.write_documents(where.stage, [(m.capture, m.read) for m in made])
    writers.write_proofs(where.stage, [m.proof for m in made])
    writers.write_observations(where.stage, [m.shape for m in made])
    writers.write_findings(where.stage, [f for m in made for f in m.findings])


@cache
def all_models() -> tuple[Model, ...]:
    return load_models(PROJECT / "sql")


def models_for(wanted: str) -> list[Model]:
    """The model of that name and all before it, in order."""
    models = {m.full_name: m for m in all_models()}
    needed, open_ = set[str](), [wanted]
    while open_:
        name = open_.pop()
        if name in models and name not in needed:
            needed.add(name)
            open_ += models[name].depends_on
    return [m for name, m in models.items() if name in needed]


@contextmanager
def built(folder: Path, made: Iterable[Made], *wanted: str) -> Iterator[Build]:
    """An open build in which the wanted models (all, where none is named) and those before them have run."""
    where = settings(folder)
    stage(where, made)
    names = {m.full_name for w in wanted for m in models_for(w)}
    with Build(where, [m for m in all_models() if not wanted or m.full_name in names]) as build:
        build.run_all()
        yield build


def rows(folder: Path, made: Iterable[Made], model: str, where: str = "true") -> list[Mapping[str, Any]]:
    """The rows of one model over these documents."""
    with built(folder, made, model) as build:
        return select(build, f"SELECT * FROM {model} WHERE {where} ORDER BY ALL")


def select(build: Build, query: str) -> list[Mapping[str, Any]]:
    cursor = build.connection.execute(query)
    names = [d[0] for d in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
