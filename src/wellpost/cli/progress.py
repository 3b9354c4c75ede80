"""What is being done, on standard error and only when somebody looks at it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def doing(what: str) -> Iterator[None]:
    """Show `what` while the block runs, when standard error is a terminal."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(what):
        yield


def tell(sentence: str) -> None:
    """A sentence the user should know, on standard error."""
    print(sentence, file=sys.stderr)
