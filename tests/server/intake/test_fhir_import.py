"""`wellpost import fhir`: everything in, once; nothing half done; every rest accounted for."""

from __future__ import annotations

import gzip
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.server.intake.world import World, member
from tests.unit.adapters.folders import (
    BULK,
    BUNDLES,
    CHEN_NPI,
    PRACTICE,
    Resource,
    communication,
    encounter,
    organization,
    patient,
    role,
    write,
)
from wellpost.cli.main import main
from wellpost.errors import DataRefusedError
from wellpost.server.audit.models import AuditRow
from wellpost.server.intake.actions import import_fhir
from wellpost.server.intake.report import ImportReport
from wellpost.server.messaging.models import Message
from wellpost.server.messaging.opening import open_thread
from wellpost.server.people.models import Clinician, Membership, Patient, Practice, Role
from wellpost.server.people.permissions import NotAllowed
from wellpost.server.records.models import Encounter, PatientDatum

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def bring(folder: Path, *resources: Resource, **options: Any) -> ImportReport:
    return import_fhir(write(folder, *PRACTICE, *resources), by=None, **options)


@pytest.fixture
def reference(tmp_path: Path) -> Path:
    """The reference data; outside `make nightly` one encounter of them in forty."""
    if os.environ.get("HYPOTHESIS_PROFILE") == "nightly":
        return BUNDLES
    for each in BUNDLES.iterdir():
        (tmp_path / each.name).symlink_to(each)
    encounters = gzip.decompress((BUNDLES / "Encounter.ndjson.gz").read_bytes()).splitlines(True)
    (tmp_path / "Encounter.ndjson.gz").unlink()
    (tmp_path / "Encounter.ndjson").write_bytes(b"".join(encounters[::40]))
    return tmp_path


def test_the_reference_data_come_in_whole_and_a_second_time_change_nothing(reference: Path) -> None:
    every = reference == BUNDLES
    first = import_fhir(reference, by=None, synthetic_identifiers=True)
    assert Encounter.objects.count() == first.of("visits").new == (31_487 if every else 788)
    left_out = 81 if every else 2
    assert f"  left out {left_out}: it names no practitioner" in "\n".join(first.sentences())
    if every:
        assert len({e.patient_id for e in Encounter.objects.all()}) == Patient.objects.count()
    second = import_fhir(reference, by=None, synthetic_identifiers=True)
    assert (second.new, second.changed) == (0, 0)
    assert list(second.sentences())[-1] == "in all: 0 new, 0 changed"
    assert Encounter.objects.count() == first.of("visits").new


def test_a_practice_gets_its_people_and_what_they_did(tmp_path: Path) -> None:
    bring(tmp_path, encounter("e1"))
    [seen] = Encounter.objects.all()
    assert (seen.practice.tin, seen.clinician.npi) == ("001234567", CHEN_NPI)
    assert (seen.seen_on, seen.kind, seen.source_id) == (date(2021, 6, 3), "office_visit", "e1")
    assert Membership.objects.count() == 2
    assert {each.value for each in seen.patient.identifiers.all()} == {"alice"}


def test_only_record_numbers_are_kept_of_a_patients_identifiers(tmp_path: Path) -> None:
    numbers = [
        {"system": "urn:mr", "value": "17", "type": {"coding": [{"code": "MR"}]}},
        {"system": "urn:ssn", "value": "999-22-1962", "type": {"coding": [{"code": "SS"}]}},
    ]
    bring(tmp_path, patient("alice", identifier=numbers), encounter("e1"))
    kept = {each.value for each in Encounter.objects.get().patient.identifiers.all()}
    assert kept == {"alice", "17"}


def test_what_changed_at_the_source_is_changed_here(tmp_path: Path) -> None:
    bring(tmp_path, encounter("e1"))
    moved = encounter("e1", period={"start": "2021-06-09"}, **{"class": {"code": "VR"}})
    report = bring(tmp_path, patient("alice", name=[{"family": "Adams"}]), moved)
    assert (report.new, report.changed) == (0, 4)  # the visit, the patient, and their entries
    seen = Encounter.objects.get()
    assert (seen.seen_on, seen.kind) == (date(2021, 6, 9), "telehealth")
    assert seen.patient.family_name == "Adams"


