"""Which sums a bare table of strings is said to claim."""

from __future__ import annotations

import random

import pytest

from pipelines.prove import aggregates, numbers
from tests.prove.grids import proof, verdicts


def sums(rows: list[list[str]]) -> dict[tuple[int, int], list[set[tuple[int, int]]]]:
    """By total: the parts of every sum that is claimed of it."""
    out: dict[tuple[int, int], list[set[tuple[int, int]]]] = {}
    for found in aggregates.find(rows):
        if found.operator == "Sum":
            out.setdefault(found.total, []).append(set(found.parts))
    return out


def column(*rows: int, col: int = 1) -> set[tuple[int, int]]:
    return {(r, col) for r in rows}


def table(head: list[str], *rows: tuple[object, ...]) -> list[list[str]]:
    return [head, *([str(v) for v in row] for row in rows)]


YEARS = ["Item", "First", "Second", "Third"]


def test_a_run_that_ties_by_naught_stops_at_an_empty_line():
    made = table(
        YEARS,
        ("Quarry", 0, 0, 0),
        ("", "", "", ""),
        ("Alder", 1203, 2417, 911),
        ("Birch", 4411, 1290, 3207),
        ("Cedar", 982, 3391, 1145),
        ("All woods", 6596, 7098, 5263),
    )
    assert sums(made)[(6, 1)] == [column(3, 4, 5)]


def test_a_profit_is_a_part_of_the_sales_above_it_and_of_the_net_income_below_it():
    made = table(
        YEARS,
        ("Sales", 68703, 65003, 71288),
        ("Goods", 54355, 53161, 58270),
        ("Staff", 12974, 10381, 11709),
        ("Profit", 1374, 1461, 1309),
        ("Interest", -627, -185, 217),
        ("After interest", 747, 1276, 1526),
    )
    found = sums(made)
    assert column(2, 3, 4) in found[(1, 1)]
    assert column(4, 5) in found[(6, 1)]


def test_rates_beside_counts_do_not_fail_a_sum():
    made = [
        ["School", "Tested", "Passed", "Share"],
        ["A", "265357", "205320", "0.77375"],
        ["B", "276988", "224069", "0.80895"],
        ["C", "271669", "238191", "0.87677"],
        ["Whole town", "814014", "667580", "0.82011"],
    ]
    found = sums(made)
    assert found[(4, 1)] == [column(1, 2, 3)]
    assert (4, 3) not in found


def test_totals_of_namesakes_are_found_across_the_blocks_of_a_table():
    head = [["", "All", "", "Primary", "", "", "Secondary", "", "", "Special", "", ""]]
    head.append(["District", "Public", "Private", *["Total", "Public", "Private"] * 3])
    rng = random.Random(3)
    body = []
    for name in ("North", "South", "East", "West"):
        parts = [(rng.randint(100, 999), rng.randint(100, 999)) for _ in range(3)]
        public, private = sum(a for a, _ in parts), sum(b for _, b in parts)
        body.append([name, str(public), str(private), *(str(v) for a, b in parts for v in (a + b, a, b))])
    found = sums(head + body)
    assert {(2, 4), (2, 7), (2, 10)} in found[(2, 1)]
    assert {(2, 5), (2, 8), (2, 11)} in found[(2, 2)]
    assert {(2, 4), (2, 5)} in found[(2, 3)]


def test_what_remains_of_total_income_after_total_expenses_is_their_balance():
    made = table(
        ["Account", "Last year", "This year"],
        ("Fees", 76316, 50325),
        ("Grants", 443294, 178207),
        ("Total income", 519610, 228532),
        ("", "", ""),
        ("Rent", 22000, 16500),
        ("Print", 216007, 31020),
        ("Total expenses", 238007, 47520),
        ("", "", ""),
        ("Left over", 281603, 181012),
    )
    assert sums(made)[(3, 1)] == [column(1, 2), column(7, 9)]


