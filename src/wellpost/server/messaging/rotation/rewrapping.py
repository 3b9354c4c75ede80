"""The key-encryption key made anew: everything it wraps is wrapped again under the new one.

How far a rotation is stands in the rows themselves, each of which names its key. So it can be
stopped at any moment and run again; nobody waits for it, since either key opens what it wraps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed

from .. import alarms
from ..errors import TamperedError
from ..keys.provider import provider
from ..keys.signer import CheckpointSigner
from .holdings import HOLDINGS, Holding, counted

TOGETHER = 200
"""Rows wrapped again in one transaction."""

Said = Callable[[int, int], None]
"""Is told how many of how many are done."""


@dataclass
class Rotation:
    """What a run did. `unopened`: rows that do not open; each has an alarm on record."""

    key_id: str
    made: bool
    rewrapped: int = 0
    unopened: set[object] = field(default_factory=set)


def rotate(said: Said = lambda done, of: None) -> Rotation:
    """Put a new key-encryption key in force and wrap everything under it; where an earlier run was
    cut off, finish that one instead. RequestError where the provider makes no keys by itself.
    """
    run = _begun()
    CheckpointSigner().rewrap()
    total = _left(run)
    while _left(run) > len(run.unopened):
        for each in HOLDINGS:
            _rewrap_all(each, run, lambda: said(run.rewrapped, max(total, run.rewrapped)))
    _record(Deed.KEYS_ROTATED, run)
    return run


def _begun() -> Rotation:
    """A new key where nothing is left of an earlier run; on record before anything is done."""
    asked, left = provider(), _under_others(provider().key_in_force())
    run = Rotation(asked.key_in_force(), made=False) if left else Rotation(asked.renew(), made=True)
    _record(Deed.KEY_ROTATION_BEGUN, run)
    return run


def _under_others(key_id: str) -> int:
    return sum(rows for name, rows in counted().items() if name != key_id)


def _left(run: Rotation) -> int:
    return _under_others(run.key_id)


def _rewrap_all(holding: Holding, run: Rotation, said: Callable[[], None]) -> None:
    """Every row under another key, by the primary key, so that none is looked at twice."""
    after: Any = None
    while rows := _rewrap_some(holding, run, after):
        after = rows[-1].pk
        said()


@transaction.atomic
def _rewrap_some(holding: Holding, run: Rotation, after: Any) -> list[Any]:
    """Some rows, locked but for those who only refer to them: who sends is not held up."""
    found = holding.rows.exclude(**{holding.key_id: run.key_id}).order_by("pk")
    if after is not None:
        found = found.filter(pk__gt=after)
    rows = list(found.select_for_update(of=("self",), no_key=True)[:TOGETHER])
    done = [row for row in rows if _rewrapped(holding, row, run)]
    holding.model._default_manager.bulk_update(done, [holding.key_id, holding.data])
    run.rewrapped += len(done)
    return rows


def _rewrapped(holding: Holding, row: Any, run: Rotation) -> bool:
    context = holding.context(row)
    try:
        secret = provider().unwrap(holding.wrapped(row), context)
    except TamperedError:
        _sound(row, run)
        return False
    holding.put(row, provider().wrap(secret, context))
    return True


def _sound(row: Any, run: Rotation) -> None:
    """One that was changed stays as it is, and holds up no other."""
    if row.pk not in run.unopened:
        run.unopened.add(row.pk)
        alarms.sound(TamperedError("key", target_id=row.pk), None)


def _record(deed: Deed, run: Rotation) -> None:
    details = {"key": run.key_id, "made": run.made, "rewrapped": run.rewrapped}
    details |= {"unopened": len(run.unopened)} if run.unopened else {}
    record(by=None, deed=deed, target_kind="key", target_id=run.key_id, details=details)
