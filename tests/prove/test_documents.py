"""Whole documents: prose, other tables, corrections, strange tables, and the argument for a person."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipelines.model import Basis, Correction, Term, Verdict
from pipelines.prove import document as prove_room
from pipelines.prove import evaluate, explain, prove_document
from tests.prove.grids import cell, document, grid, verdicts
from tests.prove.test_totals import CROSSED, QMAS, changed

INDUSTRIES = [
    ["Industry", "Quotas Allotted"],
    ["Financial and Accounting Services", "2 264"],
    ["Information Technology", "2 188"],
    ["Commerce and Trade", "1 130"],
    ["Others", "3 549"],
    ["Total", "9 131"],
]


def test_a_total_that_another_table_prints_again_proves_a_column_that_stands_alone():
    alone = prove_document(document(grid(INDUSTRIES))).tables[0]
    assert verdicts(alone) == {"consistent"}
    beside = prove_document(document(grid(QMAS), grid(INDUSTRIES, ordinal=1))).tables[1]
    assert verdicts(beside) == {"proved"}
    assert Basis.DOCUMENT in {i.basis for i in beside.identities}


def test_a_total_that_the_prose_restates_proves_it_too():
    said = "A total of 9 131 applicants were allotted quotas by the end of 2021."
    table = prove_document(document(said, grid(INDUSTRIES))).tables[0]
    assert verdicts(table) == {"proved"}
    assert Basis.PROSE in {i.basis for i in table.identities}


def test_a_grand_total_that_only_the_prose_gives_reaches_the_column():
    said = "As at November 30, 2013, a total of 2 646 applicants were allotted quotas."
    rows = [["Test", "Allotted"], ["General Points Test", "2 432"], ["Achievement-based Points Test", "214"]]
    table = prove_document(document(said, grid(rows))).tables[0]
    assert verdicts(table) == {"consistent"}
    identity = table.identities[0]
    assert identity.basis is Basis.PROSE
    assert identity.total.table is None
    assert identity.statement == "2 646 = 2 432 + 214"


def test_a_sentence_about_something_else_contradicts_nothing():
    said = "A total of 36 689 applications were received."
    table = prove_document(document(said, grid(INDUSTRIES))).tables[0]
    assert verdicts(table) == {"consistent"}


def test_a_wrong_total_is_located_by_the_prose_that_prints_the_right_one():
    said = "A total of 9 131 applicants were allotted quotas by the end of 2021."
    table = prove_document(document(said, grid(changed(INDUSTRIES, 5, 1, "9 113")))).tables[0]
    assert "need 9131 here" in cell(table, 5, 1).argument
    assert cell(table, 5, 1).reading.value == 9113
    assert table.confined


def correction(expected: str) -> Correction:
    return Correction("qmas-2010", "hash", 0, 5, 1, expected, Decimal(1177), "digit lost", "the release of 2013")


def test_a_correction_is_applied_while_the_text_stands_and_the_argument_names_it():
    wrong = document(grid(changed(QMAS, 5, 1, "1 117")))
    assert prove_document(wrong).tables[0].verdict is Verdict.CONTRADICTED
    proof = prove_document(wrong, [correction("1 117")])
    assert proof.tables[0].verdict is Verdict.PROVED
    corrected = cell(proof.tables[0], 5, 1)
    assert corrected.reading.value == 1177
    assert corrected.correction == "qmas-2010"
    assert "qmas-2010" in corrected.argument
    assert proof.findings == ()


def test_a_correction_whose_text_is_gone_is_not_applied_and_says_so():
    proof = prove_document(document(grid(QMAS)), [correction("1 117")])
    assert cell(proof.tables[0], 5, 1).correction == ""
    assert [f.code for f in proof.findings] == ["correction-not-applied"]


def test_a_correction_of_another_document_is_not_looked_at():
    other = Correction("other", "another hash", 0, 5, 1, "1 177", Decimal(1), "", "")
    assert prove_document(document(grid(QMAS)), [other]).tables[0].verdict is Verdict.PROVED


def test_a_table_that_cannot_be_judged_takes_no_other_with_it(monkeypatch):
    real = prove_room.judge

    def breaks(made, *args, **kwargs):
        if made.ordinal == 0:
            raise ZeroDivisionError("strange")
        return real(made, *args, **kwargs)

    monkeypatch.setattr(prove_room, "judge", breaks)
    proof = prove_document(document(grid(QMAS), grid(CROSSED, ordinal=1)))
    assert proof.tables[0].verdict is Verdict.UNPROVED
    assert not proof.tables[0].confined
    assert proof.tables[1].verdict is Verdict.PROVED
    assert [f.code for f in proof.findings] == ["table-not-judged"]


def test_a_document_without_a_table_has_no_proof_and_no_finding():
    proof = prove_document(document("An essay without a single digit."))
    assert proof.tables == ()
    assert proof.findings == ()


@pytest.mark.parametrize("rows", [[[""]], [["7"]], [["Total"]], [["9" * 30, "1"], ["Total", "9" * 30]]])
def test_strange_tables_get_no_verdict_and_raise_nothing(rows):
    proof = prove_document(document(grid(rows)))
    assert proof.tables[0].verdict is Verdict.UNPROVED
    assert all(f.code != "table-not-judged" for f in proof.findings)


def test_the_explanation_can_be_followed_with_a_pencil():
    said = explain(prove_document(document(grid(CROSSED))).tables[0])
    assert "8 039 = 4 811 + 3 228" in said
    assert "9 131 = " in said
    assert "holds exactly" in said


def test_the_explanation_of_a_failure_names_the_cell_and_the_repair():
    said = explain(prove_document(document(grid(changed(CROSSED, 2, 2, "36")))).tables[0])
    assert "FAILS" in said
    assert "row 2, column 2" in said
    assert "need 63 here" in said


def test_every_failed_sum_is_a_finding_and_an_explained_one_is_none():
    wrong = prove_document(document(grid(changed(CROSSED, 2, 2, "36"))))
    assert {f.code for f in wrong.findings} == {"total-not-met"}
    assert len(wrong.findings) == 2
    assert all(f.table_id and f.cell_id and f.remedy for f in wrong.findings)


def term(value: str, sign: int = 1, quantum: str = "1") -> Term:
    return Term(sign, 0, 0, 0, Decimal(value), Decimal(quantum), value)


def test_evaluate_is_exact_for_counts_and_by_interval_for_rounded_figures():
    held = evaluate(term("7127"), [term("9131"), term("2004", -1)])
    assert (held.holds, held.exact, held.kind, held.basis) == (True, True, "difference", Basis.CARD)
    off = evaluate(term("7128"), [term("9131"), term("2004", -1)])
    assert not off.holds
    assert off.gap == 1
    assert evaluate(term("7128"), [term("9131"), term("2004", -1)], rounded=True).holds
    tenth = [term("11.56", 1, "0.01"), term("32.36", 1, "0.01"), term("4.69", 1, "0.01")]
    assert evaluate(term("48.62", 1, "0.01"), tenth).holds
    assert not evaluate(term("48.64", 1, "0.01"), tenth).holds


def test_a_gap_in_the_last_digit_of_a_very_long_figure_is_seen():
    long = "1" * 35
    held = evaluate(term(long, 1, "1"), [term(long[:-1] + "0", 1, "1"), term("1", 1, "1")])
    gone = evaluate(term(long, 1, "1"), [term(long[:-1] + "0", 1, "1"), term("2", 1, "1")])
    assert held.exact
    assert not gone.holds
