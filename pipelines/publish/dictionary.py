"""The data dictionary: every table and column of the warehouse in Markdown, from the comments in the file itself.

What belongs here: rendering.  What never: a description (those stand in `sql/` and `relations.py`, once each).
"""

from __future__ import annotations

from pathlib import Path

#: What each schema is for, in the order in which people need them.
SCHEMAS = {
    "marts": "For people: one row per figure or per period, latest edition, each with its verdict and its sources.",
    "main": "Asked without naming a schema.",
    "core": "As judged: every figure, vintage and source, every verdict with its argument.",
    "quality": "What was kept out and why, what was found, and the proof that nothing was absorbed.",
    "staging": "As read: documents, tables and cells, as printed.",
    "meta": "About the file.",
}


def dictionary(database: Path) -> str:
    """The Markdown, for the warehouse at `database`.  Raises FileNotFoundError where there is none."""
    import duckdb

    if not database.exists():
        raise FileNotFoundError(f"There is no warehouse at {database}.  Make it with `talent refresh`.")
    with duckdb.connect(str(database), read_only=True) as connection:
        tables = connection.execute(
            "SELECT t.schema_name, t.table_name, coalesce(t.comment, ''), coalesce(m.key, []) "
            "FROM duckdb_tables() AS t LEFT JOIN meta.tables AS m "
            "ON m.schema_name = t.schema_name AND m.table_name = t.table_name ORDER BY 1, 2"
        ).fetchall()
        columns = connection.execute(
            "SELECT schema_name, table_name, column_name, data_type, coalesce(comment, '') FROM duckdb_columns() "
            "WHERE NOT internal ORDER BY schema_name, table_name, column_index"
        ).fetchall()
        macros = connection.execute(
            "SELECT schema_name, function_name, parameters, coalesce(comment, '') FROM duckdb_functions() "
            "WHERE NOT internal AND function_type = 'table_macro' ORDER BY 1, 2"
        ).fetchall()
    out = ["# Data dictionary", "", "Generated from the comments in the warehouse; do not edit."]
    for schema, purpose in SCHEMAS.items():
        out += ["", f"## {schema}", "", purpose]
        for name, comment, key in [(n, c, k) for s, n, c, k in tables if s == schema]:
            out += ["", f"### {schema}.{name}", "", comment]
            if key:
                out += ["", f"Key: {', '.join(f'`{column}`' for column in key)}"]
            out += ["", "| column | type | |", "| --- | --- | --- |"]
            for of, table, column, kind, said in columns:
                if (of, table) == (schema, name):
                    out.append(f"| `{column}` | {_short(kind)} | {_escaped(said)} |")
        for of, name, parameters, comment in macros:
            if of == schema:
                called = name if schema == "main" else f"{schema}.{name}"
                said, *told = comment.splitlines() or [""]
                out += ["", f"### {called}({', '.join(parameters)})", "", said]
                if told:
                    out += ["", "| column | |", "| --- | --- |"]
                    out += [_macro_column(*line.split(": ", 1)) for line in told]
    return "\n".join(out) + "\n"


def _macro_column(names: str, said: str) -> str:
    return f"| {', '.join(f'`{name}`' for name in names.split(', '))} | {_escaped(said)} |"


def _short(kind: str) -> str:
    """The type without the fields of a struct, which would fill the line."""
    if kind.startswith("STRUCT"):
        return "list of structs" if kind.endswith("[]") else "struct"
    return kind


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def of_models() -> str:
    """The dictionary of the project's models, from an empty warehouse made on the way and thrown away."""
    import tempfile
    from dataclasses import replace

    from pipelines.publish.build import Build
    from pipelines.publish.models import load_models
    from pipelines.publish.swap import publish
    from pipelines.settings import Settings

    with tempfile.TemporaryDirectory() as folder:
        settings = replace(Settings(), warehouse=Path(folder))
        with Build(settings, load_models(settings.sql)) as build:
            build.run_all()
            return dictionary(publish(build).path)


if __name__ == "__main__":
    from pipelines.settings import PROJECT

    (PROJECT / "sql" / "DICTIONARY.md").write_text(of_models(), encoding="utf-8")
