"""A release that a bundled facsimile stands for appears on the site: from the fetch to the marts and the findings."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from pipelines import settings as settings_module
from pipelines.capture import fetch, verify
from pipelines.orchestration import showing
from pipelines.orchestration.progress import Progress
from pipelines.orchestration.runner import refresh
from pipelines.publish.trace import trace
from pipelines.settings import FetchSettings, Settings
from tests.support import facsimile
from tests.support.pages import paragraph, table_c, template_c
from tests.support.site import Page, Site

DAY = date(2022, 1, 19)


def page(language: str, twin: str, *, years: tuple[tuple[str, str, int, int], ...]) -> bytes:
    """The release in other words than those of the facsimile, and with tables of these years."""
    chinese = language == "zh-Hant"
    side = 1 if chinese else 0
    headers = facsimile.HEADERS_ZH if chinese else facsimile.HEADERS_EN
    grouped = facsimile.grouped
    tables = (
        table_c(headers[0], [(row[side], grouped(row[2]), grouped(row[3])) for row in years]),
        table_c(headers[1], [(row[side], grouped(row[2])) for row in facsimile.INDUSTRIES]),
        table_c(headers[2], [(row[side], grouped(row[2])) for row in facsimile.PLACES]),
    )
    words = facsimile.REPLY_ZH if chinese else facsimile.REPLY_EN
    ends = ("完", "2022年1月19日（星期三）") if chinese else ("Ends/Wednesday, January 19, 2022",)
    title = "立法會十五題：優秀人才入境計劃" if chinese else "LCQ15: Quality Migrant Admission Scheme"
    body = "".join(paragraph(text) for text in words) + "&nbsp;<br />\n".join(tables)
    return template_c(title=title, body=body, closing=ends, language=language, twin=twin).encode()


def test_a_fetched_release_takes_the_place_of_its_facsimile_and_its_differences_are_findings(tmp_path: Path) -> None:
    settings = settings_module.load({}, raw=tmp_path / "raw", warehouse=tmp_path / "warehouse")
    bundled = settings.raw / "facsimile"
    bundled.mkdir()
    for path in (settings_module.PROJECT / "raw" / "facsimile").glob("lcq15-2022-01-19-*"):
        shutil.copy2(path, bundled)
    # two years that the facsimile has otherwise; the total still holds
    years = tuple((*row[:3], row[3] + {"2019": 1, "2020*": -1}.get(row[0], 0)) for row in facsimile.YEARS)
    with Site(today=date(2022, 1, 20)) as site:
        folder = f"{site.source}/gia/general/202201/19/"
        site.add(
            Page(DAY, "P2022011900243", "LCQ15: Quality Migrant Admission Scheme",
                 page("en", f"{folder}P2022011900312.htm", years=years)),
            Page(DAY, "P2022011900312", "立法會十五題：優秀人才入境計劃",
                 page("zh-Hant", f"{folder}P2022011900243.htm", years=years), "zh-Hant"),
        )  # fmt: skip
        asked = FetchSettings(contact="reader@example.org", source=site.source, pause=0, allow_loopback=True)
        ours = replace(settings, fetch=asked)
        report = fetch(ours.raw, asked, ["Quality Migrant"], [date(2022, 1, 1)])
        assert (report.new, report.failed) == (2, ())
        host = site.host.replace(":", "_")
    done = refresh(ours, Progress(quiet=True))
    assert done.published, done.text
    assert verify(ours.raw) == ()
    check(ours, host)


def check(settings: Settings, host: str) -> None:
    """The warehouse stands on what was fetched; the facsimiles, of every medium, are accounted for and traced."""
    with duckdb.connect(str(settings.database), read_only=True) as connection:

        def ask(query: str) -> list[tuple[Any, ...]]:
            return connection.execute(query).fetchall()

        assert ask("SELECT year, quotas_allotted, verdict FROM marts.qmas_by_year WHERE year IN (2019, 2020)") == [
            (2019, 875, "proved"),
            (2020, 1708, "proved"),
        ]
        sources = ask("SELECT DISTINCT unnest(sources).path, n_sources FROM marts.observations")
        assert {path.split("/")[0] for path, _ in sources} == {host}
        assert {n for _, n in sources} == {2}
        assert ask("SELECT count(*) FROM marts.revisions") == [(0,)]
        assert dict(ask("SELECT kind, count(*) FROM core.documents WHERE superseded_by IS NOT NULL GROUP BY ALL")) == {
            "facsimile": 4
        }
        assert ask("SELECT max(abs(difference)), sum(unaccounted), sum(doubled) FROM quality.coverage") == [(0, 0, 0)]
        assert ask("SELECT count(*) FROM quality.quarantine") == [(0,)]
        said = ask("SELECT message, path FROM quality.findings WHERE code = 'facsimile-differs'")
        assert {path.rpartition("/")[2].split(".", 1)[1] for _, path in said} == {
            "en.html", "zh-Hant.html", "annex.pdf", "mirror.txt",
        }  # fmt: skip
        assert len(said) == 8
        assert all(("874" in m and "875" in m) or ("1709" in m and "1708" in m) for m, _ in said)
        cells = [cell for (cell,) in ask("SELECT cell_id FROM quality.facsimiles WHERE outcome = 'differs'")]
    (traced,) = trace(settings.database, "marts.qmas_by_year", "year = 2019")
    assert "not taken: a capture of its release counts in its place" in traced.text
    assert "874" in traced.text
    seen = showing.of_cells(settings, cells)
    assert len(seen) == len(cells) and not any(one.missing for one in seen.values())
