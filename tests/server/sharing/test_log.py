"""The log: everything done with the record, by whom, to whom; a representative's acts as theirs."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.urls import reverse

from tests.server.sharing.conftest import NOW
from wellpost.server.clock.time import held_at
from wellpost.server.people.models import Representative
from wellpost.server.people.permissions import NotAllowed
from wellpost.server.records.uses import use
from wellpost.server.sharing.files import Form
from wellpost.server.sharing.history import lines, uses_of, what_in_words
from wellpost.server.sharing.transmitting import Wanted, send_by_email

pytestmark = pytest.mark.django_db


@pytest.fixture
def used(alice, amir):
    """Alice looked in May and downloaded in June, an app read, Amir sent it on in July."""
    with held_at(datetime(2021, 5, 1, 12, tzinfo=UTC)):
        use(by=alice.user, patient=alice, action="view", what="vitals")
    with held_at(datetime(2021, 6, 1, 12, tzinfo=UTC)):
        use(by=alice.user, patient=alice, action="download", what="pdf 2021-01-01..2021-05-31")
        use(by=alice.user, patient=alice, action="api", what="Observation", through="=Run & Fun")
    with held_at(NOW):
        wanted = Wanted(alice, "desk@hill.example.org", Form.PDF, uuid4())
        send_by_email(by=amir.user, wanted=wanted)
    return alice


def told(patient, by, **asked) -> list[tuple[str, str]]:
    return [(each.did, each.who) for each in lines(uses_of(patient, by, **asked), patient, by)]


def log_of(patient, name="record_log") -> str:
    return reverse(f"portal:{name}", args=[patient.pk])


def test_the_log_says_who_did_what_the_latest_first(used, amir):
    assert told(used, used.user) == [
        ("Sent to somebody", "Amir Arden, your representative"),
        ("Read by an app", "You"),
        ("Downloaded", "You"),
        ("Looked at", "You"),
    ]


def test_amir_reads_it_with_himself_and_alice_named(used, amir):
    assert told(used, amir.user)[:2] == [
        ("Sent to somebody", "You"),
        ("Read by an app", "Alice Arden"),
    ]


def test_it_can_be_narrowed(used):
    assert told(used, used.user, action="download") == [("Downloaded", "You")]
    may = datetime(2021, 5, 1).date()
    assert told(used, used.user, start=may, end=may) == [("Looked at", "You")]


def test_outsiders_learn_nothing(used, bob, dr_chen, as_user, amir):
    for user in (bob.user, dr_chen.user):
        with pytest.raises(NotAllowed):
            uses_of(used, user)
        assert as_user(user).get(log_of(used)).status_code == 404
    Representative.objects.update(may_see_record=False)
    assert as_user(amir.user).get(log_of(used)).status_code == 404


def test_the_page_names_whom_it_went_to_and_through_what(used, as_user):
    seen = as_user(used.user).get(log_of(used)).content.decode()
    assert "desk@hill.example.org" in seen and "=Run &amp; Fun" in seen
    assert "Amir Arden, your representative" in seen
    assert "from January 1, 2021 to May 31, 2021" in seen


def test_the_file_has_the_same_lines_and_no_formulas(used, as_user):
    answer = as_user(used.user).get(log_of(used, "record_log_file"))
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode())))
    assert [row["Action"] for row in rows] == [
        "Sent to somebody",
        "Read by an app",
        "Downloaded",
        "Looked at",
    ]
    assert rows[0]["To whom"] == "desk@hill.example.org"
    assert rows[0]["When"] == "2021-07-01T11:00:00-04:00"
    assert rows[1]["Through"] == "'=Run & Fun"


@pytest.mark.parametrize(
    "asked", ["starts_on=2021-06-02&ends_on=2021-06-01", "starts_on=soon", "action=steal"]
)
def test_a_question_that_cannot_be_gives_no_line(used, as_user, asked):
    seen = as_user(used.user).get(f"{log_of(used)}?{asked}").content.decode()
    assert "Please correct this first" in seen and "desk@hill.example.org" not in seen
    file = as_user(used.user).get(f"{log_of(used, 'record_log_file')}?{asked}")
    assert len(file.getvalue().decode().splitlines()) == 1


def test_reading_the_log_is_on_record(used, as_user, deeds):
    as_user(used.user).get(log_of(used))
    assert deeds()[-1] == "audit_read"


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("", "The record"),
        ("vitals", "Vital signs"),
        ("pdf", "A PDF, to read or print: everything"),
        ("pdf ..2021-01-01", "A PDF, to read or print: until January 1, 2021"),
        ("pdf never..", "A PDF, to read or print: from never on"),
        ("something of tomorrow", "something of tomorrow"),
    ],
)
def test_what_it_was_in_words(what, says):
    assert what_in_words(what) == says
