"""Printed totals: who is proved, who is contradicted, who is let alone."""

from __future__ import annotations

import json

import pytest

from pipelines.model import Basis, Verdict
from tests.prove.grids import cell, proof, shared, verdicts

QMAS = [
    ["Year", "Applications Received", "Quotas Allotted"],
    ["2006 (June to December)", "587", "83"],
    ["2007", "627", "239"],
    ["2008", "1 358", "564"],
    ["2009", "1 296", "593"],
    ["2010", "1 177", "329"],
    ["2011", "1 674", "286"],
    ["2012", "1 965", "298"],
    ["2013", "1 787", "332"],
    ["2014", "2 341", "373"],
    ["2015", "1 829", "208"],
    ["2016", "1 575", "273"],
    ["2017", "1 932", "411"],
    ["2018", "3 314", "555"],
    ["2019", "5 896", "874"],
    ["2020*", "3\u00a0966", "1 709"],
    ["2021**", "5 365", "2 004"],
    ["Total", "36\u00a0689", "9 131"],
]


def changed(rows, row, col, text):
    return [[text if (r, c) == (row, col) else cell for c, cell in enumerate(line)] for r, line in enumerate(rows)]


def test_the_years_of_a_stub_are_labels_and_its_totals_prove_the_rest():
    table = proof(QMAS)
    assert table.verdict is Verdict.PROVED
    assert table.proved_share == 1.0
    assert len(table.cells) == 34
    assert table.frame.total_rows == (17,)
    assert (table.frame.header_rows, table.frame.stub_cols) == (1, 1)


def test_the_statement_writes_the_sum_out_as_printed():
    said = proof(QMAS).identities[0].statement
    assert said.startswith("36\u00a0689 = ")
    assert "3\u00a0966" in said
    assert "1 358" in said


def test_one_wrong_figure_in_one_axis_lists_its_column_and_repairs_nothing():
    table = proof(changed(QMAS, 5, 1, "1 117"))
    wrong = {(c.row, c.col) for c in table.cells if c.verdict is Verdict.CONTRADICTED}
    assert wrong == {(r, 1) for r in range(1, 18)}
    assert not table.confined
    assert "nothing tells which" in table.argument
    assert "if it is this one, it should be 1177" in cell(table, 5, 1).argument
    assert "if it is this one, it should be 36629" in cell(table, 17, 1).argument
    assert all(c.verdict is not Verdict.PROVED for c in table.cells)


def test_a_table_with_a_failed_column_loads_nothing_though_every_other_figure_is_proved():
    rows = [
        ["HK$ million", "Month", "Year to date"],
        ["Banks", "1,585.1", "38,899.6"],
        ["Non-banks", "906.7", "(845.3)"],
        ["External", "114.2", "2,207.9"],
        ["Other", "31.7", "1,014.2"],
        ["Total", "2,637.7", "41,276.4"],
    ]
    columns = [[*line, "77,412.6" if r == 5 else f"{15_000 + 1_853.1 * r:,.1f}"] for r, line in enumerate(rows)]
    columns[0][3] = "Year before"
    columns[5][3] = f"{60_000 + 1_853.1 * 10:,.1f}"
    assert proof(columns).verdict is Verdict.PROVED
    table = proof(changed(columns, 5, 2, "(41,276.4)"))
    assert {(c.row, c.col) for c in table.cells if c.verdict is Verdict.CONTRADICTED} == {(r, 2) for r in range(1, 6)}
    assert {str(c.verdict) for c in table.cells if c.col != 2} == {"proved"}
    assert not table.confined


CROSSED = [
    ["Region", "Men", "Women", "Total"],
    ["Mainland", "4 811", "3 228", "8 039"],
    ["Canada", "97", "63", "160"],
    ["Australia", "88", "58", "146"],
    ["Others", "471", "315", "786"],
    ["Total", "5 467", "3 664", "9 131"],
]


def test_one_wrong_figure_where_two_axes_meet_is_located_and_its_repair_proposed():
    assert proof(CROSSED).verdict is Verdict.PROVED
    table = proof(changed(CROSSED, 2, 2, "36"))
    assert "needs 63" in cell(table, 2, 2).argument.replace("need ", "needs ")
    assert table.confined
    # proposed, never applied
    assert cell(table, 2, 2).reading.value == 36
    assert {(c.row, c.col) for c in table.cells if c.verdict is Verdict.CONTRADICTED} == {
        (2, 1),
        (2, 2),
        (2, 3),
        (1, 2),
        (3, 2),
        (4, 2),
        (5, 2),
    }
    assert cell(table, 1, 1).verdict is Verdict.PROVED


