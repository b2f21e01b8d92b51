"""The settings, read from the environment once and passed on.  No other module reads the environment.

`TALENT_RAW` replaces the raw folder entirely; `TALENT_WAREHOUSE` is the folder that holds `talent.duckdb`, the
stage and DAGSTER_HOME.  Both are created if absent.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

LEAST_PAUSE = 1.0
"""Seconds; only a site on this machine may be asked without rests."""
LEAST_PASSWORD = 12
PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """Bounds of one document.  Over a bound the document is cut or refused, with a finding that names it."""

    max_bytes: int = 64 * 1024 * 1024
    max_pages: int = 2_000
    max_seconds: float = 120.0
    max_cells: int = 500_000
    max_depth: int = 2_000
    max_span: int = 2_000


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """How the source is asked, so that it never notices us.  Times in seconds unless the name says otherwise.

    contact       TALENT_CONTACT: an e-mail or web address that the publisher can write to; it stands in the User-Agent.
                  Without one nothing is fetched
    source        TALENT_SOURCE: scheme and host of the site
    more_hosts    TALENT_HOSTS (blanks between): further hosts that may be asked, for annexes; "host" or "host:port"
    pause         TALENT_PAUSE: rest between the end of a request and the next; robots.txt may ask for a longer one
    settle_days   TALENT_SETTLE_DAYS: a page that was asked for so many days after its day is not asked for again
    wishes        TALENT_WISHES (| between): words of titles to fetch, beside those of the series cards and schemes
    attempts      tries of one address;  backoff: first rest before trying again, doubled each time, with jitter
    longest_wait  a Retry-After beyond this ends the run
    give_up_after addresses in a row that did not answer, after which the run ends
    max_requests  TALENT_MAX_REQUESTS: requests a run; the next run goes on from there
    max_linked    TALENT_MAX_LINKED: pages reached from one listed page, through language versions of language versions
    max_annexes   TALENT_MAX_ANNEXES: annexes of one release that are asked for
    max_titles    TALENT_MAX_TITLES: titles of one index that are noted
    allow_loopback  for tests alone: lets addresses of this machine through
    """

    contact: str = ""
    source: str = "https://www.info.gov.hk"
    more_hosts: tuple[str, ...] = ("gia.info.gov.hk",)
    pause: float = 5.0
    settle_days: int = 45
    wishes: tuple[str, ...] = ("talent admission", "admission of talent", "admission scheme", "輸入人才", "人才入境")
    attempts: int = 4
    backoff: float = 5.0
    longest_wait: float = 300.0
    give_up_after: int = 5
    max_requests: int = 100_000
    max_linked: int = 20
    max_annexes: int = 200
    max_titles: int = 5_000
    connect_seconds: float = 20.0
    read_seconds: float = 60.0
    request_seconds: float = 300.0
    max_bytes: int = 64 * 1024 * 1024
    allow_loopback: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things lie and how much may be spent.

    workers      processes that read documents at once; 1 = serial, in this process
    ui_password  TALENT_UI_PASSWORD: what `talent ui` asks for by HTTP basic; "" asks for none
    """

    raw: Path = PROJECT / "raw"
    warehouse: Path = PROJECT / "warehouse"
    sql: Path = PROJECT / "sql"
    series: Path = PROJECT / "pipelines" / "series"
    vocabulary: Path = PROJECT / "pipelines" / "vocabulary"
    corrections: Path = PROJECT / "pipelines" / "corrections"
    workers: int = 1
    ui_password: str = ""
    limits: ReadLimits = field(default_factory=ReadLimits)
    fetch: FetchSettings = field(default_factory=FetchSettings)

    @property
    def database(self) -> Path:
        """The published warehouse; replaced whole, never written in place."""
        return self.warehouse / "talent.duckdb"

    @property
    def stage(self) -> Path:
        return self.warehouse / "stage"

    @property
    def dagster_home(self) -> Path:
        return self.warehouse / "dagster_home"

    @property
    def inbox(self) -> Path:
        return self.raw / "inbox"


