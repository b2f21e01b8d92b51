"""Where a run goes: the addresses of a month, what they lead to, and which of them need no more asking.

What belongs here: choices made from what is known, as pure functions.  It must never ask for anything, nor write.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from pipelines.capture import ledger, pages
from pipelines.capture.addresses import Site
from pipelines.capture.asking import Answer
from pipelines.capture.ledger import UNKNOWN, Entry, Known, Role, Row
from pipelines.capture.reports import Plan
from pipelines.settings import FetchSettings

HONG_KONG = timezone(timedelta(hours=8))
_USUAL_TITLES = 5
_NEIGHBOURS = 6
_SHORT = 5


@dataclass(frozen=True, slots=True)
class Visit:
    """An address to go to: a release, another language version of one, or an annex (then `release` is its release).

    `listed` is the page of an index that led here through others, "" for that page itself.
    """

    address: str
    role: Role
    day: date
    release: str = ""
    listed: str = ""

    @property
    def root(self) -> str:
        """The listed page that led here."""
        return self.listed or self.address


def settled(known: Known, day: date, settings: FetchSettings) -> bool:
    """Whether an address of that day needs no more asking: its last good answer came when the day was long over."""
    if known.asked_at is None or (known.failing and not known.missing):
        return False
    over = datetime(day.year, day.month, day.day, tzinfo=HONG_KONG) + timedelta(days=1 + settings.settle_days)
    return known.asked_at >= over


def plan(raw: Path, settings: FetchSettings, wishes: Sequence[str], months: Sequence[date], *, now: datetime) -> Plan:
    """What `fetch` would ask for; asks for nothing and writes nothing."""
    site = Site(settings.source, settings.more_hosts)
    folder = raw / site.folder / ledger.INDEX
    known = ledger.state(folder)
    wish = pages.Wishes(tuple(wishes))
    indexes: dict[str, bool] = {}
    releases: dict[str, bool] = {}
    rest = 0

    def add(to: dict[str, bool], address: str, day: date) -> None:
        nonlocal rest
        there = known.get(address, UNKNOWN)
        if settled(there, day, settings):
            rest += 1
        else:
            to[address] = bool(there.sha256 or there.etag)

    for month in months:
        for address, day in site.indexes(month, now.astimezone(HONG_KONG).date()):
            add(indexes, address, day)
        todo = load_wanted(folder, month, wish, site)
        seen: set[str] = set()
        while todo:
            visit = todo.pop(0)
            if visit.address not in seen:
                seen.add(visit.address)
                add(releases, visit.address, visit.day)
                todo = [*find_followed(visit, known.get(visit.address, UNKNOWN), site), *todo]
    return Plan(tuple(indexes.items()), tuple(releases.items()), rest)


def load_wanted(folder: Path, month: date, wish: pages.Wishes, site: Site) -> list[Visit]:
    return find_wanted(ledger.rows(folder, month), wish, site)


def find_wanted(rows: dict[str, Row], wish: pages.Wishes, site: Site) -> list[Visit]:
    """The releases of a month's listing whose title is wished for, by day."""
    found = []
    for row in rows.values():
        day = site.day_of(row.address)
        if day is not None and wish.want(row.title):
            found.append(Visit(row.address, Role.RELEASE, day))
    return sorted(found, key=lambda visit: (visit.day, visit.address))


def with_answer(entry: Entry, visit: Visit, answer: Answer) -> Entry:
    """The entry with what the answer says of itself."""
    return replace(
        entry,
        status=answer.status,
        headers=answer.headers,
        attempts=answer.attempts,
        served_from="" if answer.address == visit.address else answer.address,
    )


def find_short_indexes(
    indexes: Sequence[tuple[str, date]], rows: Mapping[str, Row], site: Site
) -> list[tuple[str, date, str]]:
    """(address, day, why) of the working days whose index lists far less than those around it, in each language.

    `indexes`: (address, day) of a month, past days alone.  The measure is the median of the six nearest other working
    days of the month; a day is short below a fifth of it, where that is at least five titles.  Public holidays still
    bring a quarter or more of a usual day; one that brings less is asked for again each run, with validators.
    """
    counts = Counter((site.day_of(row.address), _is_chinese(row.on)) for row in rows.values())
    short = []
    for chinese in (False, True):
        days = [(address, day) for address, day in indexes if day.weekday() < 5 and _is_chinese(address) is chinese]
        for address, day in days:
            near = sorted((abs(other - day), other) for _, other in days if other != day)[:_NEIGHBOURS]
            usual = median(counts[other, chinese] for _, other in near) if near else 0
            if usual >= _USUAL_TITLES and counts[day, chinese] * _SHORT < usual:
                said = f"its index lists {counts[day, chinese]:,} titles; {usual:,.0f} are usual on a working day."
                short.append((address, day, said))
    return short


def _is_chinese(index: str) -> bool:
    """Whether an index is one of the Chinese ones, by its name: "ctoday.htm", "04c.htm"."""
    name = urlsplit(index).path.rpartition("/")[2]
    return name.startswith("c") or name.endswith("c.htm")


def find_followed(visit: Visit, known: Known, site: Site) -> list[Visit]:
    """Where a release leads to, by the bytes that we hold: its other language versions and its annexes."""
    found = []
    for address in known.twins:
        day = site.day_of(address)
        if day is not None:
            found.append(Visit(address, Role.RELEASE, day, listed=visit.root))
    found += [Visit(address, Role.ATTACHMENT, visit.day, visit.address, visit.root) for address in known.attachments]
    return found
