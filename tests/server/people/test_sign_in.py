"""Signing in: one answer for every wrong try, a second factor for who works here, all on record."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests.server.conftest import PASSWORD, code_of, give_totp

LOGIN = "/account/login/"
CODE = re.compile(r"[A-Z0-9]{3,}(-[A-Z0-9]{3,})?")


def enter(client, user, password=PASSWORD, **more):
    return client.post(LOGIN, {"login": user.email, "password": password, **more})


def recovery_code_of(user):
    made = user.authenticator_set.get(type=Authenticator.Type.RECOVERY_CODES)
    return made.wrap().get_unused_codes()[0]


def test_a_patient_signs_in_with_a_password(client, alice, deeds):
    assert enter(client, alice.user).url == "/"
    assert client.get("/").url == "/portal/"
    assert deeds() == ["signed_in"]


def test_a_second_factor_is_asked_of_who_has_one(client, dr_chen, deeds):
    secret = give_totp(dr_chen.user)
    asked = enter(client, dr_chen.user, next="/clinic/patients/")
    assert asked.url.startswith("/account/2fa/authenticate/")
    assert client.get("/clinic/").status_code == 302
    assert deeds() == []
    assert client.post(asked.url, {"code": code_of(secret)}).url == "/clinic/patients/"
    assert deeds() == ["signed_in"]


def test_a_wrong_code_is_refused_and_on_record(client, dr_chen, deeds):
    give_totp(dr_chen.user)
    page = enter(client, dr_chen.user)
    assert client.post(page.url, {"code": "000000"}).status_code == 200
    assert deeds() == ["sign_in_failed"]


def test_a_code_works_once(dr_chen):
    secret = give_totp(dr_chen.user)
    first, second = Client(), Client()
    code = code_of(secret)
    assert first.post(enter(first, dr_chen.user).url, {"code": code}).status_code == 302
    assert second.post(enter(second, dr_chen.user).url, {"code": code}).status_code == 200


@pytest.mark.parametrize("who", ["dr_chen", "sam_staff", "rita_reporter", "ada_admin"])
def test_who_works_here_sets_up_a_second_factor_before_all_else(request, client, who):
    found = request.getfixturevalue(who)
    enter(client, getattr(found, "user", found))
    for page in ("/", "/clinic/", "/portal/"):
        assert client.get(page).url == reverse("mfa_index")
    assert client.get(reverse("mfa_activate_totp")).status_code in {200, 302}


def test_a_patient_is_not_made_to(client, alice):
    enter(client, alice.user)
    assert client.get("/portal/", follow=True).status_code == 200


@pytest.mark.parametrize("who", ["alice", "amir"])
def test_patients_and_who_acts_for_them_set_one_up_where_the_operator_asks_it_of_all(
    request, client, settings, who
):
    settings.SECOND_FACTOR_FOR_ALL = True
    user = request.getfixturevalue(who).user
    enter(client, user)
    for page in ("/", "/portal/", "/smart/authorize/", "/portal/inbox/"):
        assert client.get(page).url == reverse("mfa_index")
    assert client.get(reverse("mfa_activate_totp")).status_code in {200, 302}
    assert client.post(reverse("account_logout")).status_code == 302
    secret = give_totp(user)
    asked = enter(client, user)
    assert client.get("/portal/").url.startswith("/account/login/")
    client.post(asked.url, {"code": code_of(secret)})
    assert client.get("/portal/", follow=True).status_code == 200


def test_secrets_of_second_factors_are_kept_sealed(dr_chen):
    secret = give_totp(dr_chen.user)
    assert secret not in str(Authenticator.objects.get().data)


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(client, alice, deeds):
    answers = [
        client.post(LOGIN, {"login": address, "password": "wrong horse battery staple"})
        for address in (alice.user.email, "nobody.here@example.org")
    ]
    texts = [
        answer.content.decode().replace(address, "").split("<main")[1].split("csrfmiddleware")[0]
        for answer, address in zip(
            answers, (alice.user.email, "nobody.here@example.org"), strict=True
        )
    ]
    assert answers[0].status_code == answers[1].status_code == 200
    assert texts[0] == texts[1]
    assert deeds() == ["sign_in_failed"] * 2


def test_a_reset_is_answered_alike_and_sent_to_the_known_only(client, alice):
    answers = [
        client.post("/account/password/reset/", {"email": address})
        for address in ("nobody.here@example.org", alice.user.email)
    ]
    assert answers[0].status_code == answers[1].status_code == 302
    assert answers[0].url == answers[1].url
    assert [letter.to for letter in mail.outbox] == [[alice.user.email]]


def test_a_reset_is_not_sent_to_an_address_never_shown(client, alice):
    alice.user.emailaddress_set.update(verified=False)
    client.post("/account/password/reset/", {"email": alice.user.email})
    assert mail.outbox == []


def test_an_address_never_shown_is_asked_for_its_code_first(client, alice, deeds):
    alice.user.emailaddress_set.update(verified=False)
    page = enter(client, alice.user)
    assert page.url == reverse("account_email_verification_sent")
    assert client.get("/portal/").url.startswith("/account/login/")
    (letter,) = mail.outbox
    assert "Alice" not in letter.body
    assert deeds() == []


def test_nobody_registers_by_themselves(client, db):
    for page in (client.get("/account/signup/"), client.post("/account/signup/", {})):
        assert "by invitation only" in page.content.decode().lower()


def test_too_many_tries_are_stopped(client, alice):
    for _ in range(5):
        enter(client, alice.user, "wrong horse battery staple")
    assert enter(client, alice.user).status_code != 302


def test_the_session_gets_a_new_name_at_sign_in(client, alice, settings):
    client.get(LOGIN)
    client.post("/invitation/", {"code": "A", "birth_on": "2000-01-01"})
    session = client.session
    session["kept"] = 1
    session.save()
    before = session.session_key
    enter(client, alice.user)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != before


def test_signing_out_clears_the_browser(client, alice, deeds):
    enter(client, alice.user)
    left = client.post("/account/logout/")
    assert left["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get("/portal/").url == "/account/login/?next=/portal/"
    assert deeds() == ["signed_in", "signed_out"]


@pytest.mark.django_db(transaction=True)
def test_changes_of_second_factors_are_on_record(client, alice, deeds):
    enter(client, alice.user)
    page, off = reverse("mfa_activate_totp"), reverse("mfa_deactivate_totp")
    secret = client.get(page).context["form"].secret
    client.post(page, {"code": code_of(secret)})
    assert deeds() == ["signed_in", "second_factor_added", "recovery_codes_made"]
    client.post("/account/logout/")
    page = enter(client, alice.user)
    client.post(page.url, {"code": recovery_code_of(alice.user)})
    asked = client.post(off)
    assert asked.url.startswith("/account/reauthenticate/")
    client.post(asked.url, {"password": PASSWORD})
    assert deeds().count("second_factor_removed") == 2


def test_a_new_address_is_taken_when_it_is_shown_to_be_theirs(client, alice, deeds):
    enter(client, alice.user)
    asked = client.post("/account/email/", {"email": "new@example.org", "action_add": ""})
    assert asked.url.startswith("/account/reauthenticate/")
    page = client.post(asked.url, {"password": PASSWORD})
    alice.user.refresh_from_db()
    assert alice.user.email == "alice.arden@example.org"
    code = next(line for line in mail.outbox[-1].body.split("\n") if CODE.fullmatch(line))
    client.post(page.url, {"code": code})
    alice.user.refresh_from_db()
    assert alice.user.email == "new@example.org"
    assert deeds() == ["signed_in", "address_changed"]


def test_who_removes_the_last_second_factor_sets_up_another_before_all_else(client, sam_staff):
    secret = give_totp(sam_staff)
    page = enter(client, sam_staff)
    client.post(page.url, {"code": code_of(secret)})
    assert client.get("/clinic/").status_code == 200
    asked = client.post(reverse("mfa_deactivate_totp"))
    client.post(asked.url, {"password": PASSWORD})
    assert not sam_staff.authenticator_set.exists()
    assert client.get("/clinic/").url == reverse("mfa_index")
