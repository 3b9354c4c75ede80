"""Sending the record on: by ordinary email with consent, or sealed behind a link."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests.server.sharing.conftest import NOW
from wellpost.errors import RequestError
from wellpost.server.audit.models import AuditRow
from wellpost.server.clock.time import held_at
from wellpost.server.people.permissions import NotAllowed
from wellpost.server.records.models import PortalAction
from wellpost.server.sharing import transmitting
from wellpost.server.sharing.files import Form
from wellpost.server.sharing.links import MOST_CODES, erase_what_expired, open_link, withdraw
from wellpost.server.sharing.models import Sealed, Transmission
from wellpost.server.sharing.transmitting import (
    SentAlreadyError,
    Wanted,
    send_by_email,
    send_link,
)

pytestmark = pytest.mark.django_db
DESK = "desk@hill.example.org"


@pytest.fixture(autouse=True)
def in_july():
    with held_at(NOW):
        yield


def wanted(patient, **other) -> Wanted:
    usual = {"to_whom": DESK, "form": Form.FHIR, "client_key": uuid4()}
    return Wanted(patient, **{**usual, **other})


@pytest.fixture
def link(record_of_alice):
    """A link that waits: its token, its code, the sending."""
    sending, code = send_link(by=record_of_alice.user, wanted=wanted(record_of_alice))
    (token,) = re.findall(r"/shared/([\w-]+)/", mail.outbox[-1].body)
    return token, code, sending


@pytest.fixture
def no_mail_server(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9


def shared(token: str) -> str:
    return reverse("sharing:shared", args=[token])


def page_of(patient) -> str:
    return reverse("portal:send_record", args=[patient.pk])


def filled(**other) -> dict[str, str]:
    usual = {"to_whom": DESK, "way": "link", "file": "pdf", "client_key": str(uuid4())}
    return {**usual, **other}


def wrong_one(code: str) -> str:
    return f"{(int(code.replace(' ', '')) + 1) % 10**8:08d}"


def test_an_email_carries_the_file_and_no_name(record_of_alice):
    send_by_email(by=record_of_alice.user, wanted=wanted(record_of_alice))
    (sent,) = mail.outbox
    ((name, content, _type),) = sent.attachments
    assert sent.to == [DESK] and name == "health-record-2021-07-01.json"
    assert json.loads(content)["resourceType"] == "Bundle"
    assert "Alice" not in sent.body + sent.subject


def test_a_sending_is_on_the_log_with_the_address(record_of_alice, amir):
    send_by_email(by=amir.user, wanted=wanted(record_of_alice))
    (used,) = PortalAction.objects.all()
    assert (used.action, used.to_whom, used.what) == ("transmit", DESK, "fhir")
    assert used.acted_by == "representative"


def test_when_the_mail_server_fails_nothing_counts_as_sent(record_of_alice, no_mail_server):
    for send in (send_by_email, send_link):
        with pytest.raises(RequestError, match="could not be sent"):
            send(by=record_of_alice.user, wanted=wanted(record_of_alice))
    assert not PortalAction.objects.exists()
    assert not Transmission.objects.exists() and not Sealed.objects.exists()
    told = AuditRow.objects.exclude(deed="record_kept").values_list("deed", "outcome")
    assert list(told) == [("record_not_sent", "failed")] * 2


def test_a_form_that_comes_twice_sends_once(record_of_alice):
    once = wanted(record_of_alice)
    send_by_email(by=record_of_alice.user, wanted=once)
    with pytest.raises(SentAlreadyError):
        send_by_email(by=record_of_alice.user, wanted=once)
    assert len(mail.outbox) == PortalAction.objects.count() == 1


def test_too_much_for_an_email_is_said_and_not_sent(record_of_alice, monkeypatch):
    monkeypatch.setattr(transmitting, "MOST_BY_EMAIL", 100)
    with pytest.raises(RequestError, match="Choose fewer days"):
        send_by_email(by=record_of_alice.user, wanted=wanted(record_of_alice))
    assert not mail.outbox and not Transmission.objects.exists()


def test_outsiders_send_nothing(record_of_alice, bob, dr_chen):
    for user in (bob.user, dr_chen.user):
        for send in (send_by_email, send_link):
            with pytest.raises(NotAllowed):
                send(by=user, wanted=wanted(record_of_alice))
    assert not mail.outbox


def test_the_link_and_the_code_together_give_the_file_once(link):
    token, code, _ = link
    answer = Client().post(shared(token), {"code": code})
    assert json.loads(answer.content)["resourceType"] == "Bundle"
    assert answer["Content-Disposition"].startswith("attachment")
    again = Client().post(shared(token), {"code": code})
    assert again.status_code == 410 and "downloaded already" in again.content.decode()
    assert AuditRow.objects.filter(deed="record_link_opened").count() == 1


def test_looking_at_a_link_opens_nothing(link):
    token, code, _ = link
    for _look in range(3):
        seen = Client().get(shared(token))
        assert seen.status_code == 200 and "Alice" not in seen.content.decode()
    assert Client().post(shared(token), {"code": code}).status_code == 200


def test_the_page_of_a_link_leaks_nothing(link):
    seen = Client().get(shared(link[0]))
    assert seen["Referrer-Policy"] == "no-referrer"
    assert seen["X-Robots-Tag"] == "noindex, nofollow"
    assert seen["Cache-Control"] == "no-store"
    assert not seen.cookies and DESK not in seen.content.decode()


def test_neither_mail_nor_database_holds_both_halves(link, django_assert_num_queries):
    token, code, sending = link
    digits = code.replace(" ", "")
    assert code not in mail.outbox[-1].body and digits not in mail.outbox[-1].body
    sealed = Sealed.objects.get()
    row = json.dumps({f: str(v) for f, v in Transmission.objects.values().get().items()})
    assert token not in row and digits not in row
    assert b"Bundle" not in bytes(sealed.content) and b"Asthma" not in bytes(sealed.content)
    assert sending.token_hash and len(token) >= 43


def test_a_wrong_code_opens_nothing_and_five_shut_the_link(link):
    token, code, _ = link
    for left in range(MOST_CODES - 1, 0, -1):
        answer = Client().post(shared(token), {"code": wrong_one(code)})
        assert f"Tries left: {left}" in answer.content.decode()
    last = Client().post(shared(token), {"code": wrong_one(code)})
    assert "erased" in last.content.decode() and not Sealed.objects.exists()
    assert Client().post(shared(token), {"code": code}).status_code == 410
    assert AuditRow.objects.filter(deed="record_link_shut").count() == 1


def test_a_link_that_is_late_opens_nothing_and_its_file_is_erased(link):
    token, code, _ = link
    with held_at(NOW + timedelta(hours=71, minutes=59)):
        assert erase_what_expired() == 0
    with held_at(NOW + timedelta(hours=72)):
        answer = Client().post(shared(token), {"code": code})
        assert answer.status_code == 410 and "too late" in answer.content.decode()
    assert not Sealed.objects.exists()


def test_a_link_that_was_taken_back_opens_nothing(link, record_of_alice, as_user, amir):
    token, code, sending = link
    back = reverse("portal:take_back", args=[record_of_alice.pk, sending.pk])
    assert "Taken back" in as_user(amir.user).post(back, follow=True).content.decode()
    answer = Client().post(shared(token), {"code": code})
    assert answer.status_code == 410 and "took it back" in answer.content.decode()
    with pytest.raises(RequestError):
        withdraw(by=record_of_alice.user, sending=sending)


def test_an_opened_link_cannot_be_taken_back(link, record_of_alice):
    token, code, sending = link
    open_link(token, code)
    with pytest.raises(RequestError, match="already"):
        withdraw(by=record_of_alice.user, sending=sending)


def test_bob_takes_back_nothing_of_alice(link, record_of_alice, bob, as_user):
    sending = link[2]
    for whose in (record_of_alice, bob):
        back = reverse("portal:take_back", args=[whose.pk, sending.pk])
        assert as_user(bob.user).post(back).status_code == 404
    assert Sealed.objects.exists()


@pytest.mark.parametrize("token", ["guessed", "A" * 43, "..", "é"])
def test_a_guessed_link_is_not_there(link, token):
    answer = Client().post(f"/shared/{token}/", {"code": link[1]})
    assert answer.status_code == 404


def test_a_link_that_no_one_could_write_is_refused(link):
    assert Client().post("/shared/%00/", {"code": link[1]}).status_code == 400


def test_the_code_of_one_link_does_not_open_another(link, record_of_alice):
    _, other = send_link(by=record_of_alice.user, wanted=wanted(record_of_alice))
    if other == link[1]:  # one in a hundred million
        pytest.skip("the two codes happen to be the same")
    with pytest.raises(RequestError):
        open_link(link[0], other)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "a@b@c.example.org",
        "desk@example.org, other@example.org",
        "desk@example.org\nBcc: all@example.org",
        "desk@example.org%0aBcc:all@example.org",
        f"{'a' * 320}@example.org",
    ],
)
def test_an_address_that_is_none_is_said(record_of_alice, as_user, address):
    form = filled(to_whom=address, way="email", consent="on")
    answer = as_user(record_of_alice.user).post(page_of(record_of_alice), form)
    assert answer.status_code == 200 and "Please correct this first" in answer.content.decode()
    assert not mail.outbox and not Transmission.objects.exists()


def test_ordinary_email_needs_consent(record_of_alice, as_user):
    client = as_user(record_of_alice.user)
    answer = client.post(page_of(record_of_alice), filled(way="email"))
    assert "Tick this" in answer.content.decode() and not mail.outbox
    client.post(page_of(record_of_alice), filled(way="email", consent="on"))
    assert len(mail.outbox) == 1


def test_the_code_is_shown_once(record_of_alice, as_user):
    client, form = as_user(record_of_alice.user), filled()
    shown = client.post(page_of(record_of_alice), form).content.decode()
    (code,) = re.findall(r"\b\d{4} \d{4}\b", shown)
    again = client.post(page_of(record_of_alice), form).content.decode()
    assert "sent already" in again and code not in again
    assert len(mail.outbox) == 1
    assert code not in client.get(page_of(record_of_alice)).content.decode()


def test_the_page_tells_when_the_mail_server_fails(record_of_alice, as_user, no_mail_server):
    answer = as_user(record_of_alice.user).post(page_of(record_of_alice), filled())
    assert "could not be sent" in answer.content.decode()
    assert "Nothing was sent yet" in answer.content.decode()


def test_what_was_sent_stays_in_sight(link, record_of_alice, as_user):
    client = as_user(record_of_alice.user)
    seen = client.get(page_of(record_of_alice)).content.decode()
    assert DESK in seen and "Not opened yet" in seen
    open_link(link[0], link[1])
    assert "Opened" in client.get(page_of(record_of_alice)).content.decode()
