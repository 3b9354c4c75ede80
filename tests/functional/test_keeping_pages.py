"""Finding, keeping, destroying and taking away messages, and a lost account: the pages."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.functional.conftest import at_each_width
from tests.functional.test_pages import look, walk
from wellpost.server.messaging.actions import start_thread
from wellpost.server.messaging.retention.policy import policy_of, set_policy

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def talk(alice, carol, dr_chen, sam_staff, ada_admin, practice, settings):
    settings.CHART_SEARCHES_AT_ONCE = True  # threads share one SQLite in memory here
    for number, (patient, body) in enumerate(
        [(alice, "Please take the lisinopril in the evening."), (carol, "Stop the lisinopril.")]
    ):
        made = start_thread(
            practice=practice, patient=patient, by=dr_chen.user, subject="Your medicine",
            body=body, client_key=f"talk-{number}",
        )  # fmt: skip
    return made


def test_a_patient_finds_and_takes_home(browser_page, violations, screenshot, talk, alice):
    page = browser_page("desk", alice.user)
    pages = [
        (f"portal-{name}", reverse(f"portal:{name}", args=[alice.pk]))
        for name in ("patient", "search", "download_messages")
    ]
    wrong = walk(page, pages, violations, screenshot)
    for width in at_each_width(page):
        page.goto(reverse("portal:search", args=[alice.pk]))
        page.get_by_label("Words").fill("LISINO")
        page.keyboard.press("Enter")
        expect(page.locator("mark")).to_have_text("lisinopril")
        assert "lisino" not in page.url.lower()
        wrong += violations(page)
        screenshot(page, f"portal-search-found-{width}")
        page.get_by_role("link", name="Your medicine").click()
        with page.expect_download() as taken:
            page.get_by_role("button", name="Download this conversation").click()
        assert taken.value.suggested_filename.endswith(".pdf")
    assert not wrong, "\n".join(wrong)


def test_the_pages_of_finding_at_the_desk(
    browser_page, violations, screenshot, talk, alice, sam_staff
):
    pages = [
        *(
            (f"clinic-{name}", reverse(f"clinic:{name}", args=[alice.pk]))
            for name in ("patient", "search_patient", "download_messages", "recover")
        ),
        ("clinic-chart-searches", reverse("clinic:chart_searches")),
    ]
    wrong = walk(browser_page("desk", sam_staff), pages, violations, screenshot)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_staff_find_and_recover(
    browser_page, violations, screenshot, width, talk, alice, sam_staff
):
    page = browser_page(width, sam_staff)
    page.goto(reverse("clinic:chart_searches"))
    page.get_by_label("Words").fill("lisinopril")
    page.get_by_label("Written from this day").fill("2020-01-01")
    page.get_by_label("Until this day").fill("2999-01-01")
    page.get_by_role("button", name="Open them and search").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("lisinopril")
    expect(page.locator("mark")).to_have_count(2)
    wrong = violations(page)
    screenshot(page, f"clinic-chart-search-{width}")
    page.goto(reverse("clinic:recover", args=[alice.pk]))
    for choice in ("can no longer sign in", "with a photo ID", "By a letter"):
        page.get_by_label(choice).check()
    page.get_by_role("button", name="Take the account off").click()
    expect(page.get_by_role("main")).to_contain_text("Alice Arden")
    alice.refresh_from_db()
    assert alice.user is None
    assert not wrong, "\n".join(wrong)


def hold(page, alice):
    """Her messages are kept from now on, for the court."""
    page.goto(reverse("clinic:legal_hold_patient", args=[alice.pk]))
    page.get_by_label("Why must it be kept?").fill("The court asked for it in writing.")
    page.get_by_role("button", name="Put the hold on").click()
    expect(page.get_by_role("main")).to_contain_text("The court asked for it in writing.")


def due_at_once(practice, by):
    """Whatever is old enough for the policy is so now."""
    set_policy(practice=practice, by=by, years=10, minors_until=21)
    type(policy_of(practice)).objects.update(years=0)


def test_the_pages_of_keeping(
    browser_page, violations, screenshot, talk, alice, practice, ada_admin
):
    page = browser_page("desk", ada_admin)
    pages = [
        ("clinic-retention-none", reverse("clinic:retention")),
        ("clinic-legal-hold", reverse("clinic:legal_hold")),
        ("clinic-legal-hold-patient", reverse("clinic:legal_hold_patient", args=[alice.pk])),
    ]
    wrong = walk(page, pages, violations, screenshot)
    hold(page, alice)
    due_at_once(practice, ada_admin)
    later = [(f"clinic-{each}", reverse(f"clinic:{each}")) for each in ("retention", "destroy")]
    wrong += walk(page, later, violations, screenshot)
    page.get_by_role("button", name="Destroy these messages").click()
    wrong += look(page, "clinic-destroy-sure", violations, screenshot)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_the_administrator_keeps_holds_and_destroys(
    browser_page, screenshot, width, talk, alice, practice, ada_admin
):
    page = browser_page(width, ada_admin)
    hold(page, alice)
    due_at_once(practice, ada_admin)
    page.goto(reverse("clinic:destroy"))
    page.get_by_role("button", name="Destroy these messages").click()
    page.get_by_label("Nobody will ever read").check()
    page.get_by_role("button", name="Destroy these messages").click()
    expect(page.get_by_role("status").first).to_contain_text("1 patient is destroyed")
    screenshot(page, f"clinic-retention-done-{width}")
