"""Two records of one patient become one."""

from __future__ import annotations

import pytest

from tests.server.conftest import make_patient, make_user
from wellpost.errors import RequestError
from wellpost.server.people import actions, queries
from wellpost.server.people.permissions import NotAllowed, Permission, may


def test_the_kept_record_speaks_for_both(practice, alice, sam_staff, deeds):
    twice = make_patient(practice, "Alice Ardern")
    actions.merge_patients(keep=alice, merge=twice, by=sam_staff)
    twice.refresh_from_db()
    assert twice.surviving == alice
    assert list(queries.patients_of(sam_staff, practice)) == [alice]
    assert queries.acting_patients(alice.user) == [alice]
    assert may(alice.user, Permission.READ_MESSAGES, twice)
    assert deeds() == ["patients_merged"]


def test_the_account_of_the_merged_record_goes_on(practice, alice, amir, sam_staff):
    keep = make_patient(practice, "Alice Ardern")
    actions.merge_patients(keep=keep, merge=alice, by=sam_staff)
    keep.refresh_from_db()
    assert (keep.user, keep.account_opened_on) == (alice.user, alice.account_opened_on)
    assert queries.acting_patients(alice.user) == [keep]
    assert queries.acting_patients(amir.user) == [keep]
    assert may(amir.user, Permission.READ_MESSAGES, keep)


def test_chains_are_flattened(practice, sam_staff):
    first, second, third = (make_patient(practice, f"Ann {word}") for word in "ABC")
    actions.merge_patients(keep=second, merge=first, by=sam_staff)
    actions.merge_patients(keep=third, merge=second, by=sam_staff)
    first.refresh_from_db()
    assert first.merged_into == third


def test_what_cannot_be_merged_is_refused_with_the_way_out(practice, alice, sam_staff):
    twice = make_patient(practice, "Alice Ardern", user=make_user("Alice Ardern"))
    with pytest.raises(RequestError, match="which account stays"):
        actions.merge_patients(keep=alice, merge=twice, by=sam_staff)
    with pytest.raises(RequestError, match="same record"):
        actions.merge_patients(keep=alice, merge=alice, by=sam_staff)
    third = make_patient(practice, "Alice Arder")
    actions.merge_patients(keep=alice, merge=third, by=sam_staff)
    with pytest.raises(RequestError, match="merged already"):
        actions.merge_patients(keep=alice, merge=third, by=sam_staff)


def test_records_of_two_practices_stay_apart(alice, bob, dr_evans, sam_staff):
    for by in (sam_staff, dr_evans.user):
        with pytest.raises(NotAllowed):
            actions.merge_patients(keep=alice, merge=bob, by=by)
    with pytest.raises(RequestError, match="different practices"):
        actions.merge_patients(keep=alice, merge=bob, by=None)
