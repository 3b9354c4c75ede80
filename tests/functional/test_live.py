"""What lives on a page by itself."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.server.quality import world
from wellpost.server.clock import time as clock
from wellpost.server.messaging.actions import start_thread

pytestmark = pytest.mark.django_db(transaction=True)

LIGHT = (
    "/portal/patients/{patient}/",
    "/portal/patients/{patient}/record/",
    "/portal/patients/{patient}/home/readings/blood_pressure/add/",
    "/portal/patients/{patient}/apps/",
    "/portal/patients/{patient}/record/download/",
)


def test_the_open_inbox_says_within_a_minute_that_something_came(
    browser_page, practice, alice, dr_chen
):
    page = browser_page("phone", alice.user)
    page.clock.install()
    page.goto(reverse("portal:patient", args=[alice.pk]))
    expect(page.get_by_text("There are no messages yet.")).to_be_visible()
    start_thread(
        practice=practice,
        patient=alice,
        by=dr_chen.user,
        subject="Your results",
        body="All is well.",
        client_key="one",
    )
    page.clock.fast_forward(61_000)
    expect(page.get_by_text("1 unread message.")).to_be_visible()
    page.get_by_role("link", name="Show the latest").click()
    expect(page.get_by_role("link", name="Your results")).to_be_visible()


def test_a_message_is_sent_without_scripts(browser_page, alice):
    page = browser_page("phone", alice.user, scripts=False)
    page.goto("/portal/")
    page.get_by_role("link", name="Write a message").click()
    page.get_by_label("What is it about?").fill("My knee")
    page.get_by_label("Message", exact=True).fill("It hurts.")
    page.get_by_role("button", name="Send message").click()
    expect(page.get_by_text("Your message was sent.")).to_be_visible()
    expect(page.get_by_role("heading", name="My knee")).to_be_visible()


def test_an_open_page_of_measures_moves_when_a_patient_looks_at_the_record(
    browser_page, monkeypatch, dr_chen, alice
):
    monkeypatch.setattr(clock, "now", lambda: datetime(2021, 9, 15, 14, tzinfo=UTC))
    world.seen(alice, dr_chen, "2021-06-03")
    clinic, portal = browser_page("desk", dr_chen.user), browser_page("phone", alice.user)
    clinic.clock.install()
    clinic.goto(f"/clinic/measures/{dr_chen.npi}/")
    used = clinic.get_by_role("region", name="View, download or transmit")
    expect(used).to_contain_text("0 of 1 patients")
    expect(used).to_contain_text("Not met yet")
    portal.goto(reverse("portal:record", args=[alice.pk]))
    clinic.clock.fast_forward(61_000)
    expect(used).to_contain_text("1 of 1 patients")
    expect(used).to_contain_text("Met")
    objective = clinic.get_by_role("region", name="The objective")
    expect(objective).to_contain_text("2 measures must be met; 1 is.")


def test_pages_of_the_portal_are_light_at_first_sight(browser_page, alice):
    """Under 300 kB with everything a browser fetches for a first look, before any compression."""
    heavy = {}
    for path in LIGHT:
        page, fetched = browser_page("phone", alice.user), []
        page.on("response", lambda answer, held=fetched: held.append(answer))
        page.goto(path.format(patient=alice.pk))
        page.wait_for_load_state("networkidle")
        size = sum(len(answer.body()) for answer in fetched if answer.status == 200)
        assert size > 100_000, "styles and fonts were not fetched"
        if size >= 300_000:
            heavy[path] = size
    assert not heavy
