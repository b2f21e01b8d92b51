"""Rules at their crossings, judged again without those that are totals themselves, and what is made of them."""

from __future__ import annotations

import random

from pipelines.model import CellProof, Term, Verdict
from pipelines.prove import numbers, rules, views
from pipelines.prove.sheet import build
from tests.prove.grids import grid, proof


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


def test_lines_side_by_side_are_a_slice_and_all_others_are_listed():
    assert rules.side_by_side((2, 3, 4)) == slice(2, 5)
    assert rules.side_by_side((7,)) == slice(7, 8)
    assert rules.side_by_side((2, 4)) == [2, 4]
    # as many lines as between the first and the last, but one twice and one left out
    assert rules.side_by_side((3, 3, 5)) == [3, 3, 5]


def test_named_tuples_made_without_their_constructor_have_every_field_in_its_place():
    table = proof(
        [["", "A", "B", "Total"], ["x", "12", "30", "42"], ["y", "5", "61", "66"], ["Total", "17", "91", "108"]]
    )
    for cell in table.cells:
        assert len(cell) == len(CellProof._fields)
        assert isinstance(cell.verdict, Verdict) and isinstance(cell.argument, str) and cell.correction == ""
        assert cell.source == (cell.row, cell.col) and cell.reading is not None
        assert all(isinstance(i, int) for i in cell.identities)
    terms = {t for i in table.identities for t in (i.total, *i.parts)}
    assert len(terms) == 9
    for term in terms:
        assert len(term) == len(Term._fields)
        assert (term.sign, term.table) == (1, 0) and term.text == f"{term.value}" and term.quantum == 1
        assert any((c.row, c.col) == (term.row, term.col) and c.reading.value == term.value for c in table.cells)


def test_a_word_is_found_wherever_it_stands_though_only_its_first_letters_are_looked_for():
    rates = ("Rate", "the RATIO", "5%", "Per cent", "a per b", "升幅", "Old-age Index", "x average")
    assert [text for text in rates if not views._is_ratio(text)] == []
    assert [text for text in ("Number per class", "Paper", "Rated", "Indices") if views._is_ratio(text)] == []
    rounded = ("HK$ Million", "$'000", "$’000", "(000s)", "in $m", "figures are rounded", "單位:億元", "約數")
    assert [text for text in rounded if not views._is_rounded(text)] == []
    assert [text for text in ("2,000", "milli", "round", "十") if views._is_rounded(text)] == []