def test_a_total_of_nothing_is_claimed_at_the_end_of_a_confirmed_row():
    made = table(
        ["Week", "One", "Two", "Total hours"],
        ("1", 12, 31, 43),
        ("2", 27, 14, 41),
        ("3", 9, 53, 62),
        ("4", "", "", 0),
        ("5", "", "", 0),
    )
    assert {(4, 3), (5, 3)} <= set(sums(made))


def test_a_mark_for_a_missing_figure_belongs_to_the_parts_and_a_heading_does_not():
    made = [
        ["Site", "Cost of the site"],
        ["", "Thousand dollars"],
        ["A", "30517"],
        ["B", "22094"],
        ["C", "14871"],
        ["D", "TBD"],
        ["Site total", "67482"],
    ]
    assert sums(made)[(6, 1)] == [column(2, 3, 4, 5)]


def test_the_naughts_of_a_format_are_no_precision():
    made = [
        ["Year", "Q1", "Q2", "Q3", "Q4", "Whole"],
        ["Sales", "824.20000", "848.00000", "857.40000", "889.00000", "3418.00000"],
        ["Costs", "906.80000", "937.90000", "971.00000", "1018.00000", "3833.70000"],
        ["Staff", "1062.00000", "1097.00000", "1124.00000", "1164.00000", "4447.00000"],
        ["Space", "212.30000", "197.20000", "201.60000", "188.10000", "799.20000"],
    ]
    assert {t for t in sums(made) if t[1] == 5} == {(1, 5), (2, 5), (3, 5), (4, 5)}


def test_a_total_skips_the_rates_between_its_parts():
    made = table(
        YEARS,
        ("Hardware", 38977, 38116, 40683),
        ("Hardware rate %", 28.4, 28.5, 35.1),
        ("Software", 54045, 48457, 46875),
        ("Software rate %", 75.9, 80.1, 83.9),
        ("Service", 105538, 90564, 76472),
        ("Service rate %", 55.0, 52.5, 55.2),
        ("Total", 198560, 177137, 164030),
    )
    assert sums(made)[(7, 1)] == [column(1, 3, 5)]


def test_years_are_their_quarters_where_other_years_show_it():
    rng = random.Random(8)
    head, rows = ["Item"], [["Sales"], ["Costs"], ["Staff"], ["Space"]]
    for year in range(2001, 2005):
        head += [*(f"Q{q} {year}" for q in range(1, 5)), str(year)]
        for row in rows:
            quarters = [rng.randint(20_000, 90_000) for _ in range(4)]
            off = 41 if year == 2003 else 0  # this year's own figures are rounded, its quarters are not
            row += [*(str(q) for q in quarters), str(sum(quarters) + off)]
    assert {t[1] for t in sums([head, *rows])} == {5, 10, 15, 20}


def test_absences_that_add_up_by_ones_are_told_from_luck_by_their_places():
    rng = random.Random(2)
    rows = []
    for pupil in range(24):
        days = ["1" if rng.random() < 0.06 else "0" for _ in range(20)]
        rows.append([f"Pupil {chr(65 + pupil)}", *days, str(days.count("1"))])
    found = sums([["Pupil", *(f"Day {chr(97 + d)}" for d in range(20)), "Days away"], *rows])
    assert len([t for t in found if t[1] == 21]) > 20


def test_an_index_less_its_base_of_a_hundred_is_no_sum():
    rng = random.Random(4)
    rows = []
    for year in range(9):
        index = round(rng.uniform(101, 180), 2)
        rows.append((f"Year {chr(65 + year)}", f"{index:.2f}", rng.randint(10, 99), "100.00", f"{index - 100:.2f}"))
    assert not sums(table(["Year", "Index", "Count", "Base", "Change"], *rows))


