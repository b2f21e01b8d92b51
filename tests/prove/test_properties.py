"""What must hold for every table: order does not matter, support never hurts, no changed digit stays proved."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.model import Verdict
from tests.prove.grids import proof, verdicts

SEEDS = st.integers(0, 10**9)
FEW = settings(max_examples=40, deadline=None)


def table(rng: random.Random, *, crossed: bool, decimals: int = 0) -> list[list[str]]:
    rows, cols, most = rng.randint(3, 10), rng.randint(2, 6), rng.choice([99, 999, 99_999])
    body = [[rng.randint(1, most) for _ in range(cols)] for _ in range(rows)]
    if crossed:
        body = [[*row, sum(row)] for row in body]
    body.append([sum(row[c] for row in body) for c in range(len(body[0]))])
    width = len(body[0])
    head = [f"Place {chr(65 + c)}" for c in range(width)]
    if crossed:
        head[-1] = "Total"
    names = [f"Kind {chr(97 + r)}" for r in range(rows)] + ["Total"]

    def printed(v: int) -> str:
        return f"{v / 10**decimals:,.{decimals}f}" if decimals else f"{v:,}"

    return [["Kind", *head], *([name, *map(printed, row)] for name, row in zip(names, body, strict=True))]


@FEW
@given(SEEDS)
def test_a_shuffled_table_keeps_its_verdict(seed):
    rng = random.Random(seed)
    rows = table(rng, crossed=True)
    inner = rows[1:-1]
    rng.shuffle(inner)
    columns = list(range(1, len(rows[0]) - 1))
    rng.shuffle(columns)
    order = [0, *columns, len(rows[0]) - 1]
    mixed = [[line[c] for c in order] for line in [rows[0], *inner, rows[-1]]]
    assert proof(mixed).verdict is proof(rows).verdict
    assert proof(mixed).proved_share == proof(rows).proved_share


@FEW
@given(SEEDS, st.booleans(), st.sampled_from([0, 1]))
def test_no_changed_digit_leaves_its_cell_proved(seed, crossed, decimals):
    rng = random.Random(seed)
    rows = table(rng, crossed=crossed, decimals=decimals)
    r, c = rng.randrange(1, len(rows)), rng.randrange(1, len(rows[0]))
    text = rows[r][c]
    at = rng.choice([k for k, ch in enumerate(text) if ch.isdigit()])
    other = rng.choice([d for d in "0123456789" if d != text[at]])
    rows[r][c] = text[:at] + other + text[at + 1 :]
    judged = {(x.row, x.col): x.verdict for x in proof(rows).cells}
    assert judged.get((r, c)) is not Verdict.PROVED


@FEW
@given(SEEDS)
def test_one_wrong_cell_under_two_axes_is_located_and_the_right_figure_proposed(seed):
    rng = random.Random(seed)
    rows = table(rng, crossed=True)
    r, c = rng.randrange(1, len(rows)), rng.randrange(1, len(rows[0]))
    right = int(rows[r][c].replace(",", ""))
    rows[r][c] = f"{right + rng.choice([-1, 1, 7, 90]) if right > 1 else right + 5:,}"
    found = [x for x in proof(rows).cells if x.argument.startswith("The wrong figure")]
    assert [(x.row, x.col) for x in found] == [(r, c)]
    assert f"need {right} here" in found[0].argument


@FEW
@given(SEEDS)
def test_one_wrong_cell_under_one_axis_is_among_the_candidates_and_nothing_is_repaired(seed):
    rng = random.Random(seed)
    rows = table(rng, crossed=False)
    r, c = rng.randrange(1, len(rows)), rng.randrange(1, len(rows[0]))
    right = int(rows[r][c].replace(",", ""))
    rows[r][c] = f"{right + rng.choice([1, 3, 50]):,}"
    judged = proof(rows)
    assert not [x for x in judged.cells if x.argument.startswith("The wrong figure")]
    assert {(x.row, x.col) for x in judged.cells if x.verdict is Verdict.CONTRADICTED} >= {
        (k, c) for k in range(1, len(rows))
    }


@FEW
@given(SEEDS)
def test_a_consistent_total_row_never_lowers_a_verdict(seed):
    rows = table(random.Random(seed), crossed=True)
    without = {(x.row, x.col): x.verdict.rank for x in proof(rows[:-1]).cells}
    with_it = {(x.row, x.col): x.verdict.rank for x in proof(rows).cells}
    assert all(with_it[at] <= rank for at, rank in without.items())


@pytest.mark.parametrize("change", ["36 698", "36 68", "3 668", "36 689 1", "86 689"])
def test_no_misread_total_stays_proved(change):
    rng = random.Random(5)
    rows = table(rng, crossed=False)
    assert "proved" in verdicts(proof(rows))
    rows[-1][1] = change
    judged = {(x.row, x.col): x.verdict for x in proof(rows).cells}
    assert judged.get((len(rows) - 1, 1)) is not Verdict.PROVED
