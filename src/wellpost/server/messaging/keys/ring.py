"""Opening epoch keys for one person in one request, and remembering which were opened."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from django.db.models import QuerySet, UUIDField

from wellpost.server.people.models import User
from wellpost.server.prepared import Prepared, PreparedOfMany, slots

from ..envelope import EpochKeys, unwrap
from ..errors import TamperedError
from ..models import KeyWrap, PartyKey, Thread
from ..places import located, thread_place
from .opened import opened_keys
from .parties import Party, holder_of, private_key


def wraps_of(parties: Iterable[Party], threads: Iterable[UUID]) -> dict[tuple[UUID, int], KeyWrap]:
    """The parties' wraps in the threads, by thread and epoch; those of a key in force before
    those of a revoked one. One statement.
    """
    wanted = set(parties)
    asked = {"threads": list(threads), "parties": [each.id for each in wanted]}
    held = [each for each in _WRAPS(asked) if holder_of(each.party_key) in wanted]
    revoked_first = sorted(held, key=lambda each: each.party_key.revoked_at is None)
    return {(each.epoch.thread_id, each.epoch.number): each for each in revoked_first}


def _wraps(threads: int, parties: int) -> QuerySet[KeyWrap]:
    return KeyWrap.objects.filter(
        epoch__thread__id__in=slots("threads", UUIDField(), threads),
        party_key__party_id__in=slots("parties", UUIDField(), parties),
    ).select_related("epoch", "party_key")


_WRAPS = PreparedOfMany(Prepared, _wraps)


class KeyRing:
    """What opens epochs for `by`. `opened` counts them, for the audit row of the request."""

    def __init__(self, by: User | None) -> None:
        self.by = by.pk if by else None
        self.opened = 0
        self._private: dict[UUID, EllipticCurvePrivateKey] = {}

    def open(self, wrap: KeyWrap, thread: Thread) -> EpochKeys:
        """The epoch's keys; TamperedError with the thread's place when the wrap is not genuine."""
        self.opened += 1
        place, sealed = thread_place(thread, wrap.epoch), bytes(wrap.sealed)
        held = opened_keys.get((self.by, place, sealed)) if self.by else None
        if held is not None:
            return held
        try:
            keys = unwrap(sealed, place, wrap.party_key_id, self._key(wrap.party_key))
        except TamperedError:
            raise located("key", thread, wrap.pk) from None
        if self.by:
            opened_keys.put((self.by, place, sealed), keys)
        return keys

    def _key(self, key: PartyKey) -> EllipticCurvePrivateKey:
        if key.pk not in self._private:
            self._private[key.pk] = private_key(key)
        return self._private[key.pk]
