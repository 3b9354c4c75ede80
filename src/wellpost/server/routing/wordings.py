"""Templates: texts with fields that are filled from what is known, own and shared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import Q, QuerySet

from wellpost.errors import RequestError
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.messaging.checks import LONGEST_MESSAGE, LONGEST_SUBJECT
from wellpost.server.people.models import Clinician, Patient, Practice, User
from wellpost.server.people.permissions import NotAllowed, Permission, may, require

from .models import Wording

FIELDS = (
    "patient name",
    "patient given name",
    "clinician",
    "practice name",
    "practice phone",
    "my name",
    "today",
)
FIELD = re.compile(r"\{([^{}\n]{0,40})\}")
LONGEST_NAME = 80


def known_values(*, patient: Patient, by: User, clinician: Clinician | None) -> Mapping[str, str]:
    """What each field stands for, of this patient, written by `by`; empty where it is not known."""
    practice = patient.practice
    today = clock.today(practice.time_zone)
    return {
        "patient name": str(patient),
        "patient given name": patient.given_name,
        "clinician": clinician.name if clinician else "",
        "practice name": practice.name,
        "practice phone": practice.phone,
        "my name": by.name,
        "today": f"{today:%B} {today.day}, {today.year}",
    }


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its fields filled; RequestError names those unknown and those not known."""
    asked = _fields_in(text)
    check_fields(text)
    if unfilled := [each for each in asked if not values.get(each)]:
        raise RequestError(
            f"Nothing is known to put for {_listed(unfilled)}. Write it by hand, or choose "
            "another template."
        )
    return FIELD.sub(lambda found: values[_plain(found[1])], text)


def check_fields(text: str) -> None:
    """Refuse a text with a field that does not exist."""
    if unknown := [each for each in _fields_in(text) if each not in FIELDS]:
        raise RequestError(
            f"There is no field {_listed(unknown)}. The fields are {_listed(FIELDS)}."
        )


def unfilled_fields(text: str) -> list[str]:
    """The fields that still stand in a text that is about to be sent."""
    return [each for each in _fields_in(text) if each in FIELDS]


def wordings_for(by: User, practice: Practice) -> QuerySet[Wording]:
    """The practice's and one's own, by name."""
    require(by, Permission.READ_MESSAGES, practice)
    return practice.wordings.filter(Q(owner=None) | Q(owner=by))


@transaction.atomic
def keep_wording(
    *,
    practice: Practice,
    by: User,
    name: str,
    subject: str,
    body: str,
    shared: bool,
    wording: Wording | None = None,
) -> Wording:
    """A new template, or the changed one. Everybody who writes may share one with the practice;
    a shared one is changed by administrators and by staff and clinicians alike.
    """
    require(by, Permission.WRITE_MESSAGES, practice)
    _check_own(wording, practice, by)
    _check_text(name, subject, body)
    kept = wording or Wording(practice=practice)
    kept.owner = None if shared else by
    kept.name, kept.subject, kept.body = " ".join(name.split()), subject.strip(), body.strip()
    kept.save()
    _record(by, kept, "kept")
    return kept


@transaction.atomic
def remove_wording(*, wording: Wording, by: User) -> None:
    """It is no longer offered."""
    if not may(by, Permission.WRITE_MESSAGES, wording.practice):
        require(by, Permission.MANAGE_PEOPLE, wording.practice)
    _check_own(wording, wording.practice, by)
    _record(by, wording, "removed")
    wording.delete()


def _check_own(wording: Wording | None, practice: Practice, by: User) -> None:
    theirs = wording and (wording.practice_id != practice.pk or wording.owner not in (None, by))
    if theirs:
        raise NotAllowed("there is no such template here.")


def _check_text(name: str, subject: str, body: str) -> None:
    if not 0 < len(" ".join(name.split())) <= LONGEST_NAME:
        raise RequestError(f"Give the template a name of at most {LONGEST_NAME} characters.")
    if not body.strip() or len(body) > LONGEST_MESSAGE or len(subject) > LONGEST_SUBJECT:
        raise RequestError(
            f"A template has a text of at most {LONGEST_MESSAGE:,} characters and a subject of "
            f"at most {LONGEST_SUBJECT}."
        )
    check_fields(subject)
    check_fields(body)


def _fields_in(text: str) -> list[str]:
    return list(dict.fromkeys(_plain(each) for each in FIELD.findall(text)))


def _plain(field: str) -> str:
    return " ".join(field.lower().split())


def _listed(fields: Iterable[str]) -> str:
    return ", ".join(f"{{{each}}}" for each in fields)


def _record(by: User, wording: Wording, what: str) -> None:
    details = {"what": what, "shared": wording.owner_id is None}
    record(by=by, deed=Deed.WORDING_CHANGED, target=wording, details=details)
