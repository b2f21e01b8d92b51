"""The bound of chance, which is stated in `pipelines/prove/chance.py` before anything here is run."""

from __future__ import annotations

import random

import pytest

from pipelines.model import Verdict
from pipelines.prove import chance
from tests.prove.grids import proof


def random_table(rng: random.Random) -> list[list[str]]:
    """Random digits with a row that falsely says total: one-column tables and small integers among them."""
    cols, rows = rng.choice([1, 1, 1, 2, 3, 5, 8]), rng.randint(2, 20)
    most = 10 ** rng.choice([1, 1, 2, 3, 4, 5, 6]) - 1
    body = [[f"Kind {chr(97 + i)}", *(f"{rng.randint(0, most):,}" for _ in range(cols))] for i in range(rows)]
    top = rng.choice([most, rows * most])
    at = rng.choice([len(body), 0, rng.randint(0, len(body))])
    body.insert(at, ["Total", *(f"{rng.randint(0, top):,}" for _ in range(cols))])
    return [["Kind", *(f"Place {chr(65 + c)}" for c in range(cols))], *body]


def test_of_random_tables_with_a_false_total_label_none_is_proved():
    # ten thousand of them: tests/benchmarks/prove_random.py
    rng = random.Random(20_261_122)
    for _ in range(400):
        rows = random_table(rng)
        table = proof(rows)
        assert all(c.verdict is not Verdict.PROVED for c in table.cells), rows


def test_the_test_of_chance_would_see_a_proof():
    rng = random.Random(3)
    rows = random_table(rng)
    while len(rows[0]) < 4:
        rows = random_table(rng)
    body = [r for r in rows[1:] if r[0] != "Total"]
    sums = [sum(int(r[c].replace(",", "")) for r in body) for c in range(1, len(rows[0]))]
    true = [rows[0], *body, ["Total", *map(str, sums)]]
    assert proof(true).verdict is Verdict.PROVED


@pytest.mark.parametrize(
    ("total", "parts", "least"),
    [(73, (44, 29), 1e-2), (9131, (4567, 4564), 1e-5), (100_000, (60_000, 40_000), 0.1), (0, (0, 0), 1.0)],
)
def test_the_chance_of_a_sum_is_bounded_by_its_figures(total, parts, least):
    assert least <= chance.of_meeting(total, parts) <= 1.0


def test_a_figure_that_equals_its_only_part_says_nothing():
    assert chance.of_meeting(123_456, (123_456, 0, 0)) == 1.0


def test_crossings_that_fail_make_luck_likelier():
    assert chance.of_rule([1e-3] * 3, 0) < chance.of_rule([1e-3] * 3, 4)


def test_repeated_columns_prove_no_more_than_one():
    rows = [["Kind", "A", "B", "C"], *([f"k{i}", v, v, v] for i, v in enumerate(("2 264", "2 188", "4 679")))]
    table = proof([*rows, ["Total", "9 131", "9 131", "9 131"]])
    assert table.verdict is Verdict.CONSISTENT
