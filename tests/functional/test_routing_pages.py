"""From a topic to the colleague who answers: arranged, written and found in a browser."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.functional.test_pages import overflow, small_targets
from wellpost.server.routing.models import Pool, Task

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def press():
    """Come to it by the keyboard, as by so many tabs, and press Enter."""

    def press(found):
        found.focus()
        found.page.keyboard.press("Enter")

    return press


def choose(page, label, name):
    """By its first letters, as one does without a mouse."""
    page.get_by_label(label).focus()
    page.keyboard.type(name)


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_refills_are_routed_by_keyboard_alone_and_found_by_whom_they_go_to(
    browser_page, violations, screenshot, press, width, practice, ada_admin, dr_chen, dr_diaz, alice
):
    wrong = []

    def look(name, at):
        wrong.extend([*violations(at), *overflow(at), *small_targets(at)])
        screenshot(at, f"{name}-{width}")

    page = browser_page(width, ada_admin)
    page.goto(reverse("clinic:answering"))
    press(page.get_by_role("link", name="Pools"))
    page.get_by_label("Name of the pool").focus()
    page.keyboard.type("Refills")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nobody is in this pool yet.")).to_be_visible()
    choose(page, "Who?", "Dr Diaz")
    press(page.get_by_role("button", name="Add to the pool"))
    expect(page.get_by_role("listitem").filter(has_text="Dr Diaz")).to_be_visible()
    look("routing-pool", page)
    page.goto(reverse("clinic:topics"))
    press(page.get_by_role("link", name="A refill of a medicine"))
    choose(page, "Goes to the pool", "Refills")
    press(page.locator("main").get_by_role("button").last)
    expect(page.get_by_text("pool Refills")).to_be_visible()
    look("routing-topics", page)
    patient = browser_page(width, alice.user)
    patient.goto(reverse("portal:write_for", args=[alice.pk]))
    choose(patient, "What kind of question is it?", "A refill")
    patient.get_by_label("What is it about?").focus()
    patient.keyboard.type("My tablets")
    patient.get_by_label("Message", exact=True).focus()
    patient.keyboard.type("They are nearly used up.")
    press(patient.get_by_role("button", name="Send message"))
    expect(patient.get_by_text("Your message was sent.")).to_be_visible()
    assert Task.objects.get().pool == Pool.objects.get()
    colleague = browser_page(width, dr_diaz.user)
    colleague.goto(f"{reverse('clinic:inbox')}?whose=pools")
    press(colleague.get_by_role("link", name="My tablets"))
    expect(colleague.get_by_text("They are nearly used up.")).to_be_visible()
    colleague.get_by_text("Forward to a colleague").click()
    colleague.get_by_label("What do you ask your colleague?").fill("Is this the right dose?")
    press(colleague.get_by_role("button", name="Forward", exact=True))
    expect(colleague.get_by_text("Choose whether the patient reads it.").first).to_be_visible()
    asked = colleague.get_by_label("What do you ask your colleague?")
    expect(asked).to_have_value("Is this the right dose?")
    look("routing-forward-again", colleague)
    assert not wrong, "\n".join(wrong)