def test_a_wrong_grand_total_is_located_by_its_row_and_its_column():
    table = proof(changed(CROSSED, 5, 3, "9 113"))
    assert "need 9131 here" in cell(table, 5, 3).argument


def test_a_total_that_nothing_meets_is_as_loud_as_a_wrong_sum():
    table = proof([["Kind", "Number"], ["A", "12"], ["B", "30"], ["C", "7"], ["Total", "94"]])
    assert verdicts(table) == {"contradicted"}


def test_small_sums_are_consistent_and_never_proved():
    table = proof([["Sex", "Number"], ["Male", "44"], ["Female", "29"], ["Total", "73"]])
    assert verdicts(table) == {"consistent"}


def test_a_total_above_its_parts_is_found():
    rows = [QMAS[0], ["Total", "36 689", "9 131"], *QMAS[1:-1]]
    table = proof(rows)
    assert table.verdict is Verdict.PROVED
    assert table.frame.total_rows == (1,)


def test_a_blank_form_with_a_total_row_has_no_verdict_and_no_contradiction():
    table = proof([["Year", "Applications", "Approved"], ["2019", "", ""], ["2020", "", ""], ["Total", "", ""]])
    assert table.cells == ()
    assert table.identities == ()
    assert table.verdict is Verdict.UNPROVED


@pytest.mark.parametrize("shares", [("33.3", "33.3", "33.3"), ("33.4", "33.3", "33.4"), ("50.0", "25.0", "25.0")])
def test_shares_of_a_hundred_are_met_within_rounding(shares):
    table = proof([["Kind", "%"], *([f"Kind {k}", s] for k, s in enumerate(shares)), ["Total", "100.0"]])
    assert "contradicted" not in verdicts(table)
    assert any(i.holds for i in table.identities)


def test_shares_that_rounding_cannot_explain_contradict():
    table = proof([["Kind", "Number"], ["A", "33.3"], ["B", "33.3"], ["C", "33.1"], ["Total", "100.0"]])
    assert verdicts(table) == {"contradicted"}


def test_rounding_explains_a_hundredth_and_exactness_none():
    rows = [["Control point", "Million"], ["Airport", "11.56"], ["Land", "32.36"], ["Sea", "4.69"], ["Total", "48.62"]]
    identity = proof(rows).identities[0]
    assert identity.holds
    assert not identity.exact
    assert str(identity.gap) == "0.01"
    assert proof(rows).verdict is Verdict.CONSISTENT


def test_whole_numbers_are_counts_and_a_gap_of_one_contradicts():
    rows = [["Kind", "Persons"], ["A", "1 203"], ["B", "2 311"], ["C", "4 099"], ["Total", "7 614"]]
    assert verdicts(proof(rows)) == {"contradicted"}


def test_a_whole_number_among_decimals_is_rounded_too():
    rows = [["Source", "Energy"], ["A", "3.3"], ["B", "10"], ["C", "15.5"], ["D", "55"], ["Total", "84.6"]]
    assert verdicts(proof(rows)) == {"consistent"}
    assert verdicts(proof([*rows[:-1], ["Total", "88.6"]])) == {"contradicted"}


def test_whole_numbers_of_millions_are_rounded():
    rows = [["Kind", "HK$ million"], ["A", "1 203"], ["B", "2 311"], ["C", "4 099"], ["Total", "7 614"]]
    assert verdicts(proof(rows)) == {"consistent"}


def test_a_rounding_note_explains_the_gap_and_is_named():
    rows = [["Kind", "Number"], ["A", "1 203"], ["B", "2 311"], ["C", "4 099"], ["Total", "7 614"]]
    note = "Note: Figures are rounded and may not add up to the totals."
    table = proof(rows, notes=[note])
    assert verdicts(table) == {"consistent"}
    assert "rounded" in table.identities[0].explained


def test_an_overlap_note_explains_a_total_below_its_parts_and_never_one_above_them():
    note = "Companies with parents in more than one place are counted under each of them."
    rows = [["Place", "Companies"], ["A", "1 120"], ["B", "2 064"], ["C", "933"], ["Total", "4 008"]]
    table = proof(rows, notes=[note])
    assert verdicts(table) == {"consistent"}
    assert table.identities[0].explained
    above = [*rows[:-1], ["Total", "4 208"]]
    assert verdicts(proof(above, notes=[note])) == {"contradicted"}


