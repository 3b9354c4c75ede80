"""The pages of measures, as each kind of person at the practice meets them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.server.quality import world
from wellpost.facts.identifiers import make_npi
from wellpost.server.clock import time as clock
from wellpost.server.quality.periods import program_years, suggested
from wellpost.terms import spoken

SUMMER = {"program": "stage-3:2021", "start": "2021-06-01", "end": "2021-08-31"}
HOME = "/clinic/measures/"


@pytest.fixture(autouse=True)
def september():
    """A day in the middle of the story."""
    with clock.held_at(datetime(2021, 9, 15, 14, tzinfo=UTC)):
        yield


@pytest.fixture
def seen(dr_chen, alice, carol):
    """Alice, who has an account, and Carol, who has none, were seen in the summer."""
    for each in (alice, carol):
        world.seen(each, dr_chen, "2021-06-03")


def page(as_user, user, address=HOME, **query):
    answer = as_user(user).get(address, query)
    return answer.status_code, answer.content.decode()


def card(text: str, title: str) -> str:
    """The part of a page from a heading on."""
    return " ".join(text.split(title, 1)[1].split())


def test_the_page_starts_with_whole_months_that_the_program_allows(as_user, rita_reporter, seen):
    status, text = page(as_user, rita_reporter)
    assert status == 200
    assert "June 1, 2021 to August 31, 2021 (92 days)" in text


def test_numbers_move_with_the_message_just_sent(as_user, dr_chen, alice, seen):
    where = f"{HOME}{dr_chen.npi}/"
    _, before = page(as_user, dr_chen.user, where)
    assert "<strong>0</strong> of 2 patients" in card(before, "Secure messages")
    assert "1 more patient" in card(before, "Secure messages")
    world.wrote(dr_chen, alice, "2021-09-15")
    _, after = page(as_user, dr_chen.user, where)
    assert "<strong>1</strong> of 2 patients" in card(after, "Secure messages")
    assert "50 %" in card(after, "Secure messages")


def test_a_reporter_sees_every_clinician_and_the_practice_once(
    as_user, rita_reporter, dr_chen, dr_diaz, alice, seen, practice
):
    world.seen(alice, dr_diaz, "2021-07-01")
    _, text = page(as_user, rita_reporter)
    for name in ("Dr Chen", "Dr Diaz", practice.name):
        assert name in text
    rows = text.split('class="wp-group"')[1].split("</tr>")[0]
    assert "Seen</span>2<" in rows.replace("\n", "")


def test_a_clinician_sees_their_own_row_and_page_and_no_others(as_user, dr_chen, dr_diaz, seen):
    _, text = page(as_user, dr_chen.user)
    assert dr_chen.npi in text
    assert dr_diaz.npi not in text
    assert page(as_user, dr_chen.user, f"{HOME}{dr_diaz.npi}/")[0] == 404
    assert page(as_user, dr_chen.user, f"{HOME}practice/")[0] == 404


ADDRESSES = (
    "",
    "{npi}/",
    "{npi}/secure-messaging/worklist/",
    "{npi}/secure-messaging/reached/",
    "{npi}/secure-messaging/patients/{patient}/",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_another_practice_and_patients_find_nothing(
    as_user, dr_evans, bob, alice, dr_chen, seen, address
):
    where = HOME + address.format(npi=dr_chen.npi, patient=alice.pk)
    assert page(as_user, alice.user, where)[0] == 404
    status, text = page(as_user, dr_evans.user, where)
    assert status == (404 if address else 200)
    assert "Dr Chen" not in text
    assert "Alice" not in text


def test_a_patient_of_another_practice_is_not_explained(as_user, dr_chen, bob, seen):
    where = f"{HOME}{dr_chen.npi}/secure-messaging/patients/{bob.pk}/"
    assert page(as_user, dr_chen.user, where)[0] == 404


@pytest.mark.parametrize("who", ["1234567890", make_npi("nobody"), "nonsense"])
def test_a_clinician_that_is_none_is_not_found(as_user, rita_reporter, who):
    assert page(as_user, rita_reporter, f"{HOME}{who}/")[0] == 404


def test_a_measure_the_program_does_not_have_is_not_found(as_user, rita_reporter, dr_chen):
    where = f"{HOME}{dr_chen.npi}/patient-access/worklist/"
    assert page(as_user, rita_reporter, where)[0] == 404


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"start": "2021-06-01", "end": "2021-06-30"}, "at least 90 continuous days"),
        ({"start": "2021-08-15", "end": "2021-11-30"}, "the last permitted day is 2021-10-30"),
        ({"start": "2020-06-01", "end": "2020-08-31"}, "inside program year 2021"),
        ({"start": "2021-08-31", "end": "2021-06-01"}, "it ends before it starts"),
        ({"start": "yesterday", "end": "2021-08-31"}, "Enter a valid date"),
        ({"program": "stage-9:2021"}, "is not one of the available choices"),
    ],
)
def test_a_bad_period_shows_the_rules_own_sentence(as_user, rita_reporter, seen, query, says):
    status, text = page(as_user, rita_reporter, **{**SUMMER, **query})
    assert status == 400
    assert says in text
    assert "June 1, 2021 to August 31, 2021" in text


def test_the_period_asked_for_goes_along_to_the_next_page(as_user, rita_reporter, dr_chen, seen):
    browser = as_user(rita_reporter)
    browser.get(HOME, {**SUMMER, "start": "2021-03-01", "end": "2021-05-31"})
    text = browser.get(f"{HOME}{dr_chen.npi}/").content.decode()
    assert "March 1, 2021 to May 31, 2021" in text


def test_the_practices_own_period_is_kept_for_everybody(as_user, rita_reporter, sam_staff, seen):
    browser = as_user(rita_reporter)
    browser.get(HOME, {**SUMMER, "start": "2021-03-01", "end": "2021-05-31"})
    browser.post(f"{HOME}period/")
    assert "March 1, 2021 to May 31, 2021" in page(as_user, sam_staff)[1]


def test_the_worklist_tells_who_can_be_reached(as_user, sam_staff, dr_chen, alice, carol, seen):
    carol.email = ""
    carol.save()
    _, text = page(as_user, sam_staff, f"{HOME}{dr_chen.npi}/secure-messaging/worklist/")
    assert text.index("Alice Arden") < text.index("Carol Cove")
    assert "Can read messages" in text
    assert "print a letter" in text
    assert f"/clinic/write/?patient={alice.pk}&amp;next=worklist" in text
    assert f"/clinic/patients/{carol.pk}/letter/" in text


def test_the_worklist_tells_that_a_message_waits(as_user, sam_staff, dr_chen, carol, seen):
    world.wrote(dr_chen, carol, "2021-07-04")
    _, text = page(as_user, sam_staff, f"{HOME}{dr_chen.npi}/secure-messaging/worklist/")
    assert "a message waits for the first sign-in" in text


def test_a_reporter_reads_the_worklist_and_is_offered_no_writing(
    as_user, rita_reporter, dr_chen, seen
):
    _, text = page(as_user, rita_reporter, f"{HOME}{dr_chen.npi}/secure-messaging/worklist/")
    assert "Alice Arden" in text
    assert "/clinic/write/" not in text


def test_the_explanation_names_the_act_and_the_law(as_user, dr_chen, sam_staff, alice, seen):
    message = world.wrote(dr_chen, alice, "2021-09-01")
    where = f"{HOME}{dr_chen.npi}/secure-messaging/patients/{alice.pk}/"
    _, text = page(as_user, sam_staff, where)
    assert "written to on 2021-09-01, credited to Dr Chen" in text
    assert "42 CFR 495.24(d)(6)(i)(B)(2)" in text
    assert f"/clinic/threads/{message.thread_id}/" in text
    assert message.pk.hex not in text


def test_a_conversation_one_may_not_open_is_not_linked(
    as_user, rita_reporter, dr_chen, alice, seen
):
    message = world.wrote(dr_chen, alice, "2021-09-01")
    where = f"{HOME}{dr_chen.npi}/secure-messaging/patients/{alice.pk}/"
    assert str(message.thread_id) not in page(as_user, rita_reporter, where)[1]


def test_the_explanation_says_why_a_waiting_message_does_not_count(as_user, dr_chen, carol, seen):
    world.wrote(dr_chen, carol, "2021-09-01")
    where = f"{HOME}{dr_chen.npi}/secure-messaging/patients/{carol.pk}/"
    _, text = page(as_user, dr_chen.user, where)
    assert "Does not count yet" in text
    assert "has an account to open it with" in text


def test_patients_of_another_practice_are_counted_and_not_named(
    as_user, rita_reporter, dr_chen, other_practice, bob, seen
):
    dr_chen.memberships.create(
        practice=other_practice, role="clinician", starts_on=date(2020, 1, 1)
    )
    world.seen(bob, dr_chen, "2021-06-20")
    _, text = page(as_user, rita_reporter, f"{HOME}{dr_chen.npi}/secure-messaging/worklist/")
    assert "3 patients" in text
    assert "1 of them is another practice" in text
    assert "Birch" not in text


def test_every_reading_is_on_record(as_user, rita_reporter, dr_chen, alice, seen, deeds):
    browser = as_user(rita_reporter)
    for address in ("", f"{dr_chen.npi}/", f"{dr_chen.npi}/secure-messaging/worklist/"):
        browser.get(HOME + address)
    browser.get(f"{HOME}{dr_chen.npi}/secure-messaging/patients/{alice.pk}/")
    read = [each for each in deeds() if each.endswith("_read")]
    assert read == ["measures_read", "measures_read", "worklist_read", "explanation_read"]


def test_nobody_seen_is_no_rate(as_user, rita_reporter, dr_chen):
    _, text = page(as_user, rita_reporter, f"{HOME}{dr_chen.npi}/")
    assert "Nobody seen, so there is no rate" in text
    assert "0 %</span></p>" not in text.split("wp-card__rate")[1][:40]


def test_no_page_has_inline_style_or_script(as_user, dr_chen, alice, seen):
    for address in ("", f"{dr_chen.npi}/", f"{dr_chen.npi}/secure-messaging/worklist/"):
        _, text = page(as_user, dr_chen.user, HOME + address)
        assert " style=" not in text
        assert "<style" not in text
        assert "<script>" not in text


def test_writing_from_the_worklist_leads_back_to_it(as_user, dr_chen, alice, seen):
    browser = as_user(dr_chen.user)
    worklist = f"{HOME}{dr_chen.npi}/secure-messaging/worklist/"
    assert "Alice Arden" in browser.get(worklist).content.decode()
    write = f"/clinic/write/?patient={alice.pk}&next=worklist"
    key = browser.get(write).context["form"]["client_key"].value()
    sent = browser.post(
        write,
        {"subject": "Your visit", "body": "All is well.", "client_key": str(key), "to": "patient"},
    )
    assert (sent.status_code, sent.headers["Location"]) == (302, worklist)
    assert "Alice Arden" not in browser.get(worklist).content.decode()


def test_not_sending_leads_back_to_where_one_came_from(as_user, dr_chen, alice, seen):
    browser = as_user(dr_chen.user)
    worklist = f"{HOME}{dr_chen.npi}/secure-messaging/worklist/"
    write, patient = f"/clinic/write/?patient={alice.pk}", f"/clinic/patients/{alice.pk}/"
    browser.get(worklist)
    from_worklist = browser.get(f"{write}&next=worklist").content.decode()
    assert f'href="{worklist}">Do not send' in from_worklist
    assert f'href="{patient}">Do not send' in browser.get(write).content.decode()


def test_every_program_in_every_year_has_its_pages(as_user, rita_reporter, dr_chen, seen):
    browser = as_user(rita_reporter)
    for rules in program_years():
        period = suggested(rules, date(2026, 12, 31))
        asked = {"program": f"{rules.name}:{rules.year}", "start": period.start, "end": period.end}
        assert browser.get(HOME, asked).status_code == 200, asked
        assert browser.get(f"{HOME}{dr_chen.npi}/").status_code == 200, asked
        for rule in rules.measures:
            where = f"{HOME}{dr_chen.npi}/{spoken(rule.measure)}/worklist/"
            assert browser.get(where).status_code == 200, (asked, where)
