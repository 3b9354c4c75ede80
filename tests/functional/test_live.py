"""What lives on a page by itself."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from wellpost.server.messaging.actions import start_thread

pytestmark = pytest.mark.django_db(transaction=True)


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
