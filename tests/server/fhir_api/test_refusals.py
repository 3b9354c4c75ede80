"""What the API refuses: each with its status, an OperationOutcome and a sentence that helps."""

from __future__ import annotations

import json
import logging

import pytest
from django.test import Client

from tests.server.conftest import make_member, signed_in
from tests.server.fhir_api.conftest import EVALUATE, FHIR, MESSAGING, SUMMER, why
from wellpost.server.fhir_api import views
from wellpost.server.people.models import Role
from wellpost.server.people.queries import memberships_of

ANY = "/fhir/Measure/$evaluate-measure"

WRONG = {
    "too short": ({"periodEnd": "2021-08-01"}, "495.4"),
    "too late": ({"periodEnd": "2021-11-01"}, "the last permitted day is 2021-10-30"),
    "reversed": ({"periodEnd": "2021-05-01"}, "it ends before it starts"),
    "two years": ({"periodEnd": "2022-08-31"}, "program year 2021"),
    "no program then": (
        {"periodStart": "1999-01", "periodEnd": "1999-06"},
        "stage-3 has no rules for 1999",
    ),
    "no start": ({"periodStart": ""}, "periodStart is missing"),
    "no day": ({"periodStart": "2021-06-31"}, "periodStart cannot be read"),
    "no date": ({"periodEnd": "summer"}, "periodEnd cannot be read"),
    "year nought": ({"periodStart": "0000"}, "periodStart cannot be read"),
    "no such type": ({"reportType": "everything"}, "there is no reportType 'everything'"),
    "nobody": ({"reportType": "subject"}, "name them in subject"),
    "one of many": (
        {"reportType": "population", "subject": "12345678123456781234567812345678"},
        "leave subject out",
    ),
    "no patient": ({"subject": "Patient/7"}, "subject is one patient"),
    "a group": ({"subject": "Group/x"}, "subject is one patient"),
    "no npi": ({"practitioner": "Dr Chen"}, "practitioner is an NPI"),
    "no parameter": ({"perodStart": "2021"}, "Did you mean periodStart?"),
    "two measures": ({"measure": "stage-3-patient-access"}, "the address names one already"),
    "policies in an address": ({"parameters": "seen"}, "in a POST"),
}


@pytest.mark.parametrize("changed, says", WRONG.values(), ids=WRONG)
def test_what_cannot_be_right_is_400_with_a_sentence(got, dr_chen, changed, says):
    status, refused = got(dr_chen.user, **{**SUMMER, **changed})
    assert status == 400
    assert says in why(refused)


def test_a_measure_that_is_not_there(got, dr_chen):
    assert got(dr_chen.user, "/fhir/Measure/stage-3-hearsay/$evaluate-measure", **SUMMER)[0] == 404
    for asked in ({}, {"measure": "hearsay"}, {"measure": "stage-3-secure-messaging|1999"}):
        status, refused = got(dr_chen.user, ANY, **SUMMER, **asked)
        assert status == 400
        assert "/fhir/Measure lists all" in why(refused)


def test_given_twice(as_user, dr_chen):
    answer = as_user(dr_chen.user).get(f"{EVALUATE}?periodStart=2021&periodStart=2020")
    assert answer.status_code == 400
    assert "given twice" in why(answer.json())


@pytest.mark.parametrize("address", [MESSAGING, EVALUATE, ANY, "/fhir/Measure"])
def test_nobody_signed_in_is_401_and_not_sent_to_a_page(address):
    answer = Client().get(address)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Cookie ")
    assert answer.json()["issue"][0]["code"] == "login"


def test_a_post_of_nobody_is_401_too():
    answer = Client().post(EVALUATE, {}, content_type=FHIR)
    assert (answer.status_code, answer["Content-Type"]) == (401, FHIR)


def test_staff_without_a_second_factor_is_403(practice):
    client = Client()
    client.force_login(make_member(practice, "Nell Novak", Role.STAFF))
    answer = client.get(EVALUATE, SUMMER)
    assert answer.status_code == 403
    assert "/account/2fa/" in why(answer.json())


def test_a_session_idle_too_long_is_401(as_user, dr_chen, summer):
    client = as_user(dr_chen.user)
    session = client.session
    session["seen_at"] = session["began_at"] = 1
    session.save()
    assert client.get(EVALUATE, SUMMER).status_code == 401


