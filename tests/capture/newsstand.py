"""What the tests of fetching share: settings for the local site, and a run over it at a given time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pipelines.capture import FetchReport, fetch
from pipelines.settings import FetchSettings
from tests.support.site import Site

WISHES = ("Quality Migrant Admission Scheme", "優秀人才入境計劃")
JUNE = date(2024, 6, 1)
NOW = datetime(2024, 6, 15, 6, 0, tzinfo=UTC)
LATER = datetime(2024, 12, 15, 6, 0, tzinfo=UTC)


def asked_of(site: Site, **more: Any) -> FetchSettings:
    """Settings that let a run ask the local site, without rests."""
    ours = FetchSettings(
        contact="reader@example.org",
        source=site.source,
        more_hosts=(site.annex_host,),
        pause=0,
        backoff=0.001,
        allow_loopback=True,
    )
    return replace(ours, **more)


def run(
    site: Site,
    raw: Path,
    months: Sequence[date] = (JUNE,),
    *,
    now: datetime = NOW,
    wishes: Sequence[str] = WISHES,
    sleep: Callable[[float], None] = lambda _: None,
    **more: Any,
) -> FetchReport:
    """One run over the local site, as if it were `now`."""
    return fetch(raw, asked_of(site, **more), wishes, months, clock=lambda: now, sleep=sleep)


def documents(raw: Path) -> dict[str, bytes]:
    """The documents of a store by their paths, without the records, the index and unfinished files."""
    return {
        path.relative_to(raw).as_posix(): path.read_bytes()
        for path in sorted(raw.rglob("*"))
        if path.is_file()
        and "index" not in path.relative_to(raw).parts
        and not any(part.startswith(".") for part in path.relative_to(raw).parts)
        and not path.name.endswith(".capture.json")
    }
