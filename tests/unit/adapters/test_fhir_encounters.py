"""To whom an encounter is attributed, on which day, as what; and why not, when it is not."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.unit.adapters.folders import (
    CHEN_NPI,
    DIAZ_NPI,
    NPI_SYSTEM,
    PRACTICE,
    Resource,
    encounter,
    organization,
    patient,
    practitioner,
    role,
    write,
)
from wellpost.adapters.fhir import FhirFacts, facts_of, read
from wellpost.adapters.fhir.attribution import Visit
from wellpost.errors import DataRefusedError


def facts(folder: Path, *resources: Resource, **options: bool) -> FhirFacts:
    return facts_of(read(write(folder, *PRACTICE, *resources)), **options)


def visit(folder: Path, *more: Resource, **elements: Any) -> Visit:
    [only] = facts(folder, *more, encounter("e1", **elements)).visits
    return only


def reason(folder: Path, *more: Resource, **elements: Any) -> str:
    account = facts(folder, *more, encounter("e1", **elements)).reconciliation
    assert account.adds_up()
    [only] = account.by_reason("Encounter")
    return only


TWINS = [practitioner("x", "9999999999", "X", "Al"), practitioner("y", "9999999999", "Y", "Al")]


def by(reference: str, *roles: str) -> dict[str, Any]:
    coding = [{"coding": [{"code": one}]} for one in roles]
    return {"individual": {"reference": reference}, "type": coding}


def test_the_patient_is_seen_on_the_local_day_that_the_start_names(tmp_path: Path) -> None:
    seen = visit(tmp_path)
    assert (seen.patient_id, seen.npi, seen.tin) == ("alice", CHEN_NPI, "001234567")
    assert seen.seen_on == date(2021, 6, 3)


@pytest.mark.parametrize(
    "written",
    [
        {"reference": "Practitioner/chen"},
        {"reference": "Practitioner/chen/_history/3"},
        {"reference": "https://ehr.example/fhir/Practitioner/chen"},
        {"reference": "urn:uuid:chen"},
        {"reference": f"Practitioner?identifier={NPI_SYSTEM}|{CHEN_NPI}"},
        {"reference": f"Practitioner?identifier={quote(NPI_SYSTEM, safe='')}%7C{CHEN_NPI}"},
        {"reference": f"Practitioner?identifier={CHEN_NPI}"},
        {"identifier": {"system": NPI_SYSTEM, "value": CHEN_NPI}},
        {"reference": "PractitionerRole/chen-north"},
    ],
)
def test_a_reference_is_followed_however_it_is_written(
    tmp_path: Path, written: dict[str, Any]
) -> None:
    assert visit(tmp_path, participant=[{"individual": written}]).npi == CHEN_NPI


def test_of_several_participants_the_primary_performer_is_credited(tmp_path: Path) -> None:
    taken_part = [
        by("RelatedPerson/amir"),
        by("Practitioner/nurse"),
        by("Practitioner/chen", "ATND"),
        by("Practitioner/diaz", "PPRF"),
    ]
    assert visit(tmp_path, participant=taken_part).npi == DIAZ_NPI


def test_a_participant_without_an_npi_gives_way_to_one_who_has_one(tmp_path: Path) -> None:
    taken_part = [by("Practitioner/nurse", "PPRF"), by("Practitioner/chen")]
    assert visit(tmp_path, participant=taken_part).npi == CHEN_NPI


def test_a_department_works_under_the_tin_above_it(tmp_path: Path) -> None:
    ward = organization("ward", None, partOf={"reference": "Organization/clinic"})
    clinic = organization("clinic", None, partOf={"reference": "Organization/north"})
    seen = visit(tmp_path, ward, clinic, serviceProvider={"reference": "Organization/ward"})
    assert seen.tin == "001234567"


def test_organizations_part_of_each_other_end_somewhere(tmp_path: Path) -> None:
    one = organization("one", None, partOf={"reference": "Organization/two"})
    two = organization("two", None, partOf={"reference": "Organization/one"})
    provider = {"reference": "Organization/one"}
    assert reason(tmp_path, one, two, serviceProvider=provider) == "organization_without_tin"


def test_a_hyphenated_tin_and_a_tax_type_are_read(tmp_path: Path) -> None:
    tax = {"type": {"coding": [{"code": "TAX"}]}, "value": "00-7654321"}
    south = {"resourceType": "Organization", "id": "south", "identifier": [tax]}
    seen = visit(tmp_path, south, serviceProvider={"reference": "Organization/south"})
    assert seen.tin == "007654321"


def test_without_a_service_provider_the_only_role_decides(tmp_path: Path) -> None:
    assert visit(tmp_path, serviceProvider=None).tin == "001234567"


def test_with_roles_in_two_practices_nothing_decides(tmp_path: Path) -> None:
    south = organization("south", "007654321")
    second = role("chen-south", "Practitioner/chen", "Organization/south")
    assert reason(tmp_path, south, second, serviceProvider=None) == "no_organization"


def test_the_role_one_took_part_in_decides_between_two(tmp_path: Path) -> None:
    south = organization("south", "007654321")
    second = role("chen-south", "Practitioner/chen", "Organization/south")
    taken_part = [by("PractitionerRole/chen-south")]
    seen = visit(tmp_path, south, second, serviceProvider=None, participant=taken_part)
    assert (seen.npi, seen.tin) == (CHEN_NPI, "007654321")


def test_a_patient_merged_into_another_record_is_that_one(tmp_path: Path) -> None:
    old = patient("old", link=[{"other": {"reference": "Patient/alice"}, "type": "replaced-by"}])
    found = facts(tmp_path, old, encounter("e1", subject={"reference": "Patient/old"}))
    assert found.visits[0].patient_id == "alice"
    assert found.reconciliation.by_reason("Patient") == {"replaced": 1}
    assert found.reconciliation.adds_up()


@pytest.mark.parametrize(
    ("elements", "says"),
    [
        ({"participant": []}, "no_participant"),
        ({"participant": [by("RelatedPerson/amir")]}, "no_participant"),
        ({"participant": [by("Practitioner/gone")]}, "unknown_practitioner"),
        ({"participant": [by("Practitioner/nurse")]}, "practitioner_without_npi"),
        ({"serviceProvider": {"reference": "Organization/gone"}}, "unknown_organization"),
        ({"subject": {"reference": "Patient/gone"}}, "unknown_patient"),
        ({"subject": {"reference": "Group/all"}}, "no_one_patient"),
        ({"subject": {"type": "Group", "identifier": {"value": "all"}}}, "no_one_patient"),
        ({"subject": {"type": "Group", "display": "Tuesdays"}}, "no_one_patient"),
        ({"subject": {"reference": "RelatedPerson/amir"}}, "unknown_patient"),
        ({"subject": [{"reference": "Patient/alice"}]}, "no_subject"),
        ({"subject": None}, "no_subject"),
        ({"subject": {"display": "Alice"}}, "no_subject"),
        ({"period": {"start": "2021-06"}}, "no_day"),
        ({"period": {}}, "no_day"),
        *(
            ({"status": status}, "not_seen")
            for status in ("planned", "arrived", "cancelled", "entered-in-error", "unknown")
        ),
    ],
)
def test_what_cannot_be_attributed_is_listed_by_reason(
    tmp_path: Path, elements: dict[str, Any], says: str
) -> None:
    assert reason(tmp_path, **elements) == says


@pytest.mark.parametrize("status", ["finished", "in-progress", "onleave"])
def test_in_these_statuses_the_patient_was_seen(tmp_path: Path, status: str) -> None:
    assert visit(tmp_path, status=status).npi == CHEN_NPI


@pytest.mark.parametrize(
    ("class_code", "type_code", "kind"),
    [
        ("AMB", None, "office_visit"),
        ("HH", None, "office_visit"),
        ("VR", None, "telehealth"),
        ("EMER", None, "other"),
        ("IMP", None, "other"),
        ("", None, "other"),
        ("AMB", ("http://snomed.info/sct", "448337001"), "telehealth"),
        ("AMB", ("http://snomed.info/sct", "33879002"), "other"),
        ("AMB", ("http://snomed.info/sct", "185349003"), "office_visit"),
        ("IMP", ("http://snomed.info/sct", "448337001"), "other"),
        ("AMB", ("http://www.ama-assn.org/go/cpt", "99213"), "office_visit"),
        ("AMB", ("http://www.ama-assn.org/go/cpt", "99283"), "other"),
        ("EMER", ("http://www.ama-assn.org/go/cpt", "99213"), "office_visit"),
        ("AMB", ("http://www.ama-assn.org/go/cpt", "99442"), "telehealth"),
        ("VR", ("http://www.ama-assn.org/go/cpt", "99213"), "telehealth"),
        ("AMB", ("http://www.ama-assn.org/go/cpt", "G0438"), "office_visit"),
    ],
)
def test_class_and_type_make_the_kind(
    tmp_path: Path, class_code: str, type_code: tuple[str, str] | None, kind: str
) -> None:
    types = [{"coding": [{"system": type_code[0], "code": type_code[1]}]}] if type_code else []
    assert visit(tmp_path, type=types, **{"class": {"code": class_code}}).kind == kind


def test_two_people_of_one_npi_stay_two_when_numbers_are_made_up(tmp_path: Path) -> None:
    visits = [
        encounter("e1", participant=[by("Practitioner/x")]),
        encounter("e2", participant=[by("Practitioner/y")]),
    ]
    found = facts(tmp_path, *TWINS, *visits, synthetic_identifiers=True).visits
    assert found[0].npi != found[1].npi


@pytest.mark.parametrize(
    ("display", "says"),
    [("Dr. Al X", "x"), ("AL Y", "y"), ("Al", None), ("Al Z", None), ("", None)],
)
def test_of_two_with_one_npi_the_name_decides_or_nothing_does(
    tmp_path: Path, display: str, says: str | None
) -> None:
    meant = {"reference": f"Practitioner?identifier={NPI_SYSTEM}|9999999999", "display": display}
    one = encounter("e1", participant=[{"individual": meant}])
    found = facts(tmp_path, *TWINS, one, synthetic_identifiers=True)
    assert [seen.practitioner_id for seen in found.visits] == ([says] if says else [])
    if not says:
        assert found.reconciliation.by_reason("Encounter") == {"ambiguous_practitioner": 1}


def test_two_records_of_one_valid_npi_are_one_clinician_and_said(tmp_path: Path) -> None:
    married = practitioner("chen-2", CHEN_NPI, "Chen-Moore", "Li")
    meant = {"reference": f"Practitioner?identifier={NPI_SYSTEM}|{CHEN_NPI}"}
    found = facts(tmp_path, married, encounter("e1", participant=[{"individual": meant}]))
    assert found.visits[0].npi == CHEN_NPI
    assert any("differently named practitioners: 1" in s for s in found.reconciliation.sentences())


def test_bad_numbers_are_refused_or_listed_as_asked(tmp_path: Path) -> None:
    wrong = practitioner("w", "1234567890", "W", "Al")
    one = encounter("e1", participant=[by("Practitioner/w")])
    bad_tin = organization("b", "12345")
    with pytest.raises(DataRefusedError) as refused:
        facts(tmp_path, wrong, bad_tin, one)
    assert refused.value.faults[0].startswith("export.ndjson:11: npi 1234567890 fails its check")
    assert refused.value.faults[1].startswith("export.ndjson:12: tin 12345 has not nine digits")
    account = facts(tmp_path, wrong, bad_tin, one, skip_bad_rows=True).reconciliation
    assert account.by_reason("Encounter") == {"invalid_npi": 1}
    assert account.by_reason("Organization") == {"invalid_tin": 1}
    assert account.adds_up()


def test_a_clinician_with_a_role_and_no_visit_is_on_the_roster(tmp_path: Path) -> None:
    assert {post.npi for post in facts(tmp_path, encounter("e1")).posts} == {CHEN_NPI, DIAZ_NPI}


def test_a_role_no_longer_in_force_is_no_post(tmp_path: Path) -> None:
    evans = practitioner("evans", "1679576722", "Evans", "Eve")
    left = role("r", "Practitioner/evans", "Organization/north", active=False)
    found = facts(tmp_path, evans, left, encounter("e1"))
    assert "1679576722" not in {post.npi for post in found.posts}
    assert found.reconciliation.by_reason("Practitioner")["supports_no_fact"] == 1
    assert found.reconciliation.adds_up()
