"""Politeness: one request at a time, rests, robots.txt, retries, bounds, and hosts that are never asked."""

from __future__ import annotations

import socket
import time
from typing import Any

import pytest

from pipelines.capture.addresses import Site as Hosts
from pipelines.capture.asking import Asker, FailedError
from pipelines.capture.network import is_public
from pipelines.settings import FetchSettings
from tests.capture.newsstand import asked_of, run
from tests.support import newsroom
from tests.support.site import Fault, Site

PAGE = "/gia/general/202406/04/P2024060400001.htm"


def asker(site: Site, slept: list[float] | None = None, **more: Any) -> Asker:
    settings = asked_of(site, **more)
    hosts = Hosts(settings.source, settings.more_hosts)
    return Asker(hosts, settings, "1.0", (slept if slept is not None else []).append)


@pytest.fixture
def site() -> Any:
    with Site() as served:
        served.bodies[PAGE] = (b"<html>NNNN</html>", "text/html")
        yield served


def test_every_request_says_who_we_are_and_whom_to_write_to(site: Site) -> None:
    with asker(site) as ours:
        ours.get(site.source + PAGE)
    agents = {asked.headers["user-agent"] for asked in site.asked}
    assert agents == {"hk-talent-warehouse/1.0 (contact: reader@example.org)"}
    assert site.asked[0].headers["from"] == "reader@example.org"
    assert site.asked[0].headers["accept-encoding"] == "identity"


def test_the_pause_lies_between_any_two_requests_and_robots_txt_may_lengthen_it(site: Site) -> None:
    slept: list[float] = []
    with asker(site, slept, pause=5.0) as ours:
        for _ in range(3):
            ours.get(site.source + PAGE)
    assert [round(s) for s in slept] == [5, 5, 5]
    site.robots = b"User-agent: *\nCrawl-delay: 9\n"
    slept.clear()
    with asker(site, slept, pause=5.0) as ours:
        ours.get(site.source + PAGE)
    assert [round(s) for s in slept] == [9]


def test_requests_are_never_made_at_once(tmp_path: Any) -> None:
    from datetime import date

    with Site() as site:
        for number in range(5):
            newsroom.pair(site, date(2024, 6, 4), number, annex=b"%PDF-1.4\n")
        run(site, tmp_path)
        assert site.most_at_once == 1
        assert len(site.asked) > 30


def test_what_robots_txt_forbids_is_not_asked_for(site: Site) -> None:
    site.robots = b"User-agent: hk-talent-warehouse\nDisallow: /gia/\n"
    with asker(site) as ours, pytest.raises(FailedError, match="leave this address alone"):
        ours.get(site.source + PAGE)
    assert site.paths() == ["/robots.txt"]


def test_a_host_whose_robots_txt_cannot_be_had_is_left_alone_and_one_without_it_is_not(site: Site) -> None:
    site.faults["/robots.txt"] = Fault("status", status=503)
    with asker(site) as ours:
        for _ in range(2):
            with pytest.raises(FailedError, match=r"robots\.txt cannot be had"):
                ours.get(site.source + PAGE)
    assert PAGE not in site.paths()
    assert len(site.paths()) == 4
    site.faults.clear()
    site.robots = None
    with asker(site) as ours:
        assert ours.get(site.source + PAGE).status == 200


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_server_that_is_busy_is_asked_again_after_longer_and_longer_rests(site: Site, status: int) -> None:
    site.faults[PAGE] = Fault("status", status=status, times=3)
    slept: list[float] = []
    with asker(site, slept, backoff=8.0) as ours:
        answer = ours.get(site.source + PAGE)
    assert (answer.status, answer.attempts) == (200, 4)
    assert [lower <= s <= upper for s, (lower, upper) in zip(slept, [(6, 10), (12, 20), (24, 40)], strict=True)] == [
        True,
        True,
        True,
    ]


def test_it_gives_up_after_the_attempts_that_the_settings_allow(site: Site) -> None:
    site.faults[PAGE] = Fault("status", status=503)
    with asker(site, attempts=3) as ours, pytest.raises(FailedError) as caught:
        ours.get(site.source + PAGE)
    assert (caught.value.attempts, caught.value.down, site.paths().count(PAGE)) == (3, True, 3)


def test_a_page_that_is_not_there_costs_no_new_connection(site: Site) -> None:
    with asker(site) as ours:
        for number in range(5):
            with pytest.raises(FailedError):
                ours.get(f"{site.source}/gia/general/202406/0{number}c.htm")
        ours.get(site.source + PAGE)
    assert site.connections == 1


def test_what_is_gone_or_forbidden_is_not_asked_for_twice(site: Site) -> None:
    for status in (404, 410, 403):
        site.faults[PAGE] = Fault("status", status=status)
        with asker(site) as ours, pytest.raises(FailedError) as caught:
            ours.get(site.source + PAGE)
        assert caught.value.gone is (status != 403)
    assert site.paths().count(PAGE) == 3


