"""`wellpost import fhir` keeps the record: every resource of a patient, as it came, and no other's.

Alice and Bob are patients of practice North, where Dr Chen and Dr Diaz work.
"""

from __future__ import annotations

import html
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.server.conftest import signed_in
from tests.unit.adapters.folders import (
    BUNDLES,
    CHEN_NPI,
    NPI_SYSTEM,
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
from wellpost.server.intake.actions import import_fhir
from wellpost.server.intake.record_writing import ENTRIES
from wellpost.server.intake.report import ImportReport
from wellpost.server.people.models import Patient, PatientIdentifier, Practice, User
from wellpost.server.records import models as records
from wellpost.server.records.bodies import as_it_came, resource_of
from wellpost.server.records.models import Encounter, ResourceToken

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

ALICE = {"reference": "Patient/alice"}


def bring(folder: Path, *resources: Resource, **options: Any) -> ImportReport:
    return import_fhir(write(folder, *PRACTICE, *resources), by=None, **options)


def problem(id_: str = "c1", **more: Any) -> Resource:
    return {"resourceType": "Condition", "id": id_, "subject": ALICE} | more


def kept(kind: str, **which: Any) -> records.Resource:
    return records.Resource.objects.get(kind=kind, **which)


def body(kind: str, **which: Any) -> Any:
    return resource_of(kept(kind, **which))


def the_patient(name: str) -> Patient:
    return PatientIdentifier.objects.get(system="fhir:Patient", value=name).patient


def account(report: ImportReport) -> str:
    return "\n".join(report.sentences())


def test_everything_of_a_patient_is_kept_and_refers_to_what_is_here(tmp_path: Path) -> None:
    of_visit = {"encounter": {"reference": "Encounter/e1"}}
    recorded = {"recorder": {"reference": "Practitioner/chen"}}
    report = bring(tmp_path, encounter("e1"), problem(**of_visit, **recorded))
    row = kept("Condition")
    assert row.patient == the_patient("alice")
    assert row.encounter == Encounter.objects.get(source_id="e1")
    condition = resource_of(row)
    assert condition["subject"] == {"reference": f"Patient/{the_patient('alice').pk}"}
    assert condition["encounter"]["reference"] == f"Encounter/{kept('Encounter').pk}"
    assert condition["recorder"]["reference"] == f"Practitioner/{kept('Practitioner').pk}"
    assert kept("Practitioner").patient is None
    assert kept("Patient", patient=the_patient("alice")).pk == the_patient("alice").pk
    assert json.loads(as_it_came(row))["subject"] == ALICE
    assert "not in the record: 2 Practitioner" in account(report)  # Diaz and the nurse


def test_the_same_again_changes_nothing_and_another_value_makes_a_version(tmp_path: Path) -> None:
    bring(tmp_path, problem(code={"text": "Asthma"}))
    again = bring(tmp_path, problem(code={"text": "Asthma"})).of(ENTRIES)
    assert (again.new, again.changed) == (0, 0)
    changed = bring(tmp_path, problem(code={"text": "Gout"})).of(ENTRIES)
    assert (changed.new, changed.changed) == (0, 1)
    assert (kept("Condition").version, ResourceToken.objects.filter(kind="Condition").count()) == (
        2,
        ResourceToken.objects.filter(resource=kept("Condition")).count(),
    )


def test_entered_in_error_is_withdrawn(tmp_path: Path) -> None:
    bring(tmp_path, problem())
    status = {"coding": [{"code": "entered-in-error"}]}
    bring(tmp_path, problem(verificationStatus=status))
    assert kept("Condition").withdrawn_at is not None


def test_a_decimal_keeps_every_digit_it_came_with(tmp_path: Path) -> None:
    write(tmp_path, *PRACTICE)
    line = (
        b'{"resourceType":"Observation","id":"o1","subject":{"reference":"Patient/alice"},'
        b'"valueQuantity":{"value":7.10},"component":[{"valueQuantity":{"value":1.0E2}}]}\n'
    )
    (tmp_path / "Observation.ndjson").write_bytes(line)
    import_fhir(tmp_path, by=None)
    row = kept("Observation")
    assert '"value":7.10' in row.body
    assert resource_of(row)["valueQuantity"]["value"] == Decimal("7.10")
    assert as_it_came(row) == line.decode().strip()


@pytest.mark.parametrize(
    "reference",
    [
        f"Practitioner?identifier={NPI_SYSTEM}|{CHEN_NPI}",
        "urn:uuid:chen",
        "https://ehr.example/fhir/Practitioner/chen",
        "Practitioner/chen/_history/3",
    ],
)
def test_a_reference_in_any_of_fhirs_ways_becomes_ours(tmp_path: Path, reference: str) -> None:
    bring(tmp_path, problem(recorder={"reference": reference}))
    assert body("Condition")["recorder"]["reference"] == f"Practitioner/{kept('Practitioner').pk}"


def test_a_place_meant_by_its_identifier_is_found_and_brings_its_organization(
    tmp_path: Path,
) -> None:
    site = {
        "resourceType": "Location",
        "id": "site",
        "identifier": [{"system": "urn:site", "value": "1"}],
        "managingOrganization": {"reference": "Organization/north"},
    }
    place = {"location": {"reference": "Location?identifier=urn:site|1", "display": "Site"}}
    vaccine = {"resourceType": "Immunization", "id": "i1", "patient": ALICE, **place}
    bring(tmp_path, site, vaccine)
    assert body("Immunization")["location"]["reference"] == f"Location/{kept('Location').pk}"
    held = body("Location")["managingOrganization"]["reference"]
    assert held == f"Organization/{kept('Organization').pk}"


def test_what_a_provenance_and_a_binary_are_about_says_whose_they_are(tmp_path: Path) -> None:
    link = [{"attachment": {"url": "Binary/b1"}}]
    document = {"resourceType": "DocumentReference", "id": "d1", "subject": ALICE, "content": link}
    file = {"resourceType": "Binary", "id": "b1", "contentType": "text/plain", "data": "WA=="}
    told = {"resourceType": "Provenance", "id": "p1", "target": [{"reference": "Condition/c1"}]}
    of_nobody = told | {"id": "p2", "target": [{"reference": "Condition/none"}]}
    report = bring(tmp_path, document, file, told, of_nobody, problem())
    assert kept("Binary").patient == kept("Provenance").patient == the_patient("alice")
    assert body("DocumentReference")["content"][0]["attachment"]["url"] == (
        f"Binary/{kept('Binary').pk}"
    )
    assert "1 Provenance: what it is about is not kept" in account(report)


def test_what_is_of_two_patients_or_of_none_is_not_kept_and_said_so(tmp_path: Path) -> None:
    both = [{"actor": ALICE}, {"actor": {"reference": "Patient/bob"}}]
    report = bring(
        tmp_path,
        {"resourceType": "Appointment", "id": "a1", "status": "booked", "participant": both},
        {"resourceType": "Condition", "id": "c2"},
        {"resourceType": "Condition", "id": "c3", "subject": {"reference": "Patient/none"}},
        {"resourceType": "Group", "id": "g1", "member": [{"entity": ALICE}]},
        {"resourceType": "ValueSet", "id": "v1"},
        communication("m1", "Practitioner/chen", "Patient/alice"),
    )
    said = account(report)
    for reason in (
        "1 Appointment: it is about several patients",
        "1 Condition: it is about no patient",
        "1 Condition: its patient is not in the folder",
        "1 Group: it is about several patients",
        "1 ValueSet: it is about no patient",
        "1 Communication: messages are kept sealed",
    ):
        assert reason in said
    assert not records.Resource.objects.filter(kind__in=("Condition", "Communication")).exists()


def test_what_comes_twice_is_kept_as_it_came_last_and_is_as_it_was_the_next_time(
    tmp_path: Path,
) -> None:
    twice = problem(code={"text": "Asthma"}), problem(code={"text": "Gout"})
    said = account(bring(tmp_path, *twice))
    assert body("Condition")["code"]["text"] == "Gout" and kept("Condition").version == 1
    assert "1 Condition: the same resource comes again further on" in said
    assert bring(tmp_path, *twice).of(ENTRIES).changed == 0


def test_each_practice_keeps_what_came_of_its_own_visits(tmp_path: Path) -> None:
    south = (
        organization("south", "007654321"),
        role("diaz-south", "Practitioner/diaz", "Organization/south"),
    )
    there = encounter(
        "e2",
        participant=[{"individual": {"reference": "Practitioner/diaz"}}],
        serviceProvider={"reference": "Organization/south"},
    )
    of_south = problem("c2", encounter={"reference": "Encounter/e2"})
    bring(tmp_path, *south, encounter("e1"), there, of_south, problem("c3"))
    tins = records.Resource.objects.values_list("practice__tin", flat=True)
    assert list(tins.filter(source_id="c2")) == ["007654321"]
    assert sorted(tins.filter(source_id="c3")) == ["001234567", "007654321"]
    ids = set(records.Resource.objects.filter(source_id="c3").values_list("pk", "patient_id"))
    assert len({pk for pk, _ in ids}) == len({patient for _, patient in ids}) == 2


def test_the_account_adds_up(tmp_path: Path) -> None:
    report = bring(tmp_path, problem(), problem("c2", subject={"reference": "Patient/none"}))
    line = next(each for each in report.sentences() if each.startswith("for the record"))
    came, kept_ = (int(word) for word in line.replace(",", "").split() if word.isdigit())
    left = [each for each in report.sentences() if each.startswith("  not in the record: ")]
    assert came == kept_ + sum(int(each.split(": ")[1].split()[0]) for each in left)


@pytest.mark.parametrize(
    "hostile",
    [
        b'{"resourceType":"Condition","id":"c1","subject":{"reference":"Patient/alice"},"x":%s}'
        % (b'{"a":' * 300 + b"1" + b"}" * 300),
        b'{"resourceType":"Condition","id":"c1","subject":{"reference":"Patient/alice"},'
        b'"code":{"text":"a\\u0000b"}}',
        b'{"resourceType":"Condition","id":"c1","subject":{"reference":"Patient/alice"},'
        b'"code":{"text":"%s"}}' % (b"x" * 50_000_000),
    ],
    ids=["deep", "NUL", "50 MB"],
)
def test_what_cannot_be_kept_is_left_out_and_the_rest_goes_on(
    tmp_path: Path, hostile: bytes
) -> None:
    write(tmp_path, *PRACTICE, problem("good"))
    (tmp_path / "hostile.ndjson").write_bytes(hostile)
    said = account(import_fhir(tmp_path, by=None))
    assert kept("Condition").source_id == "good"
    assert "1 Condition: it is too long, nested too deep, or holds a NUL" in said


def test_ten_thousand_brackets_are_no_resource(tmp_path: Path) -> None:
    write(tmp_path, *PRACTICE)
    (tmp_path / "hostile.ndjson").write_bytes(b"[" * 10_000 + b"]" * 10_000)
    with pytest.raises(DataRefusedError, match=r"hostile\.ndjson:1: is not JSON"):
        import_fhir(tmp_path, by=None)
    assert not records.Resource.objects.exists()
    import_fhir(tmp_path, by=None, on_broken_line="keep_rest")
    assert kept("Patient", patient=the_patient("alice"))


@pytest.mark.parametrize("wrong", [7, "x", [], [None], {"a": 1}, None, True])
def test_wrong_shapes_are_kept_as_they_came_and_harm_nothing(tmp_path: Path, wrong: Any) -> None:
    names = ("encounter", "meta", "status", "code", "category", "issued", "effectiveDateTime")
    strange = {"resourceType": "Observation", "id": "o1", "subject": ALICE}
    bring(tmp_path, strange | dict.fromkeys(names, wrong))
    assert body("Observation")["code"] == wrong


def test_a_bundle_is_read_as_the_folder_of_its_entries(tmp_path: Path) -> None:
    resources = [*PRACTICE, encounter("e1")]
    entries: list[dict[str, Any]] = [
        {"fullUrl": f"urn:uuid:{each['id']}", "resource": each} for each in resources
    ]
    asthma = problem("", subject={"reference": "urn:uuid:alice"})
    del asthma["id"]
    asthma["encounter"] = {"reference": "urn:uuid:e1"}
    entries.append({"fullUrl": "urn:uuid:5", "resource": asthma})
    bundle = {"resourceType": "Bundle", "type": "transaction", "entry": entries}
    path = tmp_path / "alice.json"
    path.write_text(json.dumps(bundle))
    report = import_fhir(path, by=None)
    assert kept("Condition").source_id == "5"
    assert kept("Condition").encounter == Encounter.objects.get()
    assert import_fhir(tmp_path, by=None).of(ENTRIES).changed == 0
    assert report.of(ENTRIES).new == records.Resource.objects.count()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"resourceType": "Bundle", "entry": [', "is not JSON"),
        ('{"resourceType": "Bundle"}', "No clinician"),
        ('{"resourceType": "Bundle", "entry": 7}', "No clinician"),
    ],
)
def test_a_broken_bundle_is_refused(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "alice.json").write_text(text)
    with pytest.raises(DataRefusedError, match=says):
        import_fhir(tmp_path, by=None)


