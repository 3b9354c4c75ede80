"""Reports on the clinic's pages: what is shown, what is taken away, and who learns nothing."""

from __future__ import annotations

import csv
import io
import json

import openpyxl
import pypdfium2
import pytest

from tests.server.conftest import make_patient
from tests.server.quality import world
from wellpost.server.audit.models import AuditRow

HOME = "/clinic/reports/"


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def rows_of_csv(answer):
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def text_of_pdf(content: bytes) -> str:
    with pypdfium2.PdfDocument(content) as pdf:
        return " ".join(page.get_textpage().get_text_range() for page in pdf)


def test_a_reporter_finds_everybody_and_the_practice(at_reports, rita_reporter, dr_chen, summer):
    page = text(at_reports(rita_reporter).get(HOME))
    assert f"/clinic/reports/{dr_chen.npi}/" in page
    assert "/clinic/reports/practice/" in page


def test_the_scorecard_says_numbers_threshold_and_source(
    at_reports, rita_reporter, dr_chen, summer
):
    page = text(at_reports(rita_reporter).get(f"{HOME}{dr_chen.npi}/"))
    assert "42 CFR 495.24(d)(6)(i)(B)(2)" in page
    assert "50 %" in page
    assert "more than 5 %" in page


def test_the_list_is_narrowed_and_sorted(at_reports, rita_reporter, dr_chen, alice, carol, summer):
    browser, where = at_reports(rita_reporter), f"{HOME}{dr_chen.npi}/secure-messaging/patients/"
    every = text(browser.get(where))
    assert every.index("Arden, Alice") < every.index("Cove, Carol")
    falling = text(browser.get(where, {"sort": "-name"}))
    assert falling.index("Cove, Carol") < falling.index("Arden, Alice")
    counting = text(browser.get(where, {"show": "counts"}))
    assert "Arden, Alice" in counting
    assert "Cove, Carol" not in counting
    assert "In the numerator: 1" in counting
    waiting = text(browser.get(where, {"show": "waiting"}))
    assert "no secure message" in waiting
    assert "Arden, Alice" not in waiting


@pytest.mark.parametrize("name", ["scorecard", "g2", "g1", "worklist"])
@pytest.mark.parametrize("form", ["pdf", "xlsx", "csv", "json"])
def test_every_report_is_taken_away_in_every_form(
    at_reports, rita_reporter, dr_chen, summer, name, form
):
    answer = at_reports(rita_reporter).get(f"{HOME}{dr_chen.npi}/files/{name}.{form}")
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith(f'attachment; filename="{name}-{dr_chen.npi}')
    assert answer["Cache-Control"] == "no-store"


def test_the_lists_of_page_csv_workbook_and_pdf_are_the_same(
    at_reports, rita_reporter, dr_chen, alice, carol, summer
):
    browser, where = at_reports(rita_reporter), f"{HOME}{dr_chen.npi}/files/g2"
    by_csv = {
        (row["measure"], row["patient"]): row["in_numerator"]
        for row in rows_of_csv(browser.get(f"{where}.csv"))
    }
    assert by_csv["secure-messaging", "Arden, Alice"] == "true"
    assert by_csv["secure-messaging", "Cove, Carol"] == "false"
    sheet = openpyxl.load_workbook(io.BytesIO(browser.get(f"{where}.xlsx").content)).active
    titles, *rows = sheet.iter_rows(values_only=True)
    by_sheet = [dict(zip(titles, row, strict=True)) for row in rows]
    assert len(by_sheet) == len(by_csv) == 6
    whole = json.loads(browser.get(f"{where}.json").content)
    assert {(each["measure"], each["in_numerator"]) for each in whole["patients"]} == {
        (row["Measure"], row["In numerator"] == "yes") for row in by_sheet
    }
    said = text_of_pdf(browser.get(f"{where}.pdf").content)
    for word in ("Arden, Alice", "Cove, Carol", "Policies in force", "42 CFR 495.24", "Wellpost"):
        assert word in said


