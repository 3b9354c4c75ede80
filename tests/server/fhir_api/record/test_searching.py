"""Searches: what each parameter finds, page by page, and what beside it."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

import pytest

from tests.server.fhir_api.conftest import why
from tests.server.fhir_api.record.conftest import (
    HL7,
    LOINC,
    OBSERVED,
    RXNORM,
    SNOMED,
    anonymous,
    concept,
    ids,
    link,
    observation,
)
from wellpost.server.clock import time as clock
from wellpost.server.fhir_api.record import statements
from wellpost.server.records.models import Encounter

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def pulse(has, alice):
    """Three of Alice's observations by name: in March, in June and one without a day."""
    lab = [concept(OBSERVED, "laboratory")]
    march = observation("8867-4", "2021-03-14T02:30:00-05:00")
    june = observation("718-7", "2021-06-03", category=lab, status="amended")
    undated = observation("8867-4")
    del undated["effectiveDateTime"]
    made = {"march": march, "june": june, "undated": undated}
    return {name: f"Observation/{has(alice, each).pk}" for name, each in made.items()}


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, ["june", "march", "undated"]),
        ({"_sort": "date"}, ["undated", "march", "june"]),
        ({"code": "8867-4"}, ["march", "undated"]),
        ({"code": f"{LOINC}|8867-4"}, ["march", "undated"]),
        ({"code": f"{LOINC}|"}, ["june", "march", "undated"]),
        ({"code": f"{SNOMED}|8867-4"}, []),
        ({"code": "|8867-4"}, []),
        ({"code": "8867-4,718-7"}, ["june", "march", "undated"]),
        ({"code": ["8867-4", "718-7"]}, []),
        ({"category": "laboratory"}, ["june"]),
        ({"category": f"{OBSERVED}|vital-signs", "code": "8867-4"}, ["march", "undated"]),
        ({"status": "amended"}, ["june"]),
        ({"status": "http://hl7.org/fhir/observation-status|amended"}, ["june"]),
        ({"status": "final,amended"}, ["june", "march", "undated"]),
        ({"date": "2021"}, ["june", "march"]),
        ({"date": "2021-06"}, ["june"]),
        ({"date": "2021-06-03"}, ["june"]),
        ({"date": "2021-06-03T10:00:00-04:00"}, []),
        ({"date": "2021-03-14"}, ["march"]),
        ({"date": "ne2021-06"}, ["march"]),
        ({"date": "gt2021-03-14"}, ["june"]),
        ({"date": "ge2021-03-14"}, ["june", "march"]),
        ({"date": "lt2021-06-03"}, ["march"]),
        ({"date": "le2021-06-03"}, ["june", "march"]),
        ({"date": "sa2021-03-14"}, ["june"]),
        ({"date": "sa2021-06-03"}, []),
        ({"date": "eb2021-06-03"}, ["march"]),
        ({"date": ["ge2021-03", "le2021-03"]}, ["march"]),
        ({"date": "lt2021-01,gt2021-06-02"}, ["june"]),
        ({"_lastUpdated": "gt2000"}, ["june", "march", "undated"]),
        ({"_lastUpdated": "lt2000"}, []),
        ({"_id": "not-an-id"}, []),
    ],
)
def test_each_parameter_finds_what_it_says(asked, names, app_of, alice, pulse):
    phone = app_of(alice)
    held = phone.tokens["access_token"]
    headers = {"Authorization": f"Bearer {held}"}
    answer = anonymous().get("/fhir/Observation", asked, headers=headers)
    assert ids(answer) == [pulse[name] for name in names], answer.json()
    assert answer.json()["total"] == len(names)


def test_a_search_by_form_finds_the_same(app_of, alice, pulse):
    headers = {"Authorization": f"Bearer {app_of(alice).tokens['access_token']}"}
    for address in ("/fhir/Observation/_search", "/fhir/Observation/_search?status=amended"):
        sent = {"code": "718-7", "patient": f"Patient/{alice.pk}"}
        form = {"data": urlencode(sent), "content_type": FORM}
        answer = anonymous().post(address, **form, headers=headers)
        assert ids(answer) == [pulse["june"]]
    wrong = anonymous().post(
        "/fhir/Observation/_search", {}, content_type="application/json", headers=headers
    )
    assert wrong.status_code == 415


