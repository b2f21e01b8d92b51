"""Flattened tables: one reading left by arithmetic, or none given."""

from __future__ import annotations

import random
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.model import Cell, Grid, GridKind, Place
from pipelines.prove.flattened import Resolution, RowStatus, resolve, rows
from pipelines.prove.flattened.flatrows import decide
from pipelines.prove.flattened.glued import adding_up
from pipelines.prove.flattened.groups import Row
from pipelines.prove.flattened.rowreadings import round_unit
from tests.benchmarks import flattened_heads, flattened_random

# Applications received and quotas allotted, 2006 to 2021, as published on 19 January 2022.
YEARS = {
    2007: (627, 239),
    2008: (1358, 564),
    2009: (1296, 593),
    2010: (1177, 329),
    2011: (1674, 286),
    2012: (1965, 298),
    2013: (1787, 332),
    2014: (2341, 373),
    2015: (1829, 208),
    2016: (1575, 273),
    2017: (1932, 411),
    2018: (3314, 555),
    2019: (5896, 874),
    2020: (3966, 1709),
    2021: (5365, 2004),
}
MARKS = {2020: "*", 2021: "**"}


def spaced(n: int, separator: str = " ") -> str:
    return f"{n:,}".replace(",", separator)


def grid(lines: list[str]) -> Grid:
    cells = tuple(Cell(i, 0, t, t, Place(line=i + 1)) for i, t in enumerate(lines))
    return Grid(0, GridKind.FLATTENED, len(lines), 1, cells, Place(line=1))


def yearly(separator: str = " ", total: bool = True) -> list[str]:
    lines = ["Year Applications Received", "Quotas Allotted", "(June to December)", "587 83"]
    lines += [f"{y}{MARKS.get(y, '')} {spaced(a, separator)} {spaced(b, separator)}" for y, (a, b) in YEARS.items()]
    return lines + ([f"Total {spaced(36689, separator)} {spaced(9131, separator)}"] if total else [])


def body(resolution: Resolution) -> list[list[str]]:
    assert resolution.grid is not None
    resolved = resolution.grid
    return [[c.text for c in resolved.cells if c.row == r] for r in range(resolved.header_rows, resolved.n_rows)]


@pytest.mark.parametrize("separator", [" ", "\u00a0", "\u2009"])
def test_only_one_of_4096_combinations_meets_the_totals(separator: str) -> None:
    resolution = resolve(grid(yearly(separator)))
    assert resolution.unique
    assert resolution.readings_considered == 4096
    read = body(resolution)
    assert read[0] == ["(June to December)", "587", "83"]
    assert read[2] == ["2008", spaced(1358, separator), "564"]
    assert read[14] == ["2020*", spaced(3966, separator), spaced(1709, separator)]
    assert read[-1] == ["Total", spaced(36689, separator), spaced(9131, separator)]


def test_totals_that_stand_only_in_the_prose_decide_as_well() -> None:
    lines = yearly(total=False)
    without = resolve(grid(lines))
    assert not without.unique
    assert without.candidates
    resolution = resolve(grid(lines), (Decimal(2000), Decimal(9131), Decimal(36689)))
    assert resolution.unique
    assert body(resolution)[1] == ["2007", "627", "239"]
    assert "36,689" in resolution.argument


def test_a_wrong_total_reads_nothing() -> None:
    lines = yearly()
    lines[-1] = "Total 36 690 9 131"
    resolution = resolve(grid(lines))
    assert not resolution.unique
    assert RowStatus.READ not in {s for s, t in zip(resolution.statuses, lines, strict=True) if t.startswith("2008")}


def test_every_resolved_cell_leads_back_to_its_line_and_characters() -> None:
    lines = yearly("\u00a0")
    resolution = resolve(grid(lines))
    assert resolution.grid is not None
    for cell in resolution.grid.cells:
        read_row, read_col = resolution.source[cell.row, cell.col]
        assert read_col == 0
        if cell.place.chars is not None:
            a, b = cell.place.chars
            assert cell.place.line == read_row + 1
            assert lines[read_row][a:b] == cell.text


