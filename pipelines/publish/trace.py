"""From a figure back to its cells: the verdict, the sums written out, each source with place and text as printed.

What belongs here: reading the published warehouse.  What never: writing to it, or a judgement of its own: everything
told here stands in the warehouse already.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb


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
    """One cell that prints a figure of the row.  `line` is its row of the table as printed, cells parted by bars."""

    measure: str
    cell_id: str
    text: str
    value: str | None
    verdict: str
    argument: str
    row_label: str
    column_label: str
    line: str
    place: str
    release: str
    path: str
    source_url: str | None
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
        try:
            rows = _select(connection, f"SELECT * FROM {relation} WHERE ({where}\n) LIMIT {int(limit)}")
        except duckdb.Error as error:
            raise TraceError(f"The condition {where!r} does not run: {error}") from error
        return tuple(_traced(connection, relation, row) for row in rows)


def _traced(connection: duckdb.DuckDBPyConnection, relation: str, row: Mapping[str, Any]) -> Traced:
    cells = [source["cell_id"] for source in row["sources"]]
    measures = {source["cell_id"]: source["measure"] for source in row["sources"]}
    found = _select(
        connection,
        """
        SELECT s.*, c.value_text,
            (SELECT string_agg(n.text, ' | ' ORDER BY n.col) FROM staging.cells AS n
             INNER JOIN staging.cells AS own ON own.table_id = n.table_id AND own.row = n.row
             WHERE own.cell_id = s.source_cell_id AND n.text <> '') AS line
        FROM core.sources AS s INNER JOIN core.cells AS c ON c.cell_id = s.cell_id
        WHERE list_contains(?::VARCHAR[], s.cell_id)
        """,
        [cells],
    )
    sums: dict[str, list[TracedSum]] = {}
    for reached in _select(
        connection,
        """
        SELECT c.cell_id, i.statement, i.basis, i.holds, i.exact
        FROM core.cells AS c
        INNER JOIN core.identities AS i ON i.table_id = c.table_id AND list_contains(c.identities, i.identity)
        WHERE list_contains(?::VARCHAR[], c.cell_id) ORDER BY c.cell_id, i.identity
        """,
        [cells],
    ):
        one = TracedSum(reached["statement"], reached["basis"], reached["holds"], reached["exact"])
        sums.setdefault(reached["cell_id"], []).append(one)
    vintages = _select(
        connection,
        """
        SELECT DISTINCT measure, coalesce(value_text, absence) AS value, released::VARCHAR AS released,
            release, verdict, withheld
        FROM core.observations
        WHERE figure_id IN (SELECT figure_id FROM core.observations WHERE list_contains(?::VARCHAR[], cell_id))
        ORDER BY measure, released NULLS FIRST, release
        """,
        [cells],
    )
    by_cell = {one["cell_id"]: one for one in found}
    return Traced(
        relation,
        {name: value for name, value in row.items() if name != "sources"},
        tuple(_source(by_cell[cell], measures[cell], sums.get(cell, ())) for cell in cells if cell in by_cell),
        tuple(TracedVintage(**one) for one in vintages),
    )


def _source(found: Mapping[str, Any], measure: str, sums: Iterable[TracedSum]) -> TracedSource:
    return TracedSource(
        measure=measure,
        cell_id=found["cell_id"],
        text=found["text"],
        value=found["value_text"],
        verdict=found["verdict"],
        argument=found["argument"],
        row_label=found["row_label"],
        column_label=found["column_label"],
        line=found["line"] or "",
        place=found["place"],
        release=found["release"],
        path=found["path"],
        source_url=found["source_url"],
        content_hash=found["content_hash"],
        sums=tuple(sums),
    )


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
        yield f"    file    {source.path} (SHA-256 {source.content_hash[:16]}…)"
        yield f"    line    {source.line}"
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


def _select(connection: duckdb.DuckDBPyConnection, query: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
    cursor = connection.execute(query, values or [])
    names = [d[0] for d in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
