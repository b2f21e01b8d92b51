"""Flattened rows decided by averages, shares and changes, and by progressions: one reading left, or none given."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from pipelines.prove.flattened import rows
from pipelines.prove.flattened.flatrows import How, decide
from pipelines.prove.flattened.groups import Row
from pipelines.prove.flattened.lineratios import between
from pipelines.prove.flattened.progressions import progressions
from pipelines.prove.flattened.ratios import Kind, chance, meets
from pipelines.prove.flattened.rowratios import along
from tests.benchmarks import flattened_random, flattened_ratios
from tests.benchmarks.flattened_random import Printed, flattened


def joined(*numbers: int) -> Row:
    return Row(tuple(" ".join(f"{v:,}".replace(",", " ") for v in numbers).split()))


def changes(rng: random.Random, n: int) -> list[list[int]]:
    """This year, last year, and the change in per cent."""
    out = []
    for _ in range(n):
        before = int(10 ** rng.uniform(3, 6))
        now = int(before * rng.uniform(1.1, 1.9))
        out.append([now, before, (200 * (now - before) + before) // (2 * before)])
    return out


def averages(rng: random.Random, n: int, k: int) -> list[list[int]]:
    """Lines of amounts, of numbers and of what is one by the other, n times."""
    out = []
    for _ in range(n):
        numbers = [rng.randint(20, 4000) for _ in range(k)]
        amounts = [b * rng.randint(700, 3000) + rng.randint(0, 20) for b in numbers]
        out += [amounts, numbers, [(2 * a + b) // (2 * b) for a, b in zip(amounts, numbers, strict=True)]]
    return out


def test_a_quotient_is_met_only_as_rounded_to_the_nearest_whole() -> None:
    assert meets(Kind.AVERAGE, 7, 2, 3) and meets(Kind.AVERAGE, 7, 2, 4)
    assert meets(Kind.CHANGE, 56378, 46671, 21) and not meets(Kind.CHANGE, 56378, 46671, 20)
    assert not meets(Kind.SHARE, 2, 3, 66) and meets(Kind.SHARE, 2, 3, 67)
    assert not meets(Kind.CHANGE, 2, 3, 0) and not meets(Kind.AVERAGE, 5, 0, 5)


def test_a_quotient_that_only_repeats_a_figure_or_is_round_says_nothing_or_less() -> None:
    assert chance(Kind.AVERAGE, 500, 1, 500) == 1
    assert chance(Kind.SHARE, 431, 431, 100) == 1
    assert chance(Kind.SHARE, 37, 100, 37) == 1
    assert chance(Kind.AVERAGE, 3000, 3, 1000) == 1
    assert chance(Kind.AVERAGE, 3750, 3, 1250) == pytest.approx(1 / 125)


def test_changes_in_per_cent_show_the_columns_and_rows_are_read_that_nothing_else_decides() -> None:
    table = changes(random.Random(3), 18)
    held = [joined(*row) for row in table]
    said = along(held)
    assert set(said.shown) == {3} and said.shown[3] >= 10
    read = decide(held)
    assert read.columns == 3
    right = [r.numbers == tuple(row) for r, row in zip(read.rows, table, strict=True) if r.numbers is not None]
    assert all(right) and len(right) >= 9


def test_changes_of_one_or_two_per_cent_decide_no_row_alone() -> None:
    rng = random.Random(5)
    table = [[(b := rng.randint(10_000, 99_999)) * 102 // 100, b, 2] for _ in range(18)]
    assert not along([joined(*row) for row in table]).read


def test_figures_of_six_digits_that_could_all_be_two_of_three_are_left_open() -> None:
    rng = random.Random(7)
    table = []
    while len(table) < 16:
        before = rng.randint(100, 600) * 1000 + rng.randint(100, 999)
        now = before * rng.randint(110, 160) // 100
        per_cent = (200 * (now - before) + before) // (2 * before)
        if now % 1000 >= 100 and meets(Kind.CHANGE, now // 1000, before // 1000, per_cent):
            table.append([now, before, per_cent])
    said = along([joined(*row) for row in table])
    assert not said.read and not said.shown and not said.borne


@pytest.mark.parametrize("seed", range(4))
def test_an_amount_beside_each_number_is_never_joined_to_it(seed: int) -> None:
    rng = random.Random(seed)
    table = []
    for _ in range(20):
        before = rng.randint(100, 600)
        now = before * rng.randint(105, 160) // 100
        beside = [rng.randint(100, 999), rng.randint(100, 999)]
        table.append([now, beside[0], before, beside[1], (200 * (now - before) + before) // (2 * before)])
    answers = rows(flattened([("item", row) for row in table]))
    assert all(got in (None, tuple(row)) for got, row in zip(answers, table, strict=True))


def test_a_change_that_figures_share_with_their_thousands_is_read_where_widths_bear_it_out() -> None:
    # 526 543 of 326 318 is 61 % more, and so is 526 of 326: an odd row of five figures, or one like all others
    table = [*changes(random.Random(3), 24), [526_543, 326_318, 61]]
    held = [joined(*row) for row in table]
    said = along(held)
    assert 24 not in said.read and said.borne[24].reading == (526_543, 326_318, 61) and said.borne[24].rivals
    read = decide(held)
    assert read.rows[24].numbers == (526_543, 326_318, 61)
    # by widths alone it is left open
    assert decide([*held[:-1], joined(526_543, 326_318, 17)]).rows[24].numbers is None


def test_a_figure_is_not_split_because_the_others_have_two_there() -> None:
    # 11 352 | 30 974 | 27 699 | 42 326, a cell blank beside 27 699, among rows of five figures whose first two add up
    printed = flattened_random.table(305_000_012)
    answers = rows(flattened(printed))
    assert not [(f, a) for (_, f), a in zip(printed, answers, strict=True) if a is not None and list(a) != f]


def test_an_average_that_repeats_itself_is_read_beside_lines_that_something_else_decides() -> None:
    table = [*averages(random.Random(1), 4, 5), [3000, 4500, 2804, 15_000], [2, 3, 4, 12], [1500, 1500, 701, 1250]]
    held = [joined(*row) for row in table]
    assert 14 not in between(held)
    assert between(held, {13: (2, 3, 4, 12)})[14] == (1500, 1500, 701, 1250)
    assert 14 not in between(held, {12: (3000, 4500, 2804, 15, 0)} | {13: (2, 3, 4, 12)})


def test_averages_between_lines_leave_one_reading_of_all_three() -> None:
    table = averages(random.Random(1), 4, 5)
    read = between([joined(*row) for row in table])
    assert len(read) == 12
    assert all(read[r] == tuple(row) for r, row in enumerate(table))


def test_lines_with_a_naught_and_no_average_for_it_do_not_keep_the_others_from_being_read() -> None:
    table = averages(random.Random(1), 6, 5)
    table[0][2] = table[1][2] = 0
    table[2].pop(2)
    read = between([joined(*row) for row in table])
    assert set(read) >= set(range(3, 18))
    assert all(numbers == tuple(table[r]) for r, numbers in read.items())


@pytest.mark.parametrize("seed", range(8))
def test_averages_printed_wrong_are_not_read_otherwise(seed: int) -> None:
    rng = random.Random(seed)
    table = averages(rng, 5, 4)
    for wrong in (2, 5):
        j = rng.randrange(3)
        table[wrong][j] += 1
        table[wrong][j + 1] += rng.choice([-1, 1])
    read = between([joined(*row) for row in table])
    assert all(numbers == tuple(table[r]) for r, numbers in read.items())
    assert 2 not in read and 5 not in read


def test_lines_that_nothing_ties_are_no_averages() -> None:
    rng = random.Random(11)
    table = [[int(10 ** rng.uniform(1, 6)) for _ in range(4)] for _ in range(60)]
    assert not between([joined(*row) for row in table])


def test_dates_that_pass_a_thousand_are_one_number_in_the_lines_before_it() -> None:
    table = [[37_960 + 7 * i, 0, 73, 0] for i in range(14)]
    held = [joined(*row) for row in table]
    read = progressions(held)
    assert [read.get(r) for r in range(6)] == [tuple(row) for row in table[:6]]
    assert decide(held).rows[0].how is How.PROGRESSION


def test_two_columns_that_pass_no_thousand_are_not_joined() -> None:
    assert not progressions([joined(37, 500 + 7 * i, 0, 73) for i in range(30)])


def test_a_line_out_of_step_ends_a_progression() -> None:
    table = [[37_960 + 7 * i, 0] for i in range(14)]
    table[3][0] += 1
    read = progressions([joined(*row) for row in table])
    assert set(read) == {4, 5}


@pytest.mark.parametrize("made", [flattened_ratios.along, flattened_ratios.between])
def test_no_row_of_made_up_tables_is_read_wrong_by_quotients_alone(
    made: Callable[[random.Random], list[Printed]],
) -> None:
    right = 0
    for seed in range(60):
        printed = made(random.Random(seed))
        held = [joined(*figures) for _, figures in printed]
        for read in (along(held).read, between(held)):
            for r, numbers in read.items():
                assert list(numbers) == printed[r][1]
                right += 1
    assert right > 10
