"""The health record in a browser, on a desk and a phone: no barrier, no script, small pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.functional.test_pages import walk
from wellpost.server.clock import time as clock
from wellpost.server.people.models import Patient
from wellpost.server.records.keeping import keep
from wellpost.server.records.models import RecordVisit, Resource
from wellpost.synthetic.record import make_record

pytestmark = pytest.mark.django_db(transaction=True)

SUGAR = "http://loinc.org|4548-4"
PRESSURE = "http://loinc.org|85354-9"
LARGEST_PAGE = 300_000


@pytest.fixture
def record(alice: Patient) -> Patient:
    """Three years of Alice's record; she last looked at it half a year ago."""
    for each in make_record("alice", 3, patient=f"Patient/{alice.pk}"):
        keep(practice=alice.practice, patient=alice, resource=each, by=None)
    before = clock.now() - timedelta(days=180)
    RecordVisit.objects.create(user=alice.user, patient=alice, looked_at=before)
    of_june = datetime(2021, 3, 1, tzinfo=UTC)
    older = Resource.objects.filter(occurred_at__lt=of_june)
    older.update(available_to_patient_at=of_june, changed_at=of_june)
    return alice


def pages(patient: Patient, names: str) -> Iterator[tuple[str, str]]:
    """Every kind of page of the record, by the names of its addresses."""
    yield "record", reverse(names, args=[patient.pk])
    yield "record-days", f"{reverse(names, args=[patient.pk])}?starts_on=2021-01-01"
    yield "record-wrong-days", f"{reverse(names, args=[patient.pk])}?starts_on=soon"
    for section in ("medications", "results", "vitals", "visits", "documents", "devices"):
        yield f"record-{section}", reverse(f"{names}_section", args=[patient.pk, section])
    series = {"results": SUGAR, "vitals": PRESSURE}
    for section, concept in series.items():
        address = reverse(f"{names}_series", args=[patient.pk, section])
        yield f"record-series-{section}", f"{address}?of={concept}"
    for kind in ("DocumentReference", "Encounter", "DiagnosticReport", "MedicationRequest"):
        row = Resource.objects.filter(kind=kind).latest("occurred_at")
        yield f"record-{kind.lower()}", reverse(f"{names}_entry", args=[patient.pk, row.pk])


def test_no_barriers(record, dr_chen, ada_admin, browser_page, violations, screenshot):
    """Alice's pages, and the same at the clinic; the calendar of the practice."""
    mine = [(f"portal-{name}", address) for name, address in pages(record, "portal:record")]
    theirs = [(f"clinic-{name}", address) for name, address in pages(record, "clinic:chart")]
    office = [
        ("clinic-closed-days", f"{reverse('clinic:closed_days')}?year=2021"),
        ("clinic-holds", reverse("clinic:holds")),
    ]
    some = theirs[:1] + theirs[4:8:2]
    wrong = walk(browser_page("phone", record.user), mine, violations, screenshot)
    wrong += walk(browser_page("desk", dr_chen.user), some, violations, screenshot)
    wrong += walk(browser_page("desk", ada_admin), office, violations, screenshot)
    assert not wrong, "\n".join(wrong)


def test_alice_finds_what_is_new_without_scripts_and_every_page_is_small(record, browser_page):
    page: Page = browser_page("phone", record.user, scripts=False)
    heavy = []
    for _, address in pages(record, "portal:record"):
        answer = page.goto(address)
        if answer is None or len(answer.body()) > LARGEST_PAGE:
            heavy.append(address)
    assert not heavy
    page.goto(reverse("portal:record", args=[record.pk]))
    expect(page.get_by_role("heading", name="New since your last visit")).to_be_visible()
    page.get_by_role("link", name="Vital signs", exact=True).click()
    page.get_by_role("link", name="Blood pressure", exact=True).click()
    expect(page.get_by_role("img", name="Blood pressure")).to_be_visible()
    page.get_by_text("All days are shown").click()
    page.get_by_role("textbox", name="From").fill("2021-01-01")
    page.get_by_role("button", name="Show these days").click()
    expect(page.get_by_text("Some days only are shown")).to_be_visible()
    assert date(2021, 1, 1).isoformat() in page.url
