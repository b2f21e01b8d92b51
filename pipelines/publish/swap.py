"""Audit and publication: the only place that puts a file where people read.

What belongs here: holding the build to what must be true, copying it to a fresh file, moving that into place.  What
never: opening the published file for writing.  Readers keep the file that they have open; the next one to open gets
the new one; nobody sees half.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.publish.build import STORAGE_VERSION, Build, CheckRun, quietly, quoted
from pipelines.publish.models import Macro, load_macros
from pipelines.settings import Settings

if TYPE_CHECKING:
    import duckdb

#: What DuckDB may leave beside a file that was opened for writing; stale beside a new file, they would be replayed.
_BESIDE = (".wal", ".wal.checkpoint", ".wal.recovery", ".checkpoint.wal", ".recovery.wal")

#: Empty space that may be published along: blocks of 256 KiB, and the share of all of them.
_SPARE_BLOCKS, _SPARE = 16, 0.25

_META = {
    "build.built_at": "when the file was made [UTC]",
    "build.content_hash": "hash of all rows and descriptions; equal for equal content",
    "build.duckdb_version": "version of DuckDB that wrote it",
    "build.storage_version": "oldest version of DuckDB that opens it",
    "tables.schema_name": "schema",
    "tables.table_name": "table",
    "tables.key": "columns that together occur once",
    "tables.rows": "rows",
    "tables.description": "what a row is",
}


class AuditFailedError(RuntimeError):
    """The build must not be published.  `failures` holds one sentence each; the published file is as it was."""

    def __init__(self, failures: tuple[str, ...]) -> None:
        super().__init__(
            "The warehouse was not published, the old one stays:\n" + "\n".join(f"- {f}" for f in failures)
        )
        self.failures = failures


@dataclass(frozen=True, slots=True)
class Audit:
    """What the audit saw.  `failures` is empty where the build may be published; `warnings` never block."""

    checks: tuple[CheckRun, ...]
    failures: tuple[str, ...]
    warnings: tuple[str, ...]
    content_hash: str


@dataclass(frozen=True, slots=True)
class Published:
    """`swapped` is False where the published file already held this very content, and was left alone."""

    path: Path
    swapped: bool
    content_hash: str
    tables: int
    rows: int
    warnings: tuple[str, ...]
    seconds: float


def audit(build: Build) -> Audit:
    """Runs every check and compares with the published file.  Publishes nothing and raises nothing of its own."""
    failures: list[str] = []
    warnings: list[str] = []
    stale = build.stale()
    failures.extend(f"{name} is not made from the present stage and SQL: run the model." for name in stale)
    runs: list[CheckRun] = []
    for model in build.models.values():
        if model.full_name in stale:
            continue
        for check in model.checks:
            run = build.run_check(check)
            runs.append(run)
            if not run.passed:
                said = f"{model.full_name}: {check.sentence} does not hold, {run.failed} rows break it"
                said += f" (the first: {dict(run.sample[0])})."
                (failures if check.blocking else warnings).append(said)
    before, fault = _row_counts(build.settings.database)
    if fault:
        warnings.append(fault)
    for name, model in build.models.items():
        # that nothing is in quarantine any more is no loss
        if model.schema != "quality" and name not in stale and before.get(name) and not build.rows(name):
            failures.append(f"{name} would be empty, and has {before[name]} rows as published.")
    return Audit(tuple(runs), tuple(failures), tuple(warnings), _content_hash(build))


def publish(build: Build, settings: Settings | None = None) -> Published:
    """Publishes the build to `settings.database` if the audit passes.  Raises AuditFailedError otherwise."""
    started = time.perf_counter()
    settings = settings or build.settings
    audited = audit(build)
    if audited.failures:
        raise AuditFailedError(audited.failures)
    rows = sum(build.rows(name) for name in build.models)
    swapped = published_hash(settings.database) != audited.content_hash or not is_intact(settings.database)
    if swapped:
        fresh = settings.database.with_name(f".{settings.database.name}.{os.getpid()}.unpublished")
        for left in settings.database.parent.glob(f".{settings.database.name}.*.unpublished*"):
            left.unlink()  # the build's lock is ours, so these are of processes that were killed
        try:
            _copy(build, fresh, audited.content_hash)
            _read_whole(fresh, build)
            _sync(fresh)
            checksum = _checksum(fresh)
            _remove_beside(settings.database)
            fresh.replace(settings.database)
            _remove_beside(settings.database)
            _checksum_path(settings.database).write_text(f"{checksum}  {settings.database.name}\n", encoding="ascii")
            _sync(settings.database.parent)
        finally:
            fresh.unlink(missing_ok=True)
    return Published(
        settings.database,
        swapped,
        audited.content_hash,
        len(build.models),
        rows,
        audited.warnings,
        time.perf_counter() - started,
    )


def _copy(build: Build, target: Path, content_hash: str) -> None:
    """Puts every model with its comments into a fresh file, and adds `meta` and the macros.

    The build file is copied as it lies on the disk, which is many times faster than copying tables, unless much of it
    is empty by now or it holds tables of other models: then table by table.
    """
    import duckdb

    build.connection.execute("CHECKPOINT")
    whole = _is_tidy(build)
    if whole:
        shutil.copyfile(build.path, target)
    else:
        _copy_tables(build, target)
    with duckdb.connect(str(target), config={"storage_compatibility_version": STORAGE_VERSION}) as fresh:
        fresh.execute("BEGIN")
        if whole:
            fresh.execute("DROP TABLE main.built")
        for macro in _macros(build):
            fresh.execute(f"CREATE MACRO {macro.full_name}({', '.join(macro.parameters)}) AS TABLE {_body(macro)}")
            fresh.execute(f"COMMENT ON MACRO TABLE {macro.full_name} IS {quoted(_comment(macro))}")
        _add_meta(fresh, build, content_hash)
        fresh.execute("COMMIT")
        fresh.execute("CHECKPOINT")


def _read_whole(fresh: Path, build: Build) -> None:
    """Reads every value once, so that DuckDB checks every block.  Raises AuditFailedError where one has rotted."""
    import duckdb

    try:
        with duckdb.connect(str(fresh), read_only=True) as connection:
            for name in build.models:
                connection.execute(f"SELECT bit_xor(hash(t)) FROM {name} AS t").fetchone()
    except duckdb.Error as error:
        said = f"The build {build.path} is damaged ({str(error).splitlines()[0]}).  Remove it; it is made again."
        raise AuditFailedError((said,)) from error


def _is_tidy(build: Build) -> bool:
    """Whether the build file holds nothing but the models, and little empty space."""
    run = build.connection.execute
    held = run(
        "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE database_name = current_database()"
    ).fetchall()
    if {str(name) for (name,) in held} != {*build.models, "main.built"}:
        return False
    size = run("SELECT free_blocks, total_blocks FROM pragma_database_size() WHERE database_name = current_database()")
    free, total = size.fetchone() or (0, 0)
    return int(free) <= max(_SPARE_BLOCKS, int(total) * _SPARE)


def _copy_tables(build: Build, target: Path) -> None:
    run = build.connection.execute
    run(f"ATTACH {quoted(str(target))} AS fresh (STORAGE_VERSION '{STORAGE_VERSION}')")
    try:
        run("BEGIN")
        for schema in sorted({m.schema for m in build.models.values()}):
            run(f"CREATE SCHEMA fresh.{schema}")
        for name, model in build.models.items():
            run(f"CREATE TABLE fresh.{name} AS SELECT * FROM {name}")
            comments = [f"COMMENT ON TABLE fresh.{name} IS {quoted(model.description)}"]
            for column in build.columns(name):
                comments.append(f'COMMENT ON COLUMN fresh.{name}."{column.name}" IS {quoted(column.description)}')
            run(";".join(comments))
        run("COMMIT")
    except BaseException:
        quietly(build.connection, "ROLLBACK")
        raise
    finally:
        quietly(build.connection, "DETACH fresh")


def _macros(build: Build) -> tuple[Macro, ...]:
    """The macros whose models stand in the build."""
    return tuple(m for m in load_macros(build.settings.sql) if set(m.reads) <= set(build.models))


def _body(macro: Macro) -> str:
    return macro.sql.rstrip().rstrip(";")


def _comment(macro: Macro) -> str:
    """Its description, then a line for each column: a macro has no columns that could have comments of their own."""
    return "\n".join([macro.description, *(f"{names}: {said}" for names, said in macro.columns)])


def _add_meta(fresh: duckdb.DuckDBPyConnection, build: Build, content_hash: str) -> None:
    import duckdb

    run = fresh.execute
    run("CREATE SCHEMA meta")
    run(
        "CREATE TABLE meta.build AS SELECT now()::TIMESTAMP AS built_at, ?::VARCHAR AS content_hash, "
        "?::VARCHAR AS duckdb_version, ?::VARCHAR AS storage_version",
        [content_hash, duckdb.__version__, STORAGE_VERSION],
    )
    run("COMMENT ON TABLE meta.build IS 'When and by what this file was made.'")
    run(
        "CREATE TABLE meta.tables "
        "(schema_name VARCHAR, table_name VARCHAR, key VARCHAR[], rows BIGINT, description VARCHAR)"
    )
    run("COMMENT ON TABLE meta.tables IS 'Every table of this file, with its key and what a row of it is.'")
    run(";".join(f"COMMENT ON COLUMN meta.{name} IS {quoted(said)}" for name, said in _META.items()))
    rows = [[m.schema, m.name, list(m.key), build.rows(name), m.description] for name, m in build.models.items()]
    if rows:
        run(
            f"INSERT INTO meta.tables VALUES {', '.join(['(?, ?, ?, ?, ?)'] * len(rows))}",
            [value for row in rows for value in row],
        )


def _content_hash(build: Build) -> str:
    import duckdb

    digest = hashlib.sha256(f"{duckdb.__version__} {STORAGE_VERSION}".encode())
    for name in sorted(build.models):
        digest.update(f"{name}={build.content_hash(name)}".encode())
    for macro in _macros(build):
        digest.update(f"{macro.full_name}={macro.sql}".encode())
    return digest.hexdigest()


def _row_counts(database: Path) -> tuple[dict[str, int], str]:
    """Rows of each table as published; and a sentence where the published file cannot be read."""
    import duckdb

    if not database.exists():
        return {}, ""
    if is_intact(database) is False:
        return {}, "The bytes of the published file are not those that were published; it is made again."
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            names = connection.execute("SELECT schema_name || '.' || table_name FROM duckdb_tables()").fetchall()
            counts = {}
            for (name,) in names:
                found = connection.execute(f"SELECT count(*) FROM {name}").fetchone()
                counts[str(name)] = int(found[0]) if found else 0
            return counts, ""
    except duckdb.Error as error:
        return {}, f"The published file could not be read, so that nothing was compared with it: {error}"


def published_hash(database: Path) -> str | None:
    """The content hash that the published file says of itself; None where there is none that can be relied on."""
    import duckdb

    if not database.exists():
        return None
    if any(database.with_name(database.name + ending).exists() for ending in _BESIDE):
        return None  # someone wrote into it: publish again, whatever it says of itself
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            found = connection.execute("SELECT content_hash FROM meta.build").fetchone()
            return str(found[0]) if found else None
    except duckdb.Error:
        return None


def is_intact(database: Path) -> bool | None:
    """Whether the published file holds, byte for byte, what was published; None where no checksum stands beside it."""
    try:
        noted = _checksum_path(database).read_text(encoding="ascii", errors="replace").split()
    except OSError:
        return None
    try:
        return bool(noted) and noted[0] == _checksum(database)
    except OSError:
        return False


def _checksum_path(database: Path) -> Path:
    """A file that `sha256sum -c` understands."""
    return database.with_name("published.sha256")


def _checksum(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _remove_beside(database: Path) -> None:
    for ending in _BESIDE:
        database.with_name(database.name + ending).unlink(missing_ok=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
