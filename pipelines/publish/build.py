"""The private build: a DuckDB file of our own, under a lock, that nobody else reads.

What belongs here: running models and checks over the stage.  What never: the published file (swap.py), SQL that
decides something (sql/).

The build is kept between runs.  Each table carries a fingerprint of what made it (the files of the stage, the SQL of
the model and of those before it, the version of DuckDB); a model whose fingerprint still stands is not computed again,
and one whose fingerprint does not stand is stale, which the audit refuses.
"""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from pipelines.escaping import escape_markdown
from pipelines.publish.models import MARTS, STAGE, Check, Model, ModelError
from pipelines.publish.relations import RELATIONS, relation
from pipelines.settings import Settings

if TYPE_CHECKING:
    import duckdb
    from filelock import BaseFileLock

#: The oldest DuckDB whose storage the files keep to, so that older clients open what we publish.
STORAGE_VERSION = "v1.4.0"
#: A stage of fewer bytes is built by one thread.
_SMALL = 8 * 2**20
_SAMPLE_ROWS = 8
_SAMPLE_TEXT = 60


class BuildBusyError(RuntimeError):
    """Another process holds the build."""


@dataclass(frozen=True, slots=True)
class BuiltColumn:
    """A column as it came out, with the description that stands in the file as its comment."""

    name: str
    type: str
    description: str


@dataclass(frozen=True, slots=True)
class ModelRun:
    """A model that stands in the build.  `computed` is False where its fingerprint stood and nothing was done."""

    model: str
    rows: int
    columns: tuple[BuiltColumn, ...]
    sample: tuple[Mapping[str, str], ...]
    seconds: float
    computed: bool

    @property
    def markdown(self) -> str:
        """The sample as a Markdown table."""
        return as_markdown([c.name for c in self.columns], self.sample)


@dataclass(frozen=True, slots=True)
class CheckRun:
    """How many rows break a check, and some of them."""

    check: Check
    failed: int
    sample: tuple[Mapping[str, str], ...]
    seconds: float

    @property
    def passed(self) -> bool:
        return self.failed == 0

    @property
    def markdown(self) -> str:
        return as_markdown(list(self.sample[0]) if self.sample else [], self.sample)


