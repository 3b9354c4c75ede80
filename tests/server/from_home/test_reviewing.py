"""A clinician takes data from home over into the record, asks back, or declines."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import made_files as made
from tests.server.from_home.conftest import NOW, one, pressure
from wellpost.errors import DataRefusedError, RequestError
from wellpost.server.audit.models import AuditRow
from wellpost.server.clock import time as clock
from wellpost.server.from_home.adding import add_document, add_needs, add_note, add_readings
from wellpost.server.from_home.documents import DOCUMENTS
from wellpost.server.from_home.models import HomeDatum, State
from wellpost.server.from_home.reviewing import ask_back, decline, incorporate
from wellpost.server.messaging.models import Thread
from wellpost.server.people.permissions import NotAllowed
from wellpost.server.records.models import PatientDatum, Resource
from wellpost.server.records.queries import visible

pytestmark = pytest.mark.django_db


def body(row: Resource) -> dict:
    return json.loads(row.body)


def test_the_clinician_adds_it_and_it_counts_today_for_them(practice, alice, dr_chen, brought):
    made = brought(pressure())
    with clock.held_at(NOW + timedelta(days=2)):
        incorporate(practice=practice, data=[made.pk], by=dr_chen.user, comment="Well done.")
    counted = PatientDatum.objects.get()
    assert (counted.clinician, counted.incorporated_on) == (dr_chen, date(2021, 6, 17))
    assert (counted.received_on, counted.source) == (date(2021, 6, 15), "patient")
    made.refresh_from_db()
    assert (made.state, made.clinician, made.comment) == (State.ACCEPTED, dr_chen, "Well done.")
    assert AuditRow.objects.filter(deed="home_data_incorporated", patient_id=alice.pk).exists()


def test_it_is_an_observation_that_the_patient_sees(practice, alice, dr_chen, brought):
    made = brought(pressure(device="Omron M3"))
    incorporate(practice=practice, data=[made.pk], by=dr_chen.user, comment="Well done.")
    row = visible(alice, alice.user, kinds=["Observation"]).get()
    made.refresh_from_db()
    assert made.resource == row
    said = body(row)
    assert [each["code"] for each in said["code"]["coding"]] == ["85354-9"]
    values = [each["valueQuantity"] for each in said["component"]]
    assert [(each["value"], each["code"]) for each in values] == [(128, "mm[Hg]"), (82, "mm[Hg]")]
    assert said["effectiveDateTime"] == "2021-06-15T09:30:00-04:00"
    assert said["subject"] == said["performer"][0] == {"reference": f"Patient/{alice.pk}"}
    assert (said["device"], said["note"][0]["text"]) == ({"display": "Omron M3"}, "Well done.")


def test_its_provenance_says_who_measured_with_what_and_who_took_it_over(
    practice, alice, amir, dr_chen
):
    readings = [pressure(device="Omron M3"), one("pulse", "71", "/min", device="Omron M3")]
    made = add_readings(by=amir.user, patient=alice, readings=readings)
    incorporate(practice=practice, data=[each.pk for each in made], by=dr_chen.user)
    provenance = body(Resource.objects.get(kind="Provenance"))
    kept = {f"Observation/{each.resource_id}" for each in HomeDatum.objects.all()}
    assert {each["reference"] for each in provenance["target"]} == kept
    agents = {each["type"]["coding"][0]["code"]: each["who"] for each in provenance["agent"]}
    assert agents["author"]["display"] == "Amir Arden (spouse)"
    assert agents["assembler"] == {"display": "Omron M3"}
    assert agents["verifier"]["identifier"]["value"] == dr_chen.npi
    assert provenance["recorded"] == "2021-06-15T10:30:00-04:00"


def test_a_converted_value_says_what_was_written(practice, dr_chen, brought):
    made = brought(one("weight", "180.5", "[lb_av]"))
    incorporate(practice=practice, data=[made.pk], by=dr_chen.user)
    said = body(Resource.objects.get(kind="Observation"))
    assert (said["valueQuantity"]["value"], said["valueQuantity"]["code"]) == (81.87, "kg")
    assert said["note"] == [{"text": "Entered as 180.5 [lb_av]."}]


def test_words_files_and_answers_become_what_they_are(practice, alice, dr_chen):
    by = {"by": alice.user, "patient": alice, "measured_at": NOW}
    note = add_note(text="Dizzy since Monday.", **by)
    file = ContentFile(made.pdf(), name="will.pdf")
    paper = add_document(file=file, document=DOCUMENTS[0], **by)
    needs = add_needs(answers={"71802-3": ["LA31994-9"], "93030-5": ["LA33-6"]}, **by)
    incorporate(practice=practice, data=[note.pk, paper.pk, needs.pk], by=dr_chen.user)
    papers = [body(each) for each in Resource.objects.filter(kind="DocumentReference")]
    attached = [each["content"][0]["attachment"] for each in papers]
    assert {each.get("url") for each in attached} == {None, f"Binary/{paper.file_id}"}
    assert {each["type"]["coding"][0]["code"] for each in papers} == {"51855-5", "42348-3"}
    panel = next(
        body(each)
        for each in Resource.objects.filter(kind="Observation")
        if "hasMember" in body(each)
    )
    assert len(panel["hasMember"]) == 2
    assert {each.source for each in PatientDatum.objects.all()} == {
        "patient", "non_clinical_setting",
    }  # fmt: skip


@pytest.mark.parametrize("who", ["sam_staff", "ada_admin", "rita_reporter", "dr_evans", "alice"])
def test_nobody_but_a_clinician_of_the_practice_adds(request, practice, brought, who):
    made = brought(pressure())
    somebody = request.getfixturevalue(who)
    user = getattr(somebody, "user", somebody)
    with pytest.raises(NotAllowed):
        incorporate(practice=practice, data=[made.pk], by=user)
    with pytest.raises(NotAllowed):
        decline(practice=practice, data=[made.pk], by=user, reason="no")
    assert not Resource.objects.exists()


def test_data_of_another_practice_are_not_there(other_practice, dr_evans, brought):
    made = brought(pressure())
    with pytest.raises(NotAllowed):
        incorporate(practice=other_practice, data=[made.pk], by=dr_evans.user)


def test_what_is_decided_stays_decided(practice, dr_chen, dr_diaz, brought):
    made = brought(pressure())
    incorporate(practice=practice, data=[made.pk], by=dr_chen.user)
    for deed in (
        lambda: incorporate(practice=practice, data=[made.pk], by=dr_diaz.user),
        lambda: decline(practice=practice, data=[made.pk], by=dr_diaz.user, reason="no"),
    ):
        with pytest.raises(DataRefusedError, match="decided or taken back meanwhile"):
            deed()
    assert PatientDatum.objects.count() == 1


def test_one_that_cannot_be_decided_leaves_the_others_as_they_were(practice, dr_chen, brought):
    first, second = brought(pressure()), brought(pressure("130"))
    incorporate(practice=practice, data=[first.pk], by=dr_chen.user)
    with pytest.raises(DataRefusedError):
        incorporate(practice=practice, data=[first.pk, second.pk], by=dr_chen.user)
    second.refresh_from_db()
    assert second.state == State.WAITING


def test_parts_of_what_came_together_count_each_on_its_day_for_its_clinician(
    practice, alice, dr_chen, dr_diaz
):
    readings = [pressure(), pressure("131"), pressure("132")]
    made = add_readings(by=alice.user, patient=alice, readings=readings)
    incorporate(practice=practice, data=[made[0].pk], by=dr_chen.user)
    with clock.held_at(NOW + timedelta(days=40)):
        incorporate(practice=practice, data=[made[1].pk], by=dr_diaz.user)
        incorporate(practice=practice, data=[made[2].pk], by=dr_chen.user)
    rows = PatientDatum.objects.values_list("clinician__name", "incorporated_on", "received_on")
    assert set(rows) == {
        ("Dr Chen", date(2021, 6, 15), date(2021, 6, 15)),
        ("Dr Diaz", date(2021, 7, 25), date(2021, 6, 15)),
        ("Dr Chen", date(2021, 7, 25), date(2021, 6, 15)),
    }


def test_a_whole_series_at_once_takes_few_statements(practice, alice, dr_chen):
    readings = [
        one("glucose", str(100 + place), "mg/dL", measured_at=NOW - timedelta(hours=place + 1))
        for place in range(60)
    ]
    made = add_readings(by=alice.user, patient=alice, readings=readings)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        incorporate(practice=practice, data=[each.pk for each in made], by=dr_chen.user)
    assert len(asked) < 40
    assert Resource.objects.filter(kind="Observation").count() == 60
    assert Resource.objects.filter(kind="Provenance").count() == 1
    assert PatientDatum.objects.count() == 1


def test_asking_back_is_a_message_and_the_data_wait_with_it(practice, alice, sam_staff, brought):
    made = brought(pressure())
    message = ask_back(
        practice=practice, data=[made.pk], by=sam_staff, subject="Your reading",
        body="Was it after a walk?", client_key="one",
    )  # fmt: skip
    made.refresh_from_db()
    assert (made.state, made.thread) == (State.ASKED_BACK, message.thread)
    assert message.thread.patient == alice


def test_a_question_that_cannot_be_sent_leaves_the_data_as_they_were(practice, sam_staff, brought):
    made = brought(pressure())
    with pytest.raises(DataRefusedError):
        ask_back(
            practice=practice, data=[made.pk], by=sam_staff, subject="", body="?", client_key="one"
        )
    made.refresh_from_db()
    assert made.state == State.WAITING
    assert not Thread.objects.exists()


def test_declining_needs_a_reason_that_the_patient_reads(practice, dr_chen, brought):
    made = brought(pressure())
    with pytest.raises(RequestError, match="Say why"):
        decline(practice=practice, data=[made.pk], by=dr_chen.user, reason=" ")
    decline(practice=practice, data=[made.pk], by=dr_chen.user, reason="It was your neighbour's.")
    made.refresh_from_db()
    assert (made.state, made.comment) == (State.DECLINED, "It was your neighbour's.")
    assert not Resource.objects.exists()
    assert PatientDatum.objects.get().incorporated_on is None
