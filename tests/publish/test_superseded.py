"""A capture takes the place of the facsimile of its release; what differs between the two is a finding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from pipelines.model import NO_RELEASE, CaptureKind, Medium, StandsFor
from pipelines.publish.swap import publish
from tests.publish.making import Figure, Made, built, document, rows, select, year

DAY = date(2022, 1, 19)
PAGE = "https://www.info.gov.hk/gia/general/202201/19/P2022011900243.htm"
MIRROR = "https://mirror.example/lcq15"
ALLOTTED = Figure("qmas_by_year", "quotas_allotted", "1709", year(2020))


def of_years(*values: str, measure: str = "quotas_allotted") -> list[Figure]:
    """One figure a year from 2018 on."""
    return [replace(ALLOTTED, measure=measure, value=v, period=year(2018 + n)) for n, v in enumerate(values)]


def made(
    name: str,
    figures: Sequence[Figure],
    *,
    kind: CaptureKind = CaptureKind.FETCHED,
    url: str | None = PAGE,
    number: str = "LCQ15",
    title: str = "LCQ15: Quality Migrant Admission Scheme",
    stands_for: StandsFor = NO_RELEASE,
    body: str = "",
    attachments: Sequence[str] = (),
    **more: Any,
) -> Made:
    one = document(name, figures, **{"released": DAY, **more})
    read = one.read.document
    assert read is not None
    facts = replace(
        read.release, title=title, number=number, attachments=tuple((address, "Annex") for address in attachments)
    )
    return replace(
        one,
        capture=replace(one.capture, kind=kind, source_url=url, path=f"{kind}/{name}", stands_for=stands_for),
        read=replace(one.read, document=replace(read, release=facts, body_hash=body or read.body_hash)),
    )


def facsimile(name: str, figures: Sequence[Figure], **more: Any) -> Made:
    return made(name, figures, **{"kind": CaptureKind.FACSIMILE, "url": MIRROR, "captured": None, **more})


COPY = facsimile("copy", of_years("555", "874", "1709"))
REAL = made("real", of_years("555", "874", "1709"))


def latest(folder: Path, documents: Sequence[Made]) -> dict[int, tuple[object, list[str]]]:
    """Year → value and the paths of its sources."""
    found = rows(folder, documents, "core.editions", "edition = 'latest'")
    return {r["period_end"].year: (r["value"], [s["path"] for s in r["sources"]]) for r in found}


def test_a_capture_takes_the_place_of_its_facsimile_as_source_and_as_vintage(tmp_path: Path) -> None:
    with built(tmp_path, [COPY, REAL]) as build:
        (told,) = select(build, "SELECT * FROM core.superseded")
        assert told["because"] == "number and day are the same"
        editions = select(build, "SELECT edition, value, n_sources, sources FROM core.editions ORDER BY ALL")
        assert {(r["edition"], r["n_sources"]) for r in editions} == {("latest", 1), ("first", 1)}
        assert {s["path"] for r in editions for s in r["sources"]} == {"fetched/real"}
        assert select(build, "SELECT * FROM quality.findings") == []
        assert {r["outcome"] for r in select(build, "SELECT outcome FROM quality.facsimiles")} == {"same"}


def test_a_superseded_facsimile_is_accounted_for_and_can_be_traced(tmp_path: Path) -> None:
    with built(tmp_path, [COPY, REAL]) as build:
        (counted,) = select(
            build,
            "SELECT fact, ignored, difference, unaccounted, list_transform(ignored_by, lambda r: r.rule) AS rules "
            "FROM quality.coverage WHERE path = 'facsimile/copy'",
        )
        assert (counted["fact"], counted["difference"], counted["unaccounted"]) == (0, 0, 0)
        assert "facsimile of a release that was captured" in counted["rules"]
        assert select(build, "SELECT * FROM quality.quarantine") == []
        said = {r["withheld"] for r in select(build, "SELECT withheld FROM core.observations WHERE NOT loads")}
        assert said == {f"a capture of its release counts in its place: {REAL.capture.content_hash[:16]}"}
        cells = "SELECT count(*) AS n FROM core.sources WHERE path = 'facsimile/copy'"
        assert select(build, cells) == [{"n": 3}]
        publish(build)


def test_a_figure_that_differs_is_a_finding_with_both_figures_and_both_cells(tmp_path: Path) -> None:
    real = made("real", of_years("555", "875", "1709"))
    with built(tmp_path, [COPY, real]) as build:
        values = select(build, "SELECT value FROM core.editions WHERE edition = 'latest' ORDER BY 1")
        assert [int(r["value"]) for r in values] == [555, 875, 1709]
        (said,) = select(build, "SELECT * FROM quality.findings")
        assert said["code"] == "facsimile-differs"
        cells = {r["cell_id"] for r in select(build, "SELECT cell_id FROM core.observations WHERE value IN (874, 875)")}
        assert len(cells) == 2 and all(cell in said["message"] for cell in cells)
        assert "prints 874" in said["message"] and "875" in said["message"]
        assert "The capture counts" in said["remedy"]
        assert select(build, "SELECT * FROM quality.disagreements") == []
        warned = publish(build).warnings
    assert any("a capture prints what its facsimile prints" in w for w in warned)


def test_a_figure_that_the_capture_lacks_is_a_finding_and_is_loaded_no_more(tmp_path: Path) -> None:
    real = made("real", of_years("555", "874"))
    with built(tmp_path, [COPY, real]) as build:
        (said,) = select(build, "SELECT * FROM quality.findings")
        assert "prints 1709" in said["message"] and "no figure of it was read" in said["message"]
        assert [int(r["value"]) for r in select(build, "SELECT value FROM core.editions WHERE edition = 'latest'")]
        assert select(build, "SELECT * FROM core.editions WHERE year(period_end) = 2020") == []


def test_a_figure_that_differs_within_rounding_is_no_finding(tmp_path: Path) -> None:
    about = replace(ALLOTTED, value="1700", quantum="100", approx="about")
    assert rows(tmp_path, [facsimile("copy", [about]), made("real", [ALLOTTED])], "quality.findings") == []


def test_a_capture_in_one_language_leaves_the_facsimile_of_its_twin_alone(tmp_path: Path) -> None:
    twin = facsimile("twin", of_years("555", "874", "1709"), language="zh-Hant", title="立法會十五題")
    found = latest(tmp_path, [COPY, twin, REAL])
    assert found[2020] == (1709, ["fetched/real", "facsimile/twin"])


@pytest.mark.parametrize(
    ("copy", "real"),
    [
        ({"number": "LCQ14"}, {}),
        ({"released": date(2022, 1, 26)}, {}),
        ({"url": PAGE}, {"number": "LCQ3", "title": "LCQ3: Another question"}),
        (
            {"number": "", "title": "Annual quota"},
            {"number": "", "title": "Annual quota", "released": date(2022, 1, 20)},
        ),
        ({"number": "", "released": None, "url": MIRROR}, {}),
    ],
)
def test_another_release_leaves_a_facsimile_alone(tmp_path: Path, copy: dict[str, Any], real: dict[str, Any]) -> None:
    figures = of_years("555", "874", "1709")
    assert rows(tmp_path, [facsimile("copy", figures, **copy), made("real", figures, **real)], "core.superseded") == []


@pytest.mark.parametrize(
    ("copy", "real", "because"),
    [
        (
            {"stands_for": StandsFor(address=PAGE.replace("https", "http")), "number": "", "released": None},
            {},
            "address",
        ),
        ({"stands_for": StandsFor(number="LCQ15", released=DAY), "number": "", "released": None}, {}, "number and day"),
        ({"number": "", "released": None}, {"url": MIRROR, "number": ""}, "address and title"),
        ({"number": ""}, {"number": ""}, "title and day"),
        ({"number": "", "title": "In our own words"}, {}, "the day is the same, and every figure"),
        ({"number": "", "title": "In our own words", "url": PAGE, "released": None}, {}, "that of one release"),
        (
            {"number": "", "title": "In our own words", "released": None},
            {"url": f"{MIRROR}/", "number": ""},
            "the address is the same, and every figure",
        ),
    ],
)
def test_a_release_is_known_by_address_number_title_or_its_figures(
    tmp_path: Path, copy: dict[str, Any], real: dict[str, Any], because: str
) -> None:
    figures = of_years("555", "874", "1709")
    (told,) = rows(tmp_path, [facsimile("copy", figures, **copy), made("real", figures, **real)], "core.superseded")
    assert because in told["because"]


def test_of_a_release_known_by_its_day_alone_a_single_lacking_figure_leaves_the_facsimile(tmp_path: Path) -> None:
    copy = facsimile("copy", of_years("555", "874", "1709"), number="", title="In our own words")
    assert rows(tmp_path, [copy, made("real", of_years("555", "874"))], "core.superseded") == []


def test_a_page_in_which_no_figure_was_read_takes_nothing_away_until_its_annex_is_there(tmp_path: Path) -> None:
    address = "https://gia.info.gov.hk/general/202201/19/P1_2_3.pdf"
    page = made("page", [], attachments=[address])
    annex = made("annex", of_years("555", "874", "1709"), url=address, number="", title="", medium=Medium.PDF,
                 released=None)  # fmt: skip
    assert latest(tmp_path / "one", [COPY, page])[2020] == (1709, ["facsimile/copy"])
    assert latest(tmp_path / "two", [COPY, page, annex])[2020] == (1709, ["fetched/annex"])


def test_an_imported_page_counts_as_a_capture(tmp_path: Path) -> None:
    found = latest(tmp_path, [COPY, made("real", of_years("555", "874", "1709"), kind=CaptureKind.DROPPED, url=None)])
    assert found[2020] == (1709, ["dropped/real"])


def test_a_capture_at_the_address_of_its_facsimile_is_no_page_changed_in_place(tmp_path: Path) -> None:
    copy = facsimile("copy", of_years("555"), url=PAGE, captured=datetime(2022, 2, 1, tzinfo=UTC))
    with built(tmp_path, [copy, made("real", of_years("555"))], "core.documents") as build:
        (told,) = select(build, "SELECT * FROM core.documents WHERE path = 'fetched/real'")
    assert (told["changed_in_place"], told["known_from"]) == (False, DAY)


def opendata(name: str, figures: Sequence[Figure], captured: datetime, kind: CaptureKind) -> Made:
    return made(name, figures, kind=kind, url="https://open.example/file.csv", medium=Medium.CSV, released=None,
                number="", title="file", captured=captured)  # fmt: skip


def test_an_open_data_file_gives_way_to_one_of_the_same_years_and_stays_beside_a_longer_one(tmp_path: Path) -> None:
    old = opendata("old", of_years("555", "874"), datetime(2022, 9, 1, tzinfo=UTC), CaptureKind.FACSIMILE)
    new = opendata("new", of_years("556", "874"), datetime(2022, 9, 9, tzinfo=UTC), CaptureKind.FETCHED)
    later = opendata("later", of_years("556", "874", "1709"), datetime(2023, 9, 9, tzinfo=UTC), CaptureKind.FETCHED)
    assert [r["superseded_by"] for r in rows(tmp_path / "same", [old, new], "core.superseded")] == [
        new.capture.content_hash[:16]
    ]
    assert rows(tmp_path / "longer", [old, later], "core.superseded") == []
    revised = rows(tmp_path / "longer", [old, later], "marts.revisions")
    assert [(r["value_before"], r["value"]) for r in revised] == [(555, 556)]


def test_another_wrapper_around_the_same_words_is_no_second_source(tmp_path: Path) -> None:
    first = made("first", of_years("555"), body="words", captured=datetime(2022, 2, 1, tzinfo=UTC))
    second = made("second", of_years("555"), body="words", captured=datetime(2022, 3, 1, tzinfo=UTC))
    assert latest(tmp_path, [first, second])[2018] == (555, ["fetched/first"])


def test_a_page_that_went_back_to_earlier_words_has_changed_again(tmp_path: Path) -> None:
    first = made("first", of_years("555"), body="a", captured=datetime(2022, 2, 1, tzinfo=UTC))
    second = made("second", of_years("556"), body="b", captured=datetime(2022, 3, 1, tzinfo=UTC))
    third = made("third", of_years("555"), body="a", captured=datetime(2022, 4, 1, tzinfo=UTC))
    assert latest(tmp_path, [first, second, third])[2018] == (555, ["fetched/third", "fetched/first"])


def test_words_that_a_page_took_back_count_no_more(tmp_path: Path) -> None:
    first = made("first", of_years("555"), captured=datetime(2022, 2, 1, tzinfo=UTC))
    second = made("second", of_years("556"), captured=datetime(2022, 3, 1, tzinfo=UTC))
    again = replace(first.capture, path="fetched/first~back-2", captured_at=datetime(2022, 4, 1, tzinfo=UTC))
    assert latest(tmp_path / "before", [first, second])[2018] == (556, ["fetched/second"])
    with built(tmp_path / "after", [first, second, replace(first, capture=again)]) as build:
        (told,) = select(build, "SELECT rule FROM core.superseded")
        assert told["rule"] == "words that their page took back"
        (row,) = select(build, "SELECT value, sources FROM core.editions WHERE edition = 'latest'")
        assert (row["value"], [s["path"] for s in row["sources"]]) == (555, ["fetched/first"])
        assert select(build, "SELECT * FROM quality.quarantine") == []
        publish(build)
