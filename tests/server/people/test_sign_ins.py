"""Where one is signed in: listed for oneself alone, ended at once, by oneself or the practice."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.test import Client

from tests.server.conftest import PASSWORD, signed_in
from wellpost.errors import RequestError
from wellpost.server.audit.models import AuditRow
from wellpost.server.config.sessions import SessionStore
from wellpost.server.messaging.keys.opened import opened_keys
from wellpost.server.people.backend import ByAddress
from wellpost.server.people.devices import device_of
from wellpost.server.people.models import Membership, SignIn, User
from wellpost.server.people.permissions import NotAllowed
from wellpost.server.people.sign_ins import MOST, end_sign_in, end_sign_ins_of_member, sign_ins_of

pytestmark = pytest.mark.django_db
PAGE, END, END_OTHERS = (f"/account/sign-ins/{each}" for each in ("", "end/", "end-others/"))
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)


def on(user_agent, user):
    client = Client(HTTP_USER_AGENT=user_agent)
    client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    assert client.get("/portal/", follow=True).status_code == 200
    return client


@pytest.fixture
def desk(alice):
    return on(FIREFOX, alice.user)


@pytest.fixture
def phone(alice):
    return on(SAFARI, alice.user)


def rows_of(client):
    return client.get(PAGE).context["rows"]


def test_the_list_names_each_device_this_one_first(desk, phone):
    here, there = rows_of(desk)
    assert (here.here, here.device) == (True, "Firefox on Windows")
    assert (there.here, there.device) == (False, "Safari on iPhone")
    for row in (here, there):
        assert datetime.now(UTC) - row.began_at < timedelta(minutes=1)
        assert row.last_used_at >= row.began_at
    assert rows_of(phone)[0].reference == there.reference


def test_the_page_never_shows_what_opens_a_session(desk, phone):
    page = desk.get(PAGE).content.decode()
    assert not [each for each in SignIn.objects.all() if each.session_key in page]


def test_one_that_was_ended_is_refused_by_the_very_next_request(desk, phone, deeds):
    phone_row = rows_of(desk)[1]
    assert desk.post(END, {"sign_in": phone_row.reference}).url == PAGE
    assert phone.get("/portal/").url.startswith("/account/login/")
    assert desk.get("/portal/", follow=True).status_code == 200
    assert deeds().count("sign_ins_ended") == 1


def test_all_others_end_and_this_one_stays(alice, desk, phone):
    third = on(FIREFOX, alice.user)
    desk.post(END_OTHERS)
    assert [each.here for each in rows_of(desk)] == [True]
    for other in (phone, third):
        assert other.get("/portal/").url.startswith("/account/login/")
    row = AuditRow.objects.get(deed="sign_ins_ended")
    assert (row.details, row.actor_id) == ({"count": 2}, str(alice.user.pk))


def test_nobody_ends_what_is_not_theirs(alice, bob, desk):
    signed_in(Client(), bob.user)
    (bobs,) = sign_ins_of(bob.user, "")
    with pytest.raises(RequestError, match="ended already"):
        end_sign_in(by=alice.user, reference=bobs.reference)
    assert len(sign_ins_of(bob.user, "")) == 1


def test_one_under_way_does_not_come_back(desk, alice):
    """A request that had read its session when it was ended saves nothing of it."""
    key = desk.session.session_key
    session = desk.session
    assert session["began_at"]
    SignIn.objects.filter(session_key=key).delete()
    session["seen_at"] = int(time.time())
    with pytest.raises(UpdateError):
        session.save()
    assert not SignIn.objects.filter(session_key=key).exists()


def test_what_was_opened_for_it_is_shut(desk, phone, alice, monkeypatch):
    forgotten = []
    monkeypatch.setattr(opened_keys, "forget", forgotten.append)
    desk.post(END_OTHERS)
    assert forgotten == [alice.user.pk]


def test_an_administrator_signs_a_member_out_everywhere(sam_staff, ada_admin, practice):
    laptop = signed_in(Client(), sam_staff)
    assert laptop.get("/clinic/").status_code == 200
    membership = Membership.objects.get(user=sam_staff)
    desk = signed_in(Client(), ada_admin)
    page = f"/clinic/people/{membership.pk}/sign-ins/"
    assert "Sign Sam Stone out everywhere" in desk.get(page).content.decode()
    assert desk.post(page).url == "/clinic/people/"
    assert laptop.get("/clinic/").url.startswith("/account/login/")
    row = AuditRow.objects.get(deed="sign_ins_ended")
    assert (row.actor_id, row.target_id) == (str(ada_admin.pk), str(sam_staff.pk))
    assert row.practice_id == str(practice.pk)


def test_somebody_elsewhere_does_not(sam_staff, dr_evans, dr_chen):
    membership = Membership.objects.get(user=sam_staff)
    for by in (dr_evans.user, dr_chen.user):
        with pytest.raises(NotAllowed):
            end_sign_ins_of_member(membership=membership, by=by)


def test_a_new_password_ends_what_the_old_one_opened(desk, phone, alice):
    new = "a long way to Tipperary"
    given = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert desk.post("/account/password/change/", given).status_code == 302
    assert desk.get("/portal/", follow=True).status_code == 200
    assert [each.here for each in rows_of(desk)] == [True]
    assert phone.get("/portal/").url.startswith("/account/login/")


def test_an_ordinary_request_asks_once(desk, django_assert_num_queries):
    with django_assert_num_queries(1):  # the session, with whose it is
        desk.get("/account/still-you/")


def test_the_user_read_with_a_session_is_given_to_it_alone(desk, alice, bob):
    """What a request leaves in its thread is nobody else's answer, and nobody's twice."""
    (session,) = SignIn.objects.filter(user=alice.user)
    SessionStore(session.session_key).load()  # read, and nobody asks whose it is
    assert ByAddress().get_user(bob.user_id).pk == bob.user_id
    SessionStore(session.session_key).load()
    assert ByAddress().get_user(alice.user_id).pk == alice.user_id
    User.objects.filter(pk=alice.user_id).update(is_active=False)
    assert ByAddress().get_user(alice.user_id) is None
    assert desk.get(PAGE).status_code == 302


@pytest.mark.parametrize(
    ("says", "device"),
    [
        (FIREFOX, "Firefox on Windows"),
        (SAFARI, "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Edg/140.0 Chrome/140", "Edge on Mac"),
        ("curl/8.0", ""),
        ("", ""),
        ("<script>Firefox/1</script>" + "x" * 5000, "Firefox"),
    ],
)
def test_a_device_is_named_by_words_of_ours_alone(says, device):
    assert device_of(says) == device
    assert re.fullmatch(r"[A-Za-z ]*", device)


def test_of_too_many_sign_ins_those_used_longest_ago_end(desk, alice, deeds):
    for place in range(MOST):
        held = Client()
        held.force_login(alice.user)
        newest = held.session.session_key
        used = datetime.now(UTC) + timedelta(minutes=place + 1)
        SignIn.objects.filter(pk=newest).update(last_used_at=used)
    left = SignIn.objects.filter(user=alice.user)
    assert left.count() == MOST
    assert not left.filter(pk=desk.session.session_key).exists(), "the first, and used least lately"
    assert left.filter(pk=newest).exists()
    assert desk.get("/portal/").url.startswith("/account/login/")
    assert deeds().count("sign_ins_ended") == 1
