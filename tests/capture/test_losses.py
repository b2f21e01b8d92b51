"""What a site may serve in place of what was asked for, and what a header may say: nothing is lost, nothing ends."""

from __future__ import annotations

import json
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.capture import plan, walk
from pipelines.capture.addresses import Site as Hosts
from pipelines.capture.asking import Asker, FailedError
from pipelines.capture.pages import is_release, lacks_end
from tests.capture.newsstand import JUNE, LATER, NOW, WISHES, asked_of, documents, run
from tests.support import newsroom
from tests.support.site import Fault, Site

DAY = date(2024, 6, 4)
PAGE = "/gia/general/202406/04/P2024060400001.htm"
INDEX = "/gia/general/202406/04.htm"


def asker(site: Site, slept: list[float] | None = None, **more: Any) -> Asker:
    settings = asked_of(site, **more)
    return Asker(
        Hosts(settings.source, settings.more_hosts), settings, "1.0", (slept if slept is not None else []).append
    )


@pytest.mark.parametrize("path", [PAGE, INDEX, "/robots.txt"])
def test_a_304_that_nothing_asked_for_is_a_failure_and_asked_for_again(tmp_path: Path, path: str) -> None:
    with Site() as site:
        site.add(newsroom.page(DAY, 1))
        site.faults[path] = Fault("status", status=304)
        report = run(site, tmp_path)
        assert report.new == 0
        assert any("304" in reason for _, reason in report.failed)
        site.faults.clear()
        assert run(site, tmp_path, now=LATER).new == 1


@pytest.mark.parametrize("kept", [0.3, 0.6])
def test_a_page_without_its_end_is_asked_for_again_and_taken_when_it_is_whole(tmp_path: Path, kept: float) -> None:
    with Site() as site:
        page = newsroom.page(DAY, 1, text="word " * 400)
        site.add(page)
        half = page.body[: int(len(page.body) * kept)]
        site.faults[page.path] = Fault("wrong", body=half, times=1)
        report = run(site, tmp_path)
        assert (report.new, report.failed) == (1, ())
        assert site.paths().count(page.path) == 2
        assert list(documents(tmp_path).values()) == [page.body]


def test_a_page_that_stays_without_its_end_is_withheld_and_never_settled(tmp_path: Path) -> None:
    with Site() as site:
        page = newsroom.page(DAY, 1, text="word " * 400)
        site.add(page)
        site.faults[page.path] = Fault("wrong", body=page.body[: len(page.body) // 2])
        for now in (NOW, LATER):
            report = run(site, tmp_path, now=now)
            assert [address for address, _ in report.failed] == [site.source + page.path]
        captures, findings = walk(tmp_path)
        assert captures == ()
        assert sorted(f.code for f in findings) == ["capture-incomplete", "fetch-failed"]
        site.faults.clear()
        assert run(site, tmp_path, now=LATER).new == 1
        captures, findings = walk(tmp_path)
        assert [c.size for c in captures] == [len(page.body)]
        assert [f.code for f in findings] == ["capture-incomplete"]


def test_an_annex_that_stops_short_is_withheld(tmp_path: Path) -> None:
    with Site() as site:
        newsroom.pair(site, DAY, 1, annex=b"%PDF-1.4\n1 0 obj\n")
        report = run(site, tmp_path)
        assert report.new == 2
        assert [reason for _, reason in report.failed] == [
            "It has none of the marks of its end, asked for twice: the rest is missing."
        ]


@pytest.mark.parametrize(
    ("body", "lacks"),
    [
        ("<html><p>text</p></html>", False),
        ("<div id=pressrelease>text<br>Ends/Tuesday, June 4, 2024", False),
        ("<div id=pressrelease>正文<br>\n完<br>", False),
        ("<div id=pressrelease>工程已完成，尚有", True),
        ("<div id=pressrelease>The month ends/begins with", True),
        ("<div id=pressrelease>text", True),
    ],
)
def test_an_end_mark_counts_where_it_stands_as_one(body: str, lacks: bool) -> None:
    assert lacks_end(body.encode()) is lacks


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ('<html><title>Service unavailable</title><div id="pressrelease">Try later</div></html>', False),
        ("<html><title>Press Release</title><h1>404 Not Found</h1><!-- contents --></html>", False),
        ('<html><title>Notice</title><p>No element id="pressrelease" in the page</p></html>', False),
        ("<html><title>Notice</title><p>The code NNNN was not in the page</p></html>", False),
        ("<html><title>400 new places for talent</title><p>x</p>\nNNNN\n</html>", True),
        ("<html><title>LCQ4: Sites for schools</title><!--contents-->x</html>", True),
        ('<html><title>LCQ1: Error rates</title><span id="pressrelease">x</span></html>', True),
    ],
)
def test_a_page_that_only_quotes_a_mark_is_no_release(page: str, expected: bool) -> None:
    assert is_release(page.encode()) is expected


