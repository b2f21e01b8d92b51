"""Connections of the fetcher: opened only to addresses of the public network, and without what could leak or wander.

What belongs here: the HTTP client and the check of the addresses that names resolve to.  It must never decide what to
ask for.  This module alone loads httpx at import; `asking` imports it when it begins to ask.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable, Mapping
from typing import Any

import httpcore
import httpx

from pipelines.settings import FetchSettings

_GRACE = 1.0
"""Seconds beyond the limit of a request, within which `asking` ends a body that comes too slowly, with better words."""


def client(settings: FetchSettings, headers: Mapping[str, str]) -> httpx.Client:
    """A client that follows no redirect by itself and heeds no proxy of the environment."""
    # identity: a compressed form often has an ETag of its own that the same host then does not recognise
    return httpx.Client(
        transport=_Transport(settings.allow_loopback, settings.request_seconds),
        headers={"Accept-Encoding": "identity", **headers},
        timeout=httpx.Timeout(settings.read_seconds, connect=settings.connect_seconds),
        follow_redirects=False,
        trust_env=False,
    )


class _Transport(httpx.HTTPTransport):
    """httpx's own, on connections that are opened only to addresses of the public network.

    The check stands where the connection is made, so that a name cannot resolve to one address for the check and to
    another for the request.
    """

    def __init__(self, allow_loopback: bool, seconds: float) -> None:
        context = httpx.create_ssl_context(trust_env=False)
        super().__init__(verify=context)
        self._pool.close()
        self._seconds = seconds
        self._limit = _Limit()
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=4,
            max_keepalive_connections=4,
            keepalive_expiry=60.0,
            network_backend=_PublicNetwork(allow_loopback, self._limit),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._limit.end = time.monotonic() + self._seconds + _GRACE
        return super().handle_request(request)


class _Limit:
    """When the request that is under way must have ended, by the monotonic clock."""

    end = float("inf")


class _TimedStream(httpcore.NetworkStream):
    """A stream that is read no longer than the whole request may take: a host that sends its headers a byte at a time
    would else stay below every limit of a single read."""

    def __init__(self, inner: httpcore.NetworkStream, limit: _Limit) -> None:
        self._inner, self._limit = inner, limit

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = self._limit.end - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the whole answer took too long")
        return self._inner.read(max_bytes, left if timeout is None else min(timeout, left))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, timeout)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _TimedStream(self._inner.start_tls(ssl_context, server_hostname, timeout), self._limit)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _PublicNetwork(httpcore.NetworkBackend):
    """Connects to public addresses alone (and to this machine's own where a test says so)."""

    def __init__(self, allow_loopback: bool, limit: _Limit) -> None:
        self._allow_loopback = allow_loopback
        self._limit = limit
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:  # fmt: skip
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise httpcore.ConnectError(f"{host} does not resolve ({error.strerror or error})") from error
        numbers = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        for number in numbers:
            if not is_public(number, self._allow_loopback):
                raise httpcore.UnsupportedProtocol(f"{host} resolves to {number}, which is no public address")
        failure: Exception | None = None
        for number in numbers:
            try:
                stream = self._inner.connect_tcp(number, port, timeout, local_address, socket_options)
                return _TimedStream(stream, self._limit)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = failure or error
        raise failure or httpcore.ConnectError(f"{host} does not resolve")

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


def is_public(number: str, allow_loopback: bool) -> bool:
    """Whether an IP address may be connected to: globally routed, no multicast, IPv4 inside IPv6 seen through."""
    address = ipaddress.ip_address(number.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address.sixtofour or address
    if address.is_loopback:
        return allow_loopback
    return address.is_global and not address.is_multicast
