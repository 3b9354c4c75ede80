"""$evaluate-measure: what is counted, for whom, and what of it goes on record."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.server.conftest import make_patient
from tests.server.fhir_api.conftest import EVALUATE, SUMMER, counts, why
from tests.server.quality import world
from wellpost.server.audit.models import AuditRow
from wellpost.server.fhir_api import evaluating
from wellpost.server.people.models import Membership, Role
from wellpost.server.quality.overriding import override
from wellpost.server.quality.periods import Asked
from wellpost.terms import Period

pytestmark = pytest.mark.postgresql

ACI = "/fhir/Measure/mips-aci-secure-messaging/$evaluate-measure"
IN_2017 = {"periodStart": "2017-06", "periodEnd": "2017-09"}


def referred(patient) -> str:
    return f"Patient/{patient.pk}"


def listed(report, population: str) -> list[str]:
    """The patients of a population, by way of the reports that its list names."""
    contained = {f"#{each['id']}": each for each in report["contained"]}
    (group,) = report["group"]
    (found,) = [each for each in group["population"] if each["id"] == population]
    entries = contained[found["subjectResults"]["reference"]].get("entry", [])
    reports = [contained[each["item"]["reference"]] for each in entries]
    return sorted(each["subject"]["reference"] for each in reports)


def test_a_clinician_gets_their_own_count(got, dr_chen, summer):
    status, report = got(dr_chen.user, **SUMMER)
    assert status == 200
    assert (report["resourceType"], report["type"]) == ("MeasureReport", "summary")
    assert counts(report) == (1, 2)
    assert report["group"][0]["measureScore"] == {"value": 0.5}
    assert report["reporter"]["identifier"]["value"] == dr_chen.npi
    assert report["period"] == {"start": "2021-06-01", "end": "2021-08-31"}
    assert report["measure"].endswith("/fhir/Measure/stage-3-secure-messaging|2021")


def test_a_reporter_gets_the_practice_or_any_clinician_of_it(
    got, rita_reporter, practice, dr_chen, dr_diaz, alice, summer
):
    world.seen(alice, dr_diaz, "2021-07-01")
    _, whole = got(rita_reporter, **SUMMER)
    assert whole["reporter"]["identifier"]["value"] == practice.tin
    assert counts(whole) == (1, 2)
    for written in (dr_diaz.npi, f"Practitioner/{dr_diaz.npi}"):
        _, one = got(rita_reporter, **SUMMER, practitioner=written)
        assert counts(one) == (0, 1)
    assert one["reporter"]["identifier"]["value"] == dr_diaz.npi


def test_a_program_of_pairs_names_clinician_and_practice(got, dr_chen, practice, alice):
    world.seen(alice, dr_chen, "2017-07-01")
    _, report = got(dr_chen.user, ACI, **IN_2017)
    (role,) = report["contained"]
    assert role["practitioner"]["identifier"]["value"] == dr_chen.npi
    assert role["organization"]["identifier"]["value"] == practice.tin
    assert report["period"] == {"start": "2017-06-01", "end": "2017-09-30"}


def test_a_list_holds_the_report_of_each_patient(got, dr_chen, alice, carol, summer):
    _, report = got(dr_chen.user, **SUMMER, reportType="subject-list")
    assert report["type"] == "subject-list"
    assert counts(report) == (1, 2)
    assert listed(report, "denominator") == sorted([referred(alice), referred(carol)])
    assert listed(report, "numerator") == [referred(alice)]


def test_every_list_is_on_record_with_whom_it_names(got, dr_chen, alice, carol, summer, practice):
    got(dr_chen.user, **SUMMER, reportType="subject-list")
    row = AuditRow.objects.latest("id")
    assert (row.deed, row.actor_id) == ("worklist_read", str(dr_chen.user.pk))
    assert row.practice_id == str(practice.pk)
    assert row.details["patients"] == sorted([alice.pk.hex, carol.pk.hex])
    assert row.details["measure"] == "secure_messaging"


@pytest.mark.parametrize("kind", [{"reportType": "subject"}, {"reportType": "individual"}, {}])
def test_a_report_of_one_patient_names_the_act_and_is_on_record(got, dr_chen, alice, summer, kind):
    status, report = got(dr_chen.user, **SUMMER, subject=referred(alice), **kind)
    assert (status, report["type"]) == (200, "individual")
    assert report["subject"]["reference"] == referred(alice)
    assert counts(report) == (1, 1)
    assert report["evaluatedResource"][0]["display"] == "message"
    row = AuditRow.objects.latest("id")
    assert (row.deed, row.patient_id) == ("explanation_read", str(alice.pk))


def test_a_patient_not_seen_is_in_no_population(got, dr_chen, practice, summer):
    dora = make_patient(practice, "Dora Dale")
    status, report = got(dr_chen.user, **SUMMER, subject=str(dora.pk))
    assert (status, counts(report)) == (200, (0, 0))
    assert report["subject"]["reference"] == referred(dora)


def test_a_count_alone_is_on_record_too(got, dr_chen, summer, deeds):
    got(dr_chen.user, **SUMMER)
    assert deeds()[-1] == "measures_read"


def test_nothing_is_told_that_cannot_be_put_on_record(got, dr_chen, alice, summer, monkeypatch):
    def broken(**given):
        raise OSError("the disk is full")

    monkeypatch.setattr(evaluating, "record", broken)
    status, refused = got(dr_chen.user, **SUMMER, subject=referred(alice))
    assert (status, refused["resourceType"]) == (500, "OperationOutcome")


def test_patients_of_another_practice_count_and_are_not_listed(
    got, dr_chen, other_practice, bob, alice, carol, summer
):
    Membership.objects.create(
        practice=other_practice, clinician=dr_chen, role=Role.CLINICIAN, starts_on="2020-02-01"
    )
    world.seen(bob, dr_chen, "2021-06-05")
    world.wrote(dr_chen, bob, "2021-06-06")
    _, report = got(dr_chen.user, **SUMMER, reportType="subject-list")
    assert counts(report) == (2, 3)
    assert listed(report, "denominator") == sorted([referred(alice), referred(carol)])
    lists = [each for each in report["contained"] if each["resourceType"] == "List"]
    notes = [each["note"][0]["text"] for each in lists]
    assert notes == ["1 patient of other practices counted and not listed."] * 3
    assert bob.pk.hex not in str(report) and str(bob.pk) not in str(report)
    assert got(dr_chen.user, **SUMMER, subject=referred(bob))[0] == 404


def test_a_list_that_leaves_out_everybody_says_so(got, dr_chen, other_practice, bob):
    Membership.objects.create(
        practice=other_practice, clinician=dr_chen, role=Role.CLINICIAN, starts_on="2020-02-01"
    )
    world.seen(bob, dr_chen, "2021-06-05")
    _, report = got(dr_chen.user, **SUMMER, reportType="subject-list")
    reasons = {each["id"]: each["emptyReason"]["coding"][0]["code"] for each in report["contained"]}
    assert reasons["denominator-list"] == "withheld"
    assert reasons["numerator-list"] == "nilknown"


@pytest.mark.parametrize("kind", ["population", "subject-list"])
def test_nobody_gets_the_numbers_of_another(got, kind, dr_chen, dr_diaz, dr_evans, summer):
    asked = {**SUMMER, "reportType": kind, "practitioner": dr_chen.npi}
    assert got(dr_chen.user, **asked)[0] == 200
    for each in (dr_diaz, dr_evans):
        status, refused = got(each.user, **asked)
        assert status == 404
        assert why(refused).startswith("There is no such thing here")


def test_what_is_anothers_and_what_is_not_there_are_told_alike(got, dr_evans, alice, summer):
    anothers = got(dr_evans.user, **SUMMER, subject=referred(alice))
    nobodys = got(dr_evans.user, **SUMMER, subject=f"Patient/{UUID(int=7)}")
    assert anothers == nobodys
    assert anothers[0] == 404


def test_neither_patients_nor_representatives_get_numbers(got, alice, amir, summer, deeds):
    for each in (alice.user, amir.user):
        assert got(each, **SUMMER, subject=referred(alice))[0] == 404
    assert set(deeds()) == {"signed_in", "refused"}


def test_policies_can_be_settled_for_one_report(as_user, dr_chen, alice, carol, summer):
    world.wrote(dr_chen, carol, "2021-06-09")
    found = {}
    for policy in ("count_when_available", "count_when_sent"):
        settled = [{"name": "unreachable_patients", "valueString": policy}]
        body = posted(parameters=settled, **SUMMER)
        answer = as_user(dr_chen.user).post(EVALUATE, body, content_type="application/fhir+json")
        found[policy] = counts(answer.json())
        assert f"unreachable_patients={policy}" in answer.json()["text"]["div"]
    assert found == {"count_when_available": (1, 2), "count_when_sent": (2, 2)}


def posted(parameters=None, **values: str):
    """A Parameters resource."""
    given = [{"name": name, "valueDate": value} for name, value in values.items()]
    if parameters is not None:
        inner = {"resourceType": "Parameters", "parameter": parameters}
        given.append({"name": "parameters", "resource": inner})
    return {"resourceType": "Parameters", "parameter": given}


def test_a_post_asks_the_same_as_a_get(as_user, got, dr_chen, summer):
    client = as_user(dr_chen.user)
    body = posted(**SUMMER)
    answer = client.post(EVALUATE, body, content_type="application/fhir+json")
    assert answer.json() == got(dr_chen.user, **SUMMER)[1]


@pytest.mark.parametrize(
    "measure",
    [
        "stage-3-secure-messaging",
        "Measure/stage-3-secure-messaging-2021",
        "http://localhost:8000/fhir/Measure/stage-3-secure-messaging",
        "http://localhost:8000/fhir/Measure/stage-3-secure-messaging|2021",
    ],
)
def test_the_measure_can_be_a_parameter(got, dr_chen, summer, measure):
    _, report = got(dr_chen.user, "/fhir/Measure/$evaluate-measure", **SUMMER, measure=measure)
    assert counts(report) == (1, 2)


def test_a_number_changed_by_hand_is_given_and_said(got, dr_chen, practice, summer):
    override(
        by=dr_chen.user,
        practice=practice,
        npi=dr_chen.npi,
        asked=Asked("stage-3", 2021, Period.parse("2021-06-01..2021-08-31")),
        measure="secure_messaging",
        numerator=2,
        denominator=2,
        reason="one letter by courier",
    )
    _, report = got(dr_chen.user, **SUMMER)
    assert counts(report) == (2, 2)
    assert "by Dr Chen: one letter by courier" in report["text"]["div"]