def test_small_numbers_without_a_label_are_no_sum_at_one_crossing():
    made = table(["Task", "Days"], ("Sort", 5.55556), ("Scan", "1.00000"), ("File", "2.00000"), ("Bind", "3.00000"))
    assert not sums(made)


def test_figures_drawn_at_random_make_no_sums():
    rng = random.Random(6)
    claimed = 0
    for _ in range(60):
        width, most = rng.randint(1, 6), rng.choice([99, 9_999, 999_999])
        rows = [[f"Kind {chr(65 + r)}", *(str(rng.randint(0, most)) for _ in range(width))] for r in range(12)]
        claimed += bool(sums([["Kind", *(f"Place {c}x" for c in range(width))], *rows]))
    assert claimed <= 3


def scores(rng: random.Random, pupils: int, tests: int) -> list[list[int]]:
    """Scores by pupil and test, with their total."""
    rows = [[rng.randint(20, 100) for _ in range(tests)] for _ in range(pupils)]
    return [[*row, sum(row)] for row in rows]


def test_one_year_less_two_others_is_two_differences():
    rng = random.Random(11)
    rows: list[tuple[object, ...]] = []
    for n in range(9):
        first, second, last = (rng.randint(2000, 9000) for _ in range(3))
        rows.append((f"District {n}", first, second, last, last - first, last - second))
    made = table(["District", "1999", "2001", "2002", "2002-1999", "2002-2001"], *rows)
    claimed = sums(made)
    for r in range(1, 10):
        assert {frozenset(parts) for parts in claimed[(r, 3)]} == {
            frozenset({(r, 1), (r, 4)}),
            frozenset({(r, 2), (r, 5)}),
        }


def test_all_by_sex_and_all_by_sex_and_age_are_one_sum_of_two_and_two_of_two():
    rng = random.Random(5)
    rows: list[tuple[object, ...]] = []
    for n in range(8):
        young_men, old_men, young_women, old_women = (rng.randint(200, 900) for _ in range(4))
        men, women = young_men + old_men, young_women + old_women
        rows.append((f"Place {n}", men, women, men + women, young_men, old_men, young_women, old_women))
    heads = ["Place", "Men", "Women", "Total", "Men young", "Men old", "Women young", "Women old"]
    claimed = sums(table(heads, *rows))
    for r in range(1, 9):
        assert claimed[(r, 3)] == [{(r, 1), (r, 2)}]
        assert claimed[(r, 1)] == [{(r, 4), (r, 5)}]
        assert claimed[(r, 2)] == [{(r, 6), (r, 7)}]


def test_a_row_of_averages_is_not_claimed_to_add_up_too():
    made = scores(random.Random(1), 12, 4)
    averages = [f"{sum(column) / 12:.5f}" for column in zip(*made, strict=True)]
    rows = [(f"Pupil {chr(65 + k)}", *row) for k, row in enumerate(made)]
    found = sums(table(["Pupil", "Reading", "Spelling", "Algebra", "Music", "Total"], *rows, ("Mean", *averages)))
    assert {t for t in found if t[1] == 5} == {(r, 5) for r in range(1, 13)}


def test_a_second_sum_that_fails_amid_its_block_is_not_claimed():
    rng = random.Random(5)
    lines: list[list[int]] = [[rng.randint(10_000, 90_000) for _ in range(12)] for _ in range(2)]
    total = [a + b for a, b in zip(*lines, strict=True)]
    first = [rng.randint(1_000, t) for t in total]
    rest = [t - f for t, f in zip(total, first, strict=True)]
    names = ["Gas", "Oil", "Total energy", "Homes", "Works"]
    head = ["Kind", *(f"Town {chr(65 + c)}" for c in range(12))]
    whole = [(name, *row) for name, row in zip(names, [*lines, total, first, rest], strict=True)]
    both = sums(table(head, *whole))
    assert all(column(1, 2, col=c) in both[(3, c)] and column(4, 5, col=c) in both[(3, c)] for c in range(1, 13))
    rest[5] += 1_234
    whole = [(name, *row) for name, row in zip(names, [*lines, total, first, rest], strict=True)]
    once = sums(table(head, *whole))
    assert all(once[(3, c)] == [column(1, 2, col=c)] for c in range(1, 13))