def test_header_lines_that_cannot_be_split_span_the_columns() -> None:
    resolved = resolve(grid(yearly())).grid
    assert resolved is not None
    assert resolved.header_rows == 2
    assert [(c.text, c.colspan) for c in resolved.cells if c.row < 2] == [
        ("Year Applications Received", 3),
        ("Quotas Allotted", 3),
    ]


GLUED = {
    "7134145286": (7, 134, 145, 286),
    "278642,3333,224": (27, 864, 2333, 3224),
    "1851,575131,773": (185, 1575, 13, 1773),
}


def test_cells_joined_by_nothing_have_one_split_that_adds_up() -> None:
    for run, numbers in GLUED.items():
        assert [s[0] for s in adding_up(run, (4,))] == [numbers]
    resolution = resolve(grid([f"Number of applications of kind {'abc'[i]}{run}" for i, run in enumerate(GLUED)]))
    assert resolution.unique
    assert [[t.replace(",", "") for t in row[1:]] for row in body(resolution)] == [
        [str(n) for n in numbers] for numbers in GLUED.values()
    ]


def test_one_run_of_ten_digits_adds_up_by_luck_too_often_to_be_read() -> None:
    assert not resolve(grid(["Number of rejected applications7134145286"])).unique


def test_random_runs_of_digits_are_never_split() -> None:
    rng = random.Random(7)
    for _ in range(150):
        lines = [f"kind {'abcd'[i]}{rng.randrange(10**8, 10**11)}" for i in range(rng.randint(1, 4))]
        assert RowStatus.READ not in resolve(grid(lines)).statuses


def test_label_digits_that_touch_the_first_cell_leave_no_split() -> None:
    assert adding_up("30278642,3333,224", (4,)) == []
    assert adding_up("401851,575131,773", (4,)) == []
    assert not resolve(grid(["Aged 18-30278642,3333,224"])).unique


def test_lines_with_shares_or_absences_are_not_split() -> None:
    resolution = resolve(grid(["City 927 100% - - 927", "Town 7 858 92% 636 8 494"]))
    assert not resolution.unique
    assert set(resolution.statuses) == {RowStatus.MIXED}


def test_a_label_that_holds_figures_of_its_own_is_not_taken_for_a_label() -> None:
    resolution = resolve(grid(["North 1 997 16 807 South 291 513", "East 12 30", "West 13 31", "Hill 14 32"]))
    assert resolution.statuses[0] is RowStatus.MIXED
    assert not resolution.unique


def test_a_grid_of_another_kind_is_refused() -> None:
    other = Grid(0, GridKind.TEXT, 0, 0, (), Place())
    with pytest.raises(ValueError, match="flattened"):
        resolve(other)


def test_an_accidental_sum_of_small_figures_does_not_decide() -> None:
    # 1 234 and 1 | 234 both stay open: no sum here is beyond luck
    assert rows(["a 1 234", "b 2 345", "c 3 456"]) == [None, None, None]


def test_the_count_of_columns_alone_never_forces_a_row_with_a_blank_cell() -> None:
    lines = ["a 40 30 20", "b 41 31 21", "c 42 32 22", "d 43 33 23", "e 5 123 456"]
    assert rows(lines)[:4] == [(40, 30, 20), (41, 31, 21), (42, 32, 22), (43, 33, 23)]
    assert rows(lines)[4] is None


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_random_tables_flattened_and_resolved_never_give_a_wrong_row(seed: int) -> None:
    rng = random.Random(seed)
    n, k = rng.randint(2, 12), rng.randint(1, 5)
    high = rng.choice([99, 999, 9999, 99999, 9999999])
    table = [[rng.randint(0, high) for _ in range(k)] for _ in range(n)]
    if rng.random() < 0.5:
        table = [[*row, sum(row)] for row in table]
    if rng.random() < 0.7:
        table.append([sum(c) for c in zip(*table, strict=True)])
    if rng.random() < 0.3:  # blank cells
        table = [[v for v in row if rng.random() < 0.9] or row for row in table]
    answers = rows([f"row {'x' * (i + 1)} " + " ".join(spaced(v) for v in row) for i, row in enumerate(table)])
    wrong = [(row, got) for row, got in zip(table, answers, strict=True) if got is not None and list(got) != row]
    assert not wrong


