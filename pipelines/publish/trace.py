"""From a figure back to its cells: the verdict, the sums written out, each source with place and text as printed.

What belongs here: asking the published warehouse, by its own macro `trace` (sql/macros/main.trace.sql), and telling the
answer to people.  What never: a query of its own beside that macro, so that both say the same; or a judgement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

#: `Basis`, in the words of a reader.
_BASES: Mapping[str, str] = {
    "label": "a printed label says that it is the total",
    "arithmetic": "found by arithmetic alone",
    "prose": "a sentence of the document says it again",
    "document": "another table of the document prints it again",
    "card": "the series card says that it must",
}


class TraceError(ValueError):
    """What was asked for cannot be traced; the message says what can be."""


@dataclass(frozen=True, slots=True)
class TracedSum:
    """An identity that reaches a cell, written out; `basis` is what told that it should hold."""

    statement: str
    basis: str
    holds: bool
    exact: bool


@dataclass(frozen=True, slots=True)
class TracedSource:
    """One cell that prints a figure of the row.

    line         its row of the table as printed, cells parted by bars; `line_above`, `line_below`: those next to it
    captured_at  when the bytes were captured [UTC]; `content_hash`: their SHA-256
    """

    measure: str
    cell_id: str
    text: str
    value: str | None
    verdict: str
    argument: str
    row_label: str
    column_label: str
    line_above: str
    line: str
    line_below: str
    place: str
    release: str
    path: str
    source_url: str | None
    captured_at: datetime | None
    content_hash: str
    sums: tuple[TracedSum, ...]


@dataclass(frozen=True, slots=True)
class TracedVintage:
    """What one document said of one figure of the row, whether it was taken or not (then `withheld` says why)."""

    measure: str
    value: str | None
    released: str | None
    release: str
    verdict: str
    withheld: str


@dataclass(frozen=True, slots=True)
class Traced:
    """One row of a mart with everything that it rests on; `row` leaves the sources out."""

    relation: str
    row: Mapping[str, Any]
    sources: tuple[TracedSource, ...]
    vintages: tuple[TracedVintage, ...]

    @property
    def text(self) -> str:
        """The trace written out for people."""
        return "\n".join(_told(self))


def trace(database: Path, relation: str, where: str = "true", *, limit: int = 20) -> tuple[Traced, ...]:
    """The rows of `relation` (a mart: "marts.qmas_by_year") that meet `where`, each with its sources.

    `where` is an SQL condition over the columns of the mart; at most `limit` rows are traced.  Raises TraceError
    where the database is absent, the relation is no mart, or the condition does not run.
    """
    import duckdb

    if not database.exists():
        raise TraceError(f"There is no warehouse at {database}.  Make it with `talent refresh`.")
    with duckdb.connect(str(database), read_only=True, config={"enable_external_access": False}) as connection:
        known = connection.execute(
            "SELECT schema_name || '.' || table_name FROM duckdb_columns() "
            "WHERE column_name = 'sources' AND schema_name = 'marts' ORDER BY 1"
        ).fetchall()
        if (relation,) not in known:
            raise TraceError(f"{relation!r} cannot be traced.  Marts are {', '.join(name for (name,) in known)}.")
        if not connection.execute("FROM duckdb_functions() WHERE function_name = 'trace' AND NOT internal").fetchall():
            raise TraceError(
                f"The warehouse at {database} is of an older version.  Make it anew with `talent refresh`."
            )
        try:
            cursor = connection.execute("FROM trace(?, ?, most := ?)", [relation, where, limit])
            names = [d[0] for d in cursor.description or ()]
            found = [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
        except duckdb.Error as error:
            raise TraceError(f"The condition {where!r} does not run: {error}") from error
    return tuple(_traced(relation, list(of)) for _, of in groupby(found, key=itemgetter("nth")))


def _traced(relation: str, found: list[dict[str, Any]]) -> Traced:
    """One row of the mart, from the rows of the macro that are about it: one for each of its sources."""
    said = {TracedVintage(**{**v, "released": _day(v["released"])}) for one in found for v in one["vintages"]}
    return Traced(
        relation,
        found[0]["row"],
        tuple(map(_source, found)),
        tuple(sorted(said, key=lambda v: (v.measure, v.released or "", v.release, v.value or "", v.withheld))),
    )


def _source(found: Mapping[str, Any]) -> TracedSource:
    return TracedSource(
        measure=found["measure"],
        cell_id=found["cell_id"],
        text=found["text"],
        value=found["value_text"],
        verdict=found["verdict"],
        argument=found["argument"],
        row_label=found["row_label"],
        column_label=found["column_label"],
        line_above=found["line_above"] or "",
        line=found["line"] or "",
        line_below=found["line_below"] or "",
        place=found["place"],
        release=found["release"],
        path=found["path"],
        source_url=found["source_url"],
        captured_at=found["captured_at"],
        content_hash=found["content_hash"],
        sums=tuple(TracedSum(**one) for one in found["sums"]),
    )


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _told(traced: Traced) -> Iterable[str]:
    yield traced.relation
    for name, value in traced.row.items():
        if value not in (None, "", []):
            yield f"  {name:22} {_in_words(value)}"
    for source in traced.sources:
        yield ""
        yield f"  {source.measure} {source.value or source.text}: printed as “{source.text}”, {source.verdict}"
        yield f"    in      {source.release}"
        yield f"    at      {source.place}" + (f", of {source.source_url}" if source.source_url else "")
        captured = f"captured {source.captured_at:%Y-%m-%d}, " if source.captured_at else ""
        yield f"    file    {source.path} ({captured}SHA-256 {source.content_hash[:16]}…)"
        for name, line in (("above", source.line_above), ("line", source.line), ("below", source.line_below)):
            if line or name == "line":
                yield f"    {name:7} {line}"
        if source.argument not in {one.statement for one in source.sums}:
            yield f"    because {source.argument}"
        for one in source.sums:
            how = "exactly" if one.exact else "within rounding"
            why = _BASES.get(one.basis, one.basis)
            yield f"    sum     {one.statement}   ({'holds ' + how if one.holds else 'FAILS'}; {why})"
    if len({(v.measure, v.value) for v in traced.vintages}) > len({v.measure for v in traced.vintages}):
        yield ""
        yield "  all that was ever said of it:"
        for vintage in traced.vintages:
            note = f"; not taken: {vintage.withheld}" if vintage.withheld else ""
            yield f"    {vintage.measure} {vintage.value} ({vintage.release}, {vintage.verdict}{note})"


def _in_words(value: object) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)
