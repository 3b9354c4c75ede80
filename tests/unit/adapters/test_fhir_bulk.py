"""The reading of a state meets what is wrong in an export: a sentence, or the right numbers."""

from __future__ import annotations

import gzip
import tempfile
from datetime import date
from pathlib import Path

import orjson
import pytest
from hypothesis import settings
from sqlglot import exp

from tests.unit.adapters.folders import (
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
from wellpost.adapters.fhir import open_fhir
from wellpost.adapters.fhir.bulk import files, open_bulk
from wellpost.adapters.fhir.bulk.database import Database, statement
from wellpost.adapters.fhir.datatypes import Place
from wellpost.adapters.fhir.reconciliation import Reconciliation
from wellpost.errors import DataRefusedError, RequestError

OF_THE_PATIENT = [{"reference": "Patient/alice"}]
OBSERVED: Resource = {
    "resourceType": "Observation",
    "id": "g1",
    "status": "final",
    "performer": OF_THE_PATIENT,
    "issued": "2021-06-03T10:00:00Z",
}
DOCUMENTED: Resource = {
    "resourceType": "DocumentReference",
    "id": "g1",
    "status": "current",
    "author": OF_THE_PATIENT,
    "date": "2021-06-03T10:00:00Z",
}
ANN = {"reference": "Patient/ann"}
NIGHTLY = settings.default.max_examples >= 500
TINY_FILES = 100_000 if NIGHTLY else 1_000


def account(folder: Path, **options: bool) -> Reconciliation:
    source, said = open_bulk(folder, **options)
    source.close()
    assert said.adds_up()
    return said


def rows(folder: Path, table: str, *columns: str) -> list[tuple[object, ...]]:
    with open_fhir(folder) as source:
        query = exp.select(*columns).from_(source.tables[table].subquery("t"))
        return sorted(source.run(query))


def practice(folder: Path, *more: Resource) -> Path:
    return write(folder, *PRACTICE, encounter("e1"), *more)


def line(folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)


def test_a_line_of_50_mb_is_read(tmp_path: Path) -> None:
    practice(tmp_path)
    long = orjson.dumps(encounter("e2", text={"div": "x" * 50_000_000}))
    line(tmp_path, "Encounter.ndjson", long + b"\n" + orjson.dumps(encounter("e3")))
    assert [id_ for (id_,) in rows(tmp_path, "encounters", "encounter_id")] == ["e1", "e2", "e3"]


@pytest.mark.parametrize(
    "odd",
    [
        {"period": []},
        {"subject": [{"reference": "Patient/alice"}]},
        {"participant": {"individual": {"reference": "Practitioner/chen"}}},
    ],
)
def test_an_array_where_an_object_belongs_reads_as_absent(tmp_path: Path, odd: Resource) -> None:
    practice(tmp_path)
    line(tmp_path, "Encounter.ndjson", orjson.dumps(encounter("e2", **odd)))
    assert account(tmp_path).became["Encounter"] == 1


def test_an_identifier_in_three_systems_is_taken_from_its_own(tmp_path: Path) -> None:
    chen = dict(PRACTICE[2])
    chen["identifier"] = [
        {"system": "http://north.example/staff", "value": "1111111111"},
        {"system": "urn:oid:2.16.840.1.113883.4.6", "value": CHEN_NPI},
        {"system": "http://south.example/staff", "value": "2222222222"},
    ]
    line(practice(tmp_path), "Practitioner.ndjson", orjson.dumps(chen))
    assert (CHEN_NPI,) in rows(tmp_path, "clinicians", "npi")


@pytest.mark.parametrize(
    ("start", "seen_on"),
    [
        ("0001-01-01", date(1, 1, 1)),
        ("9999-12-31T23:59:59Z", date(9999, 12, 31)),
        ("2021-06-03T10:00:00", date(2021, 6, 3)),
        ("2021-06-03 10:00:00", date(2021, 6, 3)),
    ],
)
def test_a_day_of_any_year_and_a_time_without_zone_are_read(
    tmp_path: Path, start: str, seen_on: date
) -> None:
    write(tmp_path, *PRACTICE, encounter("e1", period={"start": start}))
    assert rows(tmp_path, "encounters", "seen_on") == [(seen_on,)]


def test_two_encounters_of_one_id_are_one_and_it_is_said(tmp_path: Path) -> None:
    practice(tmp_path)
    of_bob = encounter("e1", subject={"reference": "Patient/bob"})
    line(tmp_path, "z.ndjson", orjson.dumps(of_bob))
    assert rows(tmp_path, "encounters", "patient_id") == [("bob",)]
    said = account(tmp_path)
    assert said.by_reason("Encounter") == {"repeated_for_another": 1}
    [fault] = said.faults()
    assert (fault.table, fault.rows) == ("Encounter", 1)
    assert "of another patient" in fault.sentence
    assert fault.sentence.endswith("and stands (export.ndjson:11).")


def test_the_same_encounter_twice_is_no_fault(tmp_path: Path) -> None:
    practice(tmp_path)
    again = encounter("e1", subject={"reference": "http://ehr.example/fhir/Patient/alice"})
    line(tmp_path, "z.ndjson", orjson.dumps(again))
    said = account(tmp_path)
    assert said.by_reason("Encounter") == {"repeated": 1}
    assert list(said.faults()) == []


def test_an_encounter_that_comes_again_after_its_patients_records_were_merged_is_no_fault(
    tmp_path: Path,
) -> None:
    into_alice = [{"type": "replaced-by", "other": {"reference": "Patient/alice"}}]
    practice(tmp_path, patient("ann", link=into_alice), encounter("e7", subject=ANN))
    line(tmp_path, "z.ndjson", orjson.dumps(encounter("e7")))
    said = account(tmp_path)
    assert said.by_reason("Encounter") == {"repeated": 1}
    assert list(said.faults()) == []


def test_an_encounter_of_a_merged_record_that_comes_again_for_bob_is_a_fault(
    tmp_path: Path,
) -> None:
    into_alice = [{"type": "replaced-by", "other": {"reference": "Patient/alice"}}]
    practice(tmp_path, patient("ann", link=into_alice), encounter("e7", subject=ANN))
    line(tmp_path, "z.ndjson", orjson.dumps(encounter("e7", subject={"reference": "Patient/bob"})))
    assert account(tmp_path).by_reason("Encounter") == {"repeated_for_another": 1}


def test_an_encounter_that_comes_again_with_its_patients_number_is_no_fault(
    tmp_path: Path,
) -> None:
    number = {"system": "http://north.example/mrn", "value": "7"}
    cara = patient("cara", identifier=[number])
    practice(tmp_path, cara, encounter("e7", subject={"identifier": number}))
    line(tmp_path, "z.ndjson", orjson.dumps(encounter("e7", subject={"reference": "Patient/cara"})))
    assert account(tmp_path).by_reason("Encounter") == {"repeated": 1}


def test_what_named_nobody_and_comes_again_with_its_patient_is_no_fault(tmp_path: Path) -> None:
    practice(tmp_path, encounter("e7", subject={"type": "Patient", "display": "Alice"}))
    line(tmp_path, "z.ndjson", orjson.dumps(encounter("e7")))
    said = account(tmp_path)
    assert said.by_reason("Encounter") == {"repeated": 1}
    assert list(said.faults()) == []


@pytest.mark.parametrize(
    ("resource", "subject"),
    [
        (encounter("g1"), "Group"),
        (communication("g1", "Practitioner/chen", "Patient/alice"), "Group"),
        (OBSERVED, "Group"),
        (OBSERVED, "Location"),
        (DOCUMENTED, "Practitioner"),
    ],
)
def test_a_subject_that_fhir_allows_and_is_no_patient_is_left_out_and_no_fault(
    tmp_path: Path, resource: Resource, subject: str
) -> None:
    practice(tmp_path, resource | {"subject": {"reference": f"{subject}/chen"}})
    said = account(tmp_path)
    assert said.by_reason(resource["resourceType"]) == {"no_one_patient": 1}
    assert list(said.faults()) == []


def test_where_the_earlier_of_one_id_and_the_one_that_stands_are_left_out_is_told_of_each(
    tmp_path: Path,
) -> None:
    practice(tmp_path)
    ones = [encounter("e7"), encounter("e7", subject=[{"reference": "Patient/alice"}])]
    line(tmp_path, "z.ndjson", b"\n".join(map(orjson.dumps, ones)))
    said = account(tmp_path)
    assert said.places("Encounter", "repeated_for_another") == (Place("z.ndjson", 1),)
    assert said.places("Encounter", "no_subject") == (Place("z.ndjson", 2),)


def test_of_two_messages_of_one_id_in_a_file_the_last_counts_whatever_the_first_contains(
    tmp_path: Path,
) -> None:
    practice(tmp_path)

    def written(id_: str, **more: object) -> bytes:
        return (
            orjson.dumps(communication(id_, "Practitioner/chen", "Patient/alice", **more)) + b"\n"
        )

    inside = [{"resourceType": "Practitioner", "id": "x"}]
    before = written("m8", contained=inside) + written("m9", contained=inside)
    line(tmp_path, "Communication.0.ndjson", before)
    both = written("m1", contained=inside) + written("m1", sent="2021-08-01")
    line(tmp_path, "Communication.1.ndjson.gz", gzip.compress(both))
    assert rows(tmp_path, "messages", "message_id", "sent_on") == [
        ("m1", date(2021, 8, 1)),
        ("m8", date(2021, 6, 10)),
        ("m9", date(2021, 6, 10)),
    ]
    assert account(tmp_path).by_reason("Communication") == {"repeated": 1}


@pytest.mark.parametrize("kind", files.VIEWS)
def test_lines_are_staged_in_their_order_which_says_what_of_one_id_is_the_last(
    tmp_path: Path, kind: str
) -> None:
    export = tmp_path / f"{kind}.ndjson"
    export.touch()
    reading = {"files": [str(export)], "packing": "none", "longest": 1_000_000, "lenient": False}
    database = Database.start(tmp_path, None)
    with database.connection:
        plan = str(database.run(f"EXPLAIN {statement(f'read/{kind}')}", **reading))
    assert "read_json" in plan.lower()
    assert "join" not in plan.lower()  # DuckDB writes what comes out of a join in any order


def test_an_npi_in_two_tins_is_in_both(tmp_path: Path) -> None:
    south = organization("south", "007654321")
    practice(tmp_path, south, role("chen-south", "Practitioner/chen", "Organization/south"))
    found = rows(tmp_path, "clinicians", "npi", "tin")
    assert [tin for npi, tin in found if npi == CHEN_NPI] == ["001234567", "007654321"]


@pytest.mark.parametrize("name", ["Encounter.ndjson.gz", "Patient.001.ndjson.gz", "any.ndjson"])
def test_a_gzip_that_breaks_off_is_refused_by_name(tmp_path: Path, name: str) -> None:
    practice(tmp_path)
    whole = gzip.compress(b"".join(orjson.dumps(encounter(f"g{n}")) + b"\n" for n in range(9_000)))
    line(tmp_path, name, whole[: len(whole) // 2])
    with pytest.raises(DataRefusedError, match=f"^{name}: this gzip file breaks off before its"):
        open_fhir(tmp_path)


def test_empty_files_blank_lines_and_a_byte_order_mark_change_nothing(tmp_path: Path) -> None:
    practice(tmp_path)
    line(tmp_path, "empty.ndjson", b"")
    line(tmp_path, "blank.ndjson", b"\n \n\n")
    marked = b"\xef\xbb\xbf" + orjson.dumps(encounter("e2")) + b"\r\n\r\n"
    line(tmp_path, "marked.ndjson", marked + orjson.dumps(encounter("e3")))
    assert account(tmp_path).became["Encounter"] == 3


def test_whatever_stands_in_a_file_named_after_another_type_is_taken(tmp_path: Path) -> None:
    folder = write(tmp_path, patient("cara"), encounter("e1"), *PRACTICE, name="Patient.ndjson")
    said = account(folder)
    assert (said.became["Encounter"], said.became["Patient"]) == (1, 3)


def test_types_that_nothing_counts_are_said(tmp_path: Path) -> None:
    condition = {"resourceType": "Condition", "id": "c1"}
    practice(tmp_path, condition)
    write(tmp_path, condition, name="Condition.000.ndjson")
    sentences = list(account(tmp_path).sentences())
    assert "  left out 1: no measure counts resources of this type" in sentences
    assert sentences[-1] == "files not read: Condition.000.ndjson"


def test_subfolders_are_read_and_named(tmp_path: Path) -> None:
    practice(tmp_path)
    write(tmp_path / "2021", encounter("e2", status="planned"), name="Encounter.ndjson.gz")
    said = account(tmp_path)
    assert said.by_reason("Encounter") == {"not_seen": 1}
    assert [str(place) for place in said.places("Encounter", "not_seen")] == [
        "2021/Encounter.ndjson.gz:1"
    ]


@pytest.mark.parametrize("broken", [b"{oops", b"[1, 2]", b'{"resourceType": "Encounter"}'])
def test_a_broken_line_is_refused_with_file_and_line_or_left_out(
    tmp_path: Path, broken: bytes
) -> None:
    practice(tmp_path)
    line(tmp_path, "Encounter.ndjson", orjson.dumps(encounter("e2")) + b"\n" + broken + b"\n")
    with pytest.raises(DataRefusedError, match=r"^Encounter\.ndjson:2: "):
        open_fhir(tmp_path)
    said = account(tmp_path, skip_bad_rows=True)
    assert (said.became["Encounter"], said.by_reason("(broken line)")) == (2, {"broken_line": 1})


def test_many_tiny_files_are_one_export(tmp_path: Path) -> None:
    practice(tmp_path)
    for number in range(TINY_FILES):
        line(tmp_path, f"Encounter.{number}.ndjson", orjson.dumps(encounter(f"t{number}")))
    assert account(tmp_path).became["Encounter"] == TINY_FILES + 1


def test_tiny_files_are_one_export_whichever_way_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    practice(tmp_path, communication("m1", "Practitioner/chen", "Patient/alice"))
    for number in range(9):
        status = "planned" if number == 4 else "finished"
        line(tmp_path, f"Encounter.{number}.ndjson", orjson.dumps(encounter(f"t{number}")))
        write(tmp_path, encounter(f"s{number}", status=status), name=f"s{number}.ndjson.gz")
    line(tmp_path, "notes.ndjson", orjson.dumps({"resourceType": "Condition", "id": "c1"}))
    few, said = rows(tmp_path, "encounters", "encounter_id"), list(account(tmp_path).sentences())
    monkeypatch.setattr(files, "MANY", 5)
    assert rows(tmp_path, "encounters", "encounter_id") == few
    assert list(account(tmp_path).sentences()) == said
    line(tmp_path, "Encounter.7.ndjson", b"{oops")
    with pytest.raises(DataRefusedError, match=r"^Encounter\.7\.ndjson:1: "):
        open_fhir(tmp_path)


def test_nothing_stays_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    practice(tmp_path / "export")
    with open_fhir(tmp_path / "export"):
        assert len(list(place.iterdir())) == 1
    line(tmp_path / "export", "broken.ndjson", b"{oops")
    with pytest.raises(DataRefusedError):
        open_fhir(tmp_path / "export")
    assert list(place.iterdir()) == []


def test_an_amount_of_memory_that_is_none_is_said(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="plenty is no amount of memory; say 4GB"):
        open_fhir(practice(tmp_path), memory="plenty")


def test_portal_acts_and_documents_of_the_patient_become_facts(tmp_path: Path) -> None:
    event = {
        "resourceType": "AuditEvent",
        "id": "a1",
        "type": {"code": "110110"},
        "action": "R",
        "recorded": "2021-06-05T08:00:00-04:00",
        "outcome": "0",
        "agent": [{"who": {"reference": "RelatedPerson/amir"}, "requestor": True}],
        "source": {"observer": {"reference": "Organization/north"}},
    }
    by_nurse = event | {"id": "a2", "agent": [{"who": {"reference": "Practitioner/nurse"}}]}
    failed = event | {"id": "a3", "outcome": "8"}
    wrote = event | {"id": "a4", "action": "C"}
    paper = {
        "resourceType": "DocumentReference",
        "id": "d1",
        "status": "current",
        "subject": {"reference": "Patient/alice"},
        "author": [{"reference": "Patient/alice"}],
        "date": "2021-06-07T08:00:00Z",
    }
    practice(tmp_path, event, by_nurse, failed, wrote, paper)
    columns = ("patient_id", "tin", "acted_on", "action", "acted_by")
    assert rows(tmp_path, "portal_actions", *columns) == [
        ("alice", "001234567", date(2021, 6, 5), "view", "representative")
    ]
    assert rows(tmp_path, "patient_data", "patient_id", "received_on", "source") == [
        ("alice", date(2021, 6, 7), "patient")
    ]
    assert account(tmp_path).by_reason("AuditEvent") == {
        "done_by_the_clinic": 1,
        "no_use": 1,
        "not_successful": 1,
    }
