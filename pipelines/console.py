# ruff: noqa: T201  (printing is what this module is for)
"""A read-only session on the published warehouse, with tables that a person can read.

Belongs here: reading statements from a query, a terminal or standard input, and printing results.  Must never write
to the warehouse, and holds no lock that a refresh would have to wait for.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.escaping import escape_controls

if TYPE_CHECKING:
    import duckdb

_WELCOME = """\
{path}, read-only.  End a query with ;   .tables lists the tables, .quit (or Ctrl-D) leaves.
For example:  from marts.qmas_by_year;
"""
_TABLES = """
select schema_name || '.' || table_name as "table", estimated_size as rows, comment as about
from duckdb_tables() order by all
"""
_MANY = 10_000
_LONG = 48


def run(path: Path, query: str | None, *, as_csv: bool = False, full: bool = False, allow_files: bool = False) -> int:
    """Runs the query, the session or standard input on the warehouse at `path`; the exit code (1: a query failed)."""

    with connect(path, allow_files=allow_files) as connection:
        if query is not None:
            return _statements(connection, query, as_csv, full)
        if sys.stdin.isatty():
            print(_WELCOME.format(path=path))
            for statement in _typed():
                if statement == ".tables":
                    statement = _TABLES
                _statements(connection, statement, as_csv, full)
            return 0
        return _statements(connection, sys.stdin.read(), as_csv, full)


def connect(path: Path, *, allow_files: bool = False) -> duckdb.DuckDBPyConnection:
    """The warehouse, read-only for the whole machine: no statement reads or writes a file, loads or installs anything.

    `allow_files`: the warehouse stays read-only, and everything else is as DuckDB has it.
    """
    import duckdb

    if allow_files:
        return duckdb.connect(str(path), read_only=True)
    barred: dict[str, str | bool | int | float | list[str]] = dict.fromkeys(
        ("enable_external_access", "autoinstall_known_extensions", "autoload_known_extensions",
         "allow_community_extensions", "python_enable_replacements"), False
    )  # fmt: skip
    connection = duckdb.connect(str(path), read_only=True, config=barred)
    connection.execute("set lock_configuration = true")
    return connection


def _typed() -> Iterator[str]:
    """What is typed, a whole statement at a time, until the end."""
    import contextlib

    with contextlib.suppress(ImportError):
        import readline  # noqa: F401  (gives input() its history and editing)
    lines: list[str] = []
    while True:
        try:
            line = input("   ...> " if lines else "talent> ")
        except EOFError:
            print()
            return
        except KeyboardInterrupt:
            print()
            lines.clear()
            continue
        word = line.strip().rstrip(";").lower()
        if not lines and word in (".quit", ".exit", "quit", "exit"):
            return
        if not lines and word == ".tables":
            yield word
            continue
        lines.append(line)
        if line.rstrip().endswith(";"):
            yield "\n".join(lines)
            lines.clear()


def _statements(connection: duckdb.DuckDBPyConnection, text: str, as_csv: bool, full: bool) -> int:
    """Runs the statements of `text` in order; stops at the first that fails, says why, returns 1."""
    import duckdb

    try:
        for statement in connection.extract_statements(text):
            relation: duckdb.DuckDBPyRelation | None = connection.sql(statement.query)
            if relation is None:  # a statement without rows
                continue
            if as_csv:
                _print_csv(relation)
            else:
                _print_box(relation, full=full)
    except duckdb.Error as error:
        more = ""
        if isinstance(error, duckdb.PermissionException):
            more = "\nOther files are closed to `talent sql`; --allow-files opens them."
        print(f"talent: {escape_controls(str(error))}{more}", file=sys.stderr)
        return 1
    return 0


def _print_box(relation: duckdb.DuckDBPyRelation, *, full: bool) -> None:
    """As a box; values of many characters are shortened unless `full`, so that a row stays a line."""
    wide = shutil.get_terminal_size((160, 24)).columns if sys.stdout.isatty() else _MANY
    if not full:
        shown = (_short(name, kind) for name, kind in zip(relation.columns, map(str, relation.types), strict=True))
        relation = relation.project(", ".join(shown))
    relation.show(max_rows=_MANY, max_width=wide)


def _short(name: str, kind: str) -> str:
    quoted = '"' + name.replace('"', '""') + '"'
    if kind != "VARCHAR" and not kind.endswith("]") and not kind.startswith(("STRUCT", "MAP", "UNION")):
        return quoted
    text = f"{quoted}::varchar"
    return f"case when length({text}) > {_LONG} then left({text}, {_LONG - 1}) || '…' else {text} end as {quoted}"


def _print_csv(relation: duckdb.DuckDBPyRelation) -> None:
    import csv

    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(relation.columns)
    out.writerows(relation.iter_rows())
