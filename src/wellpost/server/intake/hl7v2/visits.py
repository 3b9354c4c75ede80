"""The visit a message is about: recorded, changed, or taken out of what counts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from wellpost.adapters.hl7v2 import MessageRefusedError, Visit
from wellpost.adapters.hl7v2.refusal import Where
from wellpost.adapters.hl7v2.values import Effect
from wellpost.server.clock import time as clock
from wellpost.server.people.models import Clinician, Membership, Patient, Practice
from wellpost.server.records.models import Encounter

from ..batch import HL7V2
from .models import About
from .words import latest_word

NUMBER, CLINICIAN, ADMITTED = Where("PV1", 19), Where("PV1", 7), Where("PV1", 44)


def taken_over(
    practice: Practice, patient: Patient | None, visit: Visit, effect: Effect, said_at: datetime
) -> Encounter | None:
    """The visit as it now stands; None when the latest word is that there was none.

    `patient` None: a cancellation came first, of a visit that nobody here has heard of.
    """
    held = _held(practice, visit.number)
    if held is not None and held.patient.surviving != patient:
        says = "this visit is another patient's; cancel it (A11), or merge the two records (A40)."
        raise MessageRefusedError(204, NUMBER, says)
    word, is_latest = latest_word(practice, About.VISIT, visit.number, said_at)
    if not is_latest or (effect == "changes" and word.cancelled):
        return held
    if word.cancelled != (effect == "is_cancelled"):
        word.cancelled = not word.cancelled
        word.save(update_fields=["cancelled"])
    if effect == "is_cancelled" or patient is None:
        return _cancelled(held)
    return _written(practice, patient, visit, held, stands=effect == "stands")


def _held(practice: Practice, number: str) -> Encounter | None:
    source = {"practice": practice, "source_system": HL7V2, "source_id": number}
    return (
        Encounter.objects.select_related("patient__merged_into", "clinician")
        .filter(**source)
        .first()
    )


def _cancelled(held: Encounter | None) -> Encounter | None:
    if held is not None and held.cancelled_at is None:
        held.cancelled_at = clock.now()
        held.save(update_fields=["cancelled_at"])
    return held


def _written(
    practice: Practice, patient: Patient, visit: Visit, held: Encounter | None, *, stands: bool
) -> Encounter:
    seen_on = _seen_on(practice, visit, held)
    encounter = held or Encounter(
        practice=practice, patient=patient, source_system=HL7V2, source_id=visit.number
    )
    encounter.clinician = _clinician(practice, visit.npis, seen_on, held)
    encounter.seen_on, encounter.kind = seen_on, visit.kind
    if stands:
        encounter.cancelled_at = None
    encounter.save()
    return encounter


def _seen_on(practice: Practice, visit: Visit, held: Encounter | None) -> date:
    if visit.admitted is None and held is not None:
        return held.seen_on
    if visit.admitted is None:
        raise MessageRefusedError(
            101, ADMITTED, "give the moment of the visit; it is not known yet."
        )
    seen_on = visit.admitted.on(practice.time_zone)
    if seen_on > clock.today(practice.time_zone):
        says = f"{seen_on} is still to come; a visit is recorded when it has been."
        raise MessageRefusedError(102, ADMITTED, says)
    return seen_on


def _clinician(
    practice: Practice, npis: Iterable[str], seen_on: date, held: Encounter | None
) -> Clinician:
    """The first of the NPIs that is a clinician of the practice on that day."""
    wanted = list(npis)
    if not wanted and held is not None:
        return held.clinician
    if not wanted:
        says = "there is no NPI; name the clinician by it, with NPI in the 13th component."
        raise MessageRefusedError(101, CLINICIAN, says)
    at_work = Membership.objects.filter(practice=practice, clinician__npi__in=wanted)
    found = {
        each.clinician.npi: each.clinician
        for each in at_work.select_related("clinician")
        if each.clinician and each.active_on(seen_on)
    }
    npi = next((each for each in wanted if each in found), None)
    if npi is None:
        says = (
            f"npi {wanted[0]} is no clinician of this practice on {seen_on}; add them there first."
        )
        raise MessageRefusedError(204, CLINICIAN, says)
    return found[npi]
