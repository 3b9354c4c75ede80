"""The alarm: what was changed after sealing goes on record, whatever becomes of the request."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.people.models import User

from .errors import TamperedError

P = ParamSpec("P")
R = TypeVar("R")
logger = logging.getLogger("wellpost.alarm")


def sound(error: TamperedError, by: User | None) -> None:
    """Put the alarm on record and into the log: identifiers, never content. Once an error."""
    if error.on_record:
        return
    error.on_record = True
    logger.critical("sealed %s %s does not open", error.what, error.target_id)
    record(
        by=by,
        deed=Deed.SEAL_BROKEN,
        outcome="alarm",
        category=error.what,
        practice_id=error.practice_id,
        patient_id=error.patient_id,
        target_kind=error.what,
        target_id=error.target_id,
    )


def watched(deed: Callable[P, R]) -> Callable[P, R]:
    """Let a TamperedError out only when it is on record: after the deed's own transaction was
    rolled back, so that the row stays. The deed names who acts as `by`.
    """

    @wraps(deed)
    def watching(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return deed(*args, **kwargs)
        except TamperedError as error:
            by = kwargs.get("by") or next((each for each in args if isinstance(each, User)), None)
            sound(error, by if isinstance(by, User) else None)
            raise

    return watching
