"""Signing in with a real browser: passkeys under the strict policy, pages for everybody."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.server.conftest import PASSWORD, give_totp
from wellpost.server.people import actions

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def authenticator():
    """Gives a page's browser a passkey device of its own."""

    def add(page):
        device = page.context.new_cdp_session(page)
        device.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        device.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    return add


def enter_password(page, user):
    page.goto("/account/login/")
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_clinician_adds_a_passkey_and_signs_in_with_it_alone(
    browser_page, authenticator, dr_chen
):
    page = browser_page("desk")
    authenticator(page)
    enter_password(page, dr_chen.user)
    expect(page).to_have_url(re.compile("/account/2fa/$"))
    page.goto("/account/2fa/webauthn/add/")
    page.get_by_label("What you call it").fill("My laptop")
    expect(page.get_by_label("Sign in with it alone")).to_be_checked()
    page.get_by_role("button", name="Add").click()
    expect(page).to_have_url(re.compile("/account/2fa/recovery-codes/"))
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(re.compile("/clinic/"))


def test_the_code_in_a_link_is_typed_for_one_and_leaves_the_address(browser_page, carol, sam_staff):
    _, code = actions.invite_patient(patient=carol, by=sam_staff, sent_by="letter")
    page = browser_page("phone")
    page.goto(f"/invitation/#{code}")
    expect(page.get_by_label("Code")).to_have_value(code)
    expect(page).to_have_url(re.compile("/invitation/$"))


SIGNED_OUT = ("login/", "password/reset/", "signup/")
SIGNED_IN = (
    "2fa/",
    "2fa/webauthn/",
    "2fa/recovery-codes/generate/",
    "password/change/",
    "password/reset/",
    "email/",
    "reauthenticate/",
    "logout/",
)


@pytest.mark.parametrize("width", ["desk", "phone"])
@pytest.mark.parametrize("place", [*(f"/account/{each}" for each in SIGNED_OUT), "/invitation/"])
def test_pages_before_signing_in_are_accessible(browser_page, violations, db, width, place):
    page = browser_page(width)
    page.goto(place)
    expect(page.locator("h1")).to_be_visible()
    assert violations(page) == []
    assert not wider_than_the_screen(page)


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_pages_of_the_account_are_accessible(browser_page, violations, alice, width):
    page = browser_page(width, alice.user)
    for place in SIGNED_IN:
        page.goto(f"/account/{place}")
        expect(page.locator("h1").first).to_be_visible()
        assert violations(page) == [], place
        assert not wider_than_the_screen(page), place


def test_setting_up_an_authenticator_app_is_accessible(browser_page, violations, dr_chen):
    page = browser_page("phone")
    enter_password(page, dr_chen.user)
    page.goto("/account/2fa/totp/activate/")
    expect(page.get_by_label("Secret for the app")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert violations(page) == []


def test_the_second_factor_page_is_accessible(browser_page, violations, dr_chen):
    give_totp(dr_chen.user)
    page = browser_page("phone")
    enter_password(page, dr_chen.user)
    expect(page).to_have_url(re.compile("/account/2fa/authenticate/"))
    assert violations(page) == []
    assert not wider_than_the_screen(page)


def wider_than_the_screen(page):
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
