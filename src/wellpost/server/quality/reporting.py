"""Reports for one viewer: what is asked, with numbers changed by hand, and every reading noted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.conf import settings

from wellpost.facts.sources import Source
from wellpost.reports.attestation import PRODUCT, Names
from wellpost.reports.claims import Claim
from wellpost.reports.documents import Document, Made
from wellpost.reports.evidence import Listed, evidence
from wellpost.reports.printed import (
    acts_document,
    patients_document,
    scorecard_document,
    worklist_document,
)
from wellpost.reports.request import Request
from wellpost.reports.scorecard import Scorecard, scorecard
from wellpost.reports.worklist import Waiting, worklist
from wellpost.rules.load import program_year
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.people.models import Patient, Practice, User
from wellpost.server.people.permissions import NotAllowed, Permission

from .kept import Answers
from .outside import VirtualGroup
from .periods import Asked
from .queries import names
from .requests import Extra, request_of, request_together
from .together import group_of, has_virtual_groups
from .viewing import viewer

DOCUMENTS = ("scorecard", "g2", "g1", "worklist")
NAMED = ("g2", "g1", "worklist")
"""The documents that name patients."""
OWN_ONLY = (
    "The numbers are those of the whole virtual group; of its patients, only those of this "
    "practice are listed."
)


@dataclass(frozen=True)
class Asking:
    """A report one viewer asks for, with the facts it is computed from."""

    by: User
    practice: Practice
    npi: str | None
    asked: Asked
    source: Source
    request: Request
    people: Names = field(default_factory=Names)
    answers: Answers | None = None
    unsupported: Sequence[Claim] = ()
    """Exclusions that were claimed and that the facts do not support: they do not count."""
    virtual_group: VirtualGroup | None = None
    """Whose counts span practices: of the patients, only the viewer's own practice's are listed."""

    def lists(self, patient_id: str) -> bool:
        """Whether a list holds this patient for this viewer."""
        return self.virtual_group is None or patient_id in self.people.patients

    @property
    def made(self) -> Made:
        """By what, when and for whom."""
        return Made(PRODUCT, clock.now(), self.by.name)

    def note(self, deed: Deed, **more: object) -> None:
        """Put a reading on record."""
        asked = self.asked
        details = {"program": asked.program, "year": asked.year, "period": str(asked.period)}
        record(
            by=self.by,
            deed=deed,
            practice_id=self.practice.pk,
            category="measures",
            details={**details, **self._whose(), **more},
        )

    def _whose(self) -> dict[str, object]:
        if self.virtual_group is None:
            return {"npi": self.npi}
        return {"virtual_group": self.virtual_group.name}


def asking(
    by: User,
    practice: Practice,
    npi: str | None,
    asked: Asked,
    *,
    permission: Permission = Permission.READ_WORKLIST,
    measure: str | None = None,
    extra: Extra | None = None,
) -> Asking:
    """The report of a clinician, or of the practice (npi None). NotAllowed for whose it is not."""
    viewer(by, practice).require(npi, permission)
    found = request_of(practice, npi, asked, measure=measure, extra=extra)
    people = _names(practice)
    return Asking(
        by,
        practice,
        npi,
        asked,
        found.source,
        found.request,
        people,
        found.answers,
        found.unsupported,
    )


def asking_together(
    by: User,
    practice: Practice,
    asked: Asked,
    *,
    permission: Permission = Permission.READ_WORKLIST,
    measure: str | None = None,
) -> Asking:
    """The report of the virtual group; NotAllowed where the practice is in none that year.

    Who may see the practice's own numbers sees the counts of the whole virtual group, which are
    what is reported for each of its practices; of the patients only those of the own practice.
    """
    viewer(by, practice).require(None, permission)
    rules = program_year(asked.program, asked.year)
    group = group_of(practice, asked.year) if has_virtual_groups(rules) else None
    if group is None:
        raise NotAllowed("the practice is in no virtual group that year.")
    found = request_together(practice, asked, measure)
    people = _names(practice)
    return Asking(
        by, practice, None, asked, found.source, found.request, people, virtual_group=group
    )


def reporter_scorecard(found: Asking) -> Scorecard:
    """The numbers, on record as read."""
    found.note(Deed.REPORT_READ, document="scorecard")
    return scorecard(found.source, found.request)


def patients(found: Asking) -> list[Listed]:
    """Everybody of the denominators, with the reason; on record with whom it named."""
    listed = _evidence(found)
    measures = [rule.measure.value for rule in found.request.measures]
    found.note(Deed.REPORT_READ, document="g2", measures=measures, **_whom(listed, found))
    return listed


def document(found: Asking, name: str, form: str) -> Document:
    """A report to take away; on record with whom it names."""
    listed: Sequence[Listed] = ()
    waiting: Sequence[Waiting] = ()
    if name in ("g2", "g1"):
        listed = _evidence(found)
    if name == "worklist":
        today = clock.today(found.practice.time_zone)
        every = worklist(found.source, found.request, today)
        waiting = [each for each in every if found.lists(each.patient_id)]
    numbered = {each.member.patient_id for each in listed} | {each.patient_id for each in waiting}
    named = sorted(found.people.patients.keys() & numbered)
    more = {"patients": named} if name in NAMED else {}
    found.note(Deed.REPORT_DOWNLOADED, document=name, format=form, **more)
    built = _built(found, name, listed, waiting)
    own_only = found.virtual_group is not None and name in NAMED
    return replace(built, warnings=(*built.warnings, OWN_ONLY)) if own_only else built


def _evidence(found: Asking) -> list[Listed]:
    every = evidence(found.source, found.request)
    return [each for each in every if found.lists(each.member.patient_id)]


def _built(
    found: Asking, name: str, listed: Sequence[Listed], waiting: Sequence[Waiting]
) -> Document:
    request, made, people = found.request, found.made, found.people
    if name == "worklist":
        return worklist_document(request, waiting, made, people)
    if name == "g1":
        return acts_document(request, listed, made, people)
    card = scorecard(found.source, request)
    if name == "g2":
        return patients_document(card, listed, made, people)
    return scorecard_document(card, made, people)


def _whom(listed: Iterable[Listed], found: Asking) -> dict[str, object]:
    """Those named; another practice's patients are there by number and not named."""
    known = found.people.patients
    return {"patients": sorted({x.member.patient_id for x in listed} & known.keys())}


def _names(practice: Practice) -> Names:
    patients = Patient.objects.filter(practice=practice, merged_into=None)
    return Names(
        names(practice),
        {practice.tin: practice.name},
        {
            pk.hex: f"{family}, {given}"
            for pk, family, given in patients.values_list("pk", "family_name", "given_name")
        },
    )


def own_patient(found: Asking, patient_id: str) -> UUID | None:
    """The practice's own patient of that number; None for another practice's."""
    return UUID(patient_id) if patient_id in found.people.patients else None


def keys_folder() -> str:
    """Where this server's signing key lies."""
    return str(settings.HOME / "keys")


Lines = Sequence[Mapping[str, object]]
