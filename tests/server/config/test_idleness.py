"""Sessions end by the real clock, and one comes back to where one was."""

from __future__ import annotations

import pytest

from tests.server.conftest import signed_in
from wellpost.server.config import idleness


def signed_out(answer):
    return answer.status_code == 302 and answer.url.startswith("/account/login/")


@pytest.fixture
def wait(monkeypatch):
    passed = [0.0]
    real = idleness.time.time

    class Later:
        @staticmethod
        def time():
            return real() + passed[0]

    monkeypatch.setattr(idleness, "time", Later)

    def minutes(count):
        passed[0] += count * 60

    return minutes


@pytest.mark.parametrize(("who", "minutes"), [("alice", 30), ("dr_chen", 15)])
def test_each_side_has_its_time(request, client, wait, who, minutes):
    signed_in(client, request.getfixturevalue(who).user)
    client.get("/portal/")
    wait(minutes - 1)
    assert not signed_out(client.get("/portal/"))
    wait(minutes)
    assert client.get("/portal/").url == "/account/login/?next=%2Fportal%2F"


def test_what_was_asked_for_is_where_one_comes_back_to(client, alice, wait, deeds):
    signed_in(client, alice.user)
    client.get("/portal/")
    wait(31)
    page = client.get("/portal/?page=2")
    assert page.url == "/account/login/?next=%2Fportal%2F%3Fpage%3D2"
    assert client.get("/portal/").url == "/account/login/?next=/portal/"
    assert deeds() == ["signed_in", "session_timed_out"]


def test_what_was_written_is_shown_back_and_nothing_is_done(client, alice, wait):
    signed_in(client, alice.user)
    client.get("/portal/")
    wait(31)
    sent = {"body": "My knee still hurts", "password": "secret with spaces", "client_key": "k 1"}
    before = "http://localhost/portal/write/?to=dr"
    page = client.post(
        "/portal/write/send/", sent, headers={"Referer": before, "Host": "localhost"}
    )
    assert page.status_code == 403
    text = page.content.decode()
    assert "My knee still hurts" in text
    assert "secret with spaces" not in text
    assert "/account/login/?next=%2Fportal%2Fwrite%2F%3Fto%3Ddr" in text


def test_a_form_sent_after_the_session_is_gone_is_shown_back_too(client, db):
    page = client.post("/portal/write/", {"body": "My knee still hurts"})
    assert (page.status_code, "My knee still hurts" in page.content.decode()) == (403, True)


def test_a_page_that_asks_by_itself_does_not_keep_one_signed_in(client, alice, wait):
    signed_in(client, alice.user)
    client.get("/portal/")
    for _ in range(3):
        wait(9)
        assert "HX-Redirect" not in client.get("/portal/", headers={"HX-Request": "true"})
    wait(4)
    page = client.get("/portal/", headers={"HX-Request": "true"})
    assert page["HX-Redirect"].startswith("/account/login/?next=")


def test_no_session_outlives_the_longest(client, alice, wait, settings):
    signed_in(client, alice.user)
    for _ in range(settings.LONGEST_SESSION_HOURS * 3):
        assert not signed_out(client.get("/portal/"))
        wait(20)
    wait(1)
    assert signed_out(client.get("/portal/"))


def test_the_minutes_are_settings(client, alice, wait, settings):
    settings.PATIENT_IDLE_MINUTES = 5
    signed_in(client, alice.user)
    client.get("/portal/")
    wait(6)
    assert signed_out(client.get("/portal/"))


def test_another_sites_address_is_never_the_way_back(client, db):
    page = client.post("/portal/write/", {}, headers={"Referer": "http://evil.example/portal/"})
    assert "evil" not in page.content.decode()
