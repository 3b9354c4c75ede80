"""Who looked, the practice's report and emergency access in a browser, at two widths."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.functional.test_pages import overflow, small_targets, walk
from wellpost.server.audit.checkpoints import make_checkpoint
from wellpost.server.audit.models import AuditRow
from wellpost.server.audit.sealing import seal_waiting
from wellpost.server.messaging.actions import start_thread
from wellpost.server.messaging.emergency import begin_emergency
from wellpost.server.messaging.queries import open_thread

pytestmark = pytest.mark.django_db(transaction=True)
REASON = "Unconscious in the emergency room, Dr Chen cannot be reached."


@pytest.fixture
def thread(practice, alice, dr_chen, ada_admin):
    """Alice's conversation with Dr Chen, who has read it; all of it sealed."""
    made = start_thread(
        practice=practice, patient=alice, by=alice.user, subject="My knee", body="It hurts.",
        client_key="one", for_clinician=dr_chen,
    ).thread  # fmt: skip
    open_thread(made.pk, dr_chen.user)
    sealed(practice)
    return made


def sealed(practice):
    seal_waiting()
    make_checkpoint(str(practice.pk))


def newest(alice):
    return AuditRow.objects.filter(patient_id=str(alice.pk)).last()


def test_the_pages_of_who_looked(
    browser_page, violations, screenshot, thread, alice, practice, dr_diaz
):
    begin_emergency(patient=alice, by=dr_diaz.user, reason=REASON)
    open_thread(thread.pk, dr_diaz.user)
    page = browser_page("phone", alice.user)
    activity = reverse("portal:activity", args=[alice.pk])
    old = AuditRow.objects.filter(patient_id=str(alice.pk), deed="thread_read").first()
    row = reverse("portal:activity_row", args=[alice.pk, old.event_id])
    waiting = reverse("portal:activity_row", args=[alice.pk, newest(alice).event_id])
    pages = [
        ("portal-who-looked", activity),
        ("portal-who-looked-emergency", f"{activity}?show=emergency"),
        ("portal-who-looked-row", row), ("portal-who-looked-new-row", waiting),
    ]  # fmt: skip
    wrong = walk(page, pages, violations, screenshot)
    assert not wrong, "\n".join(wrong)


def test_a_patient_takes_a_proof_away(browser_page, thread, alice):
    page = browser_page("desk", alice.user, scripts=False)
    page.goto(reverse("portal:activity", args=[alice.pk]))
    row = page.get_by_role("row").filter(has_text="Read a conversation")
    row.get_by_role("link", name="Check it").click()
    expect(page.get_by_text("This line is as it was sealed.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Take the proof away").click()
    proof = json.loads(Path(download.value.path()).read_text())
    assert proof["row"]["deed"] == "thread_read"


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_emergency_access_from_its_reason_to_its_review(
    browser_page, violations, screenshot, width, thread, alice, dr_diaz, ada_admin
):
    page, wrong = browser_page(width, dr_diaz.user), []

    def look(name, at):
        wrong.extend([*violations(at), *overflow(at), *small_targets(at)])
        screenshot(at, f"{name}-{width}")

    page.goto(reverse("clinic:patient", args=[alice.pk]))
    page.get_by_role("link", name="Emergency access").click()
    page.get_by_label("Why must you read this now?").fill("urgent")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Say a little more")
    look("clinic-emergency", page)
    page.get_by_label("Why must you read this now?").fill(REASON)
    page.get_by_role("button", name="Open emergency access").click()
    expect(page.get_by_role("link", name="My knee")).to_be_visible()
    look("clinic-patient-emergency", page)
    page.get_by_role("link", name="My knee").click()
    expect(page.get_by_text("You read this under emergency access")).to_be_visible()
    look("clinic-thread-emergency", page)
    office = browser_page(width, ada_admin)
    office.goto(reverse("clinic:emergencies"))
    expect(office.get_by_text(REASON)).to_be_visible()
    look("clinic-emergencies", office)
    office.get_by_role("link", name="What was read").click()
    expect(office.get_by_role("cell", name="Read a conversation")).to_be_visible()
    look("clinic-audit-emergency", office)
    office.go_back()
    office.get_by_role("button", name="Mark as reviewed").click()
    expect(office.get_by_text("Reviewed by Ada Moss")).to_be_visible()
    page.get_by_role("link", name="Alice Arden").click()
    page.get_by_role("button", name="End emergency access").click()
    expect(page.get_by_role("status")).to_contain_text("Emergency access has ended.")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_the_report_without_scripts(browser_page, screenshot, width, thread, ada_admin, alice):
    page = browser_page(width, ada_admin, scripts=False)
    page.goto(reverse("clinic:audit"))
    page.get_by_label("Did what").select_option("thread_read")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("status").last).to_contain_text("1 row")
    page.get_by_label("Rows of one patient").fill("arden")
    page.get_by_role("button", name="Find the patient").click()
    page.get_by_role("link", name="Alice Arden").click()
    expect(page.get_by_text("Only rows of Alice Arden")).to_be_visible()
    screenshot(page, f"clinic-audit-narrowed-{width}")
    with page.expect_download() as download:
        page.get_by_role("link", name="Take them away as CSV").click()
    assert "thread_read" in Path(download.value.path()).read_text()
