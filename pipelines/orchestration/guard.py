"""The guard before Dagster's web server: who may ask it, from which page, and in what form.

Belongs here: judging a request by its headers, as ASGI middleware that imports nothing of Dagster.  Must never: look
into a body, or change an answer beyond adding headers.

Dagster runs a mutation that stands in the address of a GET, so that an image in any page could wipe assets; here a
mutation must be a POST of JSON, which no page of another origin can send without asking first.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import ipaddress
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_HEADERS = (
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


class Guard:
    """ASGI middleware.  `any_host`: whether names other than this machine's are answered (behind a proxy or password).

    password  asked for by HTTP basic, whatever the user's name; "" asks for none
    """

    def __init__(self, app: App, *, any_host: bool = False, password: str = "") -> None:
        self._app, self._any_host, self._password = app, any_host, password

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        refusal = self._judge(scope)
        if refusal is None:
            await self._app(scope, receive, _with_headers(send))
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": refusal[1][:100]})
        else:
            await _answer(send, *refusal)

    def _judge(self, scope: Scope) -> tuple[int, str] | None:
        """Why a request is refused (status, sentence); None where it may pass."""
        headers: dict[str, list[str]] = {}
        for name, value in scope.get("headers", ()):
            headers.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1").strip())
        return (
            self._judge_host(headers)
            or self._judge_password(headers)
            or _judge_origin(headers, scope)
            or (None if scope["type"] == "websocket" else _judge_form(headers, scope))
        )

    def _judge_host(self, headers: dict[str, list[str]]) -> tuple[int, str] | None:
        hosts = headers.get("host", [])
        if len(hosts) != 1 or not hosts[0]:
            return 400, "A request must name one host."
        if not self._any_host and not is_loopback(_name_of(hosts[0])):
            return 403, "This server answers to the names of its own machine alone."
        return None

    def _judge_password(self, headers: dict[str, list[str]]) -> tuple[int, str] | None:
        if not self._password:
            return None
        scheme, _, rest = headers.get("authorization", [""])[0].partition(" ")
        try:
            given = base64.b64decode(rest.strip(), validate=True).partition(b":")[2]
        except (binascii.Error, ValueError):
            given = b""
        if scheme.lower() != "basic" or not hmac.compare_digest(given, self._password.encode()):
            return 401, "A password is needed."
        return None


def is_loopback(host: str) -> bool:
    """Whether a name or number is this machine's own.

    >>> is_loopback("localhost"), is_loopback("127.0.0.1"), is_loopback("localhost.example.org")
    (True, True, False)
    """
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _name_of(host: str) -> str:
    """The name of a Host header, without its port."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _judge_origin(headers: dict[str, list[str]], scope: Scope) -> tuple[int, str] | None:
    """A page of another origin may link here, and do nothing else."""
    host = headers["host"][0].lower()
    for origin in headers.get("origin", []):
        try:
            parts = urlsplit(origin.lower())
        except ValueError:
            parts = urlsplit("")
        if parts.scheme not in ("http", "https") or parts.netloc != host:
            return 403, "A page of another origin may not ask this server."
    from_site = headers.get("sec-fetch-site", ["none"])[0].lower()
    is_link = scope["type"] == "http" and scope["method"] == "GET" and not _is_graphql(scope) and (
        headers.get("sec-fetch-mode", [""])[0].lower() == "navigate"
        and headers.get("sec-fetch-dest", [""])[0].lower() == "document"
    )  # fmt: skip
    if from_site not in ("none", "same-origin") and not is_link:
        return 403, "A page of another origin may not ask this server."
    return None


def _judge_form(headers: dict[str, list[str]], scope: Scope) -> tuple[int, str] | None:
    """What changes something is a POST of JSON."""
    method = scope["method"]
    if method not in ("GET", "HEAD", "POST"):
        return 405, "Only GET, HEAD and POST are answered."
    if method == "POST":
        kinds = [kind.partition(";")[0].strip().lower() for kind in headers.get("content-type", [])]
        if kinds != ["application/json"]:
            return 415, "What is posted must be JSON (Content-Type: application/json)."
        if _is_graphql(scope) and scope.get("query_string"):
            return 400, "A query must stand in the body."
    elif _is_graphql(scope) and scope.get("query_string"):
        return 405, "A query must be posted as JSON."
    return None


def _is_graphql(scope: Scope) -> bool:
    return "graphql" in str(scope.get("path", "")).lower()


def _with_headers(send: Send) -> Send:
    async def with_headers(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            there = {name.lower() for name, _ in message.get("headers", ())}
            more = [(name, value) for name, value in _HEADERS if name not in there]
            message = {**message, "headers": [*message.get("headers", ()), *more]}
        await send(message)

    return with_headers


async def _answer(send: Send, status: int, sentence: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *_HEADERS]
    if status == 401:
        headers.append((b"www-authenticate", b'Basic realm="talent", charset="UTF-8"'))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": f"{sentence}\n".encode()})
