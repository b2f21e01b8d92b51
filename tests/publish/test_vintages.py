"""Two clocks: what was known when, and what was revised.  Small documents in, rows out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.model import Absence, Period, PeriodKind
from pipelines.publish.models import ModelError, load_macros
from pipelines.publish.swap import publish
from tests.publish.making import Figure, Made, built, document, rows, year


def received(y: int, value: str | None, **more: object) -> Figure:
    return replace(Figure("qmas_by_year", "applications_received", value, year(y)), **more)  # type: ignore[arg-type]


def at_address(made: Made, url: str, title: str = "LCQ1: One title") -> Made:
    """The document as captured at this address, under this title."""
    document = made.read.document
    assert document is not None
    titled = replace(document, release=replace(document.release, title=title))
    return replace(made, capture=replace(made.capture, source_url=url), read=replace(made.read, document=titled))


REVIEW = document("review", [received(2006, "586"), received(2005, "10")], released=date(2007, 2, 8))
SERIES = document("series", [received(2006, "587"), received(2007, "627")], released=date(2022, 1, 19))
TWIN = document("twin", [received(2006, "587")], released=date(2022, 1, 19), language="zh-Hant")
#: no date of its own: known from the day on which it was captured
COPY = document("copy", [received(2006, "586")], released=None, captured=datetime(2015, 5, 1, tzinfo=UTC))
ROUNDED = document("rounded", [received(2007, "630", quantum="10", approx="about")], released=date(2023, 3, 1))
FILLED = [
    document("before", [received(2010, None, absence=Absence.NOT_AVAILABLE)], released=date(2011, 1, 1)),
    document("after", [received(2010, "1177")], released=date(2012, 1, 1)),
]
SLIP = [
    document("slip", [received(2011, "16740")], released=date(2012, 2, 1)),
    document("mended", [received(2011, "1674")], released=date(2013, 2, 1)),
]
CONTESTED = [
    document("contested a", [received(2012, "1965")], released=date(2013, 1, 5)),
    document("contested b", [received(2012, "1956")], released=date(2013, 1, 5)),
    document("settled", [received(2012, "1965")], released=date(2014, 1, 5)),
]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("vintages")
    made = [REVIEW, SERIES, TWIN, COPY, ROUNDED, *FILLED, *SLIP, *CONTESTED]
    with built(folder, made, "marts.revisions", "core.sources") as build:
        path = publish(build).path
    with duckdb.connect(str(path), read_only=True) as connection:
        yield connection


def as_of(published: duckdb.DuckDBPyConnection, day: str, y: int) -> object:
    query = "SELECT value, len(sources) FROM core.as_of(?::DATE) WHERE year(period_end) = ?"
    found = published.execute(query, [day, y]).fetchall()
    assert len(found) <= 1
    return found[0] if found else None


@pytest.mark.parametrize(
    ("day", "known"),
    [
        ("2007-02-07", None),
        ("2007-02-08", (586, 1)),
        ("2015-05-01", (586, 2)),
        ("2022-01-18", (586, 2)),
        ("2022-01-19", (587, 2)),
        ("2030-01-01", (587, 2)),
    ],
)
def test_as_of_a_day_a_figure_is_what_was_known_then_with_the_sources_of_then(
    published: duckdb.DuckDBPyConnection, day: str, known: object
) -> None:
    assert as_of(published, day, 2006) == known


def test_a_figure_that_nobody_restated_stays_known(published: duckdb.DuckDBPyConnection) -> None:
    assert as_of(published, "2030-01-01", 2005) == (10, 1)


def test_as_of_a_day_on_which_releases_disagreed_there_is_no_value(published: duckdb.DuckDBPyConnection) -> None:
    assert as_of(published, "2013-06-01", 2012) == (None, 2)
    said = published.execute("SELECT disputed, printed FROM core.as_of(DATE '2013-06-01') WHERE disputed").fetchall()
    assert said == [(True, ["1956", "1965"])]
    assert as_of(published, "2014-06-01", 2012) == (1965, 2)


def test_as_of_is_the_same_at_each_call_sources_in_order(published: duckdb.DuckDBPyConnection) -> None:
    query = (
        "SELECT figure_id, list_transform(sources, lambda s: s.cell_id) FROM core.as_of(DATE '2022-06-01') ORDER BY 1"
    )
    assert len({repr(published.execute(query).fetchall()) for _ in range(3)}) == 1


def test_the_present_is_the_latest_edition(published: duckdb.DuckDBPyConnection) -> None:
    different = published.execute(
        "SELECT figure_id, value FROM core.as_of(DATE '2999-01-01') "
        "EXCEPT SELECT figure_id, value FROM core.editions WHERE edition = 'latest'"
    ).fetchall()
    assert different == []


def revision(published: duckdb.DuckDBPyConnection, y: int) -> tuple[object, ...] | None:
    return published.execute(
        "SELECT class, value_before, value, change, stands FROM marts.revisions WHERE year(period_end) = ?", [y]
    ).fetchone()


@pytest.mark.parametrize(
    ("y", "said"),
    [
        (2006, ("revision", 586, 587, 1, True)),
        (2007, ("rounding", 627, 630, 3, True)),
        (2010, ("supplied", None, 1177, None, True)),
        (2011, ("error", 16740, 1674, -15066, True)),
        (2005, None),
        (2012, None),
    ],
)
def test_a_change_between_releases_is_classed(
    published: duckdb.DuckDBPyConnection, y: int, said: tuple[object, ...] | None
) -> None:
    assert revision(published, y) == said


def test_a_revision_names_first_value_size_and_releases(published: duckdb.DuckDBPyConnection) -> None:
    found = published.execute(
        "SELECT first_value, change_percent, releases_before, releases, len(sources), finding FROM marts.revisions "
        "WHERE year(period_end) = 2006"
    ).fetchone()
    assert found is not None
    first, percent, before, after, sources, finding = found
    assert (first, percent, sources) == (Decimal(586), 0.1706, 4)
    assert before == ["LCQ1, 2007-02-08, Title of review", "LCQ1, Title of copy"]
    assert after == ["LCQ1, 2022-01-19, Title of series", "LCQ1, 2022-01-19, Title of twin"]
    assert "586 in LCQ1, 2007-02-08" in finding and "587 in LCQ1, 2022-01-19" in finding


def test_a_page_changed_in_place_counts_from_the_capture_of_the_change(tmp_path: Path) -> None:
    url = "https://example.org/same"
    first = at_address(document("v1", [received(2020, "3966")], captured=datetime(2022, 2, 1, tzinfo=UTC)), url)
    second = at_address(document("v2", [received(2020, "3969")], captured=datetime(2022, 6, 1, tzinfo=UTC)), url)
    with built(tmp_path, [first, second], "core.editions") as build:
        path = publish(build).path
    with duckdb.connect(str(path), read_only=True) as connection:
        run = connection.execute
        assert run("SELECT known_from, changed_in_place, released_from FROM core.documents ORDER BY 1").fetchall() == [
            (date(2022, 1, 19), False, date(2022, 1, 19)),
            (date(2022, 6, 1), True, date(2022, 2, 2)),
        ]
        assert as_of(connection, "2022-05-31", 2020) == (3966, 1)
        assert as_of(connection, "2022-06-01", 2020) == (3969, 1)


@pytest.mark.parametrize(
    ("title", "day"), [("Another release", date(2022, 1, 19)), ("LCQ1: One title", date(2007, 2, 8))]
)
def test_another_release_at_the_same_address_is_no_change_in_place(tmp_path: Path, title: str, day: date) -> None:
    url = "https://example.org/mirror"
    one = document("one", [received(2006, "587")], captured=datetime(2026, 1, 1, tzinfo=UTC))
    other = document("other", [received(2006, "586")], released=day, captured=datetime(2026, 2, 1, tzinfo=UTC))
    made = [at_address(one, url), at_address(other, url, title)]
    assert {r["changed_in_place"] for r in rows(tmp_path, made, "core.documents")} == {False}


def test_bounds_of_a_release_date_name_their_evidence(tmp_path: Path) -> None:
    undated = document(
        "undated", [received(2020, "1")], released=None, month_day=(1, 19), not_before=date(2021, 12, 31),
        captured=datetime(2023, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    (found,) = rows(tmp_path, [undated], "core.documents")
    assert (found["released_from"], found["released_until"], found["known_from"]) == (
        date(2022, 1, 19), date(2023, 1, 1), date(2023, 1, 1),
    )  # fmt: skip
    assert "19/1" in found["released_from_evidence"]
    assert found["released_until_evidence"] == "it was captured on 2023-01-01"


def test_what_has_neither_date_nor_capture_is_known_on_no_day(tmp_path: Path) -> None:
    lost = document("lost", [received(2020, "1")], released=None, captured=None)
    with built(tmp_path, [lost], "core.editions") as build:
        path = publish(build).path
    with duckdb.connect(str(path), read_only=True) as connection:
        assert as_of(connection, "2500-01-01", 2020) is None
        assert connection.execute("SELECT value FROM core.editions WHERE edition = 'latest'").fetchall() == [(1,)]


def test_an_open_period_and_a_closed_one_are_different_figures(tmp_path: Path) -> None:
    since = Period(date(2006, 6, 1), date(2020, 12, 31), PeriodKind.CUMULATIVE, "to 2020")
    made = document("both", [received(2020, "3966"), received(2020, "28983", period=since)])
    assert len(rows(tmp_path, [made], "core.editions", "edition = 'latest'")) == 2


def test_a_macro_names_its_schema_and_its_parameters(tmp_path: Path) -> None:
    folder = tmp_path / "macros"
    folder.mkdir()
    (folder / "core.then.sql").write_text("-- What.\nSELECT 1", encoding="utf-8")
    with pytest.raises(ModelError, match=r"core\.then\.sql, line 1: The macro has no description or no parameters"):
        load_macros(tmp_path)
    (folder / "core.then.sql").write_text("-- What.\n-- parameters: day\nSELECT * FROM core.x", encoding="utf-8")
    (macro,) = load_macros(tmp_path)
    assert (macro.full_name, macro.parameters, macro.reads) == ("core.then", ("day",), ("core.x",))
    (folder / "core.then.sql").rename(folder / "then.sql")
    with pytest.raises(ModelError, match="The macro is of no schema"):
        load_macros(tmp_path)