def test_an_encounter_entered_in_error_is_taken_back_and_can_stand_again(tmp_path: Path) -> None:
    bring(tmp_path, encounter("e1"), encounter("e2"))
    report = bring(tmp_path, encounter("e1", status="entered-in-error"), encounter("e2"))
    assert (report.new, report.changed, report.withdrawn) == (0, 2, 1)
    assert Encounter.objects.get(source_id="e1").cancelled_at is not None
    report = bring(tmp_path, encounter("e1"), encounter("e2"))
    assert report.of("visits").changed == 1
    assert Encounter.objects.get(source_id="e1").cancelled_at is None


def test_what_the_practice_wrote_itself_stays_where_the_source_says_nothing(tmp_path: Path) -> None:
    bring(tmp_path, encounter("e1"))
    Patient.objects.update(email="alice@example.org")
    Practice.objects.update(name="North, as we call it")
    assert bring(tmp_path, encounter("e1")).changed == 0
    assert Encounter.objects.get().patient.email == "alice@example.org"
    assert Practice.objects.get().name == "North, as we call it"


def test_days_of_a_role_are_days_of_membership(tmp_path: Path) -> None:
    days = {"period": {"start": "2019-02-01", "end": "2021-06-30"}}
    chen = role("chen-north", "Practitioner/chen", "Organization/north", **days)
    bring(tmp_path, chen, encounter("e1"))
    held = Membership.objects.get(clinician__npi=CHEN_NPI)
    assert (held.starts_on, held.ends_on) == (date(2019, 2, 1), date(2021, 6, 30))


def test_without_days_membership_begins_with_the_first_visit(tmp_path: Path) -> None:
    bring(tmp_path, encounter("e1"), encounter("e0", period={"start": "2020-05-05"}))
    assert Membership.objects.get(clinician__npi=CHEN_NPI).starts_on == date(2020, 5, 5)


def test_bad_npis_are_refused_and_nothing_is_written() -> None:
    with pytest.raises(DataRefusedError, match="npi 160 fails its check digit"):
        import_fhir(BUNDLES, by=None)
    assert not Practice.objects.exists()


def test_a_broken_line_refuses_all_or_only_itself_as_asked(tmp_path: Path) -> None:
    write(tmp_path, *PRACTICE, encounter("e1"))
    with (tmp_path / "export.ndjson").open("ab") as file:
        file.write(b"{oops\n")
    with pytest.raises(DataRefusedError, match=r"export\.ndjson:12: is not JSON"):
        import_fhir(tmp_path, by=None)
    assert not Encounter.objects.exists()
    report = import_fhir(tmp_path, by=None, on_broken_line="keep_rest")
    assert Encounter.objects.count() == 1
    assert any("1: the line is no FHIR resource" in line for line in report.sentences())


def test_a_folder_without_a_tin_is_refused_with_its_account() -> None:
    with pytest.raises(DataRefusedError) as refused:
        import_fhir(BULK, by=None)
    assert "PractitionerRole: 43 came" in str(refused.value)
    assert refused.value.faults[-1].endswith("ask for --synthetic-identifiers.")


def test_of_one_practice_only_what_is_its_own(tmp_path: Path, world: World) -> None:
    Practice.objects.filter(pk=world.north.pk).update(tin="001234567")
    world.north.refresh_from_db()
    elsewhere = [
        organization("south", "007654321"),
        encounter("e2", serviceProvider={"reference": "Organization/south"}),
    ]
    report = bring(tmp_path, *elsewhere, encounter("e1"), practice=world.north)
    assert [each.source_id for each in Encounter.objects.all()] == ["e1"]
    assert report.left_out["visits", "of another practice"] == 1
    assert not Practice.objects.filter(tin="007654321").exists()


def test_a_practice_that_the_folder_does_not_speak_of_is_said(tmp_path: Path, world: World) -> None:
    with pytest.raises(DataRefusedError, match="Nothing in this folder belongs to tin"):
        bring(tmp_path, encounter("e1"), practice=world.south)


def test_staff_import_for_their_own_practice_and_nobody_for_all(
    tmp_path: Path, world: World
) -> None:
    folder = write(tmp_path, *PRACTICE, encounter("e1"))
    Practice.objects.filter(pk=world.north.pk).update(tin="001234567")
    world.north.refresh_from_db()
    import_fhir(folder, by=world.sam, practice=world.north)
    for by, practice in (
        (world.sam, None),
        (world.sam, world.south),
        (world.evans.user, world.north),
        (world.alices_user, world.north),
    ):
        with pytest.raises(NotAllowed):
            import_fhir(folder, by=by, practice=practice)
    row = AuditRow.objects.get(deed="visits_imported")
    assert row.actor_id == str(world.sam.pk)
    assert row.practice_id == str(world.north.pk)
    assert row.details["came"] == {"visits": 1, "patients": 2}


