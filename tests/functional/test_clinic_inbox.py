"""The practice's inbox in a browser: a day's work, by mouse and by keyboard, at two widths."""

from __future__ import annotations

from datetime import date, time, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.functional.test_pages import look, overflow, small_targets
from wellpost.server.clock import time as clock
from wellpost.server.messaging.actions import cover, start_thread
from wellpost.server.people.models import Membership
from wellpost.server.routing.hours import set_hours
from wellpost.server.routing.mailings import prepare_mailing
from wellpost.server.routing.models import Draft, Note, Task
from wellpost.server.routing.pools import add_pool, join_pool
from wellpost.server.routing.reasons import close_on
from wellpost.server.routing.rounds import Rounds
from wellpost.server.routing.wordings import keep_wording

pytestmark = pytest.mark.django_db(transaction=True)

WIDTHS = ["desk", "phone"]


@pytest.fixture
def asked(practice, alice, carol, dr_chen, dr_diaz, sam_staff, ada_admin):
    """Alice asked Dr Chen, who is away; there are a pool and a template."""
    today = clock.today(practice.time_zone)
    chen, diaz = (Membership.objects.get(clinician=each) for each in (dr_chen, dr_diaz))
    days = {"starts_on": today, "ends_on": today + timedelta(days=5)}
    cover(membership=chen, covered_by=diaz, by=dr_chen.user, **days)
    pool = add_pool(practice=practice, by=ada_admin, name="Refills")
    to_pool = {"by": ada_admin, "starts_on": date(2020, 1, 1), "ends_on": None}
    join_pool(pool=pool, membership=diaz, **to_pool)
    keep_wording(
        practice=practice, by=sam_staff, name="Thank you", subject="Thank you", shared=True,
        body="Dear {patient name}, thank you.",
    )  # fmt: skip
    return start_thread(
        practice=practice, patient=alice, by=alice.user, subject="My knee", body="It hurts.",
        client_key="one", for_clinician=dr_chen,
    ).thread  # fmt: skip


@pytest.fixture
def looked_at(violations, screenshot):
    """What is wrong with the page; keeps a picture of it."""

    def looked_at(page, name, width):
        screenshot(page, f"{name}-{width}")
        return [*violations(page), *overflow(page), *small_targets(page)]

    return looked_at


@pytest.mark.parametrize("width", WIDTHS)
def test_a_days_work(browser_page, looked_at, width, asked, sam_staff, alice):
    page = browser_page(width, sam_staff)
    page.goto("/clinic/")
    expect(page.get_by_text("Waiting for us")).to_be_visible()
    page.get_by_text("Filter", exact=True).click()
    wrong = looked_at(page, "inbox-filters", width)
    page.get_by_role("link", name="My knee").click()
    expect(page.get_by_text("Dr Chen is away until")).to_be_visible()
    page.get_by_role("button", name="I look after it").click()
    expect(page.get_by_text("You look after this now.")).to_be_visible()
    for folded in ("Pass it on", "Forward to a colleague", "Topic, priority, follow-up"):
        page.locator("summary", has_text=folded).click()
    wrong += looked_at(page, "inbox-thread", width)
    page.get_by_role("textbox", name="Note for staff").fill("She sounded worried.")
    page.get_by_role("button", name="Keep note").click()
    expect(page.get_by_text("She sounded worried.")).to_be_visible()
    page.get_by_text("Begin with a template").click()
    page.get_by_role("link", name="Thank you").click()
    expect(page.get_by_label("Message", exact=True)).to_have_value("Dear Alice Arden, thank you.")
    page.get_by_role("button", name="Send answer").click()
    expect(page.get_by_text("Your answer was sent.")).to_be_visible()
    patient = browser_page(width, alice.user)
    patient.goto(reverse("portal:thread", args=[asked.pk]))
    expect(patient.get_by_text("Dear Alice Arden, thank you.")).to_be_visible()
    assert "worried" not in patient.content()
    assert not wrong, "\n".join(wrong)


def test_a_colleague_answers_as_covering(browser_page, asked, dr_diaz, alice):
    page = browser_page("phone", dr_diaz.user)
    page.goto(reverse("clinic:thread", args=[asked.pk]))
    page.get_by_label("Message", exact=True).fill("Please rest it.")
    page.get_by_role("button", name="Send answer").click()
    expect(page.get_by_text("Your answer was sent.")).to_be_visible()
    patient = browser_page("phone", alice.user)
    patient.goto(reverse("portal:thread", args=[asked.pk]))
    expect(patient.get_by_role("heading", name="Dr Diaz")).to_be_visible()
    expect(patient.get_by_text("for Dr Chen, who is away")).to_be_visible()