EXCLUDED = [
    ["Disease", "Jan", "Feb", "Total"],
    ["Chickenpox", "756", "399", "1 155"],
    ["Food poisoning outbreaks", "10", "10", "20"],
    ["Persons affected", "86", "56", "142"],
    ["Tuberculosis", "408", "179", "587"],
    ["Total", "1 174", "588", "1 762"],
]


def test_a_row_that_a_remark_leaves_out_is_left_out_of_the_column_total_only():
    remark = "Remark: Persons affected in food poisoning outbreaks were excluded in the total."
    table = proof(EXCLUDED, notes=[remark])
    assert table.verdict is Verdict.PROVED
    assert any(remark.removeprefix("Remark: ")[:20] in i.explained for i in table.identities)
    assert verdicts(proof(EXCLUDED)) == {"contradicted"}


def test_sub_totals_formulas_and_grand_total_are_each_found():
    table = proof(
        [
            ["Item", "Amount"],
            ["(A) Relief", ""],
            ["Cash", "71 008"],
            ["Fees", "151"],
            ["Sub-total", "71 159"],
            ["Tax", "18 811"],
            ["Rates", "13 307"],
            ["Sub-total", "32 118"],
            ["Total relief", "103 277"],
            ["(B) Helping measures", ""],
            ["Rents", "573"],
            ["Charges", "341"],
            ["Total helping measures", "914"],
            ["Total (A+B)", "104 191"],
        ]
    )
    assert table.frame.total_rows == (4, 7, 8, 12, 13)
    assert all(i.holds and i.exact for i in table.identities)
    last = next(i for i in table.identities if i.total.row == 13)
    assert [p.row for p in last.parts] == [8, 12]


def test_revenue_less_expenditure_is_the_surplus_and_the_reserves_follow():
    table = proof(
        [
            ["", "Month (HK$ million)", "Year to date (HK$ million)"],
            ["Revenue", "14,988.4", "127,494.4"],
            ["Expenditure", "17,480.2", "165,548.7"],
            ["Deficit", "(2,491.8)", "(38,054.3)"],
        ]
    )
    assert table.verdict is Verdict.PROVED
    table = proof(
        [
            ["", "Month (HK$ million)", "Year to date (HK$ million)"],
            ["Reserves at start of period", "430,285.6", "457,543.0"],
            ["Deficit", "(2,491.8)", "(38,054.3)"],
            ["Land Fund", "--", "8,305.1"],
            ["Reserves at end of period", "427,793.8", "427,793.8"],
        ]
    )
    assert all(c.verdict is Verdict.PROVED for c in table.cells if c.reading.value is not None)


def test_a_figure_that_is_not_available_is_not_zero():
    rows = [["Kind", "Number"], ["A", "1 203"], ["B", "N.A."], ["C", "4 099"], ["Total", "7 614"]]
    table = proof(rows)
    assert verdicts(table) == {"unproved"}


def test_a_hedged_figure_is_no_term_of_a_sum():
    rows = [["Scheme", "Received"], ["A", "49,680"], ["B", "44,324"], ["Total", "over 190 000"]]
    assert "contradicted" not in verdicts(proof(rows))


def test_sums_without_any_label_are_found_and_proved():
    rows = [["Place", "2019", "2020", "2021"], ["A", "5 811", "6 047", "7 215"], ["B", "8 134", "9 361", "4 402"]]
    rows.append(["A and B", "13 945", "15 408", "11 617"])
    table = proof(rows)
    assert table.verdict is Verdict.PROVED
    assert {i.basis for i in table.identities} == {Basis.ARITHMETIC}


def test_ratios_beside_counts_do_not_contradict_the_total():
    rows = [["Course", "Participants", "Females (%)"], ["A", "79 935", "55"], ["B", "298 839", "43"]]
    rows += [["C", "51 955", "52"], ["Total", "430 729", "48"]]
    table = proof(rows)
    assert cell(table, 1, 1).verdict is Verdict.PROVED
    assert "contradicted" not in verdicts(table)


def test_a_status_list_that_is_not_exhaustive_is_contradicted_by_its_total():
    rows = [["Status", "Applications"], ["Approved", "8,797"], ["Rejected", "463"], ["In process", "4,564"]]
    assert verdicts(proof([*rows, ["Total", "14 240"]])) == {"contradicted"}
    assert verdicts(proof([*rows, ["Total", "13 824"]])) <= {"consistent", "proved"}


