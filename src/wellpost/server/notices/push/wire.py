"""Posting to a push service. Its address was named by a browser, so it may be anybody's.

Only https, only to addresses of the public internet, looked up once and then used: a name that
answers otherwise the next time leads nowhere else. No redirect is followed and hardly anything
read.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from http.client import HTTPException, HTTPSConnection
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from threading import Timer
from urllib.parse import urlsplit

from wellpost.errors import RequestError

Place = tuple[str, int]
SECONDS = 6
"""For all of it: connecting, sending, the answer's first line."""
TRIED = 2
"""Addresses of one name."""
GLOBAL_UNICAST = IPv6Network("2000::/3")
NAT64 = IPv6Network("64:ff9b::/96")
LONGEST = 1000
"""Signs of an address; push services give some two hundred to six hundred."""


class PushFaultError(Exception):
    """It did not go out; `status` is what the push service answered, 0 when it never did."""

    def __init__(self, status: int = 0) -> None:
        super().__init__(f"the push service answered {status}")
        self.status = status


def check_endpoint(endpoint: str) -> None:
    """RequestError for what cannot be the address of a push service."""
    try:
        parts = urlsplit(endpoint)
        good = parts.scheme == "https" and parts.port in {None, 443} and bool(parts.hostname)
    except ValueError:
        good = False
    good = good and endpoint.isascii() and endpoint.isprintable() and len(endpoint) <= LONGEST
    if not good or parts.username is not None or parts.fragment or _is_number(parts.hostname or ""):
        raise RequestError(
            "This browser named no push service that notices can be sent through: it must be an "
            "address on the internet that begins with https://."
        )


def post(endpoint: str, body: bytes, headers: Mapping[str, str]) -> None:
    """PushFaultError unless the push service took it."""
    parts = urlsplit(endpoint)
    connection = _Connection(parts.hostname or "", parts.port or 443)
    path = parts.path or "/"
    alarm = Timer(SECONDS, connection.cut)
    alarm.start()
    try:
        connection.request("POST", f"{path}?{parts.query}" if parts.query else path, body, headers)
        status = connection.getresponse().status
    except (OSError, HTTPException):
        raise PushFaultError from None  # its words may hold the address
    finally:
        alarm.cancel()
        connection.close()
    if not 200 <= status < 300:
        raise PushFaultError(status)


class _Connection(HTTPSConnection):
    """TLS to an address that was looked at, under the name that was asked for."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(host, port, timeout=SECONDS)

    def connect(self) -> None:
        """To the first that answers; OSError where one of them is not of the public internet."""
        plain = _connected(_public_addresses(self.host, self.port))
        self.sock = _tls().wrap_socket(plain, server_hostname=self.host)

    def cut(self) -> None:
        """End what takes too long: a service may answer a byte at a time."""
        with suppress(OSError):
            if self.sock:
                self.sock.shutdown(socket.SHUT_RDWR)


def _connected(places: list[Place]) -> socket.socket:
    for each in places[:TRIED]:
        with suppress(OSError):
            return socket.create_connection(each, timeout=SECONDS / TRIED)
    raise OSError("no address answers")


def _public_addresses(host: str, port: int) -> list[Place]:
    """Where the name leads; OSError where a part of it leads inside."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    places = [(str(each[4][0]), port) for each in found]
    if not places or not all(is_public(address) for address, _ in places):
        raise OSError("the name leads to an address that is not of the public internet")
    return places


def is_public(address: str) -> bool:
    """Whether it is of the public internet: not this machine, no network of somebody's own, and
    no IPv4 address of such wrapped as IPv6.
    """
    read = ip_address(address.partition("%")[0])
    if isinstance(read, IPv6Address) and (inside := _wrapped(read)):
        return is_public(str(inside))
    if isinstance(read, IPv6Address) and read not in GLOBAL_UNICAST:
        return False
    return read.is_global and not read.is_multicast


def _wrapped(address: IPv6Address) -> IPv4Address | None:
    """What stands in an address that leads over to IPv4."""
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]


def _is_number(host: str) -> bool:
    """An address instead of a name, as no push service gives it."""
    return ":" in host or "." not in host or not host.rpartition(".")[2].strip("0123456789")


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()
