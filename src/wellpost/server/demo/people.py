"""The demo's people as its page shows them."""

from __future__ import annotations

from dataclasses import dataclass

from wellpost.server.people.models import Invitation, Patient, User

from .accounts import code_now
from .cast import CAST, PRACTICE_TIN, Person


@dataclass(frozen=True)
class Shown:
    """One person and how to sign in as them now."""

    person: Person
    name: str
    code: str
    seconds: int


def everybody() -> list[Shown]:
    """Everyone of the cast, with the code of the moment for those who need one."""
    return [_shown(person) for person in CAST]


def waiting() -> list[Patient]:
    """Patients of the practice who were invited and have not come yet."""
    open_ones = Invitation.objects.filter(
        used_at=None,
        withdrawn_at=None,
        representative=None,
        patient__practice__tin=PRACTICE_TIN,
        patient__user=None,
    )
    return [each.patient for each in open_ones.select_related("patient").order_by("created_at")]


def shown_name(person: Person) -> str:
    """The name; patients have Synthea's."""
    held = User.objects.filter(email=person.email).values_list("name", flat=True).first()
    return person.name or held or ""


def _shown(person: Person) -> Shown:
    code, seconds = code_now(person) if person.second_factor else ("", 0)
    return Shown(person, shown_name(person), code, seconds)
