"""Asking a host for a page, politely: one request at a time, with rests, within bounds, allowed hosts alone.

What belongs here: HTTP.  Robots.txt, pauses, conditional requests, retries, redirects, limits of size and time.  It
must never pretend to be a browser, ask a host that the settings do not name or that resolves to a private address,
or judge what a body means.
"""

from __future__ import annotations

import random
import re
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipelines.capture.addresses import Site
from pipelines.settings import FetchSettings

if TYPE_CHECKING:
    import httpx
    from protego import Protego

PRODUCT = "hk-talent-warehouse"
_KEPT_HEADERS = ("content-type", "content-length", "content-language", "etag", "last-modified", "date", "location")
_HOPS = 5
"""Redirects that are followed, as RFC 9309 (2.3.1.2) asks for robots.txt."""
_DRAINED_BYTES = 64 * 1024
_ROBOTS_BYTES = 512 * 1024
_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})


class FailedError(Exception):
    """An address gave nothing that can be kept; the message is the reason.

    gone    the site says that there is no such page
    down    nobody answered, or only with errors of the server: the site may be in trouble
    offline nobody could even be reached
    stop    the site asks to be left alone for longer than we wait, or cannot be trusted to be the site
    spent   the run has made all the requests that it may; this address was not asked for
    """

    def __init__(
        self, reason: str, *, status: int | None = None, attempts: int = 1, gone: bool = False, down: bool = False,
        offline: bool = False, stop: bool = False, spent: bool = False, headers: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(reason)
        self.status, self.attempts, self.headers = status, attempts, dict(headers or {})
        self.gone, self.down, self.offline, self.stop, self.spent = gone, down, offline, stop, spent


@dataclass(frozen=True, slots=True)
class Answer:
    """What a host served.  `body` is None for "not modified"; `address` is where the redirects led."""

    address: str
    status: int
    headers: Mapping[str, str]
    body: bytes | None
    attempts: int


@dataclass(slots=True)
class Asker:
    """One conversation with the site.  Use as a context manager; not for several threads.

    `sleep` and `clock` stand in for time in tests.
    """

    site: Site
    settings: FetchSettings
    version: str
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    requests: int = 0
    received: int = 0
    _client: httpx.Client = field(init=False)
    _robots: dict[str, Protego | None] = field(default_factory=dict)
    _closed: dict[str, FailedError] = field(default_factory=dict)
    _pauses: dict[str, float] = field(default_factory=dict)
    _rested_since: float | None = None
    _reached: bool = False

    def __post_init__(self) -> None:
        from pipelines.capture import network

        headers = {"User-Agent": self.agent, "From": self.settings.contact}
        if "@" not in self.settings.contact:
            del headers["From"]
        self._client = network.client(self.settings, headers)

    def __enter__(self) -> Asker:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    @property
    def agent(self) -> str:
        """The User-Agent: what we are, and whom to write to."""
        return f"{PRODUCT}/{self.version} (contact: {self.settings.contact})"

    def get(self, address: str, *, etag: str = "", last_modified: str = "") -> Answer:
        """The page at an address, or "not modified" where the validators of an earlier answer still hold.

        Raises FailedError.
        """
        validators = {}
        if etag:
            validators["If-None-Match"] = etag
        if last_modified:
            validators["If-Modified-Since"] = last_modified
        self._must_allow(address)
        return self._persist(address, validators, self.settings.max_bytes)

    # ------------------------------------------------------------------------------------------------ robots.txt

    def _must_allow(self, address: str) -> None:
        """Raises FailedError where the host's robots.txt keeps us out, or cannot be had (RFC 9309, 2.3.1)."""
        parts = urlsplit(address)
        if not self.site.allows(address):
            raise FailedError(f"{parts.netloc or address} is no host that may be asked.")
        if parts.netloc in self._closed:
            raise FailedError(str(self._closed[parts.netloc]))
        if parts.netloc not in self._robots:
            try:
                self._robots[parts.netloc] = self._load_robots(f"{parts.scheme}://{parts.netloc}/robots.txt")
            except FailedError as error:
                self._closed[parts.netloc] = error
                raise
        rules = self._robots[parts.netloc]
        if rules is None:
            return
        if not rules.can_fetch(address, PRODUCT):
            raise FailedError(f"robots.txt of {parts.netloc} asks us to leave this address alone.")

    def _load_robots(self, address: str) -> Protego | None:
        from protego import Protego

        try:
            body = self._persist(address, {}, _ROBOTS_BYTES, robots=True).body or b""
        except FailedError as error:
            if error.spent:
                raise
            if error.gone:
                return None  # there is no such file: everything may be asked
            said = f"robots.txt cannot be had, so the host is left alone: {error}"
            raise FailedError(
                said, status=error.status, attempts=error.attempts, down=True, offline=error.offline, stop=error.stop
            ) from error
        host = urlsplit(address).netloc
        rules = Protego.parse(body.decode("utf-8-sig", errors="replace"))
        delay = rules.crawl_delay(PRODUCT) or 0.0
        if delay > self.settings.longest_wait:
            said = (
                f"robots.txt of {host} asks for rests of {delay:g} seconds between requests, longer than we wait "
                f"({self.settings.longest_wait:g}), so the host is left alone."
            )
            raise FailedError(said, stop=host == self.site.host)
        if delay > 0:
            self._pauses[host] = delay
        return rules

    # ------------------------------------------------------------------------------------------------ persistence

    def _persist(self, address: str, validators: Mapping[str, str], most: int, *, robots: bool = False) -> Answer:
        """Asks until there is an answer, at most `attempts` times, resting longer each time."""
        for attempt in range(1, self.settings.attempts + 1):
            try:
                answer = self._follow(address, validators, most, robots)
            except FailedError as error:
                error.attempts = attempt
                wait = self._wait(error, attempt)
                if not error.down or error.offline or wait is None:
                    raise
                if attempt == self.settings.attempts:
                    raise
                self.sleep(wait)
                continue
            return Answer(answer.address, answer.status, answer.headers, answer.body, attempt)
        raise AssertionError("attempts is at least 1")

    def _wait(self, error: FailedError, attempt: int) -> float | None:
        """Seconds to rest before the next attempt; None where the site asks for more than we wait."""
        asked = _retry_after(error.headers.get("retry-after", ""))
        if asked > self.settings.longest_wait:
            error.stop = True
            error.args = (f"{error} It asks to be left alone for {asked:.0f} seconds.",)
            return None
        rest = self.settings.backoff * 2.0 ** (attempt - 1) * random.uniform(0.75, 1.25)
        return max(asked, float(min(rest, self.settings.longest_wait)))

    def _follow(self, address: str, validators: Mapping[str, str], most: int, robots: bool) -> Answer:
        """One attempt, through redirects; each hop must be allowed as the first address was (not so robots.txt)."""
        at = address
        for _ in range(_HOPS + 1):
            answer = self._once(at, validators, most)
            if answer.status not in (301, 302, 303, 307, 308):
                return answer
            location = answer.headers.get("location", "")
            joined = self.site.join(at, location)
            if joined is None:
                raise FailedError(f"It leads to {location[:200]}, where we may not ask.", status=answer.status)
            if not robots:
                self._must_allow(joined)
            at = joined
        raise FailedError(f"It leads on and on ({_HOPS} redirects).", status=answer.status)

    def _once(self, address: str, validators: Mapping[str, str], most: int) -> Answer:
        """One request.  Raises FailedError for anything but 200, 304 and redirects."""
        import httpx

        if self.requests >= self.settings.max_requests:
            most = self.settings.max_requests
            raise FailedError(f"It made the {most:,} requests that a run may make (TALENT_MAX_REQUESTS).", spent=True)
        self._rest(address)
        self.requests += 1
        end = self.clock() + self.settings.request_seconds
        try:
            with self._client.stream("GET", address, headers=validators) as response:
                self._reached = True
                return self._read(address, response, end, most, bool(validators))
        except httpx.TimeoutException as error:
            offline = isinstance(error, httpx.ConnectTimeout) and not self._reached
            said = f"No answer in time ({type(error).__name__})."
            raise FailedError(said, down=True, offline=offline) from error
        except httpx.ConnectError as error:
            if _is_tls_failure(error):
                raise FailedError(
                    f"The host cannot prove that it is the site (TLS): {error}.",
                    stop=urlsplit(address).netloc == self.site.host,
                ) from error
            said = f"The host cannot be reached: {error}."
            raise FailedError(said, down=True, offline=not self._reached) from error
        except httpx.UnsupportedProtocol as error:
            raise FailedError(f"The address is refused: {error}.") from error
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise FailedError(f"The connection broke off: {error or type(error).__name__}.", down=True) from error
        except httpx.InvalidURL as error:
            raise FailedError(f"The address cannot be asked for: {error}.") from error
        except (ValueError, OverflowError) as error:  # of a header that no part of the client foresaw
            raise FailedError(f"The answer cannot be understood: {str(error)[:200]}.", down=True) from error
        finally:
            self._rested_since = self.clock()

    def _read(self, address: str, response: httpx.Response, end: float, most: int, conditional: bool) -> Answer:
        status = response.status_code
        told = {name.lower().decode("latin-1"): value.decode("latin-1") for name, value in response.headers.raw}
        headers = {name: told[name] for name in _KEPT_HEADERS if name in told}
        if status != 200:
            self._drain(response, end)
        if status == 304 and not conditional:
            raise FailedError("The host answered 304 Not Modified, which nothing had asked for.", status=status)
        if status == 304 or status in (301, 302, 303, 307, 308):
            return Answer(address, status, headers, None, 1)
        if status != 200:
            phrase = f"{status} {response.reason_phrase}".strip()
            if "retry-after" in told:
                headers["retry-after"] = told["retry-after"]
            raise FailedError(
                f"The host answered {phrase}.", status=status, gone=status in (404, 410), down=status in _AGAIN,
                headers=headers,
            )  # fmt: skip
        announced = _whole(told.get("content-length", ""))
        if announced is not None and announced > most:
            raise FailedError(f"It is too large: {announced:,} bytes, at most {most:,}.", status=status)
        pieces: list[bytes] = []
        size = 0
        for piece in response.iter_bytes():
            size += len(piece)
            if size > most:
                raise FailedError(f"It is too large: more than {most:,} bytes.", status=status)
            if self.clock() > end:
                raise FailedError(
                    f"It took more than {self.settings.request_seconds:g} seconds.", status=status, down=True
                )
            pieces.append(piece)
        self.received += size
        return Answer(address, status, headers, b"".join(pieces), 1)

    def _drain(self, response: httpx.Response, end: float) -> None:
        """Reads a small body that nobody wants: a connection left in the middle of one is closed, and the next request
        costs the host a new one."""
        announced = _whole(response.headers.get("content-length", ""))
        if announced is not None and announced <= _DRAINED_BYTES:
            for _ in response.iter_raw():
                if self.clock() > end:
                    return

    def _rest(self, address: str) -> None:
        """Waits until the pause since the last request is over, whichever host that was."""
        pause = max(self.settings.pause, self._pauses.get(urlsplit(address).netloc, 0.0))
        if self._rested_since is not None and pause > 0:
            left = self._rested_since + pause - self.clock()
            if left > 0:
                self.sleep(left)


def _retry_after(said: str) -> float:
    """Seconds, from a number or a date; 0 where nothing usable is said."""
    seconds = _whole(said)
    if seconds is not None:
        return float(seconds)
    try:
        when = parsedate_to_datetime(said)
        when = when if when.tzinfo else when.replace(tzinfo=UTC)
        return max(0.0, (when - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError, IndexError, OverflowError):
        return 0.0


def _whole(said: str) -> int | None:
    """A number of a header, bounded; None where there is none in plain digits (RFC 9110, 5.6.1: DIGIT is ASCII)."""
    digits = said.strip()
    if re.fullmatch(r"[0-9]+", digits) is None:
        return None
    return int(digits.lstrip("0")[:16] or "0")


def _is_tls_failure(error: BaseException | None) -> bool:
    """Whether a connection failed at its certificate or its encryption, and not before."""
    seen = 0
    while error is not None and seen < 10:
        if isinstance(error, ssl.SSLError):
            return True
        error, seen = error.__cause__ or error.__context__, seen + 1
    return False


def find_offline_reason(site: Site) -> str:
    """Why the site cannot be reached, where its name does not resolve; else ""."""
    host = urlsplit(site.source).hostname or ""
    try:
        socket.getaddrinfo(host, None)
    except OSError as error:
        return f"There is no network, so nothing was asked for: {host} does not resolve ({error.strerror or error})."
    return ""
