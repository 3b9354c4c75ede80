"""What a row holds: who, what, of which patient, from where."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from tests.server.conftest import make_user
from wellpost.server.audit import queries
from wellpost.server.audit.actions import record
from wellpost.server.audit.context import came_through, current_trace, traced
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


def test_a_row_says_through_which_app_its_request_came(db):
    came_through({"app": "nobody's"})  # outside a request there is nothing to say it of
    with traced("abc123", None):
        assert record(by=None, deed=Deed.SIGNED_IN).details == {}
        came_through({"app": "x"})
        row = record(by=None, deed=Deed.PATIENT_READ, details={"rows": 2})
    assert (row.details, row.request_id, row.address) == ({"app": "x", "rows": 2}, "abc123", None)
    assert current_trace() is None
    assert record(by=None, deed=Deed.SIGNED_IN).details == {}


def test_what_is_named_counts_more_than_what_the_target_gives(alice, bob):
    row = record(
        by=None, deed=Deed.PATIENT_READ, target=alice, practice_id=bob.practice_id,
        patient_id=bob.pk, target_kind="letter", target_id=7, on_behalf_of=alice.pk,
    )  # fmt: skip
    assert (row.practice_id, row.patient_id) == (str(bob.practice_id), str(bob.pk))
    assert (row.target_kind, row.target_id, row.on_behalf_of) == ("letter", "7", str(alice.pk))


def test_a_row_of_nothing_in_particular_leaves_the_rest_empty(db):
    row = record(by=None, deed=Deed.SIGNED_IN)
    given = (row.practice_id, row.patient_id, row.target_kind, row.target_id, row.on_behalf_of)
    assert given == ("", "", "", "", "")
    assert (row.actor_id, row.category, row.outcome, row.request_id) == ("", "", "done", "")
    assert record(by=AnonymousUser(), deed=Deed.SIGNED_IN).actor_kind == "machine"


def test_rows_of_a_patient_without_their_own_deeds_and_of_one_category(alice, dr_chen):
    for by in (alice.user, dr_chen.user, None):
        for category in ("messages", "names"):
            record(by=by, deed=Deed.PATIENT_READ, target=alice, patient_id=alice.pk,
                   category=category)  # fmt: skip
    found = queries.rows_of_patient([alice.pk], not_by=[str(alice.user.pk)], category="names")
    assert [row.actor_id for row in found] == ["", str(dr_chen.user.pk)]
    assert queries.rows_of_patient([alice.pk]).count() == 6
    assert queries.rows_of_patient([]).count() == 0


@pytest.mark.parametrize("name", ["actor_id", "patient_id", "outcome", "category"])
def test_rows_of_a_practice_by_each_field(practice, name):
    other = record(by=None, deed=Deed.PATIENT_READ, practice_id=practice.pk, patient_id="p1")
    wanted = record(by=make_user("Wanted"), deed=Deed.PATIENT_READ, practice_id=practice.pk,
                    patient_id="p2", outcome="refused", category="names")  # fmt: skip
    value = getattr(wanted, name)
    found = queries.rows_of_practice(practice.pk, **{name: value})
    assert [each.pk for each in found] == [wanted.pk]
    assert [each.pk for each in queries.rows_of_practice(practice.pk)] == [wanted.pk, other.pk]


def test_a_page_out_of_range_is_the_nearest(practice):
    for _ in range(queries.ROWS_A_PAGE + 1):
        record(by=None, deed=Deed.PATIENT_READ, practice_id=practice.pk)
    rows = queries.rows_of_practice(practice.pk)
    assert [queries.page_of(rows, each).number for each in (None, "x", 0, 9)] == [1, 1, 2, 2]
