"""Reports in a browser: opened, narrowed, sorted, taken away, attested; files against the page."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import openpyxl
import pypdfium2
import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.functional.conftest import SCREENSHOTS, at_each_width
from tests.functional.test_pages import look, walk
from tests.server.conftest import PASSWORD, code_of
from tests.server.quality import world
from wellpost.adapters.packet.again import compute_again
from wellpost.adapters.packet.reader import verify
from wellpost.facts.identifiers import make_tin
from wellpost.server.clock import time as clock
from wellpost.server.quality import together
from wellpost.server.quality.attesting import attest
from wellpost.server.quality.models import Appointment, Attestation, ReportingPeriod
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
    """What the browser saves when the link is followed.

    Chromium asks before the eleventh file of one page, and here nobody answers: load it anew.
    """
    named = re.compile(rf"^{re.escape(name).replace(':', ' ?:')}$")
    with page.expect_download() as started:
        page.get_by_role("link", name=named).click()
    return Path(started.value.path()).read_bytes()


def shown(page) -> dict[str, tuple[str, str]]:
    """Denominator and numerator of each measure as the page has them."""
    page.wait_for_load_state()
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
    pdf = taken(page, "PDF: Scorecard")
    said = text_of(pdf)
    assert 0.005 < drawn(pdf, "pdf-scorecard") < 0.5
    assert "secure-messaging" in said
    assert "50.00 %" in said


def test_the_list_is_narrowed_sorted_and_taken_away(browser_page, rita_reporter, dr_chen, summer):
    page = browser_page("desk", rita_reporter)
    page.goto(f"/clinic/reports/{dr_chen.npi}/")
    page.get_by_role("link", name="Secure messages").click()
    names = page.locator("table tbody th")
    expect(names).to_have_text(["Arden, Alice", "Cove, Carol"])
    page.get_by_role("link", name="Patient", exact=True).click()
    expect(names).to_have_text(["Cove, Carol", "Arden, Alice"])
    page.get_by_role("link", name="Not in the numerator: 1").click()
    expect(names).to_have_text(["Cove, Carol"])
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
    expect(page.locator("main")).to_contain_text("Rita Wolfe")
    archive = taken(page, "ZIP for checking")
    packet = verify(archive, "packet.zip")
    assert not compute_again(packet).differing
    pdf = taken(page, "PDF for reading")
    assert pdf == packet.members["report.pdf"]
    assert "Attested by" in text_of(pdf)
    assert 0.005 < drawn(pdf, "pdf-packet") < 0.5
    page.get_by_role("link", name="What moved since").click()
    expect(page.locator("main")).to_contain_text("Nothing moved")
    assert Attestation.objects.get().attested_by == rita_reporter


def text_of(pdf: bytes) -> str:
    """What a reader of the PDF sees, in one line."""
    with pypdfium2.PdfDocument(pdf) as document:
        return " ".join(" ".join(p.get_textpage().get_text_range() for p in document).split())


def drawn(pdf: bytes, name: str) -> float:
    """The first page as a picture, kept where pictures are wanted; how much of it is ink."""
    with pypdfium2.PdfDocument(pdf) as document:
        picture = document[0].render(scale=1).to_pil().convert("L")
    if SCREENSHOTS:
        picture.save(Path(SCREENSHOTS) / f"{name}.png")
    dark = sum(picture.histogram()[:128])
    return dark / (picture.width * picture.height)


def lines(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


def rows_of(workbook: bytes) -> list[dict[str, object]]:
    titles, *rows = (
        openpyxl.load_workbook(io.BytesIO(workbook)).worksheets[0].iter_rows(values_only=True)
    )
    return [dict(zip(titles, row, strict=True)) for row in rows]


FILES = [
    ("Numerator and denominator, with the patients", {"Arden, Alice", "Cove, Carol"}),
    ("Acts that count", {"Arden, Alice"}),
    ("Patients not yet reached", {"Arden, Alice", "Cove, Carol"}),
]


def test_lists_in_every_form_hold_the_patients_of_the_page(
    browser_page, rita_reporter, dr_chen, summer
):
    page = browser_page("desk", rita_reporter)
    for title, patients in FILES:
        page.goto(f"/clinic/reports/{dr_chen.npi}/")
        assert {row["patient"] for row in lines(taken(page, f"CSV: {title}"))} == patients
        book = rows_of(taken(page, f"XLSX: {title}"))
        assert {row["Patient's name"] for row in book} == patients
        whole = json.loads(taken(page, f"JSON: {title}"))
        assert whole["period"] == {"start": "2021-06-01", "end": "2021-08-31"}
        pdf = taken(page, f"PDF: {title}")
        assert all(name in text_of(pdf) for name in patients)
        assert 0.005 < drawn(pdf, f"pdf-{title.split()[0].lower()}") < 0.5
    page.get_by_role("link", name="Secure messages").click()
    page.get_by_role("link", name="In the numerator: 1", exact=True).click()
    page.wait_for_load_state()
    shown_here = page.locator("table tbody th").all_inner_texts()
    page.goto(f"/clinic/reports/{dr_chen.npi}/")
    acts = lines(taken(page, "CSV: Acts that count"))
    assert {row["patient"] for row in acts if row["measure"] == "secure-messaging"} == {*shown_here}


@pytest.mark.parametrize("scripts", [True, False])
def test_the_worklist_is_sorted_and_taken_away(
    browser_page, sam_staff, practice, dr_chen, carol, summer, scripts
):
    Appointment.objects.create(
        practice=practice, patient=carol, clinician=dr_chen, kind="office_visit",
        planned_on=clock.today(practice.time_zone) + timedelta(days=3), source_id="1",
    )  # fmt: skip
    world.seen(world.patient("Noor", practice), dr_chen, "2021-07-01")
    page = browser_page("phone", sam_staff, scripts=scripts)
    page.goto(f"/clinic/measures/{dr_chen.npi}/secure-messaging/worklist/")
    names = page.locator(".wp-person__name")
    expect(names).to_have_text(["Noor Test", "Carol Cove"])
    page.get_by_role("link", name="Next visit").click()
    expect(names).to_have_text(["Carol Cove", "Noor Test"])
    expect(page.locator(".wp-person").first).to_contain_text("next visit")
    page.get_by_role("link", name="Name", exact=False).first.click()
    expect(names).to_have_text(["Carol Cove", "Noor Test"])
    rows = lines(taken(page, "CSV: Patients not yet reached"))
    waiting = {row["patient"] for row in rows if row["measure"] == "secure-messaging"}
    assert waiting == {"Cove, Carol", "Test, Noor"}


def test_what_is_still_needed_is_shown_and_taken_away(
    browser_page, violations, screenshot, sam_staff, practice, dr_chen, summer
):
    for number in range(20):
        day = f"2021-06-{number + 5:02d}"
        world.seen(world.patient(f"Pat{number:02d}", practice), dr_chen, day)
    page = browser_page("desk", sam_staff)
    for _ in at_each_width(page):
        page.goto(f"/clinic/measures/{dr_chen.npi}/")
        page.get_by_role("link", name="What is still needed").first.click()
        expect(page.locator(".wp-person__name")).to_have_text(["Pat19 Test"])
    assert not look(page, "measures-what-if", violations, screenshot)
    expect(page.locator(".wp-person__name")).to_have_text(["Pat19 Test"])
    expect(page.locator("main")).to_contain_text("1 more patient")
    assert [row["patient"] for row in lines(taken(page, "CSV: What is still needed"))] == [
        "Test, Pat19"
    ]
    assert rows_of(taken(page, "XLSX: What is still needed"))[0]["Patient's name"] == "Test, Pat19"
    (whole,) = json.loads(taken(page, "JSON: What is still needed"))["results"]
    assert (whole["needed"], whole["by"], len(whole["patients"])) == (1, "2021-12-31", 1)
    pdf = taken(page, "PDF: What is still needed")
    assert "1 more needed, by 2021-12-31" in text_of(pdf)
    assert 0.005 < drawn(pdf, "pdf-what-if") < 0.5


def test_every_period_of_the_page_is_in_its_files(browser_page, rita_reporter, dr_chen, summer):
    page = browser_page("desk", rita_reporter)
    page.goto(f"/clinic/measures/{dr_chen.npi}/secure-messaging/periods/")
    page.get_by_label("Days of a period").fill("100")
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_load_state()
    page.get_by_text("Every period in a table").click()
    by_day = page.locator("details table tbody tr")
    best = page.locator(".wp-periods table tbody tr").first.locator("td")
    every = lines(taken(page, "CSV: Every possible period"))
    assert len(every) == by_day.count() == len(rows_of(taken(page, "XLSX: Every possible period")))
    shown_best = [cell.inner_text() for cell in best.all()[:2]]
    assert [every[0]["denominator"], every[0]["numerator"]] == shown_best
    whole = json.loads(taken(page, "JSON: Every possible period"))["results"]
    assert (whole[0]["start"], whole[0]["end"]) == (every[0]["start"], every[0]["end"])
    pdf = taken(page, "PDF: Every possible period")
    assert every[0]["start"] in text_of(pdf)
    assert 0.005 < drawn(pdf, "pdf-periods") < 0.5


def _prove(page, user) -> None:
    """Whichever way the page asks for: the password, or a code of the authenticator."""
    page.wait_for_load_state()
    password = page.get_by_label("Password")
    if password.count():
        password.fill(PASSWORD)
    else:
        secret = user.authenticator_set.get(type="totp").wrap().instance.data["secret"]
        page.get_by_label("code").fill(code_of(secret))
    page.locator("main form").get_by_role("button").first.click()


def test_the_pages_of_reports(
    browser_page, violations, screenshot, summer, practice, dr_chen, rita_reporter
):
    override(
        by=rita_reporter, practice=practice, npi=dr_chen.npi, asked=ASKED,
        measure="secure-messaging", numerator=2, denominator=2, reason="one letter by courier",
    )  # fmt: skip
    kept = attest(by=rita_reporter, practice=practice, npi=dr_chen.npi, asked=ASKED)
    world.seen(world.patient("Noor", practice), dr_chen, "2021-07-01")
    assert clock.now() > kept.attested_at
    page = browser_page("desk", rita_reporter)
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
        ("reports-broadband", reverse("reports:broadband")),
        ("reports-attestation", reverse("reports:attestation", args=[kept.pk])),
        ("reports-difference", reverse("reports:difference", args=[kept.pk])),
    ]
    wrong = walk(page, pages, violations, screenshot)
    for width in at_each_width(page):
        page.goto(reverse("reports:override", args=[dr_chen.npi]))
        page.get_by_role("button", name="Change it").click()
        wrong += violations(page)
        screenshot(page, f"reports-override-error-{width}")
    page.goto("/clinic/reports/?program=mips-aci:2017&start=2017-06-01&end=2017-08-31")
    answers = [("reports-answers-mips", reverse("reports:answers"))]
    wrong += walk(page, answers, violations, screenshot)
    page.goto("/clinic/reports/?program=mips-aci:2018&start=2018-06-01&end=2018-08-31")
    together.name_group(
        by=rita_reporter, practice=practice, year=2018, name="Both shores", tins=[make_tin("x")]
    )
    several = [
        ("reports-virtual-groups", reverse("reports:virtual_groups")),
        ("reports-virtual-group", reverse("reports:reporter", args=["virtual-group"])),
    ]
    wrong += walk(page, several, violations, screenshot)
    page.goto("/clinic/reports/?program=mips-aci:2017&start=2017-06-01&end=2017-08-31")
    for width, given in zip(at_each_width(page), ("10/12", "11/12"), strict=True):
        page.goto(reverse("reports:answers"))
        page.get_by_label("e-Prescribing (ACI_EP_1)").fill("13/12")
        page.get_by_role("button", name="Keep the answers").click()
        expect(page.locator("main")).to_contain_text("the numerator is above the denominator")
        wrong += violations(page)
        screenshot(page, f"reports-answers-error-{width}")
        page.get_by_label("e-Prescribing (ACI_EP_1)").fill(given)
        page.get_by_role("button", name="Keep the answers").click()
        expect(page.locator("main")).to_contain_text(given)
        wrong += violations(page)
    assert not wrong, "\n".join(wrong)
