"""How people wish to be told: ways, quiet hours, once a day, a conversation muted."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, time, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from wellpost.errors import RequestError
from wellpost.server.clock import time as clock
from wellpost.server.messaging import actions
from wellpost.server.notices import delivery
from wellpost.server.notices.actions import Kind, tell
from wellpost.server.notices.models import Notice, Wishes
from wellpost.server.notices.texts import letter
from wellpost.server.notices.timing import due
from wellpost.server.notices.wishing import (
    MOST_FAILURES,
    keep_wishes,
    mute,
    number_of,
    send_code,
    show_phone,
    unmute,
)

pytestmark = pytest.mark.django_db
USUAL = {
    "by_email": True, "by_sms": False, "phone": "", "quiet_from": None, "quiet_until": None,
    "daily_at": None, "time_zone": "America/New_York",
}  # fmt: skip
NIGHT = {"quiet_from": time(21), "quiet_until": time(7)}


@pytest.mark.parametrize(
    ("wishes", "moment", "expected"),
    [
        ({}, "2026-01-15 03:00", "2026-01-15 03:00"),
        (NIGHT, "2026-01-15 03:00", "2026-01-15 12:00"),  # 22:00 there: until 7:00
        (NIGHT, "2026-01-15 11:59", "2026-01-15 12:00"),
        (NIGHT, "2026-01-15 12:00", "2026-01-15 12:00"),  # 7:00 there: no longer quiet
        (NIGHT, "2026-01-15 18:00", "2026-01-15 18:00"),
        (NIGHT, "2026-03-08 03:00", "2026-03-08 11:00"),  # summer time began that night
        ({"quiet_from": time(12), "quiet_until": time(14)}, "2026-01-15 18:30", "2026-01-15 19:00"),
        ({"daily_at": time(8)}, "2026-01-15 12:30", "2026-01-15 13:00"),
        ({"daily_at": time(8)}, "2026-01-15 13:00", "2026-01-16 13:00"),
    ],
)
def test_when_it_is_due(wishes, moment, expected):
    held = Wishes(time_zone="America/New_York", **wishes)
    at, then = (datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (moment, expected))
    assert due(at, held) == then


def test_emergency_access_is_told_at_once_by_email_whatever_one_wishes(ada_admin):
    keep_wishes(by=ada_admin, **{**USUAL, "by_email": False, "daily_at": time(8)})
    notice = tell(users=[ada_admin.pk], kind=Kind.EMERGENCY_ACCESS)[0]
    assert (notice.channel, notice.together, notice.due_at) == ("email", False, notice.created_at)


def test_who_wishes_none_gets_none(alice):
    keep_wishes(by=alice.user, **{**USUAL, "by_email": False})
    assert tell(users=[alice.user.pk], kind=Kind.MESSAGE_WAITING) == []


@pytest.mark.parametrize(
    ("typed", "number"),
    [("(207) 555-0100", "+12075550100"), ("1 207 555 0100", "+12075550100"),
     ("+44 20 7946 0000", "+442079460000")],
)  # fmt: skip
def test_a_number_is_read_as_people_write_it(typed, number):
    assert number_of(typed) == number


@pytest.mark.parametrize("typed", ["", "555", "+0123456789", "call me", "207 555 0100 x5"])
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(RequestError, match="207 555 0100"):
        number_of(typed)


def test_half_of_the_quiet_hours_is_refused(alice):
    with pytest.raises(RequestError, match="a beginning and an end"):
        keep_wishes(by=alice.user, **{**USUAL, "quiet_from": time(21)})
    assert not Wishes.objects.exists()


class Gateway(BaseHTTPRequestHandler):
    """A gateway of text messages that keeps what it was asked to send."""

    taken: list[dict] = []
    status = 200

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        type(self).taken.append({**body, "key": self.headers["Idempotency-Key"],
                                 "secret": self.headers["Authorization"]})  # fmt: skip
        self.send_response(self.status)
        self.send_header("Location", "http://elsewhere.example/")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def gateway(settings):
    Gateway.taken, Gateway.status = [], 200
    server = HTTPServer(("127.0.0.1", 0), Gateway)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.SMS_GATEWAY = {
        "address": f"http://127.0.0.1:{server.server_port}/send", "secret": "a-token",
        "sender": "Wellpost", "format": "json", "fields": "to=To,from=From,text=Body",
    }  # fmt: skip
    yield Gateway
    server.shutdown()
    server.server_close()


@pytest.fixture
def alices_phone(alice, gateway):
    """Alice typed her number and the code that was sent there."""
    keep_wishes(by=alice.user, **{**USUAL, "by_sms": True, "phone": "207 555 0100"})
    send_code(alice.user)
    code = gateway.taken.pop()["Body"].split("code is ")[1][:6]
    assert show_phone(by=alice.user, code=code)
    return "+12075550100"


def test_a_text_message_goes_to_a_number_that_was_shown(alice, alices_phone, gateway):
    notices = tell(users=[alice.user.pk], kind=Kind.MESSAGE_WAITING)
    assert {each.channel for each in notices} == {"email", "sms"}
    delivery.deliver()
    (taken,) = gateway.taken
    assert taken["To"] == alices_phone
    assert taken["Body"] == letter([Kind.MESSAGE_WAITING], "sms").text
    assert taken["secret"] == "Bearer a-token"
    assert taken["key"] in {str(each.pk) for each in notices}


PAGE, CODE_PAGE = "/notices/", "/notices/phone/"
BY_TEXT = {
    "by_email": "on", "by_sms": "on", "phone": "207 555 0100", "often": "at_once",
    "time_zone": "America/New_York",
}  # fmt: skip


def page_of(answer):
    return " ".join(answer.content.decode().split())


def test_alice_types_her_number_and_then_the_code_that_comes_there(as_user, alice, gateway):
    client = as_user(alice.user)
    assert client.get(CODE_PAGE).url == PAGE
    assert client.post(PAGE, BY_TEXT).url == CODE_PAGE
    code = gateway.taken.pop()["Body"].split("code is ")[1][:6]
    wrong = "000000" if code != "000000" else "000001"
    assert "That code is not right" in page_of(client.post(CODE_PAGE, {"code": wrong}))
    assert Wishes.objects.get().phone_shown_at is None
    assert "The number is yours." in page_of(
        client.post(CODE_PAGE, {"code": f" {code} "}, follow=True)
    )
    assert Wishes.objects.get().phone_shown_at
    assert "This is how we tell you" in page_of(client.post(PAGE, BY_TEXT, follow=True))
    assert gateway.taken == []


def test_a_code_that_cannot_be_sent_is_said_and_codes_have_a_limit(as_user, alice, gateway):
    client = as_user(alice.user)
    assert "That is not a telephone number" in page_of(client.post(PAGE, {**BY_TEXT, "phone": "1"}))
    gateway.status = 503
    assert "could not be sent" in page_of(client.post(PAGE, BY_TEXT))
    gateway.status = 200
    for _ in range(4):
        assert client.post(PAGE, BY_TEXT).url == CODE_PAGE
    assert "Too many codes were sent." in page_of(client.post(PAGE, BY_TEXT))
    assert len(gateway.taken) == 5


def test_without_a_gateway_no_text_message_is_offered(as_user, alice):
    assert "Your mobile number" not in page_of(as_user(alice.user).get(PAGE))


def test_a_number_not_shown_is_never_written_to(alice, gateway):
    keep_wishes(by=alice.user, **{**USUAL, "by_sms": True, "phone": "207 555 0100"})
    assert [each.channel for each in tell(users=[alice.user.pk], kind=Kind.MESSAGE_WAITING)] == [
        "email"
    ]


def test_a_new_number_must_be_shown_anew(alice, alices_phone):
    keep_wishes(by=alice.user, **{**USUAL, "by_sms": True, "phone": "207 555 0199"})
    assert Wishes.objects.get().phone_shown_at is None


def test_a_code_cannot_be_guessed_or_used_late(alice, gateway):
    keep_wishes(by=alice.user, **{**USUAL, "by_sms": True, "phone": "207 555 0100"})
    send_code(alice.user)
    code = gateway.taken.pop()["Body"].split("code is ")[1][:6]
    with clock.held_at(clock.now() + timedelta(minutes=11)):
        assert not show_phone(by=alice.user, code=code)
    for _ in range(MOST_FAILURES):
        assert not show_phone(by=alice.user, code="not it")
    assert not show_phone(by=alice.user, code=code)


@pytest.mark.parametrize(("status", "stopped"), [(503, ""), (302, ""), (422, "failed")])
def test_a_gateway_that_refuses_is_tried_again_unless_for_good(
    alice, alices_phone, gateway, status, stopped
):
    gateway.status = status
    tell(users=[alice.user.pk], kind=Kind.MESSAGE_WAITING)
    delivery.deliver()
    notice = Notice.objects.get(channel="sms")
    assert (notice.stopped_as, notice.attempts, notice.sent_at) == (stopped, 1, None)
    assert len(gateway.taken) == 1


@pytest.fixture
def talk(alice, dr_chen):
    return actions.start_thread(
        practice=alice.practice, patient=alice, by=dr_chen.user, subject="S", body="B",
        client_key="1",
    ).thread  # fmt: skip


def test_alice_mutes_a_conversation_and_amir_is_told_still(talk, alice, amir, dr_chen, deeds):
    Notice.objects.all().delete()
    about = {"patient_id": alice.pk, "practice_id": alice.practice_id}
    mute(by=alice.user, thread=talk.pk, **about)
    mute(by=alice.user, thread=talk.pk, **about)
    assert deeds().count("thread_muted") == 1
    actions.send_message(thread=talk, by=dr_chen.user, body="More", client_key="2")
    assert [each.user for each in Notice.objects.all()] == [amir.user]
    unmute(by=alice.user, thread=talk.pk, **about)
    actions.send_message(thread=talk, by=dr_chen.user, body="More", client_key="3")
    assert Notice.objects.filter(user=alice.user).count() == 1


def test_muting_one_conversation_mutes_no_other(talk, alice, dr_chen):
    mute(by=alice.user, thread=talk.pk, patient_id=alice.pk, practice_id=alice.practice_id)
    Notice.objects.all().delete()
    actions.start_thread(
        practice=alice.practice, patient=alice, by=dr_chen.user, subject="T", body="B",
        client_key="2",
    )  # fmt: skip
    assert Notice.objects.get().user == alice.user
