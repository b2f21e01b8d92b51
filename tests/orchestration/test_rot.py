"""Files of our own that rot, or that something else stands in the place of: made anew, or named in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.faults import without_class
from pipelines.orchestration.cache import Cache

VALUES = {f"key{n}": f"value {n} " * 50 for n in range(400)}


@pytest.mark.parametrize("at", [0, 100, 5_000, 9_000])
def test_a_memory_that_rots_is_forgotten_and_made_anew(tmp_path: Path, at: int) -> None:
    path = tmp_path / "read.sqlite"
    with Cache(path) as cache:
        cache.put(VALUES)
    data = bytearray(path.read_bytes())
    data[at : at + 3_000] = b"\xa5" * 3_000
    path.write_bytes(bytes(data))
    with Cache(path) as cache:
        remembered = dict(cache.get(VALUES))
        assert all(VALUES[key] == value for key, value in remembered.items())
        cache.put(VALUES)
        assert cache.has(VALUES) == set(VALUES)
    with Cache(path) as cache:
        assert dict(cache.get(VALUES)) == VALUES


def test_a_folder_in_place_of_a_memory_is_cleared(tmp_path: Path) -> None:
    (tmp_path / "read.sqlite" / "inside").mkdir(parents=True)
    with Cache(tmp_path / "read.sqlite") as cache:
        cache.put({"a": 1})
        assert dict(cache.get(["a"])) == {"a": 1}


def test_a_move_that_fails_names_the_place_that_is_taken() -> None:
    said = without_class("IsADirectoryError: [Errno 21] Is a directory: '/w/.fresh' -> '/w/talent.duckdb'")
    assert said == "A folder stands where a file belongs (/w/talent.duckdb).  Move it away, then run the same again."
