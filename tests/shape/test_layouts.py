"""What stands over the columns, what the words around a table give, and what "as at" a day means; and where that is not
certain, that nothing is loaded."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from pipelines.model import Fate, Grid, PeriodKind, ShapeResult
from pipelines.shape import shape_document
from tests.shape import making as make

APPROVED = [["Year", "Applications received", "Applications approved"], ["2019", "45 288", "41 289"]]
APPROVED += [["2020", "17 688", "14 617"], ["2021", "15 515", "13 821"]]
REGIONS = [
    ["Region", "2020", "2021"],
    ["Australia", "604", "436"],
    ["Canada", "396", "372"],
    ["Japan", "1 345", "1 291"],
]
AGES = [["Age", "Approved"], ["18 to 30", "4 485"], ["31 to 40", "2 783"], ["Total", "7 268"]]


def shaped(*blocks: Grid | str, title: str = "A release") -> ShapeResult:
    proofs = [make.proof(b) for b in blocks if isinstance(b, Grid)]
    return shape_document(make.document(*blocks, title=title), make.judged(*proofs), make.cards())


def schemes(result: ShapeResult) -> set[str]:
    return {dict(o.dimensions)["scheme"] for o in result.observations}


@pytest.mark.parametrize(
    ("words", "title", "given"),
    [
        ("Figures of the General Employment Policy:", "", {"GEP"}),
        ("Figures:", "General Employment Policy", {"GEP"}),
        ("Figures:", "", set()),
        # two schemes together: the figures may be of both
        ("Figures of the GEP and the ASMTP:", "", set()),
        ("Figures of the GEP and the ASMTP:", "General Employment Policy", set()),
        # extensions of stay are no admissions
        ("Applications for extension of stay under the GEP:", "", set()),
    ],
)
def test_a_table_is_given_a_scheme_only_where_the_words_name_one(words: str, title: str, given: set[str]) -> None:
    assert schemes(shaped(words, make.grid(0, APPROVED), title=title)) == given


def test_a_scheme_that_was_named_long_before_is_not_given() -> None:
    words = ("The GEP is open to all.", "Something else.", "Something more.", "Yet another thing.")
    assert schemes(shaped(*words, make.grid(0, APPROVED))) == set()
    assert schemes(shaped(*words, make.grid(0, APPROVED), title="General Employment Policy")) == {"GEP"}


def test_a_breakdown_needs_words_that_say_what_is_counted() -> None:
    found = shaped("Applications approved under the GEP, by region:", make.grid(0, REGIONS))
    assert {o.measure for o in found.observations} == {"applications_approved"} and len(found.observations) == 6
    assert shaped("Something of the GEP by region:", make.grid(0, REGIONS)).claims == ()
    assert shaped("Applications refused under the GEP, approved none:", make.grid(0, REGIONS)).claims == ()


def test_quotas_are_allotted_by_one_scheme_alone() -> None:
    quotas = [["Year", "Applications received", "Quotas allotted"], *APPROVED[1:]]
    assert shaped("Figures of the GEP:", make.grid(0, quotas)).claims == ()
    (claim,) = shaped("Figures of the QMAS:", make.grid(0, quotas)).claims
    assert claim[1] == "qmas_by_year"


def two_lines(upper: list[str], lower: list[str], *rows: list[str]) -> Grid:
    return make.grid(0, [upper, lower, *rows], header_rows=2)


def test_schemes_stand_over_measures() -> None:
    table = two_lines(
        ["Year", "General Employment Policy", "General Employment Policy", "ASMTP", "ASMTP"],
        ["", "Received", "Approved", "Received", "Approved"],
        ["2019", "45 288", "41 289", "16 413", "14 053"],
        ["2020", "17 688", "14 617", "9 026", "6 995"],
        ["2021", "15 515", "13 821", "10 485", "9 065"],
    )
    result = shaped("Figures of the GEP and the ASMTP:", table)
    found = {(dict(o.dimensions)["scheme"], o.measure, o.period.end.year): o.value for o in result.observations}
    assert (
        found["ASMTP", "applications_approved", 2020] == 6995 and found["GEP", "applications_received", 2021] == 15515
    )
    assert len(found) == 12


def test_codes_over_columns_are_those_of_the_lead_in_or_nothing() -> None:
    rows = (["2019", "1", "2"], ["2020", "3", "4"], ["2021", "5", "6"])
    table = two_lines(["Year", "(i)", "(ii)"], ["", "Approved", "Approved"], *rows)
    said = shaped("Approvals under (i) the General Employment Policy and (ii) the ASMTP:", table)
    values = {(dict(o.dimensions)["scheme"], o.period.end.year): o.value for o in said.observations}
    assert values["GEP", 2019] == Decimal(1) and values["ASMTP", 2021] == Decimal(6)
    assert shaped("Approvals under the General Employment Policy and the ASMTP:", table).claims == ()
    twice = "Approvals under (i) the General Employment Policy, (i) the IANG and (ii) the ASMTP:"
    assert shaped(twice, table).claims == ()


def test_a_month_takes_the_year_over_its_column() -> None:
    table = two_lines(
        ["Month", "2014", "2014", "2015", "2015"],
        ["", "Received", "Approved", "Received", "Approved"],
        ["January", "188", "27", "168", "23"],
        ["February", "253", "19", "118", "26"],
        ["March", "184", "34", "198", "28"],
        ["Total", "625", "80", "484", "77"],
    )
    result = shaped("The GEP by month:", table)
    found = {(o.measure, o.period.start, o.period.end, o.is_total): o.value for o in result.observations}
    assert found["applications_received", date(2015, 2, 1), date(2015, 2, 28), False] == 118
    assert found["applications_approved", date(2014, 1, 1), date(2014, 12, 31), True] == 80
    assert len(found) == 16


@pytest.mark.parametrize(
    ("words", "period"),
    [
        ("As at 28 February 2023, approvals under the TTPS by age:", (date(2022, 12, 28), date(2023, 2, 28))),
        ("Approvals under the TTPS in 2023, by age:", (date(2023, 1, 1), date(2023, 12, 31))),
        # the General Employment Policy has no first day that is known
        ("As at 28 February 2023, approvals under the GEP by age:", None),
        ("Approvals under the TTPS by age:", None),
        ("Approvals under the TTPS in 2023 and 2024 by age:", (date(2023, 1, 1), date(2024, 12, 31))),
        ("Approvals under the TTPS in 2023 and 2025 by age:", None),
        # before the scheme began
        ("As at 31 December 2021, approvals under the TTPS by age:", None),
    ],
)
def test_as_at_a_day_is_since_the_scheme_began_and_is_open_otherwise(
    words: str, period: tuple[date, date] | None
) -> None:
    result = shaped(words, make.grid(0, AGES))
    if period is None:
        assert result.observations == ()
        assert {d.fate for d in result.dispositions} <= {Fate.QUARANTINE, Fate.IGNORED}
        return
    kind = PeriodKind.CUMULATIVE if "As at" in words else PeriodKind.FLOW
    assert {(o.period.start, o.period.end, o.period.kind) for o in result.observations} == {(*period, kind)}


def test_a_figure_beside_several_rows_is_of_none_of_them() -> None:
    plain = make.grid(0, REGIONS)
    cells = [c for c in plain.cells if (c.row, c.col) not in ((2, 2), (3, 2))]
    merged = replace(plain, cells=tuple(c._replace(rowspan=3) if (c.row, c.col) == (1, 2) else c for c in cells))
    result = shaped("Applications approved under the GEP, by region:", merged)
    assert {o.value for o in result.observations} == {Decimal(604), Decimal(396), Decimal(1345)}
    held = [d for d in result.dispositions if d.fate is Fate.QUARANTINE]
    assert [(d.cell_id[-7:], d.reason.startswith("the cell spans several")) for d in held] == [("001c002", True)]
