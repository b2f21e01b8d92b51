"""Exports of the published warehouse: every mart as Parquet and CSV, and one descriptor over them.

What belongs here: copies for people without DuckDB.  What never: a figure that is not in the warehouse; a text that a
spreadsheet would run as a formula.

The descriptor is a Frictionless Data Package (https://specs.frictionlessdata.io/tabular-data-package/).  Exports hold
no time of their own, so that an unchanged warehouse gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.publish.build import quoted

#: What makes a spreadsheet read a text as a formula, in half and full width (OWASP, "CSV Injection").
_FORMULA = r"^[\s]*[=+\-@＝＋－＠\t\r\n]"


@dataclass(frozen=True, slots=True)
class Exported:
    """Files written, by mart; `changed` holds those whose bytes are not what they were."""

    files: tuple[Path, ...]
    changed: tuple[Path, ...]
    rows: int


def export_marts(database: Path, folder: Path) -> Exported:
    """Writes `<mart>.parquet`, `<mart>.csv` and `datapackage.json` into `folder`, each file whole or not at all.

    In CSV a list is JSON, and a text that a spreadsheet would run as a formula stands behind an apostrophe.  Raises
    FileNotFoundError where there is no warehouse.
    """
    import duckdb

    if not database.exists():
        raise FileNotFoundError(f"There is no warehouse at {database}.  Make it with `talent refresh`.")
    folder.mkdir(parents=True, exist_ok=True)
    files: list[Path] = []
    changed: list[Path] = []
    resources: list[dict[str, Any]] = []
    rows = 0
    with duckdb.connect(str(database), read_only=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        marts = connection.execute(
            "SELECT t.table_name, t.comment, m.key FROM duckdb_tables() AS t INNER JOIN meta.tables AS m "
            "ON m.schema_name = t.schema_name AND m.table_name = t.table_name "
            "WHERE t.schema_name = 'marts' ORDER BY 1"
        ).fetchall()
        for name, description, key in marts:
            columns = connection.execute(
                "SELECT column_name, data_type, comment FROM duckdb_columns() "
                "WHERE schema_name = 'marts' AND table_name = ? ORDER BY column_index",
                [name],
            ).fetchall()
            plain = ", ".join(_plain(column, kind) for column, kind, _ in columns)
            for ending, what, how in (
                ("parquet", f"SELECT * FROM marts.{name}", "FORMAT parquet, COMPRESSION zstd"),
                ("csv", f"SELECT {plain} FROM marts.{name}", "FORMAT csv, HEADER"),
            ):
                path = folder / f"{name}.{ending}"
                fresh = folder / f".{name}.{os.getpid()}.{ending}"
                try:
                    written = connection.execute(f"COPY ({what}) TO {quoted(str(fresh))} ({how})").fetchone()
                    rows += int(written[0]) if written and ending == "csv" else 0
                    if _put(fresh, path):
                        changed.append(path)
                finally:
                    fresh.unlink(missing_ok=True)
                files.append(path)
                resources.append(_resource(path, name, description, key, columns))
    package = {
        "profile": "data-package",
        "name": "hk-talent-warehouse",
        "title": "Figures of Hong Kong Government releases, proven against their own totals",
        "resources": resources,
    }
    path = folder / "datapackage.json"
    fresh = folder / f".datapackage.{os.getpid()}.json"
    fresh.write_text(json.dumps(package, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    if _put(fresh, path):
        changed.append(path)
    return Exported((*files, path), tuple(changed), rows)


def _plain(column: str, kind: str) -> str:
    """The column as a CSV may hold it."""
    if kind == "VARCHAR":
        runs = f'regexp_matches("{column}", {quoted(_FORMULA)})'
        return f"""CASE WHEN {runs} THEN concat('''', "{column}") ELSE "{column}" END AS "{column}" """
    if kind.endswith("[]") or kind.startswith(("STRUCT", "MAP")):
        return f'to_json("{column}")::VARCHAR AS "{column}"'
    return f'"{column}"'


def _resource(
    path: Path, name: str, description: str, key: list[str], columns: Iterable[tuple[str, str, str]]
) -> dict[str, Any]:
    ending = path.suffix.removeprefix(".")
    content = path.read_bytes()
    described = {
        "name": f"{name.replace('_', '-')}-{ending}",
        "path": path.name,
        "format": ending,
        "mediatype": "text/csv" if ending == "csv" else "application/vnd.apache.parquet",
        "description": description,
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }
    if ending != "csv":
        # a validator that reads Parquet gives lists as texts, and counts no bytes: as a file its hash is checked
        return {**described, "type": "file", "title": f"The same as {name}.csv, in types of its own"}
    return {
        **described,
        "type": "table",
        "profile": "tabular-data-resource",
        "schema": {
            "fields": [{"name": c, "type": _field(kind), "description": said} for c, kind, said in columns],
            "primaryKey": key,
        },
    }


def _field(kind: str) -> str:
    """The Frictionless type of a DuckDB type."""
    if kind.endswith("[]"):
        return "array"
    if kind.startswith(("STRUCT", "MAP")):
        return "object"
    if kind.startswith("DECIMAL") or kind == "DOUBLE":
        return "number"
    return {
        "BIGINT": "integer",
        "INTEGER": "integer",
        "BOOLEAN": "boolean",
        "DATE": "date",
        "TIMESTAMP": "datetime",
    }.get(kind, "string")


def _put(fresh: Path, path: Path) -> bool:
    """Moves the fresh file into place where it differs from what stands there; whether it did."""
    if path.exists() and path.read_bytes() == fresh.read_bytes():
        fresh.unlink()
        return False
    fresh.replace(path)
    return True
