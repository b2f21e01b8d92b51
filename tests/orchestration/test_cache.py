"""What was made is found again, or made again; never half of it."""

from __future__ import annotations

import sqlite3
from decimal import Decimal
from pathlib import Path

from pipelines.orchestration.cache import Cache


def test_values_come_back_as_they_were(tmp_path: Path) -> None:
    with Cache(tmp_path / "room.sqlite") as cache:
        cache.put({"a": (Decimal("1.50"), None), "b": {"x": "一般"}})
    with Cache(tmp_path / "room.sqlite") as cache:
        assert dict(cache.get(["a", "b", "c"])) == {"a": (Decimal("1.50"), None), "b": {"x": "一般"}}
        assert cache.has(["a", "c"]) == {"a"}


def test_more_keys_than_one_query_takes_are_found(tmp_path: Path) -> None:
    values = {f"key {n}": n for n in range(2_345)}
    with Cache(tmp_path / "room.sqlite") as cache:
        cache.put(values)
        assert dict(cache.get(values)) == values
        assert cache.has([*values, "none"]) == set(values)


def test_what_nobody_asks_for_is_forgotten(tmp_path: Path) -> None:
    with Cache(tmp_path / "room.sqlite") as cache:
        cache.put({"old": b"x" * 10, "new": 1})
        assert cache.keep_only(["new", "not yet made"]) == 1
        assert dict(cache.get(["old", "new"])) == {"new": 1}


def test_a_file_that_is_no_cache_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "room.sqlite"
    path.write_bytes(b"half a page of something else" * 50)
    with Cache(path) as cache:
        cache.put({"a": 1})
        assert dict(cache.get(["a"])) == {"a": 1}


def test_a_value_that_cannot_be_unpacked_counts_as_not_remembered(tmp_path: Path) -> None:
    path = tmp_path / "room.sqlite"
    with Cache(path) as cache:
        cache.put({"good": 1, "bad": 2})
    with sqlite3.connect(path) as db:
        db.execute("UPDATE entries SET value = x'00' WHERE key = 'bad'")
    db.close()
    with Cache(path) as cache:
        assert dict(cache.get(["good", "bad"])) == {"good": 1}
