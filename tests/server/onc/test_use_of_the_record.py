"""RT4a, RT4b and RT4c: patients look, download, transmit, or let an app read; through the portal's
own pages and the API.

What the practice does with the record itself never counts: its own reading, and what its people's
sessions ask of the API.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import cycle
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.server.conftest import make_member, signed_in
from tests.server.onc.world import World
from tests.server.smart.conftest import Phone
from tests.worlds.deck import Cell, Scenario, scenarios
from wellpost.server.clock import time as clock
from wellpost.server.people.models import Patient, Role, User
from wellpost.server.records.models import PortalAction
from wellpost.server.smart.actions import decide
from wellpost.server.smart.models import Decision
from wellpost.server.smart.registering import Registered

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

MEASURE = "view_download_transmit"
FILE = {"file": "fhir"}


def looks(client: Client, patient: Patient) -> Any:
    return client.get(reverse("portal:record", args=[patient.pk]))


def downloads(client: Client, patient: Patient) -> Any:
    return client.post(reverse("portal:download_record", args=[patient.pk]), FILE)


def transmits(client: Client, patient: Patient) -> Any:
    sent = {"to_whom": "new.doctor@example.org", "way": "link", "client_key": uuid4(), **FILE}
    return client.post(reverse("portal:send_record", args=[patient.pk]), sent)


WAYS: tuple[Callable[[Client, Patient], Any], ...] = (looks, downloads, transmits)


@dataclass
class Portal:
    """The world's patients at the portal, each way of using the record in turn."""

    world: World
    app: Registered
    ways: Iterator[Callable[[Client, Patient], Any]] = field(default_factory=lambda: cycle(WAYS))

    def use(self, cell: Cell) -> None:
        patient = self.world.patient(cell.patient, cell.provider)
        client = self.at_portal(cell)
        answer = next(self.ways)(client, patient)
        assert answer.status_code == 200, answer.content

    def read_by_app(self, cell: Cell) -> None:
        patient = self.world.patient(cell.patient, cell.provider)
        phone = Phone(self.app, self.at_portal(cell))
        phone.connect(record=patient.pk)
        assert phone.get(f"/fhir/Patient/{patient.pk}").status_code == 200

    def at_portal(self, cell: Cell) -> Client:
        return signed_in(Client(), self.world.helper_or_self(cell.patient, cell.provider))


def play(portal: Portal, scenario: Scenario) -> None:
    for cell in scenario.cells:
        if cell.is_seen:
            portal.world.seen(cell.patient, cell.provider)
        elif cell.is_yes:
            portal.read_by_app(cell) if "Through API" in cell.column else portal.use(cell)


def staff_do(world: World, provider: str, patient: Patient, staff: User) -> None:
    """Everything that people of the practice can do with the patient's record."""
    for user in (world.user(provider), staff):
        client = signed_in(Client(), user)
        assert client.get(reverse("clinic:patient", args=[patient.pk])).status_code == 200
        for way in WAYS:
            assert way(client, patient).status_code == 404
        assert client.get(f"/fhir/Patient/{patient.pk}").status_code == 200


@pytest.mark.parametrize("deck", ["EP_RT4a_G2.json", "EP_RT4b_G2.json", "EP_RT4c_G2.json"])
def test_rt4_through_the_portal_and_the_api(deck, registered):
    world = World("stage-3", 2021)
    every = list(scenarios(deck))
    with clock.held_at(datetime(2021, 1, 4, 15, tzinfo=UTC)):
        portal = Portal(world, registered())
        for provider in every[0].totals:
            world.provider(provider)
        practice = world.practice(provider)
        admin = make_member(practice, "Ada Moss", Role.ADMINISTRATOR)
        staff = make_member(practice, "Sam Stone", Role.STAFF)
        decide(app=portal.app.app, practice=practice, by=admin, decision=Decision.APPROVED)
    for number, scenario in enumerate(every):
        with clock.held_at(datetime(2021, 7 + number, 10, 15, tzinfo=UTC)):
            play(portal, scenario)
        assert world.counted(MEASURE) == scenario.totals, scenario.title
    with clock.held_at(datetime(2021, 12, 10, 15, tzinfo=UTC)):
        used = PortalAction.objects.count()
        staff_do(world, provider, next(iter(world.patients.values())), staff)
    assert PortalAction.objects.count() == used
    assert world.counted(MEASURE) == scenario.totals
    assert len(every) == 5