def test_one_who_left_the_practice_gets_404(got, dr_chen, summer):
    assert got(dr_chen.user, **SUMMER)[0] == 200
    for each in memberships_of(dr_chen.user):
        each.ends_on = "2021-09-01"
        each.save()
    assert got(dr_chen.user, **SUMMER)[0] == 404


@pytest.mark.parametrize(
    "accepted, status",
    [
        (FHIR, 200),
        (f"{FHIR}; fhirVersion=4.0; charset=utf-8", 200),
        ("text/html, application/xml;q=0.9, */*;q=0.8", 200),
        ("application/*", 200),
        ("application/fhir+xml", 406),
        (f"{FHIR}; fhirVersion=5.0", 406),
        ("text/html", 406),
        (f"{FHIR};q=0", 406),
    ],
)
def test_answers_are_json_of_r4(accepted, status):
    answer = Client().get("/fhir/metadata", headers={"accept": accepted})
    assert (answer.status_code, answer["Content-Type"]) == (status, FHIR)


def test_plain_json_is_answered_by_its_name():
    answer = Client().get("/fhir/metadata", headers={"accept": "application/json"})
    assert answer["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    "form, status", [("json", 200), ("application/fhir+json", 200), ("xml", 406), ("", 406)]
)
def test_an_address_may_say_the_form(form, status):
    assert Client().get("/fhir/metadata", {"_format": form}).status_code == status


@pytest.mark.parametrize(
    "sent_as, body, status",
    [
        (FHIR, "{", 400),
        (FHIR, "[]", 400),
        (FHIR, "[" * 100_000, 400),
        (FHIR, b"\xff", 400),
        (FHIR, '{"resourceType": "Patient"}', 400),
        (FHIR, '{"resourceType": "Parameters", "parameter": {}}', 400),
        (FHIR, '{"resourceType": "Parameters", "parameter": [{"name": "periodStart"}]}', 400),
        (FHIR, '{"resourceType": "Parameters", "parameter": [{"name": "subject", "valueCode": 1}]}',
         400),
        ("application/fhir+xml", "<Parameters/>", 415),
        ("application/x-www-form-urlencoded", "periodStart=2021", 415),
        ("text/plain", "{}", 415),
        (FHIR, json.dumps("x" * 11_000_000), 413),
    ],
)  # fmt: skip
def test_a_body_that_is_no_parameters(as_user, dr_chen, sent_as, body, status):
    answer = as_user(dr_chen.user).post(EVALUATE, body, content_type=sent_as)
    assert answer.status_code == status
    assert why(answer.json())


def test_json_needs_no_token_against_forms_and_a_form_is_not_read(dr_chen, summer):
    client = signed_in(Client(enforce_csrf_checks=True), dr_chen.user)
    days = [{"name": name, "valueDate": day} for name, day in SUMMER.items()]
    body = {"resourceType": "Parameters", "parameter": days}
    assert client.post(EVALUATE, body, content_type=FHIR).status_code == 200
    assert client.post(EVALUATE, SUMMER).status_code == 415


def test_only_questions_are_answered(as_user, dr_chen):
    client = as_user(dr_chen.user)
    answer = client.delete(MESSAGING)
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert why(answer.json()) == "This address answers GET."
    assert client.put("/fhir/Claim/1").status_code == 404


def test_nothing_is_kept_by_caches(as_user, dr_chen, summer):
    answers = [as_user(dr_chen.user).get(EVALUATE, SUMMER), Client().get(EVALUATE)]
    assert [each["Cache-Control"] for each in answers] == ["no-store"] * 2


def test_a_fault_of_ours_is_500_and_tells_nothing(got, dr_chen, summer, monkeypatch, caplog):
    def broken(*given):
        raise ValueError("Alice Arden")

    monkeypatch.setattr(views, "evaluated", broken)
    status, refused = got(dr_chen.user, **SUMMER)
    assert status == 500
    assert "Alice" not in why(refused)
    assert "an answer failed" in caplog.text


def test_the_log_names_no_patient(got, dr_chen, carol, summer, caplog):
    with caplog.at_level(logging.DEBUG):
        for subject in (f"Patient/{carol.pk}", "Carol Cove"):
            got(dr_chen.user, **SUMMER, subject=subject)
    said = [each.getMessage() for each in caplog.records if each.name != "django.db.backends"]
    assert said
    assert not [line for line in said if "Carol" in line or "Cove" in line]


def test_a_name_written_as_subject_is_not_said_again(got, dr_chen):
    _, refused = got(dr_chen.user, **SUMMER, subject="Carol Cove")
    assert "Carol" not in why(refused)
