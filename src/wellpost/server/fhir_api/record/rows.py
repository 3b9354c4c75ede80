"""What a kept resource and a made one have in common, and where either stands in an order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol
from uuid import UUID

from wellpost.server.records.spans import BEGINNING

from .statements import Key, Order


class Row(Protocol):
    """A resource with its text; `body` is given as it stands."""

    @property
    def id(self) -> UUID: ...
    @property
    def kind(self) -> str: ...
    @property
    def body(self) -> str: ...
    @property
    def version(self) -> int | str: ...
    @property
    def changed_at(self) -> datetime: ...
    @property
    def occurred_at(self) -> datetime | None: ...


def key_of(row: Row, order: Order) -> Key:
    """Where the row stands in the order."""
    moment = row.changed_at if order.by == "changed_at" else row.occurred_at
    return moment or BEGINNING, row.id


def in_order(rows: Iterable[Row], order: Order) -> list[Row]:
    """The rows as `statements` orders them: by the moment, and of one moment by the id."""
    by_id = sorted(rows, key=lambda row: row.id)
    return sorted(by_id, key=lambda row: key_of(row, order)[0], reverse=order.falling)


def is_behind(row: Row, order: Order, after: Key | None) -> bool:
    """Whether the row comes after the one that the page before ended with."""
    if after is None:
        return True
    (moment, identifier), (last, key) = key_of(row, order), after
    if moment == last:
        return identifier > key
    return moment < last if order.falling else moment > last
