"""What people get besides the warehouse is made anew where it would come out differently, and only there."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from pipelines.orchestration.kept import unless_kept
from pipelines.settings import Settings


@dataclass(frozen=True)
class Page:
    files: tuple[Path, ...]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(raw=tmp_path / "raw", warehouse=tmp_path / "warehouse")
    made.warehouse.mkdir()
    publish(made, "one")
    return made


def publish(settings: Settings, content_hash: str) -> None:
    settings.database.unlink(missing_ok=True)
    with duckdb.connect(str(settings.database)) as connection:
        connection.execute("CREATE SCHEMA meta; CREATE TABLE meta.build (content_hash VARCHAR)")
        connection.execute("INSERT INTO meta.build VALUES (?)", [content_hash])


def draw(settings: Settings, *more: object) -> bool:
    """Whether the page was drawn."""
    path = settings.warehouse / "page.html"

    def make() -> Page:
        path.write_text(f"drawn of {more}")
        return Page((path,))

    made, anew = unless_kept(settings, "page", "pipelines.publish.exports", make, *more)
    assert made == Page((path,)) and path.exists()
    return anew


def test_nothing_is_drawn_twice_of_the_same(settings: Settings) -> None:
    assert [draw(settings), draw(settings), draw(settings)] == [True, False, False]


def test_another_warehouse_or_other_cards_are_drawn_anew(settings: Settings) -> None:
    assert draw(settings, "cards")
    publish(settings, "two")
    assert [draw(settings, "cards"), draw(settings, "cards"), draw(settings, "other cards")] == [True, False, True]


def test_a_page_that_was_removed_or_touched_is_drawn_anew(settings: Settings) -> None:
    path = settings.warehouse / "page.html"
    draw(settings)
    path.unlink()
    assert draw(settings)
    path.write_text("drawn of (x)")
    assert draw(settings)
    os.utime(path, (1, 1))
    assert draw(settings)


def test_two_things_are_remembered_apart(settings: Settings) -> None:
    draw(settings)
    made, anew = unless_kept(settings, "other", "pipelines.publish.exports", lambda: Page(()))
    assert anew and made == Page(()) and not draw(settings)
