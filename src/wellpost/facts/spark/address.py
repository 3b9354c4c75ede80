"""Where a Spark is: `local[*]`, `spark://host:7077`, `sc://host:15002`, `yarn`, `k8s://…`."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass

from wellpost.errors import DataRefusedError, RequestError

MASTERS = re.compile(r"local(\[[0-9*]+(,[0-9]+)?\])?|spark://.+|sc://.+|yarn|k8s://.+")
HOST = re.compile(r"(?P<host>\[[0-9a-fA-F:]+\]|[^\[\]:/;?]+)(:(?P<port>[0-9]+))?")
PORTS = {"spark": 7077, "sc": 15002}
SECONDS_TO_ANSWER = 5
SAYS = (
    "a Spark address is local[*], local[2], spark://host:7077, sc://host:15002 (Spark Connect), "
    "yarn or k8s://…, and may end with #DATABASE"
)


@dataclass(frozen=True)
class Address:
    """A Spark, and the database whose tables are meant; an empty one is its current database."""

    master: str
    database: str = ""

    @property
    def is_connect(self) -> bool:
        """Whether it is Spark Connect, which needs no Java here."""
        return self.master.startswith("sc://")

    @property
    def is_local(self) -> bool:
        """Whether Spark runs inside this command."""
        return self.master.startswith("local")

    @property
    def shown(self) -> str:
        """The address without what may be secret: Spark Connect takes a token behind a `;`."""
        return self.master.split(";")[0].rstrip("/")


def is_spark_address(text: str) -> bool:
    """Whether the text names a Spark, with or without `#DATABASE`."""
    return bool(MASTERS.fullmatch(text.partition("#")[0]))


def read_address(text: str) -> Address:
    """The address; RequestError says what would be right."""
    master, _, database = text.partition("#")
    if not MASTERS.fullmatch(master):
        raise RequestError(f"{text!r} names no Spark; {SAYS}.")
    address = Address(master, database)
    if any(not found for found in _hosts(address)):
        raise RequestError(f"{address.shown} has no host and port; {SAYS}.")
    return address


def refuse_unreachable(address: Address) -> None:
    """DataRefusedError when nothing listens there: Spark itself would try for minutes."""
    places = [place for place in _hosts(address) if place is not None]
    if places and not any(_answers(*place) for place in places):
        where = " or ".join(f"{host}:{port}" for host, port in places)
        raise DataRefusedError(
            f"no Spark answers at {where} within {SECONDS_TO_ANSWER} seconds; check host and port, "
            "and that it runs."
        )


def _hosts(address: Address) -> list[tuple[str, int] | None]:
    """Every host and port that the address names; None for one that cannot be read."""
    scheme, separator, rest = address.master.partition("://")
    if scheme not in PORTS or not separator:
        return []
    named = re.split(r"[/;?]", rest)[0].split(",")
    return [_host(each, PORTS[scheme]) for each in named]


def _host(text: str, usual: int) -> tuple[str, int] | None:
    found = HOST.fullmatch(text)
    if found is None or not 0 < int(found["port"] or usual) < 65536:
        return None
    return found["host"].strip("[]"), int(found["port"] or usual)


def _answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=SECONDS_TO_ANSWER).close()
    except OSError:
        return False
    return True
