"""ONC test deck RT5, secure messaging: all five scenarios through the server's own actions.

The deck's JSON says who was seen, who wrote, who answered and who was copied, and what the
cumulative totals must then be, with and without the step of the copied patient. Everything is
read from it; the days are ours. Both ways to a patient are played: every other patient is
reached through a representative, as the deck's notes ask.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.server.conftest import make_user
from wellpost.facts.identifiers import make_npi, make_tin
from wellpost.reports.request import ask
from wellpost.reports.scorecard import scorecard
from wellpost.server.clock import time as clock
from wellpost.server.intake.actions import record_visit
from wellpost.server.messaging.actions import send_message, start_thread
from wellpost.server.messaging.models import Message
from wellpost.server.people import actions as people
from wellpost.server.people.models import Clinician, Membership, Patient, Practice, User
from wellpost.server.quality.source import server_source
from wellpost.terms import Level, Period

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

DECK = Path(__file__).parents[1] / "data" / "onc-test-deck" / "EP_RT5_G2.json"
SCENARIOS = json.loads(DECK.read_text(encoding="utf-8"))["scenarios"]
PERIOD = Period(date(2021, 6, 1), date(2021, 8, 31))
BORN = date(1970, 1, 1)

Said = Mapping[str, Mapping[str, str]]
"""Of one step of a scenario: patient to provider to what the deck writes there."""


@dataclass
class World:
    """The deck's practice, its two providers, and who has come so far."""

    practice: Practice
    providers: dict[str, Membership] = field(default_factory=dict)
    patients: dict[str, Patient] = field(default_factory=dict)
    asked: dict[tuple[str, str], Message] = field(default_factory=dict)
    number: Iterator[int] = field(default_factory=lambda: count(1))

    def provider(self, name: str) -> Membership:
        """The provider, who begins to work here when first met."""
        if name not in self.providers:
            user = make_user(name)
            self.providers[name] = people.add_clinician(
                practice=self.practice,
                by=None,
                npi=make_npi(name),
                name=name,
                starts_on=date(2020, 1, 1),
                email=user.email,
            )
        return self.providers[name]

    def patient(self, name: str) -> Patient:
        """The patient, with an account (or a representative with one) opened by invitation."""
        if name not in self.patients:
            self.patients[name] = self._enrolled(name)
        return Patient.objects.get(pk=self.patients[name].pk)

    def writer(self, name: str) -> User:
        """Who writes for the patient: they themselves, or their representative."""
        patient = self.patient(name)
        user = patient.user or patient.representatives.get().user
        assert user is not None
        return user

    def _enrolled(self, name: str) -> Patient:
        given_name, family_name = name.split()
        patient = people.add_patient(
            practice=self.practice,
            by=None,
            given_name=given_name,
            family_name=family_name,
            birth_on=BORN,
        )
        if len(self.patients) % 2:
            self._represent(patient)
        else:
            _, code = people.invite_patient(patient=patient, by=None, sent_by="letter")
            people.accept_invitation(code=code, birth_on=BORN, user=make_user(name))
        return patient

    def _represent(self, patient: Patient) -> None:
        representative = people.add_representative(
            patient=patient,
            by=None,
            name=f"Helper of {patient.family_name}",
            relationship="parent",
            starts_on=date(2021, 1, 1),
        )
        _, code = people.invite_representative(
            representative=representative, by=None, sent_by="letter"
        )
        people.accept_invitation(
            code=code, birth_on=BORN, user=make_user(f"Helper {patient.family_name}")
        )


def seen(world: World, patient: str, provider: str) -> None:
    record_visit(
        patient=world.patient(patient),
        clinician=_clinician(world, provider),
        seen_on=date(2021, 6, 1 + next(world.number) % 28),
        kind="office_visit",
        by=None,
        client_key=f"visit {next(world.number)}",
    )


def patient_writes(world: World, patient: str, provider: str) -> None:
    world.asked[patient, provider] = _begin(
        world, patient, world.writer(patient), for_clinician=_clinician(world, provider)
    )


def provider_replies(world: World, patient: str, provider: str) -> None:
    asked = world.asked[patient, provider]
    send_message(
        thread=asked.thread,
        by=_user(world, provider),
        body="An answer.",
        client_key=f"key {next(world.number)}",
        in_reply_to=asked,
    )


