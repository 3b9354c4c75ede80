"""Nobody learns who has an account: same words, same status, and as much work, whoever it is.

Work is counted, not timed: passwords hashed, statements sent, letters written within the request.
`make nightly` times it besides.
"""

from __future__ import annotations

import os
import re
import statistics
import time

import pytest
from django.contrib.auth import hashers
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.server.conftest import PASSWORD
from wellpost.server.people import actions, resets
from wellpost.server.people.models import WantedReset

NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
NOBODY = "nobody.at.all@example.org"
NO_CODE = "ZYXW-VUTS-RQPN-MLKJ"
WRONG = "wrong horse battery staple"
BORN, OTHER_DAY = "1980-02-03", "1980-02-04"


@pytest.fixture
def work(monkeypatch):
    """`work(ask)`: what `ask(client)` answered, and the work it was: hashes, statements, mails."""
    hashed = []
    for name in ("encode", "verify"):
        usual = getattr(hashers.MD5PasswordHasher, name)

        def counted(self, *given, usual=usual, name=name):
            if name == "verify" or not hashed_within:
                hashed.append(name)
            hashed_within.append(name)
            try:
                return usual(self, *given)
            finally:
                hashed_within.pop()

        monkeypatch.setattr(hashers.MD5PasswordHasher, name, counted)
    hashed_within = []

    def measured(ask):
        cache.clear()
        client = Client()
        client.get("/account/login/")
        hashed.clear()
        letters = len(mail.outbox)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = ask(client)
        kinds = [re.split(r"\W+", each["sql"], maxsplit=2)[0] for each in asked.captured_queries]
        done = (len(hashed), sorted(kinds), len(mail.outbox) - letters)
        return answer, done

    return measured


def words(answer, *typed):
    """What the page says, but for what was typed into it."""
    page = answer.content.decode()
    page = page.partition("<main")[2].partition("</main>")[0]
    for each in typed:
        page = page.replace(each, "")
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


def signing_in(address):
    given = {"login": address, "password": WRONG}
    return lambda client: client.post("/account/login/", given)


@pytest.fixture
def everybody(alice, dr_chen, sam_staff, carol, practice, ada_admin):
    """An address of each kind: a patient's, staff's, one without password, one shut, nobody's."""
    new = actions.add_staff(
        practice=practice, by=ada_admin, name="Sue Sand", email="sue@example.org", role="staff",
        starts_on=practice.memberships.first().starts_on,
    )  # fmt: skip
    sam_staff.is_active = False
    sam_staff.save()
    return [alice.user.email, dr_chen.user.email, new.account.email, sam_staff.email, NOBODY]


@pytest.mark.django_db
def test_a_wrong_password_is_the_same_work_whoever_it_is(everybody, work):
    answers, done = zip(*(work(signing_in(each)) for each in everybody), strict=True)
    assert {each.status_code for each in answers} == {200}
    said = {words(*pair) for pair in zip(answers, everybody, strict=True)}
    assert len(said) == 1
    assert {each[0] for each in done} == {1}, "one password hashed, always"
    assert len({str(each) for each in done}) == 1, done


@pytest.mark.django_db
def test_asking_for_a_new_password_is_the_same_work_whoever_it_is(
    everybody, work, settings, monkeypatch
):
    settings.NOTICES_AT_ONCE = False
    monkeypatch.setattr(resets, "_postman", Later())

    def asking(address):
        return lambda client: client.post("/account/password/reset/", {"email": address})

    answers, done = zip(*(work(asking(each)) for each in everybody), strict=True)
    assert {(each.status_code, each.url) for each in answers} == {
        (302, "/account/password/reset/done/")
    }
    assert {each[0] for each in done} == {0}
    assert {each[2] for each in done} == {0}, "no letter within the request"
    assert len({str(each) for each in done}) == 1, done


class Later:
    """Takes work and leaves it."""

    def submit(self, *_):
        pass


