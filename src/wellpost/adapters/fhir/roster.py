"""Who works where: from PractitionerRoles, and from the work itself where no role says it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from wellpost.adapters.fhir.people import People, Unattributable
from wellpost.adapters.fhir.resources import Role


@dataclass(frozen=True, slots=True)
class Post:
    """A clinician in a practice, by FHIR ids; the days are those a role gives, else open."""

    practitioner_id: str
    organization_id: str
    npi: str
    tin: str
    starts_on: date | None = None
    ends_on: date | None = None


class Work(Protocol):
    """Anything that a clinician did for a practice."""

    @property
    def practitioner_id(self) -> str:
        """Who did it; empty when nobody in particular."""

    @property
    def organization_id(self) -> str:
        """For which practice; empty when that is not told."""


def post_of(role: Role, people: People) -> Post:
    """The post a role is; Unattributable gives the reason when it is none."""
    if not role.active:
        raise Unattributable("role_not_active")
    practitioner_id = people.clinician(role.practitioner)
    organization_id = people.organization(role.organization)
    return _post(practitioner_id, organization_id, people, role.starts_on, role.ends_on)


def posts_of_work(known: Iterable[Post], work: Iterable[Work], people: People) -> list[Post]:
    """The posts that work shows and no role says, one for each clinician and practice."""
    pairs = {(post.npi, post.tin) for post in known}
    found: dict[tuple[str, str], Post] = {}
    for practitioner_id, organization_id in sorted(
        {(one.practitioner_id, one.organization_id) for one in work}
    ):
        if not practitioner_id or not organization_id:
            continue
        post = _post(practitioner_id, organization_id, people)
        if (post.npi, post.tin) not in pairs:
            found.setdefault((post.npi, post.tin), post)
    return list(found.values())


def _post(
    practitioner_id: str,
    organization_id: str,
    people: People,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Post:
    npi = people.numbers.npis[practitioner_id]
    tin = people.numbers.tins[organization_id]
    return Post(practitioner_id, organization_id, npi, tin, starts_on, ends_on)
