"""What the API says of itself and of the Measures it has."""

from __future__ import annotations

from typing import Any

from django.test import Client

from tests.server.fhir_api.conftest import MESSAGING
from wellpost.rules.load import program_year


def test_metadata_is_open_to_everybody_and_names_the_operation():
    answer = Client().get("/fhir/metadata")
    found = answer.json()
    assert (found["resourceType"], found["fhirVersion"]) == ("CapabilityStatement", "4.0.1")
    assert [each["name"] for each in stated(found, "Measure")["operation"]] == ["evaluate-measure"]


def stated(statement: dict[str, Any], kind: str) -> dict[str, Any]:
    """What the statement says of a kind."""
    (found,) = [each for each in statement["rest"][0]["resource"] if each["type"] == kind]
    return found


def test_every_search_parameter_named_is_one(got, dr_chen):
    _, statement = got(None, "/fhir/metadata")
    whole = len(ids(got, dr_chen))
    for each in stated(statement, "Measure")["searchParam"]:
        assert ids(got, dr_chen, **{each["name"]: "none of these"}) == [] != whole


def ids(got, by, **query: str) -> list[str]:
    status, bundle = got(by.user, "/fhir/Measure", **query)
    entries = bundle.get("entry", [])
    assert status == 200
    assert bundle["total"] == len(entries)
    return [each["resource"]["id"] for each in entries]


def test_there_is_a_measure_for_each_program_measure_and_year(got, dr_chen):
    found = ids(got, dr_chen)
    assert len(set(found)) == len(found)
    assert "stage-3-secure-messaging-2021" in found
    assert "mips-pi-patient-access-2026" in found


def test_measures_are_searched(got, dr_chen):
    url = f"http://localhost:8000{MESSAGING}"
    of_all_years = [f"stage-3-secure-messaging-{year}" for year in range(2021, 2016, -1)]
    assert ids(got, dr_chen, url=url) == of_all_years
    assert ids(got, dr_chen, url=url, version="2020,2018") == [of_all_years[1], of_all_years[3]]
    assert ids(got, dr_chen, _id="stage-3-secure-messaging-2019") == [of_all_years[2]]
    aci = ["mips-aci-secure-messaging-2017"]
    assert ids(got, dr_chen, identifier="ACI_CCTPE_2") == aci
    assert ids(got, dr_chen, identifier="urn:oid:2.16.840.1.113883.3.7031|ACI_CCTPE_2") == aci


def test_a_measure_is_read_for_a_year_or_at_its_canonical_address(got, dr_chen, alice):
    says = program_year("stage-3", 2018).measure("secure-messaging").says
    for by in (dr_chen.user, alice.user):
        _, one = got(by, f"{MESSAGING}-2018")
        assert (one["id"], one["version"]) == ("stage-3-secure-messaging-2018", "2018")
        assert says in one["description"]
    _, latest = got(dr_chen.user, MESSAGING)
    assert (latest["id"], latest["version"]) == ("stage-3-secure-messaging", "2021")
    assert latest["url"] == one["url"] == f"http://localhost:8000{MESSAGING}"


def test_what_is_not_there_is_404(got, dr_chen):
    for address in ("Measure/stage-3-hearsay", "Measure/stage-3-secure-messaging-1999", "Claim"):
        status, refused = got(dr_chen.user, f"/fhir/{address}")
        assert (status, refused["issue"][0]["code"]) == (404, "not-found")
