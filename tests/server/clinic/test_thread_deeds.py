"""What is done with a conversation on its page, besides writing: each deed sent as a form."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from tests.server.portal.test_portal import begin
from wellpost.server.messaging.actions import send_message
from wellpost.server.messaging.models import Message
from wellpost.server.people.models import Membership
from wellpost.server.routing.models import Note, Task

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


@pytest.fixture
def thread(practice, alice, dr_chen):
    """Alice asks Dr Chen."""
    return begin(practice, alice, alice.user, subject="My knee", for_clinician=dr_chen)


@pytest.fixture
def sam(as_user, sam_staff):
    return as_user(sam_staff)


@pytest.fixture
def deed(sam, thread):
    """The page after Sam did it: its words, with single spaces."""

    def deed(name, *args, by=sam, **form):
        place = reverse(f"clinic:{name}", args=[thread.pk, *args])
        return re.sub(r"\s+", " ", by.post(place, form, follow=True).content.decode())

    return deed


def member(who):
    return Membership.objects.get(clinician=who)


def test_it_is_taken_on_and_given_back(deed, thread, sam_staff):
    assert "You look after this now." in deed("claim")
    assert Task.objects.get(thread=thread).owner.user == sam_staff
    assert "Nobody in particular looks after it now." in deed("release")
    assert Task.objects.get(thread=thread).owner is None


def test_it_is_passed_on_with_a_reason_and_not_without(deed, thread, dr_diaz):
    target = f"member:{member(dr_diaz).pk}"
    assert "Say why, in a few words." in deed("reassign", target=target, why="")
    assert Task.objects.get(thread=thread).owner is None
    page = deed("reassign", target=target, why="Needs a knee")
    assert "Passed on." in page and "Needs a knee" in page
    assert Task.objects.get(thread=thread).owner == member(dr_diaz)


def test_its_priority_and_its_day_are_arranged(deed, thread):
    form = {"reason": "", "priority": "1", "follow_up_on": "2999-01-02"}
    page = deed("arrange", **form)
    assert "Kept." in page and "2999" in page
    held = Task.objects.get(thread=thread)
    assert (held.priority, str(held.follow_up_on)) == (1, "2999-01-02")
    assert "Kept." not in deed("arrange", **{**form, "follow_up_on": "soon"})


def forwarding(to, **changes):
    named = {"to": str(member(to).pk), "text": "Please look.", "client_key": str(uuid4())}
    return {f"forward-{name}": value for name, value in {**named, **changes}.items()}


def test_it_is_forwarded_among_staff_or_with_the_patient_and_never_without_a_choice(
    deed, thread, dr_diaz, alice, as_user
):
    assert "Choose whether the patient reads it." in deed("forward", **forwarding(dr_diaz))
    assert not Note.objects.exists() and Message.objects.count() == 1
    assert "Only the practice reads it." in deed(
        "forward", **forwarding(dr_diaz, who_reads="staff")
    )
    assert (Note.objects.count(), Message.objects.count()) == (1, 1)
    form = forwarding(dr_diaz, who_reads="patient")
    for _ in range(2):
        assert "The patient reads it too." in deed("forward", **form)
    assert (Note.objects.count(), Message.objects.count()) == (1, 2)
    place = reverse("portal:thread", args=[thread.pk])
    assert as_user(alice.user).get(place).content.decode().count("Please look.") == 1


def test_a_note_is_kept_where_the_patient_never_looks(deed, thread, alice, as_user):
    assert "The note is empty." in deed("note", text="  ")
    assert "She sounded worried." in deed("note", text="She sounded worried.")
    page = as_user(alice.user).get(reverse("portal:thread", args=[thread.pk]))
    assert "worried" not in page.content.decode()


def test_it_is_closed_for_good(deed, thread, sam, alice, as_user):
    assert "Nothing can be added to it any more." in deed("lock")
    patient = as_user(alice.user)
    form = {"body": "One thing more.", "client_key": str(uuid4())}
    answer = patient.post(reverse("portal:thread", args=[thread.pk]), form)
    assert "This conversation is closed" in answer.content.decode()
    assert Message.objects.count() == 1


def test_what_one_wrote_is_replaced_and_both_stay(deed, thread, sam, sam_staff, dr_chen, as_user):
    wrong = send_message(
        thread=thread, by=sam_staff, body="Take two.", client_key="wrong", for_clinician=dr_chen
    )
    place = reverse("clinic:replace", args=[thread.pk, wrong.pk])
    page = sam.get(place).content.decode()
    assert "Take two." in page and "call 911 in an emergency" in page
    form = {"body": "Take one.", "client_key": str(uuid4())}
    for _ in range(2):
        page = deed("replace", wrong.pk, **form)
    assert "Take two." in page and "Take one." in page
    assert Message.objects.filter(replaces=wrong).count() == 1
    assert as_user(dr_chen.user).post(place, form).status_code == 404


@pytest.mark.parametrize(
    "name", ["claim", "release", "reassign", "arrange", "forward", "note", "lock", "resolve"]
)
def test_who_takes_no_part_does_nothing(name, deed, thread, dr_diaz, as_user, deeds):
    before = [each for each in deeds() if each.startswith(("task_", "thread_", "note_"))]
    client = as_user(dr_diaz.user)
    place = reverse(f"clinic:{name}", args=[thread.pk])
    assert client.post(place, {"text": "x", "why": "x"}).status_code == 404
    assert [each for each in deeds() if each.startswith(("task_", "thread_", "note_"))] == before


def test_what_was_typed_stays_where_it_could_not_be_done(deed, thread, dr_diaz):
    forward = deed("forward", **forwarding(dr_diaz, text="She limps since Monday."))
    assert "She limps since Monday." in forward
    assert "open><summary>Forward to a colleague" in forward
    assert "Because of her knee" in deed("reassign", target="", why="Because of her knee")
    assert "4 May" in deed("arrange", reason="", priority="0", follow_up_on="4 May")
    long = "word " * 5000
    assert long.strip() in deed("note", text=long)
    assert not Note.objects.exists()
