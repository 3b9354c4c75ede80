"""A patient, or who represents them, brings something in."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile

from tests import made_files
from tests.server.from_home.conftest import NOW, one, pressure
from wellpost.errors import DataRefusedError, RequestError
from wellpost.server.audit.models import AuditRow
from wellpost.server.from_home.adding import (
    add_document,
    add_needs,
    add_note,
    add_readings,
    take_back,
)
from wellpost.server.from_home.documents import DOCUMENTS
from wellpost.server.from_home.models import HomeDatum, HomeFileChunk, State
from wellpost.server.from_home.sealing import note_of, open_file, words_of
from wellpost.server.messaging.actions import cover
from wellpost.server.messaging.errors import TamperedError
from wellpost.server.notices.models import Notice
from wellpost.server.people.models import Membership
from wellpost.server.people.permissions import NotAllowed
from wellpost.server.records.models import Encounter, PatientDatum

pytestmark = pytest.mark.django_db

DIRECTIVE = DOCUMENTS[0]


def test_a_reading_is_kept_as_written_and_in_the_kinds_own_unit(alice, brought):
    made = brought(one("weight", "180.5", "[lb_av]"))
    assert (made.value, made.unit) == (Decimal("81.8734"), "kg")
    assert (made.entered, made.entered_unit) == ("180.5", "[lb_av]")
    assert (made.entered_by, made.representative, made.state) == (alice.user, None, State.WAITING)


def test_what_is_waiting_is_received_and_counts_for_nobody(alice, brought):
    brought(pressure())
    row = PatientDatum.objects.get()
    assert (row.patient, row.clinician, row.incorporated_on) == (alice, None, None)
    assert row.received_on.isoformat() == "2021-06-15"


def test_the_representative_adds_for_the_patient_as_themselves(amir, brought):
    made = brought(pressure(), by=amir.user)
    assert (made.entered_by, made.representative) == (amir.user, amir)
    row = AuditRow.objects.get(deed="home_data_added")
    assert row.on_behalf_of == str(amir.patient_id)


@pytest.mark.parametrize("who", ["bob", "dr_chen", "sam_staff"])
def test_nobody_else_adds_for_the_patient(request, alice, who):
    somebody = request.getfixturevalue(who)
    user = getattr(somebody, "user", somebody)
    with pytest.raises(NotAllowed):
        add_readings(by=user, patient=alice, readings=[pressure()])
    assert not HomeDatum.objects.exists()


def test_a_representative_for_messages_alone_does_not(amir, brought):
    amir.may_see_record = False
    amir.save()
    with pytest.raises(NotAllowed):
        brought(pressure(), by=amir.user)


def test_said_twice_is_kept_once(brought):
    assert brought(pressure()) == brought(pressure())
    assert HomeDatum.objects.count() == PatientDatum.objects.count() == 1


@pytest.mark.parametrize(
    ("reading", "says"),
    [
        (pressure("abc"), "is not a number"),
        (pressure("1" * 10_000), "is not a number"),
        (pressure("1e9"), "cannot be right"),
        (pressure("nan"), "is not a number"),
        (pressure("=1+1"), "is not a number"),
        (pressure("820", "80"), "between 40 and 350 mmHg"),
        (pressure("80", "120"), "swapped"),
        (pressure(second=""), "Lower number"),
        (one("weight", "80", "mg/dL"), "cannot be turned into kg"),
        (one("weight", "80", "<b>"), "no UCUM unit"),
        (one("weight", "80", "10*999999"), "no UCUM unit"),
        (one("temperature", "98.6", "Cel"), "between 25 and 46 °C"),
        (one("temperature", "37", "[degF]"), "between 77 and 114.8 °F"),
        (one("mood", "5", "1"), "no kind"),
        (pressure(measured_at=NOW + timedelta(hours=1)), "has not come yet"),
        (pressure(measured_at=NOW.replace(year=1950)), "before the date of birth"),
    ],
)
def test_what_cannot_be_right_is_refused_in_plain_words(brought, reading, says):
    with pytest.raises(RequestError, match=says):
        brought(reading)
    assert not HomeDatum.objects.exists()
    assert not PatientDatum.objects.exists()


def test_one_wrong_number_of_two_readings_keeps_neither(alice):
    both = [pressure(), one("pulse", "9000", "/min")]
    with pytest.raises(RequestError):
        add_readings(by=alice.user, patient=alice, readings=both)
    assert not HomeDatum.objects.exists()


@pytest.mark.parametrize(
    ("reading", "danger"),
    [
        (pressure("180", "90"), "high"),
        (pressure("179", "119"), ""),
        (pressure("150", "120"), "high"),
        (pressure("90", "60"), "low"),
        (pressure("91", "60"), ""),
        (one("glucose", "53", "mg/dL"), "low"),
        (one("glucose", "54", "mg/dL"), ""),
        (one("glucose", "16.7", "mmol/L"), "high"),
        (one("oxygen", "91", "%"), "low"),
        (one("oxygen", "92", "%"), ""),
    ],
)
def test_a_dangerous_reading_goes_before_all_others(brought, reading, danger):
    made = brought(reading)
    assert (made.danger, made.of_note) == (danger, bool(danger))


def test_the_clinicians_who_see_the_patient_are_told_of_danger_and_who_covers_for_them(
    practice, alice, dr_chen, dr_diaz, sam_staff, brought
):
    Encounter.objects.create(
        practice=practice, patient=alice, clinician=dr_chen, seen_on="2021-06-01",
        kind="office_visit",
    )  # fmt: skip
    brought(pressure())
    assert told() == set()
    brought(pressure("190", "100"))
    assert told() == {dr_chen.user}
    away, covering = (Membership.objects.get(clinician=each) for each in (dr_chen, dr_diaz))
    today = NOW.date()
    cover(membership=away, covered_by=covering, by=dr_chen.user, starts_on=today, ends_on=today)
    brought(pressure("191", "100"))
    assert told() == {dr_chen.user, dr_diaz.user}


def test_where_nobody_saw_the_patient_every_clinician_is_told(alice, dr_chen, dr_diaz, brought):
    brought(pressure("190", "100"))
    assert told() == {dr_chen.user, dr_diaz.user}


def told():
    """Whom a notice went to that a reading needs a look."""
    return {each.user for each in Notice.objects.filter(kind="reading_waiting")}


def test_an_old_dangerous_reading_is_marked_and_does_not_jump_the_queue(brought):
    made = brought(pressure("190", "100", measured_at=NOW - timedelta(days=4)))
    assert (made.danger, made.of_note) == ("high", False)


def test_a_note_is_sealed_and_opened_for_who_may(alice, dr_chen, bob):
    made = add_note(by=alice.user, patient=alice, text="Dizzy since Monday.", measured_at=NOW)
    stored = b"".join(bytes(each.sealed) for each in HomeFileChunk.objects.all())
    assert b"Dizzy" not in stored
    assert words_of(made.file) == "Dizzy since Monday."
    assert b"".join(open_file(made.file_id, dr_chen.user).pieces) == b"Dizzy since Monday."
    with pytest.raises(NotAllowed):
        open_file(made.file_id, bob.user)


def test_a_changed_file_is_an_alarm_not_a_page(alice):
    made = add_note(by=alice.user, patient=alice, text="Dizzy.", measured_at=NOW)
    chunk = HomeFileChunk.objects.get()
    chunk.sealed = bytes(chunk.sealed)[:-1] + b"\x00"
    chunk.save()
    with pytest.raises(TamperedError):
        list(open_file(made.file_id, alice.user).pieces)
    assert AuditRow.objects.filter(deed="seal_broken", target_id=str(made.file_id)).exists()


def test_a_file_moved_to_another_patient_does_not_open(alice, carol):
    made = add_note(by=alice.user, patient=alice, text="Dizzy.", measured_at=NOW)
    made.file.patient = carol
    with pytest.raises(TamperedError):
        note_of(made.file)


def test_a_document_is_known_by_its_content(alice):
    file = ContentFile(made_files.pdf(), name="../my will.jpg")
    made = add_document(
        by=alice.user, patient=alice, file=file, document=DIRECTIVE, measured_at=NOW
    )
    assert (made.code, made.source) == ("42348-3", "non_clinical_setting")
    assert (note_of(made.file).name, note_of(made.file).type) == (
        "my will.jpg.pdf", "application/pdf",
    )  # fmt: skip


@pytest.mark.parametrize("content", [b"MZ\x90\x00\x03 not a photo", b""])
def test_a_file_that_is_not_what_it_says_is_refused(alice, content):
    file = ContentFile(content, name="photo.jpg")
    with pytest.raises(DataRefusedError):
        add_document(by=alice.user, patient=alice, file=file, document=DIRECTIVE, measured_at=NOW)
    assert not HomeDatum.objects.exists()


def test_answers_are_kept_by_their_codes(alice):
    given = {"71802-3": ["LA31994-9"], "96778-6": ["LA28580-1", "LA32001-2"], "93030-5": [""]}
    made = add_needs(by=alice.user, patient=alice, answers=given, measured_at=NOW)
    assert [each["answer"] for each in made.answers] == ["LA31994-9", "LA28580-1", "LA32001-2"]


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"71802-3": ["LA32-8"]},
        {"71802-3": ["LA31993-1", "LA31994-9"]},
        {"96778-6": ["LA9-3", "LA28580-1"]},
    ],
)
def test_answers_that_are_none_are_refused(alice, answers):
    with pytest.raises(RequestError):
        add_needs(by=alice.user, patient=alice, answers=answers, measured_at=NOW)


def test_a_mistake_is_taken_back_and_can_be_brought_again(alice, brought, bob):
    made = brought(pressure())
    with pytest.raises(NotAllowed):
        take_back(datum=made, by=bob.user)
    take_back(datum=made, by=alice.user)
    assert HomeDatum.objects.get().state == State.WITHDRAWN
    brought(pressure())
    assert HomeDatum.objects.get().state == State.WAITING
