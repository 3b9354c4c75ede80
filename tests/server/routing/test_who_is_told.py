"""Whom a conversation reaches by its topic, its pool, and who took it on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.server.conftest import LONG_AGO, make_member
from wellpost.server.clock import time as clock
from wellpost.server.messaging import actions, queries
from wellpost.server.notices.models import Notice
from wellpost.server.people.models import Role
from wellpost.server.people.permissions import NotAllowed
from wellpost.server.routing import tasks
from wellpost.server.routing.models import Task
from wellpost.server.routing.pools import add_pool, join_pool, leave_pool
from wellpost.server.routing.reasons import keep_reason
from wellpost.server.routing.signals import about

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


@pytest.fixture
def robin(practice):
    """Of staff as well, and in no pool."""
    return make_member(practice, "Robin Rowe", Role.STAFF)


@pytest.fixture
def pool(practice, ada_admin, dr_diaz, sam_staff, member):
    """Refills: Dr Diaz and Sam."""

    def pool(name="Refills", *who):
        made = add_pool(practice=practice, by=ada_admin, name=name)
        for each in who or (dr_diaz, sam_staff):
            join_pool(
                pool=made, membership=member(each), by=ada_admin, starts_on=LONG_AGO, ends_on=None
            )
        return made

    return pool


@pytest.fixture
def refill(practice, pool, ada_admin):
    """The topic that goes to that pool."""
    topic = practice.reasons.get(kind="refill")
    return keep_reason(
        practice=practice, by=ada_admin, name=topic.name, pool=pool(), answer_within_days=1,
        is_offered=True, reason=topic,
    )  # fmt: skip


def told():
    """Who was told of anything since this was asked last."""
    names = {each.user.name for each in Notice.objects.select_related("user")}
    Notice.objects.all().delete()
    return names


def test_a_topics_pool_is_told_and_nobody_else(ask, refill, robin, sam_staff, dr_diaz):
    with about(refill):
        ask(for_clinician=None)
    assert told() == {"Sam Stone", "Dr Diaz"}


def test_of_a_new_matter_the_pool_is_told_beside_the_clinician_chosen(
    ask, say, refill, alice, dr_chen, member, robin
):
    with about(refill):
        thread = ask(participants=[member(dr_chen)])
    assert told() == {"Dr Chen", "Sam Stone", "Dr Diaz"}
    say(thread, alice.user, "And one thing more.")
    assert told() == {"Dr Chen"}


def test_all_of_staff_are_told_where_the_pool_is_empty(
    ask, refill, robin, sam_staff, dr_diaz, ada_admin
):
    for each in refill.pool.members.all():
        leave_pool(member=each, by=ada_admin)
    with about(refill):
        ask(for_clinician=None)
    assert told() == {"Sam Stone", "Robin Rowe"}


def test_who_took_it_on_is_told_of_what_the_patient_writes(
    ask, say, refill, robin, alice, dr_chen, member
):
    with about(refill):
        thread = ask(participants=[member(dr_chen)])
    tasks.claim(thread=thread, by=robin)
    told()
    say(thread, alice.user, "Are you there?")
    assert told() == {"Dr Chen", "Robin Rowe"}


def test_what_was_given_back_without_a_word_is_the_pools_again(
    ask, say, refill, robin, alice, dr_diaz, sam_staff
):
    with about(refill):
        thread = ask(for_clinician=None)
    for each in (robin, dr_diaz.user):
        tasks.claim(thread=thread, by=each)
        tasks.release(thread=thread, by=each)
    told()
    say(thread, alice.user, "Are you there?")
    assert told() == {"Sam Stone", "Dr Diaz"}
    tasks.claim(thread=thread, by=robin)
    say(thread, robin, "We look after it.")
    tasks.release(thread=thread, by=robin)
    told()
    say(thread, alice.user, "Thank you.")
    assert told() == {"Robin Rowe"}


def test_whom_the_patient_addressed_takes_part_although_they_gave_it_back(
    ask, refill, dr_chen, dr_diaz
):
    thread = ask()
    tasks.claim(thread=thread, by=dr_chen.user)
    tasks.release(thread=thread, by=dr_chen.user)
    assert queries.open_thread(thread.pk, dr_chen.user)


def test_a_pool_is_told_of_what_is_passed_or_sorted_into_it(
    ask, refill, pool, robin, sam_staff, dr_diaz
):
    knees = pool("Knees", dr_diaz)
    thread = ask(for_clinician=None)
    told()
    tasks.arrange(thread=thread, by=sam_staff, priority=2, follow_up_on=None, reason=refill)
    assert told() == {"Dr Diaz"}
    tasks.reassign(thread=thread, by=robin, why="A knee", pool=knees)
    assert told() == {"Dr Diaz"}


def test_a_clinician_passes_on_what_only_the_pool_showed_them(
    ask, pool, sam_staff, dr_diaz, dr_chen, as_user
):
    knees, hips = pool("Knees", dr_diaz), pool("Hips", sam_staff)
    thread = ask(for_clinician=None)
    tasks.reassign(thread=thread, by=sam_staff, why="A knee", pool=knees)
    client = as_user(dr_diaz.user)
    form = {"target": f"pool:{hips.pk}", "why": "No: a hip"}
    answer = client.post(f"/clinic/threads/{thread.pk}/pass-on/", form, follow=True)
    assert Task.objects.get(thread=thread).pool == hips
    assert answer.redirect_chain == [("/clinic/", 302)]
    assert "Passed on." in answer.content.decode()


def test_what_a_clinician_took_on_stays_theirs_when_the_pool_changes_and_when_they_are_away(
    ask, pool, sam_staff, dr_diaz, dr_chen, member, practice
):
    thread = ask(for_clinician=None)
    tasks.reassign(thread=thread, by=sam_staff, why="A knee", pool=pool("Knees", dr_diaz))
    tasks.claim(thread=thread, by=dr_diaz.user)
    tasks.arrange(
        thread=thread, by=sam_staff, priority=2, follow_up_on=None,
        reason=practice.reasons.get(kind="billing"),
    )  # fmt: skip
    assert queries.open_thread(thread.pk, dr_diaz.user)
    with pytest.raises(NotAllowed):
        queries.open_thread(thread.pk, dr_chen.user)
    today = clock.today(practice.time_zone)
    actions.cover(
        membership=member(dr_diaz), covered_by=member(dr_chen), starts_on=today,
        ends_on=today + timedelta(3), by=dr_diaz.user,
    )  # fmt: skip
    assert queries.open_thread(thread.pk, dr_chen.user)


def test_a_topic_no_longer_offered_stays_with_its_conversations(
    ask, refill, practice, ada_admin, sam_staff, as_user
):
    with about(refill):
        thread = ask()
    keep_reason(
        practice=practice, by=ada_admin, name=refill.name, pool=refill.pool, answer_within_days=1,
        is_offered=False, reason=refill,
    )  # fmt: skip
    client = as_user(sam_staff)
    assert refill.name in client.get(f"/clinic/threads/{thread.pk}/").content.decode()
    form = {"reason": str(refill.pk), "priority": "0", "follow_up_on": ""}
    client.post(f"/clinic/threads/{thread.pk}/arrange/", form)
    held = Task.objects.get(thread=thread)
    assert (held.priority, held.reason, held.pool) == (0, refill, refill.pool)