@pytest.mark.parametrize("name", ["patient", "subject", "patient:Patient"])
def test_the_patient_may_be_named_in_every_way(name, app_of, alice, bob, pulse):
    phone = app_of(alice)
    whole = f"http://localhost:8000/fhir/Patient/{alice.pk}"
    for value in (str(alice.pk), f"Patient/{alice.pk}", whole, f"{bob.pk},{alice.pk}"):
        assert phone.get(f"/fhir/Observation?{name}={value}").json()["total"] == 3
    nobody = phone.get(f"/fhir/Observation?{name}={bob.pk}")
    assert (nobody.status_code, nobody.json()["total"]) == (200, 0)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("date=yesterday", "give a date like"),
        ("date=ap2021", "give a date like"),
        ("date=2021-13", "give a date like"),
        ("code:not=1", "no modifier"),
        ("date:missing=true", "no modifier"),
        ("_count=many", "whole number"),
        ("_count=-1", "whole number"),
        ("_sort=code", "_sort is one of"),
        ("_summary=text", "_summary is count or false"),
        ("_total=maybe", "_total is one of"),
        ("_include=Observation:unknown", "is named like"),
        ("_include=MedicationRequest:medication", "begins with the kind searched"),
        ("_include:iterate=Observation:encounter", "no modifier"),
        ("_revinclude=Observation:patient", "$everything"),
        ("_page=made-up", "no link of this server"),
        ("code=", "has no value"),
        ("code=" + ",".join(["1"] * 201), "more than 200"),
    ],
)
def test_what_cannot_be_asked_is_told(query, words, app_of, alice):
    answer = app_of(alice).get(f"/fhir/Observation?{query}")
    assert answer.status_code == 400 and words in why(answer.json()), answer.json()


def test_what_is_not_known_is_left_out_and_told_or_refused(app_of, alice, pulse):
    phone = app_of(alice)
    for query in ("colour=red", "patient.name=Arden", "_has:Group:member:code=1"):
        lenient = phone.get(f"/fhir/Observation?{query}&status=amended")
        assert ids(lenient) == [pulse["june"]]
        (said,) = [e for e in lenient.json()["entry"] if e["search"]["mode"] == "outcome"]
        assert "1 parameter not known here" in said["resource"]["issue"][0]["diagnostics"]
        assert "colour" not in link(lenient, "self")
        strict = phone.get(f"/fhir/Observation?{query}", Prefer="handling=strict")
        assert strict.status_code == 400 and "is searched by" in why(strict.json())


def test_pages_follow_one_another_whatever_comes_meanwhile(app_of, alice, has):
    rows = [has(alice, observation(on=f"2021-06-{day:02}")) for day in range(1, 8)]
    latest = [f"Observation/{row.pk}" for row in reversed(rows)]
    phone = app_of(alice)
    page = phone.get("/fhir/Observation?_count=3&date=2021-06")
    assert ids(page) == latest[:3] and "total" not in page.json()
    has(alice, observation(on="2021-06-30"))
    second = phone.get(link(page, "next"))
    third = phone.get(link(second, "next"))
    assert (ids(second), ids(third)) == (latest[3:6], latest[6:])
    assert not link(third, "next")


def test_a_page_is_the_apps_own(app_of, alice, bob, has):
    for patient in (alice, bob):
        for day in ("2021-06-01", "2021-06-02"):
            has(patient, observation(on=day))
    mine, theirs = app_of(alice), app_of(bob)
    onward = link(mine.get("/fhir/Observation?_count=1"), "next")
    assert theirs.get(onward).status_code == 400
    assert mine.get(onward.replace("Observation", "Condition")).status_code == 400
    assert mine.get(onward[:-3]).status_code == 400
    assert len(ids(mine.get(onward))) == 1


def test_a_total_is_told_where_it_is_asked_for(app_of, alice, bob, has):
    for patient in (alice, alice, alice, bob):
        has(patient, observation())
    phone = app_of(alice)
    assert phone.get("/fhir/Observation?_count=1&_total=accurate").json()["total"] == 3
    for query in ("_summary=count", "_count=0"):
        counted = phone.get(f"/fhir/Observation?{query}").json()
        assert counted["total"] == 3 and "entry" not in counted


def test_names_are_found_by_their_beginning(app_of, alice):
    phone = app_of(alice)
    found = {
        "family=ard": 1,
        "family=ARDEN": 1,
        "family=den": 0,
        "family:contains=den": 1,
        "given=alice": 1,
        "name=Ali": 1,
        "birthdate=1980-02-03": 1,
        "birthdate=1981": 0,
        "gender=unknown": 1,
        f"identifier=urn:ietf:rfc:3986|urn:uuid:{alice.pk}": 1,
        f"_id={alice.pk}": 1,
    }
    assert {query: phone.get(f"/fhir/Patient?{query}").json()["total"] for query in found} == found
    assert phone.get("/fhir/Patient?family:exact=Arden").status_code == 400


