"""Every possible period in a browser: the curve is seen, the best is chosen."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from tests.functional.conftest import at_each_width
from tests.functional.test_pages import walk
from tests.server.quality import world

ASKED = "?program=stage-3:2021&start=2021-06-01&end=2021-08-29"


@pytest.fixture
def busy_year(dr_chen, practice):
    """Forty patients over the year; those of early summer were written to more often."""
    for number in range(40):
        patient = world.patient(f"Pat{number}", practice)
        day = date(2021, 1, 4) + timedelta(days=8 * number)
        world.seen(patient, dr_chen, str(day))
        if number % 9 == 0 or 18 <= number < 22:
            world.wrote(dr_chen, patient, "2021-11-02")


def test_the_curve_and_the_best_period(
    browser_page, violations, screenshot, busy_year, dr_chen, rita_reporter
):
    page = browser_page("desk", rita_reporter)
    page.goto(f"/clinic/measures/{ASKED}")
    page.goto(f"/clinic/measures/{dr_chen.npi}/")
    link = page.get_by_role("link", name=re.compile("Every possible period.*Secure messages"))
    address = f"{link.get_attribute('href')}"
    wrong = walk(page, [("clinic-periods", address)], violations, screenshot)
    for _ in at_each_width(page):
        page.goto(f"{address}?days=280")  # few rows: the checker of accessibility is slow on many
        expect(page.get_by_role("img", name="The rate of every possible period")).to_be_visible()
        page.get_by_text("Every period in a table").click()
        wrong += violations(page)
        page.goto(address)
        expect(page.get_by_role("img", name="The rate of every possible period")).to_be_visible()
        choose_the_best(page)
    assert not wrong, "\n".join(wrong)


def choose_the_best(page) -> None:
    """The first of the best periods is where all pages of measures start from then on."""
    best = page.get_by_role("button", name="Use this period").first
    chosen = best.inner_text().split(": ")[1].split("..")[0]
    best.click()
    expect(page.get_by_role("status")).to_contain_text("now start with this period")
    start = date.fromisoformat(chosen)
    shown = f"{start:%B} {start.day}, {start.year} to"
    expect(page.get_by_role("heading", name=shown)).to_be_visible()
