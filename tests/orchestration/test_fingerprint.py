"""A remembered result is good only while everything that made it stands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.orchestration import fingerprint


def tree(root: Path) -> Path:
    files = {
        "__init__.py": "",
        "model.py": "X = 1\n",
        "read/__init__.py": "from pipelines.read.html import f\n",
        "read/html.py": "def f():\n    from pipelines.model import X\n    import lxml\n    return X\n",
        "read/words.csv": "a,b\n",
        "prove/__init__.py": "from ..model import X\n",
        "check/__init__.py": "from pipelines.prove import *\n",
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def rewrite(name: str, text: str) -> Callable[[Path], None]:
    return lambda root: (root / name).write_text(text) and None


@pytest.mark.parametrize(
    ("change", "changed"),
    [
        (rewrite("read/html.py", "def f():\n    return 2\n"), True),
        (rewrite("read/words.csv", "a,c\n"), True),
        (rewrite("read/new.py", "Y = 1\n"), True),
        (rewrite("model.py", "X = 2\n"), True),  # imported inside a function
        (rewrite("prove/__init__.py", "Z = 3\n"), False),
        (rewrite("check/__init__.py", "Z = 3\n"), False),
    ],
)
def test_a_result_of_reading_stands_on_its_room_and_what_that_imports(
    tmp_path: Path, change: Callable[[Path], None], changed: bool
) -> None:
    root = tree(tmp_path)
    before = fingerprint.made_by("pipelines.read", root=root)
    change(root)
    assert (fingerprint.made_by("pipelines.read", root=root) != before) is changed


def test_a_change_far_to_the_left_reaches_through_a_star_import(tmp_path: Path) -> None:
    root = tree(tmp_path)
    before = fingerprint.made_by("pipelines.check", root=root)
    (root / "model.py").write_text("X = 2\n")
    assert fingerprint.made_by("pipelines.check", root=root) != before


def test_another_version_of_a_library_makes_another_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tree(tmp_path)
    before = fingerprint.made_by("pipelines.read", root=root), fingerprint.made_by("pipelines.prove", root=root)
    monkeypatch.setattr(fingerprint.metadata, "version", lambda name: f"{name} of tomorrow")
    after = fingerprint.made_by("pipelines.read", root=root), fingerprint.made_by("pipelines.prove", root=root)
    assert after[0] != before[0]
    assert after[1] == before[1]  # proving uses no library


def test_a_room_that_is_not_there_is_said_aloud() -> None:
    with pytest.raises(ValueError, match=r"no module pipelines\.gone"):
        fingerprint.made_by("pipelines.gone")


def test_a_renamed_card_counts_as_a_change(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("series: x\n")
    before = fingerprint.of_folder(tmp_path)
    (tmp_path / "a.yaml").rename(tmp_path / "b.yaml")
    assert fingerprint.of_folder(tmp_path) != before
    assert fingerprint.of_folder(tmp_path / "absent") == fingerprint.of_folder(tmp_path / "absent too")