def test_a_total_above_its_parts_at_one_crossing_is_told_from_luck():
    above = [("Total answers", 5000), ("By post", 3500), ("By wire", 750), ("By hand", 750)]
    others = [(f"Cost {chr(65 + k)}", 130 + 17 * k * k) for k in range(12)]
    assert not sums(table(["Survey", "Number"], *above, ("", ""), *others))
    below = [*above[1:], above[0]]
    assert sums(table(["Survey", "Number"], *below, ("", ""), *others)) == {(4, 1): [column(1, 2, 3)]}


def test_words_at_either_end_of_a_run_are_no_part_of_it():
    made = [["Pupil", "Essay", "Model", "Report", "Extra", "Points"], ["Most", "350", "400", "80", "Credit", "830"]]
    rng = random.Random(9)
    for k in range(9):
        marks = [rng.randint(100, 350), rng.randint(100, 400), rng.randint(10, 80), rng.randint(1, 9)]
        made.append([f"Pupil {chr(65 + k)}", *(str(m) for m in marks), str(sum(marks))])
    assert sums(made)[(1, 5)] == [{(1, 1), (1, 2), (1, 3)}]


def test_of_a_corner_that_adds_up_both_ways_the_sum_whose_parts_have_a_total_is_not_claimed():
    rng = random.Random(3)
    rows = []
    for k in range(4):
        a, b, c, d = (rng.randint(100, 999) for _ in range(4))
        rows.append([f"Farm {chr(65 + k)}", a, b, c, d, a + b + c + d, a + b])
    rows.append(["Total", *(sum(row[c] for row in rows) for c in range(1, 7))])
    head = ["Farm", "Ewes", "Rams", "Cows", "Bulls", "All stock", "Sheep"]
    found = sums(table(head, *rows))
    assert {(1, 1), (1, 2), (1, 3), (1, 4)} in found[(1, 5)]
    assert found[(5, 5)] == [column(1, 2, 3, 4, col=5)]


def test_one_naught_of_nothing_amid_a_column_of_totals_is_not_claimed():
    rng = random.Random(7)
    rows: list[tuple[object, ...]] = []
    for k in range(9):
        a, b = rng.randint(10, 99), rng.randint(10, 99)
        rows.append((f"Week {chr(65 + k)}", a, b, a + b) if k != 4 else ("", "", "", 0))
    found = sums(table(["Week", "Morning", "Evening", "Total hours"], *rows))
    assert {t for t in found if t[1] == 3} == {(r, 3) for r in range(1, 10) if r != 5}


def test_a_figure_is_added_up_on_both_sides_only_where_it_is_a_balance():
    rows = [
        ("Sales", 68703, 65003, 71288),
        ("Goods", 54355, 53161, 58270),
        ("Staff", 12974, 10381, 11709),
        ("Profit", 1374, 1461, 1309),
        ("Interest", -627, -185, 217),
        ("Afterwards", 747, 1276, 1526),
    ]
    found = sums(table(YEARS, *rows))
    assert column(2, 3, 4) in found[(1, 1)] and column(4, 5) in found[(6, 1)]
    names = ("Alder", "Birch", "Cedar", "Damson", "Elder", "Fir")
    found = sums(table(YEARS, *((name, *row[1:]) for name, row in zip(names, rows, strict=True))))
    assert (1, 1) not in found and column(4, 5) in found[(6, 1)]


