"""In a browser: the record is downloaded, sent on by a link, fetched by a stranger, and logged."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.core import mail
from django.urls import reverse
from playwright.sync_api import expect

from tests.functional.conftest import at_each_width
from tests.functional.test_pages import overflow, small_targets, walk
from tests.server.sharing.conftest import record_of_alice  # noqa: F401 - a fixture
from wellpost.server.sharing.files import Form
from wellpost.server.sharing.links import open_link
from wellpost.server.sharing.transmitting import Wanted, send_by_email, send_link

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shared(record_of_alice, amir):  # noqa: F811 - a fixture
    """Sent three times: by email, by a link that was opened, by one that waits; its token."""
    alice = record_of_alice
    send_by_email(by=amir.user, wanted=_wanted(alice, "aunt@example.org"))
    _, code = send_link(by=alice.user, wanted=_wanted(alice, "desk@hill.example.org"))
    open_link(_token(), code)
    send_link(by=alice.user, wanted=_wanted(alice, "desk@lake.example.org"))
    return alice, _token()


def _wanted(alice, address) -> Wanted:
    return Wanted(alice, address, Form.CCDA, uuid4())


def _token() -> str:
    return re.findall(r"/shared/([\w-]+)/", mail.outbox[-1].body)[0]


def test_the_pages_of_downloading_and_sending(browser_page, violations, screenshot, shared):
    alice, token = shared
    page = browser_page("phone", alice.user, expect_errors=True)
    download = reverse("portal:download_record", args=[alice.pk])
    pages = [
        ("portal-download", download),
        ("portal-download-wrong", f"{download}?file=pdf&starts_on=2021-06-02&ends_on=2021-06-01"),
        ("portal-send", reverse("portal:send_record", args=[alice.pk])),
        ("portal-log", reverse("portal:record_log", args=[alice.pk])),
        ("portal-log-empty", reverse("portal:record_log", args=[alice.pk]) + "?action=api"),
        ("shared", reverse("sharing:shared", args=[token])),
        ("shared-nothing", reverse("sharing:shared", args=["guessed"])),
    ]
    wrong = walk(page, pages, violations, screenshot)
    for width in at_each_width(page):
        page.goto(reverse("portal:send_record", args=[alice.pk]))
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.get_by_role("alert").first).to_be_visible()
        wrong += violations(page)
        screenshot(page, f"portal-send-error-{width}")
        page.get_by_label("Email address").fill("desk@hill.example.org")
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.get_by_role("heading", name="Now tell the code")).to_be_visible()
        wrong += [*violations(page), *overflow(page), *small_targets(page)]
        screenshot(page, f"portal-link-sent-{width}")
    assert not wrong, "\n".join(wrong)


def test_a_link_and_its_code_bring_the_record_to_a_stranger(browser_page, record_of_alice):  # noqa: F811 - a fixture
    """Without scripts, on a phone: everything works with forms alone."""
    alice = record_of_alice
    page = browser_page("phone", alice.user, scripts=False)
    page.goto(reverse("portal:download_record", args=[alice.pk]))
    with page.expect_download() as taken:
        page.get_by_role("button", name="Download").click()
    assert taken.value.suggested_filename.endswith(".pdf")
    page.get_by_role("link", name="Send it to somebody instead").click()
    page.get_by_label("Email address").fill("desk@hill.example.org")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("heading", name="Now tell the code")).to_be_visible()
    (code,) = re.findall(r"\b\d{4} \d{4}\b", page.locator("main").inner_text())
    stranger = browser_page("phone", scripts=False)
    stranger.goto(reverse("sharing:shared", args=[_token()]))
    stranger.get_by_label("Code").fill(code)
    with stranger.expect_download() as fetched:
        stranger.get_by_role("button", name="Download the record").click()
    assert fetched.value.suggested_filename.endswith(".pdf")
    page.goto(reverse("portal:record_log", args=[alice.pk]))
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page.get_by_role("cell", name="desk@hill.example.org")).to_be_visible()
