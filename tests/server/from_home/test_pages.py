"""The pages of home, as browsers ask for them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests import made_files as made
from tests.server.conftest import make_patient
from tests.server.from_home.conftest import NOW, one, pressure
from wellpost.server.from_home.adding import add_document, add_needs, add_note, add_readings
from wellpost.server.from_home.documents import DOCUMENTS
from wellpost.server.from_home.models import HomeDatum, HomeLimit, ImportBatch, State
from wellpost.server.from_home.reviewing import incorporate
from wellpost.server.messaging.models import Thread
from wellpost.server.records.models import PatientDatum

pytestmark = pytest.mark.django_db

WHEN = {"on": "2021-06-15", "at": "09:15"}


def form_of(patient, name="home_reading", *more):
    return reverse(f"portal:{name}", args=[patient.pk, *more])


def test_a_reading_is_saved_and_seen_at_once(as_user, alice):
    given = {"systolic": "128", "diastolic": "82", "unit": "mm[Hg]", "pulse": "71", **WHEN}
    page = as_user(alice.user).post(
        form_of(alice, "home_reading", "blood_pressure"), given, follow=True
    )
    text = page.content.decode()
    assert "Saved: 128/82 mmHg." in text
    assert "<svg" in text
    assert "Waiting for the practice to look at it" in text
    assert {each.kind for each in HomeDatum.objects.all()} == {"blood_pressure", "pulse"}
    made = HomeDatum.objects.get(kind="pulse")
    assert made.measured_at.isoformat() == "2021-06-15T13:15:00+00:00"


def test_the_form_knows_now_and_the_unit_used_last(as_user, alice, brought):
    client, address = as_user(alice.user), form_of(alice, "home_reading", "weight")
    assert 'value="[lb_av]" ' in _checked(client.get(address))
    brought(one("weight", "80", "kg"))
    page = client.get(address)
    assert 'value="kg" ' in _checked(page)
    assert 'value="2021-06-15"' in page.content.decode()
    assert 'value="10:30"' in page.content.decode()


def test_who_writes_in_millimoles_reads_in_millimoles(as_user, alice, brought):
    brought(one("glucose", "5.5", "mmol/L"))
    page = as_user(alice.user).get(form_of(alice, "home_series", "glucose")).content.decode()
    assert "5.5 mmol/L" in page
    assert "mg/dL" not in page


def _checked(page) -> str:
    return next(each for each in page.content.decode().split("<input") if " checked" in each)


def test_a_dangerous_reading_is_answered_with_what_to_do(as_user, alice, practice):
    practice.phone = "207 555 0100"
    practice.save()
    page = as_user(alice.user).post(
        form_of(alice, "home_reading", "glucose"),
        {"glucose": "48", "unit": "mg/dL", **WHEN},
        follow=True,
    )
    text = page.content.decode()
    assert "48 mg/dL: dangerously low." in text
    assert "Call 911 now" in text
    assert "15 grams of sugar" in text
    assert "207 555 0100" in text


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"systolic": "", "diastolic": "80"}, "Write the number."),
        ({"systolic": "12o", "diastolic": "80"}, "“12o” is not a number"),
        ({"systolic": "1200", "diastolic": "80"}, "between 40 and 350 mmHg"),
        ({"systolic": "9" * 10_000, "diastolic": "80"}, "is not a number"),
        ({"systolic": "120", "diastolic": "80", "unit": "kg"}, "Unit"),
        ({"systolic": "120", "diastolic": "80", "on": "2031-01-01"}, "has not come yet"),
        ({"systolic": "120", "diastolic": "80", "on": "0001-01-01"}, "too long ago"),
        ({"systolic": "120", "diastolic": "80", "at": "25:00"}, "Write a time."),
    ],
)
def test_a_slip_is_told_and_what_was_typed_stays(as_user, alice, given, says):
    whole = {"unit": "mm[Hg]", **WHEN, **given}
    page = as_user(alice.user).post(form_of(alice, "home_reading", "blood_pressure"), whole)
    text = page.content.decode()
    assert page.status_code == 200
    assert says in text
    assert f'value="{given["systolic"]}"' in text or not given["systolic"]
    assert not HomeDatum.objects.exists()


def test_notes_documents_and_answers_are_added_and_opened(as_user, alice):
    client = as_user(alice.user)
    client.post(form_of(alice, "home_note"), {"text": "Dizzy <b>since</b> Monday", **WHEN})
    photo = SimpleUploadedFile("knee.png", made.picture("PNG"), "text/html")
    client.post(form_of(alice, "home_document"), {"what": "72170-4", "file": photo, **WHEN})
    client.post(form_of(alice, "home_needs"), {"93030-5": "LA33-6", "96778-6": ["LA28580-1"]})
    note, photo, needs = (
        HomeDatum.objects.get(kind=each) for each in ("note", "document", "needs")
    )
    text = client.get(form_of(alice, "home_datum", note.pk)).content.decode()
    assert "Dizzy &lt;b&gt;since&lt;/b&gt; Monday" in text
    assert "Mold" in client.get(form_of(alice, "home_datum", needs.pk)).content.decode()
    file = client.get(form_of(alice, "home_document_file", photo.pk))
    assert file["Content-Type"] == "image/png"
    assert file["Content-Disposition"] == 'attachment; filename="knee.png"'
    assert b"".join(file.streaming_content).startswith(b"\x89PNG")


def test_a_reading_of_another_patient_is_not_there(as_user, alice, bob, practice, brought):
    made = brought(pressure())
    own = make_patient(practice, "Bobby Birch", user=bob.user)
    client = as_user(bob.user)
    for patient in (alice, own):
        for page in ("home_datum", "home_take_back", "home_document_file"):
            assert client.get(form_of(patient, page, made.pk)).status_code == 404
    address = form_of(alice, "home_reading", "pulse")
    assert client.post(address, {"pulse": "70", **WHEN}).status_code == 404
    assert HomeDatum.objects.count() == 1


def test_a_mistake_is_taken_back(as_user, alice, brought):
    made = brought(pressure())
    client = as_user(alice.user)
    page = client.post(form_of(alice, "home_take_back", made.pk), follow=True)
    assert "It is taken back." in page.content.decode()
    assert HomeDatum.objects.get().state == State.WITHDRAWN


def test_the_patient_reads_what_became_of_it(as_user, alice, practice, dr_chen, brought):
    made = brought(pressure())
    incorporate(practice=practice, data=[made.pk], by=dr_chen.user, comment="Well done.")
    text = as_user(alice.user).get(form_of(alice, "home")).content.decode()
    assert "Dr Chen added this to the record on June 15, 2021. Well done." in text


def test_a_file_is_sent_and_its_end_told(as_user, alice, settings):
    settings.HOME_FILES_AT_ONCE = True
    csv = b"Date,Systolic,Diastolic,Heart rate,Comments\n2021-06-14 08:00:00,128,82,71,\n"
    page = as_user(alice.user).post(
        form_of(alice, "home_file"), {"file": ContentFile(csv, name="bp.csv")}, follow=True
    )
    assert "2 readings were added." in page.content.decode()
    batch = ImportBatch.objects.get()
    part = as_user(alice.user).get(form_of(alice, "home_import", batch.pk), {"part": 1})
    assert "<html" not in part.content.decode()


def test_the_practice_sees_the_dangerous_first(as_user, alice, carol, dr_chen, brought, practice):
    brought(one("weight", "80", "kg"))
    brought(pressure("190", "100"))
    page = as_user(dr_chen.user).get(reverse("home_data:start")).content.decode()
    assert page.index("Blood pressure") < page.index("Weight")
    assert "1 dangerous" in page


def review(patient, kind):
    return reverse("home_data:review", args=[patient.pk, kind])


def test_the_clinician_decides_about_what_is_ticked(as_user, alice, dr_chen, brought):
    first, second = brought(pressure()), brought(pressure("131"))
    client = as_user(dr_chen.user)
    said = {"data": [str(first.pk)], "deed": "add", "words": "", "client_key": str(first.pk)}
    page = client.post(review(alice, "blood_pressure"), said, follow=True)
    assert "1 entry is in the record now" in page.content.decode()
    assert "128/82 mmHg" in page.content.decode()
    said |= {"data": [str(second.pk)], "deed": "decline", "words": "Not yours."}
    client.post(review(alice, "blood_pressure"), said)
    states = dict(HomeDatum.objects.values_list("pk", "state"))
    assert states == {first.pk: State.ACCEPTED, second.pk: State.DECLINED}


def test_a_whole_series_is_added_at_once(as_user, alice, dr_chen):
    readings = [
        one("glucose", str(100 + each), "mg/dL", measured_at=NOW - timedelta(hours=each + 1))
        for each in range(60)
    ]
    add_readings(by=alice.user, patient=alice, readings=readings)
    said = {"all": "1", "deed": "add", "client_key": str(alice.pk)}
    as_user(dr_chen.user).post(review(alice, "glucose"), said)
    assert not HomeDatum.objects.exclude(state=State.ACCEPTED).exists()
    assert PatientDatum.objects.get().clinician == dr_chen


def test_a_question_begins_a_conversation(as_user, alice, sam_staff, brought):
    made = brought(pressure())
    said = {
        "data": [str(made.pk)], "deed": "ask", "words": "After a walk?",
        "client_key": str(made.pk),
    }  # fmt: skip
    as_user(sam_staff).post(review(alice, "blood_pressure"), said)
    assert HomeDatum.objects.get().thread == Thread.objects.get()


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"deed": "add"}, "Nothing is chosen yet"),
        ({"deed": "decline", "all": "1"}, "Say why"),
        ({"deed": "ask", "all": "1"}, "Write your question"),
        ({"deed": "burn", "all": "1"}, "Select a valid choice"),
    ],
)
def test_what_is_missing_is_told(as_user, alice, dr_chen, brought, said, says):
    made = brought(pressure())
    address = review(alice, "blood_pressure")
    page = as_user(dr_chen.user).post(address, {"client_key": str(made.pk), **said})
    assert says in page.content.decode()
    assert HomeDatum.objects.get().state == State.WAITING


def test_staff_prepare_and_do_not_add(as_user, alice, sam_staff, brought):
    made = brought(pressure())
    client = as_user(sam_staff)
    page = client.get(review(alice, "blood_pressure")).content.decode()
    assert "Add to the record" not in page
    said = {"data": [str(made.pk)], "deed": "add", "client_key": str(made.pk)}
    assert client.post(review(alice, "blood_pressure"), said).status_code == 404


def test_another_patients_datum_cannot_be_slipped_in(as_user, alice, carol, dr_chen, brought):
    made = brought(pressure())
    said = {"data": [str(made.pk)], "deed": "add", "client_key": str(made.pk)}
    answer = as_user(dr_chen.user).post(review(carol, "blood_pressure"), said)
    assert answer.status_code == 404
    assert HomeDatum.objects.get().state == State.WAITING


def test_notes_and_files_are_read_by_who_reads_the_chart(as_user, alice, dr_chen, dr_evans):
    add_note(by=alice.user, patient=alice, text="Dizzy.", measured_at=NOW)
    add_needs(by=alice.user, patient=alice, answers={"71802-3": ["LA31994-9"]}, measured_at=NOW)
    file = ContentFile(made.pdf(), name="will.pdf")
    paper = add_document(
        by=alice.user, patient=alice, file=file, document=DOCUMENTS[0], measured_at=NOW
    )
    client = as_user(dr_chen.user)
    assert "Dizzy." in client.get(review(alice, "note")).content.decode()
    assert "worried about losing it" in client.get(review(alice, "needs")).content.decode()
    assert "will.pdf" in client.get(review(alice, "document")).content.decode()
    place = reverse("home_data:file", args=[paper.pk])
    assert b"".join(client.get(place).streaming_content).startswith(b"%PDF")
    assert as_user(dr_evans.user).get(place).status_code == 404


def test_the_chart_stands_beside(as_user, alice, dr_chen, practice, brought):
    kept = brought(pressure("119", "71"))
    incorporate(practice=practice, data=[kept.pk], by=dr_chen.user)
    brought(pressure())
    page = as_user(dr_chen.user).get(review(alice, "blood_pressure")).content.decode()
    assert "In the chart: Upper number (systolic): one value, 119 mmHg, on June 15, 2021." in page


def test_limits_are_the_patients_the_practices_or_the_usual(
    as_user, alice, dr_chen, sam_staff, brought
):
    client = as_user(dr_chen.user)
    client.post(reverse("home_data:limits"), {"part": "systolic", "high": "160", "deed": "set"})
    own = reverse("home_data:patient_limits", args=[alice.pk])
    assert brought(pressure("165", "80")).danger == "high"
    client.post(own, {"part": "systolic", "low": "100", "high": "170", "deed": "set"})
    assert brought(pressure("166", "80")).danger == ""
    client.post(own, {"part": "systolic", "deed": "drop"})
    assert brought(pressure("167", "80")).danger == "high"
    assert HomeLimit.objects.get().set_by == dr_chen.user
    page = client.post(own, {"part": "systolic", "high": "9000", "deed": "set"})
    assert "cannot be reached" in page.content.decode()
    assert as_user(sam_staff).post(own, {"part": "pulse", "deed": "set"}).status_code == 404


def test_usual_limits_are_not_meant_for_children(alice, brought):
    alice.birth_on = NOW.date().replace(year=2008)
    alice.save()
    assert brought(pressure("90", "60")).danger == ""