def test_what_stands_apart_in_steps_is_claimed_at_five_crossings():
    rng = random.Random(11)
    head = ["Item", *(w for q in "abcd" for w in (f"Quarter {q}", f"Head {q}")), "Total"]
    rows = []
    for k in range(6):
        amounts = [rng.randint(10_000, 99_999) for _ in range(4)]
        heads = [rng.randint(10, 99) for _ in range(4)]
        rows.append(
            (f"Item {chr(65 + k)}", *(v for pair in zip(amounts, heads, strict=True) for v in pair), sum(amounts))
        )
    assert {t for t in sums(table(head, *rows)) if t[1] == 9} == {(r, 9) for r in range(1, 7)}
    assert not sums(table(head, *rows[:4]))


def test_a_line_that_stands_as_sums_do_claims_no_part_of_another_sum():
    def made(revised: bool) -> list[list[str]]:
        rng = random.Random(8)
        head, rows = ["Item"], [["Sales"], ["Costs"], ["Staff"], ["Space"]]
        for year in range(2001, 2005):
            again = revised and year == 2003
            head += [*(["Revised"] if again else []), *(f"Q{q} {year}" for q in range(1, 5)), f"Year {year}"]
            for row in rows:
                quarters = [rng.randint(20_000, 90_000) for _ in range(4)]
                whole = sum(quarters)
                row += [str(whole)] if again else []
                row += [*(str(q) for q in quarters), str(whole + (41 if year == 2003 else 0))]
        return [head, *rows]

    assert {t[1] for t in sums(made(False))} == {5, 10, 15, 20}
    assert {t[1] for t in sums(made(True))} == {5, 10, 11, 21}


def wide(repeated: bool) -> list[list[str]]:
    """Laboratory marks and reports with their total; the numbers of the pupils stand between them again, or others."""
    rng = random.Random(12)
    head = ["No", *(f"Lab {c}" for c in "abcd"), "No", *(f"Report {c}" for c in "abc"), "Whole"]
    rows = []
    for k in range(8):
        marks = [rng.randint(0, 12) for _ in range(7)]
        pupil = 10 + 3 * k
        between = pupil if repeated else rng.randint(10, 31)
        rows.append([str(v) for v in (pupil, *marks[:4], between, *marks[4:], sum(marks))])
    return [head, *rows]


def test_the_numbers_of_the_rows_printed_again_amid_a_wide_table_are_no_figures():
    parts = (1, 2, 3, 4, 6, 7, 8)
    assert all(found == [{(r, c) for c in parts}] for (r, _), found in sums(wide(True)).items())
    assert {t for t in sums(wide(True)) if t[1] == 9} == {(r, 9) for r in range(1, 9)}
    assert not sums(wide(False))


def test_a_blank_that_was_typed_in_stands_among_the_parts():
    rng = random.Random(2)
    made = [["Pupil", "First", "Second", "Third", "Whole"]]
    for k in range(9):
        a, b = rng.randint(100, 999), rng.randint(100, 999)
        made.append([f"Pupil {chr(65 + k)}", str(a), str(b), " " if k < 8 else "", str(a + b)])
    found = sums(made)
    assert found[(5, 4)] == [{(5, 1), (5, 2), (5, 3)}]
    assert found[(9, 4)] == [{(9, 1), (9, 2)}]


def test_a_column_headed_per_cent_need_not_add_up():
    made = [
        ["School", "Given", "%"],
        ["North", "1088", "32.3"],
        ["South", "2142", "43.2"],
        ["Total", "3230", "38.9"],
    ]
    assert verdicts(proof(made)) <= {"consistent", "proved", "unproved"}


@pytest.mark.parametrize("text", ["5.00000", "-5.25", "0.5", "0.00000", "123456.78", "-0.00", "1.2345"])
def test_a_plain_decimal_reads_as_it_does_among_spaces(text):
    (alone,) = numbers.parse(text)
    (among,) = numbers.parse(f" {text} ")
    assert (str(alone.value), alone.quantum, alone.end - alone.start) == (
        str(among.value),
        among.quantum,
        among.end - among.start,
    )
