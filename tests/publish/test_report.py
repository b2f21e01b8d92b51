"""The report: what it shows, that it says where from and how sure, and that it can be read by everybody.

Pages are parsed, not compared with a stored copy.  What is held of every page: it asks nobody for anything, every
picture has its words, headings come in order, tables have headers with scope, texts in another language say so.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pytest
from lxml import html

from pipelines.model import Absence, Fate, Period, PeriodKind, Verdict
from pipelines.publish.build import Build
from pipelines.publish.report import Report, build_report, overtime, palette
from pipelines.publish.report.svg import NARROW, WIDE, Chart, Line, Point, bars, columns
from pipelines.publish.report.view import Item, Table, data_uri, number
from pipelines.publish.report.words import _SAID, CHINESE, ENGLISH, MARKS
from pipelines.publish.swap import publish
from tests.publish.making import Figure, Made, all_models, document, settings, stage, year

SINCE = Period(date(2006, 6, 1), date(2021, 12, 31), PeriodKind.CUMULATIVE, "2006 to 2021")
EVIL = '=HYPERLINK("http://x.example")<script>alert(1)</script>'


def releases() -> list[Made]:
    """Two schemes, all verdicts that load, a part of a year, an absence, a revision, a quarantined and an odd cell."""
    industry = Figure(
        "qmas_by_industry", "quotas_allotted", "60", SINCE, (("industry", "ICT"),), "qmas-15-industries", "IT"
    )
    place = Figure("qmas_by_place", "quotas_allotted", "90", SINCE, (("place", "MAINLAND"),), "places", "The mainland")
    flow = Figure("scheme_flows", "applications_received", "2000", year(2023), (("scheme", "TTPS"),))
    first = document(
        "first",
        [
            Figure("qmas_by_year", "applications_received", "587", year(2006, start=date(2006, 6, 1))),
            Figure("qmas_by_year", "applications_received", "1234", year(2007)),
            Figure("qmas_by_year", "applications_received", "777", year(2008), verdict=Verdict.UNPROVED),
            Figure("qmas_by_year", "quotas_allotted", "83", year(2006, start=date(2006, 6, 1))),
            Figure("qmas_by_year", "quotas_allotted", "239", year(2007), verdict=Verdict.CONSISTENT),
            Figure("qmas_by_year", "quotas_allotted", None, year(2008), absence=Absence.NOT_AVAILABLE),
            Figure("qmas_by_year", "quotas_allotted", "100", SINCE, is_total=True),
            industry,
            replace(industry, dimensions=(("industry", "OTHERS"),), value="40", label=EVIL),
            replace(industry, dimensions=(("industry", "TOTAL"),), value="100", is_total=True, label="Total"),
            place,
            replace(place, dimensions=(("place", "ZZ"),), value="10", label=EVIL),
            replace(place, dimensions=(("place", "TOTAL"),), value="100", is_total=True, label="Total"),
            flow,
            replace(flow, period=year(2024), value="3000"),
            replace(flow, measure="applications_approved", value="1500"),
            replace(flow, measure="applications_approved", period=year(2024), value="2900"),
            Figure("qmas_by_year", "quotas_allotted", "66", year(2009), fate=Fate.QUARANTINE, reason="two readings"),
        ],
    )  # fmt: skip
    second = document(
        "second",
        [Figure("qmas_by_year", "applications_received", "1250", year(2007))],
        released=date(2025, 3, 1),
        language="zh-Hant",
    )
    return [first, second]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = settings(tmp_path_factory.mktemp("warehouse"))
    stage(where, releases())
    with Build(where, all_models()) as build:
        build.run_all()
        return publish(build).path


@pytest.fixture(scope="module")
def report(database: Path, tmp_path_factory: pytest.TempPathFactory) -> Report:
    return build_report(database, tmp_path_factory.mktemp("report"))


@pytest.fixture(params=[0, 1], ids=["en", "zh-Hant"])
def page(report: Report, request: pytest.FixtureRequest) -> html.HtmlElement:
    return html.document_fromstring(report.files[request.param].read_bytes())


def english(report: Report) -> html.HtmlElement:
    return html.document_fromstring(report.files[0].read_bytes())


def article(page: html.HtmlElement, ident: str) -> html.HtmlElement:
    (found,) = [a for a in page.iter("article") if (a.get("id") or "").startswith(ident)]
    return found


def table_of(one: html.HtmlElement) -> list[list[str]]:
    return [
        [" ".join(cell.text_content().split()) for cell in row.xpath("./th|./td")] for row in one.xpath(".//table//tr")
    ]


# ------------------------------------------------------------------------------------------------------ what it shows


def test_received_and_allotted_stand_by_year_with_their_verdicts(report: Report) -> None:
    shown = article(english(report), "qmas-qmas-by-year-year")
    assert table_of(shown) == [
        ["Period", "Applications received", "Quotas allotted"],
        ["Jun–Dec 2006", "587 ● proved", "83 ● proved"],
        ["2007", "1,250 ● proved", "239 ◐ consistent"],
        ["2008", "777 ○ unproved", "not available"],
    ]
    assert "Of the 5 figures shown: ● 3 proved, ◐ 1 consistent, ○ 1 unproved." in shown.text_content()
    assert "Jun–Dec 2006" in "".join(shown.xpath(".//p[@class='note']/text()"))


def test_what_is_not_proved_carries_its_sign_in_the_chart_too(report: Report) -> None:
    shown = article(english(report), "qmas-qmas-by-year-year")
    (chart, _) = shown.xpath(".//svg[@role='img']")
    assert sorted(chart.xpath(".//text[@class='mark']/text()")) == ["○", "◐"]


def test_another_scheme_of_a_series_of_many_has_a_section_of_its_own(report: Report) -> None:
    page = english(report)
    assert [h.text_content() for h in page.xpath("//main/section/h2")][:3] == [
        "All schemes at a glance",
        "Quality Migrant Admission Scheme",
        "Top Talent Pass Scheme",
    ]
    ratio = article(page, "ttps-scheme-flows-applications-approved-applications-received")
    assert table_of(ratio)[1:] == [
        ["2023", "1,500", "2,000", "75.00 ● proved"],
        ["2024", "2,900", "3,000", "96.67 ● proved"],
    ]
    assert "no chance of success" in ratio.text_content()


def test_shares_and_ranks_come_from_their_mart_and_others_stands_last_without_a_rank(report: Report) -> None:
    rows = table_of(article(english(report), "qmas-qmas-by-industry"))
    assert [row[1:] for row in rows[1:]] == [["60 ● proved", "60.00", "1"], ["40 ● proved", "40.00", "–"]]


def test_a_scheme_that_the_warehouse_lacks_is_named_as_missing(report: Report) -> None:
    said = article(english(report), "q-missing").text_content()
    assert "General Employment Policy" in said and "Quality Migrant" not in said
    assert "1 figures" in said  # the one that is printed as not available


def test_all_schemes_stand_beside_each_other_in_their_latest_year_and_quotas_say_so(report: Report) -> None:
    shown = article(english(report), "overview-schemes")
    assert table_of(shown)[1:] == [
        ["Quality Migrant Admission Scheme (quotas)", "2007", "1,250 ● proved", "239 ◐ consistent", ""],
        ["Top Talent Pass Scheme", "2024", "3,000 ● proved", "2,900 ● proved", "1,500 ● proved"],
    ]
    (wide, _) = shown.xpath(".//svg[@role='img']")
    assert len(wide.xpath(".//rect[@class='bar1']")) == 1  # a scheme without a figure of the year is not drawn
    assert "not to be added up" in shown.text_content()


def test_a_column_that_covers_less_than_its_year_is_drawn_so_and_said(report: Report) -> None:
    shown = article(english(report), "qmas-qmas-by-year-year")
    (wide, _) = shown.xpath(".//svg[@role='img']")
    assert [r.xpath("string(title)") for r in wide.xpath(".//rect[contains(@class, 'part')]")] == [
        "Applications received, Jun–Dec 2006: 587",
        "Quotas allotted, Jun–Dec 2006: 83",
    ]
    assert "Less than a year (drawn lighter among columns): Jun–Dec 2006." in shown.text_content()


def test_a_year_without_a_figure_keeps_its_place_in_time() -> None:
    years = [(date(y, 12, 31), date(y, 1, 1)) for y in (2018, 2019, 2022)]
    assert [end.year for end, _ in overtime.even(years)] == [2018, 2019, 2020, 2021, 2022]


def test_early_columns_that_cannot_be_read_are_drawn_again_on_their_own_scale() -> None:
    def low(*values: int | None) -> int:
        return overtime.flat([Line("m", tuple(Point(None if v is None else Decimal(v), str(v)) for v in values))])

    assert low(10, 12, 11, None, 13, 900, 20) == 5
    assert low(10, 12, 11, 300, 900) == 0  # three are too few
    assert low(500, 600, 700, 800, 900) == 0
    assert low(None, None) == 0


def test_where_all_figures_have_one_verdict_the_chart_has_no_signs_and_the_sentence_has(report: Report) -> None:
    shown = article(english(report), "ttps-scheme-flows-year")
    assert shown.xpath(".//text[@class='mark']") == []
    assert "● All 4 figures shown are proved." in shown.text_content()


def test_what_releases_say_of_each_other_is_counted(report: Report) -> None:
    rows = table_of(article(english(report), "q-compared"))
    assert rows[0][1:] == ["Holds", "Differs", "Kind", "Other side not at hand"] and len(rows) > 1


def test_what_is_in_quarantine_stands_there_with_its_reason(report: Report) -> None:
    rows = table_of(article(english(report), "q-kept-out"))
    assert any("two readings" in row[2] and row[1] == "1" for row in rows[1:])


def test_the_fates_of_the_cells_add_up_as_they_are_told(report: Report) -> None:
    rows = {row[0]: int(row[1].replace(",", "")) for row in table_of(article(english(report), "q-fates"))[1:]}
    said = article(english(report), "q-fates").text_content()
    told = re.search(r"(\d[\d,]*) cells with a digit were read in .* and (\d[\d,]*) further", said)
    assert told is not None
    read, further = (int(one.replace(",", "")) for one in told.groups())
    fates = rows["loaded"] + rows["in quarantine"] + rows["in tables no series knows"] + rows["ignored by a named rule"]
    assert rows["without a fate"] == 0 and fates == read + further > 0


def test_a_revision_shows_both_values(report: Report) -> None:
    rows = table_of(article(english(report), "qmas-revisions"))
    assert ["1,234", "1,250"] in [row[2:4] for row in rows[1:]]


def test_every_source_is_named_and_only_web_addresses_are_links(page: html.HtmlElement) -> None:
    documents = page.xpath("//section[not(@id='quality')]//ul[@class='documents']/li/span/a")
    assert {a.get("href") for a in documents} == {"https://example.org/first", "https://example.org/second"}


def test_the_dictionary_of_the_warehouse_is_part_of_the_page(page: html.HtmlElement) -> None:
    names = [c.text_content() for c in page.xpath("//section[@id='dictionary']//summary/code")]
    assert "marts.qmas_by_year" in names and "core.sources" in names
    assert all(c.text_content().strip() for c in page.xpath("//section[@id='dictionary']//td[3]"))


def test_unchanged_data_gives_unchanged_bytes_and_leaves_the_files_alone(database: Path, report: Report) -> None:
    before = [path.read_bytes() for path in report.files]
    again = build_report(database, report.files[0].parent)
    assert again.changed == () and [path.read_bytes() for path in again.files] == before


def test_an_empty_warehouse_gives_a_page_that_says_so(tmp_path: Path) -> None:
    where = settings(tmp_path)
    stage(where, [])
    with Build(where, all_models()) as build:
        build.run_all()
        made = build_report(publish(build).path, tmp_path / "report")
    assert "holds no figure of any scheme yet" in english(made).text_content()


def test_a_warehouse_without_the_marts_that_compare_is_told_all_the_same(database: Path, tmp_path: Path) -> None:
    import duckdb

    less = tmp_path / "less.duckdb"
    less.write_bytes(database.read_bytes())
    with duckdb.connect(str(less)) as connection:
        for name in (
            "approval_ratios",
            "talent_demand",
            "qmas_shares",
            "origin_diversity",
            "industry_mix",
            "revisions",
        ):
            connection.execute(f"DROP TABLE IF EXISTS marts.{name}")
    page = english(build_report(less, tmp_path / "report"))
    assert table_of(article(page, "qmas-qmas-by-year-year"))[1][1] == "587 ● proved"
    assert len(table_of(article(page, "qmas-qmas-by-industry"))[0]) == 2  # no shares


def test_without_a_warehouse_it_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="talent refresh"):
        build_report(tmp_path / "none.duckdb", tmp_path)


# ------------------------------------------------------------------------------------------------------- data to take


def downloads(page: html.HtmlElement) -> Iterator[tuple[str, list[list[str]]]]:
    for link in page.xpath("//a[@download]"):
        kind, _, content = link.get("href").partition(",")
        assert kind == "data:text/csv;charset=utf-8"
        yield link.get("download"), list(csv.reader(io.StringIO(unquote(content).removeprefix("\ufeff"))))


def test_the_data_of_a_chart_is_its_table_with_figures_as_numbers(report: Report) -> None:
    found = dict(downloads(english(report)))
    (name,) = [n for n in found if n.startswith("qmas-qmas-by-year-year")]
    assert found[name][:3] == [
        ["Period", "Applications received", "Applications received: verdict", "Quotas allotted",
         "Quotas allotted: verdict"],
        ["Jun–Dec 2006", "587", "proved", "83", "proved"],
        ["2007", "1250", "proved", "239", "consistent"],
    ]  # fmt: skip


def test_no_text_of_the_data_runs_in_a_spreadsheet_or_in_the_page(page: html.HtmlElement) -> None:
    rows = [row for _, table in downloads(page) for row in table]
    assert any(cell.startswith("'=HYPERLINK") for row in rows for cell in row)
    assert not [c for row in rows for c in row if re.match(r"\s*[=+@＝＋－＠\t]", c)]
    assert len(page.xpath("//script")) == 1 and EVIL in page.text_content()


def test_a_negative_number_stays_a_number() -> None:
    table = Table("t", ("a", "b"), ((Item("-3", "-3"), Item("−3", "-3", True)),))
    assert unquote(data_uri(table)).splitlines()[-1] == "'-3,-3"


# -------------------------------------------------------------------------------------------------- read by everybody


def test_the_page_asks_nobody_for_anything(page: html.HtmlElement) -> None:
    assert page.xpath("//img|//iframe|//link[@rel='stylesheet']|//script[@src]|//object|//embed|//video|//audio") == []
    assert {link.get("href") for link in page.xpath("//link[@rel='icon']")} == {"data:,"}
    written = html.tostring(page, encoding="unicode")
    assert "@import" not in written and not re.search(r"url\((?!#)", written)
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'")


def test_each_page_says_its_language_and_leads_to_the_other(report: Report) -> None:
    for path, language, other in ((report.files[0], "en", "zh-Hant.html"), (report.files[1], "zh-Hant", "index.html")):
        page = html.document_fromstring(path.read_bytes())
        assert page.get("lang") == language
        (switch,) = page.xpath("//a[@class='language']")
        assert switch.get("href") == other and (path.parent / other).exists()
        assert switch.get("lang") == switch.get("hreflang") != language


def test_every_picture_has_its_words(page: html.HtmlElement) -> None:
    pictures = page.xpath("//svg[not(@aria-hidden='true')]")
    assert len(pictures) >= 12
    for one in pictures:
        assert one.get("role") == "img"
        said = [page.get_element_by_id(ident).text_content().strip() for ident in one.get("aria-labelledby").split()]
        assert len(said) == 2 and all(said)


def test_ids_are_given_once_and_links_within_the_page_arrive(page: html.HtmlElement) -> None:
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    targets = {
        *page.xpath("//a[starts-with(@href, '#')]/@href"),
        *re.findall(r"url\((#[^)]+)\)", str(page.xpath("//@fill"))),
    }
    assert targets and {t.removeprefix("#") for t in targets} <= set(ids)
    assert {i for names in page.xpath("//@aria-labelledby") for i in names.split()} <= set(ids)


def test_headings_come_in_order_with_one_at_the_top(page: html.HtmlElement) -> None:
    levels = [int(h.tag[1]) for h in page.xpath("//h1|//h2|//h3|//h4")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert [b for a, b in pairwise(levels) if b > a + 1] == []
    assert all(h.text_content().strip() for h in page.xpath("//h1|//h2|//h3|//h4"))


def test_every_table_has_a_caption_and_headers_with_scope(page: html.HtmlElement) -> None:
    tables = page.xpath("//table")
    assert len(tables) > 10
    for table in tables:
        assert table.xpath("string(caption)").strip()
        assert table.xpath("thead/tr/th/@scope") == ["col"] * len(table.xpath("thead/tr/*"))
        for row in table.xpath("tbody/tr"):
            assert row[0].tag == "th" and row[0].get("scope") == "row" and len(row) == len(table.xpath("thead/tr/*"))
        assert table.getparent().get("tabindex") == "0" and table.getparent().get("aria-label")


def test_a_verdict_is_told_by_shape_and_word_never_by_colour_alone(page: html.HtmlElement) -> None:
    signs = page.xpath("//*[contains(@class, 'mark m-')]")
    assert signs and len(set(MARKS.values())) == len(MARKS)
    for sign in signs:
        assert sign.text in MARKS.values() and sign.getnext().text_content().strip()


@pytest.mark.parametrize("colours", [palette.LIGHT, palette.DARK], ids=["light", "dark"])
def test_texts_and_bars_stand_out_from_what_they_lie_on(colours: dict[str, str]) -> None:
    for ground in palette.GROUNDS:
        for name in palette.TEXTS:
            assert palette.contrast(colours[name], colours[ground]) >= 4.5, (name, ground)
        for name in palette.DRAWN:
            assert palette.contrast(colours[name], colours[ground]) >= 3, (name, ground)


def test_contrast_is_counted_as_the_web_guidelines_count_it() -> None:
    assert palette.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert palette.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_every_colour_of_the_page_is_a_variable_of_the_palette(page: html.HtmlElement) -> None:
    style = page.xpath("string(//style)")
    used = set(re.findall(r"var\(--(\w+)\)", style))
    assert used and used <= set(palette.LIGHT) == set(palette.DARK)
    body = html.tostring(page.find("body"), encoding="unicode")
    assert not re.search(r'(fill|stroke|color)="#', body)


def test_what_is_said_in_english_on_the_chinese_page_says_so(report: Report) -> None:
    page = html.document_fromstring(report.files[1].read_bytes())
    dictionary = page.xpath("//section[@id='dictionary']//p[@lang='en']")
    assert dictionary and not page.xpath("//section[@id='dictionary']//details/p[not(@lang)]")
    assert "優秀人才入境計劃" in page.text_content() and "已證實" in page.text_content()


# --------------------------------------------------------------------------------------------------------- small parts


def chart(*values: int | None) -> Chart:
    points = tuple(Point(None if v is None else Decimal(v), str(v)) for v in values)
    names = tuple((str(2000 + i), str(2000 + i)) for i in range(len(values)))
    return Chart("c", "Title", "Description", names, (Line("measure", points),))


def heights(drawn: str) -> list[float]:
    return [float(h) for h in re.findall(r'<rect class="bar1"[^>]*height="([\d.]+)"', drawn)]


def test_columns_are_as_high_as_their_figures_and_a_gap_stays_a_gap() -> None:
    drawn = heights(columns(chart(50, None, 100, 25), WIDE))
    assert len(drawn) == 3
    assert drawn[0] / drawn[1] == pytest.approx(0.5, abs=0.01) and drawn[2] / drawn[1] == pytest.approx(0.25, abs=0.01)


def test_bars_are_as_long_as_their_figures_and_nought_has_none() -> None:
    drawn = [float(w) for w in re.findall(r'<rect class="bar1"[^>]*width="([\d.]+)"', bars(chart(100, 50, 0), NARROW))]
    assert drawn[1] / drawn[0] == pytest.approx(0.5, abs=0.01) and drawn[2] == 0


def test_a_deficit_hangs_below_the_line() -> None:
    drawn = columns(chart(100, -100), WIDE)
    tops = [float(y) for y in re.findall(r'<rect class="bar1"[^>]* y="([\d.]+)"', drawn)]
    assert heights(drawn)[0] == pytest.approx(heights(drawn)[1], abs=0.2)
    assert tops[1] == pytest.approx(tops[0] + heights(drawn)[0], abs=0.2)


def test_a_number_is_never_rounded_on_the_way_to_the_reader() -> None:
    assert number(Decimal("1234567.8901")) == "1,234,567.8901"
    assert number(Decimal("36689.0000000000")) == "36,689"
    assert number(None) == "–"


@pytest.mark.parametrize(
    ("start", "end", "english", "chinese"),
    [
        (date(2020, 1, 1), date(2020, 12, 31), "2020", "2020年"),
        (date(2006, 6, 1), date(2006, 12, 31), "Jun–Dec 2006", "2006年6至12月"),
        (date(2024, 2, 1), date(2024, 2, 29), "Feb 2024", "2024年2月"),
        (date(2006, 6, 1), date(2021, 12, 31), "Jun 2006 to Dec 2021", "2006年6月至2021年12月"),
        (date(2022, 12, 28), date(2023, 1, 27), "Dec 28, 2022 to Jan 27, 2023", "2022年12月28日至2023年1月27日"),
        (None, date(2023, 3, 31), "Mar 31, 2023", "2023年3月31日"),
    ],
)
def test_a_period_is_named_by_its_days(start: date | None, end: date, english: str, chinese: str) -> None:
    assert (ENGLISH.period(start, end), CHINESE.period(start, end)) == (english, chinese)


def test_both_languages_say_the_same_things_of_the_same_values() -> None:
    for key, (one, other) in _SAID.items():
        assert one.strip() and other.strip(), key
        assert sorted(re.findall(r"{(\w+)}", one)) == sorted(re.findall(r"{(\w+)}", other)), key
