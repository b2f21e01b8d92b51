"""What starts a run: the job `refresh`, and the sensor on the inbox.  (What fetches, and when: `fetching`.)

Belongs here: when and why a run starts.  Must never: do the work of a run.
"""

from __future__ import annotations

import hashlib
import time
from pathlib import Path
from typing import Any

import dagster as dg

from pipelines.settings import Settings

JOB = "refresh"
DAILY = "30 6 * * *"
TIMEZONE = "Asia/Hong_Kong"
_SETTLED_SECONDS = 5.0


def refresh_job(*, without: dg.AssetKey | None = None) -> Any:
    """Everything, from the raw folder to the published warehouse; no network, no partition."""
    return dg.define_asset_job(
        JOB,
        selection=dg.AssetSelection.all() - dg.AssetSelection.assets(*([without] if without else [])),
        description="Reads, proves, shapes, checks and publishes what the raw folder and its inbox hold.  What was "
        "made before is remembered; with nothing new the warehouse is left as it is.",
    )


def inbox_sensor(settings: Settings, job: Any) -> dg.SensorDefinition:
    """Starts the job when something new lies in raw/inbox; switched on.

    The cursor holds what was seen, so that a file that is refused and stays does not start run after run; a file
    that changed within the last seconds is waited for.
    """

    def evaluate(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        seen = set((context.cursor or "").splitlines())
        lying, growing = waiting(settings.inbox, now=time.time())
        new = lying - seen
        if not new:
            said = f"{len(growing)} still being written" if growing else "nothing new"
            return dg.SkipReason(f"{settings.inbox}: {said}.")
        cursor = "\n".join(sorted(lying))
        return dg.SensorResult(
            run_requests=[dg.RunRequest(run_key=hashlib.sha256(cursor.encode()).hexdigest())], cursor=cursor
        )

    return dg.SensorDefinition(
        name="inbox",
        evaluation_fn=evaluate,
        job=job,
        minimum_interval_seconds=20,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Watches raw/inbox: drop documents there and they are taken in, read, proven and published.",
    )


def waiting(inbox: Path, *, now: float) -> tuple[set[str], set[str]]:
    """(complete, still being written) files of the inbox, each as one line that changes when the file does."""
    complete: set[str] = set()
    growing: set[str] = set()
    for path in sorted(inbox.rglob("*")) if inbox.is_dir() else ():
        relative = path.relative_to(inbox)
        if any(part.startswith(".") for part in relative.parts):
            continue
        try:
            if not path.is_file():
                continue
            state = path.stat()
        except OSError:
            continue  # taken in between, by a run
        line = f"{state.st_size} {state.st_mtime_ns} {relative.as_posix()!r}"
        (growing if now - state.st_mtime < _SETTLED_SECONDS else complete).add(line)
    return complete, growing