def _fill_june(site: Site) -> None:
    for day in (3, 4, 5, 6, 7):
        for number in range(12):
            site.add(newsroom.page(date(2024, 6, day), number + 1, title=f"Notice {number}"))


def test_a_days_index_that_lists_far_less_than_its_neighbours_stays_open(tmp_path: Path) -> None:
    with Site() as site:
        _fill_june(site)
        whole = site.body_of(INDEX)
        assert whole is not None
        site.bodies[INDEX] = (
            whole[0].split(b"<li>")[0] + b"<li>" + whole[0].split(b"<li>")[1] + b"</ul></html>",
            "text/html",
        )
        site.faults["/gia/general/202406/05.htm"] = Fault("status", status=404)
        report = run(site, tmp_path, now=LATER)
        short = {address.removeprefix(site.source) for address, _ in report.failed}
        assert {INDEX, "/gia/general/202406/05.htm"} <= short
        assert "/gia/general/202406/08.htm" not in short  # a Saturday
        assert "index-short" in {f.code for f in walk(tmp_path)[1]}
        del site.bodies[INDEX]
        site.faults.clear()
        again = run(site, tmp_path, now=LATER)
        assert {INDEX, "/gia/general/202406/05.htm"} & {a.removeprefix(site.source) for a, _ in again.failed} == set()


def test_an_index_without_its_end_gives_what_it_lists_and_stays_open(tmp_path: Path) -> None:
    with Site() as site:
        site.add(newsroom.page(DAY, 1))
        whole = site.body_of(INDEX)
        assert whole is not None
        site.faults[INDEX] = Fault("wrong", body=whole[0].partition(b"</ul>")[0])
        report = run(site, tmp_path, now=LATER)
        assert (report.new, [address for address, _ in report.failed]) == (1, [site.source + INDEX])
        site.faults.clear()
        assert run(site, tmp_path, now=LATER).failed == ()


def test_a_site_that_cannot_prove_itself_is_a_failure_and_not_an_absent_network(tmp_path: Path) -> None:
    with Site() as site:
        report = run(site, tmp_path, source=site.source.replace("http:", "https:"))
    assert report.skipped == ""
    assert "TLS" in report.stopped


@pytest.mark.parametrize(
    "robots",
    [
        "User-agent: *\nCrawl-delay: ²\n".encode(),
        b"User-agent: *\nDisallow: http://[\nDisallow: /%zz\nSitemap: http://[::\n",
        b"\xef\xbb\xbfUser-agent: *\nCrawl-delay: -4\n",
        b"\xff\xfe\x00" * 100,
        b"Crawl-delay\n:\nUser-agent\nDisallow\n",
    ],
)
def test_robots_txt_may_say_anything(tmp_path: Path, robots: bytes) -> None:
    with Site(robots=robots) as site:
        site.add(newsroom.page(DAY, 1))
        assert run(site, tmp_path).new == 1


@pytest.mark.parametrize("delay", [b"1000000000", b"9" * 5000, b"inf"])
def test_a_rest_that_is_longer_than_we_wait_ends_the_run_with_words(tmp_path: Path, delay: bytes) -> None:
    slept: list[float] = []
    with Site(robots=b"User-agent: *\nCrawl-delay: " + delay) as site:
        site.add(newsroom.page(DAY, 1))
        report = run(site, tmp_path, sleep=slept.append)
    assert "longer than we wait" in report.stopped or report.new == 1  # what is no number is no rest
    assert max(slept, default=0) <= 300
    assert delay != b"1000000000" or report.new == 0


def test_stars_dollars_and_the_longest_rule_of_robots_txt_are_heeded() -> None:
    robots = b"User-agent: *\nDisallow: /gia/*.pdf$\nDisallow: /gia/general\nAllow: /gia/general/202406/\n"
    with Site(robots=robots) as site, asker(site) as ours:
        site.bodies[PAGE] = (b"x", "text/html")
        assert ours.get(site.source + PAGE).status == 200
        for path in ("/gia/x/a.pdf", "/gia/general/201001/01.htm"):
            with pytest.raises(FailedError, match="leave this address alone"):
                ours.get(site.source + path)


def test_robots_txt_may_lead_on_five_times_and_is_asked_for_once() -> None:
    with Site() as site, asker(site) as ours:
        site.bodies[PAGE] = (b"x", "text/html")
        site.faults["/robots.txt"] = Fault("away", to="/r1")
        for number in range(1, 5):
            site.faults[f"/r{number}"] = Fault("away", to=f"/r{number + 1}")
        site.bodies["/r5"] = (b"User-agent: *\nDisallow: /private\n", "text/plain")
        ours.get(site.source + PAGE)
        ours.get(site.source + PAGE)
        with pytest.raises(FailedError, match="leave this address alone"):
            ours.get(site.source + "/private/x")
    assert site.paths() == ["/robots.txt", "/r1", "/r2", "/r3", "/r4", "/r5", PAGE, PAGE]


