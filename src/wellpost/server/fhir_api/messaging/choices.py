"""What a patient's app can choose from before it writes: to whom, about what, and what to expect.

All of it is the practice's own configuration (the Argonaut project's notes on messaging between
patients and providers, 2023: recipients and reasons come from the server, never from the app).
"""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest

from wellpost.adapters.fhir.measure_words import Resource
from wellpost.server.clock import time as clock
from wellpost.server.messaging.coverage import away_today
from wellpost.server.people.models import Membership, Practice
from wellpost.server.routing.hours import answering_of, calendar_of
from wellpost.server.routing.models import Reason
from wellpost.server.routing.reasons import offered
from wellpost.server.routing.recipients import clinicians_for
from wellpost.server.smart import scopes

from ..outcomes import wrong
from .asker import Asker
from .asking import key
from .references import Directory
from .resources import reason_concept
from .versions import Json

EMERGENCY = "In an emergency call 911; messages are not read at once."


def choices(request: HttpRequest, asker: Asker) -> Resource:
    """As Parameters: recipients, reasons with the days an answer takes, who is away, the text for
    emergencies. The practice's people name the patient; an app's is its own.
    """
    asker.may("Communication", scopes.CREATE)
    sight = asker.sight_of(_patient(request, asker))
    patient = sight.patient
    directory, practice = Directory(asker.practice), asker.practice
    members = clinicians_for(patient) if patient else []
    parts = [
        {"name": "recipient", "valueReference": directory.organization},
        *({"name": "recipient", "valueReference": directory.of_membership(m)} for m in members),
        *map(_reason, offered(practice)),
        *({"name": "notice", "valueString": each} for each in notices(practice, members)),
        {"name": "emergency", "valueString": practice.emergency_text or EMERGENCY},
    ]
    return {"resourceType": "Parameters", "parameter": parts}


def notices(
    practice: Practice, addressed: list[Membership], reason: Reason | None = None
) -> list[str]:
    """What somebody who writes now is told: who is away and who answers, that the practice is
    closed, and when an answer can be expected."""
    away = away_today(practice, addressed) if addressed else []
    said = [
        f"{each.membership.name} is away until {each.ends_on}; {each.covered_by.name} answers."
        for each in away
    ]
    if answering_of(practice).automatic and not calendar_of(practice).is_open(clock.now()):
        said.append("The practice is closed now; it answers automatically, and reads later.")
    days = reason.answer_within_days if reason else practice.answer_within_days
    return [*said, f"An answer can be expected within {days} business day{'s' * (days != 1)}."]


def _patient(request: HttpRequest, asker: Asker) -> UUID:
    asked = request.GET.get("patient", "")
    if asker.reader and not asked:
        return asker.reader.patient.pk
    found = key(asked.removeprefix("Patient/"))
    if found is None:
        raise wrong("patient is one patient, written Patient/ and their id.", "required")
    return found


def _reason(reason: Reason) -> Json:
    days = {"name": "answerWithinBusinessDays", "valueInteger": reason.answer_within_days}
    concept = {"name": "concept", "valueCodeableConcept": reason_concept(reason)}
    return {"name": "reason", "part": [concept, days]}