def wrong_rows(printed: list[tuple[str, list[int]]]) -> list[tuple[list[int], list[int]]]:
    """The figures of each line of a made-up table that is read wrong, and what was read; declined ones are not."""
    answers = rows(flattened_random.flattened(printed))
    return [(f, list(a)) for (_, f), a in zip(printed, answers, strict=True) if a is not None and list(a) != f]


def flat(table: list[list[int]], name: str = "row") -> list[str]:
    return [f"{name} {'x' * (i % 9 + 1)} " + " ".join(spaced(v) for v in row) for i, row in enumerate(table)]


def test_no_number_is_joined_of_more_than_fifteen_digits() -> None:
    readings = Row(("123", "456", "789", "123", "456", "789")).readings()
    assert readings is not None
    assert max(len(str(v)) for numbers in readings for v in numbers) == 15


def test_runs_of_digits_longer_than_any_figure_stop_nothing() -> None:
    lines = ["a " + "9" * 400, "b " + "123 " * 60 + "456", "c 1 234 5", "Total 12 34"]
    assert len(rows(lines)) == 4


def test_a_figure_that_only_one_part_has_is_not_split_because_the_total_repeats_it() -> None:
    # worked 0 in the last columns: hours allocated and remaining are alike there, and 1 400 splits in both or neither
    lines = [
        "Total hours allocated 35 280 420 420 70 630 420 1 050 1 400 700 70",
        "Total hours worked 35 280 84 84 0 0 28 0 0 0 0 0",
        "Remaining hours 0 0 336 336 70 630 392 1 050 1 400 700 70",
        "Hourly rate 140 140 140 140 140 140 140 7 140 140 140 140",
    ]
    answers = rows(lines)
    for i in (0, 2):
        assert answers[i] is None or len(answers[i] or ()) == 11


def test_a_longer_row_is_not_forced_into_the_columns_of_the_others() -> None:
    table = [[7 * i + 3, 11 * i + 40, 18 * i + 43] for i in range(1, 9)]
    table.append([sum(c) for c in zip(*table, strict=True)])
    answers = rows([*flat(table), "other 2 6 956 212 621"])
    assert [list(a) for a in answers[:-1] if a] == table
    assert answers[-1] is None


def test_a_sum_of_one_part_says_nothing_of_where_its_figures_end() -> None:
    # 0 / 1 answers times 2 900: that one figure repeats another is no sum
    rng = random.Random(3)
    table = [[rng.choice((0, 0, 0, 2900)) for _ in range(14)] for _ in range(12)]
    answers = rows(flat(table))
    assert not [a for a, row in zip(answers, table, strict=True) if a is not None and list(a) != row]


def test_years_in_a_row_are_no_sum_of_their_halves() -> None:
    # 1 970 1 971: 970 + 1 = 971
    table = [[1001 * i + 40_000, 37 * i + 25_886, 91 * i + 26_647, 128 * i + 52_533] for i in range(9)]
    answers = rows([*flat(table), "other 1 967 1 968 1 969 1 970 1 971"])
    assert answers[-1] is None or list(answers[-1]) == [1967, 1968, 1969, 1970, 1971]


def test_round_figures_of_which_all_are_multiples_count_as_small_ones() -> None:
    table = [[500 * a, 500 * b, 500 * c] for a, b, c in ((3, 7, 1), (5, 9, 3), (7, 5, 9), (3, 3, 5), (1, 9, 7))]
    assert not [a for a, row in zip(rows(flat(table)), table, strict=True) if a is not None and list(a) != row]


