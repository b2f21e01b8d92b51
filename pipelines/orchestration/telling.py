"""How far a step has come, told to whoever started the run: the terminal, else Dagster's log.

Belongs here: passing progress on.  Must never decide anything.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Protocol

import dagster as dg

from pipelines.orchestration.steps import Tell

_EVERY_SECONDS = 10.0


class Progressing(Protocol):
    """What `talent` hands in; see `progress.Progress`."""

    def __call__(self, what: str, done: int, total: int) -> None: ...

    def say(self, sentence: str) -> None: ...


def told(context: dg.AssetExecutionContext, sentence: str) -> None:
    """What a room did, in one line of the run's log: level INFO holds no others, so that a refresh fits on a screen."""
    context.log.info(sentence)


def counted_in_words(counts: Mapping[str, int]) -> str:
    """The counts as one line: 44 documents, 44 readable."""
    return ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in counts.items())


def teller(context: dg.AssetExecutionContext, progress: Progressing | None) -> Tell:
    """Tells the terminal where there is one; else logs every ten seconds until the end, which the room tells itself."""
    if progress is not None:
        return progress
    last = time.monotonic()

    def log(what: str, done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if done < total and now - last > _EVERY_SECONDS:
            context.log.info(f"{what}: {done} of {total}")
            last = now

    return log
