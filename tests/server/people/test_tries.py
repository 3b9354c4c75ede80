"""Wrong tries are limited, and nobody uses that to shut somebody else out."""

from __future__ import annotations

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client

from tests.server.conftest import PASSWORD, code_of, give_totp
from tests.server.people.test_sign_in import LOGIN, enter
from wellpost.server.people import known_devices

pytestmark = pytest.mark.django_db
WRONG = "wrong horse battery staple"
HOME, ELSEWHERE = "192.0.2.7", "203.0.113.9"


def at(address, client=None):
    """A browser at that network address."""
    client = client or Client()
    client.defaults["REMOTE_ADDR"] = address
    return client


def guess(user, times, address=ELSEWHERE):
    thief = at(address)
    for _ in range(times):
        enter(thief, user, WRONG)
    return thief


def let_in(client, user):
    return enter(client, user).status_code == 302


def test_a_place_that_guesses_is_stopped_even_with_the_right_password(alice):
    thief = guess(alice.user, 5)
    assert not let_in(thief, alice.user)
    told = thief.post(LOGIN, {"login": alice.user.email, "password": PASSWORD})
    assert "Too many" in told.content.decode()


def test_it_is_told_the_same_of_an_address_nobody_has(client, db):
    thief = at(ELSEWHERE)
    given = {"login": "nobody.here@example.org", "password": WRONG}
    told = [thief.post(LOGIN, given).content.decode() for _ in range(6)][-1]
    assert "Too many" in told


def test_who_guesses_elsewhere_shuts_out_nobody_at_home(alice):
    guess(alice.user, 5)
    assert let_in(at(HOME), alice.user)


def test_many_places_together_are_stopped_and_the_owners_browser_still_gets_in(alice):
    known = at(HOME)
    assert let_in(known, alice.user)
    known.post("/account/logout/")
    for place in range(21):
        guess(alice.user, 5, f"203.0.113.{place}")
    assert not let_in(at("198.51.100.1"), alice.user)
    assert let_in(known, alice.user)


def test_a_new_password_by_email_opens_a_new_browser_again(alice):
    for place in range(21):
        guess(alice.user, 5, f"203.0.113.{place}")
    new = at("198.51.100.1")
    assert not let_in(new, alice.user)
    new.post("/account/password/reset/", {"email": alice.user.email})
    link = next(line for line in mail.outbox[-1].body.split() if "/reset/key/" in line)
    page = new.get(link.removeprefix("http://localhost:8000"))
    chosen = {"password1": "a long way to Tipperary", "password2": "a long way to Tipperary"}
    assert new.post(page.url, chosen).status_code == 302
    assert enter(new, alice.user, "a long way to Tipperary").status_code == 302


def test_a_known_browser_has_its_own_limit(alice):
    known = at(HOME)
    let_in(known, alice.user)
    known.post("/account/logout/")
    for _ in range(10):
        enter(known, alice.user, WRONG)
    assert not let_in(known, alice.user)


def test_knowing_a_browser_for_one_account_is_nothing_for_another(alice, bob):
    thief = at(ELSEWHERE)
    let_in(thief, bob.user)
    thief.post("/account/logout/")
    for _ in range(5):
        enter(thief, alice.user, WRONG)
    assert not let_in(thief, alice.user)


def test_a_cookie_of_ones_own_making_is_none(alice, settings):
    thief = at(ELSEWHERE)
    thief.cookies[settings.KNOWN_COOKIE_NAME] = "eyJkZXZpY2UiOiJ4In0:1abc:forged"
    for _ in range(5):
        enter(thief, alice.user, WRONG)
    assert not let_in(thief, alice.user)


def test_the_cookie_tells_no_address_and_remembers_no_end_of_accounts(alice, settings, rf):
    client = at(HOME)
    let_in(client, alice.user)
    cookie = client.cookies[settings.KNOWN_COOKIE_NAME]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    assert "alice" not in cookie.value
    request, browser = rf.get("/"), {}
    for number in range(known_devices.ACCOUNTS + 5):
        request.COOKIES = browser
        known_devices.remember(request, f"{number}@example.org")
        answer = known_devices.keep_known(lambda _: HttpResponse())(request)
        browser = {settings.KNOWN_COOKIE_NAME: answer.cookies[settings.KNOWN_COOKIE_NAME].value}
    request.COOKIES = browser
    assert not known_devices.known_device(request, "0@example.org")
    assert known_devices.known_device(request, f"{known_devices.ACCOUNTS + 4}@example.org")


def test_codes_are_limited_by_place_too(dr_chen):
    """Who has the password and guesses the code stops himself, not the owner."""
    secret = give_totp(dr_chen.user)
    thief = at(ELSEWHERE)
    page = enter(thief, dr_chen.user).url
    for _ in range(5):
        thief.post(page, {"code": "000000"})
    assert thief.post(page, {"code": code_of(secret)}).status_code == 200
    owner = at(HOME)
    page = enter(owner, dr_chen.user).url
    assert owner.post(page, {"code": code_of(secret)}).status_code == 302


def test_asking_for_somebody_elses_new_password_keeps_nobody_from_asking(alice):
    thief = at(ELSEWHERE)
    for _ in range(12):
        thief.post("/account/password/reset/", {"email": alice.user.email})
    mine = at(HOME).post("/account/password/reset/", {"email": alice.user.email})
    assert mine.status_code == 302
    assert len(mail.outbox) == 1, "one letter a minute, and its link works"
