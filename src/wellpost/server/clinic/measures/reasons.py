"""Why a patient counts or does not, act by act, in the words of the clinic."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from wellpost.engine.evidence import NEVER, Considered
from wellpost.reports import words as reports
from wellpost.reports.explanation import Explanation
from wellpost.server.messaging.access import seat_at
from wellpost.server.messaging.models import Message
from wellpost.server.messaging.threads import thread_with_parties
from wellpost.server.people.models import Practice, User
from wellpost.server.people.permissions import NotAllowed

from .details import details

ACTS: Mapping[str, str | Promise] = {
    "encounter": gettext_lazy("Seen"),
    "message": gettext_lazy("Message"),
    "view": gettext_lazy("Record viewed"),
    "download": gettext_lazy("Record downloaded"),
    "transmit": gettext_lazy("Record transmitted"),
    "api": gettext_lazy("Record reached by another program"),
    "incorporated_data": gettext_lazy("Data from the patient"),
    "access": gettext_lazy("Information of the visit"),
}


@dataclass(frozen=True)
class Reason:
    """One encounter or act. `counted_on` is set when it counts from a later day; `more` says who
    did it and through which app, or how long it took.
    """

    on: date
    what: str | Promise
    clinician: str
    counts: bool
    counted_on: date | None
    why_not: str
    thread_id: UUID | None
    more: str


@dataclass(frozen=True)
class Reasons:
    """The sentences without identifiers, and everything that was considered."""

    sentences: list[str]
    acts: list[Reason]


def readable(found: Explanation, names: Mapping[str, str], practice: Practice, by: User) -> Reasons:
    """The explanation with names for NPIs; beside each message its thread, if one may open it."""
    threads, more = _threads(found, practice, by), details(found, practice, by)
    acts = [_reason(each, names, threads, more.get(each, "")) for each in found.found]
    return Reasons([_named(each, found, names, practice) for each in found.sentences], acts)


def _reason(
    each: Considered, names: Mapping[str, str], threads: Mapping[str, UUID], more: str
) -> Reason:
    later = each.counted_on if each.counted_on not in (None, each.on, NEVER) else None
    return Reason(
        each.on,
        ACTS.get(each.what, each.what),
        names.get(each.npi or "", each.npi or ""),
        each.counts,
        later,
        reports.reason(each.because) if each.because else "",
        threads.get(each.identifier or ""),
        more,
    )


def _named(sentence: str, found: Explanation, names: Mapping[str, str], practice: Practice) -> str:
    """A sentence as the clinic says it: names for numbers, and no identifiers of messages."""
    for npi, name in names.items():
        sentence = sentence.replace(f"NPI {npi} under TIN {practice.tin}", name)
        sentence = sentence.replace(f"NPI {npi}", name)
    sentence = sentence.replace(f"TIN {practice.tin}", practice.name)
    for identifier in _identifiers(found):
        sentence = sentence.replace(f" (message {identifier})", "").replace(f"{identifier} ", "")
    return sentence


def _identifiers(found: Explanation) -> Iterator[str]:
    return (each.identifier for each in found.found if each.identifier)


def _threads(found: Explanation, practice: Practice, by: User) -> dict[str, UUID]:
    wanted = [UUID(each.identifier) for each in found.found if _is_message(each)]
    kept = Message.objects.filter(pk__in=wanted[:500], thread__practice=practice)
    pairs = list(kept.values_list("pk", "thread_id"))
    allowed = {thread for thread in {each for _, each in pairs} if _may_open(thread, by)}
    return {pk.hex: thread for pk, thread in pairs if thread in allowed}


def _may_open(thread_id: UUID, by: User) -> bool:
    try:
        seat_at(by, thread_with_parties(thread_id))
    except NotAllowed:
        return False
    return True


def _is_message(each: Considered) -> bool:
    return each.what == "message" and each.identifier is not None