def test_data_from_the_patient_come_in_once(tmp_path: Path) -> None:
    sent: Resource = {
        "resourceType": "Observation",
        "id": "o1",
        "status": "final",
        "subject": {"reference": "Patient/alice"},
        "performer": [{"reference": "Patient/alice"}],
        "effectiveDateTime": "2021-06-12",
    }
    for _ in range(2):
        bring(tmp_path, encounter("e1"), sent)
    datum = PatientDatum.objects.get()
    assert (datum.received_on, datum.incorporated_on) == (date(2021, 6, 12), None)


def test_the_command_says_what_it_did(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wellpost.server.config.serving.prepare_database", lambda: None)
    assert main(["import", "fhir", str(BULK), "--synthetic-identifiers"]) == 0
    said, told = capsys.readouterr()
    assert "visits: 1,215 new, 0 changed, 0 as they were" in said
    assert "made-up identifiers: 0 NPIs, 43 TINs" in said
    assert "visits: done" in told
    assert main(["import", "fhir", str(BULK), "--synthetic-identifiers"]) == 0
    said = capsys.readouterr().out
    assert "in all: 0 new, 0 changed\n" in said
    assert "practices without an administrator: 43. To appoint one: wellpost practice" in said
    assert Clinician.objects.count() == 43


def test_the_command_refuses_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wellpost.server.config.serving.prepare_database", lambda: None)
    assert main(["import", "fhir", str(tmp_path)]) == 1
    assert "holds no FHIR NDJSON; put files such as Patient.ndjson" in capsys.readouterr().err
    assert main(["import", "fhir", str(BULK), "--practice", "001234567"]) == 2
    assert "tin 001234567: the server has no such practice" in capsys.readouterr().err


def conversation(*answers: Resource) -> list[Resource]:
    thread = communication("t", "", payload=[], topic={"text": "Dizzy since Monday"})
    part = {"partOf": [{"reference": "Communication/t"}]}
    question = communication("m1", "Patient/alice", "Practitioner/chen", **part)
    return [thread, question, *(one | part for one in answers)]


ANSWER = communication(
    *("m2", "Practitioner/chen", "Patient/alice"),
    sent="2021-06-11T09:30:00-04:00",
    inResponseTo=[{"reference": "Communication/m1"}],
    payload=[{"contentString": "Please come in tomorrow."}],
)


def test_messages_written_elsewhere_are_sealed_into_a_conversation(tmp_path: Path) -> None:
    among_us = communication("m9", "Practitioner/chen", "Practitioner/diaz")
    report = bring(tmp_path, encounter("e1"), *conversation(ANSWER), among_us)
    assert report.of("messages").new == 2
    assert report.left_out["messages", "the patient takes no part in them"] == 1
    question, answer = Message.objects.order_by("sequence")
    assert question.thread == answer.thread
    assert answer.in_reply_to == question
    assert (answer.sender, answer.sender_kind, answer.sent_to) == (None, "clinician", "patient")
    assert (answer.clinician.npi, answer.sent_on) == (CHEN_NPI, date(2021, 6, 11))
    assert b"Please come in" not in bytes(answer.sealed)
    assert answer.thread.state == "resolved"
    row = AuditRow.objects.get(deed="message_imported")
    assert row.details == {"messages": 2}
    assert row.patient_id == str(answer.thread.patient_id)


def test_messages_that_come_later_go_on_the_same_conversation(tmp_path: Path) -> None:
    bring(tmp_path, encounter("e1"), *conversation())
    report = bring(tmp_path, encounter("e1"), *conversation(ANSWER))
    assert (report.of("messages").new, report.of("messages").unchanged) == (1, 1)
    assert len({each.thread_id for each in Message.objects.all()}) == 1
    again = bring(tmp_path, encounter("e1"), *conversation(ANSWER))
    assert (again.new, again.changed) == (0, 0)


def test_the_practice_opens_what_was_imported(tmp_path: Path) -> None:
    bring(tmp_path, encounter("e1"), *conversation())
    bring(tmp_path, encounter("e1"), *conversation(ANSWER))
    practice = Practice.objects.get()
    sam = member("sam", practice, Role.STAFF)
    shown = open_thread(thread_id=Message.objects.first().thread_id, by=sam)
    assert shown.subject == "Dizzy since Monday"
    assert [each.text for each in shown.messages] == ["…", "Please come in tomorrow."]
    assert not shown.tampered
    assert shown.missing == 0
