"""Communications and patients' own data as facts: who wrote to whom, in which thread, when."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.unit.adapters.folders import (
    CHEN_NPI,
    DIAZ_NPI,
    PRACTICE,
    SYNTHEA,
    Resource,
    communication,
    encounter,
    organization,
    patient,
    role,
    write,
)
from wellpost.adapters.fhir import FhirFacts, facts_of, read
from wellpost.adapters.fhir.conversations import Letter

DEVICE = {"resourceType": "Device", "id": "robot"}
AMIR = "representative"
SCALES = {"resourceType": "Device", "id": "scales", "patient": {"reference": "Patient/alice"}}


def facts(folder: Path, *resources: Resource) -> FhirFacts:
    return facts_of(read(write(folder, *PRACTICE, DEVICE, SCALES, encounter("e1"), *resources)))


def letter(folder: Path, sender: str, *recipients: str, **more: Any) -> Letter:
    [only] = facts(folder, communication("m1", sender, *recipients, **more)).letters
    return only


def provenance(target: str, **agent: str) -> Resource:
    return {
        "resourceType": "Provenance",
        "id": "p1",
        "target": [{"reference": target}],
        "recorded": "2021-06-20T09:00:00-04:00",
        "agent": [{name: {"reference": who} for name, who in agent.items()}],
    }


def observation(**more: Any) -> Resource:
    return {
        "resourceType": "Observation",
        "id": "o1",
        "status": "final",
        "subject": {"reference": "Patient/alice"},
        "effectiveDateTime": "2021-06-12",
    } | more


@pytest.mark.parametrize(
    ("sender", "recipients", "sent_by", "sent_to", "npi", "included"),
    [
        ("Practitioner/chen", ["Patient/alice"], "clinician", "patient", CHEN_NPI, True),
        ("PractitionerRole/chen-north", ["Patient/alice"], "clinician", "patient", CHEN_NPI, True),
        (
            "Practitioner/chen",
            ["RelatedPerson/amir"],
            "clinician",
            "representative",
            CHEN_NPI,
            True,
        ),
        (
            *("Practitioner/chen", ["Practitioner/diaz", "Patient/alice"]),
            *("clinician", "clinician", CHEN_NPI, True),
        ),
        ("Practitioner/chen", ["Practitioner/diaz"], "clinician", "clinician", CHEN_NPI, False),
        ("Patient/alice", ["Practitioner/diaz"], "patient", "clinician", DIAZ_NPI, True),
        ("Patient/alice", ["Organization/north"], "patient", "clinician", "", True),
        (
            "RelatedPerson/amir",
            ["Practitioner/chen"],
            "representative",
            "clinician",
            CHEN_NPI,
            True,
        ),
        ("Patient/bob", ["Practitioner/chen"], AMIR, "clinician", CHEN_NPI, True),
        ("PractitionerRole/nurse-north", ["Patient/alice"], "staff", "patient", "", True),
        ("Organization/north", ["Patient/alice"], "staff", "patient", "", True),
        ("Device/robot", ["Patient/alice"], "automated", "patient", "", True),
    ],
)
def test_who_wrote_to_whom(
    tmp_path: Path,
    sender: str,
    recipients: list[str],
    sent_by: str,
    sent_to: str,
    npi: str,
    included: bool,
) -> None:
    one = letter(tmp_path, sender, *recipients)
    assert (one.sent_by, one.sent_to, one.npi) == (sent_by, sent_to, npi)
    assert (one.patient_included, one.patient_id) == (included, "alice")


@pytest.mark.parametrize(
    "sender", ["Practitioner/chen", "PractitionerRole/nurse-north", "Organization/north"]
)
def test_the_practice_is_told_by_role_or_organization(tmp_path: Path, sender: str) -> None:
    assert letter(tmp_path, sender, "Patient/alice").tin == "001234567"


def test_staff_write_for_the_clinician_a_provenance_names(tmp_path: Path) -> None:
    message = communication("m1", "Practitioner/nurse", "Patient/alice")
    told = provenance("Communication/m1", who="Practitioner/nurse", onBehalfOf="Practitioner/chen")
    [one] = facts(tmp_path, message, told).letters
    assert (one.sent_by, one.npi) == ("staff", CHEN_NPI)


def test_messages_of_one_thread_share_its_id_and_its_parties(tmp_path: Path) -> None:
    thread = communication(*("t", "", "Patient/alice", "Practitioner/chen"), payload=[])
    part = {"partOf": [{"reference": "Communication/t"}]}
    first = communication("m1", "Patient/alice", **part)
    answer = {"inResponseTo": [{"reference": "Communication/m1"}]}
    second = communication("m2", "Practitioner/chen", "Patient/alice", **part, **answer)
    third = communication(
        *("m3", "Patient/alice", "Practitioner/chen"),
        inResponseTo=[{"reference": "Communication/m2"}],
    )
    found = facts(tmp_path, thread, first, second, third)
    assert [one.thread_id for one in found.letters] == ["t", "t", "t"]
    assert [one.in_reply_to for one in found.letters] == ["", "m1", "m2"]
    assert found.letters[0].npi == CHEN_NPI
    assert found.reconciliation.by_reason("Communication") == {"thread_itself": 1}
    assert found.reconciliation.adds_up()


def test_messages_that_answer_each_other_end_somewhere(tmp_path: Path) -> None:
    one = communication(
        *("m1", "Practitioner/chen", "Patient/alice"),
        inResponseTo=[{"reference": "Communication/m2"}],
    )
    two = communication(
        *("m2", "Practitioner/chen", "Patient/alice"),
        inResponseTo=[{"reference": "Communication/m1"}],
    )
    assert len(facts(tmp_path, one, two).letters) == 2


def test_it_could_be_opened_on_the_day_it_was_received_when_that_is_later(tmp_path: Path) -> None:
    one = letter(tmp_path, "Practitioner/chen", "Patient/alice", received="2021-06-15T00:00:00Z")
    assert (one.sent_on, one.available_on) == (date(2021, 6, 10), date(2021, 6, 15))


def test_it_could_be_opened_at_once_when_nothing_else_is_said(tmp_path: Path) -> None:
    assert letter(tmp_path, "Practitioner/chen", "Patient/alice").available_on is None


def test_without_a_subject_it_is_the_patient_who_takes_part(tmp_path: Path) -> None:
    assert letter(tmp_path, "Practitioner/chen", "Patient/bob", subject=None).patient_id == "bob"


PHONE = [{"coding": [{"code": "PHONE"}]}]


@pytest.mark.parametrize(
    ("sender", "recipients", "more", "says"),
    [
        ("Practitioner/chen", ["Patient/alice"], {"status": "in-progress"}, "not_transmitted"),
        ("Practitioner/chen", ["Patient/alice"], {"status": "entered-in-error"}, "not_transmitted"),
        ("Practitioner/chen", ["Patient/alice"], {"medium": PHONE}, "not_a_secure_message"),
        ("Practitioner/chen", ["Patient/alice"], {"sent": None}, "no_day"),
        ("", ["Patient/alice"], {}, "no_sender"),
        ("Practitioner/gone", ["Patient/alice"], {}, "unknown_practitioner"),
        ("Organization/gone", ["Patient/alice"], {}, "unknown_organization"),
        ("Practitioner/chen", [], {}, "no_recipient"),
        ("Practitioner/chen", ["Patient/gone"], {"subject": None}, "unknown_patient"),
        ("Patient/alice", ["RelatedPerson/amir"], {}, "not_between_patient_and_practice"),
        ("Medication/m", ["Patient/alice"], {}, "not_between_patient_and_practice"),
    ],
)
def test_what_is_no_secure_message_is_listed_by_reason(
    tmp_path: Path, sender: str, recipients: list[str], more: dict[str, Any], says: str
) -> None:
    found = facts(tmp_path, communication("m1", sender, *recipients, **more))
    assert found.letters == ()
    assert found.reconciliation.by_reason("Communication") == {says: 1}
    assert found.reconciliation.adds_up()


def test_a_message_of_a_clinician_of_no_practice_is_listed(tmp_path: Path) -> None:
    evans: Resource = {
        "resourceType": "Practitioner",
        "id": "evans",
        "identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": "1679576722"}],
    }
    found = facts(tmp_path, evans, communication("m1", "Practitioner/evans", "Patient/alice"))
    assert found.reconciliation.by_reason("Communication") == {"no_organization": 1}
    assert found.reconciliation.adds_up()


def test_a_clinician_of_two_practices_may_write_for_neither_in_particular(tmp_path: Path) -> None:
    south = organization("south", "007654321")
    second = role("chen-south", "Practitioner/chen", "Organization/south")
    message = communication("m1", "Practitioner/chen", "Patient/alice")
    [one] = facts(tmp_path, south, second, message).letters
    assert (one.npi, one.tin) == (CHEN_NPI, "")


def test_the_examples_of_the_specification_reach_no_patient(
    tmp_path: Path,
) -> None:
    examples = [
        orjson.loads(path.read_bytes())
        for path in sorted((SYNTHEA / "hl7-r4-communication-examples").glob("*.json"))
    ]
    named = [patient("example"), patient("1")]
    chen = dict(PRACTICE[2]) | {"id": "example"}
    works = role("r", "Practitioner/example", "Organization/north")
    found = facts(tmp_path, *named, chen, works, *examples)
    [alert] = found.letters
    assert alert.message_id == "example"
    assert (alert.sent_by, alert.sent_to) == ("automated", "clinician")
    assert (alert.sent_on, alert.patient_included) == (date(2014, 12, 12), False)
    assert found.reconciliation.by_reason("Communication") == {
        "not_between_patient_and_practice": 1,
        "unknown_organization": 1,
    }


@pytest.mark.parametrize(
    ("more", "source"),
    [
        ({"performer": [{"reference": "Patient/alice"}]}, "patient"),
        ({"performer": [{"reference": "RelatedPerson/amir"}]}, "patient"),
        ({"device": {"reference": "Device/scales"}}, "device"),
    ],
)
def test_data_from_the_patient_wait_until_a_clinician_takes_them_in(
    tmp_path: Path, more: dict[str, Any], source: str
) -> None:
    [one] = facts(tmp_path, observation(**more)).data
    assert (one.patient_id, one.source, one.received_on) == ("alice", source, date(2021, 6, 12))
    assert (one.npi, one.incorporated_on) == ("", None)


def test_a_provenance_says_who_took_them_in_and_when(tmp_path: Path) -> None:
    sent = observation(performer=[{"reference": "Patient/alice"}])
    taken_in = provenance("Observation/o1", who="Practitioner/chen")
    [one] = facts(tmp_path, sent, taken_in).data
    assert (one.npi, one.incorporated_on) == (CHEN_NPI, date(2021, 6, 20))


def test_a_provenance_of_the_patient_takes_nothing_in(tmp_path: Path) -> None:
    sent = observation(performer=[{"reference": "Patient/alice"}])
    [one] = facts(tmp_path, sent, provenance("Observation/o1", who="Patient/alice")).data
    assert (one.npi, one.incorporated_on) == ("", None)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"performer": [{"reference": "Practitioner/chen"}]}, "recorded_by_the_clinic"),
        ({}, "recorded_by_the_clinic"),
        ({"device": {"reference": "Device/robot"}}, "not_from_the_patient"),
        (
            {"performer": [{"reference": "Patient/alice"}], "status": "entered-in-error"},
            "not_valid",
        ),
        (
            {"performer": [{"reference": "Patient/alice"}], "effectiveDateTime": "2021"},
            "no_day",
        ),
    ],
)
def test_what_is_not_the_patients_data_is_counted_by_reason(
    tmp_path: Path, more: dict[str, Any], says: str
) -> None:
    found = facts(tmp_path, observation(**more))
    assert found.data == ()
    assert found.reconciliation.by_reason("Observation") == {says: 1}
    assert found.reconciliation.adds_up()
