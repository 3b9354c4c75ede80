"""By which ids practices and their people are known in FHIR, wherever they are told of."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID, uuid5

from .models import Clinician, Practice, User

HERE = "wellpost"
"""The source of what no other system told of."""


@lru_cache(maxsize=4096)
def id_of(practice_id: UUID, kind: str, source_system: str, source_id: str) -> UUID:
    """The identifier here of what a source knows by another: the same whenever it comes.

    So a reference can be written before that which it refers to has come.
    """
    return uuid5(practice_id, f"{kind}\n{source_system}\n{source_id}")


def organization_id(practice: Practice) -> UUID:
    """The id of the practice, as a resource."""
    return id_of(practice.pk, "Organization", HERE, practice.tin)


def practitioner_id(practice: Practice, clinician: Clinician) -> UUID:
    """The id of a clinician in a practice's records."""
    return id_of(practice.pk, "Practitioner", HERE, clinician.npi)


def staff_id(practice: Practice, user: User) -> UUID:
    """The id of the Practitioner that stands for somebody of the staff."""
    return id_of(practice.pk, "Practitioner", HERE, str(user.pk))
