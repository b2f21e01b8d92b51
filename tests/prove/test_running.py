"""Running totals: a column that adds up another line by line, with no label asked."""

from __future__ import annotations

import random

from pipelines.model import Verdict
from tests.prove.grids import cell, proof

SHARES = ("31.7", "24.6", "20.9", "14.3", "8.5")


def cumulative(shares=SHARES, change: int = 0) -> list[list[str]]:
    """Bands with their shares and running totals of these; `change` tenths are added to the third running total."""
    level, body = 0, []
    for k, share in enumerate(shares):
        level += int(share.replace(".", ""))
        printed = level + (change if k == 2 else 0)
        body.append([f"band {'abcdefgh'[k]}", share, f"{printed / 10:.1f}"])
    return [["Income", "Per cent", "Up to this band"], *body]


def test_running_totals_met_to_the_last_digit_are_proved_with_what_they_add_up():
    table = proof(cumulative())
    assert {str(cell(table, r, c).verdict) for r in range(1, 6) for c in (1, 2)} == {"proved"}
    assert "56.3 = 31.7 + 24.6" in cell(table, 2, 2).argument


def test_a_running_total_that_only_rounding_explains_is_not_proved():
    table = proof(cumulative(change=1))
    assert cell(table, 3, 2).verdict is Verdict.CONSISTENT
    assert "within what rounding allows" in cell(table, 3, 2).argument


def test_of_random_columns_that_grow_none_is_proved_as_a_running_total():
    rng = random.Random(3)
    for _ in range(100):
        shares = [rng.randint(10, 400) for _ in range(rng.randint(4, 6))]
        levels = sorted(rng.randint(shares[0], 1200) for _ in shares)
        levels[0] = shares[0]
        body = [
            [f"k{chr(97 + i)}", f"{s / 10:.1f}", f"{v / 10:.1f}"]
            for i, (s, v) in enumerate(zip(shares, levels, strict=True))
        ]
        assert all(c.verdict is not Verdict.PROVED for c in proof([["Kind", "One", "Other"], *body]).cells)
