"""Writing to a list, as its writer goes from page to page, there and back."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from tests.server.conftest import make_patient
from wellpost.server.clinic.mailings import LISTS_A_PAGE
from wellpost.server.messaging.queries import open_thread
from wellpost.server.routing import mailings
from wellpost.server.routing.mailings import (
    prepare_mailing,
    release_mailing,
    send_waiting,
    text_of,
)
from wellpost.server.routing.models import Mailing

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

NEW = "/clinic/lists/new/"


@pytest.fixture
def chen(as_user, dr_chen):
    return as_user(dr_chen.user)


def given(*patients, body="Come for your flu shot.", key=None):
    ids = [str(each.pk) for each in patients]
    return {"patient": ids, "subject": "Flu", "body": body, "client_key": key or str(uuid4())}


def said_by(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def place_of(mailing):
    return f"/clinic/lists/{mailing.pk}/"


def test_what_is_corrected_on_the_page_before_is_what_is_looked_through(chen, alice, carol):
    form = given(alice, carol, body="Come for your fly shot.")
    chen.post(NEW, form)
    answer = chen.post(NEW, {**form, "patient": [str(alice.pk)], "body": "Your flu shot."})
    mailing = Mailing.objects.get()
    assert answer.url == place_of(mailing)
    assert text_of(mailing)[1] == "Your flu shot."
    assert [each.patient for each in mailing.recipients.all()] == [alice]
    assert "Your flu shot." in said_by(chen.get(place_of(mailing)))


def test_what_is_sent_stays_as_it_was_sent(chen, alice, carol, dr_chen):
    form = given(alice)
    chen.post(NEW, form)
    mailing = Mailing.objects.get()
    release_mailing(mailing=mailing, by=dr_chen.user)
    chen.post(NEW, {**form, "patient": [str(carol.pk)], "body": "Another."})
    assert text_of(Mailing.objects.get())[1] == "Come for your flu shot."
    assert mailing.recipients.get().patient == alice


def test_the_page_leads_back_to_what_was_written(chen, alice, carol):
    chen.post(NEW, given(alice, carol))
    mailing = Mailing.objects.get()
    back = f"{NEW}?list={mailing.pk}"
    assert back in said_by(chen.get(place_of(mailing)))
    page = said_by(chen.get(back))
    for kept in ("Come for your flu shot.", str(mailing.client_key), "Write to 2 patients"):
        assert kept in page


def test_a_list_is_deleted_before_it_is_sent_and_not_after(chen, alice, dr_chen, deeds):
    for _ in range(2):
        chen.post(NEW, given(alice))
    unsent, sent = Mailing.objects.order_by("made_at")
    release_mailing(mailing=sent, by=dr_chen.user)
    assert "Deleted." in said_by(chen.post(place_of(unsent), {"delete": "yes"}, follow=True))
    assert "sent already" in said_by(chen.post(place_of(sent), {"delete": "yes"}, follow=True))
    assert list(Mailing.objects.all()) == [sent]
    assert deeds().count("mailing_discarded") == 1


def test_nobody_changes_or_deletes_anothers_list(chen, as_user, alice, dr_diaz, sam_staff):
    chen.post(NEW, given(alice))
    mailing = Mailing.objects.get()
    for each in (dr_diaz.user, sam_staff):
        other = as_user(each)
        assert other.get(f"{NEW}?list={mailing.pk}").status_code == 404
        assert other.post(place_of(mailing), {"delete": "yes"}).status_code == 404
    assert chen.get(f"{NEW}?list=none").status_code == 404


def test_earlier_lists_are_on_further_pages(chen, practice, alice, dr_chen):
    for _ in range(LISTS_A_PAGE + 1):
        prepare_mailing(
            practice=practice, patients=[alice.pk], by=dr_chen.user, subject="Flu", body="Come.",
            client_key=uuid4(),
        )  # fmt: skip
    first, second = (said_by(chen.get(f"/clinic/lists/?page={page}")) for page in (1, 2))
    assert first.count("wp-row__title") == LISTS_A_PAGE
    assert second.count("wp-row__title") == 1


def test_one_sees_how_many_were_read(chen, alice, amir, carol, dr_chen):
    chen.post(NEW, given(alice, carol))
    mailing = Mailing.objects.get()
    release_mailing(mailing=mailing, by=dr_chen.user)
    send_waiting()
    assert "2 of 2 sent</strong>; 0 read" in said_by(chen.get(place_of(mailing)))
    for each in mailing.recipients.all():
        open_thread(each.message.thread_id, dr_chen.user)
    open_thread(mailing.recipients.get(patient=alice).message.thread_id, amir.user)
    assert "2 of 2 sent</strong>; 1 read" in said_by(chen.get(place_of(mailing)))


def test_it_says_what_it_is_for_and_what_patients_are_told(chen, alice):
    page = said_by(chen.post(NEW, {"patient": [str(alice.pk)]}))
    assert "For matters of care that can wait" in page and "call 911" in page


PATIENTS = "http://testserver/clinic/patients/?page=2"


def test_a_list_grows_page_by_page_until_it_is_sent(chen, alice, carol, practice, dr_chen):
    assert "Add those ticked" not in said_by(chen.get("/clinic/patients/"))
    chen.post(NEW, given(alice))
    mailing = Mailing.objects.get()
    page = said_by(chen.get("/clinic/patients/"))
    assert "Your list “Flu” is not sent yet; 1 patient is on it." in page
    more = [make_patient(practice, f"Pat Number{each:04}") for each in range(30)]
    add = {"add": str(mailing.pk), "patient": [str(carol.pk), str(alice.pk)]}
    answer = chen.post(NEW, add, headers={"Referer": PATIENTS})
    assert answer.url == "/clinic/patients/?page=2"
    assert mailing.recipients.count() == 2
    everybody = {"add_all": str(mailing.pk), "every": [str(each.pk) for each in more]}
    assert "30 more patients are on the list." in said_by(chen.post(NEW, everybody, follow=True))
    changed = {"subject": "Flu", "body": "Now.", "client_key": str(mailing.client_key)}
    chen.post(f"{NEW}?list={mailing.pk}", changed)
    assert mailing.recipients.count() == 32
    assert text_of(Mailing.objects.get())[1] == "Now."
    release_mailing(mailing=mailing, by=dr_chen.user)
    assert chen.post(NEW, add).status_code == 404
    assert "Add those ticked" not in said_by(chen.get("/clinic/patients/"))


def test_a_list_is_added_to_by_its_writer_within_its_limit(
    chen, as_user, alice, carol, bob, dr_diaz, monkeypatch
):
    chen.post(NEW, given(alice))
    mailing = Mailing.objects.get()
    add = {"add": str(mailing.pk), "patient": [str(carol.pk)]}
    assert as_user(dr_diaz.user).post(NEW, add).status_code == 404
    assert chen.post(NEW, {**add, "patient": [str(bob.pk)]}).status_code == 404
    monkeypatch.setattr(mailings, "MOST_PATIENTS", 1)
    assert "choose one to 1." in said_by(chen.post(NEW, add, follow=True))
    for referer in ("https://elsewhere.example/x", "http://testserver//elsewhere.example/"):
        assert chen.post(NEW, add, headers={"Referer": referer}).url == place_of(mailing)
    assert mailing.recipients.get().patient == alice
