"""`talent` as a person meets it: what it prints, where it looks, how it exits, what it says when something is wrong."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipelines import settings as settings_module
from pipelines.cli import main, parser
from pipelines.settings import Settings

COMMANDS = ("refresh", "fetch", "verify", "import", "sql", "explain", "trace", "export", "series", "ui")


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    """A folder with a small published warehouse; no refresh is needed to ask it."""
    folder = tmp_path / "warehouse"
    folder.mkdir()
    with duckdb.connect(str(folder / "talent.duckdb")) as connection:
        connection.execute("create schema marts")
        connection.execute("create table marts.years as select 2020 + i as year, 'x' || i as label from range(3) t(i)")
        connection.execute(f"create table marts.long as select repeat('語', 200) as text, {list(range(90))} as many")
    return folder


def run(*arguments: str | Path) -> int:
    return main([str(a) for a in arguments])


def test_help_explains_the_commands_and_the_folders(capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 0
    said = capsys.readouterr().out
    for word in (*COMMANDS, "TALENT_RAW", "TALENT_WAREHOUSE", "--raw", "--warehouse"):
        assert word in said


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        run(command, "--help")
    assert left.value.code == 0
    assert len(capsys.readouterr().out.splitlines()) > 8


def test_the_query_that_the_help_gives_for_unclaimed_tables_finds_them(
    bundled: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SystemExit):
        run("series", "--help")
    query = re.search(r'talent sql "(select .+)"', capsys.readouterr().out)
    assert query is not None
    with duckdb.connect(str(bundled.database), read_only=True) as connection:
        assert connection.execute("select count(*) from core.tables where series = 'unclaimed'").fetchone() == (
            len(connection.execute(query[1]).fetchall()),
        )


@pytest.mark.parametrize(
    "arguments", [["--raw", "a", "--warehouse", "b", "refresh"], ["refresh", "--raw", "a", "--warehouse", "b"]]
)
def test_the_folders_are_taken_before_and_after_the_command(arguments: list[str]) -> None:
    read = parser().parse_args(arguments)
    assert (read.raw, read.warehouse) == (Path("a"), Path("b"))


def test_an_option_goes_before_the_environment_and_folders_are_created(tmp_path: Path) -> None:
    environment = {"TALENT_RAW": str(tmp_path / "from-env"), "TALENT_WAREHOUSE": str(tmp_path / "w")}
    settings = settings_module.load(environment, raw=tmp_path / "said")
    assert (settings.raw, settings.warehouse) == (tmp_path / "said", tmp_path / "w")
    assert settings.raw.is_dir()
    assert settings.warehouse.is_dir()
    assert not (tmp_path / "from-env").exists()


def test_import_copies_and_keeps_equal_names_with_other_bytes_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder, text in (("a", "one"), ("b", "two"), ("c", "one")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "release.txt").write_text(text)
    raw = tmp_path / "raw"
    files = [tmp_path / folder / "release.txt" for folder in "abc"]
    assert run("import", *files, "--raw", raw, "--warehouse", tmp_path / "w") == 0
    assert "2 accepted, 1 known already, 0 refused" in capsys.readouterr().out
    kept = list((raw / "dropped").rglob("*.txt"))
    assert sorted(p.read_text() for p in kept) == ["one", "two"]
    assert all(f.exists() for f in files)


def test_import_takes_a_folder_of_documents(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    for number in range(60):
        (tmp_path / "in" / "deep" / f"{number}.txt").write_text(str(number))
    assert run("import", tmp_path / "in", "--raw", tmp_path / "raw", "--warehouse", tmp_path / "w") == 0
    told = capsys.readouterr()
    assert "60 accepted" in told.out
    assert "60 of 60" in told.err


def test_import_of_what_is_not_there_names_it_and_imports_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "there.txt").write_text("x")
    arguments = ["import", tmp_path / "there.txt", tmp_path / "gone.txt", "--raw", tmp_path / "raw"]
    assert run(*arguments, "--warehouse", tmp_path / "w") == 1
    assert "gone.txt: there is no such file" in capsys.readouterr().err
    assert not (tmp_path / "raw" / "dropped").exists()


def test_a_query_prints_a_table(warehouse: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("sql", "from marts.years order by year", "--warehouse", warehouse) == 0
    said = capsys.readouterr().out
    assert "label" in said
    assert said.index("2020") < said.index("2022")


def test_several_statements_print_several_tables(warehouse: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("sql", "select 'first' as a; select 'se;cond' as b;", "--warehouse", warehouse) == 0
    said = capsys.readouterr().out
    assert "first" in said
    assert "se;cond" in said


def test_queries_are_read_from_standard_input(
    warehouse: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("select max(year) as newest\nfrom marts.years;\n"))
    assert run("sql", "--csv", "--warehouse", warehouse) == 0
    assert capsys.readouterr().out.splitlines() == ["newest", "2022"]


def test_long_values_are_shortened_unless_asked_in_full(warehouse: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("sql", "from marts.long", "--warehouse", warehouse) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) < 160
    assert run("sql", "from marts.long", "--full", "--warehouse", warehouse) == 0
    assert "語" * 200 in capsys.readouterr().out


def test_the_session_is_read_only(warehouse: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (warehouse / "talent.duckdb").read_bytes()
    assert run("sql", "drop table marts.years", "--warehouse", warehouse) == 1
    assert "read-only" in capsys.readouterr().err
    assert (warehouse / "talent.duckdb").read_bytes() == before


def test_a_wrong_query_is_told_in_words_and_exits_with_1(warehouse: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("sql", "from marts.yeers", "--warehouse", warehouse) == 1
    said = capsys.readouterr().err
    assert "yeers" in said
    assert "Traceback" not in said


def test_a_typed_session_runs_each_statement_at_its_semicolon(
    warehouse: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = iter([".tables", "select 'typed' as a,", "  42 as b;", "from nowhere;", "select 'after' as c;", ".quit"])
    monkeypatch.setattr("builtins.input", lambda prompt: next(lines))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    assert run("sql", "--warehouse", warehouse) == 0
    told = capsys.readouterr()
    for word in ("marts.years", "typed", "42", "after"):
        assert word in told.out
    assert "nowhere" in told.err


def test_without_a_warehouse_the_way_to_one_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("sql", "select 1", "--warehouse", tmp_path) == 1
    assert "talent refresh" in capsys.readouterr().err


def test_explaining_an_unknown_table_says_how_to_list_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("explain", "0123456789abcdef-t000", "--warehouse", tmp_path) == 1
    assert "core.tables" in capsys.readouterr().err


def test_a_wrong_setting_is_told_without_a_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TALENT_WORKERS", "many")
    assert run("sql", "select 1", "--warehouse", tmp_path) == 1
    assert "TALENT_WORKERS must be a whole number" in capsys.readouterr().err


def test_a_port_that_is_taken_is_told_before_anything_starts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert run("ui", "--port", str(port), "--raw", tmp_path / "r", "--warehouse", tmp_path / "w") == 1
    assert f"Port {port}" in capsys.readouterr().err


def test_python_m_pipelines_is_talent() -> None:
    done = subprocess.run([sys.executable, "-m", "pipelines", "--help"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("usage: talent")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["trace", "marts.qmas_by_year", "--where", "yeer = 2020"], "yeer"),
        (["trace", "marts.nothing"], "Marts are"),
        (["trace", "marts.qmas_by_year", "--where", "year = 1066"], "No row of marts.qmas_by_year meets"),
        (["explain", "a1719a004d9b3275"], "which one?"),
        (["series", "new", "a1719a004d9b3275-t000", "Not A Name"], "is no name for a series"),
        (["series", "new", "a1719a004d9b3275-t000", "qmas_by_year"], "there already"),
        (["series", "new", "ffff", "new_series"], "core.tables"),
    ],
)
def test_what_cannot_be_done_is_told_in_words_and_exits_with_1(
    arguments: list[str], said: str, bundled: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments, "--raw", bundled.raw, "--warehouse", bundled.warehouse) == 1
    told = capsys.readouterr()
    assert said in told.err
    assert "Traceback" not in told.err


@pytest.mark.parametrize("command", [["trace", "marts.qmas_by_year"], ["export"], ["sql", "select 1"]])
def test_every_command_that_asks_the_warehouse_says_how_to_make_one(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*command, "--warehouse", tmp_path / "none") == 1
    assert "talent refresh" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["refrsh"], ["sql", "a", "b"], ["series", "old", "a", "b"], ["trace"]])
def test_wrong_arguments_exit_with_2_and_show_the_usage(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        run(*arguments)
    assert left.value.code == 2
    assert "usage: talent" in capsys.readouterr().err
