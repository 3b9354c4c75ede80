"""The people in conversations, as the practice's own programs find them."""

from __future__ import annotations

import pytest

from tests.server.conftest import make_patient
from tests.server.fhir_api.messaging.conftest import found
from tests.server.fhir_api.record.conftest import link
from wellpost.server.audit.models import AuditRow
from wellpost.server.people.models import PatientIdentifier

pytestmark = pytest.mark.django_db


@pytest.fixture
def sam(as_user, sam_staff):
    return as_user(sam_staff)


def test_patients_are_found_by_what_one_knows_of_them(sam, alice, carol, bob, practice):
    PatientIdentifier.objects.create(patient=alice, practice=practice, system="urn:mrn", value="17")
    mine = [str(alice.pk)]
    for query, expected in {
        "name=ard": mine,
        "name=ali": mine,
        "identifier=urn:mrn|17": mine,
        "identifier=17": mine,
        "identifier=urn:other|17": [],
        f"_id={alice.pk},{bob.pk}": mine,
        "birthdate=1980-02-03&name=carol": [str(carol.pk)],
        "name=birch": [],
    }.items():
        assert found(sam.get(f"/fhir/Patient?{query}")) == expected, query
    assert sam.get("/fhir/Patient").status_code == 400
    told = sam.get(f"/fhir/Patient/{alice.pk}").json()
    assert told["name"][0]["family"] == "Arden"
    assert {each["value"] for each in told["identifier"]} >= {"17"}
    assert sam.get(f"/fhir/Patient/{bob.pk}").status_code == 404
    row = AuditRow.objects.filter(deed="patient_read").latest("pk")
    assert row.patient_id == str(alice.pk)


def test_patients_come_page_by_page(sam, practice):
    for name in ("Zoe Zug", "Zed Zug", "Zac Zug"):
        make_patient(practice, name)
    page, seen = sam.get("/fhir/Patient?name=zug&_count=2"), []
    seen += found(page)
    seen += found(sam.get(link(page, "next")))
    assert len(set(seen)) == 3 == len(seen)


def test_who_acts_for_a_patient_is_found_by_whether_they_do_today(sam, phone, alice, amir, bob):
    amir.ends_on = "2021-09-01"
    amir.save()
    for asker in (sam, phone):
        every = asker.get(f"/fhir/RelatedPerson?patient={alice.pk}")
        assert found(every) == [str(amir.pk)]
        assert found(asker.get(f"/fhir/RelatedPerson?patient={alice.pk}&active=true")) == []
        ended = asker.get(f"/fhir/RelatedPerson?patient={alice.pk}&active=false")
        assert ended.json()["entry"][0]["resource"]["active"] is False
        told = asker.get(f"/fhir/RelatedPerson/{amir.pk}").json()
        assert told["patient"]["reference"] == f"Patient/{alice.pk}"
    assert sam.get("/fhir/RelatedPerson").status_code == 400
    assert sam.get(f"/fhir/RelatedPerson?patient={bob.pk}").status_code == 404


def test_the_practices_people_are_found_by_npi_and_name(
    sam, phone, first, dr_chen, dr_evans, sam_staff
):
    by_npi = found(
        sam.get(f"/fhir/Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|{dr_chen.npi}")
    )
    assert by_npi == found(sam.get("/fhir/Practitioner?name=chen")) and len(by_npi) == 1
    assert found(phone.get(f"/fhir/Practitioner?identifier={dr_chen.npi}")) == by_npi
    (stone,) = found(sam.get("/fhir/Practitioner?name=Stone"))
    told = sam.get(f"/fhir/Practitioner/{stone}").json()
    assert told["active"] is True and "identifier" not in told
    assert found(sam.get(f"/fhir/Practitioner?identifier={dr_evans.npi}")) == []
    assert phone.get(f"/fhir/Practitioner/{stone}").status_code == 404, "wrote nothing to Alice"
    assert sam.get("/fhir/Practitioner/x").status_code == 404


def test_staff_who_may_not_message_still_read_no_more_than_their_pages_give(
    as_user, rita_reporter, ada_admin, alice
):
    assert as_user(rita_reporter).get(f"/fhir/Patient/{alice.pk}").status_code == 404
    assert as_user(ada_admin).get(f"/fhir/Patient/{alice.pk}").status_code == 200