def test_a_name_that_looks_like_a_formula_stays_a_name(
    at_reports, rita_reporter, dr_chen, practice, summer
):
    someone = make_patient(practice, "Eve @SUM(1+1)")
    someone.family_name = "=HYPERLINK(1)"
    someone.save()
    world.seen(someone, dr_chen, "2021-06-09")
    browser, where = at_reports(rita_reporter), f"{HOME}{dr_chen.npi}/files/worklist"
    names = [row["patient"] for row in rows_of_csv(browser.get(f"{where}.csv"))]
    assert "'=HYPERLINK(1), Eve" in names
    sheet = openpyxl.load_workbook(io.BytesIO(browser.get(f"{where}.xlsx").content)).active
    cells = [
        cell for row in sheet.iter_rows() for cell in row if cell.value == "=HYPERLINK(1), Eve"
    ]
    assert cells
    assert all(cell.data_type == "s" for cell in cells)


def test_every_reading_and_taking_is_on_record_with_whom_it_named(
    at_reports, rita_reporter, dr_chen, alice, carol, summer
):
    browser = at_reports(rita_reporter)
    browser.get(f"{HOME}{dr_chen.npi}/")
    browser.get(f"{HOME}{dr_chen.npi}/secure-messaging/patients/")
    browser.get(f"{HOME}{dr_chen.npi}/files/worklist.csv")
    noted = AuditRow.objects.filter(deed__startswith="report_").exclude(
        deed="reporting_period_chosen"
    )
    read, listed, taken = noted.order_by("id")
    assert read.details["document"] == "scorecard"
    both = sorted(each.pk.hex for each in (alice, carol))
    assert listed.details["patients"] == both
    assert taken.deed == "report_downloaded"
    assert taken.details["patients"] == both
    assert taken.details["format"] == "csv"
    assert taken.actor_id == str(rita_reporter.pk)
    assert taken.practice_id == str(dr_chen.memberships.get().practice_id)


ADDRESSES = (
    "{npi}/",
    "{npi}/secure-messaging/patients/",
    "{npi}/files/g2.csv",
    "{npi}/attest/",
    "{npi}/override/",
    "practice/",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_another_clinician_and_patients_find_nothing(
    at_reports, as_user, dr_diaz, alice, dr_chen, summer, address
):
    where = HOME + address.format(npi=dr_chen.npi)
    assert at_reports(dr_diaz.user).get(where).status_code == 404
    assert as_user(alice.user).get(where).status_code == 404


def test_another_practice_finds_nothing_of_the_clinicians(at_reports, dr_evans, dr_chen, summer):
    for address in ADDRESSES[:-1]:
        where = HOME + address.format(npi=dr_chen.npi)
        assert at_reports(dr_evans.user).get(where).status_code == 404


def test_the_front_desk_reads_reports_and_attests_nothing(at_reports, sam_staff, dr_chen, summer):
    browser = at_reports(sam_staff)
    assert browser.get(f"{HOME}{dr_chen.npi}/").status_code == 200
    assert browser.get(f"{HOME}{dr_chen.npi}/attest/").status_code == 404
    assert browser.get(f"{HOME}{dr_chen.npi}/override/").status_code == 404


@pytest.mark.parametrize("name", ["scorecard.exe", "secrets.csv", "worklist.zip"])
def test_a_report_that_is_none_is_not_found(at_reports, rita_reporter, dr_chen, summer, name):
    where = f"{HOME}{dr_chen.npi}/files/{name}"
    assert at_reports(rita_reporter).get(where).status_code == 404


def test_patients_of_another_practice_are_counted_and_not_named(
    at_reports, rita_reporter, dr_chen, other_practice, bob, summer
):
    dr_chen.memberships.create(
        practice=other_practice, role="clinician", starts_on=world.day("2020-01-01")
    )
    world.seen(bob, dr_chen, "2021-06-20")
    browser = at_reports(rita_reporter)
    page = text(browser.get(f"{HOME}{dr_chen.npi}/secure-messaging/patients/"))
    assert "All patients seen: 3" in page
    assert "A patient of another practice" in page
    assert "Birch" not in page
    rows = rows_of_csv(browser.get(f"{HOME}{dr_chen.npi}/files/worklist.csv"))
    assert {row["patient"] for row in rows} == {"Arden, Alice", "Cove, Carol", ""}
