"""How far a step has come, told to whoever started the run: the terminal, else Dagster's log.

Belongs here: passing progress on.  Must never decide anything.
"""

from __future__ import annotations

import time
from typing import Protocol

import dagster as dg

from pipelines.orchestration.steps import Tell

_EVERY_SECONDS = 10.0


class Progressing(Protocol):
    """What `talent` hands in; see `progress.Progress`."""

    def __call__(self, what: str, done: int, total: int) -> None: ...

    def say(self, sentence: str) -> None: ...


def teller(context: dg.AssetExecutionContext, progress: Progressing | None) -> Tell:
    """Tells the terminal where there is one; else logs at the end and every ten seconds."""
    if progress is not None:
        return progress
    last = time.monotonic()

    def log(what: str, done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if done >= total or now - last > _EVERY_SECONDS:
            context.log.info(f"{what}: {done} of {total}")
            last = now

    return log
