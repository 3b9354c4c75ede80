"""From home on a phone to the record at the desk, in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests import made_files as made
from tests.functional.test_pages import overflow, small_targets, walk
from wellpost.server.clock import time as clock
from wellpost.server.from_home.adding import (
    Measured,
    add_document,
    add_needs,
    add_note,
    add_readings,
)
from wellpost.server.from_home.documents import DOCUMENTS
from wellpost.server.from_home.importing import begin_import
from wellpost.server.from_home.reviewing import decline, incorporate
from wellpost.server.quality.models import ReportingPeriod
from wellpost.server.records.models import Encounter

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def at_home(practice, alice, amir, dr_chen):
    """Weeks of readings, some in the record, one dangerous; a note, a will, answers, a file."""
    practice.phone = "207 555 0100"
    practice.save()
    now = datetime.now(UTC)
    held = []
    for day in range(14, 0, -1):
        upper, lower = str(122 + day * 7 % 19), str(76 + day * 5 % 11)
        held += brought(
            alice.user, alice, "blood_pressure", now - timedelta(days=day), upper, lower
        )
    incorporate(practice=practice, data=[each.pk for each in held[:5]], by=dr_chen.user)
    decline(practice=practice, data=[held[5].pk], by=dr_chen.user, reason="Measured after a run.")
    brought(amir.user, alice, "blood_pressure", now - timedelta(hours=2), "186", "104")
    brought(alice.user, alice, "weight", now - timedelta(days=3), "180.5", unit="[lb_av]")
    said = {"by": alice.user, "patient": alice, "measured_at": now}
    note = add_note(text="Dizzy since Monday, mostly when I get up.", **said)
    add_document(file=ContentFile(made.pdf(), name="will.pdf"), document=DOCUMENTS[0], **said)
    add_needs(answers={"71802-3": ["LA31994-9"], "96778-6": ["LA28580-1"]}, **said)
    bad = ContentFile(b"a,b\n1,2\n", name="other.csv")
    refused = begin_import(by=alice.user, patient=alice, file=bad)
    csv = b"Date,Time,Glucose (mg/dL)\n2021-06-14,08:00,101\n2021-06-14,09:00,=1+1\n"
    read = begin_import(by=alice.user, patient=alice, file=ContentFile(csv, name="meter.csv"))
    return {"note": note, "read": read, "refused": refused}


def brought(by, patient, kind, at, value, second="", unit="mm[Hg]"):
    said = Measured(kind, value, unit, at, second, device="Omron M3" if second else "")
    return add_readings(by=by, patient=patient, readings=[said])


def portal_pages(alice, at_home) -> Iterator[tuple[str, str]]:
    for name in ("home", "home_note", "home_document", "home_needs", "home_file"):
        yield f"portal-{name}", reverse(f"portal:{name}", args=[alice.pk])
    for kind in ("blood_pressure", "weight", "glucose"):
        yield f"portal-home-{kind}", reverse("portal:home_series", args=[alice.pk, kind])
    yield "portal-home-add", reverse("portal:home_reading", args=[alice.pk, "blood_pressure"])
    for name in ("home_datum", "home_take_back"):
        yield f"portal-{name}", reverse(f"portal:{name}", args=[alice.pk, at_home["note"].pk])
    for name in ("read", "refused"):
        yield (
            f"portal-home-{name}",
            reverse("portal:home_import", args=[alice.pk, at_home[name].pk]),
        )


def clinic_pages(alice) -> Iterator[tuple[str, str]]:
    yield "clinic-home", reverse("home_data:start")
    yield "clinic-home-limits", reverse("home_data:limits")
    yield "clinic-home-patient-limits", reverse("home_data:patient_limits", args=[alice.pk])
    for kind in ("blood_pressure", "glucose", "note", "document", "needs", "pain"):
        yield f"clinic-home-{kind}", reverse("home_data:review", args=[alice.pk, kind])


def test_the_pages_of_home(browser_page, violations, screenshot, at_home, alice, dr_chen):
    phone, desk = browser_page("phone", alice.user), browser_page("desk", dr_chen.user)
    wrong = walk(phone, portal_pages(alice, at_home), violations, screenshot)
    wrong += walk(desk, clinic_pages(alice), violations, screenshot)
    assert not wrong, "\n".join(wrong)


@pytest.fixture
def summer(monkeypatch, practice, alice, dr_chen):
    """A day of June 2021, which the practice reports on; Dr Chen saw Alice two days before."""
    began = datetime.now(UTC)
    noon = datetime(2021, 6, 15, 16, 0, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: noon + (datetime.now(UTC) - began))
    ReportingPeriod.objects.create(
        practice=practice, program="stage-3", year=2021, starts_on=date(2021, 6, 1),
        ends_on=date(2021, 8, 31), chosen_at=noon,
    )  # fmt: skip
    Encounter.objects.create(
        practice=practice, patient=alice, clinician=dr_chen, kind="office_visit",
        seen_on=date(2021, 6, 13),
    )  # fmt: skip


def numbers(page: Page) -> str:
    """Seen and reached, as the page of measures says it of Dr Chen."""
    page.goto(reverse("measures:practice"))
    table = page.locator("table").filter(has_text="Data from patients")
    return " ".join(table.locator("tr", has_text="Dr Chen").first.inner_text().split())


def test_a_reading_on_a_phone_becomes_part_of_the_record_and_moves_the_measure(
    browser_page, violations, screenshot, summer, alice, dr_chen
):
    phone = browser_page("phone", alice.user)
    phone.goto("/portal/")
    phone.get_by_role("link", name="From home").click()
    phone.get_by_role("link", name="Blood pressure").click()
    upper = phone.get_by_label("Upper number (systolic)")
    assert upper.get_attribute("inputmode") == "decimal"
    upper.fill("186")
    phone.get_by_label("Lower number (diastolic)").fill("104")
    phone.get_by_role("button", name="Save", exact=True).click()
    expect(phone.get_by_role("alert")).to_contain_text("186/104 mmHg: dangerously high.")
    expect(phone.get_by_role("img", name="Blood pressure")).to_be_visible()
    assert [*violations(phone), *overflow(phone), *small_targets(phone)] == []
    screenshot(phone, "portal-home-saved-phone")

    desk = browser_page("desk", dr_chen.user)
    assert " 1 0 0 %" in numbers(desk)
    desk.get_by_role("link", name="From home").click()
    desk.get_by_role("link", name="Alice Arden: Blood pressure").click()
    desk.get_by_label("Your words to the patient").fill("Thank you. I call you.")
    desk.get_by_role("button", name="Add to the record").click()
    expect(desk.locator(".wp-messages")).to_contain_text("It counts for you, today.")
    assert " 1 1 100 %" in numbers(desk)

    phone.goto(reverse("portal:home", args=[alice.pk]))
    expect(phone.get_by_text("Dr Chen added this to the record")).to_be_visible()
    expect(phone.get_by_text("Thank you. I call you.")).to_be_visible()
