"""Deeds of the rounds, each by itself: one that fails holds no other up."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db import InterfaceError, OperationalError

T = TypeVar("T")
logger = logging.getLogger("wellpost.rounds")


def one_by_one(deed: Callable[[T], int], those: Iterable[T]) -> int:
    """Do the deed to each; the sum of what it gives. What fails is logged, and the next round tries
    it again; a database that is away ends the round.
    """
    done, failed = 0, Counter[str]()
    for each in those:
        try:
            done += deed(each)
        except (OperationalError, InterfaceError):
            raise
        except Exception as fault:
            # Its words may hold what was written; its kind is enough to look into.
            failed[type(fault).__name__] += 1
    if failed:
        logger.error("a round left out what failed: %s", dict(failed))
    return done
