"""What a bundled document is, and which published table each of them holds.

What belongs here: the type, the reading of `tests/support/published`, the list of ids.  What does not: pages (the
modules that build them) and anything that the pipelines could read.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from pipelines.model import NO_RELEASE, StandsFor

PUBLISHED = Path(__file__).resolve().parent / "published"
REMARK = "Facsimile: published figures, our own prose; see the capture record beside this file"
NOTE = (
    "Facsimile made for this project, not bytes as served: the labels and figures are those published, the structure "
    "is that of its source, the prose is our own."
)


@dataclass(frozen=True, slots=True)
class Bundled:
    """One document under `raw/facsimile`.

    source_url  where the figures were taken from
    captured    the day by which they certainly were published, where that is known
    holds       ids of the published tables that it holds
    stands_for  the release whose capture takes its place, where its own words do not tell
    """

    data: bytes
    note: str
    source_url: str
    captured: date | None = None
    holds: tuple[str, ...] = ()
    stands_for: StandsFor = NO_RELEASE

    @property
    def captured_at(self) -> datetime | None:
        return None if self.captured is None else datetime(*self.captured.timetuple()[:3], tzinfo=UTC)


@cache
def published(name: str) -> tuple[tuple[str, ...], ...]:
    """The head and the rows of one published table, as printed."""
    with (PUBLISHED / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(tuple(row) for row in csv.reader(file))


def grouped(text: str, separator: str = " ") -> str:
    """ "1358" → "1 358"; what is no plain whole number stays."""
    return f"{int(text):,}".replace(",", separator) if text.isdigit() and len(text) > 3 else text
