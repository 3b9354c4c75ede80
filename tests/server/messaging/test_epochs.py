"""Who holds which epoch: representatives in time, revoked keys, the year, merged records."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from wellpost.server.audit.models import AuditRow
from wellpost.server.clock.time import held_at
from wellpost.server.messaging import actions, queries
from wellpost.server.messaging.keys.opened import opened_keys
from wellpost.server.messaging.models import KeyWrap, PartyKey
from wellpost.server.people.actions import (
    add_representative,
    end_representative,
    merge_patients,
)
from wellpost.server.people.models import Representative
from wellpost.server.people.permissions import NotAllowed

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

JUNE = datetime(2021, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def say(first, dr_chen, fresh_key):
    def say(body, at=None, by=None):
        with held_at(at or datetime.now(UTC)):
            return actions.send_message(
                thread=first.thread, by=by or dr_chen.user, body=body, client_key=fresh_key()
            )

    return say


def read(thread, by):
    return [each.text for each in queries.open_thread(thread.pk, by).messages]


def holders(message):
    return set(message.epoch.wraps.values_list("party_key__party_kind", flat=True))


def represent(alice, sam_staff, user, starts_on, ends_on=None):
    made = add_representative(
        patient=alice, by=sam_staff, name=user.name, relationship="child",
        starts_on=starts_on, ends_on=ends_on,
    )  # fmt: skip
    made.user, made.account_opened_on = user, starts_on
    made.save()
    return made


def test_an_epoch_is_wrapped_once_for_each_party(amir, first):
    assert holders(first) == {"patient", "representative", "practice"}
    assert KeyWrap.objects.filter(epoch=first.epoch).count() == 3


def test_messages_of_a_thread_share_its_epoch(first, say):
    assert say("Second").epoch == first.epoch


def test_a_new_representative_reads_what_is_in_force(first, alice, sam_staff, bob):
    with pytest.raises(NotAllowed):
        read(first.thread, bob.user)
    represent(alice, sam_staff, bob.user, date(2021, 1, 1))
    assert read(first.thread, bob.user) == ["All values are as they should be."]
    assert AuditRow.objects.filter(deed="keys_granted").count() == 1


def test_one_added_without_a_word_is_let_in_on_the_first_visit(first, alice, bob):
    Representative.objects.create(
        patient=alice, user=bob.user, name="Bob", relationship="friend", starts_on="2020-01-01"
    )
    assert queries.inbox(bob.user, patient=alice)[0].subject == "Your blood test"
    assert read(first.thread, bob.user) == ["All values are as they should be."]


def test_a_representative_before_in_and_after_the_period(first, alice, sam_staff, bob, say):
    start, end = date(2031, 5, 1), date(2031, 5, 31)
    represent(alice, sam_staff, bob.user, start, end)
    for day, may in ((4, False), (5, True), (6, False)):
        with held_at(datetime(2031, day, 15, 12, tzinfo=UTC)):
            if may:
                assert read(first.thread, bob.user)
                assert queries.inbox(bob.user, patient=alice)
                continue
            for ask in (
                lambda: read(first.thread, bob.user),
                lambda: queries.inbox(bob.user, patient=alice),
                lambda: say("I am not to say this", by=bob.user),
            ):
                with pytest.raises(NotAllowed):
                    ask()


def test_without_the_right_to_message_a_representative_sees_nothing(first, amir):
    Representative.objects.filter(pk=amir.pk).update(may_message=False)
    with pytest.raises(NotAllowed):
        read(first.thread, amir.user)


def test_when_a_representative_is_ended_a_new_epoch_begins_at_once(amir, first, sam_staff, say):
    end_representative(representative=amir, by=sam_staff, on=date(2021, 1, 1))
    first.thread.refresh_from_db()
    assert first.thread.subject_epoch == 2
    later = say("After Amir")
    assert later.epoch.number == 2
    assert later.epoch.reason == "party_left"
    assert holders(later) == {"patient", "practice"}
    assert AuditRow.objects.filter(deed="epoch_begun").count() == 1
    with pytest.raises(NotAllowed):
        read(first.thread, amir.user)


def test_a_period_that_ended_by_date_begins_a_new_epoch_at_the_next_message(amir, first, say):
    Representative.objects.filter(pk=amir.pk).update(ends_on="2021-01-01")
    assert holders(say("After Amir")) == {"patient", "practice"}


def test_the_rest_read_across_epochs_with_the_subject(amir, first, alice, sam_staff, say):
    end_representative(representative=amir, by=sam_staff, on=date(2021, 1, 1))
    say("After Amir")
    opened = queries.open_thread(first.thread_id, alice.user)
    assert [each.text for each in opened.messages] == [
        "All values are as they should be.",
        "After Amir",
    ]
    assert opened.subject == "Your blood test"
    assert not opened.tampered


def test_epochs_before_ones_first_day_stay_closed(alice, dr_chen, sam_staff, amir, bob, fresh_key):
    with held_at(JUNE):
        thread = actions.start_thread(
            practice=alice.practice, patient=alice, by=dr_chen.user, subject="Old and new",
            body="Before Bob", client_key=fresh_key(),
        ).thread  # fmt: skip
    with held_at(JUNE + timedelta(days=10)):
        end_representative(representative=amir, by=sam_staff, on=date(2021, 6, 10))
        actions.send_message(
            thread=thread, by=dr_chen.user, body="For Bob as well", client_key=fresh_key()
        )
    represent(alice, sam_staff, bob.user, date(2021, 7, 1))
    opened = queries.open_thread(thread.pk, bob.user)
    assert [each.text for each in opened.messages] == ["For Bob as well"]
    assert (opened.subject, opened.tampered) == ("Old and new", False)


def test_a_year_is_long_enough_for_one_key(first, say):
    assert say("Soon", at=first.epoch.opened_at + timedelta(days=364)).epoch.number == 1
    later = say("Next year", at=first.epoch.opened_at + timedelta(days=365))
    assert (later.epoch.number, later.epoch.reason) == (2, "yearly")


def test_a_revoked_key_loses_no_history_and_opens_nothing_new(first, alice, ada_admin, say):
    old = PartyKey.objects.get(party_id=alice.pk)
    new = actions.revoke_key(holder=alice, by=ada_admin)
    assert old != new
    later = say("Under the new key")
    assert (later.epoch.number, later.epoch.reason) == (2, "key_revoked")
    assert set(later.epoch.wraps.values_list("party_key", flat=True)).isdisjoint({old.pk})
    KeyWrap.objects.filter(party_key=old).delete()
    opened_keys.forget()
    assert len(read(first.thread, alice.user)) == 2


def test_the_practices_own_key_can_be_revoked(first, dr_chen, practice, ada_admin, say):
    actions.revoke_key(holder=practice, by=ada_admin)
    say("Later")
    assert len(read(first.thread, dr_chen.user)) == 2


def test_sam_may_not_revoke_keys(alice, sam_staff):
    with pytest.raises(NotAllowed):
        actions.revoke_key(holder=alice, by=sam_staff)


def test_merged_records_show_both_histories_to_the_account_that_stays(
    first, alice, amir, carol, dr_chen, sam_staff, fresh_key
):
    with_carol = actions.start_thread(
        practice=carol.practice, patient=carol, by=dr_chen.user, subject="On the other record",
        body="Same person", client_key=fresh_key(),
    ).thread  # fmt: skip
    with pytest.raises(NotAllowed):
        read(with_carol, alice.user)
    merge_patients(keep=alice, merge=carol, by=sam_staff)
    for by in (alice.user, amir.user):
        subjects = {each.subject for each in queries.inbox(by, patient=alice)}
        assert subjects == {"Your blood test", "On the other record"}
        assert read(with_carol, by)[0] == "Same person"
        actions.send_message(thread=with_carol, by=by, body="I am here", client_key=fresh_key())
    assert queries.open_thread(with_carol.pk, dr_chen.user).patient_id == alice.pk
    assert len(read(first.thread, amir.user)) == 1


def test_after_a_merger_one_writes_on_the_record_that_stays(
    alice, carol, dr_chen, sam_staff, fresh_key
):
    merge_patients(keep=alice, merge=carol, by=sam_staff)
    carol.refresh_from_db()
    message = actions.start_thread(
        practice=carol.practice, patient=carol, by=dr_chen.user, subject="New",
        body="Hello", client_key=fresh_key(),
    )  # fmt: skip
    assert message.thread.patient == alice


def test_signing_out_and_the_end_of_a_right_empty_the_memory(amir, first, sam_staff, as_user):
    queries.open_thread(first.thread_id, amir.user)
    assert any(name[0] == amir.user.pk for name in opened_keys._held)
    end_representative(representative=amir, by=sam_staff, on=date(2021, 1, 1))
    assert not any(name[0] == amir.user.pk for name in opened_keys._held)
