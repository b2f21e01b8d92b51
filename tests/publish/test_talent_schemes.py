"""Unit tests of the marts that put the schemes side by side: small documents in, rows out."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

from pipelines.model import Period, PeriodKind
from pipelines.settings import PROJECT
from tests.publish.making import Figure, Made, document, rows, year


def flow(scheme: str, measure: str, y: int, value: str) -> Figure:
    return Figure("scheme_flows", measure, value, year(y), (("scheme", scheme),), unit="applications")


def made(*figures: Figure) -> list[Made]:
    return [document("a", list(figures))]


SOME = (
    flow("GEP", "applications_received", 2021, "15515"),
    flow("GEP", "applications_approved", 2021, "13821"),
    flow("QMAS", "applications_received", 2021, "3966"),
    Figure("qmas_by_year", "quotas_allotted", "2004", year(2021)),
)


def test_quotas_stand_beside_approvals_and_the_sum_says_so(tmp_path: Path) -> None:
    found = {r["scheme"]: r for r in rows(tmp_path, made(*SOME), "marts.talent_schemes_by_year")}
    assert (found["QMAS"]["approved"], found["QMAS"]["quotas"]) == (None, 2004)
    assert (found["GEP"]["approved"], found["GEP"]["quotas"]) == (13821, None)
    together = found["ALL"]
    assert (together["received"], together["approved"], together["quotas"]) == (19481, 13821, 2004)
    assert (together["approved_and_quotas"], together["is_computed"]) == (15825, True)
    assert together["schemes"] == ["GEP", "QMAS"]


def test_a_sum_names_the_schemes_that_it_lacks(tmp_path: Path) -> None:
    figures = (*SOME, flow("IANG", "applications_received", 2021, "9000"))
    found = {r["scheme"]: r for r in rows(tmp_path, made(*figures), "marts.talent_schemes_by_year")}
    assert found["ALL"]["without_approved"] == ["ASMTP", "ASSG", "IANG", "TECHTAS"]


def test_spans_and_cumulative_figures_are_in_no_year(tmp_path: Path) -> None:
    since = Period(date(2022, 12, 28), date(2023, 12, 31), PeriodKind.CUMULATIVE, "to end-2023")
    figure = Figure("scheme_flows", "applications_received", "9", since, (("scheme", "TTPS"),), unit="applications")
    assert rows(tmp_path, made(figure), "marts.talent_schemes_by_year") == []


def test_a_row_a_year_holds_the_same_figures(tmp_path: Path) -> None:
    (found,) = rows(tmp_path, made(*SOME), "marts.talent_schemes_wide")
    assert (found["year"], found["gep"], found["qmas"], found["ttps"], found["all_schemes"]) == (
        2021, 13821, 2004, None, 15825,
    )  # fmt: skip


def test_categories_of_a_day_stand_under_that_day_and_in_no_year(tmp_path: Path) -> None:
    since = Period(date(2022, 12, 28), date(2023, 2, 28), PeriodKind.CUMULATIVE, "to end-February")
    figures = [
        Figure("scheme_profile", m, v, since, (("category", c), ("scheme", "TTPS")), unit="applications")
        for m, c, v in (
            ("applications_received", "A", "3000"),
            ("applications_approved", "A", "1000"),
            ("applications_approved", "B", "1500"),
        )
    ]
    found = rows(tmp_path, made(*figures), "marts.ttps_by_category")
    assert sorted((r["category"], r["as_at"], r["year"], r["received"], r["approved"]) for r in found) == [
        ("A", date(2023, 2, 28), None, 3000, 1000),
        ("B", date(2023, 2, 28), None, None, 1500),
    ]


def test_names_of_schemes_are_those_of_the_vocabulary() -> None:
    sql = (PROJECT / "sql" / "marts" / "talent_schemes_by_year.sql").read_text(encoding="utf-8")
    ours = set(re.findall(r"\('([A-Z]+)', '([^']+)', '([^']+)', (\d+), (\d+)\)", sql))
    with (PROJECT / "pipelines" / "vocabulary" / "schemes.csv").open(encoding="utf-8", newline="") as file:
        assert ours == {
            (r["code"], r["en"], r["zh_hant"], (r["valid_from"] or "1900")[:4], (r["valid_to"] or "9999")[:4])
            for r in csv.DictReader(file)
        }


def test_a_funnel_gives_a_difference_only_where_every_outcome_is_published(tmp_path: Path) -> None:
    outcomes = {"received": 100, "approved": 60, "rejected": 20, "withdrawn": 5, "pending": 10}
    whole = [flow("TTPS", f"applications_{name}", 2023, str(value)) for name, value in outcomes.items()]
    part = [flow("GEP", f"applications_{name}", 2023, str(outcomes[name])) for name in ("received", "approved")]
    found = {r["scheme"]: r for r in rows(tmp_path, made(*whole, *part), "marts.scheme_funnel")}
    assert (found["TTPS"]["difference"], found["TTPS"]["year"], found["TTPS"]["label_en"]) == (
        5, 2023, "Top Talent Pass Scheme",
    )  # fmt: skip
    assert (found["GEP"]["approved"], found["GEP"]["difference"]) == (60, None)
