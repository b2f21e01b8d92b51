"""Fetching as Dagster sees it: the asset of the fetched releases by month, its job, schedule and what follows it.

Belongs here: which words the series cards wish for, which months a run covers, and what a run says of itself.  Must
never ask the site for anything itself: `capture` does.

Only this asset is partitioned.  The job `fetch_and_refresh` runs it alone, for a month or a range; when that run has
ended, well or not, a sensor starts the job `refresh`.  They are two runs because a step that was skipped (no network,
no contact) would have everything below it skipped in the same run, and because a backfill of twenty years must not hold
up the refresh.
"""

import warnings
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import dagster as dg

from pipelines.capture import FIRST_MONTH, FetchBusyError, FetchReport, fetch, months
from pipelines.capture.visits import HONG_KONG
from pipelines.escaping import escape_markdown
from pipelines.orchestration import jobs, steps
from pipelines.orchestration.telling import Progressing, teller
from pipelines.settings import Settings

if TYPE_CHECKING:
    from pipelines.cards import Cards

JOB = "fetch_and_refresh"
FETCHED = dg.AssetKey(["fetched_releases"])
RANGE = ("dagster/asset_partition_range_start", "dagster/asset_partition_range_end")
"""Tags by which Dagster knows a run over a range of partitions."""
_FIRST_DAYS = 10
_SHOWN = 50
_VOCABULARY = "schemes"


def wishes(cards: "Cards", more: Sequence[str] = ()) -> tuple[str, ...]:
    """Words of titles to fetch: what the cards recognise their tables by, the names of all schemes, and `more`.

    A card that names a scheme (or any scheme) is served by the schemes' names: its contexts, such as "approved", only
    say which tables beside such a name are its own, and would wish for half of the site.  A card without a scheme
    wishes for its contexts.
    """
    words = dict.fromkeys(more)
    for card in (card for card in cards.series if not card.recognise.scheme):
        words.update(dict.fromkeys(card.recognise.context))
    schemes = cards.vocabularies.get(_VOCABULARY)
    for term in schemes.terms if schemes else ():
        words.update(dict.fromkeys(label for label in term.labels if label != term.zh_hans))
    return tuple(words)


def usual_months(today: date) -> list[date]:
    """This month, and in its first days the last one too: its last pages may still change or be listed late."""
    first = today.replace(day=1)
    return months((first - timedelta(days=1)) if today.day <= _FIRST_DAYS else first, first)


def tags_of(wanted: Sequence[date]) -> dict[str, str]:
    """The tags of a run over these months, which must follow each other."""
    return dict(zip(RANGE, (f"{wanted[0]:%Y-%m-01}", f"{wanted[-1]:%Y-%m-01}"), strict=True))


def fetched_asset(
    settings: Settings, progress: Progressing | None, told: Callable[[FetchReport], None] | None = None
) -> dg.AssetsDefinition:
    """The asset; `told` hears what came of a run."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", dg.BetaWarning)  # of the backfill policy; it tells users of nothing to do
        return _fetched_asset(settings, progress, told)


def _fetched_asset(
    settings: Settings, progress: Progressing | None, told: Callable[[FetchReport], None] | None
) -> dg.AssetsDefinition:
    @dg.asset(
        key=FETCHED,
        partitions_def=dg.MonthlyPartitionsDefinition(
            start_date=f"{FIRST_MONTH:%Y-%m-%d}", timezone=jobs.TIMEZONE, end_offset=1
        ),
        backfill_policy=dg.BackfillPolicy.single_run(),
        output_required=False,
        metadata=asked_for(settings),
        group_name="capture",
        kinds={"file"},
        owners=["team:statistics"],
        freshness_policy=dg.FreshnessPolicy.time_window(
            fail_window=timedelta(hours=50), warn_window=timedelta(hours=26)
        ),
        description="Releases on the Government's site whose titles the series cards wish for, with their other "
        "language versions and annexes, by the month of the index that lists them.  A month that is settled costs no "
        "request; in a later one, what is known already costs the question whether it changed.  Without a network or "
        "a contact (TALENT_CONTACT) nothing is asked for: the run says so and ends well, and the freshness of this "
        "asset warns.",
    )
    def fetched_releases(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any]]:
        wanted = [date.fromisoformat(key) for key in context.partition_keys]

        def done(month: date, report: FetchReport) -> None:
            context.log_event(
                dg.AssetMaterialization(FETCHED, partition=f"{month:%Y-%m-%d}", metadata=metadata_of(report))
            )

        try:
            report = fetch(
                settings.raw,
                settings.fetch,
                wishes(steps.cards(settings), settings.fetch.wishes),
                wanted,
                tell=teller(context, progress),
                done=done,
            )
        except FetchBusyError as error:
            report = FetchReport(tuple(wanted), skipped=str(error))
        if said := report.skipped or report.stopped:
            context.log.warning(said)
            context.log_event(dg.AssetObservation(FETCHED, description=said, metadata=metadata_of(report)))
        if told is not None:
            told(report)
        yield from ()  # a month is materialised as soon as it is done, so that a run that ends early says which are

    return fetched_releases


def asked_for(settings: Settings) -> dict[str, Any]:
    """What stands on the asset's page before anything was fetched: whom it asks, how, and for what."""
    ours = settings.fetch
    words = wishes(steps.cards(settings), ours.wishes)
    return {
        "site": dg.MetadataValue.url(ours.source),
        "contact": ours.contact or "none is set (TALENT_CONTACT), so nothing is asked for",
        "pause": f"{ours.pause:g} seconds between requests (TALENT_PAUSE)",
        "settled_after": f"{ours.settle_days} days (TALENT_SETTLE_DAYS)",
        "titles_with": dg.MetadataValue.md("\n".join(f"- {escape_markdown(word)}" for word in words)),
    }


