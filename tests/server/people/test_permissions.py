"""Who may do what: the table, and where each of the seven stands."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from wellpost.server.clock import time as clock
from wellpost.server.people.models import Representative
from wellpost.server.people.permissions import ALLOWED, NotAllowed, Permission, may, require

OF_ALICE = {
    "alice": {"read_messages", "write_messages", "read_record"},
    "amir": {"read_messages", "write_messages", "read_record"},
    "dr_chen": {"read_messages", "write_messages", "read_patient", "merge_patients"},
    "dr_diaz": {"read_messages", "write_messages", "read_patient", "merge_patients"},
    "sam_staff": {"read_messages", "write_messages", "read_patient", "invite_patient"},
    "rita_reporter": {"read_measures", "read_worklist", "list_patients"},
    "ada_admin": {"manage_people", "read_audit", "read_patient"},
    "bob": set(),
    "dr_evans": set(),
}
NEVER = {
    "alice": {"read_patient", "read_audit", "list_patients"},
    "amir": {"read_patient", "read_audit", "list_patients"},
    "dr_chen": {"manage_people", "read_audit", "read_record"},
    "dr_diaz": {"manage_people", "read_audit", "read_record"},
    "sam_staff": {"manage_people", "read_audit", "read_record"},
    "rita_reporter": {"read_messages", "write_messages", "read_patient", "manage_people"},
    "ada_admin": {"read_messages", "write_messages", "read_record"},
    "bob": set(Permission),
    "dr_evans": set(Permission),
}


@pytest.fixture
def user_of(request):
    return lambda who: (
        getattr(request.getfixturevalue(who), "user", None) or (request.getfixturevalue(who))
    )


@pytest.mark.parametrize("who", OF_ALICE)
def test_what_each_may_of_alice(who, user_of, alice):
    may_now = {str(each) for each in Permission if may(user_of(who), each, alice)}
    assert OF_ALICE[who] <= may_now
    assert not NEVER[who] & may_now


def test_every_standing_has_its_row():
    assert all(ALLOWED.values())


def test_a_visitor_may_nothing(alice):
    assert not any(may(AnonymousUser(), each, alice) for each in Permission)


def test_the_command_line_may_everything(alice, practice):
    assert all(may(None, each, target) for each in Permission for target in (alice, practice))
    require(None, Permission.RUN_SERVER, practice)


def test_an_account_that_was_closed_may_nothing(alice, dr_chen):
    dr_chen.user.is_active = False
    with pytest.raises(NotAllowed):
        require(dr_chen.user, Permission.READ_PATIENT, alice)


def test_a_representative_may_between_two_days_only(alice, amir):
    today = clock.today("America/New_York")
    for starts_on, ends_on, allowed in (
        (today, today, True),
        (today + timedelta(days=1), None, False),
        (date(2020, 1, 1), today - timedelta(days=1), False),
    ):
        Representative.objects.update(starts_on=starts_on, ends_on=ends_on)
        assert may(amir.user, Permission.READ_MESSAGES, alice) is allowed


def test_a_representative_may_what_was_granted_only(alice, amir):
    Representative.objects.update(may_message=False)
    assert not may(amir.user, Permission.WRITE_MESSAGES, alice)
    assert may(amir.user, Permission.READ_RECORD, alice)


def test_a_membership_of_yesterday_gives_nothing(alice, dr_chen):
    dr_chen.memberships.update(ends_on=clock.today("America/New_York") - timedelta(days=1))
    assert not may(dr_chen.user, Permission.READ_PATIENT, alice)
