"""Whom a table covers: a part that words name is never the whole, and a list is the whole only by its own words."""

from __future__ import annotations

import pytest

from pipelines.model import Grid, Observation
from pipelines.shape import shape_document
from tests.shape import making as make

PLACES = [["Year", "Brunei", "India", "Total"], ["2014", "3", "1 039", "1 042"], ["2015", "4", "1 162", "1 166"]]
WITH_OTHERS = [
    ["Year", "India", "Brunei", "Japan", "France", "Others", "Total"],
    ["2014", "3", "9", "10", "20", "1 000", "1 042"],
    ["2015", "4", "8", "24", "30", "1 100", "1 166"],
]
FLOWS = [["Year", "Applications received", "Applications approved"], ["2014", "60", "50"], ["2015", "70", "65"]]


def shaped(lead: str, rows: list[list[str]], title: str = "A release", caption: str = "") -> tuple[Observation, ...]:
    grid: Grid = make.grid(0, rows, caption=caption)
    document = make.document(lead, grid, title=title)
    return shape_document(document, make.judged(make.proof(grid)), make.cards()).observations


def scopes(lead: str, rows: list[list[str]], **more: str) -> set[str]:
    return {o.scope for o in shaped(lead, rows, **more)}


@pytest.mark.parametrize(
    "lead",
    [
        "Nationals of member states of ASEAN approved under the General Employment Policy:",
        "The approved applications of Indian nationals under the General Employment Policy are as follows:",
        "Applications from the Mainland under the General Employment Policy, received and approved:",
        "Approved applications in the financial services sector under the General Employment Policy are as follows:",
        "Female applicants approved under the General Employment Policy:",
        "First-time applications approved under the General Employment Policy:",
        "The applications under the General Employment Policy from the top ten places are as follows:",
        "General Employment Policy: applications approved, of which applicants aged 30 or below were:",
        "一般就業政策下獲批的東盟國家申請人數目如下：",
        "一般就業政策下獲批的申請，其中來自印度的如下：",
        "一般就業政策下獲批的女性申請人如下：",
        "一般就業政策下從事金融服務業的獲批申請如下：",
        "一般就業政策下獲批的短期工作申請如下：",
    ],
)
def test_words_that_narrow_the_population_give_every_figure_a_scope(lead: str) -> None:
    found = scopes(lead, FLOWS)
    assert found and "" not in found


@pytest.mark.parametrize(
    "lead",
    [
        "Applications under the General Employment Policy are as follows:",
        "Applications from the Mainland and overseas under the General Employment Policy:",
        "一般就業政策接獲及獲批的申請數目如下：",
        "Applications received and approved under the Admission Scheme for Mainland Talents and Professionals:",
        "輸入內地人才計劃接獲及獲批的申請數目如下：",
    ],
)
def test_the_name_of_a_scheme_and_the_whole_world_narrow_nothing(lead: str) -> None:
    assert scopes(lead, FLOWS) == {""}


def test_a_caption_narrows_as_a_lead_in_does() -> None:
    found = scopes("General Employment Policy, applications:", FLOWS, caption="Female applicants")
    assert found == {"sex: female"}


def test_the_total_of_some_places_is_the_total_of_that_list_only() -> None:
    found = shaped("Applications approved under the General Employment Policy, by place:", PLACES)
    assert {o.scope for o in found if o.is_total} == {"listed"}
    assert {o.scope for o in found if not o.is_total} == {""}


def test_a_list_with_a_row_for_the_rest_is_the_whole() -> None:
    assert scopes("Applications approved under the General Employment Policy, by place:", WITH_OTHERS) == {""}


def test_a_list_of_all_by_its_own_words_is_the_whole() -> None:
    lead = "A breakdown of all applications approved under the General Employment Policy, by place:"
    assert scopes(lead, PLACES) == {""}