def test_provenance_and_medications_come_beside_what_they_belong_to(app_of, alice, bob, has):
    aspirin = has(alice, {"resourceType": "Medication", "code": concept(RXNORM, "1191")}, own=False)
    has(alice, {"resourceType": "Medication", "code": concept(RXNORM, "2")}, own=False)
    ordered = {
        "resourceType": "MedicationRequest",
        "status": "active",
        "intent": "order",
        "medicationReference": {"reference": f"Medication/{aspirin.pk}"},
    }
    mine, his = has(alice, ordered), has(bob, ordered)
    told = {
        str(row.pk): has(
            patient,
            {
                "resourceType": "Provenance",
                "recorded": "2021-06-03T10:00:00Z",
                "target": [{"reference": f"MedicationRequest/{row.pk}"}],
            },
        )
        for patient, row in ((alice, mine), (bob, his))
    }
    both = "_include=MedicationRequest:medication&_revinclude=Provenance:target"
    entries = app_of(alice).get(f"/fhir/MedicationRequest?{both}").json()["entry"]
    assert [
        (e["resource"]["resourceType"], e["resource"]["id"], e["search"]["mode"]) for e in entries
    ] == [
        ("MedicationRequest", str(mine.pk), "match"),
        ("Medication", str(aspirin.pk), "include"),
        ("Provenance", str(told[str(mine.pk)].pk), "include"),
    ]
    narrow = app_of(alice, scope="launch/patient patient/MedicationRequest.rs")
    alone = narrow.get(f"/fhir/MedicationRequest?{both}").json()
    assert len(alone["entry"]) == 1 and alone["total"] == 1


def test_of_what_is_nobodys_one_sees_what_the_own_record_names(app_of, alice, carol, has):
    names = {}
    for patient, name in ((alice, "Hers"), (carol, "Carols")):
        place = has(patient, {"resourceType": "Location", "name": f"{name} lab"}, own=False)
        role = has(
            patient,
            {
                "resourceType": "PractitionerRole",
                "location": [{"reference": f"Location/{place.pk}"}],
            },
            own=False,
        )
        performer = [{"reference": f"PractitionerRole/{role.pk}"}]
        row = has(patient, observation(performer=performer))
        names[name] = (place, role, row)
    phone = app_of(alice)
    place, role, row = names["Hers"]
    assert ids(phone.get("/fhir/Location")) == [f"Location/{place.pk}"]
    assert ids(phone.get("/fhir/Location?name=carols")) == []
    assert ids(phone.get("/fhir/PractitionerRole")) == [f"PractitionerRole/{role.pk}"]
    assert phone.get(f"/fhir/Location/{names['Carols'][0].pk}").status_code == 404
    type(row).objects.filter(pk=row.pk).update(
        available_to_patient_at=clock.now() + timedelta(days=1)
    )
    assert ids(phone.get("/fhir/Location")) == []  # what one may not see yet names nothing


def test_visits_that_no_source_told_of_are_made_of_our_own(app_of, alice, bob, dr_chen, practice):
    made = {}
    for patient, day in ((alice, "2021-06-03"), (alice, "2021-07-06"), (bob, "2021-06-03")):
        made[patient, day] = Encounter.objects.create(
            practice=patient.practice, patient=patient, clinician=dr_chen, seen_on=day,
            kind="office_visit",
        )  # fmt: skip
    phone = app_of(alice)
    june, july = (f"Encounter/{made[alice, day].pk}" for day in ("2021-06-03", "2021-07-06"))
    assert ids(phone.get("/fhir/Encounter")) == [july, june]
    assert ids(phone.get("/fhir/Encounter?date=2021-06&class=AMB&status=finished")) == [june]
    page = phone.get("/fhir/Encounter?_count=1")
    assert ids(page) == [july] and ids(phone.get(link(page, "next"))) == [june]
    (entry,) = phone.get("/fhir/Encounter?date=2021-06").json()["entry"]
    who = entry["resource"]["participant"][0]["individual"]["reference"]
    assert phone.get(f"/fhir/{who}").json()["identifier"][0]["value"] == dr_chen.npi
    assert phone.get(f"/fhir/Encounter/{made[bob, '2021-06-03'].pk}").status_code == 404


def test_the_record_of_a_merged_patient_is_searched_as_one(app_of, alice, carol, has):
    first, second = has(alice, observation()), has(carol, observation())
    carol.merged_into = alice
    carol.save()
    found = ids(app_of(alice).get("/fhir/Observation"))
    assert sorted(found) == sorted([f"Observation/{first.pk}", f"Observation/{second.pk}"])