def test_what_is_typed_is_kept_by_itself(browser_page, asked, sam_staff):
    page = browser_page("desk", sam_staff)
    page.goto(reverse("clinic:thread", args=[asked.pk]))
    page.get_by_label("Message", exact=True).fill("Take it easy")
    expect(page.get_by_text("Draft kept.")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Message", exact=True)).to_have_value("Take it easy")
    assert Draft.objects.count() == 1


def test_a_draft_is_kept_and_deleted_without_scripts(browser_page, asked, sam_staff):
    page = browser_page("desk", sam_staff, scripts=False)
    page.goto(reverse("clinic:thread", args=[asked.pk]))
    page.get_by_label("Message", exact=True).fill("Take it easy")
    page.get_by_role("button", name="Keep as a draft").click()
    expect(page.get_by_text("The draft is kept. Only you can see it.")).to_be_visible()
    expect(page.get_by_label("Message", exact=True)).to_have_value("Take it easy")
    page.get_by_role("button", name="Delete the draft").click()
    expect(page.get_by_label("Message", exact=True)).to_have_value("")


def test_the_keyboard_alone(browser_page, asked, sam_staff):
    page = browser_page("desk", sam_staff)
    page.goto("/clinic/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="My knee")).to_be_visible()
    page.wait_for_load_state()
    page.keyboard.press("n")
    page.keyboard.type("Jot and knit")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The note is kept.")).to_be_visible()
    page.wait_for_load_state()  # with the script that knows the keys
    page.keyboard.press("r")
    page.keyboard.type("Rest it, June.")
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your answer was sent.")).to_be_visible()
    page.wait_for_load_state()
    page.keyboard.press("u")
    expect(page.get_by_role("heading", name="Messages", exact=True)).to_be_visible()
    page.wait_for_load_state()
    page.keyboard.press("?")
    page.get_by_role("button", name="Switch them off").press("Enter")
    expect(page.get_by_role("button", name="Switch them on")).to_be_visible()
    page.goto("/clinic/")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.className") != "wp-row__title"
    assert Note.objects.count() == 1


@pytest.mark.parametrize("width", WIDTHS)
def test_a_list_is_written_to(browser_page, looked_at, width, asked, sam_staff, alice, carol):
    page = browser_page(width, sam_staff)
    page.goto("/clinic/patients/")
    page.get_by_label("Put Alice Arden on the list").check()
    page.get_by_role("button", name="Write to those ticked").click()
    page.get_by_label("What is it about?").fill("Flu shots")
    page.get_by_label("Message", exact=True).fill("Dear {patient name}, come.")
    wrong = looked_at(page, "list-new", width)
    page.get_by_role("button", name="Look it through").click()
    page.get_by_role("link", name="Add more patients").click()
    page.get_by_label("Put Carol Cove on the list").check()
    wrong += looked_at(page, "list-add", width)
    page.get_by_role("button", name="Add those ticked to it").click()
    expect(page.get_by_text("1 more patient is on the list.")).to_be_visible()
    page.get_by_role("link", name="Look at it").click()
    page.get_by_label("Alice Arden").check()
    wrong += looked_at(page, "list-look", width)
    page.get_by_role("button", name="Send to 2 patients").click()
    expect(page.get_by_text("0 of 2 sent")).to_be_visible()
    Rounds()()
    expect(page.get_by_text("2 of 2 sent")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Alice Arden: sent as your own")).to_be_visible()
    expect(page.get_by_text("Carol Cove: sent, marked as automated")).to_be_visible()
    wrong += looked_at(page, "list-sent", width)
    assert not wrong, "\n".join(wrong)


def test_the_pages_around_the_inbox(
    browser_page, violations, screenshot, asked, practice, sam_staff, ada_admin, alice
):
    set_hours(practice=practice, by=ada_admin, hours={0: (time(8), time(17))})
    close_on(practice=practice, by=ada_admin, day=date(2999, 1, 1), says="New Year")
    made = prepare_mailing(
        practice=practice, patients=[alice.pk], by=sam_staff, subject="Flu", body="Come.",
        client_key=uuid4(),
    )  # fmt: skip
    pool, wording = practice.pools.get(), practice.wordings.get()
    desk, office = browser_page("desk", sam_staff), browser_page("desk", ada_admin)
    wrong = []
    for page, name, *args in (
        (desk, "keyboard"), (desk, "away"), (desk, "wordings"), (desk, "mailings"),
        (desk, "change_wording", wording.pk), (desk, "mailing", made.pk),
        (office, "answering"), (office, "topics"), (office, "pools"), (office, "pool", pool.pk),
        (office, "change_topic", practice.reasons.first().pk), (office, "away"),
    ):  # fmt: skip
        page.goto(reverse(f"clinic:{name}", args=args))
        wrong += look(page, f"inbox-{name}", violations, screenshot)
    patient = browser_page("phone", alice.user)
    patient.goto(reverse("portal:write_for", args=[alice.pk]))
    expect(patient.get_by_label("What kind of question is it?")).to_be_visible()
    wrong += look(patient, "portal-write-topic", violations, screenshot)
    assert not wrong, "\n".join(wrong)
    assert Task.objects.count() == 1