def metadata_of(report: FetchReport) -> dict[str, Any]:
    """A run's counts, what is new or changed, and what failed with its reason; of a skipped one the reason alone."""
    if report.skipped:
        return {"skipped": report.skipped}
    kept = "\n".join(
        f"- {e.outcome.value}: {escape_markdown(e.title)} {escape_markdown(e.address)}"
        for e in report.captures[:_SHOWN]
    )
    failed = _as_list(report.failed[:_SHOWN])
    said: dict[str, Any] = {
        "dagster/row_count": report.wanted,
        "wished_for": report.wanted,
        "new": report.new,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "failed": len(report.failed),
        "listed_anew": report.listed,
        "settled": report.settled,
        "days_without_index": report.no_index,
        "requests": report.requests,
        "bytes": report.received,
        "captures": dg.MetadataValue.md(kept or "none"),
        "failures": dg.MetadataValue.md(failed or "none"),
    }
    if report.capped:
        said["left_out"] = dg.MetadataValue.md(_as_list(report.capped[:_SHOWN]))
    if report.stopped:
        said["ended_early"] = report.stopped
    return said


def _as_list(lines: Sequence[tuple[str, str]]) -> str:
    """(address, reason) as a list of Markdown; both hold what a site served."""
    return "\n".join(f"- {escape_markdown(address)}: {escape_markdown(reason)}" for address, reason in lines)


def fetch_job() -> Any:
    """The fetching asset alone, for a month or a range; `refresh` follows by itself."""
    return dg.define_asset_job(
        JOB,
        selection=dg.AssetSelection.assets(FETCHED),
        description="Fetches what the indexes of a month (or a range of months) list and the series wish for; when it "
        "has ended, the sensor refresh_after_fetch starts the job refresh.",
    )


def fetch_daily(job: Any) -> dg.ScheduleDefinition:
    """The job once a day, at half past six in Hong Kong; switched on."""

    def request(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        at: datetime = context.scheduled_execution_time
        return dg.RunRequest(tags=tags_of(usual_months(at.astimezone(HONG_KONG).date())))

    return dg.ScheduleDefinition(
        name="fetch_daily",
        job=job,
        cron_schedule=jobs.DAILY,
        execution_timezone=jobs.TIMEZONE,
        execution_fn=request,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Fetches this month's releases every morning (in the first days of a month the last month's too); "
        "the sensor refresh_after_fetch then starts the refresh.  Without a network or a contact (TALENT_CONTACT) the "
        "run ends well and says so on the page of fetched_releases (Events), and the refresh alone takes place.",
    )


def sensors_after_fetch(job: Any) -> list[dg.SensorDefinition]:
    """Start the job `refresh` when a run that fetched has ended, well or not; switched on."""

    def follow(context: dg.RunStatusSensorContext) -> dg.RunRequest | dg.SkipReason:
        run = context.dagster_run
        if run.job_name != JOB and FETCHED not in (run.asset_selection or ()):
            return dg.SkipReason("That run fetched nothing.")
        return dg.RunRequest(run_key=run.run_id, tags={"talent/after": run.run_id})

    made: list[dg.SensorDefinition] = []
    for name, status, ended in (
        (
            "refresh_after_fetch",
            dg.DagsterRunStatus.SUCCESS,
            "well, also where it had to skip (no network, no contact)",
        ),
        ("refresh_after_failed_fetch", dg.DagsterRunStatus.FAILURE, "in failure: what it fetched until then counts"),
    ):
        sensor = dg.run_status_sensor(
            name=name,
            run_status=status,
            request_job=job,
            minimum_interval_seconds=20,
            default_status=dg.DefaultSensorStatus.RUNNING,
            description=f"Starts the job refresh when a run that fetched has ended {ended}.  A tick without a run "
            "means that none has ended since the last one.",
        )
        made.append(sensor(follow))
    return made
