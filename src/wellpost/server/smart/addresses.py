"""Where the parts of SMART stand, as they are told to apps."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.urls import reverse

from wellpost.server.people.models import Patient, Representative
from wellpost.server.people.permissions import Standing, same_person, standings

from .models import Connection


def site() -> str:
    """The server's own address, without a slash behind it."""
    return settings.SITE_ADDRESS.rstrip("/")


def fhir() -> str:
    """The FHIR server's base: what an app names in `aud`."""
    return f"{site()}/fhir"


def issuer() -> str:
    """Who issues ID tokens."""
    return f"{site()}/smart"


def at(name: str) -> str:
    """The whole address of one of SMART's own pages."""
    return f"{site()}{reverse(f'smart:{name}')}"


def fhir_user(connection: Connection) -> str:
    """The resource that stands for the connection's user: the patient, or who represents them."""
    if Standing.PATIENT in standings(connection.user, connection.patient):
        return f"{fhir()}/Patient/{connection.patient_id}"
    return f"{fhir()}/RelatedPerson/{_representation(connection)}"


def _representation(connection: Connection) -> UUID:
    records = Patient.objects.filter(same_person(connection.patient_id))
    held = Representative.objects.filter(user=connection.user, patient__in=records)
    return held.latest("starts_on").pk
