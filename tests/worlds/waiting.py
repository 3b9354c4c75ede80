"""Waiting for another process, and a port for it.

A limit in a test only guards against hanging: it costs nothing when all is well, and a machine may
be ten times slower than ours. What must be fast is measured in bench/.
"""

from __future__ import annotations

import random
import socket
import time
from collections.abc import Callable

HUNG = 120.0
"""Seconds after which what a test waits for does not come any more."""

UNASKED = range(15_000, 32_000)
"""Ports that no system gives to those who ask for any: of those, one that is free when it is
looked at may be somebody's a moment later.
"""


def until(true: Callable[[], bool]) -> None:
    """Wait for it."""
    end = time.monotonic() + HUNG
    while not true():
        assert time.monotonic() < end, f"not in {HUNG:.0f} seconds"
        time.sleep(0.02)


def free_port() -> int:
    """One that nobody listens on, nor will before a server started now does."""
    chance = random.SystemRandom()
    while True:
        with socket.socket() as asked:
            port = chance.choice(UNASKED)
            try:
                asked.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
