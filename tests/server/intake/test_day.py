"""The CSV of the day: checked in plain words, imported once, for one's own practice only."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.server.intake.world import World, signed_in
from wellpost.errors import DataRefusedError
from wellpost.facts.identifiers import make_npi
from wellpost.server.audit.models import AuditRow
from wellpost.server.intake.actions import import_day
from wellpost.server.intake.daily import read_day
from wellpost.server.people.models import Patient, PatientIdentifier, User
from wellpost.server.people.permissions import NotAllowed
from wellpost.server.records.models import Encounter

HEAD = "encounter_id,patient_id,npi,seen_on,kind"
NAMED = f"{HEAD},given_name,family_name,birth_on"
CHEN, EVANS = make_npi("chen"), make_npi("evans")


def csv(*lines: str, head: str = HEAD) -> bytes:
    return "\n".join((head, *lines, "")).encode()


def known(world: World, value: str = "17", system: str = "urn:mr") -> None:
    PatientIdentifier.objects.create(
        patient=world.alice, practice=world.north, system=system, value=value
    )


def drop(world: World, content: bytes, by: User | None = None):
    return import_day(read_day(content, world.north), practice=world.north, by=by or world.sam)


def test_a_visit_of_a_patient_who_is_known(world: World) -> None:
    known(world)
    drop(world, csv(f"e1,17,{CHEN},2021-08-30,office_visit"))
    seen = Encounter.objects.get()
    assert (seen.patient, seen.clinician) == (world.alice, world.chen)
    assert (seen.seen_on, seen.source_system, seen.source_id) == (date(2021, 8, 30), "csv", "e1")


def test_the_same_file_again_changes_nothing_and_a_corrected_one_corrects(world: World) -> None:
    known(world)
    drop(world, csv(f"e1,17,{CHEN},2021-08-30,office_visit"))
    again = drop(world, csv(f"e1,17,{CHEN},2021-08-30,office_visit"))
    assert (again.new, again.changed) == (0, 0)
    corrected = drop(world, csv(f"e1,17,{CHEN},2021-08-29,telehealth"))
    assert (corrected.new, corrected.changed) == (0, 1)
    assert Encounter.objects.get().kind == "telehealth"


def test_an_unknown_patient_who_is_named_gets_a_record(world: World) -> None:
    lines = [f"e{n},99,{CHEN},2021-08-30,other,Cora,Cole,1990-01-02" for n in (1, 2)]
    drop(world, csv(*lines, head=NAMED))
    cora = Patient.objects.get(family_name="Cole")
    assert (cora.given_name, cora.birth_on) == ("Cora", date(1990, 1, 2))
    assert cora.encounters.count() == 2
    assert drop(world, csv(*lines, head=NAMED)).new == 0


def test_a_known_patient_keeps_the_name_that_the_practice_has(world: World) -> None:
    known(world)
    drop(world, csv(f"e1,17,{CHEN},2021-08-30,other,Alicia,Adamson,1999-01-01", head=NAMED))
    world.alice.refresh_from_db()
    assert str(world.alice) == "Alice Adams"


def test_a_new_record_like_one_that_is_there_is_said_and_not_merged(world: World) -> None:
    day = read_day(
        csv(f"e1,99,{CHEN},2021-08-30,other,ALICE,adams,1980-03-31", head=NAMED), world.north
    )
    assert (day.new_patients, day.alike) == (1, 1)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("e1,17,1234567890,2021-08-30,other", "npi 1234567890 fails its check digit"),
        (f"e1,17,{EVANS},2021-08-30,other", "is no clinician of this practice on 2021-08-30"),
        (f"e1,17,{CHEN},2019-08-30,other", "is no clinician of this practice on 2019-08-30"),
        (f"e1,17,{CHEN},30/08/2021,other", "seen_on 30/08/2021 is no day; write it like"),
        (f"e1,17,{CHEN},2021-02-30,other", "seen_on 2021-02-30 is no day"),
        (f"e1,17,{CHEN},2021-09-01,other", "seen_on 2021-09-01 is still to come"),
        (f"e1,17,{CHEN},2021-08-30,visit", "kind visit is none; write office_visit"),
        (f",17,{CHEN},2021-08-30,other", "encounter_id is empty"),
        (f"e1,,{CHEN},2021-08-30,other", "patient_id is empty"),
        (f"e1,18,{CHEN},2021-08-30,other", "patient_id is not known here; give given_name"),
        (f"e1,17,{CHEN},2021-08-30", "it has more or fewer fields than line 1 names"),
        (f"e1,17,{CHEN},2021-08-30,other,x", "it has more or fewer fields than line 1 names"),
    ],
)
def test_a_faulty_line_is_said_with_its_number_and_the_rest_is_good(
    world: World, line: str, says: str
) -> None:
    known(world)
    day = read_day(csv(f"e0,17,{CHEN},2021-08-30,other", line), world.north)
    assert [fault.line for fault in day.faults] == [3]
    assert says in str(day.faults[0])
    assert [visit.source_id for visit in day.batch.visits] == ["e0"]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ("tin", "tin 123456789 is not this practice"),
        ("county", "county is not a five-digit FIPS code"),
        ("certified_location", "certified_location must be true, false or empty"),
    ],
)
def test_optional_columns_are_checked_too(world: World, more: str, says: str) -> None:
    known(world)
    line = f"e1,17,{CHEN},2021-08-30,other,123456789"
    day = read_day(csv(line, head=f"{HEAD},{more}"), world.north)
    assert says in str(day.faults[0])


def test_a_fault_names_no_patient(world: World) -> None:
    lines = [f"e1,99,{CHEN},2021-08-30,nothing,Cora,Cole,1990-99-99"]
    day = read_day(csv(*lines, head=NAMED), world.north)
    said = " ".join(map(str, day.faults))
    assert "birth_on is no day" in said
    assert not re.search("Cora|Cole|1990", said)


def test_an_encounter_twice_with_other_values_is_a_fault(world: World) -> None:
    known(world)
    one = f"e1,17,{CHEN},2021-08-30,other"
    day = read_day(csv(one, one, f"e1,17,{CHEN},2021-08-29,other"), world.north)
    assert [fault.line for fault in day.faults] == [4]
    assert len(day.batch.visits) == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "Line 1 has no column encounter_id, patient_id, npi, seen_on, kind"),
        (b"encounter_id;patient_id;npi;seen_on;kind\n", "with commas between them"),
        (b"encounter_id,npi,seen_on,kind\n", "Line 1 has no column patient_id"),
        (csv("\xe9").decode().encode("latin-1"), "The file is not UTF-8 text"),
        (csv('"e1,17'), "cannot be read as CSV"),
        (csv("x" * 2_000_000), "at most 2 MB can be dropped here"),
    ],
    ids=["empty", "semicolons", "column", "encoding", "quotation", "size"],
)
def test_a_file_that_cannot_be_read_is_refused_whole(
    world: World, content: bytes, says: str
) -> None:
    with pytest.raises(DataRefusedError, match=re.escape(says)):
        read_day(content, world.north)


def test_columns_that_are_not_used_are_said(world: World) -> None:
    day = read_day(csv(head=f"{HEAD},insurance"), world.north)
    assert day.notes == ["Columns that are not used: insurance."]


def test_outsiders_import_nothing(world: World) -> None:
    day = read_day(csv(), world.north)
    for by in (world.evans.user, world.alices_user):
        with pytest.raises(NotAllowed):
            import_day(day, practice=world.north, by=by)


def test_the_page_checks_first_and_imports_when_told(world: World) -> None:
    known(world)
    client = signed_in(world.sam)
    content = csv(f"e1,17,{CHEN},2021-08-30,other", f"e2,17,{CHEN},2021-13-30,other")
    page = client.post(
        "/clinic/intake/day/check/", {"file": SimpleUploadedFile("day.csv", content)}
    )
    text = page.content.decode()
    assert "1 visit can be imported." in text
    assert "Line 3: seen_on 2021-13-30 is no day" in text
    assert not Encounter.objects.exists()
    done = client.post(
        "/clinic/intake/day/import/", {"content": page.context["content"]}, follow=True
    )
    assert "Visits: 1 new, 0 changed, 0 as they were." in done.content.decode()
    assert Encounter.objects.get().source_id == "e1"
    assert AuditRow.objects.filter(deed="visits_imported", actor_id=world.sam.pk).count() == 1


def test_a_file_that_cannot_be_read_is_said_beside_the_field(world: World) -> None:
    page = signed_in(world.sam).post(
        "/clinic/intake/day/check/", {"file": SimpleUploadedFile("day.csv", b"a,b\n")}
    )
    assert page.status_code == 422
    assert "Line 1 has no column encounter_id" in page.content.decode()


def test_who_reports_for_the_practice_may_drop_a_file_and_sees_no_visits(world: World) -> None:
    Encounter.objects.create(
        practice=world.north,
        patient=world.alice,
        clinician=world.chen,
        seen_on=date(2021, 8, 1),
        kind="other",
    )
    page = signed_in(world.rita).get("/clinic/intake/").content.decode()
    assert "Bring in the visits of the day" in page
    assert "Alice" not in page


def test_outsiders_find_no_page(world: World) -> None:
    for by in (world.alices_user,):
        client = signed_in(by)
        assert client.get("/clinic/intake/").status_code == 404
        assert client.post("/clinic/intake/day/check/").status_code == 404
        assert client.post("/clinic/intake/day/import/").status_code == 404
    assert signed_in(None).get("/clinic/intake/").status_code == 302


def test_what_evans_drops_goes_to_evanss_practice(world: World) -> None:
    known(world)
    content = csv(f"e1,17,{CHEN},2021-08-30,other").decode()
    signed_in(world.evans.user).post("/clinic/intake/day/import/", {"content": content})
    assert not Encounter.objects.exists()