def test_a_row_that_no_sum_reaches_is_read_by_the_widths_of_the_others_at_long_odds() -> None:
    rng = random.Random(11)
    table = [[rng.randint(10_000, 99_999) for _ in range(5)] for _ in range(24)]
    table.append([sum(c) for c in zip(*table, strict=True)])
    lines = [*flat(table), "deposits 41 230 52 904 38 116 47 550 61 007"]
    assert rows(lines)[-1] == (41230, 52904, 38116, 47550, 61007)


def test_a_row_with_a_blank_cell_is_declined_where_widths_leave_two_readings_likely() -> None:
    rng = random.Random(12)
    table = [[rng.randint(100, 999) * rng.choice((1, 1000)) + rng.randint(0, 9) for _ in range(3)] for _ in range(24)]
    table.append([sum(c) for c in zip(*table, strict=True)])
    assert rows([*flat(table), "other 412 305 118 640"])[-1] is None


def test_columns_that_are_always_split_alike_are_not_read_without_a_sum() -> None:
    # serial dates of five digits: 37 644 is one figure or two in every row alike
    lines = [f"{37_644 + i:,} {10 + i} 0".replace(",", " ") for i in range(0, 60, 5)]
    assert set(rows(lines)) <= {None}


def test_two_sums_side_by_side_are_not_read_as_one_of_joined_figures() -> None:
    table = [[91_000 + i, 120_000 + 3 * i, 52_000 + 7 * i, 210_000 + 11 * i] for i in range(10)]
    table = [[*row, row[0] + row[2], row[1] + row[3]] for row in table]
    answers = rows(flat(table))
    assert not [a for a, row in zip(answers, table, strict=True) if a is not None and list(a) != row]


def test_a_row_of_one_figure_and_its_total_is_read_where_the_rows_of_its_table_add_up() -> None:
    rng = random.Random(5)
    table = [[rng.randint(100_000, 999_999) for _ in range(n)] for n in (2, 3, 4, 2, 3, 4, 2, 3)]
    table = [[*row, sum(row)] for row in [*table, [204_641]]]
    assert [list(a or ()) for a in rows(flat(table))] == table


def test_figures_that_repeat_each_other_in_every_row_are_no_sums() -> None:
    assert set(rows(["item 204 641 204 641", "item 318 912 318 912"] * 5)) == {None}


def test_a_row_of_few_figures_is_read_by_its_sum_where_no_other_count_of_it_is_usual() -> None:
    rng = random.Random(5)
    table = [[rng.randint(100, 999) for _ in range(6)] for _ in range(30)]
    table = [[*row, sum(row)] for row in [*table, [104, 148, 332]]]
    assert list(rows(flat(table))[-1] or ()) == table[-1]


def test_a_divisor_that_is_no_unit_of_round_figures_makes_them_no_smaller() -> None:
    divisors = np.array([1, 6, 8, 10, 50, 60, 250, 700, 4000])
    assert round_unit(divisors).tolist() == [1, 1, 1, 10, 50, 20, 250, 100, 2000]


def test_codes_before_each_row_leave_the_columns_to_add_up() -> None:
    # parts begin with a code, their total does not: no row shows how many columns there are but by the sum
    rng = random.Random(6)
    lines, expected = [], []
    for low in (100, 1000):
        parts = [[23_001 + 2 * i, *[rng.randint(low, 10 * low - 1) for _ in range(4)]] for i in range(8)]
        for row in [*parts, [sum(c) for c in [*zip(*parts, strict=True)][1:]]]:
            lines.append(" ".join(spaced(v) for v in row))
            expected.append(row)
    assert [list(a or ()) for a in rows(lines)] == expected


