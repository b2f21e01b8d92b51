"""Publication: whole or not at all, under the eyes of readers."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from contextlib import AbstractContextManager
from pathlib import Path

import duckdb
import pytest

from pipelines.faults import describe_fault
from pipelines.publish.build import Build, BuildBusyError
from pipelines.publish.swap import AuditFailedError, publish
from pipelines.settings import PROJECT
from tests.publish.making import Figure, Made, all_models, built, document, settings, stage, year


def releases(value: str) -> list[Made]:
    return [document("a", [Figure("qmas_by_year", "quotas_allotted", value, year(2020))])]


def small(folder: Path, value: str) -> AbstractContextManager[Build]:
    """A build of one mart and what it needs."""
    return built(folder, releases(value), "marts.qmas_by_year")


def read(path: Path) -> object:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute("SELECT quotas_allotted FROM marts.qmas_by_year").fetchone()


READER = """
import sys, time, duckdb
path, until = sys.argv[1], time.time() + float(sys.argv[2])
seen = 0
print("reading", flush=True)
while time.time() < until:
    with duckdb.connect(path, read_only=True) as c:
        rows = c.execute("SELECT year, quotas_allotted, len(sources) FROM marts.qmas_by_year").fetchall()
        assert len(rows) == 1 and rows[0][2] == 1, rows
        seen += 1
print(seen)
"""


def test_readers_see_whole_files_while_others_are_published(tmp_path: Path) -> None:
    with small(tmp_path, "1") as build:
        publish(build)
    command = [sys.executable, "-c", READER, str(tmp_path / "talent.duckdb"), "6"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as reader:
        assert reader.stdout is not None and reader.stdout.readline() == "reading\n"
        swaps = 0
        while reader.poll() is None and swaps < 6:
            with small(tmp_path, str(10 + swaps)) as build:
                swaps += publish(build).swapped
        out, faults = reader.communicate(timeout=60)
    assert faults == "" and reader.returncode == 0
    assert swaps >= 2 and int(out) > 10


def test_a_reader_in_the_same_process_keeps_the_file_that_it_opened(tmp_path: Path) -> None:
    with small(tmp_path, "1") as build:
        publish(build)
    held = duckdb.connect(str(tmp_path / "talent.duckdb"), read_only=True)
    with small(tmp_path, "2") as build:
        publish(build)
    assert held.execute("SELECT quotas_allotted FROM marts.qmas_by_year").fetchone() == (1,)
    held.close()
    assert read(tmp_path / "talent.duckdb") == (2,)


def test_publishing_the_same_content_again_changes_nothing(tmp_path: Path) -> None:
    with small(tmp_path, "1") as build:
        first = publish(build)
        again = publish(build)
    before = (tmp_path / "talent.duckdb").stat()
    with small(tmp_path, "1") as build:
        assert not any(run.computed for run in build.run_all())
        third = publish(build)
    assert (first.swapped, again.swapped, third.swapped) == (True, False, False)
    assert first.content_hash == again.content_hash == third.content_hash
    after = (tmp_path / "talent.duckdb").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_build_from_nothing_has_the_same_content(tmp_path: Path) -> None:
    hashes = set()
    for folder in ("one", "two"):
        with small(tmp_path / folder, "1") as build:
            hashes.add(publish(build).content_hash)
    assert len(hashes) == 1
    with small(tmp_path / "three", "2") as build:
        assert publish(build).content_hash not in hashes


def test_a_write_ahead_log_left_beside_the_warehouse_is_not_replayed_into_the_new_one(tmp_path: Path) -> None:
    with small(tmp_path, "1") as build:
        publish(build)
    database = tmp_path / "talent.duckdb"
    writer = (
        "import duckdb, os, sys; c = duckdb.connect(sys.argv[1]); "
        "c.execute('DELETE FROM marts.qmas_by_year'); c.execute('CREATE TABLE main.stray (a INTEGER)'); os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", writer, str(database)], check=False).returncode == 9
    assert list(tmp_path.glob("talent.duckdb.*wal*"))
    with small(tmp_path, "1") as build:
        assert publish(build).swapped
    assert not list(tmp_path.glob("talent.duckdb.*"))
    assert read(database) == (1,)
    with duckdb.connect(str(database), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'stray'").fetchone() == (0,)


KILLED = """
import os, sys
from pathlib import Path
from pipelines.publish import swap
from pipelines.publish.build import Build
from tests.publish.making import models_for, settings
where = settings(Path(sys.argv[1]))
real = swap._sync
with Build(where, models_for("marts.qmas_by_year")) as build:
    build.run_all()
    if sys.argv[2] == "after the copy":
        swap._sync = lambda path: os._exit(9)
        swap.publish(build)
    build.connection.execute("BEGIN")
    build.connection.execute("CREATE OR REPLACE TABLE marts.qmas_by_year AS SELECT 1 AS half")
    os._exit(9)