class Build:
    """The build of one warehouse folder, held from `with` to its end.

    Raises BuildBusyError where another process holds it longer than `timeout` seconds.
    """

    def __init__(self, settings: Settings, models: Iterable[Model], *, timeout: float = 60.0) -> None:
        self.settings = settings
        self.models: Mapping[str, Model] = {m.full_name: m for m in models}
        self._timeout = timeout
        self._lock: BaseFileLock | None = None
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._fingerprints: dict[str, str] = {}
        self._descriptions: dict[str, dict[str, str]] = {}

    @property
    def path(self) -> Path:
        return self.settings.stage / "build.duckdb"

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The open connection.  Raises RuntimeError outside of `with`."""
        if self._connection is None:
            raise RuntimeError("The build is not open: use it in a `with` statement.")
        return self._connection

    def __enter__(self) -> Build:
        from filelock import FileLock, Timeout

        self.settings.stage.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.settings.stage / ".build.lock", timeout=self._timeout)
        try:
            lock.acquire()
        except Timeout:
            raise BuildBusyError(
                f"Another process has been building in {self.settings.stage} for more than {self._timeout:.0f} s. "
                "Wait for it, or end it."
            ) from None
        self._lock = lock
        try:
            self._connection = self._connect()
            self._see_stage()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file and gives the lock back; may be called again."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    # --------------------------------------------------------------------------------------------- models

    def run_all(self) -> tuple[ModelRun, ...]:
        """Every model in order; those whose fingerprint stands are left as they are."""
        return tuple(self.run_model(model) for model in self.models.values())

    def run_model(self, model: Model | str, *, again: bool = False) -> ModelRun:
        """Makes the table of one model; `again` computes it even where its fingerprint stands.

        Raises ModelError where the SQL does not run, a column has no description, or a contract is broken.
        """
        started = time.perf_counter()
        model = self.models[model] if isinstance(model, str) else model
        fingerprint = self.fingerprint(model.full_name)
        computed = again or self._standing(model.full_name) != fingerprint
        if computed:
            self._make(model, fingerprint)
        columns = self.columns(model.full_name)
        rows = self.rows(model.full_name)
        sample = self._sample(f"SELECT * FROM {model.full_name}")
        return ModelRun(model.full_name, rows, columns, sample, time.perf_counter() - started, computed)

    def run_check(self, check: Check) -> CheckRun:
        """Runs one check over the build.  Raises ModelError where its SQL does not run."""
        import duckdb

        started = time.perf_counter()
        body = check.sql.rstrip().rstrip(";")
        try:
            # one statement where all is well, which is nearly always
            sample = self._sample(f"{body}\n")
            failed = self._count(f"FROM ({body}\n)") if len(sample) == _SAMPLE_ROWS else len(sample)
        except duckdb.Error as error:
            at, fault = check.path or self.models[check.model].path, f"Check {check.sentence!r} does not run: {error}"
            raise ModelError(at, 1, fault, "Mend its SQL.") from error
        return CheckRun(check, failed, sample, time.perf_counter() - started)

    def columns(self, full_name: str) -> tuple[BuiltColumn, ...]:
        """The columns of a table of the build or of the stage, with their descriptions."""
        schema, name = full_name.split(".")
        if schema == STAGE:
            return tuple(BuiltColumn(c.name, c.type, c.description) for c in relation(name).columns)
        said = self._descriptions.get(full_name)
        if said is None:
            found = self.connection.execute(
                "SELECT schema_name || '.' || table_name, column_name, coalesce(comment, '') FROM duckdb_columns() "
                "WHERE database_name = current_database() AND NOT internal"
            ).fetchall()
            for table, column, comment in found:
                self._descriptions.setdefault(table, {})[column] = comment
            said = self._descriptions.get(full_name, {})
        described = self.connection.execute(f'DESCRIBE {schema}."{name}"').fetchall()
        return tuple(BuiltColumn(row[0], row[1], said.get(row[0], "")) for row in described)

    def rows(self, full_name: str) -> int:
        """How many rows a built table has."""
        return self._count(f"FROM {full_name}")

    def fingerprint(self, full_name: str) -> str:
        """What the table of this model, or this relation of the stage, is made of now, as a hash."""
        import duckdb

        if full_name not in self._fingerprints:
            digest = hashlib.sha256(duckdb.__version__.encode())
            if full_name.startswith(f"{STAGE}."):
                path = self._parquet(full_name.split(".")[1])
                digest.update(repr(relation(full_name.split(".")[1])).encode())
                if path.exists():
                    with path.open("rb") as file:
                        digest.update(hashlib.file_digest(file, "sha256").digest())
            else:
                model = self.models[full_name]
                digest.update(model.sql.encode())
                for needed in model.depends_on:
                    digest.update(f"{needed}={self.fingerprint(needed)}".encode())
            self._fingerprints[full_name] = digest.hexdigest()
        return self._fingerprints[full_name]

    def stale(self) -> tuple[str, ...]:
        """The models that were not made from the stage and the SQL as they are now."""
        return tuple(name for name in self.models if self._standing(name) != self.fingerprint(name))

    def content_hash(self, full_name: str) -> str:
        """Hash of the rows of a built table, whatever their order, with its columns and descriptions."""
        found = self.connection.execute("SELECT content FROM main.built WHERE model = ?", [full_name]).fetchone()
        return str(found[0]) if found else ""

    # --------------------------------------------------------------------------------------------- inside

    def _connect(self) -> duckdb.DuckDBPyConnection:
        import duckdb

        config: dict[str, str | bool | int | float | list[str]] = {"storage_compatibility_version": STORAGE_VERSION}
        try:
            connection = duckdb.connect(str(self.path), config=config)
        except duckdb.Error:
            # Killed while it was written, or left by another version: nothing is lost, all of it can be made again.
            for left in self.path.parent.glob(f"{self.path.name}*"):
                left.unlink()
            connection = duckdb.connect(str(self.path), config=config)
        connection.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")
        if sum(p.stat().st_size for p in self.settings.stage.glob("*.parquet")) < _SMALL:
            connection.execute("SET threads = 1")  # handing so little to several costs more than it saves
        connection.execute(
            "CREATE TABLE IF NOT EXISTS main.built (model VARCHAR, fingerprint VARCHAR, content VARCHAR)"
        )
        for schema in sorted({m.schema for m in self.models.values()}):
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        return connection

    def _see_stage(self) -> None:
        """The stage as schema `stage`: views over the files, in memory, so that no path stays in the build."""
        statements = [f"ATTACH ':memory:' AS {STAGE}"]
        for known in RELATIONS:
            path = self._parquet(known.name)
            if path.exists():
                columns = ", ".join(f'"{c.name}"::{c.type} AS "{c.name}"' for c in known.columns)
                source = f"SELECT {columns} FROM read_parquet({quoted(str(path))})"
                statements.append(f"CREATE VIEW {STAGE}.{known.name} AS {source}")
            else:
                columns = ", ".join(f'"{c.name}" {c.type}' for c in known.columns)
                statements.append(f"CREATE TABLE {STAGE}.{known.name} ({columns})")
        self.connection.execute(";".join(statements))

    def _parquet(self, name: str) -> Path:
        return self.settings.stage / f"{name}.parquet"

    def _standing(self, full_name: str) -> str | None:
        found = self.connection.execute("SELECT fingerprint FROM main.built WHERE model = ?", [full_name]).fetchone()
        return None if found is None else str(found[0])

    def _make(self, model: Model, fingerprint: str) -> None:
        import duckdb

        run = self.connection.execute
        body = model.sql.rstrip().rstrip(";")
        run("BEGIN")
        try:
            run("DELETE FROM main.built WHERE model = ?", [model.full_name])
            # what people page through stands in the order of its key
            order = f" ORDER BY {', '.join(model.key)}" if model.schema == MARTS else ""
            self._descriptions[model.full_name] = {}
            run(f"CREATE OR REPLACE TABLE {model.full_name} AS SELECT * FROM ({body}\n){order}")
            self._comment(model)
            run("INSERT INTO main.built VALUES (?, ?, ?)", [model.full_name, fingerprint, self._content(model)])
            run("COMMIT")
        except duckdb.Error as error:
            self._undo()
            raise ModelError(model.path, 1, f"The model does not run: {error}", "Mend the SQL.") from error
        except BaseException:
            self._undo()
            raise

    def _undo(self) -> None:
        self._descriptions.clear()
        quietly(self.connection, "ROLLBACK")  # a COMMIT that failed has left no transaction open

    def _comment(self, model: Model) -> None:
        """Writes descriptions into the file, and holds the columns to their contract."""
        out = {c.name: c for c in self.columns(model.full_name)}
        said = {c.name: c for c in model.columns}
        for name in (*said, *model.key):
            if name not in out:
                fault = f"The header describes {name!r}, which the SELECT does not give."
                raise ModelError(model.path, 1, fault, "Take the line out or give the column.")
        inherited: dict[str, str] = {}
        if out.keys() - said.keys():
            for needed in model.depends_on:
                for column in self.columns(needed):
                    inherited.setdefault(column.name, column.description)
        comments = [f"COMMENT ON TABLE {model.full_name} IS {quoted(model.description)}"]
        for name, column in out.items():
            own = said.get(name)
            if own is not None and own.type is not None and own.type != column.type:
                fault = f"Column {name!r} is {column.type}, and its contract says {own.type}."
                raise ModelError(model.path, 1, fault, "Cast it in the SELECT, or change the contract.")
            description = own.description if own is not None else inherited.get(name)
            if not description:
                fault = f"Column {name!r} has no description, and none that it could inherit."
                raise ModelError(model.path, 1, fault, f"Add `--   {name}: description [unit]` below `-- columns:`.")
            self._descriptions[model.full_name][name] = description
            comments.append(f'COMMENT ON COLUMN {model.full_name}."{name}" IS {quoted(description)}')
        self.connection.execute(";".join(comments))

    def _content(self, model: Model) -> str:
        """Sum and exclusive or of the row hashes: order does not matter, a row more or less does."""
        found = self.connection.execute(
            f"SELECT count(*), sum(hash(t)::HUGEINT), bit_xor(hash(t)) FROM {model.full_name} AS t"
        ).fetchone()
        return hashlib.sha256(repr((found, model.description, self.columns(model.full_name))).encode()).hexdigest()

    def _count(self, source: str) -> int:
        found = self.connection.execute(f"SELECT count(*) {source}").fetchone()
        return int(found[0]) if found else 0

    def _sample(self, query: str) -> tuple[Mapping[str, str], ...]:
        cursor = self.connection.execute(f"SELECT * FROM ({query}) LIMIT {_SAMPLE_ROWS}")
        names = [d[0] for d in cursor.description or ()]
        return tuple(dict(zip(names, map(_short, row), strict=True)) for row in cursor.fetchall())


def quietly(connection: duckdb.DuckDBPyConnection, statement: str) -> None:
    """Cleans up after an error, which what fails here must not hide."""
    import duckdb

    with contextlib.suppress(duckdb.Error):
        connection.execute(statement)


def as_markdown(names: list[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Rows as a Markdown table; nothing inside a value is taken for more than its characters."""
    if not names:
        return "(no rows)"

    def line(values: Iterable[str]) -> str:
        return "| " + " | ".join(escape_markdown(v) for v in values) + " |"

    return "\n".join([line(names), "|" + " --- |" * len(names), *(line(row[n] for n in names) for row in rows)])


def _short(value: Any) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= _SAMPLE_TEXT else text[: _SAMPLE_TEXT - 1] + "…"


def quoted(text: str) -> str:
    """The text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"
