"""Fetching in Dagster: which months a run covers, what follows it, and a fetch from the local site to the store."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from pipelines import capture
from pipelines import settings as settings_module
from pipelines.capture import FetchReport, walk
from pipelines.capture.fetching import HONG_KONG
from pipelines.cards import load as load_cards
from pipelines.orchestration import fetch_runner, fetching, jobs
from pipelines.orchestration.build import build_defs
from pipelines.orchestration.progress import Progress
from pipelines.settings import FetchSettings, Settings
from tests.support import newsroom
from tests.support.site import Site

TODAY = datetime.now(HONG_KONG).date()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_module.load({}, raw=tmp_path / "raw", warehouse=tmp_path / "warehouse")


def on(site: Site, settings: Settings, **more: Any) -> Settings:
    """The settings, with the local site as their source."""
    asked = FetchSettings(
        contact="reader@example.org", source=site.source, more_hosts=(site.annex_host,), pause=0, backoff=0.01,
        allow_loopback=True,
    )  # fmt: skip
    return replace(settings, fetch=replace(asked, **more))


def test_this_month_is_fetched_and_in_its_first_days_the_last_one_too() -> None:
    assert fetching.usual_months(date(2024, 1, 3)) == [date(2023, 12, 1), date(2024, 1, 1)]
    assert fetching.usual_months(date(2024, 1, 20)) == [date(2024, 1, 1)]


def test_the_schedule_is_on_and_asks_for_the_usual_months_by_the_day_of_hong_kong(settings: Settings) -> None:
    definitions = build_defs(settings)
    schedule = definitions.resolve_schedule_def("fetch_daily")
    assert schedule.default_status is dg.DefaultScheduleStatus.RUNNING
    assert (schedule.job_name, schedule.execution_timezone) == ("fetch_and_refresh", "Asia/Hong_Kong")
    tick = datetime(2024, 4, 30, 22, 30, tzinfo=UTC)  # May 1 in Hong Kong
    data = schedule.evaluate_tick(dg.build_schedule_context(scheduled_execution_time=tick))
    (request,) = data.run_requests or []
    assert (request.tags[fetching.RANGE[0]], request.tags[fetching.RANGE[1]]) == ("2024-04-01", "2024-05-01")


def test_refresh_holds_no_partitioned_asset_and_the_fetch_holds_no_other(settings: Settings) -> None:
    definitions = build_defs(settings)
    refresh = definitions.resolve_job_def("refresh").asset_layer.executable_asset_keys
    fetch = definitions.resolve_job_def("fetch_and_refresh").asset_layer.executable_asset_keys
    assert fetching.FETCHED not in refresh
    assert len(refresh) > 15
    assert set(fetch) == {fetching.FETCHED}


def test_the_months_begin_with_the_first_index_and_end_with_this_month(settings: Settings) -> None:
    partitions = build_defs(settings).resolve_asset_graph().get(fetching.FETCHED).partitions_def
    assert partitions is not None
    keys = partitions.get_partition_keys()
    assert (keys[0], keys[-1]) == ("1998-10-01", f"{TODAY:%Y-%m-01}")


def test_a_run_that_fetched_is_followed_by_a_refresh_and_another_is_not(settings: Settings) -> None:
    def nothing() -> None:
        """An asset of another job."""

    other = dg.Definitions(assets=[dg.asset(nothing)], jobs=[dg.define_asset_job("other")])
    fetch_runner.run(settings, [TODAY.replace(day=1)], Progress(quiet=True))  # no contact: skipped, and ends well
    with dg.DagsterInstance.from_config(str(settings.dagster_home)) as instance:
        (fetched,) = instance.get_runs()
        result = other.resolve_job_def("other").execute_in_process(instance=instance)
        for sensor in fetching.sensors_after_fetch(jobs.refresh_job()):
            assert sensor.default_status is dg.DefaultSensorStatus.RUNNING
            assert sensor.job_name == "refresh"
            said = [
                sensor(
                    dg.build_run_status_sensor_context(
                        sensor_name=sensor.name,
                        dagster_instance=instance,
                        dagster_run=run,
                        dagster_event=result.get_run_success_event(),
                    )
                )
                for run in (fetched, result.dagster_run)
            ]
            assert isinstance(said[0], dg.RunRequest)
            assert said[0].run_key == fetched.run_id
            assert isinstance(said[1], dg.SkipReason)
    names = {s.name for s in build_defs(settings).sensors or ()}
    assert {"refresh_after_fetch", "refresh_after_failed_fetch"} <= names


def test_cards_and_schemes_say_which_titles_are_wished_for() -> None:
    bundled = settings_module.Settings()
    cards = load_cards(bundled.series, bundled.vocabulary, bundled.corrections)
    words = fetching.wishes(cards, ["another word"])
    assert {"Quality Migrant Admission Scheme", "優秀人才入境計劃", "another word"} <= set(words)
    assert "优秀人才入境计划" not in words
    for card in cards.series:
        if not card.recognise.scheme:
            assert set(card.recognise.context) <= set(words)
    assert not {"approved", "批准"} & set(words), "what tells tables of a scheme apart is no title to look for"


def test_a_fetch_brings_releases_into_the_store_month_by_month_and_is_seen_in_dagster(settings: Settings) -> None:
    with Site(today=TODAY) as site:
        newsroom.pair(site, TODAY, 1)
        last = TODAY.replace(day=1) - timedelta(days=1)
        newsroom.pair(site, last, 2, annex=b"%PDF-1.4\n%%EOF\n")
        site.add(newsroom.page(last, 5, title="Weather"))
        ours = on(site, settings)
        months = [last.replace(day=1), TODAY.replace(day=1)]
        done = fetch_runner.run(ours, months, Progress(quiet=True))
    assert done.done, done.text
    assert "5 new, 0 changed" in done.text
    assert len(walk(settings.raw)[0]) == 5
    with dg.DagsterInstance.from_config(str(settings.dagster_home)) as instance:
        records = instance.fetch_materializations(fetching.FETCHED, limit=10).records
        counts = {r.partition_key: r.asset_materialization.metadata["new"].value for r in records}
    assert counts == {f"{months[0]:%Y-%m-01}": 3, f"{months[1]:%Y-%m-01}": 2}


def test_the_page_of_the_asset_says_whom_it_asks_and_how_before_anything_was_fetched(settings: Settings) -> None:
    said = build_defs(settings).resolve_asset_graph().get(fetching.FETCHED).metadata
    assert "www.info.gov.hk" in str(said["site"])
    assert "TALENT_CONTACT" in str(said["contact"])
    assert "Quality Migrant Admission Scheme" in str(said["titles_with"])
    ours = replace(settings, fetch=replace(settings.fetch, contact="reader@example.org"))
    said = build_defs(ours).resolve_asset_graph().get(fetching.FETCHED).metadata
    assert "reader@example.org" in str(said["contact"])


def test_a_run_says_how_far_it_is_within_a_month_too(settings: Settings) -> None:
    said: list[tuple[str, int, int]] = []
    with Site(today=TODAY) as site:
        newsroom.pair(site, date(2024, 6, 4), 1)
        ours = on(site, settings)
        capture.fetch(
            ours.raw, ours.fetch, ["Quality Migrant"], [date(2024, 6, 1)], tell=lambda *told: said.append(told)
        )
    within = [(done, total) for what, done, total in said if what == "2024-06"]
    assert within[0] == (0, 60)
    assert within[-1] == (61, 62)
    assert all(done < total for done, total in within)
    assert said[-1] == ("fetch", 1, 1)


def test_without_a_contact_the_run_ends_well_says_why_and_materialises_nothing(settings: Settings) -> None:
    with Site(today=TODAY) as site:
        ours = on(site, settings, contact="")
        done = fetch_runner.run(ours, [TODAY.replace(day=1)], Progress(quiet=True))
        assert site.asked == []
    assert done.done
    assert "TALENT_CONTACT" in done.text
    with dg.DagsterInstance.from_config(str(settings.dagster_home)) as instance:
        assert instance.fetch_materializations(fetching.FETCHED, limit=10).records == []
        (run,) = instance.get_runs()
        assert run.status is dg.DagsterRunStatus.SUCCESS


def test_without_a_network_the_run_ends_well_and_says_why(settings: Settings) -> None:
    with Site() as site:
        ours = on(site, settings)
    done = fetch_runner.run(ours, [TODAY.replace(day=1)], Progress(quiet=True))  # nobody listens there any more
    assert done.done
    assert "cannot be reached" in done.text


def test_a_site_in_trouble_ends_the_run_and_the_months_before_it_are_materialised(settings: Settings) -> None:
    from tests.support.site import Fault

    with Site(today=TODAY) as site:
        last = TODAY.replace(day=1) - timedelta(days=1)
        newsroom.pair(site, last, 2)
        for name in ("today.htm", "ctoday.htm", *(f"{TODAY:%Y%m}/{n:02d}{c}.htm" for n in range(1, 32) for c in "c_")):
            site.faults[f"/gia/general/{name.replace('_', '')}"] = Fault("status", status=503)
        ours = on(site, settings, attempts=2, give_up_after=1)
        done = fetch_runner.run(ours, [last.replace(day=1), TODAY.replace(day=1)], Progress(quiet=True))
    assert not done.done
    assert "gave no answer" in done.text
    with dg.DagsterInstance.from_config(str(settings.dagster_home)) as instance:
        records = instance.fetch_materializations(fetching.FETCHED, limit=10).records
        assert [r.partition_key for r in records] == [f"{last:%Y-%m-01}"]


def test_a_dry_run_asks_for_nothing_and_names_what_it_would_ask_for(settings: Settings) -> None:
    with Site(today=TODAY) as site:
        ours = on(site, settings)
        said = fetch_runner.dry_run(ours, [date(2012, 3, 1)], full=True)
        assert site.asked == []
        assert f"{site.source}/gia/general/201203/31c.htm" in said
    assert "indexes     62" in said
    assert "Quality Migrant Admission Scheme" in said


@pytest.mark.parametrize(
    ("first", "last"), [("1998-09", None), ("2024-05", "2024-04"), ("2024", None), (None, "2024-13"), ("2999-01", None)]
)
def test_months_that_make_no_sense_are_refused(first: str | None, last: str | None) -> None:
    with pytest.raises(ValueError, match="month"):
        fetch_runner.months_said(first, last, date(2024, 6, 1))


def test_a_first_month_alone_runs_up_to_now() -> None:
    assert fetch_runner.months_said("2024-04", None, date(2024, 6, 9)) == [date(2024, n, 1) for n in (4, 5, 6)]
    assert fetch_runner.months_said(None, "2024-04", date(2024, 6, 9)) == [date(2024, 4, 1)]


def test_a_summary_says_what_was_skipped_and_nothing_else() -> None:
    assert fetch_runner.summary(FetchReport(skipped="No contact.")) == "Skipped: No contact."
