"""How one is told, in a browser: asked for there, shown by its worker, ended by keyboard."""

from __future__ import annotations

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.urls import reverse
from playwright.sync_api import expect

from tests.functional.conftest import launched
from tests.functional.test_pages import overflow, small_targets
from tests.worlds.waiting import until
from wellpost.server.notices.models import PushBrowser
from wellpost.server.notices.texts import letter

pytestmark = pytest.mark.django_db(transaction=True)
SERVICE = """(keys) => {
  window.asked = [];
  PushManager.prototype.subscribe = async function (options) {
    window.asked.push(options.userVisibleOnly, options.applicationServerKey.length);
    const key = (name) => Uint8Array.from(atob(keys[name]), (each) => each.charCodeAt(0)).buffer;
    return { endpoint: "https://push.example.org/abc", getKey: key };
  };
}"""
"""Stands for the maker's push service, which no machine of tests can reach."""


def made_keys():
    point = ec.generate_private_key(ec.SECP256R1()).public_key()
    data = point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    encoded = {"p256dh": data, "auth": b"sixteen bytes it"}
    return {name: base64.b64encode(value).decode() for name, value in encoded.items()}


ACTIVE = (
    "navigator.serviceWorker.getRegistrations().then((all) => all[0].active?.state === 'activated')"
)
SHOWN = """navigator.serviceWorker.getRegistrations()
  .then((all) => all[0].getNotifications())
  .then((all) => all.map((each) => [each.title, each.body]))"""


def pushed(page, text):
    """What the worker shows when the push service hands it `text`.

    It is handed over again until it shows: Chromium may lose what comes in the moment in which the
    worker begins, which no push service would take for delivered. One replaces the other. The page
    is asked again and again from here: `wait_for_function` takes the promise of an answer for one.
    """
    session = page.context.new_cdp_session(page)
    found = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda said: found.append(said))
    session.send("ServiceWorker.enable")
    until(lambda: page.evaluate(ACTIVE) and found)
    registration = found[-1]["registrations"][0]["registrationId"]
    origin = page.evaluate("location.origin")
    message = {"origin": origin, "registrationId": registration, "data": text}

    def shown():
        session.send("ServiceWorker.deliverPushMessage", message)
        return page.evaluate(SHOWN)

    until(shown)
    return page.evaluate(SHOWN)


@pytest.fixture(scope="module")
def browser(driver):
    """All of Chromium: without a window it shows no notices."""
    whole = launched(driver, "chromium")
    yield whole
    whole.close()


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_alice_asks_for_notices_in_her_browser_and_ends_them(
    browser_page, violations, screenshot, alice, width
):
    page = browser_page(width, alice.user)
    page.context.grant_permissions(["notifications"])
    page.add_init_script(f"({SERVICE})({json.dumps(made_keys())})")
    page.goto(reverse("notices:wishes"))
    page.get_by_role("button", name="Show notices in this browser").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("This browser shows you from now on")).to_be_visible()
    assert PushBrowser.objects.get().user == alice.user
    assert [*violations(page), *overflow(page), *small_targets(page)] == []
    screenshot(page, f"notices-page-{width}")
    built = letter(["message_waiting"], "push")
    words = json.dumps({"title": built.subject, "text": built.text})
    assert pushed(page, words) == [[built.subject, built.text]]
    page.get_by_role("button", name="End Chrome").press("Enter")
    expect(page.get_by_text("shows you no notices any more")).to_be_visible()
    assert not PushBrowser.objects.exists()


def test_who_refuses_or_has_no_scripts_is_told_the_other_ways(browser_page, alice):
    page = browser_page("phone", alice.user)
    page.add_init_script("Notification.requestPermission = async () => 'denied'")
    page.goto(reverse("notices:wishes"))
    page.get_by_role("button", name="Show notices in this browser").click()
    expect(page.get_by_text("does not let us show notices")).to_be_visible()
    plain = browser_page("phone", alice.user, scripts=False)
    plain.goto(reverse("notices:wishes"))
    expect(plain.get_by_text("This browser cannot show notices")).to_be_visible()
    plain.get_by_role("button", name="Keep this").click()
    expect(plain.get_by_text("This is how we tell you from now on")).to_be_visible()
