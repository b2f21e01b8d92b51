"""A run over some months of the site: which indexes and releases to ask for, in what order, and what came of it.

What belongs here: finding releases on indexes by the wishes handed in, following them to their other language version
and their annexes, and judging whether what came is what was asked for.  It must never know a series, look inside a
table, or ask twice for what is settled: an address that gave an answer `settle_days` after its day is not asked again.

Safe against being killed: the log says what stands, and the next run goes on from there.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit

from pipelines.capture import failing, ledger, pages
from pipelines.capture.addresses import Site, file_name, folder_of
from pipelines.capture.asking import Answer, Asker, FailedError, find_offline_reason
from pipelines.capture.keeping import Keeper
from pipelines.capture.ledger import UNKNOWN, Entry, Known, Outcome, Role, Row
from pipelines.capture.records import CaptureError
from pipelines.capture.reports import FetchReport
from pipelines.capture.sniff import sniff
from pipelines.capture.visits import (
    HONG_KONG,
    Visit,
    find_followed,
    find_short_indexes,
    find_wanted,
    settled,
    with_answer,
)
from pipelines.settings import FetchSettings

LOCK_SECONDS = 20.0
Tell = Callable[[str, int, int], None]


class FetchBusyError(CaptureError):
    """Another run fetches from the same site; the message says so to a person."""


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
    if said := find_offline_reason(site):
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
        self._linked: Counter[str] = Counter()
        self._capped: dict[str, str] = {}
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
        self._note_short(indexes, rows)
        todo = find_wanted(rows, self._wish, self._site)
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
            address: (known.code, known.failing)
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
            capped=tuple(self._capped.items()),
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
        cut = False
        if answer.body is None:
            self._note(replace(entry, outcome=Outcome.UNCHANGED))
            return
        found = pages.listed(answer.body, answer.address, self._site) if sniff(answer.body) == "text/html" else ()
        if found and pages.lacks_end(answer.body):
            again = self._answer_of(entry, day, validators=False)
            if again is None or again.body is None:
                return
            found = pages.listed(again.body, again.address, self._site)
            cut = pages.lacks_end(again.body)
        if not found:
            self._fail(entry, "It is no index: it links to no release.")
            return
        path = ledger.listing(self._folder, month)
        most = self._settings.max_titles
        for listed in found[:most]:
            before = rows.get(listed.address)
            if before is None or before.title != listed.title:
                row = Row(listed.address, listed.title, address, entry.asked_at)
                rows[listed.address] = row
                self._keeper.list(path, row)
                self._counts["listed"] += before is None
        if cut:
            said = "It has none of the marks of its end, asked for twice: titles may be missing."
            self._fail(entry, said, code="index-short")
            return
        if len(found) > most:
            said = f"It lists {len(found):,} titles; {most:,} of them were noted (TALENT_MAX_TITLES)."
            self._capped[address] = said
            self._fail(entry, said, code="over-cap")
            return
        self._note(entry)

    def _note_short(self, indexes: Sequence[tuple[str, date]], rows: dict[str, Row]) -> None:
        """Opens again the days whose index lists far less than those around them."""
        today = self._clock().astimezone(HONG_KONG).date()
        for address, day, said in find_short_indexes([pair for pair in indexes if pair[1] < today], rows, self._site):
            if not self._known.get(address, UNKNOWN).failing or self._known[address].missing:
                entry = Entry(address, Role.INDEX, Outcome.FAILED, self._clock())
                self._fail(entry, f"{day:%Y-%m-%d}: {said}", code="index-short")

    def _go(self, visit: Visit) -> list[Visit]:
        """Asks for a release or an annex where that is needed; gives what is to be followed from it."""
        entry = Entry(visit.address, visit.role, Outcome.NEW, self._clock(), release=visit.release)
        answer = self._ask(entry, visit.day)
        if answer is not None:
            entry = with_answer(entry, visit, answer)
            if answer.body is None:
                self._note(replace(entry, outcome=Outcome.UNCHANGED))
                self._counts["unchanged"] += 1
            else:
                self._judge(entry, visit, answer)
        return self._follow(visit)

    def _follow(self, visit: Visit) -> list[Visit]:
        """What a page leads to, within the bounds of the settings; says what is left out."""
        twins: list[Visit] = []
        annexes: list[Visit] = []
        for found in find_followed(visit, self._known.get(visit.address, UNKNOWN), self._site):
            (annexes if found.role is Role.ATTACHMENT else twins).append(found)
        most = self._settings.max_annexes
        if len(annexes) > most:
            said = f"It has {len(annexes):,} annexes; {most:,} were asked for (TALENT_MAX_ANNEXES)."
            self._capped[visit.address] = said
        new = [twin for twin in twins if twin.address not in self._visited]
        left = max(0, self._settings.max_linked - self._linked[visit.root])
        self._linked[visit.root] += min(len(new), left)
        if len(new) > left:
            said = f"It leads to more than {self._settings.max_linked:,} pages; the rest was left (TALENT_MAX_LINKED)."
            self._capped[visit.root] = said
        return [*new[:left], *annexes[:most]]

    def _judge(self, entry: Entry, visit: Visit, answer: Answer, *, again: bool = False) -> None:
        """Keeps the body if it is what was asked for; one without its end is asked for again, then incomplete."""
        body = answer.body or b""
        kind = sniff(body)
        entry = replace(entry, media_type=kind, size=len(body))
        is_annex = visit.role is Role.ATTACHMENT
        suffix = ".pdf" if is_annex else ".htm"
        is_cut = kind == ("application/pdf" if is_annex else "text/html") and (
            pages.lacks_pdf_end(body) if is_annex else pages.lacks_end(body)
        )
        if is_cut and not again:
            repeated = self._answer_of(entry, visit.day, validators=False)
            if repeated is not None and repeated.body is not None:
                self._judge(with_answer(entry, visit, repeated), visit, repeated, again=True)
            return
        if is_annex:
            if kind != "application/pdf":
                self._fail(entry, f"It should be a PDF, and is {kind}.")
                return
        elif kind != "text/html" or not pages.is_release(body):
            what = "an error page or something else: it has no mark of a release" if kind == "text/html" else kind
            self._fail(entry, f"It should be a release, and is {what}.")
            return
        else:
            links = pages.links(body, answer.address, self._site)
            entry = replace(entry, title=links.title, twins=links.twins, attachments=links.attachments)
        if is_cut:
            self._keep_incomplete(entry, visit, body, suffix)
            return
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

    def _keep_incomplete(self, entry: Entry, visit: Visit, body: bytes, suffix: str) -> None:
        """Keeps a body without its end, marked so in its record: nothing is read from it."""
        reason = "It has none of the marks of its end, asked for twice: the rest is missing."
        entry = replace(entry, outcome=Outcome.INCOMPLETE, reason=reason, agent=self._asker.agent,
                        version=self._asker.version, twins=(), attachments=())  # fmt: skip
        into = self._raw / folder_of(urlsplit(visit.address).netloc) / f"{visit.day:%Y-%m}"
        name = file_name(visit.address, visit.day, entry.title, f"~incomplete{suffix}")
        kept = self._keeper.keep(entry, body, into, name)
        self._known[visit.address] = self._known.get(visit.address, UNKNOWN).then(kept)
        self._failed[visit.address] = reason

    def _ask(self, entry: Entry, day: date) -> Answer | None:
        """The answer of an address; None where it is settled, or gave nothing (which is then noted)."""
        known = self._known.get(entry.address, UNKNOWN)
        if settled(known, day, self._settings):
            self._counts["settled"] += 1
            return None
        # what was left out over a bound is not in our listing, so "not modified" would be no answer
        return self._answer_of(entry, day, validators=known.code != "over-cap")

    def _answer_of(self, entry: Entry, day: date, *, validators: bool) -> Answer | None:
        """The answer of an address; None where it gave nothing (which is then noted)."""
        known = self._known.get(entry.address, UNKNOWN)
        held = validators and not known.missing and self._holds(entry, known, day)
        try:
            answer = self._asker.get(
                entry.address,
                etag=known.etag if held else "",
                last_modified=known.last_modified if held else "",
            )
        except FailedError as error:
            if error.spent:
                raise _EndError(f"The run ended before {entry.address}: {error}  The next run goes on.") from error
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

    def _fail(self, entry: Entry, reason: str, *, missing: bool = False, code: str = "") -> None:
        outcome = Outcome.MISSING if missing else Outcome.FAILED
        if missing and entry.role is Role.INDEX:
            self._counts["no_index"] += 1
        else:
            self._failed[entry.address] = reason
        self._note(replace(entry, outcome=outcome, reason=reason, code=code))

    def _note(self, entry: Entry) -> None:
        if entry.outcome not in (Outcome.FAILED, Outcome.MISSING):
            self._failed.pop(entry.address, None)
        entry = replace(entry, agent=self._asker.agent, version=self._asker.version)
        self._known[entry.address] = self._known.get(entry.address, UNKNOWN).then(entry)
        self._keeper.note(entry)


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


def _version() -> str:
    try:
        return metadata.version("hk-talent-warehouse")
    except metadata.PackageNotFoundError:
        return "0"
