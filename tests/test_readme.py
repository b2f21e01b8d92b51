"""The README does not drift: its commands run as they stand there, and what it names exists."""

from __future__ import annotations

import io
import re
import shlex
import subprocess
from pathlib import Path

import duckdb
import pytest

from pipelines.cli import main, parser
from pipelines.settings import PROJECT, Settings

README = (PROJECT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)
COMMANDS = [line for kind, block in BLOCKS if not kind for line in block.splitlines() if line.startswith("talent ")]
SNIPPETS = [block for kind, block in BLOCKS if kind == "python"]
#: What a test of its own runs: they change the folders, or do not end by themselves.
ELSEWHERE = ("talent refresh", "talent import FILE...", "talent ui")


@pytest.fixture
def at_home(bundled: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder from which the README's relative paths lead to the bundled warehouse and the project's files."""
    (tmp_path / "warehouse").symlink_to(bundled.warehouse)
    (tmp_path / "sql").symlink_to(PROJECT / "sql")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TALENT_RAW", str(bundled.raw))
    monkeypatch.setenv("TALENT_WAREHOUSE", str(bundled.warehouse))
    return tmp_path


def test_there_are_commands_to_try() -> None:
    assert len([c for c in COMMANDS if c not in ELSEWHERE]) >= 8
    assert set(ELSEWHERE) <= set(COMMANDS)
    assert SNIPPETS


@pytest.mark.parametrize("line", [c for c in COMMANDS if c not in ELSEWHERE])
def test_a_command_of_the_tour_runs_as_it_stands(
    line: str, at_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    command, _, given = line.partition(" < ")
    if given:
        monkeypatch.setattr("sys.stdin", io.StringIO((at_home / given).read_text(encoding="utf-8")))
    assert main(shlex.split(command)[1:]) == 0
    said = capsys.readouterr()
    assert said.out.strip(), said.err


def test_the_tour_leads_to_the_published_figure_and_to_pictures_of_its_cells(
    at_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (line,) = (c for c in COMMANDS if c.startswith("talent trace"))
    assert main(shlex.split(line)[1:]) == 0
    said = capsys.readouterr().out
    assert "3 966" in said and "proved" in said and "36 689 = " in said
    written = list((at_home / "trace").iterdir())
    pictures = [p for p in written if p.suffix == ".png"]
    assert pictures and all(p.read_bytes().startswith(b"\x89PNG") for p in pictures)
    excerpts = [p.read_text(encoding="utf-8") for p in written if p.suffix == ".txt" and p.name != "trace.txt"]
    assert any("«3 966»" in text for text in excerpts)


def test_the_walk_through_of_one_release_is_what_the_warehouse_holds(bundled: Settings) -> None:
    """pipelines/README.md follows one figure; what it names is asked for."""
    walk = (PROJECT / "pipelines" / "README.md").read_text(encoding="utf-8").partition("## One release, walked")[2]
    walk = walk.partition("\n## ")[0]
    (document,) = set(re.findall(r"\b[0-9a-f]{16}\b", walk))

    with duckdb.connect(str(bundled.database), read_only=True) as connection:

        def ask(query: str) -> tuple[object, ...]:
            return tuple(connection.execute(query, [document]).fetchall()[0])

        tables, cells = ask("select n_tables, n_cells from staging.documents where document_id = ?")
        assert f"{tables} tables of {cells} cells" in walk
        proved, _ = ask(
            "select n_figures, verdict from core.tables where table_id = ? || '-t000' and verdict = 'proved'"
        )
        assert f"All {proved} figures of the table" in " ".join(walk.split())
        (observations,) = ask("select count(*) from core.observations where document_id = ?")
        (ignored,) = ask("select count(*) from quality.fates where fate = 'ignored' and document_id = ?")
        assert f"{observations} observations; the other {ignored}" in " ".join(walk.split())
        text, place = ask("select text, place from staging.cells where cell_id = ? || '-t000-r015c002'")
        assert (str(text).replace("\xa0", " "), str(place)[-17:]) == ("1 709", "tbody/tr[16]/td[3]"[-17:])
    for query in re.findall(r'`talent sql "(.+?)"`', walk):
        with duckdb.connect(str(bundled.database), read_only=True) as connection:
            assert connection.execute(query).fetchall()


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_the_python_snippet_runs(snippet: str, at_home: Path) -> None:
    names: dict[str, object] = {}
    exec(snippet, names)
    assert (2020, 1709) in names["years"]  # type: ignore[operator]


def test_every_command_of_talent_stands_in_the_readme_and_the_other_way_round() -> None:
    (commands,) = (a.choices for a in parser()._actions if a.dest == "command")
    assert commands is not None
    listed = re.findall(r"^\| `talent (\w+)", README, flags=re.MULTILINE)
    assert sorted(listed) == sorted(commands)


def test_every_file_that_the_readme_links_to_is_there() -> None:
    links = [link for link in re.findall(r"\]\(([^)]+)\)", README) if "://" not in link]
    assert links
    assert [link for link in links if not (PROJECT / link).exists()] == []


def test_the_make_commands_of_the_readme_exist_and_ci_calls_the_test_command() -> None:
    named = set(re.findall(r"^make ([\w-]+)", "\n".join(block for _, block in BLOCKS), flags=re.MULTILINE))
    named |= set(re.findall(r"`make ([\w-]+)`", README))
    assert {"run", "test", "ui"} <= named
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    assert named <= set(re.findall(r"^([\w-]+):", makefile, flags=re.MULTILINE))
    ci = (PROJECT / ".ci" / "run").read_text(encoding="utf-8")
    assert [line for line in ci.splitlines() if line and not line.startswith("#")][-1] == "make test"


def test_make_test_runs_lint_types_and_tests() -> None:
    done = subprocess.run(
        ["make", "--dry-run", "--always-make", "test"], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    for tool in ("ruff check", "ruff format --check", "mypy", "pytest"):
        assert tool in done.stdout
