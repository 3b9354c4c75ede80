"""The demo as a stranger plays it: a message is written, and it moves the measure.

It runs `wellpost demo` itself, in a home of its own, and a browser against it: a first start,
then a second one, then a reset.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from django.urls import NoReverseMatch, reverse
from playwright.sync_api import Browser, Locator, Page, expect

from tests.worlds.demo import Demo
from tests.worlds.waiting import free_port, until
from wellpost.server.clinic.urls import urlpatterns as of_the_clinic
from wellpost.server.demo import building
from wellpost.server.portal.urls import urlpatterns as of_the_portal

PASSWORD = "lantern-harbor-spruce"
SUBJECT = "Your question about the walk"
ADVICE = "Half an hour a day is just right."
THANKS = "Thank you. The knee says so too."


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo made anew, as the first start makes it."""
    made = Demo(tmp_path_factory.mktemp("demo"), free_port())
    made.start()
    try:
        page = made.page()
        assert "Dr. Maya Alden" in page
        assert re.search(r'data-person="alden">\d{6}<', page)
        yield made
    finally:
        made.kill()


SignIn = Callable[..., Page]
Look = Callable[[Page, str], None]


@pytest.fixture
def picture(violations: Callable[[Page], list[str]], screenshot: Look) -> Look:
    """Look at the page: nothing against WCAG 2.2 AA, and a picture where one is asked for."""

    def look(page: Page, name: str) -> None:
        assert violations(page) == []
        screenshot(page, name)

    return look


@pytest.fixture
def sign_in(browser: Browser, demo: Demo) -> Iterator[SignIn]:
    """`sign_in("maya.alden@example.org", width=1280)`: a window of their own, signed in."""
    contexts = []

    def enter(email: str, width: int = 1280) -> Page:
        context = browser.new_context(
            base_url=demo.address, viewport={"width": width, "height": 800}, locale="en-US"
        )
        contexts.append(context)
        page = context.new_page()
        page.goto("/account/login/")
        page.get_by_label("Email").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(re.compile(r"/(clinic|portal|2fa)/"))
        if "/2fa/" in page.url:
            page.get_by_label("Code").fill(_code_of(page, email))
            page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/(clinic|portal)/"))
        return page

    yield enter
    for context in contexts:
        context.close()


def _code_of(page: Page, email: str) -> str:
    """The six digits of the moment, as the demo's page shows them."""
    shown = page.context.new_page()
    shown.goto("/demo/")
    found = re.search(rf"{re.escape(email)}.*?\b(\d{{6}})\b", shown.inner_text("main"), re.S)
    assert found
    shown.close()
    return found[1]


def _numbers(page: Page) -> str:
    page.goto("/clinic/measures/")
    row = page.locator("section, table").filter(has_text="Written to").locator("tr", has_text="Dr.")
    return " ".join(row.first.inner_text().split())


def _row(page: Page, subject: str) -> Locator:
    page.goto("/clinic/")
    return page.locator("li").filter(has_text=subject).first


def _write_from_the_worklist(page: Page) -> None:
    page.goto("/clinic/measures/")
    page.get_by_role("link", name="Dr. Maya Alden").first.click()
    page.get_by_role("link", name="95 patients not reached yet").click()
    page.get_by_role("link", name=re.compile("Write to this patient.*Marlon Stracke")).click()
    page.get_by_label("What is it about?").fill(SUBJECT)
    page.get_by_label("Message", exact=True).fill(ADVICE)
    page.get_by_role("button", name="Send message").click()
    expect(page.get_by_text("Your message was sent.")).to_be_visible()


def _read_and_answer(page: Page) -> None:
    page.get_by_role("link", name=SUBJECT).click()
    expect(page.get_by_text(ADVICE)).to_be_visible()
    page.get_by_role("textbox", name="Message").fill(THANKS)
    page.get_by_role("button", name=re.compile("^Send")).click()
    expect(page.get_by_text(THANKS)).to_be_visible()


def test_a_message_moves_the_measure_and_the_patient_answers(
    sign_in: SignIn, picture: Look
) -> None:
    dr_alden = sign_in("maya.alden@example.org")
    assert "100 5 5 % more than 5 % Not met yet 1 more patient" in _numbers(dr_alden)
    picture(dr_alden, "clinic-measures")

    _write_from_the_worklist(dr_alden)
    assert "100 6 6 % more than 5 % Met None" in _numbers(dr_alden)
    picture(dr_alden, "clinic-measures-met")

    marlon = sign_in("patient@example.org", width=375)
    picture(marlon, "portal-inbox-phone")
    _read_and_answer(marlon)
    picture(marlon, "portal-thread-phone")

    expect(_row(dr_alden, SUBJECT)).to_contain_text("1 unread")
    picture(dr_alden, "clinic-inbox")
    _row(dr_alden, SUBJECT).get_by_role("link", name=SUBJECT).click()
    expect(dr_alden.get_by_text(THANKS)).to_be_visible()
    picture(dr_alden, "clinic-thread")
    expect(_row(dr_alden, SUBJECT)).not_to_contain_text("unread")


def test_the_thread_does_not_exist_for_people_of_another_practice(sign_in: SignIn) -> None:
    marlon = sign_in("patient@example.org")
    marlon.get_by_role("link", name="A question").first.click()
    marlon.wait_for_url(re.compile(r"/threads/"))
    found = re.search(r"/threads/([0-9a-f-]{36})/", marlon.url)
    assert found
    addresses = list(_addresses_of(found[1]))
    assert len(addresses) > 4

    for stranger in ("ellen.marsh@example.org", "other.patient@example.org"):
        page = sign_in(stranger)
        token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
        for address in addresses:
            for answer in (
                page.request.get(address),
                page.request.post(address, form={"csrfmiddlewaretoken": token}),
            ):
                assert answer.status in {404, 405}, (stranger, address)
                assert "A question" not in answer.text()


def _addresses_of(thread_id: str) -> Iterator[str]:
    """Every address of the URL map that names a thread, for either side, whoever asks."""
    for face, patterns in (("portal", of_the_portal), ("clinic", of_the_clinic)):
        for pattern in patterns:
            try:
                yield reverse(f"{face}:{pattern.name}", kwargs={"thread_id": thread_id})
            except NoReverseMatch:
                continue  # it names something else


def test_it_keeps_what_was_done_and_starts_anew(demo: Demo) -> None:
    """The last of them: the demo is not running after it."""
    said = demo.stop()
    assert f"Open {demo.address}/demo/" in said
    assert "Stopped." in said
    assert demo.running and demo.running.returncode == 0
    database = demo.home / "wellpost.sqlite3"
    made = database.stat().st_ino
    (demo.home / "mine.txt").write_text("not the demo's")

    demo.start()
    demo.page()
    assert "Making the demo" not in demo.stop()
    assert database.stat().st_ino == made

    demo.start("--reset")
    until(lambda: not building.is_made(demo.home))
    assert "nothing was left half written" in demo.stop()
    assert not building.is_made(demo.home), "what was half made when it was stopped"
    assert (demo.home / "mine.txt").exists()
