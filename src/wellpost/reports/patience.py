"""How long, and in how much memory, something may run that others wrote."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import FrameType

from wellpost.errors import DataRefusedError

MEMORY = "4GB"
"""What DuckDB may use over facts that somebody else packed."""

_DEADLINE: ContextVar[float | None] = ContextVar("patience.deadline", default=None)
_SECONDS: ContextVar[float] = ContextVar("patience.seconds", default=0)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Within the block DataRefusedError ends what takes longer: queries, and in the main thread
    also whatever reads and builds them."""
    deadline = _DEADLINE.set(time.monotonic() + seconds)
    given = _SECONDS.set(seconds)
    try:
        with _alarm(seconds):
            yield
    finally:
        _SECONDS.reset(given)
        _DEADLINE.reset(deadline)


def remaining() -> float | None:
    """Seconds left; None where there is no limit. DataRefusedError when none are left."""
    deadline = _DEADLINE.get()
    if deadline is None:
        return None
    left = deadline - time.monotonic()
    if left <= 0:
        raise too_long()
    return left


def too_long() -> DataRefusedError:
    """The error for what did not end in time."""
    return DataRefusedError(
        f"it did not end within {_SECONDS.get():g} seconds, and was stopped; "
        "what Wellpost writes takes a few."
    )


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Signals reach the main thread alone; elsewhere the queries' own limit must do."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _ring(number: int, frame: FrameType | None) -> None:
    raise too_long()
