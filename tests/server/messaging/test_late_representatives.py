"""Who comes to act late: what cannot be read does not wait, and the wider right counts."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from wellpost.server.clock.time import held_at
from wellpost.server.messaging import actions, queries
from wellpost.server.people.models import Representative

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def acting(patient, user, starts_on):
    return Representative.objects.create(
        patient=patient, user=user, name=user.name, relationship="child", starts_on=starts_on
    )


@pytest.fixture
def thread(alice, dr_chen, ada_admin, fresh_key):
    """A conversation whose key was made anew on 2 June."""
    with held_at(datetime(2031, 6, 1, 12, tzinfo=UTC)):
        held = actions.start_thread(
            practice=alice.practice, patient=alice, by=dr_chen.user, subject="Old and new",
            body="Of the old days", client_key=fresh_key(),
        ).thread  # fmt: skip
    with held_at(datetime(2031, 6, 2, 12, tzinfo=UTC)):
        actions.revoke_key(holder=alice, by=ada_admin)
        actions.send_message(thread=held, by=dr_chen.user, body="New", client_key=fresh_key())
    return held


def test_what_one_may_not_read_does_not_wait_for_one(thread, alice, bob):
    acting(alice, bob.user, date(2031, 6, 3))
    with held_at(datetime(2031, 6, 3, 12, tzinfo=UTC)):
        assert queries.unread_count(bob.user, patient=alice) == 1
        assert queries.inbox(bob.user, patient=alice)[0].unread_count == 1
        assert [each.text for each in queries.open_thread(thread.pk, bob.user).messages] == ["New"]
        assert queries.unread_count(bob.user, patient=alice) == 0
        assert actions.mark_read(thread=thread, by=bob.user) == 0


def test_who_acts_by_two_rights_reads_by_the_one_that_goes_back_furthest(
    thread, alice, carol, bob, sam_staff
):
    """The patient had two records, and the friend was written down on both."""
    from wellpost.server.people.actions import merge_patients

    acting(alice, bob.user, date(2031, 6, 3))
    acting(carol, bob.user, date(2031, 6, 1))
    merge_patients(keep=alice, merge=carol, by=sam_staff)
    with held_at(datetime(2031, 6, 3, 12, tzinfo=UTC)):
        opened = queries.open_thread(thread.pk, bob.user).messages
    assert [each.text for each in opened] == ["Of the old days", "New"]
