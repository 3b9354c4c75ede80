"""Reports in a browser: opened, narrowed, sorted, taken away, attested; files against the page."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pypdfium2
import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.urls import reverse

from tests.functional.test_pages import walk
from tests.server.conftest import PASSWORD
from tests.server.quality import world
from wellpost.adapters.packet.again import compute_again
from wellpost.adapters.packet.reader import verify
from wellpost.server.clock import time as clock
from wellpost.server.quality.attesting import attest
from wellpost.server.quality.models import Attestation, ReportingPeriod
from wellpost.server.quality.overriding import override
from wellpost.server.quality.periods import Asked
from wellpost.terms import Period

pytestmark = pytest.mark.django_db(transaction=True)

SUMMER = Period(date(2021, 6, 1), date(2021, 8, 31))
ASKED = Asked("stage-3", 2021, SUMMER)


@pytest.fixture(autouse=True)
def own_keys(settings, tmp_path):
    settings.HOME = tmp_path


@pytest.fixture
def summer(practice, dr_chen, alice, carol):
    """Two seen, one written to; the practice reports the summer of 2021."""
    for each in (alice, carol):
        world.seen(each, dr_chen, "2021-06-03")
    world.wrote(dr_chen, alice, "2021-07-04")
    ReportingPeriod.objects.create(
        practice=practice, program="stage-3", year=2021, starts_on=SUMMER.start,
        ends_on=SUMMER.end, chosen_at=datetime(2021, 9, 1, tzinfo=UTC),
    )  # fmt: skip


def taken(page, name: str) -> bytes:
    """What the browser saves when the link is followed."""
    with page.expect_download() as started:
        named = re.compile(rf"^{re.escape(name).replace(':', ' ?:')}$")
        page.get_by_role("link", name=named).click()
    return Path(started.value.path()).read_bytes()


def shown(page) -> dict[str, tuple[str, str]]:
    """Denominator and numerator of each measure as the page has them."""
    rows = page.locator("table tbody tr").all()
    return {
        row.locator("th a").inner_text(): tuple(row.locator("td").all_inner_texts()[:2])
        for row in rows
    }


def test_the_scorecard_of_the_page_and_of_its_files_is_one(
    browser_page, rita_reporter, dr_chen, summer
):
    page = browser_page("desk", rita_reporter)
    page.goto("/clinic/reports/")
    page.get_by_role("link", name="Dr Chen").click()
    numbers = shown(page)
    assert numbers["Secure messages"] == ("2", "1")
    lines = csv.DictReader(io.StringIO(taken(page, "CSV: Scorecard").decode()))
    by_csv = sorted((row["denominator"], row["numerator"]) for row in lines)
    assert by_csv == sorted(numbers.values())
    sheet = openpyxl.load_workbook(io.BytesIO(taken(page, "XLSX: Scorecard"))).worksheets[0]
    titles, *rows = sheet.iter_rows(values_only=True)
    cells = [dict(zip(titles, row, strict=True)) for row in rows]
    by_sheet = sorted((str(row["Denominator"]), str(row["Numerator"])) for row in cells)
    assert by_sheet == by_csv
    with pypdfium2.PdfDocument(taken(page, "PDF: Scorecard")) as pdf:
        said = " ".join(pdf[0].get_textpage().get_text_range().split())
    assert "secure-messaging" in said
    assert "50.00 %" in said


def test_the_list_is_narrowed_sorted_and_taken_away(browser_page, rita_reporter, dr_chen, summer):
    page = browser_page("desk", rita_reporter)
    page.goto(f"/clinic/reports/{dr_chen.npi}/")
    page.get_by_role("link", name="Secure messages").click()
    names = page.locator("table tbody th")
    assert names.all_inner_texts() == ["Arden, Alice", "Cove, Carol"]
    page.get_by_role("link", name="Patient", exact=True).click()
    assert names.all_inner_texts() == ["Cove, Carol", "Arden, Alice"]
    page.get_by_role("link", name="Not in the numerator: 1").click()
    assert names.all_inner_texts() == ["Cove, Carol"]
    page.get_by_role("link", name="Dr Chen").click()
    rows = csv.DictReader(io.StringIO(taken(page, "CSV: Patients not yet reached").decode()))
    waiting = [row["patient"] for row in rows if row["measure"] == "secure-messaging"]
    assert waiting == ["Cove, Carol"]


def test_somebody_attests_after_proving_who_they_are_and_takes_the_packet(
    browser_page, rita_reporter, dr_chen, summer
):
    page = browser_page("desk", rita_reporter)
    page.goto(f"/clinic/reports/{dr_chen.npi}/")
    page.get_by_role("link", name="Attest these numbers").click()
    page.get_by_label("I attest these numbers").check()
    page.get_by_role("button", name="Attest", exact=True).click()
    _prove(page, rita_reporter)
    page.wait_for_url("**/attestations/**")
    assert "Rita Wolfe" in page.locator("main").inner_text()
    archive = taken(page, "ZIP for checking")
    packet = verify(archive, "packet.zip")
    assert not compute_again(packet).differing
    assert taken(page, "PDF for reading") == packet.members["report.pdf"]
    page.get_by_role("link", name="What moved since").click()
    assert "Nothing moved" in page.locator("main").inner_text()
    assert Attestation.objects.get().attested_by == rita_reporter


def _prove(page, user) -> None:
    """Whichever way the page asks for: the password, or a code of the authenticator."""
    password = page.get_by_label("Password")
    if password.count():
        password.fill(PASSWORD)
    else:
        secret = user.authenticator_set.get(type="totp").wrap().instance.data["secret"]
        counter = next(iter(yield_hotp_counters_from_time()))
        page.get_by_label("code").fill(format_hotp_value(hotp_value(secret, counter)))
    page.locator("main form").get_by_role("button").first.click()


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_the_pages_of_reports(
    browser_page, violations, screenshot, width, summer, practice, dr_chen, rita_reporter
):
    override(
        by=rita_reporter, practice=practice, npi=dr_chen.npi, asked=ASKED,
        measure="secure-messaging", numerator=2, denominator=2, reason="one letter by courier",
    )  # fmt: skip
    kept = attest(by=rita_reporter, practice=practice, npi=dr_chen.npi, asked=ASKED)
    world.seen(world.patient("Noor", practice), dr_chen, "2021-07-01")
    assert clock.now() > kept.attested_at
    page = browser_page(width, rita_reporter)
    pages = [
        ("reports-start", reverse("reports:start")),
        ("reports-reporter", reverse("reports:reporter", args=[dr_chen.npi])),
        ("reports-practice", reverse("reports:reporter", args=["practice"])),
        (
            "reports-patients",
            reverse("reports:patients", args=[dr_chen.npi, "secure-messaging"]),
        ),
        ("reports-attest", reverse("reports:attest", args=[dr_chen.npi])),
        ("reports-answers", reverse("reports:answers")),
        ("reports-override", reverse("reports:override", args=[dr_chen.npi])),
        ("reports-attestation", reverse("reports:attestation", args=[kept.pk])),
        ("reports-difference", reverse("reports:difference", args=[kept.pk])),
    ]
    wrong = walk(page, pages, width, violations, screenshot)
    page.goto(reverse("reports:override", args=[dr_chen.npi]))
    page.get_by_role("button", name="Change it").click()
    wrong += violations(page)
    screenshot(page, f"reports-override-error-{width}")
    page.goto("/clinic/reports/?program=mips-aci:2017&start=2017-06-01&end=2017-08-31")
    wrong += walk(
        page, [("reports-answers-mips", reverse("reports:answers"))], width, violations, screenshot
    )
    page.get_by_label("e-Prescribing (ACI_EP_1)").fill("13/12")
    page.get_by_role("button", name="Keep the answers").click()
    assert "the numerator is above the denominator" in page.locator("main").inner_text()
    wrong += violations(page)
    screenshot(page, f"reports-answers-error-{width}")
    page.get_by_label("e-Prescribing (ACI_EP_1)").fill("10/12")
    page.get_by_role("button", name="Keep the answers").click()
    assert "10/12" in page.locator("main").inner_text()
    wrong += violations(page)
    assert not wrong, "\n".join(wrong)
