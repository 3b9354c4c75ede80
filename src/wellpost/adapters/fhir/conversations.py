"""A Communication to the secure message it was, or the reason it is none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from wellpost.adapters.fhir.datatypes import Reference
from wellpost.adapters.fhir.elements import day_of
from wellpost.adapters.fhir.mapping import (
    CARE_SIDE,
    PATIENT_SIDE,
    TRANSMITTED,
    SentBy,
    SentTo,
    has_insecure_medium,
    is_thread,
)
from wellpost.adapters.fhir.patient_reported import clinician_among
from wellpost.adapters.fhir.people import People, Unattributable
from wellpost.adapters.fhir.references import follow
from wellpost.adapters.fhir.resources import Communication, Provenance


@dataclass(frozen=True, slots=True)
class Letter:
    """A message of a patient, by FHIR ids. `practitioner_id` and `organization_id` may be empty."""

    message_id: str
    thread_id: str
    patient_id: str
    practitioner_id: str
    organization_id: str
    npi: str
    tin: str
    sent_on: date
    available_on: date | None
    sent_by: SentBy
    sent_to: SentTo
    patient_included: bool
    in_reply_to: str


ACTS_FOR_OTHERS = frozenset({"staff", "automated"})
"""Senders whose messages are for the clinician that a Provenance names."""


@dataclass(frozen=True, slots=True)
class Between:
    """What the sender and the recipients of a message say, whichever patient it is about.

    `practitioner_id` is empty for staff and machines: a Provenance names whom they wrote for.
    `organization_id` is the practice that one of them names.
    """

    sent_by: SentBy
    sent_to: SentTo
    patient_included: bool
    practitioner_id: str
    organization_id: str


@dataclass(frozen=True)
class Conversations:
    """The Communications of a folder, seen as threads of messages."""

    people: People

    def letter(self, one: Communication) -> Letter:
        """The message a Communication was; Unattributable gives the reason when it was none."""
        self._refuse_what_is_no_message(one)
        recipients = self._recipients(one)
        sent_on = day_of(one.sent)
        if sent_on is None:
            raise Unattributable("no_day")
        patient_id = self._patient(one, recipients)
        itself = self._speaks_for_itself(one, patient_id)
        between = self.between(one.sender, recipients)
        practitioner_id, organization_id = self._care_side(one, between)
        arrived_on = day_of(one.received)
        return Letter(
            message_id=one.id,
            thread_id=self.thread_of(one),
            patient_id=patient_id,
            practitioner_id=practitioner_id,
            organization_id=organization_id,
            npi=self.people.numbers.npis.get(practitioner_id, ""),
            tin=self.people.numbers.tins.get(organization_id, ""),
            sent_on=sent_on,
            available_on=arrived_on if arrived_on and arrived_on > sent_on else None,
            sent_by=between.sent_by if itself else "representative",
            sent_to=between.sent_to,
            patient_included=between.patient_included,
            in_reply_to=next((ref.id for ref in one.in_response_to if ref.id), ""),
        )

    def thread_of(self, one: Communication) -> str:
        """The topmost Communication that this one is part of, or answers."""
        return follow(one.id, self._above)

    def _above(self, communication_id: str) -> str | None:
        one = self.people.records.communications[communication_id]
        held = self.people.records.communications
        return next((r.id for r in (*one.part_of, *one.in_response_to) if r.id in held), None)

    @staticmethod
    def _refuse_what_is_no_message(one: Communication) -> None:
        if is_thread(one):
            raise Unattributable("thread_itself")
        if one.status not in TRANSMITTED:
            raise Unattributable("not_transmitted")
        if has_insecure_medium(one):
            raise Unattributable("not_a_secure_message")
        if one.sender == Reference():
            raise Unattributable("no_sender")

    def _recipients(self, one: Communication) -> tuple[Reference, ...]:
        """Who it went to; a message that does not say went to its thread's parties."""
        if one.recipients:
            return one.recipients
        thread = self.people.records.communications[self.thread_of(one)]
        others = tuple(party for party in thread.recipients if party.id != one.sender.id)
        if not others:
            raise Unattributable("no_recipient")
        return others

    def _side(self, who: Reference) -> SentTo | None:
        """`patient` or `representative` for the patient's side, None for anybody else."""
        return PATIENT_SIDE.get(self.people.index.kind_of(who))

    def _patient(self, one: Communication, recipients: tuple[Reference, ...]) -> str:
        """The patient it concerns: its subject, else the patient who takes part."""
        kind_of = self.people.index.kind_of
        if one.subject != Reference():
            return self.people.patient(one.subject, "Communication")
        parties = (who for who in (one.sender, *recipients) if kind_of(who) == "Patient")
        first = next(parties, None)
        if first is None:
            raise Unattributable("no_patient")
        return self.people.patient(first)

    def _speaks_for_itself(self, one: Communication, patient_id: str) -> bool:
        """False for a patient who writes about another one, and so speaks for that one."""
        if self.people.index.kind_of(one.sender) != "Patient":
            return True
        return self.people.patient(one.sender) == patient_id

    def between(self, sender: Reference, recipients: Sequence[Reference]) -> Between:
        """What sender and recipients say, whichever patient it is; Unattributable when nothing."""
        sent_by = self._sent_by(sender)
        ours = [who for who in (sender, *recipients) if self._is_ours(who)]
        if not ours:
            raise Unattributable("not_between_patient_and_practice")
        takes_part = ""
        if sent_by in ("clinician", "patient", "representative"):
            takes_part = next(filter(None, map(self._clinician, ours)), "")
        return Between(
            sent_by=sent_by,
            sent_to=self._sent_to(recipients),
            patient_included=any(self._side(who) for who in (sender, *recipients)),
            practitioner_id=takes_part,
            organization_id=next(filter(None, map(self._practice_named_by, ours)), ""),
        )

    def _sent_by(self, sender: Reference) -> SentBy:
        kind = self.people.index.kind_of(sender)
        if kind in PATIENT_SIDE:
            return PATIENT_SIDE[kind]
        if kind == "Device":
            return "automated"
        if kind not in CARE_SIDE:
            raise Unattributable("not_between_patient_and_practice")
        return self._sent_by_care(sender, kind)

    def _sent_by_care(self, sender: Reference, kind: str) -> SentBy:
        """Who has an NPI is a clinician, everybody else of the practice is staff."""
        if kind == "Organization":
            self.people.organization(sender)
        elif kind in ("Practitioner", "PractitionerRole"):
            self.people.practitioner(sender)
        return "clinician" if self._clinician(sender) else "staff"

    def _sent_to(self, recipients: Sequence[Reference]) -> SentTo:
        """The first recipient's side: FHIR marks no copies, so the first is the one written to."""
        return self._side(recipients[0]) or "clinician"

    def _care_side(self, one: Communication, between: Between) -> tuple[str, str]:
        """The clinician who takes part and the practice, by id; both may be empty."""
        takes_part = between.practitioner_id
        if between.sent_by in ACTS_FOR_OTHERS:
            takes_part = self._acted_for(one)
        return takes_part, between.organization_id or self.only_practice(takes_part)

    def _is_ours(self, who: Reference) -> bool:
        return self.people.index.kind_of(who) in CARE_SIDE or self._is_clinics_device(who)

    def _is_clinics_device(self, who: Reference) -> bool:
        if self.people.index.kind_of(who) != "Device":
            return False
        device = self.people.records.devices.get(who.id)
        return device is None or device.patient == Reference()

    def _acted_for(self, one: Communication) -> str:
        """The clinician a Provenance says the message was written for."""
        agents = (agent for p in self._provenances.get(one.id, ()) for agent in p.agents)
        return clinician_among((agent.on_behalf_of for agent in agents), self.people)

    @cached_property
    def _provenances(self) -> Mapping[str, list[Provenance]]:
        return provenances_by_target(self.people)

    def _clinician(self, who: Reference) -> str:
        return clinician_among([who], self.people)

    def _practice_named_by(self, who: Reference) -> str:
        role = self.people.role(who)
        try:
            return self.people.organization(role.organization if role else who)
        except Unattributable:
            return ""

    def only_practice(self, practitioner_id: str) -> str:
        """The one practice of a clinician; empty when roles name none or several."""
        try:
            return self.people.practice_of(practitioner_id) if practitioner_id else ""
        except Unattributable:
            return ""


def provenances_by_target(people: People) -> Mapping[str, list[Provenance]]:
    """The Provenances of a folder by the id of what they tell of, the earliest first."""
    found: defaultdict[str, list[Provenance]] = defaultdict(list)
    for provenance in sorted(people.records.provenances.values(), key=_order):
        for target in provenance.targets:
            found[target.id].append(provenance)
    return found


def _order(provenance: Provenance) -> tuple[str, str]:
    """By when it was recorded; the id decides, and not the order of the files."""
    return provenance.recorded, provenance.id
