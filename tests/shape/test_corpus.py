"""Real documents that the project does not carry: skipped, saying so, where ../shared is absent."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.benchmarks import shaping
from tests.shape import making as make

SHARED = make.PROJECT.parent / "shared"


def there(*parts: str) -> Path:
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"../shared is absent: {'/'.join(parts)}")
    return path


def test_no_figure_of_the_monthly_results_is_wrong_and_hardly_one_is_missing() -> None:
    right, wrong, missing = shaping.fiscal(there("corpus", "fiscal"))
    assert wrong == 0
    assert right >= 0.99 * (right + missing) and right > 400


def test_every_cell_of_the_disease_tables_is_right() -> None:
    right, wrong, missing = shaping.diseases(there("corpus", "chp"))
    assert (wrong, missing) == (0, 0) and right > 6_000


def test_the_release_as_a_mirror_printed_it_gives_its_three_tables() -> None:
    (page,) = there("seeds").glob("lcq15*.txt")
    result = shaping.shaped(page)
    figures = [o for o in result.observations if not o.is_total]
    sums = {
        (series, measure): sum(o.value or 0 for o in figures if (o.series, o.measure) == (series, measure))
        for series, measure in {(o.series, o.measure) for o in figures}
    }
    assert sums == {
        ("qmas_by_year", "applications_received"): 36689, ("qmas_by_year", "quotas_allotted"): 9131,
        ("qmas_by_industry", "quotas_allotted"): 9131, ("qmas_by_place", "quotas_allotted"): 9131,
    }  # fmt: skip
    first = {o.inferred != "" for o in figures if o.period.start == date(2006, 6, 1) and o.series == "qmas_by_year"}
    assert first == {True}


def test_the_essay_gives_nothing_and_says_so() -> None:
    (page,) = there("seeds").glob("qmas-positive*.txt")
    result = shaping.shaped(page)
    assert (result.observations, result.dispositions, result.claims) == ((), (), ())
    assert [finding.code for finding in result.findings] == ["no-figure-in-document"]
