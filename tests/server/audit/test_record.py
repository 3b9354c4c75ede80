"""What a row holds: who, what, of which patient, from where."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from wellpost.server.audit import queries
from wellpost.server.audit.actions import record
from wellpost.server.audit.context import traced
from wellpost.server.audit.deeds import Deed
from wellpost.server.audit.models import AuditRow
from wellpost.server.clock import time as clock

NOON = datetime(2021, 7, 1, 12, tzinfo=UTC)


def test_a_row_says_who_did_what_to_whose_data(alice, dr_chen):
    row = record(
        by=dr_chen.user, deed=Deed.PATIENT_READ, target=alice, patient_id=alice.pk, category="names"
    )
    assert (row.actor_id, row.actor_kind) == (str(dr_chen.user.pk), "user")
    assert (row.practice_id, row.patient_id) == (str(alice.practice_id), str(alice.pk))
    assert (row.target_kind, row.target_id) == ("patient", str(alice.pk))


def test_a_row_carries_the_request_it_belongs_to(db):
    with traced("abc123", "192.0.2.7"):
        record(by=None, deed=Deed.SIGN_IN_FAILED)
    row = AuditRow.objects.get()
    assert (row.request_id, row.address, row.actor_kind) == ("abc123", "192.0.2.7", "visitor")


def test_outside_a_request_the_machine_acts(db):
    assert record(by=None, deed=Deed.PRACTICE_SET_UP).actor_kind == "machine"


def test_rows_of_a_patient_for_a_period_newest_first(alice, bob):
    for day in range(4):
        with clock.held_at(NOON + timedelta(days=day)):
            record(by=None, deed=Deed.PATIENT_READ, patient_id=alice.pk)
            record(by=None, deed=Deed.PATIENT_READ, patient_id=bob.pk)
    since, until = NOON + timedelta(days=1), NOON + timedelta(days=3)
    found = queries.rows_of_patient([alice.pk], since=since, until=until)
    assert [row.recorded_at for row in found] == [NOON + timedelta(days=2), since]


def test_rows_of_a_practice_by_deed_and_page(alice, bob):
    for _ in range(queries.ROWS_A_PAGE + 1):
        record(by=None, deed=Deed.PATIENT_READ, target=alice)
    record(by=None, deed=Deed.PATIENT_ADDED, target=alice)
    record(by=None, deed=Deed.PATIENT_READ, target=bob)
    rows = queries.rows_of_practice(alice.practice_id, deed=Deed.PATIENT_READ)
    assert rows.count() == queries.ROWS_A_PAGE + 1
    assert len(queries.page_of(rows, 2)) == 1