@pytest.mark.parametrize(
    "value", ["²", "9" * 5000, "Mon, 99 Foo 99999 99:99:99 GMT", "Thu, 01 Jan 0001 00:00:00 +2359", "-1", "\x0b", "1e9"]
)
def test_no_retry_after_ends_a_run_in_a_fault_of_ours(tmp_path: Path, value: str) -> None:
    with Site() as site:
        good, bad = newsroom.page(DAY, 1), newsroom.page(DAY, 2)
        site.add(good, bad)
        header = (("Retry-After", value.encode().decode("latin-1")),)
        site.faults[bad.path] = Fault("status", status=503, headers=header)
        report = run(site, tmp_path)
    assert report.new == 1
    assert [address for address, _ in report.failed] == [site.source + bad.path]


@pytest.mark.parametrize(
    "headers",
    [
        (("Location", "http://["),),
        (("Location", "//[::1"),),
        (("Location", "x" * 70_000),),
        tuple((f"X-{n}", "y" * 2_000) for n in range(90)),
    ],
)
def test_no_header_ends_a_run_in_a_fault_of_ours(tmp_path: Path, headers: tuple[tuple[str, str], ...]) -> None:
    with Site() as site:
        good, bad = newsroom.page(DAY, 1), newsroom.page(DAY, 2)
        site.add(good, bad)
        site.faults[bad.path] = Fault("status", status=302, headers=headers)
        report = run(site, tmp_path)
    assert report.new == 1
    assert [address for address, _ in report.failed] == [site.source + bad.path]


def test_a_run_makes_no_more_requests_than_it_may_and_the_next_goes_on(tmp_path: Path) -> None:
    with Site() as site:
        site.add(newsroom.page(DAY, 1))
        report = run(site, tmp_path, max_requests=7)
        assert len(site.asked) == report.requests == 7
        assert "TALENT_MAX_REQUESTS" in report.stopped
        assert report.failed == ()
        assert run(site, tmp_path).new == 1


def test_titles_of_an_index_over_the_bound_are_noted_once_it_is_raised(tmp_path: Path) -> None:
    with Site() as site:
        site.add(newsroom.page(DAY, 1), newsroom.page(DAY, 2))
        report = run(site, tmp_path, max_titles=1)
        assert (report.new, "TALENT_MAX_TITLES" in dict(report.capped)[site.source + INDEX]) == (1, True)
        assert "over-cap" in {f.code for f in walk(tmp_path)[1]}
        report = run(site, tmp_path)
        assert (report.new, report.capped, report.failed) == (1, (), ())


def test_pages_reached_from_one_page_and_its_annexes_are_bounded_with_a_word(tmp_path: Path) -> None:
    with Site() as site:
        first = newsroom.page(DAY, 1, twin="/gia/general/202406/04/P2024060400002.htm")
        annexes = "".join(f'<a href="/general/a{n}.pdf">Annex</a>' for n in range(5)).encode()
        site.add(type(first)(DAY, first.id, first.title, first.body.replace(b"</html>", annexes + b"</html>")))
        for number in range(2, 30):
            page = newsroom.page(
                DAY, number, twin=f"/gia/general/202406/04/P20240604{number + 1:05d}.htm", title="Other"
            )
            site.add(page)
            site.pages[page.path] = type(page)(page.day, page.id, page.title, page.body, "none")
        report = run(site, tmp_path, max_linked=4, max_annexes=3)
        assert report.new == 5
        assert {reason.rpartition("(")[2] for _, reason in report.capped} >= {"TALENT_MAX_LINKED)."}
        assert sum(path.startswith("/general/a") for path in site.paths()) == 3


def test_an_incomplete_page_is_planned_for_and_its_record_says_why(tmp_path: Path) -> None:
    with Site() as site:
        page = newsroom.page(DAY, 1, text="word " * 400)
        site.add(page)
        site.faults[page.path] = Fault("wrong", body=page.body[: len(page.body) // 2])
        run(site, tmp_path, now=LATER)
        planned = plan(tmp_path, asked_of(site), WISHES, [JUNE], now=LATER)
    assert [address for address, _ in planned.releases] == [site.source + page.path]
    (record,) = tmp_path.rglob("*~incomplete*.capture.json")
    assert "rest is missing" in json.loads(record.read_text())["incomplete"]


def test_a_page_made_to_exhaust_the_parser_is_declined_at_once_and_the_rest_goes_on(tmp_path: Path) -> None:
    with Site() as site:
        good, bad = newsroom.page(DAY, 1), newsroom.page(DAY, 2)
        site.add(good, bad)
        attributes = b" ".join(b"a%d=1" % number for number in range(100_000))
        site.faults[bad.path] = Fault("wrong", body=bad.body.replace(b"<body", b"<body " + attributes))
        began = time.process_time()
        report = run(site, tmp_path)
        assert time.process_time() - began < 10
    assert report.new == 1
    assert [address for address, _ in report.failed] == [site.source + bad.path]