def provider_writes(world: World, patient: str, provider: str) -> None:
    helper = world.patient(patient).representatives.first()
    _begin(world, patient, _user(world, provider), representative=helper)


def provider_copies(world: World, patient: str, provider: str) -> None:
    """To the other provider, with the patient or representative reading along."""
    other = next(name for name in world.providers if name != provider)
    _begin(world, patient, _user(world, provider), to_colleague=world.provider(other))


STEPS: Mapping[str, Callable[[World, str, str], None]] = {
    "Patient Seen": seen,
    "Patient or Patient Representative Sends": patient_writes,
    "EP/EC Replies": provider_replies,
    "EP/EC Sends Secure Electronic Message to Patient": provider_writes,
    "EP/EC Sends Secure Message to Provider Including Patient": provider_copies,
}
DONE = {"first encounter", "second encounter", "yes"}


def play(world: World, segment: Mapping[str, Any]) -> None:
    """Do what the deck says, step by step, each step a day later than the one before."""
    for entry in segment["segment_entries"]:
        step = next(STEPS[start] for start in STEPS if entry["entry_title"].startswith(start))
        for patient, provider in _done(entry):
            step(world, patient, provider)


def _done(entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for row in entry["entry_values"]:
        for each in row["providers"]:
            if each["entry_value"].lower() in DONE:
                yield row["patient_id"], each["provider"]


def expected(segment: Mapping[str, Any]) -> dict[str, dict[str, tuple[int, int]]]:
    """The deck's totals: for each policy, provider to numerator and denominator."""
    totals = segment["segment_total"]["providers"]
    return {
        "count": {
            each["provider"]: (each["numerator_value"], each["denominator_value"])
            for each in totals
        },
        "do_not_count": {
            each["provider"]: (
                each["automated_numerator_values"][0]["value"],
                each["denominator_value"],
            )
            for each in totals
        },
    }


def counted(world: World, copied_patients: str) -> dict[str, tuple[int, int]]:
    """What the server counts."""
    request = ask(
        "stage-3",
        2021,
        PERIOD,
        measures=["secure_messaging"],
        levels=[Level.CLINICIAN],
        policies={"copied_patients": copied_patients},
    )
    found = scorecard(server_source(roster=Period.of_year(2021)), request)
    names = {_clinician(world, name).npi: name for name in world.providers}
    return {
        names[str(each.reporter.npi)]: (each.count.numerator, each.count.denominator)
        for each in found.results
    }


def test_the_deck_holds_all_five_scenarios():
    assert [each["scenario_title"] for each in SCENARIOS] == [f"Scenario {n}" for n in range(1, 6)]


@pytest.mark.parametrize("last", range(len(SCENARIOS)), ids=lambda n: f"through_scenario_{n + 1}")
def test_rt5_through_the_servers_own_actions(last):
    """Totals are cumulative: each scenario is played on top of those before it."""
    with clock.held_at(datetime(2021, 1, 4, 15, tzinfo=UTC)):
        world = World(
            Practice.objects.create(name="Deck", tin=make_tin("deck"), time_zone="America/New_York")
        )
        for provider in _providers():
            world.provider(provider)
    segments = [part for each in SCENARIOS[: last + 1] for part in each["segments"]]
    for number, segment in enumerate(segments):
        with clock.held_at(datetime(2021, 9 + number % 3, 10, 15, tzinfo=UTC)):
            play(world, segment)
    for policy, totals in expected(segments[-1]).items():
        assert counted(world, policy) == totals, policy


def _providers() -> list[str]:
    return [each["provider"] for each in SCENARIOS[0]["segments"][0]["segment_total"]["providers"]]


def _begin(world: World, patient: str, by: User, **more: Any) -> Message:
    return start_thread(
        practice=world.practice,
        patient=world.patient(patient),
        by=by,
        subject="A matter",
        body="A message.",
        client_key=f"key {next(world.number)}",
        **more,
    )


def _clinician(world: World, provider: str) -> Clinician:
    clinician = world.provider(provider).clinician
    assert clinician is not None
    return clinician


def _user(world: World, provider: str) -> User:
    return User.objects.get(clinician=_clinician(world, provider))
