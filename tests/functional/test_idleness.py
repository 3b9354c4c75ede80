"""What the page says before a session ends, and that somebody at the keys keeps it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page(browser_page, alice):
    page = browser_page("phone", alice.user)
    page.clock.install()
    page.goto("/account/2fa/")
    return page


def test_a_warning_comes_two_minutes_before_and_one_may_stay(page, violations):
    warning = page.get_by_role("alert")
    page.clock.run_for("27:00")  # to which comes what the page and the test took
    expect(warning).to_be_hidden()
    page.clock.run_for("01:05")
    expect(warning).to_contain_text("You will soon be signed out")
    assert violations(page) == []
    with page.expect_response(re.compile("/stay/$")) as answer:
        page.get_by_role("button", name="Stay signed in").click()
    assert answer.value.status == 204
    page.clock.run_for("05:00")
    expect(warning).to_be_hidden()


def test_somebody_who_types_is_not_idle(page):
    page.clock.run_for("10:00")
    with page.expect_response(re.compile("/stay/$")):
        page.keyboard.press("a")


def test_at_the_end_the_page_asks_the_server_again(page):
    with page.expect_navigation():
        page.clock.run_for("30:01")