def test_a_count_of_columns_that_was_not_searched_is_not_ruled_out_for_missing_the_sums() -> None:
    # parts have a code and five figures, totals five: 1 738 160 000 + 2 921 734 000 = 4 659 894 000 carries nothing
    lines, expected = [], []
    blocks = [
        [[133898, 133898, 630843, 1738160, 2369003], [87730, 87730, 886596, 2921734, 3808330]],
        [[3311473, 3311473, 807022, 1518647, 2325669], [1706980, 1706980, 4265198, 2842172, 7107370]],
        [[9490146, 9490146, 10585511, 9175484, 19760995], [1349803, 1349803, 1951305, 184787, 2136092]],
    ]
    for block in blocks:
        figures = [[1000 * v for v in row] for row in block]
        total = [sum(column) for column in zip(*figures, strict=True)]
        for row in [*([30_030 + len(lines) + i, *part] for i, part in enumerate(figures)), total]:
            lines.append("item " + " ".join(spaced(v) for v in row))
            expected.append(row)
    assert not [(f, a) for f, a in zip(expected, rows(lines), strict=True) if a is not None and list(a) != f]


@pytest.mark.parametrize("seed", [24_000_073, 101_000_168])
def test_a_sum_that_leaves_out_the_first_column_does_not_split_figures_of_six_digits(seed: int) -> None:
    # 341 + 117 + 2 = 460 in a second column, the first left out; meant is 188 341 + 178 117 + 2 = 366 460
    assert not wrong_rows(flattened_random.table(seed))


def test_two_sums_side_by_side_are_not_joined_where_one_has_a_blank_cell() -> None:
    # 312 000 + 277 000 = 589 000 and 179 500 + 306 000 + 123 000 = 608 500: as one sum they hold as well
    assert not wrong_rows(flattened_random.table(23_000_102))


def test_a_serial_number_is_not_joined_to_the_figure_behind_it_where_rows_have_blank_cells() -> None:
    # 346 | 907 090 | 824 534 645 712 1 470 246
    assert not wrong_rows(flattened_random.table(21_000_066))


def test_a_year_is_not_joined_to_the_figure_behind_it_where_rows_have_blank_cells() -> None:
    # 1 999 | 191 450 | 0 191 450 2 070 099 593 478 2 663 577
    assert not wrong_rows(flattened_random.table(91_000_072))


def test_a_serial_number_is_not_split_where_rows_have_now_more_now_fewer_figures_before_the_sum() -> None:
    # 99 993 | 653 647 1 300
    assert not wrong_rows(flattened_random.table(103_000_063))


@pytest.mark.parametrize("seed", [111_000_072, 113_000_111, 113_000_123])
def test_two_figures_are_not_joined_beside_a_blank_cell(seed: int) -> None:
    # 4 370 | 284; 14 658 | 189 233 beside 56 790 + 807 931 = 864 721; 310 212 | 296 885 beside 254 484 + 261 031
    assert not wrong_rows(flattened_random.table(seed))


def test_a_row_with_more_readings_than_are_listed_is_not_read_by_a_sum_of_another_count() -> None:
    # 64 | 125 417 | 129 105 … adds up with nine figures, in one of too many ways; and with fifteen, in one
    assert not wrong_rows(flattened_random.table(92_000_101))


def test_a_row_of_figures_far_greater_than_those_of_all_others_is_not_read_by_widths() -> None:
    # 3 220 76 959 is four figures of a row of another kind, or two that are ten times those of any other row
    assert not wrong_rows(flattened_random.table(24_000_082))


def _with_sums(rng: random.Random, heads: list[list[int]]) -> list[list[int]]:
    """Rows that begin with `heads` and end with a + b = c."""
    pairs = [(rng.randint(400, 1400), rng.randint(2000, 9000)) for _ in heads]
    return [[*head, a, b, a + b] for head, (a, b) in zip(heads, pairs, strict=True)]


def test_one_row_joined_by_a_leading_naught_tells_that_there_is_one_column_before_the_sums() -> None:
    # 1 041 | 431 2 577 3 008 among 3 512 …, 1 794 …: were it two columns, this row would lack a cell and stand apart
    firsts = [3512, 1794, 3481, 6377, 4862, 2549, 1041, 5126, 4771, 5254, 1908, 1573]
    table = _with_sums(random.Random(5), [[v] for v in firsts])
    table[6][1:] = [431, 2577, 3008]
    assert [list(a or ()) for a in rows([f"item {' '.join(map(spaced, row))}" for row in table])] == table
    table[6][0] = 1142  # nothing tells
    assert rows([f"item {' '.join(map(spaced, row))}" for row in table]) == [None] * 12