def test_counts_computed_back_from_rounded_shares_miss_their_total():
    rows = [["Origin", "Count"], ["Mainland", "1842"], ["A", "90"], ["B", "72"], ["C", "72"], ["Others", "311"]]
    table = proof([*rows, ["Total", "2 392"]])
    assert verdicts(table) == {"contradicted"}
    assert str(table.identities[0].gap) == "5"


def test_a_part_larger_than_its_neighbour_is_no_part_of_it():
    rows = [["Year", "First extensions", "Right of abode"], ["2020", "4 210", "2 881"], ["2021", "3 216", "3 449"]]
    assert proof(rows).identities == ()


def test_members_counted_in_characters_add_up():
    rows = [["界別", "人數"], ["體育", "五"], ["藝術", "三"], ["科研", "兩"], ["合計", "10"]]
    table = proof(rows)
    assert [i.exact for i in table.identities] == [True]


def test_doubtful_cells_are_decided_together_by_their_total():
    rows = [["Measure", "$m"], ["Guarantee", "5,4001"], ["Grants", "12,327"], ["Loans", "8,114"], ["Total", "25,841"]]
    table = proof(rows)
    assert cell(table, 1, 1).reading.value == 5400
    assert "readings were possible" in cell(table, 1, 1).argument
    undecided = proof(rows[:-1])
    assert cell(undecided, 1, 1).verdict is Verdict.AMBIGUOUS


def test_the_total_settles_whether_a_point_parts_thousands():
    rows = [["Land", "Bewerber"], ["A", "3.597"], ["B", "1.847"], ["C", "732"], ["D", "1.783"], ["Total", "7.959"]]
    table = proof(rows)
    assert "contradicted" not in verdicts(table)
    assert cell(table, 1, 1).reading.value == 3597


def test_every_transcribed_talent_table_with_totals_has_a_proved_identity():
    import csv

    folder = shared("facts/talent-tables")
    checks = json.loads((folder / "checks.json").read_text(encoding="utf-8"))
    seen = 0
    for check in checks:
        path = folder / f"{check['table']}.csv"
        if not path.exists():
            continue
        rows = list(csv.reader(path.open(encoding="utf-8")))
        table = proof(rows)
        assert "contradicted" not in verdicts(table), check["table"]
        if check["checks"] and "PROSE" not in check["note"]:
            seen += 1
            assert sum(i.exact for i in table.identities) >= check["ok"], check["table"]
            assert table.verdict is Verdict.PROVED, check["table"]
    assert seen >= 8


def test_published_tables_are_judged_as_their_arithmetic_was():
    tables = json.loads(shared("facts/published-tables.json").read_text(encoding="utf-8"))["tables"]
    judged = 0
    for table in tables:
        total = table.get("total_row")
        if not isinstance(total, dict) or table.get("table_kind") != "additive":
            continue
        rows = [table["columns"]]
        rows += [[r["label"], *(c or "" for c in r["cells"])] for r in table["rows"]]
        rows += [[total.get("label") or "Total", *(c or "" for c in total["cells"])]]
        found = proof(rows, notes=table.get("footnotes") or ())
        for check in table["arithmetic"]:
            if not isinstance(check, dict) or check.get("agrees") is None or check.get("non_numeric_cells"):
                continue
            judged += 1
            column = check["column"] + 1
            said = [i for i in found.identities if i.total.col == column and i.total.row == len(rows) - 1]
            if check["agrees"]:
                assert all(i.holds for i in said), table["id"]
            else:
                assert not any(i.exact and len(i.parts) == len(rows) - 2 for i in said), table["id"]
    assert judged > 80


def test_a_note_that_mentions_millions_does_not_round_the_counts():
    rows = [["Kind", "Persons"], ["A", "1 203"], ["B", "2 311"], ["C", "4 099"], ["Total", "7 614"]]
    note = "Note: The fund was set up with $500 million in 2019."
    assert verdicts(proof(rows, notes=[note])) == {"contradicted"}


def test_joint_ventures_counted_under_several_places_explain_a_total_below_its_parts():
    rows = [["Place", "Companies"], ["A", "1 369"], ["B", "1 377"], ["C", "1 120"], ["Total", "3 799"]]
    note = "* Joint ventures with parents in several places are counted under each of them."
    table = proof(rows, notes=[note])
    assert verdicts(table) == {"consistent"}
    assert "Joint ventures" in table.identities[0].explained
    assert table.confined
    assert verdicts(proof(rows, notes=["* Joint ventures are companies of two parents."])) == {"contradicted"}
