"""What printed labels claim, and what they do not."""

from __future__ import annotations

import pytest

from pipelines.prove.labels import Claim, read


@pytest.mark.parametrize(
    "text",
    ["Total", "Grand Total", "TOTAL:", "Total (persons)", "總計", "總數", "合計 Total", "合共", "Total*", "Totals"],
)
def test_a_label_that_says_nothing_but_total_is_bare(text):
    assert (read(text).claim, read(text).bare) == (Claim.TOTAL, True)


@pytest.mark.parametrize("text", ["Sub-total", "Subtotal", "小計", "Sub-total for Revenue Measures"])
def test_a_sub_total_is_one(text):
    assert read(text).claim is Claim.SUBTOTAL


@pytest.mark.parametrize("text", ["Total floor area", "Total for One-off Relief Measures", "All industries"])
def test_a_label_that_says_more_claims_a_total_weakly(text):
    assert (read(text).claim, read(text).bare) == (Claim.TOTAL, False)


@pytest.mark.parametrize("text", ["Consolidated Deficit", "Net increase", "Reserves at end of period", "盈餘"])
def test_balances_are_signed_sums(text):
    assert read(text).claim is Claim.BALANCE


@pytest.mark.parametrize("text", ["of which: women", "其中女性", "%", "Percentage", "Approval rate", "Share (%)"])
def test_what_counts_twice_or_is_a_ratio_is_no_part(text):
    assert read(text).claim is Claim.MEMO


@pytest.mark.parametrize(
    "text",
    [
        "Provide a total of about 3 800 additional places in day care centres for the elderly",
        "Increase transitional housing supply",
        "Reduce salaries tax by 100%, subject to a ceiling",
        "Work Incentive Transport Subsidy (I-WITS) for all",
        "Mainland of China",
    ],
)
def test_words_of_a_sentence_claim_nothing(text):
    assert read(text).claim is Claim.NONE
    assert read(text).formula == ()


def test_formulas_and_the_letters_they_use_are_read():
    assert read("Total (A+B)").formula == (("A", 1), ("B", 1))
    assert read("Balance (I) = (II – III)").formula == (("II", 1), ("III", -1))
    assert read("(A) One-off Relief Measures").key == "A"
    assert read("II. Budget Proposals").key == "II"


@pytest.mark.parametrize("text", ["GrandTotal", "TotalEU-12", "Sub-totalOthers"])
def test_a_label_that_lost_its_spaces_still_says_total(text):
    assert read(text).claim in (Claim.TOTAL, Claim.SUBTOTAL)
