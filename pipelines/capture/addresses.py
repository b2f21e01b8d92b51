"""Addresses of the press release site: which are releases, which are indexes, of which day; and which host is whose.

What belongs here: the forms of addresses through the years, and names of files made from them.  It must never ask a
host for anything.  A release's day is that of its folder; the date inside an id is the day the item was created and
differs in a tenth of them, and before 2005 ids repeat from year to year.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

FIRST_MONTH = date(1998, 10, 1)
_RELEASE = re.compile(
    r"^/gia/general/(?P<year>(?:19|20)\d\d)(?P<month>0[1-9]|1[0-2])/(?P<day>[0-3]\d)/(?P<id>P?\d{6,14})\.html?$", re.I
)
_NAME_BYTES = 120


@dataclass(frozen=True, slots=True)
class Site:
    """The hosts that may be asked: "host", or "host:port" where the port is not that of the scheme."""

    source: str
    more_hosts: tuple[str, ...] = ()

    @property
    def host(self) -> str:
        return urlsplit(self.source).netloc.lower()

    @property
    def folder(self) -> str:
        """Name of the folder below `raw/` that holds the index and the log of this site."""
        return folder_of(self.host)

    def allows(self, address: str) -> bool:
        parts = urlsplit(address)
        return parts.scheme == urlsplit(self.source).scheme and parts.netloc in (self.host, *self.more_hosts)

    def join(self, base: str, href: str) -> str | None:
        """The one form of a link's address: whole, without its fragment, in the scheme of the site.

        None where it is no address of the web, or of a host that may not be asked (the machine-made Simplified
        Chinese versions stand on such hosts).  Older pages write http:// for what is served under https:// now.
        """
        try:
            parts = urlsplit(urljoin(base, href.strip()))
        except ValueError:
            return None
        host = parts.netloc.lower()
        if parts.scheme not in ("http", "https") or host not in (self.host, *self.more_hosts):
            return None
        return urlunsplit((urlsplit(self.source).scheme, host, parts.path or "/", parts.query, ""))

    def day_of(self, address: str) -> date | None:
        """The day of the folder that a release's address names; None where it is no release of this site."""
        parts = urlsplit(address)
        hit = _RELEASE.match(parts.path) if parts.netloc == self.host else None
        if hit is None:
            return None
        try:
            return date(int(hit["year"]), int(hit["month"]), int(hit["day"]))
        except ValueError:
            return None

    def indexes(self, month: date, today: date) -> Iterator[tuple[str, date]]:
        """(address, day) of the indexes of a month, English and Chinese, up to today.

        Today's are the pages that the site calls so; the day's own index is asked for from tomorrow on.
        """
        day = month.replace(day=1)
        while (day.year, day.month) == (month.year, month.month) and day <= today:
            names = ("today.htm", "ctoday.htm")
            if day < today:
                names = (f"{day:%Y%m}/{day:%d}.htm", f"{day:%Y%m}/{day:%d}c.htm")
            for name in names:
                yield f"{self.source}/gia/general/{name}", day
            day += timedelta(days=1)


def months(first: date, last: date) -> list[date]:
    """The first days of the months from `first` to `last`, both included."""
    found = []
    month = first.replace(day=1)
    while month <= last:
        found.append(month)
        month = (month + timedelta(days=31)).replace(day=1)
    return found


def folder_of(host: str) -> str:
    return host.replace(":", "_")


def file_name(address: str, day: date, title: str, suffix: str) -> str:
    """A name that a person finds: day of the month, id, and words of the title that the page itself gives."""
    stem = unquote(urlsplit(address).path).rpartition("/")[2].rpartition(".")[0] or "unnamed"
    words = f"{day:%d}-{stem}" + (f"-{title.casefold()}" if title else "")
    safe = re.sub(r"[^\w.]+", "-", unicodedata.normalize("NFKC", words)).strip("-.")
    return safe.encode()[:_NAME_BYTES].decode(errors="ignore").rstrip("-.") + suffix
