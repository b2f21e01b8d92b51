"""Sentences that add up or divide in front of the reader."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipelines.model import Paragraph, Place, Severity
from pipelines.prove import prove_document, sentences
from tests.prove.grids import document


def said(text):
    return sentences.claims([Paragraph(text, Place())])


def test_a_share_that_its_figures_do_not_give_is_a_finding_that_says_what_it_is():
    proof = prove_document(document("Permission was given to 20 of the 73 firms (28 per cent) in that round."))
    (finding,) = [f for f in proof.findings if f.code == "share-not-met"]
    assert "27.4" in finding.message
    assert "rounded up instead of rounded" in finding.message
    assert finding.severity is Severity.INFO


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("Of all cases, 26 of 30 (86 per cent) were closed.", "cut off"),
        ("Of all cases, 26 of 30 (87 per cent) were closed.", None),
        ("Of all cases, 26 out of 30, or 86.7%, were closed.", None),
        ("The rate was 87 per cent (26 of 30) by then.", None),
        ("Of all cases, 26 of 30 (91 per cent) were closed.", ""),
    ],
)
def test_a_share_in_a_sentence_is_rounded_cut_off_or_wrong(text, how):
    (share,) = said(text)
    assert share.parts == (Decimal(26), Decimal(30))
    assert (None if share.holds else share.how) == how


def test_a_share_that_nothing_explains_is_louder_than_one_cut_off():
    proof = prove_document(document("Of all cases, 26 of 30 (91 per cent) were closed."))
    assert [(f.code, f.severity) for f in proof.findings] == [("share-not-met", Severity.WARNING)]


def test_a_sentence_that_adds_up_is_followed():
    first, second = said("We took in 9 northern + 4 southern = 13 clinics, so that 185 + 13 = 198.")
    assert (first.total, first.parts, first.holds) == (Decimal(13), (Decimal(9), Decimal(4)), True)
    assert (second.total, second.parts, second.holds) == (Decimal(198), (Decimal(185), Decimal(13)), True)


def test_a_sentence_that_adds_up_wrongly_is_a_finding():
    proof = prove_document(document("We took in 9 northern + 4 southern = 14 clinics."))
    assert [f.code for f in proof.findings] == ["prose-sum-not-met"]
    assert "should be 13" in proof.findings[0].message


def test_figures_after_a_dash_are_parts_only_if_they_add_up():
    (parts,) = said("Of the 96 seeking entry, 66 – 56 under the general test and 10 under the special test – got in.")
    assert (parts.total, parts.parts) == (Decimal(66), (Decimal(56), Decimal(10)))
    assert not said("Of the 96 seeking entry, 66 – 56 by May and 12 by June – had called before.")


def test_figures_that_a_sentence_calls_the_parts_must_add_up():
    (parts,) = said("There were 66 places comprising 56 general places and 11 special places.")
    assert not parts.holds


@pytest.mark.parametrize(
    "text",
    [
        "There were 40 places in 2019, 56 in 2020 and 10 in 2021.",
        "About 20 of the 73 firms (28 per cent) had left.",
        "In 20 of the 73 firms there were 28 per cent more.",
        "Room 9 + library = 2 keys.",
    ],
)
def test_a_sentence_that_claims_no_arithmetic_is_left_alone(text):
    assert not said(text)
