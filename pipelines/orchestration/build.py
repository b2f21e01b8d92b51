"""All Dagster definitions of the house, built anew at each call, so that tests and `talent` can swap parts.

Belongs here: putting the parts together.  Must never: read the environment, or do work.
"""

from collections.abc import Iterator

import dagster as dg

from pipelines.orchestration import assets, fetching, jobs, models, reporting, steps
from pipelines.orchestration.eventlog import unhurried
from pipelines.orchestration.lock import WAIT_SECONDS, refresh_lock
from pipelines.orchestration.telling import Progressing
from pipelines.publish.models import load_models
from pipelines.settings import Settings


def build_defs(
    settings: Settings, *, progress: Progressing | None = None, wait_seconds: float = WAIT_SECONDS
) -> dg.Definitions:
    """The definitions on these folders.

    `progress` is told how far a run has come, in place of Dagster's log; `wait_seconds`: how long a run waits for
    another refresh of the same warehouse.  Raises CardError or ModelError, which name file, line and remedy.
    """

    @dg.resource(description="The right to refresh this warehouse, held while a run lasts.")
    def lock(context: dg.InitResourceContext) -> Iterator[None]:
        def say(sentence: str) -> None:
            if progress is not None:
                progress.say(sentence)
            elif context.log is not None:
                context.log.warning(sentence)

        # the log is kept open here too, for the runs that schedule and sensors start in processes of their own
        with unhurried(settings.dagster_home), refresh_lock(settings.warehouse, wait_seconds=wait_seconds, say=say):
            yield

    cards = steps.cards(settings)
    job = jobs.refresh_job(without=fetching.FETCHED)
    fetch_job = fetching.fetch_job()
    return dg.Definitions(
        assets=[
            fetching.fetched_asset(settings, progress),
            *assets.room_assets(settings, [card.series for card in cards.series], progress),
            *models.model_assets(settings, load_models(settings.sql), progress),
            reporting.report_asset(settings, progress),
        ],
        jobs=[job, fetch_job],
        schedules=[fetching.fetch_daily(fetch_job)],
        sensors=[jobs.inbox_sensor(settings, job), *fetching.sensors_after_fetch(job)],
        resources={assets.LOCK: lock},
        executor=dg.in_process_executor,
    )
