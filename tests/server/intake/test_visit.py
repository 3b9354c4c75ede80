"""A visit recorded by hand, taken back, and counted once when two records become one."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from tests.server.intake.world import World, signed_in
from wellpost.errors import RequestError
from wellpost.reports.request import ask
from wellpost.reports.scorecard import scorecard
from wellpost.server.audit.models import AuditRow
from wellpost.server.intake.actions import record_visit, take_back_visit
from wellpost.server.people.actions import merge_patients
from wellpost.server.people.models import Patient, User
from wellpost.server.people.permissions import NotAllowed
from wellpost.server.quality.source import server_source
from wellpost.server.records.models import Encounter
from wellpost.terms import Level, Period

KEY = uuid4()
SUMMER = Period(date(2021, 6, 1), date(2021, 8, 31))


def visit(world: World, **other: Any) -> Encounter:
    said = {
        "patient": world.alice,
        "clinician": world.chen,
        "seen_on": date(2021, 8, 30),
        "kind": "office_visit",
        "by": world.sam,
        "client_key": KEY,
    }
    return record_visit(**(said | other))


def denominator(world: World) -> int:
    asked = ask("stage-3", 2021, SUMMER, measures=["secure_messaging"], levels=[Level.GROUP])
    [result] = scorecard(server_source(world.north, SUMMER), asked).results
    return result.count.denominator


def form(world: World, **other: Any) -> dict[str, Any]:
    return {
        "seen_on": "2021-08-30",
        "clinician": str(world.chen.pk),
        "kind": "telehealth",
        "client_key": str(uuid4()),
    } | other


def test_staff_and_clinicians_record_a_visit_of_their_patient(world: World) -> None:
    seen = visit(world)
    assert (seen.practice, seen.patient, seen.source_system) == (
        world.north,
        world.alice,
        "by hand",
    )
    visit(world, by=world.chen.user, client_key=uuid4())
    [row, _] = AuditRow.objects.filter(deed="visit_recorded").order_by("id")
    assert (row.actor_id, row.target_id) == (str(world.sam.pk), str(seen.pk))
    assert row.patient_id == str(world.alice.pk)


def test_sent_twice_it_is_one_visit(world: World) -> None:
    assert visit(world) == visit(world)
    assert AuditRow.objects.filter(deed="visit_recorded").count() == 1
    with pytest.raises(RequestError, match="sent before with other values"):
        visit(world, kind="other")


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ({"seen_on": date(2021, 9, 1)}, "2021-09-01 is still to come"),
        ({"seen_on": date(2019, 12, 31)}, "is no clinician of this practice on 2019-12-31"),
        ({"kind": "party"}, "kind party is none"),
    ],
)
def test_what_cannot_have_been_is_refused(world: World, other: dict[str, Any], says: str) -> None:
    with pytest.raises(RequestError, match=says):
        visit(world, **other)


def test_a_clinician_of_another_practice_cannot_be_named(world: World) -> None:
    with pytest.raises(RequestError, match="is no clinician of this practice"):
        visit(world, clinician=world.evans)


def test_outsiders_and_the_patient_record_nothing(world: World) -> None:
    for by in (world.evans.user, world.alices_user, world.rita):
        with pytest.raises(NotAllowed):
            visit(world, by=by)
    assert not Encounter.objects.exists()


def test_a_visit_taken_back_no_longer_counts_and_stays_on_record(world: World) -> None:
    seen = visit(world)
    assert denominator(world) == 1
    take_back_visit(visit=seen, by=world.chen.user)
    take_back_visit(visit=seen, by=world.chen.user)
    assert denominator(world) == 0
    assert AuditRow.objects.filter(deed="visit_taken_back").count() == 1


def test_a_visit_from_the_record_is_taken_back_there(world: World) -> None:
    seen = visit(world)
    Encounter.objects.update(source_system="fhir")
    seen.refresh_from_db()
    with pytest.raises(RequestError, match="comes from the medical record"):
        take_back_visit(visit=seen, by=world.sam)


def test_outsiders_take_nothing_back(world: World) -> None:
    seen = visit(world)
    for by in (world.evans.user, world.alices_user, world.rita):
        with pytest.raises(NotAllowed):
            take_back_visit(visit=seen, by=by)


def test_two_records_of_one_patient_count_once_after_merging(world: World) -> None:
    other = Patient.objects.create(practice=world.north, given_name="A", family_name="Adams")
    visit(world)
    visit(world, patient=other, client_key=uuid4())
    assert denominator(world) == 2
    merge_patients(keep=world.alice, merge=other, by=world.sam)
    assert denominator(world) == 1
    other.refresh_from_db()
    assert visit(world, patient=other, client_key=uuid4()).patient == world.alice


def test_the_form_records_and_goes_back_to_the_patient(world: World) -> None:
    client, address = signed_in(world.sam), f"/clinic/intake/visit/?patient={world.alice.pk}"
    page = client.get(address)
    assert 'value="2021-08-31"' in page.content.decode()
    answer = client.post(address, form(world))
    assert answer.headers["Location"] == f"/clinic/patients/{world.alice.pk}/"
    assert Encounter.objects.get().kind == "telehealth"


def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(world: World) -> None:
    address = f"/clinic/intake/visit/?patient={world.alice.pk}"
    page = signed_in(world.sam).post(address, form(world, seen_on="2022-01-01"))
    text = page.content.decode()
    assert "2022-01-01 is still to come" in text
    assert 'value="2022-01-01"' in text
    assert not Encounter.objects.exists()


def test_the_page_takes_a_visit_back(world: World) -> None:
    seen = visit(world)
    client = signed_in(world.sam)
    assert (
        "the visit of Alice Adams on August 30, 2021"
        in client.get("/clinic/intake/").content.decode()
    )
    page = client.post(f"/clinic/intake/visits/{seen.pk}/take-back/", follow=True)
    assert "The visit is taken back" in page.content.decode()


def test_outsiders_find_nothing(world: World) -> None:
    seen = visit(world)
    form_address = f"/clinic/intake/visit/?patient={world.alice.pk}"
    back = f"/clinic/intake/visits/{seen.pk}/take-back/"
    outsiders: list[User | None] = [world.evans.user, world.alices_user]
    for by in outsiders:
        client = signed_in(by)
        assert client.get(form_address).status_code == 404
        assert client.post(form_address, form(world)).status_code == 404
        assert client.post(back).status_code == 404
    assert signed_in(world.rita).post(back).status_code == 404
    for wrong in ("", "x", uuid4()):
        assert signed_in(world.sam).get(f"/clinic/intake/visit/?patient={wrong}").status_code == 404
    assert Encounter.objects.get().cancelled_at is None
