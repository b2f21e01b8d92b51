"""A run over some months of the site: which indexes and releases to ask for, in what order, and what came of it.

What belongs here: finding releases on indexes by the wishes handed in, following them to their other language version
and their annexes, and judging whether what came is what was asked for.  It must never know a series, look inside a
table, or ask twice for what is settled: an address that gave an answer `settle_days` after its day is not asked again.

Safe against being killed: the log says what stands, and the next run goes on from there.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit

from pipelines.capture import failing, ledger, pages
from pipelines.capture.addresses import Site, file_name, folder_of
from pipelines.capture.asking import Answer, Asker, FailedError
from pipelines.capture.keeping import Keeper
from pipelines.capture.ledger import UNKNOWN, Entry, Known, Outcome, Role, Row
from pipelines.capture.records import CaptureError
from pipelines.capture.reports import FetchReport, Plan
from pipelines.capture.sniff import sniff
from pipelines.settings import FetchSettings

HONG_KONG = timezone(timedelta(hours=8))
LOCK_SECONDS = 20.0
Tell = Callable[[str, int, int], None]


class FetchBusyError(CaptureError):
    """Another run fetches from the same site; the message says so to a person."""


@dataclass(frozen=True, slots=True)
class _Visit:
    """An address to go to: a release, another language version of one, or an annex (then `release` is its release)."""

    address: str
    role: Role
    day: date
    release: str = ""


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
        todo = _wanted(folder, month, wish, site)
        seen: set[str] = set()
        while todo:
            visit = todo.pop(0)
            if visit.address not in seen:
                seen.add(visit.address)
                add(releases, visit.address, visit.day)
                todo = [*_followed(visit, known.get(visit.address, UNKNOWN), site), *todo]
    return Plan(tuple(indexes.items()), tuple(releases.items()), rest)


def fetch(
    raw: Path,
    settings: FetchSettings,
    wishes: Sequence[str],
    months: Sequence[date],
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    tell: Tell | None = None,
    done: Callable[[date, FetchReport], None] | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> FetchReport:
    """Asks the site for what the indexes of these months list and the wishes want, and keeps it below `raw`.

    `wishes`: words of titles.  `tell` hears how many months are done ("fetch"), and how many of the addresses known
    so far within the month ("2024-06"); `done` hears what came of each month, once it stands on the
    disk (a month in which the run ended before its end is not told of).  Without a contact, or where the site cannot
    be reached at all, nothing happens and `skipped` says why.  Failures of single addresses stand in the report, in
    the log, and as findings of `walk`; they never end the run, unless the site seems to be in trouble.

    Raises FetchBusyError where another run is at it, CaptureError where the store cannot be written.
    """
    if not settings.contact:
        return FetchReport(tuple(months), skipped=NO_CONTACT)
    site = Site(settings.source, settings.more_hosts)
    if said := _offline(site):
        return FetchReport(tuple(months), skipped=said)
    folder = raw / site.folder / ledger.INDEX
    with _alone(folder), Keeper(raw, folder) as keeper:
        asker = Asker(site, settings, _version(), sleep)
        run = _Run(raw, settings, site, pages.Wishes(tuple(wishes)), folder, keeper, asker, clock)
        try:
            with asker:
                for number, month in enumerate(months):
                    if tell is not None:
                        tell("fetch", number, len(months))
                    before = run.report([month], None)
                    run.month(month, tell)
                    keeper.flush()
                    if done is not None:
                        done(month, run.report([month], None).since(before))
                if tell is not None:
                    tell("fetch", len(months), len(months))
        except _EndError as end:
            keeper.flush()
            failing.write(folder, run.failures())
            return run.report(months, end)
        keeper.flush()
        failing.write(folder, run.failures())
        return run.report(months, None)


NO_CONTACT = (
    "No contact is set, so nothing was asked for.  Set TALENT_CONTACT to an e-mail or web address that the publisher "
    "can write to; it stands in the User-Agent of every request."
)


class _EndError(Exception):
    """The run ends here; `offline`: before anything could be asked."""

    def __init__(self, reason: str, *, offline: bool = False) -> None:
        super().__init__(reason)
        self.offline = offline


class _Run:
    """One run's counts, and the state that it goes on from."""

    def __init__(
        self, raw: Path, settings: FetchSettings, site: Site, wish: pages.Wishes, folder: Path, keeper: Keeper,
        asker: Asker, clock: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._raw, self._settings, self._site, self._wish = raw, settings, site, wish
        self._folder, self._keeper, self._asker, self._clock = folder, keeper, asker, clock
        self._known = ledger.state(folder)
        self._failed: dict[str, str] = {}
        self._visited: set[str] = set()
        self._captures: list[Entry] = []
        self._counts = dict.fromkeys(("listed", "wanted", "unchanged", "settled", "no_index"), 0)
        self._down = 0

    def month(self, month: date, tell: Tell | None = None) -> None:
        """Reads the indexes of a month, then goes to what they list and the wishes want."""
        tell = tell or (lambda *_: None)
        rows = ledger.rows(self._folder, month)
        indexes = list(self._site.indexes(month, self._clock().astimezone(HONG_KONG).date()))
        for number, (address, day) in enumerate(indexes):
            tell(f"{month:%Y-%m}", number, len(indexes))
            self._index(address, day, month, rows)
        todo = _wanted_of(rows, self._wish, self._site)
        self._counts["wanted"] += len(todo)
        done = len(indexes)
        while todo:
            visit = todo.pop(0)
            if visit.address in self._visited:
                continue
            self._visited.add(visit.address)
            tell(f"{month:%Y-%m}", done, done + 1 + len(todo))
            done += 1
            todo = [*self._go(visit), *todo]

    def failures(self) -> failing.Failures:
        """What gave nothing the last time, by the whole log; days that have no index are no failures."""
        return {
            address: known.failing
            for address, known in self._known.items()
            if known.failing and not (known.missing and known.role is Role.INDEX)
        }

    def report(self, months: Sequence[date], end: _EndError | None) -> FetchReport:
        return FetchReport(
            tuple(months),
            requests=self._asker.requests,
            received=self._asker.received,
            new=sum(e.outcome is Outcome.NEW for e in self._captures),
            changed=sum(e.outcome is Outcome.CHANGED for e in self._captures),
            failed=tuple(self._failed.items()),
            captures=tuple(self._captures),
            skipped=str(end) if end and end.offline else "",
            stopped=str(end) if end and not end.offline else "",
            **self._counts,
        )

    def _index(self, address: str, day: date, month: date, rows: dict[str, Row]) -> None:
        entry = Entry(address, Role.INDEX, Outcome.LISTED, self._clock())
        answer = self._ask(entry, day)
        if answer is None:
            return
        entry = replace(entry, status=answer.status, headers=answer.headers, attempts=answer.attempts)
        if answer.body is None:
            self._note(replace(entry, outcome=Outcome.UNCHANGED))
            return
        found = pages.listed(answer.body, answer.address, self._site) if sniff(answer.body) == "text/html" else ()
        if not found:
            self._fail(entry, "It is no index: it links to no release.")
            return
        path = ledger.listing(self._folder, month)
        for listed in found:
            before = rows.get(listed.address)
            if before is None or before.title != listed.title:
                row = Row(listed.address, listed.title, address, entry.asked_at)
                rows[listed.address] = row
                self._keeper.list(path, row)
                self._counts["listed"] += before is None
        self._note(entry)

    def _go(self, visit: _Visit) -> list[_Visit]:
        """Asks for a release or an annex where that is needed; gives what is to be followed from it."""
        entry = Entry(visit.address, visit.role, Outcome.NEW, self._clock(), release=visit.release)
        answer = self._ask(entry, visit.day)
        if answer is not None:
            entry = replace(
                entry,
                status=answer.status,
                headers=answer.headers,
                attempts=answer.attempts,
                served_from="" if answer.address == visit.address else answer.address,
            )
            if answer.body is None:
                self._note(replace(entry, outcome=Outcome.UNCHANGED))
                self._counts["unchanged"] += 1
            else:
                self._judge(entry, visit, answer.address, answer.body)
        known = self._known.get(visit.address, UNKNOWN)
        return _followed(visit, known, self._site)

    def _judge(self, entry: Entry, visit: _Visit, served_from: str, body: bytes) -> None:
        """Keeps the body if it is what was asked for."""
        kind = sniff(body)
        entry = replace(entry, media_type=kind, size=len(body))
        suffix = ".htm"
        if visit.role is Role.ATTACHMENT:
            suffix = ".pdf"
            if kind != "application/pdf":
                self._fail(entry, f"It should be a PDF, and is {kind}.")
                return
        elif kind != "text/html" or not pages.is_release(body):
            what = "an error page or something else: it has no mark of a release" if kind == "text/html" else kind
            self._fail(entry, f"It should be a release, and is {what}.")
            return
        else:
            links = pages.links(body, served_from, self._site)
            entry = replace(entry, title=links.title, twins=links.twins, attachments=links.attachments)
        before = self._known.get(visit.address, UNKNOWN)
        entry = replace(
            entry,
            outcome=Outcome.CHANGED if before.sha256 else Outcome.NEW,
            agent=self._asker.agent,
            version=self._asker.version,
        )
        into = self._raw / folder_of(urlsplit(visit.address).netloc) / f"{visit.day:%Y-%m}"
        kept = self._keeper.keep(
            entry, body, into, file_name(visit.address, visit.day, entry.title, suffix), before=before
        )
        self._known[visit.address] = before.then(kept)
        self._failed.pop(visit.address, None)
        if kept.outcome is Outcome.UNCHANGED:
            self._counts["unchanged"] += 1
        else:
            self._captures.append(kept)

    def _ask(self, entry: Entry, day: date) -> Answer | None:
        """The answer of an address; None where it is settled, or gave nothing (which is then noted)."""
        known = self._known.get(entry.address, UNKNOWN)
        if settled(known, day, self._settings):
            self._counts["settled"] += 1
            return None
        held = not known.missing and self._holds(entry, known, day)
        try:
            answer = self._asker.get(
                entry.address,
                etag=known.etag if held else "",
                last_modified=known.last_modified if held else "",
            )
        except FailedError as error:
            if error.offline:
                said = f"{self._site.host} cannot be reached, so nothing was asked for: {error}"
                raise _EndError(said, offline=True) from error
            entry = replace(entry, status=error.status, headers=error.headers, attempts=error.attempts)
            self._fail(entry, str(error), missing=error.gone)
            self._down = self._down + 1 if error.down else 0
            if error.stop:
                raise _EndError(f"The run ended at {entry.address}: {error}") from error
            if self._down >= self._settings.give_up_after:
                said = f"The run ended: {self._down} addresses in a row gave no answer; the last said: {error}"
                raise _EndError(said) from error
            return None
        self._down = 0
        return answer

    def _holds(self, entry: Entry, known: Known, day: date) -> bool:
        """Whether we still have what the validators speak of."""
        if entry.role is Role.INDEX:
            return ledger.listing(self._folder, day).is_file()
        return bool(known.path) and (self._raw / known.path).is_file()

    def _fail(self, entry: Entry, reason: str, *, missing: bool = False) -> None:
        outcome = Outcome.MISSING if missing else Outcome.FAILED
        if missing and entry.role is Role.INDEX:
            self._counts["no_index"] += 1
        else:
            self._failed[entry.address] = reason
        self._note(replace(entry, outcome=outcome, reason=reason))

    def _note(self, entry: Entry) -> None:
        if entry.outcome not in (Outcome.FAILED, Outcome.MISSING):
            self._failed.pop(entry.address, None)
        entry = replace(entry, agent=self._asker.agent, version=self._asker.version)
        self._known[entry.address] = self._known.get(entry.address, UNKNOWN).then(entry)
        self._keeper.note(entry)


def _wanted(folder: Path, month: date, wish: pages.Wishes, site: Site) -> list[_Visit]:
    return _wanted_of(ledger.rows(folder, month), wish, site)


def _wanted_of(rows: dict[str, Row], wish: pages.Wishes, site: Site) -> list[_Visit]:
    """The releases of a month's listing whose title is wished for, by day."""
    found = []
    for row in rows.values():
        day = site.day_of(row.address)
        if day is not None and wish.want(row.title):
            found.append(_Visit(row.address, Role.RELEASE, day))
    return sorted(found, key=lambda visit: (visit.day, visit.address))


def _followed(visit: _Visit, known: Known, site: Site) -> list[_Visit]:
    """Where a release leads to, by the bytes that we hold: its other language versions and its annexes."""
    found = []
    for address in known.twins:
        day = site.day_of(address)
        if day is not None:
            found.append(_Visit(address, Role.RELEASE, day))
    found += [_Visit(address, Role.ATTACHMENT, visit.day, visit.address) for address in known.attachments]
    return found


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Holds the right to fetch from this site.  Raises FetchBusyError, CaptureError."""
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".lock", timeout=LOCK_SECONDS):
            yield
    except Timeout as error:
        raise FetchBusyError(
            f"Another run fetches into {folder.parent} already.  Nothing was asked for; wait for it to end."
        ) from error
    except OSError as error:
        raise CaptureError(f"The raw folder {folder.parent} cannot be written: {error.strerror or error}.") from error


def _offline(site: Site) -> str:
    """Why the site cannot be reached, where its name does not resolve; else ""."""
    host = urlsplit(site.source).hostname or ""
    try:
        socket.getaddrinfo(host, None)
    except OSError as error:
        return f"There is no network, so nothing was asked for: {host} does not resolve ({error.strerror or error})."
    return ""


def _version() -> str:
    try:
        return metadata.version("hk-talent-warehouse")
    except metadata.PackageNotFoundError:
        return "0"
