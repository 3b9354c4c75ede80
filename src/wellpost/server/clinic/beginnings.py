"""With what a message begins: the draft that was kept, or a template that was chosen."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from django.contrib import messages

from wellpost.errors import RequestError
from wellpost.server.messaging import alarms
from wellpost.server.messaging.errors import TamperedError
from wellpost.server.messaging.models import Thread
from wellpost.server.people.models import Clinician, Patient
from wellpost.server.routing.drafts import KeptDraft, draft_of
from wellpost.server.routing.models import Wording
from wellpost.server.routing.wordings import fill, known_values, wordings_for

from .desk import ClinicRequest


@dataclass(frozen=True)
class Beginning:
    """What stands in the form at first; the draft, where it is one that was kept."""

    fields: dict[str, str] = field(default_factory=dict)
    draft: KeptDraft | None = None


def beginning(request: ClinicRequest, where: Thread | Patient, patient: Patient) -> Beginning:
    """The template of `?template=`, filled for this patient; else the draft; else nothing."""
    chosen = request.GET.get("template", "")
    if chosen:
        return Beginning(_from_wording(request, chosen, where, patient))
    try:
        kept = draft_of(where, request.user)
    except TamperedError as error:  # it was changed from outside: say so, and begin anew
        alarms.sound(error, request.user)
        messages.error(request, str(error))
        kept = None
    return Beginning(kept.fields, kept) if kept else Beginning()


def _from_wording(
    request: ClinicRequest, chosen: str, where: Thread | Patient, patient: Patient
) -> dict[str, str]:
    try:
        offered = wordings_for(request.user, request.desk.practice)
        wording = offered.get(pk=UUID(chosen))
        clinician = request.desk.clinician or _of_thread(where)
        values = known_values(patient=patient, by=request.user, clinician=clinician)
        return {"subject": fill(wording.subject, values), "body": fill(wording.body, values)}
    except (Wording.DoesNotExist, ValueError):
        return {}
    except RequestError as refusal:
        messages.error(request, str(refusal))
        return {}


def _of_thread(where: Thread | Patient) -> Clinician | None:
    """The only clinician who takes part, for whom staff would write."""
    if not isinstance(where, Thread):
        return None
    held = where.participants.select_related("membership__clinician")
    found = {each.membership.clinician for each in held if each.membership.clinician}
    return found.pop() if len(found) == 1 else None
