"""What is told of a kind of resource, and what several kinds say alike."""

from __future__ import annotations

from dataclasses import dataclass

from ..marking import gettext_noop as _


@dataclass(frozen=True)
class Kind:
    """Paths into a resource. `title` and `on`: the first that is there; `facts`: label and path.

    `says` is said beside the title; `past` are codes at its first path with which the entry does
    not hold today. `called` is what one without any title is called.
    """

    called: str
    title: tuple[str, ...]
    on: tuple[str, ...]
    facts: tuple[tuple[str, str], ...] = ()
    says: tuple[str, ...] = ()
    past: frozenset[str] = frozenset()


MEDICINE = ("medicationCodeableConcept", "medicationReference", "medication")
STATUS = (_("Status"), "status")
REASON = (_("Why"), "reasonCode")
REASON_TOO = (_("Because of"), "reasonReference")
BY = (_("By"), "performer.actor")
ENDED = frozenset({"completed", "stopped", "cancelled", "ended", "not-taken", "finished"})
GONE = frozenset({"inactive", "resolved", "remission"})
