"""Figures that sentences state: what is read, what is declined, and that nothing is read under a wrong meaning."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pipelines.model import Document, Medium, Paragraph, Place, ReleaseFacts, StatementObservation
from pipelines.shape.statement_extraction import extract_statements, find_unread_statements
from tests.shape.making import DOCUMENT, cards

RELEASED = date(2025, 6, 18)


def document(*paragraphs: str, title: str = "Replies on talents", released: date | None = RELEASED) -> Document:
    blocks = tuple(Paragraph(text, Place(line=i + 1)) for i, text in enumerate(paragraphs))
    return Document(
        id=DOCUMENT, content_hash=DOCUMENT * 4, body_hash="", medium=Medium.TEXT, encoding="utf-8", template="",
        release=ReleaseFacts(title=title, released=released), blocks=blocks,
    )  # fmt: skip


def read(*paragraphs: str, title: str = "Replies on talents") -> list[str]:
    return [written(s) for s in extract_statements(document(*paragraphs, title=title), cards()).statements]


def written(s: StatementObservation) -> str:
    return f"{s.scheme} {s.measure} {s.period.start or ''}..{s.period.end} {s.qualifier}{s.value}"


TTPS, QMAS, ALL_2023 = "2022-12-28..", "2006-06-28..", "2023-01-01..2023-12-31"

#: sentence → the figures that it states
READ: dict[str, list[str]] = {
    # English
    "As at end-May 2024, about 70 500 applications had been received under the Top Talent Pass Scheme, "
    "of which over 61 000 were approved.": [
        f"TTPS applications_received {TTPS}2024-05-31 about70500",
        f"TTPS applications_approved {TTPS}2024-05-31 over61000",
    ],
    "The Immigration Department received 71 300 applications under QMAS in 2023.": [
        f"QMAS applications_received {ALL_2023} 71300"
    ],
    "In 2023, the ImmD received over 13 000 applications under ASMTP and approved nearly 11 000 of them.": [
        f"ASMTP applications_received {ALL_2023} over13000",
        f"ASMTP applications_approved {ALL_2023} near11000",
    ],
    "As of 31 March 2024, the TTPS has received close to 80 000 applications, and some 65 000 of these have been "
    "approved.": [
        f"TTPS applications_received {TTPS}2024-03-31 near80000",
        f"TTPS applications_approved {TTPS}2024-03-31 about65000",
    ],
    "Since its launch in December 2022, TTPS has attracted over 110 000 applications as at end-2024.": [
        f"TTPS applications_received {TTPS}2024-12-31 over110000"
    ],
    "The number of applications received under QMAS in 2022 was 8 912.": [
        "QMAS applications_received 2022-01-01..2022-12-31 8912"
    ],
    "The numbers of applications received and approved under the GEP in 2022 were 41 000 and 36 000 respectively.": [
        "GEP applications_received 2022-01-01..2022-12-31 41000",
        "GEP applications_approved 2022-01-01..2022-12-31 36000",
    ],
    "In 2023, 12 100 and 9 200 applications were received under ASMTP and IANG respectively.": [
        f"ASMTP applications_received {ALL_2023} 12100",
        f"IANG applications_received {ALL_2023} 9200",
    ],
    "In 2022 and 2023, 510 and 620 applications were received under TechTAS respectively.": [
        "TECHTAS applications_received 2022-01-01..2022-12-31 510",
        f"TECHTAS applications_received {ALL_2023} 620",
    ],
    "Over the years much was done; as at end-2023, 1.2 million applications were received under GEP.": [],
    "During 2023, 1.2 million applications were received under TTPS.": [
        f"TTPS applications_received {ALL_2023} 1200000"
    ],
    "As at end-2023, over 20 000 dependants' applications were approved under TTPS.": [
        f"TTPS dependants_approved {TTPS}2023-12-31 over20000"
    ],
    "In 2023, 130 applications were refused and 25 were withdrawn under TechTAS.": [
        f"TECHTAS applications_rejected {ALL_2023} 130",
        f"TECHTAS applications_withdrawn {ALL_2023} 25",
    ],
    "As at end-2023, 45 applications were still being processed under TechTAS.": [
        "TECHTAS applications_pending ..2023-12-31 45"
    ],
    "Between January and October 2023, the ImmD approved 9 100 applications under QMAS.": [
        "QMAS applications_approved 2023-01-01..2023-10-31 9100"
    ],
    "Of the 120 applications received under TechTAS in 2023, 64 were approved.": [
        f"TECHTAS applications_received {ALL_2023} 120",
        f"TECHTAS applications_approved {ALL_2023} 64",
    ],
    "In 2021, a total of 2 004 quotas were allotted under QMAS.": ["QMAS quotas_allotted 2021-01-01..2021-12-31 2004"],
    "As at end-2023, more than 51 000 talents had arrived in Hong Kong through TTPS.": [
        f"TTPS arrivals {TTPS}2023-12-31 over51000"
    ],
    "A spokesman for the Immigration Department said today (March 4) that, as at end-2024, 12 345 applications were "
    "approved under TTPS.": [f"TTPS applications_approved {TTPS}2024-12-31 12345"],
    "TTPS received 62 100 applications in 2023, while QMAS received 81 000.": [
        f"TTPS applications_received {ALL_2023} 62100",
        f"QMAS applications_received {ALL_2023} 81000",
    ],
    "Last year, fewer than 2 500 applications were approved under TechTAS.": [
        "TECHTAS applications_approved 2024-01-01..2024-12-31 under2500"
    ],
    "As at end-2024, 900 applications were received under the New Capital Investment Entrant Scheme, of which 410 were "
    "approved in principle and 205 were formally approved.": [
        "NEWCIES applications_received 2024-03-01..2024-12-31 900",
        "NEWCIES approvals_in_principle 2024-03-01..2024-12-31 410",
        "NEWCIES applications_approved 2024-03-01..2024-12-31 205",
    ],
    "In the first quarter of 2024, eighty-three applications were approved under VPAS.": [],
    "In the third quarter of 2024, eighty-three applications were approved under VPAS.": [
        "VPAS applications_approved 2024-07-01..2024-09-30 83"
    ],
    "In 2021, 2022 and 2023, 510, 620 and 710 applications were received under TechTAS respectively.": [
        "TECHTAS applications_received 2021-01-01..2021-12-31 510",
        "TECHTAS applications_received 2022-01-01..2022-12-31 620",
        f"TECHTAS applications_received {ALL_2023} 710",
    ],
    "As at end-2024, 92 000 talents and 81 000 dependants had arrived in Hong Kong under TTPS.": [
        f"TTPS arrivals {TTPS}2024-12-31 92000",
        f"TTPS dependants_arrived {TTPS}2024-12-31 81000",
    ],
    "Since the launch of the TTPS in December 2022, 62 000 applications were received as at end-2023.": [
        f"TTPS applications_received {TTPS}2023-12-31 62000"
    ],
    "In 2023, the ImmD received 12 000 and approved 9 000 applications under ASMTP respectively.": [
        f"ASMTP applications_received {ALL_2023} 12000",
        f"ASMTP applications_approved {ALL_2023} 9000",
    ],
    "In 2024, 1 300 applications for extension of stay were received under TTPS, of which 900 were approved.": [
        "TTPS extensions_applied 2024-01-01..2024-12-31 1300",
        "TTPS extensions_approved 2024-01-01..2024-12-31 900",
    ],
    "The number of applications under QMAS in 2023 was 71 300.": [f"QMAS applications_received {ALL_2023} 71300"],
    "As at end-2023, TTPS received 5 100 applications, 4 200 of which were approved, 300 refused and 100 withdrawn.": [
        f"TTPS applications_received {TTPS}2023-12-31 5100",
        f"TTPS applications_approved {TTPS}2023-12-31 4200",
        f"TTPS applications_rejected {TTPS}2023-12-31 300",
        f"TTPS applications_withdrawn {TTPS}2023-12-31 100",
    ],
    "From its launch in June 2018 to end-March 2021, TechTAS received 245 applications, of which 216 were approved.": [
        "TECHTAS applications_received 2018-06-25..2021-03-31 245",
        "TECHTAS applications_approved 2018-06-25..2021-03-31 216",
    ],
    "During the period from January 1 to November 30, 2023, the ImmD received 5 100 applications under TTPS.": [
        "TTPS applications_received 2023-01-01..2023-11-30 5100"
    ],
    # Chinese
    "科技人才入境計劃自2018年6月推出至2021年3月底，共接獲245宗申請，批准216宗。": [
        "TECHTAS applications_received 2018-06-25..2021-03-31 245",
        "TECHTAS applications_approved 2018-06-25..2021-03-31 216",
    ],
    "高才通計劃截至去年年底共接獲約92 000宗申請，當中約75 000宗已獲批准。": [
        f"TTPS applications_received {TTPS}2024-12-31 about92000",
        f"TTPS applications_approved {TTPS}2024-12-31 about75000",
    ],
    "截至2023年底，優才計劃接獲、批准及拒絕的申請分別為510宗、310宗及200宗。": [
        f"QMAS applications_received {QMAS}2023-12-31 510",
        f"QMAS applications_approved {QMAS}2023-12-31 310",
        f"QMAS applications_rejected {QMAS}2023-12-31 200",
    ],
    "截至2025年2月底，投資推廣署共收到超過900宗新資本投資者入境計劃申請，當中逾880宗通過淨資產審查。": [
        "NEWCIES applications_received 2024-03-01..2025-02-28 over900",
        "NEWCIES net_asset_requirement_fulfilled 2024-03-01..2025-02-28 over880",
    ],
    "截至2023年底，高才通計劃有310宗申請正在處理。": ["TTPS applications_pending ..2023-12-31 310"],
    "截至2024年5月底，入境處共接獲約70 500宗高端人才通行證計劃申請，其中逾61 000宗獲批。": [
        f"TTPS applications_received {TTPS}2024-05-31 about70500",
        f"TTPS applications_approved {TTPS}2024-05-31 over61000",
    ],
    "入境處在2023年根據高才通計劃批准了49 100宗申請。": [f"TTPS applications_approved {ALL_2023} 49100"],
    "二○二三年，「優秀人才入境計劃」接獲超過8萬宗申請，當中約12 600宗獲批。": [
        f"QMAS applications_received {ALL_2023} over80000",
        f"QMAS applications_approved {ALL_2023} about12600",
    ],
    "截至二零二三年十一月三十日，透過科技人才入境計劃接獲的申請數目為二千三百宗。": [
        "TECHTAS applications_received 2018-06-25..2023-11-30 2300"
    ],
    "2022年及2023年，優才計劃分別接獲8 100宗及9 200宗申請。": [
        "QMAS applications_received 2022-01-01..2022-12-31 8100",
        f"QMAS applications_received {ALL_2023} 9200",
    ],
    "在2023年，輸入內地人才計劃及一般就業政策分別接獲9 100宗及8 200宗申請。": [
        f"ASMTP applications_received {ALL_2023} 9100",
        f"GEP applications_received {ALL_2023} 8200",
    ],
    "自2022年12月推出以來，截至2024年底，高才通計劃共接獲逾11萬宗申請。": [
        f"TTPS applications_received {TTPS}2024-12-31 over110000"
    ],
    "截至2023年底，約有83 000名人才經高才通計劃抵港。": [f"TTPS arrivals {TTPS}2023-12-31 about83000"],
    "截至2023年底，高才通計劃共批准5萬宗受養人申請。": [f"TTPS dependants_approved {TTPS}2023-12-31 50000"],
    "至於輸入內地人才計劃，2014年則有9 310多宗申請獲得批准。": [
        "ASMTP applications_approved 2014-01-01..2014-12-31 over9310"
    ],
    "至於輸入內地人才計劃，去年則有近14 000宗申請獲得批准。": [
        "ASMTP applications_approved 2024-01-01..2024-12-31 near14000"
    ],
    "2023年，高才通計劃接獲62 100宗申請，而優才計劃則接獲81 000宗。": [
        f"TTPS applications_received {ALL_2023} 62100",
        f"QMAS applications_received {ALL_2023} 81000",
    ],
    "截至2024年底，新資本投資者入境計劃共收到逾800宗申請，當中400宗獲原則上批准，200宗獲正式批准。": [
        "NEWCIES applications_received 2024-03-01..2024-12-31 over800",
        "NEWCIES approvals_in_principle 2024-03-01..2024-12-31 400",
        "NEWCIES applications_approved 2024-03-01..2024-12-31 200",
    ],
    "2023年高才通計劃有1 210宗申請被拒、45宗撤回。": [
        f"TTPS applications_rejected {ALL_2023} 1210",
        f"TTPS applications_withdrawn {ALL_2023} 45",
    ],
    "截至2023年底，優才計劃共有11 131名申請人獲分配名額。": [f"QMAS quotas_allotted {QMAS}2023-12-31 11131"],
    "2023年首11個月，科技人才入境計劃接獲210宗申請。": ["TECHTAS applications_received 2023-01-01..2023-11-30 210"],
    "2023年1月至10月，科技人才入境計劃接獲二百多宗申請。": [
        "TECHTAS applications_received 2023-01-01..2023-10-31 over200"
    ],
    "优秀人才入境计划在2021年分配了2 004个名额。": ["QMAS quotas_allotted 2021-01-01..2021-12-31 2004"],
}  # fmt: skip

#: Sentences of which nothing may be filed: a word that narrows, a period that is open, a figure that is no count.
DECLINED = (
    "In 2023, 12 000 applications from Mainland residents were received under IANG.",
    "The Government expects that 35 000 applications will be received under TTPS in 2023.",
    "By 2023, 100 000 applications were received under TTPS.",
    "As at end-2023, up to 500 applications were received under TTPS.",
    "In 2023, 500 to 600 applications were received under TTPS.",
    "Media reports said that 500 000 applications were received under TTPS in 2023.",
    "After the enhancement, 30 000 applications were received under QMAS in 2023.",
    "Since 2023, 30 000 applications were received under QMAS.",
    "As at end-2023, 40 000 applications were received under GEP.",  # no day is known from which it counts
    "As at end-2021, 40 000 applications were received under TTPS.",  # before it began
    "As at end-2025, 40 000 applications were received under TTPS.",  # after the release
    "In 2023, on average 1 000 applications were received each month under TTPS.",
    "In 2023, 95% of the 1 000 applications under TTPS were approved.",
    "In 2023, 300 applications in the financial services sector were approved under QMAS.",
    "In 2023, TTPS and QMAS received 100 000 applications.",
    "In 2023, the approval of 10 000 applications cost $12 000 under TTPS.",
    "In 2023, 5 000 enquiries were received under TTPS.",
    "If 5 000 applications were approved under TTPS in 2023, more would follow.",
    "In 2023, 12 000 applications, mainly from the Mainland, were received under TTPS.",
    "Applications received under TTPS exceeded those of 2022 by 5 000.",
    "In 2023, 300 applications under Category A of TTPS were approved.",
    "In 2023, 3 000 visa and other applications were approved under TTPS.",
    "As at end-2023, since the launch of TTPS in June 2006, 5 000 applications were received.",
    "In 2022 and 2023, 500 and 600 applications were received under TTPS.",
    "In 2023, 500 applications received under TTPS were approved.",
    "In 2023, 7 000 applications for the vacancies of TTPS officers were received.",
    "In 2023, 300 applications were approved under TTPS, QMAS and GEP.",  # of three schemes together
    "In 2023, 100 000 applications were received, of which 62 000 were approved under TTPS.",  # of all, of one
    "In 2023, a further 300 applications were approved under TTPS.",  # a part of another figure
    "In 2023, 300 applications were approved under TTPS and a further 200 applications were approved.",
    "In 2021, 2022 applications were received under TTPS.",  # before it began, and no year 2022
    "From its launch in June 2019 to end-March 2021, TechTAS received 245 applications.",  # it began in 2018
    "Since the launch of the TTPS in December 2022, 100 000 applications were received.",  # until when?
    "As at end-2023, more than half of the 5 000 applications under TTPS were approved.",
    "As at end-2023, 5 000 of the applications received under TTPS were approved.",
    "2023年，有300名高才通計劃申請人的受養人獲批。",
    "2023年，高才通計劃首批300宗申請獲批。",
    "2023年接獲數千宗高才通計劃申請。",
    "預計2023年高才通計劃將接獲約35 000宗申請。",
    "截至2023年底，高才通計劃A類申請獲批12 000宗。",
    "2023年，平均每月接獲5 000宗高才通計劃申請。",
    "自2023年起，優才計劃接獲9 000宗申請。",
    "2023年，共有5 000至6 000宗優才計劃申請獲批。",
    "2023年，每日約200宗高才通計劃申請獲批。",
    "截至2023年底，連同受養人，高才通計劃共批准9萬宗申請。",
    "就內地申請人而言，2023年高才通計劃接獲9 000宗申請。",
    "2023年，高才通計劃接獲9 000宗內地申請。",
    "2023年，高才通計劃及優才計劃共接獲9萬宗申請。",
    "據報2023年高才通計劃接獲9 000宗申請。",
    "2023年，高才通計劃未批准9 000宗申請。",
    "2023年，約二百多宗高才通計劃申請獲批。",
    "計劃推出後，優才計劃接獲9 000宗申請。",
    "2023年，優才計劃的配額由1 000個增至2 000個。",
    "2023年，優才計劃接獲申請較2022年多9 000宗。",
    "2023年，優才計劃接獲9 000宗查詢。",
    "2023年，優才計劃於金融業批准300宗申請。",
)


@pytest.mark.parametrize("sentence", READ, ids=lambda s: s[:50])
def test_a_sentence_states_these_figures(sentence: str) -> None:
    assert read(sentence) == READ[sentence]


@pytest.mark.parametrize("sentence", DECLINED, ids=lambda s: s[:50])
def test_a_sentence_that_can_mean_something_else_states_nothing(sentence: str) -> None:
    assert read(sentence) == []


def test_the_scheme_is_that_of_the_words_before() -> None:
    assert read("The Top Talent Pass Scheme is open.  In 2023, the Scheme received 5 100 applications.") == [
        f"TTPS applications_received {ALL_2023} 5100"
    ]
    assert read("TTPS is open.  QMAS is open too.  In 2023, the Scheme received 5 100 applications.") == []


def test_of_these_takes_over_scheme_and_period_of_the_sentence_before_alone() -> None:
    first = "As at end-2023, 5 100 applications were received under TTPS."
    assert read(f"{first}  Of these, 4 200 were approved.")[1:] == [f"TTPS applications_approved {TTPS}2023-12-31 4200"]
    assert read(
        f"{first}  Most were from the Mainland, 3 000 applications in all.  Of these, 2 000 were approved."
    ) == [f"TTPS applications_received {TTPS}2023-12-31 5100"]


def test_a_part_of_a_figure_that_was_not_read_is_not_read() -> None:
    sentence = (
        "In 2023, TTPS received 5 100 applications, 3 000 of which were from Japan, of which 2 000 were approved."
    )
    assert read(sentence) == [f"TTPS applications_received {ALL_2023} 5100"]


def test_what_a_later_clause_puts_into_a_figure_takes_it_away() -> None:
    assert read("In 2023, TTPS approved 5 100 applications, including 3 000 from dependants.") == []
    assert read("2023年，高才通計劃批准5 100宗申請，包括3 000宗受養人申請。") == []


def test_a_sentence_without_a_scheme_counts_only_in_a_document_of_one_scheme() -> None:
    text = "TTPS has been open for long.  In 2023, 5 100 applications were received."
    assert read(text, title="Top Talent Pass Scheme") == [f"TTPS applications_received {ALL_2023} 5100"]
    assert read(text, "QMAS differs.") == []
    assert read("In 2023, 5 100 applications were received.", title="Public housing") == []


def test_lines_of_a_paragraph_are_one_sentence() -> None:
    assert read("In 2023, 5 100 applications were\n  received under TTPS.") == [
        f"TTPS applications_received {ALL_2023} 5100"
    ]


def test_a_figure_keeps_its_precision_and_its_sentence() -> None:
    sentence = "截至2023年底，高才通計劃共接獲12萬宗申請。"
    (found,) = extract_statements(document(sentence), cards()).statements
    assert (found.value, found.quantum, found.qualifier, found.sentence) == (120000, 10000, "", sentence)
    assert found.statement_id == f"{DOCUMENT}-s0000"


def codes(*paragraphs: str, is_accounted_for: bool = False) -> list[str]:
    made = document(*paragraphs)
    found = find_unread_statements(made, extract_statements(made, cards()), is_accounted_for)
    return [f"{f.code}: {f.message}" for f in found]


def test_a_document_about_a_scheme_that_gives_no_figure_says_so() -> None:
    (said,) = codes("TTPS will be reviewed.")
    assert said.startswith("no-figure-in-document: The document names TTPS")
    assert codes("TTPS will be reviewed.", is_accounted_for=True) == []
    assert codes("The weather will be fine.") == []
    assert codes("In 2023, 5 100 applications were received under TTPS.") == []


def test_a_sentence_that_states_a_figure_and_is_not_read_is_reported() -> None:
    sentence = "In 2023, 300 applications were approved under TTPS for cooks."
    (said,) = codes(sentence, is_accounted_for=True)
    assert said.startswith("sentence-not-read: 1 sentences") and sentence in said


def test_exact_figures_that_contradict_each_other_in_one_document_are_not_filed() -> None:
    one, other = (f"In 2023, {n} applications were received under TTPS." for n in ("5 100", "5 200"))
    assert read(one, other) == []
    assert read(one, one) == [f"TTPS applications_received {ALL_2023} 5100"] * 2


def test_last_year_is_open_where_the_release_has_no_date() -> None:
    text = "Last year, 2 500 applications were approved under TechTAS."
    undated = replace(document(text), release=ReleaseFacts(title="Replies"))
    assert extract_statements(undated, cards()).statements == ()
