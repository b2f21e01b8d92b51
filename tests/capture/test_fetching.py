"""A run over the local site: what is found, what is asked for again, and what becomes of pages that misbehave."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipelines.capture import FetchBusyError, ledger, plan, verify, walk
from pipelines.capture.fetching import _alone
from pipelines.model import CaptureKind, Severity
from tests.capture.newsstand import JUNE, LATER, NOW, WISHES, asked_of, documents, run
from tests.support import newsroom
from tests.support.site import Fault, Site

DAY = date(2024, 6, 4)
ANNEX = b"%PDF-1.4\n%%EOF\n"


def log_of(raw: Path, site: Site) -> list[ledger.Entry]:
    return list(ledger.entries(raw / site.host.replace(":", "_") / "index"))


def asked_again(site: Site, since: int) -> dict[str, int]:
    """Path → status of what was asked for since, without robots.txt and indexes of days that have none."""
    return {a.path: a.status for a in site.asked[since:] if a.path != "/robots.txt" and a.status != 404}


@pytest.mark.parametrize("day", [date(1999, 3, 4), date(2012, 3, 4), DAY])
def test_a_release_comes_with_its_twin_and_its_annex_in_each_template(tmp_path: Path, day: date) -> None:
    with Site() as site:
        first, second = newsroom.pair(site, day, 1, annex=ANNEX)
        site.add(newsroom.page(day, 5, title="Weather report"))
        report = run(site, tmp_path, [day.replace(day=1)], wishes=["Quality Migrant Admission Scheme"])
    assert (report.new, report.failed, report.skipped, report.stopped) == (3, (), "", "")
    captures, findings = walk(tmp_path)
    assert findings == ()
    assert {c.source_url for c in captures} == {
        site.source + first.path,
        site.source + second.path,
        f"http://{site.annex_host}/general/{day:%Y%m}/{day:%d}/A1_1_2.pdf",
    }
    assert all(c.kind is CaptureKind.FETCHED and c.captured_at == NOW for c in captures)
    assert {Path(c.path).parent.name for c in captures} == {f"{day:%Y-%m}"}
    assert {c.content_hash for c in captures} == {
        hashlib.sha256(b).hexdigest() for b in (first.body, second.body, ANNEX)
    }
    assert any(f"04-{first.id}-lcq1-quality-migrant-admission-scheme.htm" in c.path for c in captures)


def test_a_chinese_title_alone_finds_the_release_and_leads_to_the_english_one(tmp_path: Path) -> None:
    with Site() as site:
        newsroom.pair(site, date(2012, 3, 4), 1)
        report = run(site, tmp_path, [date(2012, 3, 1)], wishes=["優秀人才入境計劃"])
    assert (report.wanted, report.new) == (1, 2)


def test_ids_that_repeat_from_year_to_year_are_kept_apart(tmp_path: Path) -> None:
    with Site() as site:
        pages = [newsroom.page(date(year, 5, 31), 155, text=f"{year}") for year in (2000, 2004)]
        assert pages[0].id == pages[1].id
        site.add(*pages)
        run(site, tmp_path, [date(2000, 5, 1), date(2004, 5, 1)])
    assert sorted(documents(tmp_path).values()) == sorted(page.body for page in pages)


def test_the_simplified_version_and_other_hosts_are_never_asked(tmp_path: Path) -> None:
    with Site() as site:
        newsroom.pair(site, date(2012, 3, 4), 1)
        body = newsroom.page(DAY, 2).body.replace(b"NNNN", b'<a href="http://example.org/x.pdf">Annex</a> NNNN')
        site.add(replace(newsroom.page(DAY, 2), body=body))
        report = run(site, tmp_path, [date(2012, 3, 1), JUNE])
    assert (report.new, report.failed) == (3, ())


def test_settled_months_cost_no_request_and_recent_ones_validators_only(tmp_path: Path) -> None:
    with Site() as site:
        newsroom.pair(site, date(2012, 3, 4), 1, annex=ANNEX)
        newsroom.pair(site, DAY, 2, annex=ANNEX)
        run(site, tmp_path, [date(2012, 3, 1), JUNE])
        before = len(site.asked)
        report = run(site, tmp_path, [date(2012, 3, 1)])
        assert len(site.asked) == before
        assert report.settled == 62 + 3
        report = run(site, tmp_path, [JUNE])
        again = asked_again(site, before)
    assert set(again.values()) == {304}
    assert len(again) == 2 + 3
    assert (report.new, report.changed, report.unchanged) == (0, 0, 3)


def test_a_month_that_was_recent_is_asked_once_more_when_it_is_settled_and_then_no_more(tmp_path: Path) -> None:
    with Site() as site:
        newsroom.pair(site, DAY, 2)
        run(site, tmp_path)
        before = len(site.asked)
        run(site, tmp_path, now=LATER)
        assert set(asked_again(site, before).values()) == {304}
        before = len(site.asked)
        run(site, tmp_path, now=LATER)
        assert len(site.asked) == before


def test_a_page_that_changes_becomes_a_further_capture_and_the_first_one_stays(tmp_path: Path) -> None:
    with Site() as site:
        page = newsroom.page(DAY, 2, text="one")
        site.add(page)
        run(site, tmp_path)
        changed = newsroom.page(DAY, 2, text="two").body
        site.change(page, changed)
        report = run(site, tmp_path)
        assert (report.new, report.changed) == (0, 1)
        site.change(page, page.body)
        assert run(site, tmp_path).changed == 1
        assert run(site, tmp_path).unchanged == 1
    kept = documents(tmp_path)
    assert sorted(kept.values()) == sorted([page.body, changed, page.body]), "that the page went back must be seen"
    assert sum("~" in name for name in kept) == 2
    assert [e.outcome.value for e in log_of(tmp_path, site) if e.path] == ["new", "changed", "changed"]


def test_a_page_that_goes_to_and_fro_gives_a_capture_each_time_and_a_killed_run_doubles_none(tmp_path: Path) -> None:
    with Site() as site:
        page = newsroom.page(DAY, 2, text="one")
        site.add(page)
        log = tmp_path / site.host.replace(":", "_") / "index" / ledger.LOG
        for number in range(6):
            site.change(page, newsroom.page(DAY, 2, text=("one", "two")[number % 2]).body)
            before = log.read_bytes() if log.exists() else b""
            run(site, tmp_path)
            if before:
                log.write_bytes(before)  # killed after the document was moved in and before the log said so
                run(site, tmp_path)
            assert len(documents(tmp_path)) == number + 1
    entries = [e for e in log_of(tmp_path, site) if e.path]
    assert len({e.path for e in entries}) == 6
    assert verify(tmp_path) == ()


def test_a_document_that_is_gone_with_its_record_is_found_out_by_the_log(tmp_path: Path) -> None:
    with Site() as site:
        site.add(newsroom.page(DAY, 1), newsroom.page(DAY, 2))
        run(site, tmp_path)
    name, _ = documents(tmp_path)
    (tmp_path / name).unlink()
    (tmp_path / f"{name}.capture.json").unlink()
    (found,) = verify(tmp_path)
    assert (found.code, found.where, found.severity) == ("capture-lost", name, Severity.ERROR)
    assert "captures.jsonl says that it was captured" in found.message


def test_bytes_that_come_again_without_validators_are_no_change(tmp_path: Path) -> None:
    with Site(validators=False) as site:
        site.add(newsroom.page(DAY, 2))
        run(site, tmp_path)
        report = run(site, tmp_path)
    assert (report.new, report.changed, report.unchanged) == (0, 0, 1)
    assert len(documents(tmp_path)) == 1


def test_a_listed_page_that_is_not_there_yet_is_told_of_and_fetched_when_it_is(tmp_path: Path) -> None:
    with Site() as site:
        page = newsroom.page(DAY, 2)
        site.add(page)
        del site.bodies[page.path]
        report = run(site, tmp_path)
        assert [(a, r) for a, r in report.failed] == [(site.source + page.path, "The host answered 404 Not Found.")]
        assert [f.code for f in walk(tmp_path)[1]] == ["fetch-failed"]
        site.add(page)
        report = run(site, tmp_path)
    assert (report.new, report.failed) == (1, ())
    assert walk(tmp_path)[1] == ()


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault("wrong"), "no mark of a release"),
        (Fault("wrong", body=b"%PDF-1.4 something"), "application/pdf"),
        (Fault("wrong", body=b""), "application/octet-stream"),
        (Fault("cut"), "broke off"),
        (Fault("away", to="http://example.org/elsewhere.htm"), "where we may not ask"),
        (Fault("away", to="/private/page.htm"), "leave this address alone"),
        (Fault("status", status=503), "503"),
        (Fault("status", status=403), "403"),
    ],
)
def test_what_is_no_release_is_a_failed_capture_with_its_reason(tmp_path: Path, fault: Fault, reason: str) -> None:
    with Site() as site:
        good, bad = newsroom.page(DAY, 1), newsroom.page(DAY, 2)
        site.add(good, bad)
        site.faults[bad.path] = fault
        report = run(site, tmp_path)
        assert [address for address, _ in report.failed] == [site.source + bad.path]
        assert reason in report.failed[0][1]
        assert list(documents(tmp_path).values()) == [good.body]
        found = [f for f in walk(tmp_path)[1] if f.code == "fetch-failed"]
        assert [(f.where, f.severity) for f in found] == [(site.source + bad.path, Severity.WARNING)]
        site.faults.clear()
        assert run(site, tmp_path).new == 1


def test_markup_where_an_annex_should_be_is_a_failed_capture(tmp_path: Path) -> None:
    with Site() as site:
        newsroom.pair(site, DAY, 1, annex=b"<html><body>Sorry, NNNN</body></html>")
        report = run(site, tmp_path)
    assert [reason for _, reason in report.failed] == ["It should be a PDF, and is text/html."]
    assert report.new == 2


def test_an_error_page_in_place_of_an_index_is_asked_for_again_even_when_the_month_is_settled(tmp_path: Path) -> None:
    with Site() as site:
        page = newsroom.page(date(2012, 3, 4), 1)
        site.add(page)
        site.faults["/gia/general/201203/04.htm"] = Fault("wrong", times=1)
        first = run(site, tmp_path, [date(2012, 3, 1)])
        assert [reason for _, reason in first.failed] == ["It is no index: it links to no release."]
        assert run(site, tmp_path, [date(2012, 3, 1)]).new == 1


def test_a_new_wish_looks_back_over_settled_months_without_asking_for_their_indexes(tmp_path: Path) -> None:
    with Site() as site:
        page = newsroom.page(date(2012, 3, 4), 1, title="Births in hospitals")
        site.add(newsroom.page(date(2012, 3, 4), 2), page)
        run(site, tmp_path, [date(2012, 3, 1)])
        before = len(site.asked)
        report = run(site, tmp_path, [date(2012, 3, 1)], wishes=["births in"])
    assert report.new == 1
    assert [a.path for a in site.asked[before:]] == ["/robots.txt", page.path]


def test_wishes_match_whole_words_in_any_width_and_case() -> None:
    from pipelines.capture.pages import Wishes

    wishes = Wishes(("IANG", "人才入境"))
    assert wishes.want("LCQ3: iang applications")
    assert wishes.want("ＬＣＱ３：ＩＡＮＧ")
    assert wishes.want("立法會三題：\u200b優秀人才\u200b入境計劃")
    assert not wishes.want("Speech by Mr Liang")
    assert not Wishes(()).want("anything")
    assert not Wishes(("",)).want("anything")


def test_todays_releases_are_found_on_the_page_called_today(tmp_path: Path) -> None:
    with Site(today=date(2024, 6, 15)) as site:
        newsroom.pair(site, date(2024, 6, 15), 1)
        report = run(site, tmp_path)
        assert report.new == 2
        assert "/gia/general/202406/15.htm" not in site.paths()
        assert "/gia/general/202406/16.htm" not in site.paths()


def test_two_runs_at_once_do_not_share_a_store_and_the_second_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.capture.fetching.LOCK_SECONDS", 0.1)
    with Site() as site:
        folder = tmp_path / site.host.replace(":", "_") / "index"
        with _alone(folder), pytest.raises(FetchBusyError, match="Another run fetches"):
            run(site, tmp_path)
        assert site.asked == []


def test_without_a_contact_nothing_is_asked_for_nor_written(tmp_path: Path) -> None:
    with Site() as site:
        report = run(site, tmp_path, contact="")
        assert site.asked == []
    assert "TALENT_CONTACT" in report.skipped
    assert list(tmp_path.iterdir()) == []


def test_a_plan_names_what_a_run_then_asks_for_and_asks_for_nothing(tmp_path: Path) -> None:
    with Site() as site:
        newsroom.pair(site, DAY, 1, annex=ANNEX)
        run(site, tmp_path)
        before = len(site.asked)
        planned = plan(tmp_path, asked_of(site), WISHES, [JUNE], now=NOW)
        assert len(site.asked) == before
        run(site, tmp_path)
        asked = {a.path for a in site.asked[before:]} - {"/robots.txt"}
    named = {"/" + address.split("/", 3)[3] for address, _ in (*planned.indexes, *planned.releases)}
    assert named == asked
    assert sum(held for _, held in planned.releases) == 3


def test_a_torn_last_line_of_the_log_is_passed_over_and_mended(tmp_path: Path) -> None:
    with Site() as site:
        site.add(newsroom.page(DAY, 1))
        run(site, tmp_path)
        log = tmp_path / site.host.replace(":", "_") / "index" / ledger.LOG
        whole = log.read_bytes()
        log.write_bytes(whole + b'{"address": "http://')
        assert len(log_of(tmp_path, site)) == whole.count(b"\n")
        run(site, tmp_path)
        assert log.read_bytes().startswith(whole)
        assert all(json.loads(line) for line in log.read_bytes().splitlines())


def test_the_log_says_where_when_and_how_and_the_record_beside_the_document_too(tmp_path: Path) -> None:
    with Site() as site:
        newsroom.pair(site, DAY, 1, annex=ANNEX)
        run(site, tmp_path)
        (annex,) = [e for e in log_of(tmp_path, site) if e.media_type == "application/pdf"]
    assert (annex.status, annex.size, annex.sha256) == (200, len(ANNEX), hashlib.sha256(ANNEX).hexdigest())
    assert annex.asked_at == NOW
    assert annex.headers["etag"]
    assert annex.release.endswith("/gia/general/202406/04/P2024060400001.htm")
    assert "contact: reader@example.org" in annex.agent
    record = json.loads((tmp_path / f"{annex.path}.capture.json").read_text())
    assert (record["sha256"], record["source_url"], record["agent"]) == (annex.sha256, annex.address, annex.agent)
    assert "Annex of" in record["note"]


def test_a_document_that_was_changed_in_the_store_is_found_out(tmp_path: Path) -> None:
    with Site() as site:
        site.add(newsroom.page(DAY, 1))
        run(site, tmp_path)
    (name,) = documents(tmp_path)
    (tmp_path / name).write_bytes(b"forged")
    assert [(f.code, f.where) for f in verify(tmp_path)] == [("capture-hash-mismatch", name)]


def test_a_document_that_is_gone_is_fetched_again_and_not_asked_for_by_its_validators(tmp_path: Path) -> None:
    with Site() as site:
        page = newsroom.page(DAY, 1)
        site.add(page)
        run(site, tmp_path)
        (name,) = documents(tmp_path)
        (tmp_path / name).unlink()
        run(site, tmp_path)
    assert documents(tmp_path) == {name: page.body}


def test_a_clock_of_another_zone_means_the_same_day(tmp_path: Path) -> None:
    late = datetime(2024, 6, 14, 17, 0, tzinfo=UTC)  # June 15, 1 a.m. in Hong Kong
    with Site(today=date(2024, 6, 15)) as site:
        site.add(newsroom.page(date(2024, 6, 15), 1))
        assert run(site, tmp_path, now=late).new == 1
