"""Somebody who signs in with a browser never used before is told of it, and of no more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from tests.server.conftest import PASSWORD
from wellpost.server.people.models import User

pytestmark = pytest.mark.django_db(transaction=True)
SUBJECT = "Somebody signed in to your account"


@pytest.fixture
def held(alice):
    """Alice's account, a month old."""
    User.objects.filter(pk=alice.user.pk).update(joined_at=timezone.now() - timedelta(days=30))
    return alice.user


def _signs_in(user: User, browser: Client) -> list[str]:
    mail.outbox.clear()
    browser.post("/account/login/", {"login": user.email, "password": PASSWORD})
    assert "_auth_user_id" in browser.session
    return [each.subject for each in mail.outbox]


def test_a_browser_never_used_before_is_told_of_once(held):
    at_home, in_the_library = Client(), Client()
    assert _signs_in(held, at_home) == [SUBJECT]
    at_home.post("/account/logout/")
    assert _signs_in(held, at_home) == []
    assert _signs_in(held, in_the_library) == [SUBJECT]


def test_the_letter_names_no_person_and_no_device(held):
    browser = Client(HTTP_USER_AGENT="Firefox/140", REMOTE_ADDR="192.0.2.7")
    _signs_in(held, browser)
    (letter,) = mail.outbox
    assert letter.to == [held.email]
    for told in (held.name, "Firefox", "192.0.2.7"):
        assert told not in letter.body


def test_who_has_just_made_the_account_knows(alice):
    assert _signs_in(alice.user, Client()) == []
