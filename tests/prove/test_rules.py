"""Rules judged again without the crossings that are totals themselves."""

from __future__ import annotations

import random

from pipelines.prove import numbers, rules, views
from pipelines.prove.sheet import build
from tests.prove.grids import grid


def columns_with_their_total(rng: random.Random) -> rules.Lines:
    """Random columns under their sums, some of them printed twice, some sums wrong, some figures not printed."""
    columns = [[rng.randint(0, 99) for _ in range(3)] for _ in range(4)]
    columns = [rng.choice(columns) for _ in range(6)]
    columns = [[*column, sum(column) + rng.choice([0, 0, 0, 1])] for column in columns]
    rows = [[str(v) if rng.random() < 0.95 else "" for v in row] for row in zip(*columns, strict=True)]
    names = ["Ants", "Bees", "Moths", "Total"]
    made = grid([["Kind", *"ABCDEF"], *([name, *row] for name, row in zip(names, rows, strict=True))])
    readings = {(c.row, c.col): p for c in made.cells if (p := numbers.parse(c.bare, marks=c.marks))}
    body = {at: several for at, several in readings.items() if at[0] and at[1]}
    return views.both(build(made, body, rounded=False), 1, 1)[0]


def test_a_rule_judged_again_is_the_rule_judged_without_those_crossings() -> None:
    rng = random.Random(3)
    changed = 0
    for _ in range(300):
        lines = columns_with_their_total(rng)
        skip = frozenset(rng.sample(range(6), 2))
        rule = rules.evaluate(lines, 3, [0, 1, 2], labelled=True, principal=True)
        outright = rules.evaluate(lines, 3, [0, 1, 2], labelled=True, principal=True, skip=skip)
        assert rules.judged_again(rule, skip) == outright
        changed += rule.chance != outright.chance
    assert changed > 100