def test_everything_is_all_of_the_record_and_nothing_besides(app_of, alice, bob, carol, has):
    condition = {"resourceType": "Condition", "code": concept(SNOMED, "44054006")}
    role = has(alice, {"resourceType": "Practitioner", "active": True}, own=False)
    june = has(
        alice, observation(on="2021-06-03", performer=[{"reference": f"Practitioner/{role.pk}"}])
    )
    march = has(alice, observation(on="2021-03-01"))
    undated = has(alice, condition)
    for other in (bob, carol):
        has(other, observation())
    phone = app_of(alice)
    found = ids(phone.get(f"/fhir/Patient/{alice.pk}/$everything"))
    assert found[0] == f"Patient/{alice.pk}"
    kept = {f"{row.kind}/{row.pk}" for row in (role, june, march, undated)}
    assert kept <= set(found) and len(found) == len(set(found))
    assert {each.split("/")[0] for each in set(found) - kept} == {"Patient", "Organization"}
    assert phone.get(f"/fhir/Patient/{bob.pk}/$everything").status_code == 404
    spring = ids(
        phone.get("/fhir/Patient/$everything?start=2021-03&end=2021-05&_type=Observation,Condition")
    )
    assert sorted(spring) == [f"Condition/{undated.pk}", f"Observation/{march.pk}"]
    page, seen = phone.get("/fhir/Patient/$everything?_count=2"), []
    while True:
        seen += ids(page)
        if not link(page, "next"):
            break
        page = phone.get(link(page, "next"))
    assert sorted(seen) == sorted(found)
    later = (clock.now() + timedelta(days=1)).date().isoformat()
    assert ids(phone.get(f"/fhir/Patient/$everything?_since={later}&_type=Observation")) == []
    for wrong in ("start=when", "_type=Claim", "colour=red"):
        assert phone.get(f"/fhir/Patient/$everything?{wrong}").status_code == 400


def test_everything_is_no_more_than_the_scopes_give(app_of, alice, has):
    has(alice, observation())
    goal = has(alice, {"resourceType": "Goal", "lifecycleStatus": "active"})
    narrow = app_of(alice, scope="launch/patient patient/Patient.r patient/Goal.rs")
    found = ids(narrow.get("/fhir/Patient/$everything"))
    assert found == [f"Patient/{alice.pk}", f"Goal/{goal.pk}"]
    without = app_of(alice, scope="launch/patient patient/Goal.rs")
    assert without.get("/fhir/Patient/$everything").status_code == 403


def test_an_allergy_is_found_by_its_clinical_status(app_of, alice, has):
    system = f"{HL7}/allergyintolerance-clinical"
    row = has(
        alice,
        {"resourceType": "AllergyIntolerance", "clinicalStatus": concept(system, "active")},
    )
    phone = app_of(alice)
    for query in ("clinical-status=active", f"clinical-status={system}|active"):
        assert ids(phone.get(f"/fhir/AllergyIntolerance?{query}")) == [
            f"AllergyIntolerance/{row.pk}"
        ]
    assert ids(phone.get("/fhir/AllergyIntolerance?clinical-status=resolved")) == []


def test_a_file_is_read_by_who_may_read_documents(app_of, alice, has):
    row = has(alice, {"resourceType": "Binary", "contentType": "text/plain", "data": "aGk="})
    assert app_of(alice).get(f"/fhir/Binary/{row.pk}").json()["data"] == "aGk="
    narrow = app_of(alice, scope="launch/patient patient/Goal.rs")
    assert narrow.get(f"/fhir/Binary/{row.pk}").status_code == 403


def test_a_page_of_large_files_is_shorter_and_loses_nothing(app_of, alice, has, monkeypatch):
    monkeypatch.setattr(statements, "MOST_CHARACTERS", 5_000)
    content = [{"attachment": {"data": "A" * 2_000}}]
    rows = [
        has(alice, {"resourceType": "DocumentReference", "status": "current", "content": content})
        for _ in range(5)
    ]
    phone = app_of(alice)
    for address in ("/fhir/DocumentReference", "/fhir/Patient/$everything?_type=DocumentReference"):
        page, seen = phone.get(address), []
        while len(ids(page)) <= 2 and link(page, "next"):
            seen += ids(page)
            page = phone.get(link(page, "next"))
        assert sorted([*seen, *ids(page)]) == sorted(f"{row.kind}/{row.pk}" for row in rows)


def test_made_resources_change_their_version_with_their_content(app_of, alice):
    phone = app_of(alice)
    address = f"/fhir/Patient/{alice.pk}"
    before = phone.get(address)["ETag"]
    assert phone.get(address, **{"If-None-Match": before}).status_code == 304
    alice.phone = "207 555 0100"
    alice.save()
    after = phone.get(address, **{"If-None-Match": before})
    assert after.status_code == 200 and after["ETag"] != before
