"""What is being done, on standard error and only when somebody looks at it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Event, Thread

LINE_SECONDS = 10
LOOK_SECONDS = 0.5

Percent = Callable[[], float | None]
"""How far it is, None where that is not known."""

_WATCHED: ContextVar[Percent | None] = ContextVar("progress.watched", default=None)


@contextmanager
def watching(percent: Percent) -> Iterator[None]:
    """What is done within the block is as far as `percent` says."""
    before = _WATCHED.set(percent)
    try:
        yield
    finally:
        _WATCHED.reset(before)


@contextmanager
def doing(what: str) -> Iterator[None]:
    """Show `what` while the block runs, and how far it is where that is known.

    On a terminal all the while, else as a line every ten seconds that tells how far it is.
    """
    if not sys.stderr.isatty():
        with _looking(_Lines(what).percent):
            yield
        return
    from rich.console import Console

    with (
        Console(stderr=True).status(what) as status,
        _looking(lambda done: status.update(f"{what}, {done:.0f} %")),
    ):
        yield


@contextmanager
def _looking(tell_percent: Callable[[float], None]) -> Iterator[None]:
    """Look now and then how far it is; the work itself knows nothing of it."""
    percent, over = _WATCHED.get(), Event()
    if percent is None:
        yield
        return
    look = Thread(target=_look, args=(percent, tell_percent, over), daemon=True)
    look.start()
    try:
        yield
    finally:
        over.set()
        look.join()


def _look(percent: Percent, tell_percent: Callable[[float], None], over: Event) -> None:
    while not over.wait(LOOK_SECONDS):
        done = percent()
        if done is not None:
            tell_percent(done)


@contextmanager
def counting(what: str) -> Iterator[Callable[[int, int], None]]:
    """Gives what is told `(done, of)`: a bar where standard error is a terminal, else a line
    every ten seconds.
    """
    if not sys.stderr.isatty():
        yield _Lines(what)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


class _Lines:
    """A line now and then, for logs."""

    def __init__(self, what: str) -> None:
        self._what, self._said_at = what, time.monotonic()

    def __call__(self, done: int, of: int) -> None:
        if time.monotonic() - self._said_at >= LINE_SECONDS:
            self._said_at = time.monotonic()
            tell(f"{self._what}: {done:,} of {of:,}")

    def percent(self, done: float) -> None:
        """The same of what is known in percent."""
        if time.monotonic() - self._said_at >= LINE_SECONDS:
            self._said_at = time.monotonic()
            tell(f"{self._what}: {done:.0f} %")


def tell(sentence: str) -> None:
    """A sentence the user should know, on standard error."""
    print(sentence, file=sys.stderr)