"""


@pytest.mark.parametrize("moment", ["after the copy", "in the middle of a model"])
def test_a_kill_leaves_the_old_warehouse_and_the_next_run_completes(tmp_path: Path, moment: str) -> None:
    with small(tmp_path, "1") as build:
        publish(build)
    stage(settings(tmp_path), releases("2"))
    killed = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), moment], check=False, cwd=PROJECT)
    assert killed.returncode == 9
    assert read(tmp_path / "talent.duckdb") == (1,)
    with small(tmp_path, "2") as build:
        assert publish(build).swapped
    assert read(tmp_path / "talent.duckdb") == (2,)
    assert not list(tmp_path.glob(".talent.duckdb*"))


def test_a_build_file_that_is_damaged_is_made_anew(tmp_path: Path) -> None:
    where = settings(tmp_path)
    where.stage.mkdir(parents=True)
    (where.stage / "build.duckdb").write_bytes(b"not a database" * 1000)
    with small(tmp_path, "1") as build:
        assert publish(build).swapped


def test_a_published_file_that_is_damaged_is_replaced_with_a_warning(tmp_path: Path) -> None:
    (tmp_path / "talent.duckdb").write_bytes(b"not a database" * 1000)
    with small(tmp_path, "1") as build:
        published = publish(build)
    assert published.swapped and "could not be read" in published.warnings[0]
    assert read(tmp_path / "talent.duckdb") == (1,)


def test_a_published_file_in_which_one_byte_rotted_is_published_anew(tmp_path: Path) -> None:
    with small(tmp_path, "1") as build:
        publish(build)
    path = tmp_path / "talent.duckdb"
    whole = path.read_bytes()
    for at in (len(whole) // 3, len(whole) - 5):
        rotten = bytearray(whole)
        rotten[at] ^= 0x40
        path.write_bytes(bytes(rotten))
        with small(tmp_path, "1") as build:
            published = publish(build)
        assert published.swapped
        assert "not those that were published" in published.warnings[0]
        assert read(path) == (1,)
    with small(tmp_path, "1") as build:
        assert not publish(build).swapped


def test_a_folder_in_place_of_the_published_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "talent.duckdb").mkdir()
    with small(tmp_path, "1") as build, pytest.raises(OSError, match="directory") as error:
        publish(build)
    assert f"({tmp_path / 'talent.duckdb'})" in describe_fault(error.value)
    assert not list(tmp_path.glob(".talent.duckdb.*"))


def test_a_build_that_rotted_is_made_anew_or_declined_and_never_published(tmp_path: Path) -> None:
    with small(tmp_path, "1") as build:
        publish(build)
        build.connection.execute("CHECKPOINT")
        path = build.path
    (tmp_path / "talent.duckdb").unlink()
    data = bytearray(path.read_bytes())
    for at in range(12_288 + 8, len(data), 4_096):
        data[at] ^= 0xFF
    path.write_bytes(bytes(data))
    try:
        with small(tmp_path, "1") as build:
            publish(build)
    except (AuditFailedError, duckdb.Error):
        assert not (tmp_path / "talent.duckdb").exists()
    else:
        assert read(tmp_path / "talent.duckdb") == (1,)


def test_a_second_build_waits_and_then_says_who_it_waits_for(tmp_path: Path) -> None:
    refused: list[BaseException] = []

    def other() -> None:
        try:
            with Build(settings(tmp_path), all_models(), timeout=0.2):
                pass
        except BuildBusyError as error:
            refused.append(error)

    with Build(settings(tmp_path), all_models()):
        thread = threading.Thread(target=other)
        started = time.monotonic()
        thread.start()
        thread.join(30)
    assert len(refused) == 1 and time.monotonic() - started < 20


def test_the_published_file_holds_no_path_of_the_stage_and_keeps_the_old_storage(tmp_path: Path) -> None:
    with built(tmp_path, releases("1")) as build:
        publish(build)
    moved = tmp_path / "elsewhere.duckdb"
    (tmp_path / "talent.duckdb").rename(moved)
    for left in (tmp_path / "stage").glob("*"):
        left.unlink()
    with duckdb.connect(str(moved), read_only=True) as connection:
        run = connection.execute
        assert run("SELECT count(*) FROM duckdb_views() WHERE NOT internal").fetchone() == (0,)
        tags = run("SELECT tags FROM duckdb_databases() WHERE database_name = 'elsewhere'").fetchone()
        assert tags is not None and tags[0]["storage_version"].startswith("v1.4.0")
        undescribed = run(
            "SELECT schema_name, table_name, column_name FROM duckdb_columns() "
            "WHERE NOT internal AND schema_name <> 'meta' AND coalesce(comment, '') = ''"
        ).fetchall()
        assert undescribed == []
        assert run("SELECT sum(quotas_allotted) FROM marts.qmas_by_year").fetchone() == (1,)
