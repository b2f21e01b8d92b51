"""What came of a run over some months of the site, and what one would ask for.

What belongs here: values.  It must never ask for anything, nor know how it is done.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from pipelines.capture.ledger import Entry


@dataclass(frozen=True, slots=True)
class FetchReport:
    """What came of a run.

    skipped   why nothing was asked for at all, or "";  stopped: why the run ended before its end, or ""
    failed    (address, reason) of what gave nothing, pages that are listed and not there among them
    no_index  days and languages for which the site has no index
    settled   addresses that cost no request, because they are settled
    capped    (address, what was left out) where a bound of the settings was met
    captures  what is new or changed, as in the log
    """

    months: tuple[date, ...] = ()
    requests: int = 0
    received: int = 0
    listed: int = 0
    wanted: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    settled: int = 0
    no_index: int = 0
    failed: tuple[tuple[str, str], ...] = ()
    capped: tuple[tuple[str, str], ...] = ()
    captures: tuple[Entry, ...] = ()
    skipped: str = ""
    stopped: str = ""

    def since(self, before: FetchReport) -> FetchReport:
        """What happened after an earlier report of the same run."""
        counts = ("requests", "received", "listed", "wanted", "new", "changed", "unchanged", "settled", "no_index")
        known = dict(before.failed)
        return replace(
            self,
            failed=tuple((address, reason) for address, reason in self.failed if known.get(address) != reason),
            capped=self.capped[len(before.capped) :],
            captures=self.captures[len(before.captures) :],
            **{name: getattr(self, name) - getattr(before, name) for name in counts},
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would ask for, as far as can be known without asking.

    indexes, releases: (address, whether it was answered before, so that it would cost validators only)
    """

    indexes: tuple[tuple[str, bool], ...]
    releases: tuple[tuple[str, bool], ...]
    settled: int
