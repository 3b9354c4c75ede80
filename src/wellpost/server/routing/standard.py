"""The reasons every practice begins with."""

from __future__ import annotations

from wellpost.server.people.models import Practice

from .models import Reason, ReasonKind


def standard_reasons(practice: Practice) -> list[Reason]:
    """One of each kind, for which the practice answers as soon as it says of itself."""
    kinds = [each for each in ReasonKind if each != ReasonKind.OWN]
    return [
        Reason(
            practice=practice,
            kind=kind,
            name=str(kind.label),
            answer_within_days=practice.answer_within_days,
            position=position,
        )
        for position, kind in enumerate(kinds)
    ]
