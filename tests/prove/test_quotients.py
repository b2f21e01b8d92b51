"""Ratios, changes, averages and shares: they prove the figure that was worked out, to its last digit, and no other."""

from __future__ import annotations

import random

import pytest

from pipelines.model import Verdict
from tests.prove.grids import cell, proof

COUNTS = (("north", 1381, 2764), ("south", 962, 3187), ("east", 2209, 4415), ("west", 517, 1893), ("isles", 71, 244))


def ratios() -> list[list[str]]:
    body = [[name, str(a), str(b), f"{100 * a / b:.2f}%"] for name, a, b in COUNTS]
    return [["Place", "Admitted", "Applied", "Share of applicants"], *body]


def changes() -> list[list[str]]:
    body = [[name, str(a), str(b), f"{100 * (b - a) / a:+.2f}"] for name, a, b in COUNTS]
    return [["Place", "Last year", "This year", "Change (%)"], *body]


def averages() -> list[list[str]]:
    rng = random.Random(5)
    body = [[f"k{chr(97 + i)}", *(f"{rng.randint(100, 9999) / 10:.1f}" for _ in range(5))] for i in range(7)]
    mean = [f"{sum(float(r[c]) for r in body) / 7:.1f}" for c in range(1, 6)]
    return [["Kind", *(f"Place {c}x" for c in "abcde")], *body, ["Average", *mean]]


def shares() -> list[list[str]]:
    whole = sum(a for _, a, _ in COUNTS)
    body = [[name, str(a), f"{100 * a / whole:.1f}"] for name, a, _ in COUNTS]
    return [["Place", "Persons", "Per cent"], *body]


@pytest.mark.parametrize(
    ("rows", "kind"), [(ratios(), "ratio"), (changes(), "change"), (averages(), "average"), (shares(), "ratio")]
)
def test_a_quotient_is_proved_by_what_it_was_worked_out_of(rows, kind):
    table = proof(rows)
    written = [i for i in table.identities if i.kind == kind]
    proved = [c for c in table.cells if c.verdict is Verdict.PROVED]
    assert len(proved) >= 5
    assert {(i.total.row, i.total.col) for i in written} >= {(c.row, c.col) for c in proved}
    assert all(i.holds and i.gap.copy_abs() <= i.slack for i in written)


def test_what_a_quotient_was_worked_out_of_is_only_consistent():
    table = proof(ratios())
    assert {str(cell(table, r, 1).verdict) for r in range(1, 6)} == {"consistent"}
    assert cell(table, 1, 3).verdict is Verdict.PROVED
    assert "1381 ÷ 2764" in cell(table, 1, 3).argument


@pytest.mark.parametrize("rows", [ratios(), changes(), averages(), shares()])
def test_a_quotient_with_another_digit_is_never_proved(rows):
    proved = [c for c in proof(rows).cells if c.verdict is Verdict.PROVED]
    for one in proved:
        text = rows[one.row][one.col]
        for k, digit in enumerate(text):
            if digit.isdigit():
                wrong = [list(r) for r in rows]
                wrong[one.row][one.col] = text[:k] + str((int(digit) + 1) % 10) + text[k + 1 :]
                again = [c for c in proof(wrong).cells if (c.row, c.col) == (one.row, one.col)]
                assert all(c.verdict is not Verdict.PROVED for c in again), (text, wrong[one.row][one.col])


def rates_table(rng: random.Random) -> list[list[str]]:
    """Random counts and random rates that have nothing to do with them, and a row that falsely says average."""
    rows, cols = rng.randint(3, 15), rng.randint(2, 6)
    places, most = rng.choice([0, 1, 2]), 10 ** rng.randint(1, 4)
    rated = [rng.random() < 0.5 for _ in range(cols)]

    def figure(rate: bool) -> str:
        return f"{rng.uniform(0, 100):.{places}f}" if rate else str(rng.randint(1, most))

    head = ["Kind", *(f"Rate {c}x (%)" if rate else f"Number {c}x" for c, rate in enumerate(rated))]
    body = [[f"k{chr(97 + r)}", *map(figure, rated)] for r in range(rows)]
    return [head, *body, ["Average", *(f"{rng.uniform(0, most):.{places}f}" for _ in rated)]]


def test_of_random_tables_with_rates_and_averages_none_is_proved():
    # thousands of them: tests/benchmarks/prove_random.py
    rng = random.Random(20_261_122)
    for _ in range(80):
        made = rates_table(rng)
        assert all(c.verdict is not Verdict.PROVED for c in proof(made).cells), made


def test_rates_too_coarse_to_tell_prove_nothing():
    table = proof([["Place", "Got", "Asked", "%"], ["a", "1", "2", "50"], ["b", "1", "4", "25"], ["c", "3", "4", "75"]])
    assert all(c.verdict is not Verdict.PROVED for c in table.cells)
