"""What the server does about sealing every few seconds."""

from __future__ import annotations

import time

from django.conf import settings

from wellpost.errors import WellpostError

from .checkpoints import make_checkpoint
from .sealing import seal_waiting
from .trees import trees

AFTER_A_REFUSAL = 3600
"""Seconds after which a tree that could not be signed is tried, and its alarm sounded, again."""


class Rounds:
    """Seals what waits at each call; signs a tree that grew when its checkpoint is due."""

    def __init__(self) -> None:
        self._grown: set[str] = set()
        self._knows_all = False
        self._due: dict[str, float] = {}

    def __call__(self) -> None:
        """One round. What one process leaves unsigned, the next start of any signs."""
        self._grown |= seal_waiting()
        if not self._knows_all:
            self._grown, self._knows_all = set(trees()), True
        for tree in [each for each in self._grown if self._due.get(each, 0) <= time.monotonic()]:
            self._sign(tree)

    def _sign(self, tree: str) -> None:
        self._due[tree] = time.monotonic() + settings.CHECKPOINT_SECONDS
        try:
            make_checkpoint(tree)
        except WellpostError:
            self._due[tree] = time.monotonic() + AFTER_A_REFUSAL
            raise
        self._grown.discard(tree)