@pytest.mark.parametrize("said", ["7", "Wed, 21 Oct 2099 07:28:00 GMT"])
def test_retry_after_is_honoured_and_beyond_the_bound_it_ends_the_run(site: Site, said: str) -> None:
    site.faults[PAGE] = Fault("status", status=429, times=1, headers=(("Retry-After", said),))
    slept: list[float] = []
    with asker(site, slept) as ours:
        if said == "7":
            assert ours.get(site.source + PAGE).status == 200
            assert slept == [7.0]
        else:
            with pytest.raises(FailedError, match="left alone for") as caught:
                ours.get(site.source + PAGE)
            assert caught.value.stop
            assert slept == []


def test_a_long_retry_after_ends_the_run_with_its_reason(tmp_path: Any) -> None:
    from datetime import date

    with Site() as site:
        pages = [newsroom.page(date(2024, 6, 4), n) for n in (1, 2)]
        site.add(*pages)
        site.faults[pages[0].path] = Fault("status", status=429, headers=(("Retry-After", "86400"),))
        report = run(site, tmp_path)
        assert "left alone for 86400 seconds" in report.stopped
        assert pages[1].path not in site.paths()
        site.faults.clear()
        assert run(site, tmp_path).new == 2


def test_a_site_that_answers_nothing_several_times_in_a_row_is_left_alone(tmp_path: Any) -> None:
    from datetime import date

    with Site() as site:
        pages = [newsroom.page(date(2024, 6, 4), n) for n in range(9)]
        site.add(*pages)
        for page in pages:
            site.faults[page.path] = Fault("status", status=503)
        report = run(site, tmp_path, attempts=1, give_up_after=3)
        assert "3 addresses in a row" in report.stopped
        assert len([p for p in site.paths() if p.endswith(".htm") and "P2024" in p]) == 3


def test_a_slow_drip_is_cut_off(site: Site) -> None:
    site.bodies[PAGE] = (b"x" * 1000, "text/html")
    site.faults[PAGE] = Fault("drip")
    began = time.monotonic()
    with asker(site, request_seconds=0.3, attempts=1) as ours, pytest.raises(FailedError, match=r"more than 0\.3 sec"):
        ours.get(site.source + PAGE)
    assert time.monotonic() - began < 5


def test_headers_that_trickle_in_are_cut_off_too(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.capture.network._GRACE", 0.0)
    site.faults[PAGE] = Fault("trickle")
    began = time.monotonic()
    with asker(site, request_seconds=0.3, attempts=1) as ours, pytest.raises(FailedError, match="No answer in time"):
        ours.get(site.source + PAGE)
    assert time.monotonic() - began < 5


def test_a_server_that_says_nothing_is_waited_for_so_long_and_no_longer(site: Site) -> None:
    site.faults[PAGE] = Fault("hang")
    with asker(site, read_seconds=0.2, attempts=1) as ours, pytest.raises(FailedError, match="No answer in time"):
        ours.get(site.source + PAGE)


def test_what_is_too_large_is_refused(site: Site) -> None:
    site.bodies[PAGE] = (b"x" * 5000, "text/html")
    with asker(site, max_bytes=4999) as ours, pytest.raises(FailedError, match="too large"):
        ours.get(site.source + PAGE)
    with asker(site, max_bytes=5000) as ours:
        assert len(ours.get(site.source + PAGE).body or b"") == 5000


def test_a_redirect_within_the_allowed_hosts_is_followed_and_a_ring_is_not(site: Site) -> None:
    moved = "/gia/general/202406/04/P2024060400002.htm"
    site.faults[moved] = Fault("away", to=PAGE)
    with asker(site) as ours:
        assert ours.get(site.source + moved).address == site.source + PAGE
    site.faults[moved] = Fault("away", to=moved)
    with asker(site) as ours, pytest.raises(FailedError, match="on and on"):
        ours.get(site.source + moved)


def test_a_host_that_the_settings_do_not_name_is_not_asked(site: Site) -> None:
    other = f"http://localhost:{site.host.rpartition(':')[2]}{PAGE}"
    with asker(site) as ours, pytest.raises(FailedError, match="no host that may be asked"):
        ours.get(other)
    assert site.asked == []


def test_an_allowed_name_that_resolves_to_this_machine_is_refused_unless_a_test_allows_it(site: Site) -> None:
    with asker(site, allow_loopback=False) as ours, pytest.raises(FailedError, match="no public address"):
        ours.get(site.source + PAGE)
    assert site.asked == []


def test_an_allowed_name_that_resolves_to_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.7", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    settings = FetchSettings(contact="a@example.org", source="http://www.info.gov.hk", attempts=1)
    ours = Asker(Hosts(settings.source), settings, "1", lambda _: None)
    with ours, pytest.raises(FailedError, match=r"10\.0\.0\.7, which is no public address"):
        ours.get("http://www.info.gov.hk/gia/general/today.htm")


@pytest.mark.parametrize(
    ("number", "public"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("10.1.2.3", False),
        ("192.168.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("127.0.0.1", False),
        ("::1", False),
        ("::ffff:10.0.0.1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("2002:a00:1::", False),
    ],
)
def test_private_addresses_are_known_in_every_disguise(number: str, public: bool) -> None:
    assert is_public(number, allow_loopback=False) is public
