"""One refresh started by hand: the job run in this process, as a Dagster run that the UI shows, and its summary.

Belongs here: starting the run, ending runs whose process died, and putting the outcome into words.  Must never: do
the work of a room.
"""

from __future__ import annotations

import logging
import os
import time
import warnings
from dataclasses import dataclass
from typing import Any

from pipelines.faults import without_class
from pipelines.model import Fate, Verdict
from pipelines.orchestration import home
from pipelines.orchestration.eventlog import unhurried
from pipelines.orchestration.lock import WAIT_SECONDS
from pipelines.orchestration.progress import Progress
from pipelines.orchestration.staging import ask
from pipelines.settings import Settings

_PROCESS_TAG = "talent/process"
_MANY = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a refresh; `published`: the warehouse that people read is the one that this refresh made or
    confirmed.  `text` says all of it to a person."""

    published: bool
    text: str


def refresh(settings: Settings, progress: Progress, *, wait_seconds: float = WAIT_SECONDS) -> Outcome:
    """Runs the job `refresh` on these folders and says what came of it.

    `wait_seconds`: how long it waits for another refresh of the same warehouse before it declines.

    Raises KeyboardInterrupt where it was stopped from the keyboard.
    Raises ValueError (CardError, ModelError) where the house's own data cannot be used, naming file and line.
    """
    began = time.monotonic()
    home.prepare(settings)
    warnings.filterwarnings("ignore", module="dagster")
    import dagster as dg

    logging.getLogger("dagster").setLevel(logging.CRITICAL)  # the run's own log is kept for the UI
    from pipelines.orchestration.build import build_defs
    from pipelines.orchestration.jobs import JOB

    job = build_defs(settings, progress=progress, wait_seconds=wait_seconds).resolve_job_def(JOB)
    with unhurried(settings.dagster_home), dg.DagsterInstance.from_config(str(settings.dagster_home)) as instance:
        _end_the_dead(instance)
        result = job.execute_in_process(
            instance=instance,
            raise_on_error=False,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            tags={_PROCESS_TAG: str(os.getpid())},
        )
        progress.close()
        if was_interrupted(result):
            raise KeyboardInterrupt
        failures = _failures(result)
    seconds = time.monotonic() - began
    if not result.success:
        old = f"The old warehouse stays: {settings.database}" if settings.database.exists() else ""
        return Outcome(False, "\n".join(["Nothing was published.", *failures, *([old] if old else [])]))
    return Outcome(True, "\n".join(_summary(settings, seconds)))


def _end_the_dead(instance: Any) -> None:
    """Marks runs of ours as failed whose process is gone (kill -9, power): else the UI shows them running for ever."""
    import dagster as dg

    under_way = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING])
    for run in instance.get_runs(filters=under_way):
        process = run.tags.get(_PROCESS_TAG, "")
        if process.isdigit() and not _alive(int(process)):
            instance.report_run_failed(run, "The process of this run was ended from outside.")


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def was_interrupted(result: Any) -> bool:
    """Whether the run ended by Ctrl-C: Dagster turns that into a failure of the step under way."""
    for event in result.all_events:
        error = getattr(event.event_specific_data, "error", None) if event.is_failure else None
        while error is not None:
            if error.cls_name == "DagsterExecutionInterruptedError":
                return True
            error = error.cause
    return False


def _failures(result: Any) -> list[str]:
    """What failed, as sentences: blocking checks with their assets, and steps with the error at their root."""
    said = []
    for evaluation in result.get_asset_check_evaluations():
        if not evaluation.passed and evaluation.blocking:
            said.append(f"- {evaluation.asset_key.to_user_string()}: {evaluation.check_name} does not hold.")
    where: dict[str, list[str]] = {}
    failed = [e for e in result.all_events if e.is_step_failure] or [e for e in result.all_events if e.is_failure]
    for event in failed:
        data = event.event_specific_data
        given = getattr(data, "user_failure_data", None)
        error = getattr(data, "error", None)
        while error is not None and (error.cls_name or "").startswith("Dagster") and error.cause is not None:
            error = error.cause
        if error is not None and error.cls_name == "DagsterAssetCheckFailedError":
            continue  # said above, by name
        text = given.description if given is not None else error.message if error is not None else ""
        if text:
            where.setdefault(without_class(text), []).append(event.step_key or "")
    for text, steps in where.items():
        named = [step.replace("__", ".") for step in steps if step]
        more = f" and {len(named) - 1} more" if len(named) > 1 else ""
        said.append(f"- {named[0]}{more}: {text}" if named else f"- {text}")
    return said[:_MANY] or ["- The run failed; `talent ui` shows its log."]


def _summary(settings: Settings, seconds: float) -> list[str]:
    """What the warehouse now stands on, counted from the stage."""
    files = {name: f"{name}.parquet" for name in ("documents", "table_proofs", "observations", "dispositions",
                                                  "findings")}  # fmt: skip

    def count(query: str) -> dict[str, int]:
        return dict(ask(settings, f"{query} group by all order by all", **files))

    documents = count("select case when readable then 'yes' else 'no' end as readable, count(*) from {documents}")
    tables = count("select verdict, count(*) from {table_proofs}")
    figures = count("select verdict, count(*) from {observations}")
    fates = count("select fate, count(*) from {dispositions}")
    loud = count("select severity, count(*) from {findings} where severity <> 'info'")
    order = [str(verdict) for verdict in Verdict]
    held = fates.get(str(Fate.QUARANTINE), 0)
    lines = [
        f"documents   {documents.get('yes', 0):,} read" + _also(documents.get("no", 0), "could not be read"),
        f"tables      {_listed({v: tables.get(v, 0) for v in order}) or 'none'}",
        f"figures     {_listed({v: figures.get(v, 0) for v in order[:3]}) or 'none'}; {held:,} in quarantine"
        + _also(fates.get(str(Fate.UNCLAIMED), 0), "in tables that no series card knows"),
    ]
    if loud:
        said = _listed({word if n == 1 else f"{word}s": n for word, n in loud.items()})
        lines.append(f'findings    {said}: talent sql "from quality.findings"')
    lines.append(f"warehouse   {settings.database}   ({seconds:.1f} s)")
    report = settings.warehouse / "report" / "index.html"
    if report.exists():
        lines.append(f"report      {report}")
    lines.append('try         talent sql "from marts.qmas_by_year"')
    return lines


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{n:,} {word}" for word, n in counts.items() if n)


def _also(number: int, what: str) -> str:
    return f", {number:,} {what}" if number else ""
