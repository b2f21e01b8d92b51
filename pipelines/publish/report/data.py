"""What the report shows, asked from the published warehouse.

What belongs here: queries, and rows as values.  What never: a figure that is not in the warehouse, HTML, a colour.  A
mart that the warehouse does not have gives no rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

#: The dimension that says whose figure it is; what is left of the dimensions divides the scheme's figures.
SCHEME = "scheme"


@dataclass(frozen=True, slots=True)
class Source:
    """A cell that prints a figure."""

    cell_id: str
    release: str
    released: str
    language: str
    url: str
    path: str
    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure, latest edition.  `dimensions` without that of the scheme; `start` is None for a stock."""

    series: str
    scheme: str
    measure: str
    dimensions: tuple[tuple[str, str], ...]
    classification: str
    label: str
    start: date | None
    end: date
    kind: str
    is_total: bool
    value: Decimal | None
    unit: str
    absence: str
    approx: str
    status: str
    inferred: str
    verdict: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Ratio:
    """One row of marts.approval_ratios."""

    series: str
    scheme: str
    numerator_is: str
    denominator_is: str
    start: date
    end: date
    kind: str
    is_total: bool
    numerator: Decimal
    denominator: Decimal
    per_hundred: Decimal
    verdict: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """All that the report is made from.  The tables of `marts`, `quality` that are shown whole are plain rows."""

    content_hash: str
    tables: Mapping[str, tuple[Mapping[str, Any], ...]]
    figures: tuple[Figure, ...]
    ratios: tuple[Ratio, ...]

    def rows(self, name: str) -> tuple[Mapping[str, Any], ...]:
        """The rows of one of the queries below; none where the warehouse has no such table."""
        return self.tables.get(name, ())


#: name → (the table that must be there, the query)
_QUERIES: Mapping[str, tuple[str, str]] = {
    "verdicts": ("core.verdicts", "SELECT verdict, meaning, loads FROM core.verdicts ORDER BY rank"),
    "cells": ("core.cells", "SELECT verdict, count(*) AS n FROM core.cells GROUP BY verdict"),
    "coverage": (
        "quality.coverage",
        "SELECT sum(read)::BIGINT AS read, sum(fact)::BIGINT AS fact, sum(quarantine)::BIGINT AS quarantine, "
        "sum(unclaimed)::BIGINT AS unclaimed, sum(ignored)::BIGINT AS ignored, sum(further)::BIGINT AS further, "
        "sum(unaccounted)::BIGINT AS unaccounted, count(*) AS tables FROM quality.coverage",
    ),
    "ignored": (
        "quality.fates",
        "SELECT reason, count(*) AS n FROM quality.fates WHERE fate = 'ignored' GROUP BY reason "
        "ORDER BY n DESC, reason",
    ),
    "quarantine": (
        "quality.quarantine",
        "SELECT level, reason, release, path, source_url, count(*) AS n, min(text) AS text FROM quality.quarantine "
        "GROUP BY level, reason, release, path, source_url ORDER BY level, path, reason, release",
    ),
    "findings": (
        "quality.findings",
        "SELECT severity, code, message, remedy, coalesce(path, '') AS path, count(*) AS n FROM quality.findings "
        "WHERE severity <> 'info' GROUP BY ALL ORDER BY ALL",
    ),
    "documents": (
        "core.documents",
        "SELECT d.release, d.released, d.language, d.medium, d.source_url, d.path, d.readable, d.n_tables, "
        "d.content_hash FROM core.documents AS d ORDER BY d.released_from NULLS LAST, d.path",
    ),
    "judged": (
        "core.tables",
        "SELECT t.table_id, t.series, t.verdict, t.proved_share, t.argument, t.caption, t.title, t.path, t.place, "
        "t.n_figures, (SELECT list(i.statement ORDER BY i.identity) FROM core.identities AS i "
        "WHERE i.table_id = t.table_id AND i.holds) AS holds, "
        "(SELECT list(i.statement ORDER BY i.identity) FROM core.identities AS i "
        "WHERE i.table_id = t.table_id AND NOT i.holds) AS fails "
        "FROM core.tables AS t ORDER BY t.path, t.ordinal",
    ),
    "series": (
        "core.editions",
        "SELECT series, count(*) AS figures, min(coalesce(period_start, period_end)) AS first, "
        "max(period_end) AS last, count(*) FILTER (WHERE verdict = 'proved') AS proved "
        "FROM core.editions WHERE edition = 'latest' AND NOT disputed GROUP BY series ORDER BY series",
    ),
    "flows": (
        "marts.scheme_flows",
        "SELECT * FROM marts.scheme_flows WHERE period_length = 'year' AND (measure IN "
        "('applications_received', 'applications_approved', 'quotas_allotted')) ORDER BY scheme, measure, period_end",
    ),
    "incomplete": ("quality.incomplete_lists", "SELECT * FROM quality.incomplete_lists ORDER BY ALL"),
    "compared": (
        "quality.reconciliation",
        "SELECT sentence, count(*) FILTER (WHERE outcome = 'corroborated') AS corroborated, "
        "count(*) FILTER (WHERE outcome = 'differs') AS differs, "
        "coalesce(string_agg(DISTINCT class, ', ' ORDER BY class) FILTER (WHERE class <> ''), '') AS classes, "
        "count(*) FILTER (WHERE outcome = 'not evaluable') AS open "
        "FROM quality.reconciliation GROUP BY sentence ORDER BY sentence",
    ),
    "diversity": ("marts.origin_diversity", "SELECT * FROM marts.origin_diversity ORDER BY ALL"),
    "mix": ("marts.industry_mix", "SELECT * FROM marts.industry_mix ORDER BY ALL"),
    "demand": (
        "marts.talent_demand",
        "SELECT * FROM marts.talent_demand WHERE period_end = (SELECT max(period_end) FROM marts.talent_demand) "
        "ORDER BY classification, period_start, rank NULLS LAST, code",
    ),
    "shares": ("marts.qmas_shares", "SELECT * EXCLUDE (sources, releases) FROM marts.qmas_shares ORDER BY ALL"),
    "revisions": (
        "marts.revisions",
        "SELECT * FROM marts.revisions ORDER BY known_from, series, period_end, figure_id",
    ),
    "columns": (
        "meta.tables",
        "SELECT c.schema_name || '.' || c.table_name AS name, t.description, c.column_name, c.data_type, "
        "coalesce(c.comment, '') AS said FROM duckdb_columns() AS c INNER JOIN meta.tables AS t "
        "ON t.schema_name = c.schema_name AND t.table_name = c.table_name WHERE NOT c.internal "
        "ORDER BY position(c.schema_name IN 'marts core quality staging'), c.table_name, c.column_index",
    ),
}


