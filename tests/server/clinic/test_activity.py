"""The practice's report of what was done: narrowed, sorted, taken away, itself on record."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest

from tests.server.conftest import make_patient, make_user
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.audit.models import AuditRow
from wellpost.server.clinic.activity import COLUMNS, FURTHER
from wellpost.server.clock import time as clock

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]
JULY = datetime(2021, 7, 1, 16, tzinfo=UTC)
KINDS = ("thread", "patient", "", "message", "thread")
PERIOD = {"starts_on": "2021-07-01", "ends_on": "2021-07-31"}


@pytest.fixture
def deeds_of_july(practice, alice, carol, bob, dr_chen, sam_staff):
    """Five rows, a day apart: three readers, two patients, one refused, one of an emergency."""
    zoe = make_patient(practice, "Zoe Abbott", user=make_user("Zoe Abbott"))
    done = [
        (sam_staff, Deed.PATIENT_READ, alice, "done", ""),
        (dr_chen.user, Deed.THREAD_READ, carol, "done", ""),
        (None, Deed.SIGN_IN_FAILED, None, "refused", ""),
        (dr_chen.user, Deed.THREAD_READ, alice, "done", "emergency"),
        (zoe.user, Deed.MESSAGE_SENT, zoe, "done", ""),
    ]
    for day, (by, deed, patient, outcome, category) in enumerate(done):
        with clock.held_at(JULY + timedelta(days=day)):
            record(
                by=by, deed=deed, practice_id=practice.pk, patient_id=patient and patient.pk,
                outcome=outcome, category=category, target_kind=KINDS[day], target_id=5 - day,
                on_behalf_of=KINDS[-day], details={"number": 9 - day},
            )  # fmt: skip
    with clock.held_at(JULY):
        record(by=None, deed=Deed.PATIENT_READ, target=bob)
    return list(AuditRow.objects.filter(practice_id=str(practice.pk)).order_by("pk"))


@pytest.fixture
def shown(as_user, ada_admin, deeds_of_july):
    """The numbers, 0 to 4, of the rows on the page that is asked for so."""
    client = as_user(ada_admin)
    numbers = {each.pk: number for number, each in enumerate(deeds_of_july)}

    def ask(**asked):
        page = client.get(f"/clinic/audit/?{urlencode({**PERIOD, **asked})}")
        return [numbers[each.row.pk] for each in page.context["rows"]]

    return ask


def test_the_rows_of_a_period_at_this_practice(shown):
    assert shown() == [4, 3, 2, 1, 0]
    assert shown(starts_on="2021-07-02", ends_on="2021-07-03") == [2, 1]


def test_days_are_those_of_the_practice(shown, practice):
    with clock.held_at(datetime(2021, 8, 1, 3, 59, tzinfo=UTC)):  # July 31 at 23:59 in Maine
        record(by=None, deed=Deed.PATIENTS_LISTED, practice_id=practice.pk)
    assert AuditRow.objects.filter(deed=Deed.PATIENTS_LISTED).count() == 1
    with pytest.raises(KeyError):  # a sixth row is on the page
        shown()


def test_by_person_patient_deed_outcome_and_emergency(shown, dr_chen, alice, sam_staff):
    assert shown(actor_id=dr_chen.user.pk) == [3, 1]
    assert shown(patient_id=alice.pk) == [3, 0]
    assert shown(deed="thread_read") == [3, 1]
    assert shown(outcome="refused") == [2]
    assert shown(category="emergency") == [3]
    assert shown(actor_id=sam_staff.pk, patient_id=alice.pk, deed="patient_read") == [0]


NAMES = {"actor_id", "patient_id"}
"""Sorted by the name behind them: see below."""
FIELDS = {each.name for each in AuditRow._meta.concrete_fields}


def test_every_field_of_a_row_is_offered_for_sorting():
    one_only = {"practice_id"}  # the report is of one practice
    assert {*COLUMNS, *FURTHER} == FIELDS - one_only


@pytest.mark.parametrize("column", sorted({*COLUMNS, *FURTHER} - NAMES))
def test_every_column_sorts_both_ways(shown, deeds_of_july, column):
    held = [key_of(getattr(each, column)) for each in deeds_of_july]
    up, down = shown(sort=column), shown(sort=f"-{column}")
    assert [held[each] for each in up] == sorted(held)
    assert [held[each] for each in down] == sorted(held, reverse=True)


def key_of(value):
    if isinstance(value, int):
        return value
    return json.dumps(value) if isinstance(value, dict) else str(value)


def test_people_and_patients_are_sorted_by_their_names(shown):
    assert shown(sort="actor_id") == [3, 1, 0, 4, 2]  # Dr Chen, Sam, Zoe, nobody
    assert shown(sort="-actor_id") == [4, 0, 3, 1, 2]
    assert shown(sort="patient_id") == [4, 3, 0, 1, 2]  # Abbott, Arden, Cove, none


@pytest.mark.parametrize(
    "asked",
    [{"actor_id": "x"}, {"deed": "x"}, {"patient_id": "x"}, {"outcome": "x"}, {"ends_on": "x"},
     {"ends_on": "2021-06-01"}],
)  # fmt: skip
def test_what_cannot_be_is_said_and_shows_nothing(shown, asked):
    assert shown(**asked) == []


def test_a_strange_order_is_the_usual_one(shown):
    assert shown(sort="details") == shown(sort="x") == [4, 3, 2, 1, 0]


def test_a_row_says_in_what_role_somebody_did_it(as_user, ada_admin, deeds_of_july):
    page = as_user(ada_admin).get("/clinic/audit/", PERIOD)
    roles = [(each.who, each.role) for each in page.context["rows"]]
    assert roles == [
        ("Zoe Abbott", "Patient"), ("Dr Chen", "Clinician"), ("the server itself", ""),
        ("Dr Chen", "Clinician"), ("Sam Stone", "Staff"),
    ]  # fmt: skip


def test_a_patient_is_looked_for_by_a_name_that_is_in_no_address(
    as_user, ada_admin, deeds_of_july, alice
):
    page = as_user(ada_admin).post("/clinic/audit/?outcome=done", {"words": "ard"})
    assert page.context["found"] == [alice]
    assert f"patient_id={alice.pk}".encode() in page.content
    assert AuditRow.objects.filter(deed=Deed.PATIENTS_LISTED).count() == 1


def test_reading_and_taking_away_are_on_record(as_user, ada_admin, deeds_of_july, deeds):
    client = as_user(ada_admin)
    client.get("/clinic/audit/")
    client.get("/clinic/audit/export/csv/", PERIOD)
    assert deeds()[-2:] == ["audit_read", "audit_exported"]
    assert AuditRow.objects.last().details == {"kind": "csv", "rows": 5}


def body(answer):
    assert answer.streaming
    return b"".join(answer.streaming_content).decode()


def test_the_rows_as_csv(as_user, ada_admin, deeds_of_july, alice):
    alice.given_name = "=HYPERLINK()"
    alice.save()
    answer = as_user(ada_admin).get(
        "/clinic/audit/export/csv/", {**PERIOD, "patient_id": alice.pk, "sort": "recorded_at"}
    )
    assert "activity-2021-07-01-2021-07-31.csv" in answer["Content-Disposition"]
    lines = list(csv.DictReader(io.StringIO(body(answer))))
    assert [each["deed"] for each in lines] == ["patient_read", "thread_read"]
    assert lines[0]["recorded_at"] == "2021-07-01T16:00:00.000000Z"
    assert lines[0]["patient"] == "'=HYPERLINK() Arden"
    assert lines[1]["access"] == "emergency"


def test_the_rows_as_json(as_user, ada_admin, deeds_of_july):
    client = as_user(ada_admin)
    found = json.loads(body(client.get("/clinic/audit/export/json/", PERIOD)))
    assert [each["row"] for each in found] == [each.pk for each in reversed(deeds_of_july)]
    nothing = {"starts_on": "2020-01-01", "ends_on": "2020-01-02"}
    assert json.loads(body(client.get("/clinic/audit/export/json/", nothing))) == []


def test_more_rows_than_are_held_at_once(as_user, ada_admin, practice):
    for _ in range(1100):
        record(by=None, deed=Deed.PATIENTS_LISTED, practice_id=practice.pk)
    answer = as_user(ada_admin).get("/clinic/audit/export/csv/?deed=patients_listed")
    assert len(list(csv.DictReader(io.StringIO(body(answer))))) == 1100


def test_another_form_and_a_wrong_period_are_no_file(as_user, ada_admin):
    client = as_user(ada_admin)
    assert client.get("/clinic/audit/export/xml/").status_code == 404
    wrong = {"starts_on": "2021-07-01", "ends_on": "x"}
    assert client.get("/clinic/audit/export/csv/", wrong).url == "/clinic/audit/"
