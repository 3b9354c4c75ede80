"""What runs every few seconds beside the requests, in each process of the server."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence

from django.conf import settings
from django.db import close_old_connections

logger = logging.getLogger("wellpost.rounds")


def start() -> None:
    """Begin the rounds in a thread that ends with the process."""
    from wellpost.server.audit.rounds import Rounds
    from wellpost.server.config.shared_cache import Rounds as Cache
    from wellpost.server.from_home.rounds import Rounds as FromHome
    from wellpost.server.notices.rounds import Rounds as Notices
    from wellpost.server.people.resets import Rounds as Resets
    from wellpost.server.routing.rounds import Rounds as Routing

    jobs: list[Callable[[], None]] = [
        Rounds(), Routing(), Notices(), Resets(), FromHome(), Cache(),
    ]  # fmt: skip
    threading.Thread(target=_go_round, args=(jobs,), name="rounds", daemon=True).start()


def _go_round(jobs: Sequence[Callable[[], None]]) -> None:
    while True:
        time.sleep(settings.SEAL_SECONDS)
        for job in jobs:
            close_old_connections()
            attempt(job)


def attempt(job: Callable[[], None]) -> None:
    """Do it; a fault is logged, and the next round tries again."""
    try:
        job()
    except Exception:
        logger.exception("a round failed; the next one tries again")
