"""Why a sign-in by the practice's own sign-in came to nothing."""

from __future__ import annotations


class NotSignedOnError(Exception):
    """`why` is a word for the record, not for the page: the page says the same for all."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
