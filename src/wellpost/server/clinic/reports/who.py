"""Whose report an address names, and where its period comes from."""

from __future__ import annotations

from django.utils.translation import gettext as _

from wellpost.facts.identifiers import npi_is_valid
from wellpost.server.people.permissions import NotAllowed
from wellpost.server.quality import queries
from wellpost.server.quality.periods import Asked

from ..desk import ClinicRequest
from ..measures.asking import kept_or_usual
from ..measures.cards import PRACTICE, TOGETHER


def npi_of(who: str) -> str | None:
    """The NPI that the address names, None for the practice; NotAllowed for what is neither."""
    if who == PRACTICE:
        return None
    if not npi_is_valid(who):
        raise NotAllowed("no clinician has such an npi.")
    return who


def named(request: ClinicRequest, who: str) -> dict[str, object]:
    """What templates call the reporter."""
    here = request.desk.practice
    if who == TOGETHER:
        return {"who": who, "name": _("The virtual group"), "together": True}
    name = here.name if who == PRACTICE else queries.names(here).get(who, who)
    return {"who": who, "name": name}


def asked_of(request: ClinicRequest) -> Asked:
    """The period looked at on the page before."""
    return kept_or_usual(request)
