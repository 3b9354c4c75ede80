"""The mail server is down while somebody is invited: what was done stays done, and is said."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.core import mail
from django.urls import reverse

from wellpost.server.messaging.models import Message
from wellpost.server.people.models import Invitation, Role
from wellpost.server.people.roster import add_staff

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]
DOWN = "tests.server.notices.test_delivery.Broken"


@pytest.fixture
def down(settings):
    up = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = DOWN
    return lambda: setattr(settings, "EMAIL_BACKEND", up)


def said_by(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def test_a_message_to_who_has_no_account_is_sent_and_the_next_one_invites(
    down, as_user, dr_chen, carol, caplog
):
    client, place = as_user(dr_chen.user), f"{reverse('clinic:write')}?patient={carol.pk}"

    def write():
        form = {"to": "patient", "subject": "Hello", "body": "Come.", "client_key": str(uuid4())}
        return said_by(client.post(place, form, follow=True))

    assert "Your message was sent." in write()
    assert Message.objects.count() == 1
    assert Invitation.objects.get().withdrawn_at
    assert "carol" not in caplog.text.lower()
    down()
    assert "Your message was sent." in write()
    assert mail.outbox[-1].to == ["carol@example.org"]
    assert Invitation.objects.filter(withdrawn_at=None).count() == 1


def test_the_page_says_that_no_invitation_went_out(down, as_user, sam_staff, carol, deeds):
    place = reverse("clinic:invite", args=[carol.pk])
    page = said_by(as_user(sam_staff).post(place, follow=True))
    assert "The mail server did not take the invitation" in page
    assert "The invitation was sent" not in page
    assert Invitation.objects.get().withdrawn_at
    assert "invitation_withdrawn" in deeds()


def test_nor_one_to_who_is_to_work_here(down, as_user, ada_admin, practice):
    tom = add_staff(
        practice=practice, by=ada_admin, email="tom@example.org", name="Tom Tay", role=Role.STAFF,
        starts_on="2021-01-01",
    )  # fmt: skip
    place = reverse("clinic:invite_member", args=[tom.pk])
    page = said_by(as_user(ada_admin).post(place, follow=True))
    assert "The mail server did not take the invitation" in page
    assert tom.user.member_invitations.get().withdrawn_at
    down()
    assert "The invitation was sent." in said_by(as_user(ada_admin).post(place, follow=True))
    assert mail.outbox[-1].to == ["tom@example.org"]
