"""Unit tests of core.statements and marts.statements: small documents in, rows out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.model import Period, PeriodKind, Place, StatementObservation, Verdict
from pipelines.publish.swap import publish
from pipelines.publish.trace import trace
from tests.publish.making import Figure, Made, built, document, rows, select, year


def stating(name: str, value: str, qualifier: str = "", *, of: int = 2019, figures: tuple[Figure, ...] = ()) -> Made:
    """A document with one statement: applications received under the QMAS in a year."""
    made = document(name, figures)
    statement = StatementObservation(
        made.shape.document_id, 0, 0, "QMAS", "applications_received",
        Period(date(of, 1, 1), date(of, 12, 31), PeriodKind.FLOW, str(of)), Decimal(value), Decimal(1), qualifier,
        f"{qualifier} {value}".strip(), f"In {of}, {value} came in.", Place(line=1),
    )  # fmt: skip
    return replace(made, shape=replace(made.shape, statements=(statement,)))


def table(value: str, approx: str = "") -> Figure:
    return Figure(
        "scheme_flows", "applications_received", value, year(2019), (("scheme", "QMAS"),), verdict=Verdict.UNPROVED,
        approx=approx,
    )  # fmt: skip


def verdicts(folder: Path, *made: Made) -> list[str]:
    return [r["verdict"] for r in rows(folder, made, "core.statements")]


def test_a_statement_alone_is_unproved_and_stands_in_the_mart_with_its_sentence(tmp_path: Path) -> None:
    (row,) = rows(tmp_path, [stating("a", "4720", "over")], "marts.statements")
    assert (row["scheme"], row["measure"], row["value"], row["qualifier"], row["verdict"]) == (
        "QMAS", "applications_received", 4720, "over", "unproved",
    )  # fmt: skip
    assert row["sentence"] == "In 2019, 4720 came in." and row["sources"][0]["cell_id"] == row["statement_id"]


@pytest.mark.parametrize(
    ("value", "qualifier", "verdict"),
    [
        ("4741", "", "consistent"),
        ("4742", "", "contradicted"),
        ("4700", "over", "consistent"),
        ("4800", "over", "contradicted"),
        ("4700", "about", "consistent"),
        ("4600", "about", "contradicted"),
        ("4800", "near", "consistent"),
        ("4700", "near", "contradicted"),
        ("5000", "under", "consistent"),
    ],
)
def test_a_table_meets_or_contradicts_a_statement_within_its_rounding(
    tmp_path: Path, value: str, qualifier: str, verdict: str
) -> None:
    assert verdicts(tmp_path, stating("a", value, qualifier), document("b", [table("4741")])) == [verdict]


def test_a_contradicted_statement_is_not_in_the_mart_and_the_table_stays(tmp_path: Path) -> None:
    made = [stating("a", "4742"), document("b", [table("4741")])]
    with built(tmp_path, made, "marts.statements", "marts.scheme_flows") as build:
        assert select(build, "SELECT * FROM marts.statements") == []
        (row,) = select(build, "SELECT value FROM marts.scheme_flows")
        assert row["value"] == 4741


def test_another_document_that_states_the_same_makes_it_consistent_and_another_period_does_not(tmp_path: Path) -> None:
    assert verdicts(tmp_path / "same", stating("a", "4741"), stating("b", "4741")) == ["consistent"] * 2
    assert verdicts(tmp_path / "other", stating("a", "4741"), stating("b", "4741", of=2018)) == ["unproved"] * 2


def test_a_hedged_figure_of_a_table_stands_in_the_mart_too(tmp_path: Path) -> None:
    (row,) = rows(tmp_path, [document("b", [table("500", "over")])], "marts.statements")
    assert (row["value"], row["qualifier"], row["is_from_table"], row["scheme"]) == (500, "over", True, "QMAS")
    assert row["sources"][0]["table_id"] == row["sources"][0]["cell_id"].rpartition("-")[0]


def test_an_exact_figure_of_a_table_is_no_statement(tmp_path: Path) -> None:
    assert rows(tmp_path, [document("b", [table("500")])], "marts.statements") == []


def test_a_statement_can_be_traced_to_its_sentence(tmp_path: Path) -> None:
    with built(tmp_path, [stating("a", "4741", figures=(table("4741"),))]) as build:
        published = publish(build).path
    with duckdb.connect(str(published), read_only=True) as connection:
        found = connection.execute("SELECT argument, text FROM trace('marts.statements')").fetchall()
    assert found == [("stated in the sentence: In 2019, 4741 came in.", "4741")]
    told = trace(published, "marts.statements")
    assert [source.text for row in told for source in row.sources] == ["4741"]
