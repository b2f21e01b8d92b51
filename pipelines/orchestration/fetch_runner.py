"""`talent fetch`: one fetch started by hand, as a Dagster run that the UI shows, and its summary; or what it would do.

Belongs here: starting the run and putting its outcome into words.  Must never: decide what is fetched.
"""

from __future__ import annotations

import logging
import os
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from pipelines.capture import FIRST_MONTH, FetchReport, months, plan
from pipelines.faults import without_class
from pipelines.orchestration import home, steps
from pipelines.orchestration.progress import Progress
from pipelines.orchestration.runner import was_interrupted
from pipelines.settings import Settings

_MANY = 10


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of it; `done`: it ran to its end, or was skipped for a reason that is no fault."""

    done: bool
    text: str


def months_said(first: str | None, last: str | None, today: date) -> list[date]:
    """The months of --from and --to ("YYYY-MM"); the usual ones where neither is given.

    Raises ValueError where they cannot be read, lie before the first index or after this month, or are reversed.
    """
    from pipelines.orchestration.fetching import usual_months

    if first is None and last is None:
        return usual_months(today)
    this = today.replace(day=1)
    start = _month(first, "--from") if first is not None else _month(last, "--to")
    end = _month(last, "--to") if last is not None else this
    if not FIRST_MONTH <= start <= end <= this:
        raise ValueError(
            f"The months must lie between {FIRST_MONTH:%Y-%m} and {this:%Y-%m}, --from before --to; "
            f"not {start:%Y-%m} to {end:%Y-%m}."
        )
    return months(start, end)


def dry_run(settings: Settings, wanted: Sequence[date], *, full: bool = False) -> str:
    """What a fetch of these months would ask for, as far as can be known without asking."""
    from pipelines.orchestration.fetching import wishes

    words = wishes(steps.cards(settings), settings.fetch.wishes)
    planned = plan(settings.raw, settings.fetch, words, wanted, now=datetime.now(UTC))
    asked = [*planned.indexes, *planned.releases]
    known = sum(held for _, held in asked)
    pause = settings.fetch.pause
    hours = len(asked) * pause / 3600
    lines = [
        f"{settings.fetch.source}: {wanted[0]:%Y-%m} to {wanted[-1]:%Y-%m}; nothing was asked for now",
        f"indexes     {len(planned.indexes):,}",
        f"releases    {len(planned.releases):,} known so far, with language versions and annexes; "
        "what the indexes list anew comes on top",
        f"validators  {known:,} of these cost only the question whether they changed",
        f"settled     {planned.settled:,} more need no request",
        f"pause       {pause:g} s between requests: {hours:.1f} hours at least" if hours >= 1
        else f"pause       {pause:g} s between requests: {len(asked) * pause / 60:.0f} minutes at least",
        f"contact     {settings.fetch.contact or 'none is set (TALENT_CONTACT), so nothing would be asked for'}",
        "titles with " + " | ".join(words),
    ]  # fmt: skip
    shown = asked if full else asked[:_MANY]
    lines += [f"  {address}" for address, _ in shown]
    if len(asked) > len(shown):
        lines.append(f"  ... and {len(asked) - len(shown):,} more (--full lists all)")
    return "\n".join(lines)


def run(settings: Settings, wanted: Sequence[date], progress: Progress) -> Fetched:
    """Runs the job `fetch_and_refresh` on these months, and says what came of it."""
    home.prepare(settings)
    warnings.filterwarnings("ignore", module="dagster")
    import dagster as dg

    logging.getLogger("dagster").setLevel(logging.CRITICAL)  # the run's own log is kept for the UI
    logging.getLogger("httpx").setLevel(logging.WARNING)
    from pipelines.orchestration import fetching

    told: list[FetchReport] = []
    asset = fetching.fetched_asset(settings, progress, told.append)
    definitions = dg.Definitions(assets=[asset], jobs=[fetching.fetch_job()], executor=dg.in_process_executor)
    with dg.DagsterInstance.from_config(str(settings.dagster_home)) as instance:
        result = definitions.resolve_job_def(fetching.JOB).execute_in_process(
            instance=instance,
            raise_on_error=False,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            tags={**fetching.tags_of(wanted), "talent/process": str(os.getpid())},
        )
        progress.close()
        if was_interrupted(result):
            raise KeyboardInterrupt
        if not told:
            failures = [
                without_class(_root_message(e.event_specific_data)) for e in result.all_events if e.is_step_failure
            ]
            return Fetched(False, "\n".join(["The fetch failed; `talent ui` shows its log.", *failures[:1]]))
    return Fetched(not told[0].stopped, summary(told[0]))


def _root_message(data: Any) -> str:
    """The message of the error at the root of a failed step."""
    error = data.error
    while error is not None and (error.cls_name or "").startswith("Dagster") and error.cause is not None:
        error = error.cause
    return "" if error is None else str(error.message)


def summary(report: FetchReport) -> str:
    """A run in words."""
    if report.skipped:
        return f"Skipped: {report.skipped}"
    lines = [
        f"requests    {report.requests:,}, {report.received / 1e6:,.1f} MB",
        f"listed      {report.listed:,} releases anew; {report.wanted:,} wished for",
        f"captures    {report.new:,} new, {report.changed:,} changed, {report.unchanged:,} unchanged; "
        f"{report.settled:,} addresses are settled and were not asked for",
    ]
    lines += [f"  {e.outcome.value:<8} {e.title or e.address}   {e.path}" for e in report.captures[:_MANY]]
    if len(report.captures) > _MANY:
        lines.append(f"  ... and {len(report.captures) - _MANY:,} more")
    if report.failed:
        lines.append(f"failed      {len(report.failed):,}")
        lines += [f"  {address}: {reason}" for address, reason in report.failed[:_MANY]]
    if report.capped:
        lines.append(f"left out    {len(report.capped):,} over a bound")
        lines += [f"  {address}: {said}" for address, said in report.capped[:_MANY]]
    if report.stopped:
        lines.append(report.stopped)
    lines.append("Next: talent refresh" if report.captures else "Nothing is new.")
    return "\n".join(lines)


def _month(said: str | None, option: str) -> date:
    hit = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", said or "")
    if hit is None:
        raise ValueError(f"{option} must be a month such as 2022-01, not {said!r}.")
    return date(int(hit[1]), int(hit[2]), 1)
