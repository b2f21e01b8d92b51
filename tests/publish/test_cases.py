"""The cases that a careful statistician would raise about these releases, each answered by a query of the cookbook.

What was found by hand stands here as the expected answer; the queries run over the bundled documents alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.settings import PROJECT, Settings

EXAMPLES = PROJECT / "sql" / "examples"
#: From this number on the examples are cases over the bundled documents.
FIRST_CASE = 15


@pytest.fixture(scope="module")
def warehouse(bundled: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(bundled.database), read_only=True) as connection:
        yield connection


def answer(warehouse: duckdb.DuckDBPyConnection, number: int, *columns: str) -> list[tuple[Any, ...]]:
    """The answer to a case; of these columns, where some are named."""
    (path,) = EXAMPLES.glob(f"{number:02d}_*.sql")
    picked = ", ".join(columns) or "*"
    return warehouse.execute(f"SELECT {picked} FROM ({path.read_text(encoding='utf-8')})").fetchall()


CASES = {
    16: [("cumulative", 9131, 9131, True), ("flow", 2004, 2004, True)],
    18: [(2009, 3868, 1479)],
    19: [(49737, False), (50612, True), (62873, False), (64820, True)],
    20: [(60497, 4323, 2376), (47681, 2931, 2056)],
    21: [(117359, 7101, 124460)],
    22: [("TTPS", 7417, 5799, 286, 1332)],
    23: [(239,), (564,), (593,), (249,), (660,), (514,)],
    24: [("qmas-15-industries", 15, 9131, 290), ("qmas-6-industries", 6, 2004, 645)],
    25: [(2387, 2392, 5)],
    26: [
        ("25萬元", "2500000", "income-of-category-a-a-tenth"),
        ("28%", "27", "share-of-twenty-in-seventy-three"),
    ],
    27: [(2019, False), (2020, False), (2021, True)],
    28: [("MAINLAND", 6179, 1, 1), ("US", 159, 2, 2), ("CA", 127, 3, 4), ("AU", 130, 4, 3)],
    29: [(1497, 9596, 15.6, False)],
    30: [(2006, False, False, False), (2007, False, False, True), (2008, False, False, False)],
    33: [(221149, 134822, True, True)],
    34: [
        ("csv", "3966", "2020|3966|1709", 0, 1),
        ("csv", "3966", "2020|3966|1709", 0, 1),
        ("html", "3 966", "2020*|3966|1709", 1, 1),
        ("html", "3 966", "2020*|3966|1709", 1, 1),
        ("pdf", "3 966", "2020*|3966|1709", 1, 1),
        ("text", "3 966", "2020*39661709", 1, 1),
    ],
}
COLUMNS = {
    16: ("period_kind", "total_of_the_industries", "total_of_the_years", "agree"),
    19: ("counted", "fits"),
    20: ("claim", "left_for_december_if_since_launch", "left_if_of_2023_alone"),
    21: ("approvals", "quotas", '"both"'),
    22: ("scheme", "received", "approved", "rejected", "neither_approved_nor_rejected"),
    23: ("value",),
    24: ("classification", "classes", "total", "others"),
    26: ("printed", "read_as", "correction"),
    27: ("year", "cannot_be_a_part"),
    28: ("code", "to_the_end_of_2020", "rank_2021", "rank_2020"),
    30: ("year", "is_582", "is_322", "is_322_to_date"),
    34: (
        "medium",
        "replace(text, chr(160), ' ')",
        "regexp_replace(line, '[\\s\u00a0]', '', 'g')",
        "len(sums_that_hold)",
        "values_ever_said",
    ),
}


@pytest.mark.parametrize("number", sorted(CASES))
def test_a_case_is_answered_as_it_was_by_hand(warehouse: duckdb.DuckDBPyConnection, number: int) -> None:
    assert answer(warehouse, number, *COLUMNS.get(number, ())) == CASES[number]


def test_what_was_known_on_three_days(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = answer(warehouse, 15, "day::VARCHAR", "measure", "first_year", "last_year", "of_2012", "of_2021")
    by_day = {(day, measure): rest for day, measure, *rest in found}
    assert by_day["2013-12-31", "quotas_allotted"] == [2006, 2012, 298, None]
    assert by_day["2022-01-19", "quotas_allotted"] == [2006, 2021, 298, 2004]
    assert by_day["2022-01-19", "applications_received"] == [2006, 2021, 1965, 5365]
    assert by_day["2030-12-31", "quotas_allotted"] == [2006, 2025, 298, 2004]


def test_the_stock_of_the_year_before_is_implied_and_said_not_to_be_at_hand(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    found = answer(warehouse, 17, "dimension_key", "implied_for_the_end_of_2020", "printed", "outcome")
    implied = {key: value for key, value, printed, outcome in found if (printed, outcome) == (None, "not evaluable")}
    assert implied.items() >= {
        "": 7127, "industry=FINANCE": 1767, "industry=ICT": 1625, "industry=CONSTRUCTION": 535,
        "industry=COMMERCE": 462,
    }.items()  # fmt: skip
    assert "industry=OTHERS" not in {key for key, *_ in found}


def test_figures_of_another_scope_are_both_called_right(warehouse: duckdb.DuckDBPyConnection) -> None:
    said = [statement for (statement,) in answer(warehouse, 31, "statement")]
    assert any("1860" in s and "8039" in s and "both right" in s for s in said)


def test_no_comparison_between_bundled_releases_is_left_unexplained(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = answer(warehouse, 32)
    assert {outcome for _, outcome, _, _ in found} >= {"corroborated", "not evaluable"}
    assert [row for row in found if row[2] == "error"] == []


def test_each_example_is_asked_by_a_test() -> None:
    numbers = {int(path.stem[:2]) for path in Path(EXAMPLES).glob("*.sql")}
    cases = {*CASES, 15, 17, 31, 32}
    assert {n for n in numbers if n >= FIRST_CASE} == cases
