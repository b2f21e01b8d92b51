"""Imports run one way: capture ← read ← prove ← shape ← check ← publish ← orchestration, and a library without Dagster.

The graph is walked with `ast`, so that an import inside a function counts too.  The second half of this file breaks
the rules in a copy of the tree and asks that each break is seen: a check that cannot fail would be no check.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.orchestration.fingerprint import imports_of

ROOT = Path(__file__).resolve().parent.parent / "pipelines"
ROOMS = ("capture", "read", "prove", "shape", "check", "publish", "orchestration")
LIBRARY = ROOMS[:-1]
BESIDE = {"model": set(), "settings": {"model"}, "cards": {"model"}, "escaping": set(), "faults": set()}
"""Modules beside the rooms, and what of the project they may import."""
MAY_USE_CARDS = {"shape", "check", "publish", "orchestration"}
ENTRANCES = {"cli", "console", "definitions", "__main__", "__init__"}
"""Doors to the outside: they may import any room; no room may import them."""


def part_of(relative: Path) -> str:
    return relative.parts[0].removesuffix(".py")


def violations(root: Path) -> list[str]:
    """Every import of the tree under `root` (a package called pipelines) that runs the wrong way, as a sentence."""
    wrong = []
    for path in sorted(root.rglob("*.py")):
        relative = path.relative_to(root)
        part = part_of(relative)
        if part not in {*ROOMS, *BESIDE, *ENTRANCES}:
            wrong.append(f"{relative}: no rule says what it may import")
            continue
        package = ".".join(("pipelines", *relative.parts[:-1]))
        for name in sorted(imports_of(path.read_text(encoding="utf-8"), package)):
            top, *rest = name.split(".")
            if top.startswith("dagster") and part in {*LIBRARY, *BESIDE}:
                wrong.append(f"{relative} imports {name}: only orchestration and the entrances know Dagster")
            if top != "pipelines" or part in ENTRANCES:
                continue
            target = rest[0] if rest else ""
            if not allowed(part, target):
                wrong.append(f"{relative} imports {name}: {part} may not know of {target or 'the whole package'}")
    return wrong


def allowed(part: str, target: str) -> bool:
    if part == target:
        return True
    if part in BESIDE:
        return target in BESIDE[part]
    if target in ROOMS:
        return ROOMS.index(target) < ROOMS.index(part)
    if target == "cards":
        return part in MAY_USE_CARDS
    return target in BESIDE


def test_imports_run_one_way_and_the_library_never_imports_dagster() -> None:
    assert violations(ROOT) == []


def test_every_room_is_there_so_that_a_renamed_room_does_not_slip_through() -> None:
    assert [room for room in ROOMS if not (ROOT / room / "__init__.py").is_file()] == []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("read/a.py", "from pipelines.prove import prove_document\n"),
        ("read/a.py", "def f():\n    import pipelines.prove.numbers\n"),
        ("read/deep/a.py", "from ...shape import shape_document\n"),
        ("read/a.py", "from .. import publish\n"),
        ("prove/a.py", "from pipelines import cards\n"),
        ("prove/a.py", "from pipelines import *\n"),
        ("shape/a.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from pipelines.check import suites\n"),
        ("check/a.py", "import importlib\nimportlib.import_module('pipelines.publish')\n"),
        ("publish/a.py", "from pipelines.orchestration import cache\n"),
        ("publish/a.py", "def f():\n    import dagster as dg\n"),
        ("capture/a.py", "from dagster._core.errors import DagsterError\n"),
        ("check/a.py", "import dagster_graphql\n"),
        ("model.py", "from pipelines.read import read_document\n"),
        ("cards/a.py", "from pipelines.shape import x\n"),
        ("orchestration/a.py", "from pipelines.cli import main\n"),
        ("newroom/a.py", "import json\n"),
    ],
)
def test_an_import_that_runs_the_wrong_way_is_seen(tmp_path: Path, path: str, source: str) -> None:
    root = tmp_path / "pipelines"
    file = root / path
    file.parent.mkdir(parents=True)
    file.write_text(source)
    assert len(violations(root)) == 1


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("shape/a.py", "from pipelines.model import Cell\nfrom pipelines.cards import Cards\nfrom .b import c\n"),
        ("publish/a.py", "from ..model import Finding\nimport duckdb\n"),
        ("orchestration/a.py", "import dagster\nfrom pipelines.publish import build\n"),
        ("cli.py", "from pipelines.orchestration import runner\n"),
    ],
)
def test_an_import_that_runs_the_right_way_passes(tmp_path: Path, path: str, source: str) -> None:
    file = tmp_path / "pipelines" / path
    file.parent.mkdir(parents=True)
    file.write_text(source)
    assert violations(tmp_path / "pipelines") == []


def test_heavy_libraries_are_not_loaded_by_the_command_line_nor_by_importing_the_rooms() -> None:
    modules = ["pipelines.cli", *(f"pipelines.{room}" for room in ROOMS)]
    code = (
        f"import importlib, sys\nfor m in {modules!r}: importlib.import_module(m)\n"
        "print([m for m in ('dagster', 'great_expectations', 'pandas', 'pdfplumber') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT.parent, check=True)
    assert done.stdout.strip() == "[]"