@pytest.mark.django_db
def test_a_right_code_with_a_wrong_day_is_the_same_work_as_no_code(carol, sam_staff, work):
    _, code = actions.invite_patient(patient=carol, by=sam_staff, sent_by="letter")

    def trying(typed):
        given = {"code": typed, "birth_on": OTHER_DAY}
        return lambda client: client.post("/invitation/", given)

    answers, done = zip(*(work(trying(each)) for each in (code, NO_CODE)), strict=True)
    assert words(answers[0], code) == words(answers[1], NO_CODE)
    assert done[0] == done[1]


@pytest.mark.django_db
def test_an_invitation_does_not_tell_whose_address_is_taken(carol, bob, sam_staff, work):
    def opening(address):
        _, code = actions.invite_patient(patient=carol, by=sam_staff, sent_by="letter")
        given = {"name": "Carol Cove", "email": address, "password": "a long way to Tipperary"}

        def ask(client):
            client.post("/invitation/", {"code": code, "birth_on": BORN})
            return client.post("/invitation/account/", given)

        return ask

    taken, done_taken = work(opening(bob.user.email))
    assert mail.outbox[-1].to == [bob.user.email]
    assert "You have an account already" in mail.outbox[-1].subject
    carol.refresh_from_db()
    assert carol.user is None
    new, done_new = work(opening("carol.new@example.org"))
    assert (taken.status_code, taken.url) == (new.status_code, new.url)
    assert done_taken[0] == done_new[0] == 1
    assert done_taken[2] == done_new[2] == 1


@pytest.mark.django_db
def test_registering_is_closed_for_all_alike(alice, work):
    def registering(address):
        given = {"email": address, "password1": PASSWORD}
        return lambda client: client.post("/account/signup/", given)

    answers, done = zip(
        *(work(registering(each)) for each in (alice.user.email, NOBODY)), strict=True
    )
    assert words(answers[0]) == words(answers[1])
    assert done[0] == done[1]


@pytest.mark.django_db
def test_what_was_asked_for_goes_out_later_and_to_its_owner_alone(alice, settings, monkeypatch):
    settings.NOTICES_AT_ONCE = False
    monkeypatch.setattr(resets, "_postman", Later())
    for address in (alice.user.email, NOBODY):
        Client().post("/account/password/reset/", {"email": address})
    assert (WantedReset.objects.count(), mail.outbox) == (2, [])
    assert resets.send_resets() == 1
    assert [each.to for each in mail.outbox] == [[alice.user.email]]
    assert not WantedReset.objects.exists()


@pytest.mark.django_db
def test_a_mail_server_that_is_away_is_asked_again(alice, settings, monkeypatch):
    settings.NOTICES_AT_ONCE = False
    monkeypatch.setattr(resets, "_postman", Later())
    resets.ask_for_reset(alice.user.email)
    with monkeypatch.context() as broken:
        broken.setattr(resets, "mail_new_password", lambda *_: 1 / 0)
        assert resets.send_resets() == 0
    assert resets.send_resets() == 0, "not before its time"
    WantedReset.objects.update(due_at="2020-01-01T00:00:00Z")
    assert resets.send_resets() == 1


@pytest.mark.skipif(not NIGHTLY, reason="times what the tests above count; make nightly")
@pytest.mark.django_db
def test_the_time_tells_nothing(alice, settings):
    """Forty wrong passwords each, in turns, hashed as in earnest: medians within a tenth."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    alice.user.set_password(PASSWORD)
    alice.user.save()
    took = {alice.user.email: [], NOBODY: []}
    for _ in range(40):
        for address, times in took.items():
            cache.clear()
            client = Client()
            begun = time.process_time()
            signing_in(address)(client)
            times.append(time.process_time() - begun)
    known, unknown = (statistics.median(each[5:]) for each in took.values())
    assert abs(known - unknown) < 0.1 * max(known, unknown), (known, unknown)
