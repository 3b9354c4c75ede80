"""The practices, providers and patients of a deck, each coming to be when first met."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count

from tests.server.conftest import make_user
from wellpost.facts.identifiers import make_npi, make_tin
from wellpost.reports.request import ask
from wellpost.reports.scorecard import scorecard
from wellpost.server.clock import time as clock
from wellpost.server.intake.actions import record_visit
from wellpost.server.people import actions as people
from wellpost.server.people.models import Clinician, Membership, Patient, Practice, User
from wellpost.server.quality.source import server_source
from wellpost.server.records.models import Encounter
from wellpost.terms import Level, Period

BORN = date(1970, 1, 1)
ALONE = "Deck"
"""The practice of providers that the deck names without one."""

Totals = Mapping[str, tuple[int, int]]
"""Provider, or `Group/` and the practice, to numerator and denominator."""


@dataclass
class World:
    """Who has come so far. A provider is `Provider 1`, or `TIN A/Provider 1` at a practice.

    Every other patient is reached through a representative, as the deck's notes ask.
    """

    program: str
    year: int
    practices: dict[str, Practice] = field(default_factory=dict)
    providers: dict[str, Membership] = field(default_factory=dict)
    patients: dict[tuple[str, str], Patient] = field(default_factory=dict)
    number: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def period(self) -> Period:
        """The summer of the year, 92 days."""
        return Period(date(self.year, 6, 1), date(self.year, 8, 31))

    def practice(self, provider: str) -> Practice:
        """Where the provider works."""
        name = _practice(provider)
        if name not in self.practices:
            self.practices[name] = Practice.objects.create(
                name=name, tin=make_tin(name), time_zone="America/New_York"
            )
        return self.practices[name]

    def provider(self, provider: str) -> Membership:
        """The provider, who begins to work there when first met."""
        if provider not in self.providers:
            practice, name = self.practice(provider), provider.rpartition("/")[2]
            self.providers[provider] = people.add_clinician(
                practice=practice,
                by=None,
                npi=make_npi(name),
                name=name,
                starts_on=date(2015, 1, 1),
                email=_user(name).email,
            )
        return self.providers[provider]

    def clinician(self, provider: str) -> Clinician:
        """Who it is, wherever they work."""
        clinician = self.provider(provider).clinician
        assert clinician is not None
        return clinician

    def user(self, provider: str) -> User:
        """The provider's account."""
        return User.objects.get(clinician=self.clinician(provider))

    def patient(self, name: str, provider: str) -> Patient:
        """The patient's record where the provider works, its account opened by invitation."""
        key = (_practice(provider), name)
        if key not in self.patients:
            with clock.held_at(datetime(self.year, 1, 4, 15, tzinfo=UTC)):
                self.patients[key] = self._enrolled(name, self.practice(provider))
        return Patient.objects.get(pk=self.patients[key].pk)

    def helper_or_self(self, name: str, provider: str) -> User:
        """Who acts for the patient: they themselves, or their representative."""
        patient = self.patient(name, provider)
        user = patient.user or patient.representatives.get().user
        assert user is not None
        return user

    def seen(self, name: str, provider: str, on: date | None = None) -> Encounter:
        """A visit, on a day of the period where none is given."""
        return record_visit(
            patient=self.patient(name, provider),
            clinician=self.clinician(provider),
            seen_on=on or self.period.start + timedelta(days=next(self.number) % 28),
            kind="office_visit",
            by=None,
            client_key=f"visit {next(self.number)}",
        )

    def counted(self, measure: str, *levels: Level, **policies: str) -> Totals:
        """What the server counts."""
        asked = ask(
            self.program,
            self.year,
            self.period,
            measures=[measure],
            levels=levels or [Level.CLINICIAN],
            policies=policies,
        )
        found = scorecard(server_source(roster=Period.of_year(self.year)), asked)
        names = dict(self._names())
        return {
            names[each.reporter.npi, each.reporter.tin]: (
                each.count.numerator,
                each.count.denominator,
            )
            for each in found.results
        }

    def _names(self) -> Iterator[tuple[tuple[str | None, str | None], str]]:
        """Every way a reporter can be written, with its name in the deck."""
        for name in self.providers:
            npi, practice = self.clinician(name).npi, self.practice(name)
            yield (npi, None if practice.name == ALONE else practice.tin), name
        for practice in self.practices.values():
            yield (None, practice.tin), f"Group/{practice.name}"

    def _enrolled(self, name: str, practice: Practice) -> Patient:
        given_name, family_name = name.split()
        patient = people.add_patient(
            practice=practice,
            by=None,
            given_name=given_name,
            family_name=family_name,
            birth_on=BORN,
        )
        if len(self.patients) % 2:
            self._represent(patient)
        else:
            _, code = people.invite_patient(patient=patient, by=None, sent_by="letter")
            people.accept_invitation(code=code, birth_on=BORN, user=_user(name))
        return patient

    def _represent(self, patient: Patient) -> None:
        representative = people.add_representative(
            patient=patient,
            by=None,
            name=f"Helper of {patient.family_name}",
            relationship="parent",
            starts_on=date(self.year, 1, 1),
        )
        _, code = people.invite_representative(
            representative=representative, by=None, sent_by="letter"
        )
        people.accept_invitation(
            code=code, birth_on=BORN, user=_user(f"Helper {patient.family_name}")
        )


def _practice(provider: str) -> str:
    return provider.rpartition("/")[0] or ALONE


def _user(name: str) -> User:
    """One account a person, at however many practices."""
    address = f"{name.lower().replace(' ', '.')}@example.org"
    return User.objects.filter(email=address).first() or make_user(name)
