"""The real files: everything of SOURCES.txt is seen, and every number adds up."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlglot import exp

from tests.unit.adapters.folders import BULK, BUNDLES
from wellpost.adapters.fhir import FhirFacts, facts_of, is_fhir_folder, open_fhir, read
from wellpost.adapters.fhir.mapping import written_npi
from wellpost.adapters.fhir.records import Records
from wellpost.errors import DataRefusedError
from wellpost.facts.identifiers import npi_is_valid, tin_is_valid


@pytest.fixture(scope="module")
def records() -> Records:
    return read(BUNDLES)


@pytest.fixture(scope="module")
def facts(records: Records) -> FhirFacts:
    return facts_of(records, synthetic_identifiers=True)


def test_everything_that_sources_txt_names_came(records: Records) -> None:
    assert records.came == {
        "Patient": 1_441,
        "Practitioner": 2_372,
        "PractitionerRole": 1_343,
        "Organization": 1_777,
        "Encounter": 31_568,
    }
    conditional = [
        one
        for one in records.encounters.values()
        if one.participants and not one.participants[0].individual.id
    ]
    assert len(conditional) == 4_006


def test_each_resource_is_accounted_for_exactly_once(facts: FhirFacts) -> None:
    account = facts.reconciliation
    assert account.adds_up()
    assert account.became["Encounter"] == len(facts.visits) == 31_487
    assert account.by_reason("Encounter") == {"no_participant": 81}
    assert len(account.places("Encounter", "no_participant")) == 81


def test_the_conditional_references_all_lead_to_somebody(
    records: Records, facts: FhirFacts
) -> None:
    visits = {visit.encounter_id: visit for visit in facts.visits}
    conditional = [
        one
        for one in records.encounters.values()
        if one.participants and not one.participants[0].individual.id
    ]
    for one in conditional:
        meant = records.practitioners[visits[one.id].practitioner_id]
        assert written_npi(meant) == one.participants[0].individual.value
        assert meant.family in one.participants[0].individual.display


def test_npis_that_fail_their_check_digit_are_refused_with_line_and_way_out() -> None:
    with pytest.raises(DataRefusedError) as refused:
        open_fhir(BUNDLES)
    assert str(refused.value) == (
        "Practitioner.ndjson.gz:1: npi 160 fails its check digit; 2,241 of 2,372 practitioners "
        "have such an npi; correct it, or have made-up ones given with --synthetic-identifiers."
    )


def test_an_export_without_tins_says_that_nothing_can_be_attributed() -> None:
    with pytest.raises(DataRefusedError, match=r"none of 1,215 encounters .* has no TIN"):
        open_fhir(BULK)


def test_made_up_identifiers_are_valid_distinct_and_the_same_every_time(
    records: Records, facts: FhirFacts
) -> None:
    numbers = facts.people.numbers
    assert all(map(npi_is_valid, numbers.npis.values()))
    assert all(map(tin_is_valid, numbers.tins.values()))
    assert len(set(numbers.npis.values())) == len(records.practitioners) == len(numbers.npis)
    assert len(set(numbers.tins.values())) == len(records.organizations)
    assert facts_of(read(BUNDLES), synthetic_identifiers=True).people.numbers == numbers


def test_it_says_how_many_it_made_up(facts: FhirFacts) -> None:
    said = "\n".join(facts.reconciliation.sentences())
    assert "made-up identifiers: 2,269 NPIs, 1,777 TINs" in said
    assert "81: it names no practitioner (Encounter.ndjson.gz:178," in said


def test_an_npi_that_is_good_and_one_persons_stays(records: Records, facts: FhirFacts) -> None:
    kept = [
        one
        for one in records.practitioners.values()
        if facts.people.numbers.npis[one.id] == written_npi(one)
    ]
    assert len(kept) == 2_372 - 2_269


def test_a_bulk_export_as_a_server_gave_it() -> None:
    said: list[str] = []
    with open_fhir(BULK, synthetic_identifiers=True, report=said.append) as source:
        visits = source.tables["encounters"].subquery("visits")
        assert list(source.run(exp.select("count(*)").from_(visits))) == [(1_215,)]
    assert "Patient: 13 came, 13 taken" in said
    assert "made-up identifiers: 0 NPIs, 43 TINs" in "\n".join(said)
    assert said[-1] == "files not read: Location.000.ndjson.gz, log.ndjson"


def test_progress_is_told_up_to_the_last_byte() -> None:
    told: list[tuple[str, int, int]] = []
    read(BULK, progress=lambda *what: told.append(what))
    ends = {name: (done, size) for name, done, size in told}
    assert ends["Encounter.000.ndjson.gz"][0] == ends["Encounter.000.ndjson.gz"][1] > 0


def test_what_a_fhir_folder_is(tmp_path: Path) -> None:
    assert is_fhir_folder(BUNDLES)
    assert not is_fhir_folder(tmp_path)
    assert not is_fhir_folder(BUNDLES / "Patient.ndjson.gz")
