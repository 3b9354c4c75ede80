"""Signing in with a real browser: passkeys under the strict policy, pages for everybody."""

from __future__ import annotations

import re
from ipaddress import ip_network

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.functional.conftest import at_each_width
from tests.server.conftest import PASSWORD, give_totp
from tests.server.people.test_single_sign_on import Colleague
from tests.server.people.test_single_sign_on import running as running
from wellpost.server.config.sessions import SessionStore
from wellpost.server.people import actions
from wellpost.server.people.single_sign_on.configured import SingleSignOn

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


SIGNED_OUT = ("/account/login/", "/account/password/reset/", "/account/signup/", "/invitation/")
SIGNED_IN = (
    "2fa/",
    "2fa/webauthn/",
    "2fa/recovery-codes/generate/",
    "sign-ins/",
    "still-you/",
    "password/change/",
    "password/reset/",
    "email/",
    "reauthenticate/",
    "logout/",
)


def test_pages_before_signing_in_are_accessible(browser_page, violations, db):
    page = browser_page("phone")
    for place in SIGNED_OUT:
        page.goto(place)
        expect(page.locator("h1")).to_be_visible()
        for width in at_each_width(page):
            assert violations(page) == [], (place, width)
            assert not wider_than_the_screen(page), (place, width)


def test_pages_of_the_account_are_accessible(browser_page, violations, alice):
    page = browser_page("phone", alice.user)
    for place in SIGNED_IN:
        page.goto(f"/account/{place}")
        expect(page.locator("h1").first).to_be_visible()
        for width in at_each_width(page):
            assert violations(page) == [], (place, width)
            assert not wider_than_the_screen(page), (place, width)


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


def a_while_ago(page):
    """The page's sign-in is of eleven minutes ago."""
    name = settings.SESSION_COOKIE_NAME
    held = SessionStore(next(c["value"] for c in page.context.cookies() if c["name"] == name))
    held["account_authentication_methods"][0]["at"] -= 660
    held.save()


def tab_to(page, name):
    """Press Tab until what has the focus is called so."""
    page.wait_for_load_state()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate(
            "(document.activeElement.labels?.[0] ?? document.activeElement).innerText"
        ).startswith(name):
            return
    raise AssertionError(f"no Tab leads to {name}")


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_a_lost_device_is_ended_by_keyboard_alone(
    browser_page, violations, screenshot, alice, width
):
    lost = browser_page("desk", alice.user, expect_errors=True)
    page = browser_page(width, alice.user, expect_errors=True)
    for each in (lost, page):
        each.goto("/portal/")
    a_while_ago(page)
    page.goto("/account/sign-ins/")
    screenshot(page, f"sign-ins-{width}")
    tab_to(page, "End")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Is it still you?")).to_be_visible()
    screenshot(page, f"still-you-{width}")
    assert violations(page) == []
    assert not wider_than_the_screen(page)
    tab_to(page, "Your password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Ended. Nothing opens there")).to_be_visible()
    lost.reload()
    expect(lost).to_have_url(re.compile("/account/login/"))


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_the_practices_own_sign_in_says_why_not(
    browser_page, violations, screenshot, settings, db, width
):
    settings.SINGLE_SIGN_ON = SingleSignOn("https://login.example", "w", "", "Sign in with Harbor")
    page = browser_page(width, expect_errors=True)
    page.goto("/account/login/")
    expect(page.get_by_role("link", name="Sign in with Harbor")).to_be_visible()
    screenshot(page, f"login-single-sign-on-{width}")
    assert violations(page) == []
    page.goto("/account/single-sign-on/back/?state=old&code=x")
    expect(page.get_by_role("heading", name="You are not signed in")).to_be_visible()
    screenshot(page, f"not-signed-on-{width}")
    assert violations(page) == []
    assert not wider_than_the_screen(page)


def test_administration_from_another_network_says_what_would_be_right(
    browser_page, violations, screenshot, settings, ada_admin
):
    settings.ADMIN_NETWORKS = (ip_network("10.20.0.0/16"), ip_network("2001:db8:1234::/48"))
    page = browser_page("desk", ada_admin, expect_errors=True)
    page.goto("/clinic/people/")
    for width in at_each_width(page):
        expect(page.get_by_role("heading", level=1)).to_contain_text("not open from this network")
        expect(page.get_by_text("10.20.0.0/16, 2001:db8:1234::/48.")).to_be_visible()
        screenshot(page, f"other-network-{width}")
        assert violations(page) == []
        assert not wider_than_the_screen(page)


def test_a_colleague_comes_by_the_practices_own_sign_in(
    browser_page, running, settings, live_server, sam_staff
):
    settings.SITE_ADDRESS = live_server.url
    settings.SINGLE_SIGN_ON = SingleSignOn(
        running, "wellpost", "secret", "Sign in with Harbor", frozenset({"mfa"})
    )
    Colleague(running, "sam", email=sam_staff.email, email_verified=True, amr=["mfa"])
    page = browser_page("phone", expect_errors=True)
    page.goto("/clinic/patients/")
    page.get_by_role("link", name="Sign in with Harbor").click()
    page.locator("input[name=sub]").first.fill("sam")
    page.locator("input[name=sub]").first.press("Enter")
    expect(page).to_have_url(re.compile("/clinic/patients/"))
    expect(page.locator("h1")).to_be_visible()


def wider_than_the_screen(page):
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