def test_a_total_joined_by_a_leading_naught_tells_nothing_of_the_codes_before_its_parts() -> None:
    parts = _with_sums(random.Random(5), [[i % 9 + 1, 510 + 7 * i] for i in range(11)])
    total = [sum(column) for column in zip(*parts, strict=True)][1:]
    total[0] = 6041
    answers = rows([f"item {' '.join(map(spaced, row))}" for row in [*parts, total]])
    assert not [(f, a) for f, a in zip([*parts, total], answers, strict=True) if a is not None and list(a) != f]


@pytest.mark.parametrize("seed", range(8))
def test_rows_with_a_blank_cell_do_not_tell_that_there_is_one_column_before_the_sums(seed: int) -> None:
    # 2 | 151 | 1 311 5 445 6 756, 4 | … and 607 | 665 6 188 6 853: one figure there in some rows, so in all of them?
    rng = random.Random(seed)
    table = _with_sums(rng, [[i + 1, rng.randint(110, 999)] for i in range(16)])
    for r in rng.sample(range(16), 7):
        table[r] = table[r][1:]
    answers = rows([f"item {' '.join(map(spaced, row))}" for row in table])
    assert not [(f, a) for f, a in zip(table, answers, strict=True) if a is not None and list(a) != f]
    assert any(answers)


@pytest.mark.parametrize("seed", [2_000_280, 2_000_322, 2_000_330, 2_000_388])
def test_totals_without_a_code_do_not_tell_that_a_code_and_the_figure_behind_it_are_one(seed: int) -> None:
    # 1 | 416 86 774 …, 2 | 267 79 885 … under totals 2 017 397 100 …; or 7 | 503 | 502 left to the label as one number
    _, table = flattened_heads.before_sums(random.Random(seed))
    assert not wrong_rows([("item", row) for row in table])


def test_rows_of_which_some_may_lack_a_figure_are_laid_out_in_no_columns() -> None:
    # 607 | 665 6 188 6 853 is read, but whether 607 stands in the first column or in the second is not known
    rng = random.Random(1)
    table = _with_sums(rng, [[rng.randint(1, 30), rng.randint(110, 999)] for _ in range(16)])
    for r in rng.sample(range(16), 7):
        table[r] = table[r][1:]
    resolution = resolve(grid([f"item {' '.join(map(spaced, row))}" for row in table]))
    assert resolution.grid is None and not resolution.unique


@pytest.mark.parametrize("seed", range(4))
def test_a_year_without_the_figure_behind_it_does_not_tell_that_both_are_one_figure(seed: int) -> None:
    rng = random.Random(seed)
    years = [rng.choice([1998, 2001, 2002, 1996, 2005, 2008]) for _ in range(16)]
    table = _with_sums(rng, [[year, rng.randint(110, 999)] for year in years])
    for r in rng.sample(range(16), 6):
        del table[r][1]
    assert not wrong_rows([("item", row) for row in table])


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_tables_made_up_like_real_ones_never_give_a_wrong_row(seed: int) -> None:
    printed = flattened_random.table(seed)
    if len(printed) > 20:
        printed = printed[:20]
    assert not wrong_rows(printed)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=6))
def test_the_true_reading_is_always_among_the_readings(numbers: list[int]) -> None:
    readings = Row(tuple(" ".join(spaced(v) for v in numbers).split())).readings()
    assert readings is not None
    assert tuple(numbers) in readings


def test_the_answer_is_the_same_twice() -> None:
    flat = [Row(tuple(f"{a} {b} {a + b}".split())) for a, b in YEARS.values()]
    assert decide(flat) == decide(flat)
