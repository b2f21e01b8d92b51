"""A press release site on this machine, for tests and benchmarks: pages, indexes, annexes, and every way to misbehave.

What belongs here: serving what it is given, as the real site does (validators, indexes of each era, an annex host of
its own), and faults by address.  All traffic stays on 127.0.0.1.  It must know nothing of the pipelines.

    with Site() as site:
        site.add(Page(day, "P2022011900001", "LCQ15: ...", body), ...)
        ... ask site.source ...
        site.asked          # (method-less) list of (path, headers)
"""

from __future__ import annotations

import hashlib
import threading
import time
from dataclasses import dataclass, field, replace
from datetime import date
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TRUNCATED = "cut"


@dataclass(frozen=True, slots=True)
class Fault:
    """How an address misbehaves.

    kind   "status" (answers `status`), "drip" (a byte at a time), "cut" (half of the body), "away" (redirects to
           `to`), "trickle" (headers a byte at a time), "wrong" (200 with `body`),
           "endless" (chunks without end), "hang" (no answer at all)
    times  how often, before it behaves; None = always
    """

    kind: str
    status: int = 503
    times: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    to: str = ""
    body: bytes = b"<html><title>Sorry</title>Service is busy</html>"


@dataclass(frozen=True, slots=True)
class Page:
    """A release: its day is that of the folder, its id what the site made up.  `listed`: on which language's index."""

    day: date
    id: str
    title: str
    body: bytes
    listed: str = "en"

    @property
    def path(self) -> str:
        return f"/gia/general/{self.day:%Y%m}/{self.day:%d}/{self.id}.htm"


@dataclass(slots=True)
class Asked:
    path: str
    headers: dict[str, str]
    status: int = 0
    sent: int = 0


@dataclass(slots=True)
class Site:
    """The two hosts: pages and indexes on one port, annexes on the other."""

    today: date = date(2024, 6, 15)
    validators: bool = True
    robots: bytes | None = b"User-agent: *\nDisallow: /private/\n"
    asked: list[Asked] = field(default_factory=list)
    faults: dict[str, Fault] = field(default_factory=dict)
    bodies: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)
    connections: int = 0
    at_once: int = 0
    most_at_once: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _servers: list[Any] = field(default_factory=list)

    def __enter__(self) -> Site:
        for _ in range(2):
            server = _Server(("127.0.0.1", 0), _Handler)
            server.site = self
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
            self._servers.append(server)
        return self

    def __exit__(self, *_: object) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._servers[0].server_address[1]}"

    @property
    def annex_host(self) -> str:
        return f"localhost:{self._servers[1].server_address[1]}"

    @property
    def source(self) -> str:
        return f"http://{self.host}"

    def add(self, *pages: Page) -> None:
        """Publishes pages: they and their day's index are served from now on."""
        for page in pages:
            self.pages[page.path] = page
            self.bodies[page.path] = (page.body, "text/html")

    def annex(self, path: str, body: bytes) -> str:
        """Publishes an annex on the second host; gives its address."""
        self.bodies[path] = (body, "application/pdf")
        return f"http://{self.annex_host}{path}"

    def change(self, page: Page, body: bytes) -> None:
        self.add(replace(page, body=body))

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    def body_of(self, path: str) -> tuple[bytes, str] | None:
        if path == "/robots.txt":
            return None if self.robots is None else (self.robots, "text/plain")
        if path in self.bodies:
            return self.bodies[path]
        return self._index(path)

    def _index(self, path: str) -> tuple[bytes, str] | None:
        """The index of a day, in the form of its time; None where nothing is listed."""
        name = path.removeprefix("/gia/general/")
        language = "en"
        if name in ("today.htm", "ctoday.htm"):
            day = self.today
            language = "zh-Hant" if name.startswith("c") else "en"
        else:
            stem = name.removesuffix(".htm")
            if stem.endswith("c"):
                language, stem = "zh-Hant", stem[:-1]
            try:
                day = date(int(stem[:4]), int(stem[4:6]), int(stem[7:]))
            except ValueError:
                return None
        listed = [p for p in self.pages.values() if p.day == day and p.listed == language]
        return (index(day, listed, language), "text/html") if listed else None


