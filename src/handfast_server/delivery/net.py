"""Posting to an address that somebody typed, without becoming their way into this network.

The name is resolved once, every address that it has is looked at, and the connection goes to the very address that was
looked at: a name that answers differently a moment later gains nothing. Redirects are not followed, no proxy of the
environment is used, the whole exchange has one deadline, and of the answer only its head is read.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpcore
from django.conf import settings

from handfast.errors import HandfastError

SECONDS = 15.0
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_GIVEN_OUT = ipaddress.ip_network("2000::/3")
"""All that IPv6 has given out to the internet: outside lie old and local ways to write an IPv4 address, too."""


class AddressRefused(HandfastError):
    """An address to which nothing is sent: the message says why."""


class Answer(NamedTuple):
    """``retry_after`` in seconds, as the receiver asked."""

    status: int
    retry_after: int = 0


def check_url(url: str) -> None:
    """Raises AddressRefused for what is no web address, or names an address inside outright."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.password:
        raise AddressRefused("That is not an address such as https://hooks.company.example/handfast.")
    if parts.scheme == "http" and not settings.WEBHOOKS_TO_PRIVATE:
        raise AddressRefused("Webhooks go to https:// addresses alone.")
    if _number(parts.hostname) is not None:
        check_host(parts.hostname)


def check_host(host: str) -> str:
    """The address to connect to. Raises AddressRefused where one that the name has lies inside; OSError for no name."""
    found = [str(each[4][0]) for each in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]
    if not settings.WEBHOOKS_TO_PRIVATE and not all(is_public(address) for address in found):
        raise AddressRefused("Its address belongs to a private network, or to this machine.")
    return found[0]


def is_public(address: str) -> bool:
    """Whether an address is of the open internet; one inside another, as IPv6 writes those of IPv4, is looked at."""
    number = _number(address)
    if number is None:
        return False
    if isinstance(number, ipaddress.IPv6Address):
        inner = number.ipv4_mapped or number.sixtofour
        if number in _NAT64:
            inner = ipaddress.IPv4Address(int(number) & 0xFFFF_FFFF)
        if inner is not None:
            return is_public(str(inner))
        if number not in _GIVEN_OUT:
            return False
    return number.is_global and not number.is_multicast


def _number(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.split("%", 1)[0])
    except ValueError:
        return None


def post(url: str, headers: Mapping[bytes | str, bytes | str], body: bytes, *, seconds: float = SECONDS) -> Answer:
    """Post, and the head of the answer. Raises AddressRefused, httpcore's errors, OSError."""
    check_url(url)
    backend = _Pinned(time.monotonic() + seconds)
    with (
        httpcore.ConnectionPool(
            ssl_context=_tls() if url.startswith("https:") else None, network_backend=backend, max_connections=1
        ) as pool,
        pool.stream("POST", url, headers=headers, content=body) as response,
    ):
        asked = next((value for name, value in response.headers if name.lower() == b"retry-after"), b"")
        return Answer(response.status, int(asked) if asked.isdigit() else 0)


@cache
def _tls() -> ssl.SSLContext:
    """The authorities that are trusted, read once a process: that takes longer than all the rest of a post."""
    return httpcore.default_ssl_context()


class _Pinned(httpcore.NetworkBackend):
    """Connects to addresses that were looked at, until a deadline."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        address = check_host(host)
        stream = self._inner.connect_tcp(address, port, _left(self._deadline, timeout), local_address, socket_options)
        return _Timed(stream, self._deadline)


class _Timed(httpcore.NetworkStream):
    """A connection of which every wait ends at one deadline, however slowly the other side drips."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: float) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(self._deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(self._deadline, timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Timed(
            self._inner.start_tls(ssl_context, server_hostname, _left(self._deadline, timeout)), self._deadline
        )

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _left(deadline: float, timeout: float | None) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("The exchange took too long as a whole.")
    return left if timeout is None else min(left, timeout)