def test_of_the_reference_data_every_resource_is_accounted_for() -> None:
    report = import_fhir(BUNDLES.parent / "bulk-10-patients", by=None, synthetic_identifiers=True)
    kinds = records.Resource.objects.exclude(patient=None).values_list("kind", flat=True)
    assert kinds.filter(kind="Encounter").count() == 1_215
    assert "for the record: 1,401 resources came, 1,345 kept" in account(report)


def test_the_command_tells_of_the_record(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "folder", *PRACTICE, encounter("e1"), problem())
    assert main(["import", "fhir", str(tmp_path / "folder")]) == 0
    assert "for the record: 12 resources came, 7 kept" in capsys.readouterr().out


def test_no_social_security_number_is_kept_in_any_form(tmp_path: Path) -> None:
    numbers = [
        {"system": "urn:mr", "value": "17", "type": {"coding": [{"code": "MR"}]}},
        {"system": "http://hl7.org/fhir/sid/us-ssn", "value": "999-22-1962"},
        {"system": "urn:x", "value": "S-99", "type": {"coding": [{"code": "DL"}]}},
    ]
    bring(tmp_path, patient("alice", identifier=numbers))
    row = kept("Patient", patient=the_patient("alice"))
    for text in (row.body, as_it_came(row)):
        assert "17" in text and "999-22" not in text and "S-99" not in text
    assert not ResourceToken.objects.filter(code__contains="999-22").exists()
    assert bring(tmp_path, patient("alice", identifier=numbers)).of(ENTRIES).changed == 0


def test_the_page_takes_the_files_of_the_practice_alone(
    tmp_path: Path, client: Client, practice: Practice, ada_admin: User
) -> None:
    Practice.objects.filter(pk=practice.pk).update(tin="001234567")
    write(tmp_path, *PRACTICE, encounter("e1"), problem(), name="export.ndjson")
    content = (tmp_path / "export.ndjson").read_bytes()
    page = _post(client, ada_admin, SimpleUploadedFile("export.ndjson", content))
    assert "for the record: 12 resources came, 7 kept" in page
    assert kept("Condition").practice_id == practice.pk
    page = _post(client, ada_admin, SimpleUploadedFile("export.exe", content))
    assert "Choose files that end in .ndjson" in page
    page = _post(client, ada_admin, SimpleUploadedFile("export.ndjson", b"{}"))
    assert "has no resourceType" in page
    assert "Choose the files first." in _post(client, ada_admin)


def _post(client: Client, user: User, *files: SimpleUploadedFile) -> str:
    answer = signed_in(client, user).post("/clinic/intake/record/", {"export": list(files)})
    return html.unescape(answer.content.decode())