def ask(database: Path, scheme_of: Mapping[str, str]) -> Held:
    """Everything at once, from a warehouse opened read-only.

    `scheme_of`: the scheme that a series is of, where no dimension of its figures says it.  Raises FileNotFoundError
    where there is no warehouse.
    """
    import duckdb

    if not database.exists():
        raise FileNotFoundError(f"There is no warehouse at {database}.  Make it with `talent refresh`.")
    with duckdb.connect(str(database), read_only=True, config={"enable_external_access": False}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        there = {
            name
            for (name,) in connection.execute("SELECT schema_name || '.' || table_name FROM duckdb_tables()").fetchall()
        }
        tables = {
            name: tuple(_rows(connection, query)) for name, (needed, query) in _QUERIES.items() if needed in there
        }
        figures: list[Figure] = []
        if "marts.observations" in there:
            query = "SELECT * FROM marts.observations ORDER BY series, measure, period_end, period_start, figure_id"
            figures = [_figure(row, scheme_of) for row in _rows(connection, query)]
        ratios: list[Ratio] = []
        if "marts.approval_ratios" in there:
            query = "SELECT * FROM marts.approval_ratios ORDER BY ALL"
            made = (_ratio(row, scheme_of) for row in _rows(connection, query))
            ratios = [ratio for ratio in made if ratio is not None]
        built = _rows(connection, "SELECT content_hash FROM meta.build") if "meta.build" in there else []
    return Held(str(built[0]["content_hash"]) if built else "", tables, tuple(figures), tuple(ratios))


def _figure(row: Mapping[str, Any], scheme_of: Mapping[str, str]) -> Figure:
    dimensions = {d["dimension"]: d["code"] for d in row["dimensions"] or ()}
    scheme = dimensions.pop(SCHEME, "") or scheme_of.get(row["series"], "")
    return Figure(
        series=row["series"],
        scheme=scheme,
        measure=row["measure"],
        dimensions=tuple(sorted(dimensions.items())),
        classification=row["classification"],
        label=row["label"],
        start=row["period_start"],
        end=row["period_end"],
        kind=row["period_kind"],
        is_total=row["is_total"],
        value=row["value"],
        unit=row["unit"],
        absence=row["absence"] or "",
        approx=row["approx"],
        status=row["status"],
        inferred=row["inferred"],
        verdict=row["verdict"],
        sources=sources(row),
    )


def _ratio(row: Mapping[str, Any], scheme_of: Mapping[str, str]) -> Ratio | None:
    """None for a ratio of a part of the scheme's figures (one place, one industry)."""
    dimensions = dict(part.split("=", 1) for part in row["dimension_key"].split(";") if "=" in part)
    scheme = dimensions.pop(SCHEME, "") or scheme_of.get(row["series"], "")
    if dimensions:
        return None
    return Ratio(
        series=row["series"],
        scheme=scheme,
        numerator_is=row["numerator_is"],
        denominator_is=row["denominator_is"],
        start=row["period_start"],
        end=row["period_end"],
        kind=row["period_kind"],
        is_total=row["is_total"],
        numerator=row["numerator"],
        denominator=row["denominator"],
        per_hundred=row["per_hundred"],
        verdict=row["verdict"],
        sources=sources(row),
    )


def sources(row: Mapping[str, Any]) -> tuple[Source, ...]:
    """The cells of a row of a mart, each once, in its own order."""
    found = {
        s["cell_id"]: Source(
            cell_id=s["cell_id"],
            release=s["release"] or s["path"] or "",
            released=str(s["released"] or ""),
            language=s["language"] or "",
            url=s["source_url"] or "",
            path=s["path"] or "",
            place=s["place"] or "",
            text=s["text"] or "",
        )
        for s in row["sources"] or ()
    }
    return tuple(found.values())


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    cursor = connection.execute(query)
    names = [d[0] for d in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
