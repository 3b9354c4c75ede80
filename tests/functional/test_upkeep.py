"""How one is told, a conversation muted, the server's condition, the first set-up: in a browser."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from tests.functional.test_pages import overflow, small_targets
from wellpost.server.clock import time as clock
from wellpost.server.messaging.actions import start_thread
from wellpost.server.notices.actions import Kind, tell
from wellpost.server.notices.models import Notice
from wellpost.server.upkeep import first_run

pytestmark = pytest.mark.django_db(transaction=True)
LED = "wellpost.server.upkeep.set_up_page.lead_to_set_up"


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_being_told_muting_and_what_could_not_be_sent(
    browser_page, violations, screenshot, width, alice, dr_chen, ada_admin
):
    wrong = []

    def look(name, page):
        wrong.extend([*violations(page), *overflow(page), *small_targets(page)])
        screenshot(page, f"{name}-{width}")

    thread = start_thread(
        practice=alice.practice, patient=alice, by=dr_chen.user, subject="My knee", body="Rest.",
        client_key="1",
    ).thread  # fmt: skip
    Notice.objects.all().delete()
    tell(users=[alice.user.pk], kind=Kind.MESSAGE_WAITING)
    Notice.objects.update(
        stopped_at=clock.now(), stopped_as="failed", attempts=10, last_error="TimeoutError"
    )
    page = browser_page(width, alice.user)
    page.goto(reverse("portal:thread", args=[thread.pk]))
    page.get_by_role("link", name="Notices of this conversation").click()
    expect(page.get_by_role("button", name="Do not tell me")).to_be_visible()
    look("portal-muting", page)
    page.get_by_role("button", name="Do not tell me").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("We no longer tell you")
    page.get_by_role("link", name="Notices", exact=True).click()
    page.get_by_label("Once a day, all together").check()
    page.get_by_label("Send nothing from").fill("21:00")
    page.get_by_role("button", name="Keep this").click()
    expect(page.get_by_role("alert")).to_contain_text("a beginning and an end")
    look("notices-error", page)
    page.get_by_label("Send nothing until").fill("07:00")
    page.get_by_role("button", name="Keep this").click()
    expect(page.get_by_role("status").first).to_contain_text("This is how we tell you")
    look("notices", page)
    office = browser_page(width, ada_admin)
    office.goto(reverse("upkeep:condition"))
    look("clinic-condition", office)
    office.get_by_role("button", name="Send again to Alice Arden").click()
    expect(office.get_by_role("status").first).to_contain_text("sent again within a minute")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_a_fresh_server_is_set_up(
    browser_page, violations, screenshot, width, monkeypatch, tmp_path
):
    monkeypatch.setattr(settings, "HOME", tmp_path)
    code = first_run.offer()
    page = browser_page(width)
    page.goto("/set-up/")
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    wrong = [*violations(page), *overflow(page), *small_targets(page)]
    screenshot(page, f"set-up-{width}")
    typed = {
        "Code": code, "Name of the practice": "Harbor", "Its taxpayer": "900000001",
        "Your name": "Ada Moss", "Your email address": "ada@example.org",
        "New password": "a long way to Tipperary",
    }  # fmt: skip
    for label, text in typed.items():
        page.get_by_label(label).fill(text)
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_text("First set up a second way")).to_be_visible()
    assert not wrong, "\n".join(wrong)
