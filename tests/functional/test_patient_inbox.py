"""The patient's side in a browser: a photo sent, a draft kept, for whom one is here, by keys."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from playwright.sync_api import expect

from tests import made_files as made
from tests.functional.conftest import at_each_width
from tests.functional.test_pages import overflow, small_targets, walk
from tests.server.conftest import make_patient
from wellpost.server.messaging.actions import retract_message, send_message, start_thread
from wellpost.server.messaging.models import Message
from wellpost.server.messaging.queries import open_thread
from wellpost.server.people.actions import add_parent, set_ages
from wellpost.server.people.models import AgedRight
from wellpost.server.routing.models import Draft

pytestmark = pytest.mark.django_db(transaction=True)
PHOTO = {"name": "IMG_0412.jpg", "mimeType": "image/jpeg"}


@pytest.fixture
def thread(practice, alice, dr_chen):
    """A conversation with a file from each side, one message read and one taken back."""
    practice.phone = "207 555 0100"
    practice.emergency_text = "In a crisis call or text 988. For all else that cannot wait: 911."
    practice.save()
    first = start_thread(
        practice=practice, patient=alice, by=dr_chen.user, subject="Your knee",
        body="How is it today? A photo would help.", client_key="a",
    )  # fmt: skip
    wrong = send_message(thread=first.thread, by=dr_chen.user, body="Take 3.", client_key="b")
    retract_message(message=wrong, by=dr_chen.user)
    photo = ContentFile(made.photo(size=(1200, 900)), name="IMG_0410.jpg")
    letter = ContentFile(made.pdf(), name="letter of the physiotherapist, June 2021.pdf")
    send_message(
        thread=first.thread, by=alice.user, body="Here it is.", client_key="c",
        attachments=[photo, letter],
    )  # fmt: skip
    open_thread(first.thread_id, dr_chen.user)
    return first.thread


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_a_photo_is_sent_and_seen_and_a_draft_waits(
    browser_page, violations, screenshot, width, thread, alice
):
    page = browser_page(width, alice.user)
    page.goto(reverse("portal:thread", args=[thread.pk]))
    expect(page.get_by_text("Read by Dr Chen")).to_be_visible()
    expect(page.get_by_text("Taken back by its writer")).to_be_visible()
    with page.expect_response("**/draft/"):
        page.get_by_label("Message", exact=True).fill("Another one,")
    expect(page.get_by_text("Draft kept.")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Message", exact=True)).to_have_value("Another one,")
    with page.expect_response("**/draft/"):  # which would come after the answer, else
        page.get_by_label("Message", exact=True).fill("Another one, from the side.")
    page.get_by_label("Attach files").set_input_files(
        {**PHOTO, "buffer": made.photo(size=(900, 1200))}
    )
    wrong = [*violations(page), *overflow(page), *small_targets(page)]
    page.get_by_role("button", name="Send answer").click()
    expect(page.get_by_text("Your answer was sent.")).to_be_visible()
    page.wait_for_load_state()
    assert page.locator(".wp-message__picture").evaluate_all(
        "(all) => all.map(each => each.complete && each.naturalWidth > 0)"
    ) == [True, True]
    with page.expect_download() as saving:
        page.get_by_role("link", name="IMG_0412.jpg").click()
    saved = saving.value.path().read_bytes()
    assert made.SECRET not in saved
    assert saved.startswith(b"\xff\xd8")
    screenshot(page, f"portal-thread-files-{width}")
    assert not Draft.objects.exists()
    assert not wrong, "\n".join(wrong)


def test_every_page_says_for_whom_and_the_tabs_fit(
    browser_page, violations, screenshot, thread, alice, amir, practice
):
    make_patient(practice, "Amir Arden", user=amir.user)
    page = browser_page("phone", amir.user)
    page.goto("/portal/")
    page.get_by_role("link", name="Alice Arden").click()
    wrong = []
    for tab in ("Messages", "Record", "From home", "Share", "Apps", "Who sees it", "Activity"):
        page.locator(".wp-tabs").get_by_role("link", name=tab, exact=True).click()
        expect(page.locator(".wp-acting")).to_contain_text("You are here for Alice Arden")
        for width in at_each_width(page):
            wrong += [*violations(page), *overflow(page)]
            screenshot(page, f"portal-tab-{tab.lower().replace(' ', '-')}-{width}")
    for width in at_each_width(page):
        assert rows_of_tabs(page) <= (2 if width == "phone" else 1)
        page.get_by_role("link", name="Change to somebody else").click()
        page.get_by_role("link", name="Amir Arden (you)").click()
        expect(page.locator(".wp-acting")).to_contain_text("You are here for yourself")
        expect(page.get_by_text("Your knee")).to_have_count(0)
        page.get_by_role("link", name="Change to somebody else").click()
        page.get_by_role("link", name="Alice Arden").click()
        expect(page.locator(".wp-acting")).to_contain_text("You are here for Alice Arden")
    assert not wrong, "\n".join(wrong)


def rows_of_tabs(page) -> int:
    tabs = page.locator(".wp-tabs").first
    rows = "each => new Set([...each.querySelectorAll('a')].map(a => a.offsetTop)).size"
    return tabs.evaluate(rows)


def test_a_message_is_written_by_keyboard_alone(browser_page, thread, alice):
    page = browser_page("desk", alice.user)
    page.goto(reverse("portal:patient", args=[alice.pk]))
    press_to(page, "Write a message")
    page.keyboard.press("Enter")
    page.wait_for_url("**/write/")
    press_to(page, "What is it about?")
    page.keyboard.type("The tablets")
    press_to(page, "Message")
    page.keyboard.type("When do I take them?")
    press_to(page, "Send message")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your message was sent.")).to_be_visible()
    assert Message.objects.count() == 4


def test_without_scripts_a_draft_is_kept_by_its_button(browser_page, thread, alice):
    page = browser_page("phone", alice.user, scripts=False)
    page.goto(reverse("portal:write_for", args=[alice.pk]))
    page.get_by_label("Message", exact=True).fill("Later")
    page.get_by_role("button", name="Keep as a draft").click()
    expect(page.get_by_text("The draft is kept. Only you can see it.")).to_be_visible()
    expect(page.get_by_label("Message", exact=True)).to_have_value("Later")


def test_the_camera_is_offered_to_a_touch_screen_alone(browser, browser_page, thread, alice):
    page = browser_page("desk", alice.user)
    page.goto(reverse("portal:thread", args=[thread.pk]))
    expect(page.get_by_label("Take a photo")).to_be_hidden()
    signed_in_already = page.context.storage_state()
    phone = browser.new_context(has_touch=True, is_mobile=True, storage_state=signed_in_already)
    touched = phone.new_page()
    touched.goto(page.url)
    expect(touched.get_by_label("Take a photo")).to_be_visible()
    phone.close()


def test_the_pages_of_rights_by_age(
    browser_page, violations, screenshot, practice, ada_admin, dr_chen
):
    soon = date.today() + timedelta(days=30)
    lena = make_patient(practice, "Lena Lind")
    lena.birth_on = soon.replace(year=soon.year - 12)
    lena.save()
    set_ages(practice=practice, by=ada_admin, ages={AgedRight.RECORD: 12})
    add_parent(
        patient=lena, by=ada_admin, name="Mia Lind", relationship="mother",
        starts_on=date(2020, 1, 1),
    )  # fmt: skip
    page = browser_page("desk", ada_admin)
    pages = [
        ("clinic-ages", reverse("clinic:ages")),
        ("clinic-age-changes", reverse("clinic:age_changes")),
        ("clinic-add-parent", reverse("clinic:add_representative", args=[lena.pk])),
    ]
    wrong = walk(page, pages, violations, screenshot)
    page.goto(reverse("clinic:age_changes"))
    expect(page.get_by_text("Mia Lind (mother) no longer sees the record")).to_be_visible()
    assert not wrong, "\n".join(wrong)


def press_to(page, name: str) -> None:
    """Go on by the Tab key to what has this name."""
    page.wait_for_load_state()
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(NAME) == name:
            return
    raise AssertionError(f"the keyboard does not come by {name!r}")


NAME = """() => {
  const at = document.activeElement;
  const label = at.labels && at.labels[0];
  return (label || at).textContent.trim();
}"""