def index(day: date, pages: list[Page], language: str) -> bytes:
    """A day's index: a table of links to 2005, a list with absolute addresses to 2016, one in #contentBody since."""
    if day < date(2005, 8, 1):
        rows = "".join(
            f'<TR><TD><IMG SRC="/gia/images/dot.gif"></TD><TD><A HREF="/gia/general/{day:%Y%m}/{day:%d}/{p.id}.htm">'
            f"{escape(p.title)}</A></TD></TR>\r\n"
            for p in pages
        )
        page = f'<HTML><TITLE>Press Releases</TITLE><BODY><TABLE WIDTH="600" BORDER="0">{rows}</TABLE></BODY></HTML>'
        return page.encode("big5hkscs", errors="xmlcharrefreplace")
    if day < date(2016, 7, 1):
        items = "".join(f'<li><a href="http://@HOST@{p.path}">{escape(p.title)}</a></li>\r\n' for p in pages)
        page = (
            '<html><head><meta http-equiv="Content-Type" content="text/html; charset=big5" /></head><body>'
            f'<div id="content"><ul id="prlist">{items}</ul></div></body></html>'
        )
        return page.encode("big5hkscs", errors="xmlcharrefreplace")
    items = "".join(f'<li><a href="{p.path}">\u200b{escape(p.title)}</a></li>\n' for p in pages)
    page = (
        '<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8" /></head><body>'
        f'<div id="headerBanner">{day:%d-%m-%Y}</div>'
        f'<div id="contentBody"><ul class="list fontSize1">{items}</ul></div>'
        '<a href="/gia/general/today.htm">Today</a></body></html>'
    )
    return page.encode()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    site: Site

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is nothing to speak of."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def setup(self) -> None:
        import socket

        super().setup()
        with self.server.site._lock:
            self.server.site.connections += 1
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""

    def do_GET(self) -> None:
        site = self.server.site
        asked = Asked(self.path, {k.lower(): v for k, v in self.headers.items()})
        with site._lock:
            site.asked.append(asked)
            site.at_once += 1
            self._inside = True
            site.most_at_once = max(site.most_at_once, site.at_once)
            fault = site.faults.get(self.path)
            if fault is not None and fault.times is not None:
                left = fault.times - 1
                if left > 0:
                    site.faults[self.path] = replace(fault, times=left)
                else:
                    del site.faults[self.path]
        try:
            self._answer(site, asked, fault)
        finally:
            self._leave(site)

    def _leave(self, site: Site) -> None:
        """Before the last bytes go out: who has them may ask for the next page at once."""
        with site._lock:
            site.at_once -= self._inside
            self._inside = False

    def _answer(self, site: Site, asked: Asked, fault: Fault | None) -> None:
        if fault is not None and fault.kind in ("status", "away"):
            status = 302 if fault.kind == "away" else fault.status
            headers = [*fault.headers, *([("Location", fault.to)] if fault.to else [])]
            self._send(asked, status, headers, b"<html><title>Sorry</title></html>")
            return
        if fault is not None and fault.kind == "hang":
            time.sleep(3)
            self.close_connection = True
            return
        if fault is not None and fault.kind == "trickle":
            self.close_connection = True
            try:
                self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                for _ in range(200):
                    self.wfile.write(b"x")
                    self.wfile.flush()
                    time.sleep(0.05)
            except OSError:
                pass
            return
        found = site.body_of(self.path)
        if found is None:
            self._send(asked, 404, [], b"<html><title>404 Not Found</title></html>")
            return
        body, kind = found
        body = body.replace(b"@HOST@", site.host.encode())
        if fault is not None and fault.kind == "wrong":
            self._send(asked, 200, [("Content-Type", kind)], fault.body)
            return
        headers = [("Content-Type", kind)]
        if site.validators and self.path != "/robots.txt":
            etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
            headers += [("ETag", etag), ("Last-Modified", "Sat, 01 Jun 2024 00:00:00 GMT")]
            if self.headers.get("If-None-Match") == etag:
                self._send(asked, 304, headers, b"")
                return
        if fault is None:
            self._send(asked, 200, headers, body)
            return
        self._begin(asked, 200, [*headers, ("Content-Length", str(len(body)))])
        self.close_connection = True
        try:
            if fault.kind == TRUNCATED:
                self.wfile.write(body[: len(body) // 2])
            elif fault.kind == "drip":
                for byte in body:
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    time.sleep(0.05)
        except OSError:
            return

    def _begin(self, asked: Asked, status: int, headers: list[tuple[str, str]]) -> None:
        asked.status = status
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()

    def _send(self, asked: Asked, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """The whole answer in one write: a second small one waits for the first to be confirmed."""
        asked.status, asked.sent = status, len(body)
        self._leave(self.server.site)
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers() if not body else self._buffer_end(body)

    def _buffer_end(self, body: bytes) -> None:
        buffer = self._headers_buffer  # type: ignore[attr-defined]
        buffer.append(b"\r\n" + body)
        self.flush_headers()
