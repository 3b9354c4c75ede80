"""When a session ends it opens nothing any more, wherever its cookie was copied to."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.server.conftest import PASSWORD, signed_in

pytestmark = pytest.mark.django_db

NEW = "a completely different set of words"


def opens(client: Client) -> bool:
    """Whether Alice's inbox opens."""
    answer = client.get(reverse("portal:inbox"), follow=True)
    return "/account/login" not in answer.request["PATH_INFO"]


def copied(client: Client) -> Client:
    """A browser of somebody who got hold of the cookie."""
    thief = Client()
    thief.cookies["session"] = client.cookies["session"].value
    return thief


@pytest.fixture
def alices(alice) -> Client:
    client = Client()
    client.force_login(alice.user)
    assert opens(client)
    return client


def test_a_session_that_was_ended_opens_nothing(alices):
    thief = copied(alices)
    assert opens(thief)
    alices.post(reverse("account_logout"))
    assert not opens(thief)


def test_a_closed_account_is_out_at_once(alice, alices):
    alice.user.is_active = False
    alice.user.save()
    assert not opens(alices)


def test_a_new_password_ends_every_other_session(alice, alices):
    elsewhere = Client()
    elsewhere.force_login(alice.user)
    assert opens(elsewhere)
    changed = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    alices.post(reverse("account_change_password"), changed)
    assert opens(alices)
    assert not opens(elsewhere)


def test_every_page_offers_to_sign_out(first, alice, sam_staff):
    at_the_portal, at_the_clinic = Client(), signed_in(Client(), sam_staff)
    at_the_portal.force_login(alice.user)
    for client, name in (
        (at_the_portal, "portal:thread"), (at_the_clinic, "clinic:thread"),
    ):  # fmt: skip
        page = client.get(reverse(name, args=[first.thread_id])).content.decode()
        assert reverse("account_logout") in page
