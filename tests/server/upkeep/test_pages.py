"""Health, the first set-up, the condition of the server, and the pages about notices."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.test import Client

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.messaging.actions import start_thread
from wellpost.server.notices.actions import Kind, tell
from wellpost.server.notices.models import Muted, Notice, Wishes
from wellpost.server.people.models import Membership, Practice, Role, User
from wellpost.server.upkeep import condition, first_run, probes
from wellpost.server.upkeep.set_up_page import lead_to_set_up

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


@pytest.fixture(autouse=True)
def asked_anew():
    probes._last.clear()


def broken(*_):
    raise RuntimeError("postgresql://wellpost:secret@10.0.0.5 is down")


def test_ready_says_a_word_to_any_host_without_a_session(client, django_assert_num_queries):
    answer = client.get("/health/", headers={"host": "10.0.0.7"})
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})
    assert not answer.cookies
    with django_assert_num_queries(0):
        assert client.get("/health/").status_code == 200


def test_ready_over_http_is_not_sent_to_https(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get("/health/").status_code == 200


@pytest.mark.parametrize("fault", ["_answers", "_up_to_date", "_keys_there"])
def test_what_is_not_ready_says_so_and_no_more(client, monkeypatch, fault):
    monkeypatch.setattr(condition, fault, broken)
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()) == (503, {"status": "not ready"})
    assert client.get("/health/live/").json() == {"status": "live"}


@pytest.fixture
def code(settings, tmp_path):
    settings.HOME = tmp_path
    return first_run.offer()


GIVEN = {
    "name": "Harbor", "tin": "900000001", "time_zone": "America/New_York",
    "administrator": "Ada Moss", "email": "ada@example.org", "password": "a long way to Tipperary",
}  # fmt: skip


def test_a_fresh_server_shows_one_page_and_then_never_again(code, client):
    assert Client().get("/set-up/").status_code == 200
    answer = client.post("/set-up/", {"code": code.lower().replace("-", " "), **GIVEN})
    assert answer.status_code == 302
    assert client.get("/", follow=True).redirect_chain[-1][0] == "/account/2fa/"
    member = Membership.objects.get()
    assert (member.role, member.user.email) == (Role.ADMINISTRATOR, "ada@example.org")
    for method in ("get", "post"):
        assert getattr(Client(), method)("/set-up/", {"code": code}).status_code == 404


def test_every_page_leads_to_the_set_up_while_it_waits(code, rf):
    led = lead_to_set_up(lambda request: "answered")
    assert led(rf.get("/account/login/")).url == "/set-up/"
    assert led(rf.get("/static/ui/wellpost.css")) == "answered"
    Practice.objects.create(name="Harbor", tin="900000001")
    assert led(rf.get("/account/login/")) == "answered"
    with pytest.raises(MiddlewareNotUsed):
        lead_to_set_up(lambda request: "answered")


@pytest.mark.parametrize("wrong", ["ABCD-EFGH-JKLM-NPQR", "", "?"])
def test_a_wrong_code_sets_nothing_up(code, client, wrong):
    assert client.post("/set-up/", {**GIVEN, "code": wrong}).status_code == 200
    assert not Practice.objects.exists()
    assert not User.objects.exists()


def test_a_code_is_good_for_a_day_and_only_its_hash_is_kept(code, client, monkeypatch):
    kept = first_run._file()
    assert code not in kept.read_text()
    assert kept.stat().st_mode & 0o077 == 0
    held = json.loads(kept.read_text())
    kept.write_text(json.dumps({**held, "until": 1}))
    assert b"not right" in client.post("/set-up/", {"code": code, **GIVEN}).content


def test_where_a_practice_is_no_code_is_offered(code, practice):
    assert first_run.offer() == ""
    assert not first_run._file().exists()


def test_a_password_too_easy_uses_no_code_up(code, client):
    assert client.post("/set-up/", {"code": code, **GIVEN, "password": "x"}).status_code == 200
    assert first_run.is_open()


def by_name():
    return {each.name: each for each in condition.conditions()}


def test_a_server_that_is_well_is_said_to_be(practice):
    record(by=None, deed=Deed.BACKED_UP)
    unwell = [each for each in condition.conditions() if not each.well and each.name != "Disk"]
    assert unwell == []


def test_what_is_not_well_says_what_to_do(alice):
    assert by_name()["Last backup"].found == "None was made yet."
    record(by=None, deed=Deed.BACKED_UP)
    tell(users=[alice.user.pk], kind=Kind.MESSAGE_WAITING)
    with clock.held_at(clock.now() + timedelta(days=3)):
        found = by_name()
    for name in ("Last backup", "Sealing of the record", "Notices"):
        assert not found[name].well
        assert found[name].do


def test_a_virus_scanner_that_is_away_is_told(settings, tmp_path):
    assert by_name()["Virus scanner"].found == "None is configured."
    settings.CLAMD = f"unix:{tmp_path}/nobody"
    found = by_name()["Virus scanner"]
    assert (found.well, found.found) == (False, "It does not answer; no file can be sent.")
    assert found.do


def test_what_cannot_be_asked_says_its_kind_and_no_secret(monkeypatch):
    monkeypatch.setattr(condition, "_keys_there", broken)
    assert by_name()["Keys"].found == "Could not be asked (RuntimeError)."


@pytest.fixture
def dead(alice):
    tell(users=[alice.user.pk], kind=Kind.MESSAGE_WAITING)
    Notice.objects.update(stopped_at=clock.now(), stopped_as="failed", attempts=10)
    return Notice.objects.get()


def test_ada_sees_the_condition_and_handles_a_dead_letter(as_user, ada_admin, dead, deeds):
    ada = as_user(ada_admin)
    page = ada.get("/clinic/server/").content.decode()
    assert "Alice Arden" in page
    assert "condition_read" in deeds()
    ada.post(f"/clinic/server/notices/{dead.pk}/again/")
    dead.refresh_from_db()
    assert dead.stopped_as == ""
    again = ada.post(f"/clinic/server/notices/{dead.pk}/discard/", follow=True)
    assert b"no longer among those" in again.content


def test_an_administrator_elsewhere_learns_nothing_of_it(as_user, other_practice, dead):
    user = User.objects.create_user("una@example.org", name="Una")
    Membership.objects.create(
        practice=other_practice, user=user, role=Role.ADMINISTRATOR, starts_on="2020-01-01"
    )
    una = as_user(user)
    assert b"Alice" not in una.get("/clinic/server/").content
    una.post(f"/clinic/server/notices/{dead.pk}/discard/")
    dead.refresh_from_db()
    assert dead.stopped_as == "failed"


CHOSEN = {"by_email": "on", "often": "daily", "daily_at": "07:30", "time_zone": "America/Chicago"}


def test_alice_chooses_how_she_is_told(as_user, alice, deeds):
    page = as_user(alice.user).post("/notices/", CHOSEN, follow=True)
    assert b"This is how we tell you from now on." in page.content
    held = Wishes.objects.get()
    assert (held.by_email, held.daily_at.hour, held.time_zone) == (True, 7, "America/Chicago")
    assert "notices_chosen" in deeds()


def test_half_of_the_quiet_hours_is_told_in_words(as_user, alice):
    page = as_user(alice.user).post("/notices/", {**CHOSEN, "quiet_from": "21:00"})
    assert b"a beginning and an end" in page.content
    assert not Wishes.objects.exists()


def test_without_a_gateway_text_messages_are_not_offered(as_user, alice):
    assert b"By text message" not in as_user(alice.user).get("/notices/").content


def test_alice_mutes_a_conversation_and_is_told_again(as_user, alice, dr_chen):
    thread = start_thread(
        practice=alice.practice, patient=alice, by=dr_chen.user, subject="S", body="B",
        client_key="1",
    ).thread  # fmt: skip
    page = as_user(alice.user)
    assert page.post(f"/portal/muting/{thread.pk}/").url == f"/portal/threads/{thread.pk}/"
    assert Muted.objects.get().user == alice.user
    assert b"Tell me again" in page.get(f"/portal/muting/{thread.pk}/").content
    page.post(f"/portal/muting/{thread.pk}/")
    assert not Muted.objects.exists()
