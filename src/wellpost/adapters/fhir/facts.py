"""Records to facts: who counts where, seen when, written to when; and the account of the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from wellpost.adapters.fhir.attribution import Visit, attribute
from wellpost.adapters.fhir.conversations import Conversations, Letter, provenances_by_target
from wellpost.adapters.fhir.mapping import written_npi, written_tin
from wellpost.adapters.fhir.numbers import numbers_of, refuse_bad_numbers
from wellpost.adapters.fhir.patient_reported import Datum, datum
from wellpost.adapters.fhir.people import People, Unattributable
from wellpost.adapters.fhir.planned import Planned, plan
from wellpost.adapters.fhir.portal_use import PortalUse, portal_use
from wellpost.adapters.fhir.reconciliation import Reconciliation
from wellpost.adapters.fhir.records import HELD_IN, LeftOut, Records
from wellpost.adapters.fhir.references import Index
from wellpost.adapters.fhir.repeats import repeats_left_out
from wellpost.adapters.fhir.roster import Post, post_of, posts_of_work


@dataclass(frozen=True)
class FhirFacts:
    """The facts of a folder, with FHIR's ids beside NPI and TIN, and their reconciliation."""

    posts: tuple[Post, ...]
    visits: tuple[Visit, ...]
    letters: tuple[Letter, ...]
    data: tuple[Datum, ...]
    planned: tuple[Planned, ...]
    documents: tuple[Datum, ...]
    uses: tuple[PortalUse, ...]
    people: People
    reconciliation: Reconciliation


def facts_of(
    records: Records, *, synthetic_identifiers: bool = False, skip_bad_rows: bool = False
) -> FhirFacts:
    """Attribute everything that was read.

    DataRefusedError when an NPI or TIN is wrong, unless made-up ones are asked for or
    `skip_bad_rows` lists what rests on them as left out.
    """
    index = Index(records)
    if not synthetic_identifiers and not skip_bad_rows:
        refuse_bad_numbers(records)
    numbers = numbers_of(records, index, synthetic=synthetic_identifiers)
    return _gather(People(records, index, numbers))


def _gather(people: People) -> FhirFacts:
    talk, told = Conversations(people), provenances_by_target(people)
    sieve = Sieve(people.records)
    posts = sieve.each("PractitionerRole", lambda one: post_of(one, people))
    visits = sieve.each("Encounter", lambda one: attribute(one, people))
    letters = sieve.each("Communication", talk.letter)
    data = sieve.each("Observation", lambda one: datum(one, people, told))
    documents = sieve.each("DocumentReference", lambda one: datum(one, people, told))
    planned = sieve.each("Appointment", lambda one: plan(one, people))
    uses = sieve.each("AuditEvent", lambda one: portal_use(one, people))
    every_post = (*posts.values(), *posts_of_work(posts.values(), visits.values(), people))
    roster = {post.npi for post in every_post}
    sieve.leave_out_clinicians_outside(roster, "Communication", letters)
    sieve.leave_out_clinicians_outside(roster, "Observation", data)
    sieve.leave_out_clinicians_outside(roster, "DocumentReference", documents)
    sieve.leave_out_clinicians_outside(roster, "Appointment", planned)
    sieve.left_out.extend(people_left_out(people, roster))
    return FhirFacts(
        every_post,
        tuple(visits.values()),
        tuple(letters.values()),
        tuple(data.values()),
        tuple(planned.values()),
        tuple(documents.values()),
        tuple(uses.values()),
        people,
        _account(people, sieve.left_out),
    )


class _Credited(Protocol):
    @property
    def npi(self) -> str: ...


_Fact = TypeVar("_Fact")
_CreditedFact = TypeVar("_CreditedFact", bound=_Credited)


@dataclass
class Sieve:
    """Makes facts of records and keeps those that become none, with their reason."""

    records: Records
    left_out: list[LeftOut] = field(default_factory=list)

    def each(self, kind: str, make: Callable[[Any], _Fact]) -> dict[str, _Fact]:
        """What `make` makes of each record of a FHIR type, by its id."""
        made = {}
        for id_, record in self.records.of_type(kind).items():
            try:
                made[id_] = make(record)
            except Unattributable as reason:
                self.left_out.append(LeftOut(kind, reason.reason, record.place))
        return made

    def leave_out_clinicians_outside(
        self, roster: set[str], kind: str, facts: dict[str, _CreditedFact]
    ) -> None:
        """Take out the facts of clinicians whom no role or encounter puts in a practice."""
        held = self.records.of_type(kind)
        for id_ in [id_ for id_, fact in facts.items() if fact.npi and fact.npi not in roster]:
            del facts[id_]
            self.left_out.append(LeftOut(kind, "no_organization", held[id_].place))


def people_left_out(people: People, roster: set[str]) -> Iterator[LeftOut]:
    """Practitioners who are on no roster, organizations without a TIN, patients merged away."""
    numbers, records = people.numbers, people.records
    for who in records.practitioners.values():
        if numbers.npis.get(who.id) not in roster:
            reason = _why_no_clinician(who.id in numbers.npis, bool(written_npi(who)))
            yield LeftOut("Practitioner", reason, who.place)
    for place in records.organizations.values():
        if place.id not in numbers.tins:
            reason = "invalid_tin" if written_tin(place) else "organization_without_tin"
            yield LeftOut("Organization", reason, place.place)
    for patient in records.patients.values():
        if people.standing(patient.id) != patient.id:
            yield LeftOut("Patient", "replaced", patient.place)


def _why_no_clinician(has_good_npi: bool, has_any_npi: bool) -> str:
    if has_good_npi:
        return "supports_no_fact"
    return "invalid_npi" if has_any_npi else "practitioner_without_npi"


def _account(people: People, found_wanting: list[LeftOut]) -> Reconciliation:
    records = people.records
    left_out = (*records.left_out, *repeats_left_out(people), *found_wanting)
    missing = Counter(one.resource_type for one in found_wanting)
    became = {kind: len(records.of_type(kind)) - missing[kind] for kind in HELD_IN}
    return Reconciliation(
        came=records.came,
        became=_came_only(became, records.came),
        tallied=records.tallied,
        left_out=left_out,
        ignored_files=tuple(records.ignored_files),
        made_up_npis=people.numbers.made_up_npis,
        made_up_tins=people.numbers.made_up_tins,
        shared_npis=people.numbers.shared_npis,
    )


def _came_only(became: Mapping[str, int], came: Mapping[str, int]) -> dict[str, int]:
    return {kind: many for kind, many in became.items() if kind in came}
