"""Every page of patients and of the practice, at two widths: no barrier that axe-core finds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from playwright.sync_api import expect

from tests import made_files as made
from tests.functional.conftest import at_each_width
from tests.server.conftest import make_patient
from wellpost.server.clock import time as clock
from wellpost.server.intake.models import ReceivedMessage
from wellpost.server.messaging.actions import (
    lock_thread,
    resolve_thread,
    retract_message,
    send_message,
    start_thread,
)
from wellpost.server.people.actions import add_representative, invite_patient
from wellpost.server.people.models import Membership, Role
from wellpost.server.records.models import Encounter

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def talks(practice, alice, carol, amir, dr_chen, dr_diaz, sam_staff, ada_admin):
    """A practice in use: conversations of every state, an invitation, visits, a second record."""
    practice.phone = "207 555 0100"
    practice.save()
    for day in ("2021-06-03", "2021-07-06"):
        Encounter.objects.create(
            practice=practice, patient=alice, clinician=dr_chen, seen_on=day, kind="office_visit"
        )
    ReceivedMessage.objects.create(
        practice=practice, control_id="7", event="A04", answer="AE", where="PV1-7",
        says="there is no NPI.", times=2, received_at=clock.now(),
    )  # fmt: skip
    said = Talks(practice, alice)
    open_ = said.begin(
        alice.user, "Is my new medicine safe?", "I feel dizzy since Monday.", dr_chen
    )
    said.add(open_, dr_chen.user, "Take it in the evening, please, and tell me on Friday.")
    wrong = said.add(open_, dr_chen.user, "Take two in the morning.")
    retract_message(message=wrong, by=dr_chen.user)
    said.add(open_, amir.user, "She feels better. Here is her diary.", diary())
    said.add(open_, sam_staff, "Thank you, Dr Chen will look at it.", for_clinician=dr_chen)
    said.add(open_, dr_chen.user, "Please look at the diary.", to_colleague=member(dr_diaz))
    settled = said.begin(dr_chen.user, "Your blood pressure", "Please measure it every day.")
    resolve_thread(thread=settled, by=sam_staff)
    closed = said.begin(sam_staff, "Your old address", "Is it still right?")
    lock_thread(thread=closed, by=sam_staff)
    said.of(carol).begin(dr_chen.user, "Your results", "All is well.")
    invite_patient(patient=carol, by=sam_staff, sent_by="letter")
    make_patient(practice, "Caroline Cove")
    add_representative(
        patient=alice, by=sam_staff, name="Nora Nye", relationship="guardian",
        starts_on=date(2020, 1, 1), ends_on=date(2020, 12, 31),
    )  # fmt: skip
    return {"open": open_, "settled": settled, "closed": closed, "wrong": wrong}


class Talks:
    """Conversations of one patient, each sending with a key of its own."""

    def __init__(self, practice, patient):
        self.practice, self.patient, self.sent = practice, patient, 0

    def of(self, patient):
        return Talks(self.practice, patient)

    def key(self):
        self.sent += 1
        return f"{self.patient.pk}-{self.sent}"

    def begin(self, by, subject, body, clinician=None):
        asked = {"practice": self.practice, "patient": self.patient, "for_clinician": clinician}
        return start_thread(
            by=by, subject=subject, body=body, client_key=self.key(), **asked
        ).thread

    def add(self, thread, by, body, *files, **choices):
        asked = {"thread": thread, "body": body, "attachments": files, **choices}
        return send_message(by=by, client_key=self.key(), **asked)


def diary():
    return ContentFile(made.pdf(), name="diary.pdf")


def member(clinician):
    return Membership.objects.get(clinician=clinician)


def portal_pages(talks, alice) -> Iterator[tuple[str, str]]:
    for name in ("patient", "write_for", "representatives", "activity"):
        yield f"portal-{name}", reverse(f"portal:{name}", args=[alice.pk])
    for name in ("open", "settled", "closed"):
        yield f"portal-thread-{name}", reverse("portal:thread", args=[talks[name].pk])
    yield "not-found", "/portal/threads/00000000-0000-4000-8000-000000000000/"


def desk_pages(talks, alice, carol, amir) -> Iterator[tuple[str, str]]:
    for show in ("open", "unread", "resolved", "all"):
        yield f"clinic-inbox-{show}", f"/clinic/?show={show}"
    for name in ("open", "settled", "closed"):
        yield f"clinic-thread-{name}", reverse("clinic:thread", args=[talks[name].pk])
    yield "clinic-write", f"{reverse('clinic:write')}?patient={alice.pk}"
    yield "clinic-write-waiting", f"{reverse('clinic:write')}?patient={carol.pk}"
    yield "clinic-patients", reverse("clinic:patients")
    yield "clinic-patient-add", reverse("clinic:add_patient")
    for name in ("patient", "change_patient", "add_representative", "merge"):
        yield f"clinic-{name}", reverse(f"clinic:{name}", args=[alice.pk])
    yield "clinic-patient-waiting", reverse("clinic:patient", args=[carol.pk])
    yield "clinic-merge-with", reverse("clinic:merge_with", args=[alice.pk, carol.pk])
    yield (
        "clinic-representative-end",
        reverse("clinic:end_representative", args=[alice.pk, amir.pk]),
    )


def office_pages(sam_staff) -> Iterator[tuple[str, str]]:
    membership = Membership.objects.get(user=sam_staff).pk
    for name in ("people", "add_clinician", "add_staff", "practice", "rights", "audit"):
        yield f"clinic-{name}", reverse(f"clinic:{name}")
    for name in ("end_membership", "invite_member"):
        yield f"clinic-{name}", reverse(f"clinic:{name}", args=[membership])


def walk(page, pages, violations, screenshot) -> list[str]:
    """Look at each, at both widths; gives what is wrong with them."""
    wrong = []
    for name, address in pages:
        page.goto(address)
        wrong += look(page, name, violations, screenshot)
    return wrong


def look(page, name, violations, screenshot) -> list[str]:
    """What is wrong with the page as it stands, at either width; keeps pictures of it."""
    wrong = []
    for width in at_each_width(page):
        found = [*violations(page), *overflow(page), *small_targets(page)]
        wrong += [f"{width}: {each}" for each in found]
        screenshot(page, f"{name}-{width}")
    return wrong


def overflow(page) -> list[str]:
    """The page must not scroll sideways (WCAG 1.4.10)."""
    wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [f"{page.url}: {wider} pixels wider than the screen"] if wider > 0 else []


def small_targets(page) -> list[str]:
    """Buttons and fields are at least 44 pixels high."""
    found = page.evaluate(
        """() => [...document.querySelectorAll("button, input, select, textarea, a.ds-c-button")]
        .filter(each => each.type !== "hidden" && each.offsetParent)
        .filter(each => !["checkbox", "radio"].includes(each.type))
        .filter(each => each.getBoundingClientRect().height < 43.5)
        .map(each => each.outerHTML.slice(0, 120))"""
    )
    return [f"{page.url}: lower than 44 pixels: {each}" for each in found]


def test_a_barrier_is_found(browser, violations):
    page = browser.new_page()
    page.set_content("<html lang=en><title>x</title><img src=x><p style='color: #eee'>pale</p>")
    found = " ".join(violations(page))
    assert "image-alt" in found and "color-contrast" in found
    page.close()


def test_the_pages_of_patients(browser_page, violations, screenshot, talks, alice):
    page = browser_page("desk", alice.user, expect_errors=True)
    wrong = walk(page, portal_pages(talks, alice), violations, screenshot)
    for width in at_each_width(page):
        page.goto(reverse("portal:write_for", args=[alice.pk]))
        page.get_by_role("button", name="Send message").click()
        expect(page.get_by_role("alert").first).to_be_visible()
        wrong += violations(page)
        screenshot(page, f"portal-write-error-{width}")
    assert not wrong, "\n".join(wrong)


def test_the_pages_of_who_acts_for_another(
    browser_page, violations, screenshot, talks, amir, practice
):
    make_patient(practice, "Amir Arden", user=amir.user)
    page = browser_page("desk", amir.user)
    pages = [
        ("portal-choose", "/portal/"),
        ("portal-for-another", reverse("portal:patient", args=[amir.patient_id])),
        ("portal-write-for-another", reverse("portal:write_for", args=[amir.patient_id])),
    ]
    wrong = walk(page, pages, violations, screenshot)
    assert not wrong, "\n".join(wrong)


def test_the_pages_of_the_desk(
    browser_page, violations, screenshot, talks, alice, carol, amir, sam_staff
):
    page = browser_page("desk", sam_staff)
    wrong = walk(page, desk_pages(talks, alice, carol, amir), violations, screenshot)
    for width in at_each_width(page):
        page.goto(reverse("clinic:patient", args=[carol.pk]))
        page.get_by_role("button", name="Print an invitation letter").click()
        expect(page.get_by_role("heading", name="Your way to secure messages")).to_be_visible()
        wrong += violations(page)
        screenshot(page, f"clinic-letter-{width}")
    assert not wrong, "\n".join(wrong)


def test_the_pages_of_the_office(browser_page, violations, screenshot, talks, sam_staff, ada_admin):
    page = browser_page("desk", ada_admin)
    wrong = walk(page, office_pages(sam_staff), violations, screenshot)
    for width in at_each_width(page):
        page.goto(reverse("clinic:add_clinician"))
        page.get_by_label("NPI").fill("1234567890")
        page.get_by_role("button", name="Add").click()
        expect(page.get_by_role("alert").first).to_be_visible()
        wrong += violations(page)
        screenshot(page, f"clinic-add-clinician-error-{width}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_the_switch_of_practice(
    browser_page, violations, screenshot, width, sam_staff, other_practice
):
    Membership.objects.create(
        practice=other_practice, user=sam_staff, role=Role.STAFF, starts_on=date(2021, 1, 1)
    )
    page = browser_page(width, sam_staff)
    page.goto("/clinic/")
    page.get_by_role("link", name="Change practice").click()
    expect(page.get_by_role("button", name="Work here")).to_be_visible()
    wrong = [*violations(page), *overflow(page), *small_targets(page)]
    screenshot(page, f"clinic-practices-{width}")
    page.get_by_role("button", name="Work here").click()
    expect(page.get_by_role("status")).to_contain_text("You now work at Hill Clinic.")
    assert not wrong, "\n".join(wrong)