def load(
    environ: Mapping[str, str] | None = None, *, raw: Path | None = None, warehouse: Path | None = None
) -> Settings:
    """The settings of this process; the arguments (command-line options) go before the environment.

    Raises ValueError where a variable cannot be read, naming it and what it should hold.
    """
    env = os.environ if environ is None else environ
    settings = Settings()
    raw_said = raw if raw is not None else env.get("TALENT_RAW") or None
    warehouse_said = warehouse if warehouse is not None else env.get("TALENT_WAREHOUSE") or None
    if raw_said is not None:
        settings = replace(settings, raw=Path(raw_said).expanduser().resolve())
    if warehouse_said is not None:
        settings = replace(settings, warehouse=Path(warehouse_said).expanduser().resolve())
    workers = env.get("TALENT_WORKERS", "1")
    if not workers.isdigit() or int(workers) < 1:
        raise ValueError(f"TALENT_WORKERS must be a whole number of processes, 1 or more, not {workers!r}.")
    settings = replace(settings, workers=int(workers), fetch=_fetch(env), ui_password=_password(env))
    settings.raw.mkdir(parents=True, exist_ok=True)
    settings.warehouse.mkdir(parents=True, exist_ok=True)
    return settings


def _password(env: Mapping[str, str]) -> str:
    """Raises ValueError as `load` does."""
    password = env.get("TALENT_UI_PASSWORD", "")
    if password and len(password) < LEAST_PASSWORD:
        raise ValueError(f"TALENT_UI_PASSWORD must have {LEAST_PASSWORD} characters or more.")
    return password


def _fetch(env: Mapping[str, str]) -> FetchSettings:
    """The part that concerns the source.  Raises ValueError as `load` does."""
    fetch = FetchSettings(contact=" ".join(env.get("TALENT_CONTACT", "").split()))
    if not fetch.contact.isascii() or any(c in fetch.contact for c in "()"):
        raise ValueError("TALENT_CONTACT must be an e-mail or web address in plain ASCII, without brackets.")
    if source := env.get("TALENT_SOURCE"):
        parts = urlsplit(source)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
            raise ValueError(f"TALENT_SOURCE must be scheme and host, such as {fetch.source}, not {source!r}.")
        fetch = replace(fetch, source=f"{parts.scheme}://{parts.netloc.lower()}")
    if "TALENT_HOSTS" in env:
        fetch = replace(fetch, more_hosts=tuple(env["TALENT_HOSTS"].lower().split()))
    if "TALENT_WISHES" in env:
        words = tuple(word.strip() for word in env["TALENT_WISHES"].split("|") if word.strip())
        fetch = replace(fetch, wishes=words)
    try:
        pause = float(env.get("TALENT_PAUSE", fetch.pause))
        settle_days = int(env.get("TALENT_SETTLE_DAYS", fetch.settle_days))
    except ValueError as error:
        raise ValueError(f"TALENT_PAUSE (seconds) and TALENT_SETTLE_DAYS (days) must be numbers: {error}.") from error
    if fetch.contact and not re.search(r"^https?://\S+\.\S|^[^@\s]+@[^@\s]+\.[^@\s]+$", fetch.contact):
        raise ValueError(f"TALENT_CONTACT must be an e-mail or web address (https://...), not {fetch.contact!r}.")
    if not 0 <= pause < 86_400 or settle_days < 1:
        raise ValueError("TALENT_PAUSE must be 0 seconds or more, TALENT_SETTLE_DAYS 1 day or more.")
    allow = env.get("TALENT_ALLOW_LOOPBACK", "") == "1"
    if pause < LEAST_PAUSE and not allow:
        raise ValueError(f"TALENT_PAUSE must be {LEAST_PAUSE:g} second or more: the site must never notice us.")
    caps = {
        name: _whole_number(env, f"TALENT_{name.upper()}", getattr(fetch, name))
        for name in ("max_requests", "max_linked", "max_annexes", "max_titles")
    }
    return replace(
        fetch,
        pause=pause,
        settle_days=settle_days,
        allow_loopback=allow,
        max_requests=caps["max_requests"],
        max_linked=caps["max_linked"],
        max_annexes=caps["max_annexes"],
        max_titles=caps["max_titles"],
    )


def _whole_number(env: Mapping[str, str], name: str, default: int) -> int:
    """A bound of at least 1.  Raises ValueError as `load` does."""
    text = env.get(name, "").strip()
    if not text:
        return default
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) < 1:
        raise ValueError(f"{name} must be a whole number, 1 or more, not {text[:40]!r}.")
    return int(text)
