"""Epoch keys that a signed-in person opened, held in this process's memory for five minutes.

Whether the person may read is asked anew at every request; this only spares the unwrapping.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from threading import Lock, Timer
from uuid import UUID

from ..associated_data import ThreadPlace
from ..envelope import EpochKeys

HELD_SECONDS = 300
AT_MOST = 20_000
NOTHING: tuple[float, EpochKeys | None] = (0.0, None)

Name = tuple[UUID, ThreadPlace, bytes]
"""The user, where the wrap stands, and the wrap. The place belongs to it: a wrap moved elsewhere
must be tried, and fail, not be found.
"""


class OpenedKeys:
    """Keys by user and wrap, oldest first; none is kept longer than five minutes, used or not."""

    def __init__(self) -> None:
        self._held: OrderedDict[tuple[UUID, bytes], tuple[float, EpochKeys]] = OrderedDict()
        self._lock = Lock()
        self._timer: Timer | None = None

    def get(self, name: Name) -> EpochKeys | None:
        """The keys that this very wrap, in this place, gave to this user a moment ago."""
        user, place, wrap = name
        until, keys = self._held.get((user, wrap), NOTHING)
        return keys if keys and until > time.monotonic() and keys.place == place else None

    def put(self, name: Name, keys: EpochKeys) -> None:
        """Hold the keys for the user, the place and the wrap named."""
        user, _, wrap = name
        with self._lock:
            self._drop_old()
            self._held[user, wrap] = (time.monotonic() + HELD_SECONDS, keys)
            self._held.move_to_end((user, wrap))
            self._wake_later(HELD_SECONDS)

    def forget(self, user: UUID | None = None) -> None:
        """Drop what this user opened (at sign-out, when a right ends); None: everything."""
        with self._lock:
            for each in [each for each in self._held if user in (None, each[0])]:
                del self._held[each]

    def _drop_old(self) -> None:
        now = time.monotonic()
        while self._held:
            until, _ = next(iter(self._held.values()))
            if until > now and len(self._held) <= AT_MOST:
                return
            self._held.popitem(last=False)

    def _wake_later(self, seconds: float) -> None:
        """An idle process must let go of the keys as well, as soon as the oldest is due."""
        if self._timer is None:
            self._timer = Timer(seconds + 1, self._wake)
            self._timer.daemon = True
            self._timer.start()

    def _wake(self) -> None:
        with self._lock:
            self._timer = None
            self._drop_old()
            if self._held:
                until, _ = next(iter(self._held.values()))
                self._wake_later(until - time.monotonic())


opened_keys = OpenedKeys()
