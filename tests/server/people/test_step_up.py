"""What weighs much asks once more who one is: nothing typed is lost, and there is a way through."""

from __future__ import annotations

import time
from html.parser import HTMLParser

import pytest
from django.test import Client

from tests.server.conftest import PASSWORD, code_of, give_totp, signed_in
from wellpost.server.people.models import EmergencyAccess, Membership
from wellpost.server.people.step_up import CODE

pytestmark = pytest.mark.django_db
REASON = "Found unconscious.\nHis wife <asks> & so do I."
NEW = {"name": "Sue Sand", "email": "sue@example.org", "role": "staff", "starts_on": "2026-01-05"}
WRONG = "wrong horse battery staple"


class Fields(HTMLParser):
    """What a browser would send of a page's forms without anything more being typed."""

    def __init__(self, page):
        super().__init__()
        self.found = {}
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "input" and given.get("name") and given.get("value"):
            self.found[given["name"]] = given["value"]


def a_while_ago(client, minutes=11):
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time() - minutes * 60}
    ]
    session.save()
    return client


@pytest.fixture
def chen(dr_chen):
    return a_while_ago(signed_in(Client(), dr_chen.user))


def test_what_was_typed_goes_on_with_the_proof(chen, alice, dr_chen):
    page = f"/clinic/patients/{alice.pk}/emergency/"
    asked = chen.post(page, {"reason": REASON})
    assert asked.status_code == 403
    assert not EmergencyAccess.objects.exists()
    sent = Fields(asked.content.decode()).found
    assert sent["reason"] == REASON
    wrong = chen.post(page, {**sent, "still_you_password": WRONG})
    assert wrong.status_code == 403
    assert "not right" in wrong.content.decode()
    again = Fields(wrong.content.decode()).found
    assert again["reason"] == REASON
    assert PASSWORD not in wrong.content.decode()
    done = chen.post(page, {**again, "still_you_password": PASSWORD})
    assert done.url == f"/clinic/patients/{alice.pk}/"
    assert EmergencyAccess.objects.get().user == dr_chen.user


def test_nothing_of_it_is_kept_on_the_server(chen, alice):
    chen.post(f"/clinic/patients/{alice.pk}/emergency/", {"reason": REASON})
    assert "unconscious" not in str(dict(chen.session))


def test_a_code_shows_it_as_well_and_once_for_ten_minutes(ada_admin, practice):
    client = a_while_ago(Client())
    secret = give_totp(ada_admin)
    client = a_while_ago(signed_in(client, ada_admin))
    asked = client.post("/clinic/people/staff/add/", NEW)
    sent = Fields(asked.content.decode()).found
    done = client.post("/clinic/people/staff/add/", {**sent, CODE: code_of(secret)})
    assert done.status_code == 302
    assert Membership.objects.filter(practice=practice, user__email=NEW["email"]).exists()
    assert client.get("/clinic/people/staff/add/").status_code == 200


def test_a_page_that_is_such_a_form_asks_before_one_types(chen, alice):
    page = f"/clinic/patients/{alice.pk}/emergency/"
    asked = chen.get(page)
    assert asked.url.startswith("/account/reauthenticate/?next=")
    assert chen.post(asked.url, {"password": PASSWORD}).url == page
    assert chen.get(page).status_code == 200


def test_one_who_just_signed_in_is_not_asked(client, dr_chen, alice):
    signed_in(client, dr_chen.user)
    assert client.get(f"/clinic/patients/{alice.pk}/emergency/").status_code == 200


@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("dr_chen", "/clinic/patients/{alice}/emergency/"),
        ("sam_staff", "/clinic/patients/{alice}/messages/download/"),
        ("sam_staff", "/clinic/patients/{alice}/lost-account/"),
        ("ada_admin", "/clinic/people/staff/add/"),
        ("ada_admin", "/clinic/people/clinicians/add/"),
        ("ada_admin", "/clinic/people/{member}/end/"),
        ("ada_admin", "/clinic/people/{member}/invite/"),
        ("ada_admin", "/clinic/people/{member}/sign-ins/"),
        ("ada_admin", "/clinic/apps/1/"),
        ("ada_admin", "/clinic/retention/due/"),
        ("dr_chen", "/clinic/reports/{npi}/attest/"),
        ("alice", "/portal/patients/{alice}/messages/download/"),
        ("alice", "/account/sign-ins/end/"),
        ("alice", "/account/sign-ins/end-others/"),
    ],
)
def test_every_sensitive_deed_asks(request, who, address, alice, dr_chen, sam_staff):
    found = request.getfixturevalue(who)
    client = a_while_ago(signed_in(Client(), getattr(found, "user", found)))
    member = Membership.objects.get(user=sam_staff).pk
    page = address.format(alice=alice.pk, member=member, npi=dr_chen.npi)
    asked = client.post(page, {"anything": "typed"})
    assert asked.status_code == 403
    assert "Is it still you?" in asked.content.decode()
    assert Fields(asked.content.decode()).found["anything"] == "typed"


def test_who_may_not_is_not_asked_but_turned_away(dr_evans, alice):
    client = a_while_ago(signed_in(Client(), dr_evans.user))
    assert client.get(f"/portal/patients/{alice.pk}/messages/download/").status_code == 404


def test_one_with_a_passkey_alone_proves_it_in_another_tab(chen, alice, dr_chen):
    dr_chen.user.authenticator_set.all().delete()
    dr_chen.user.set_unusable_password()
    dr_chen.user.save()
    chen.force_login(dr_chen.user)
    chen = a_while_ago(chen)
    dr_chen.user.authenticator_set.create(type="webauthn", data={"name": "Laptop"})
    page = chen.post(f"/clinic/patients/{alice.pk}/emergency/", {"reason": "x"}).content.decode()
    assert 'type="password"' not in page
    assert "/account/2fa/webauthn/reauthenticate/?next=%2Faccount%2Fstill-you%2F" in page
    assert "go back to the page" in chen.get("/account/still-you/").content.decode()


def test_guessing_there_is_limited(chen, alice):
    page = f"/clinic/patients/{alice.pk}/emergency/"
    for _ in range(10):
        chen.post(page, {"reason": "x", "still_you_password": WRONG})
    told = chen.post(page, {"reason": "x", "still_you_password": PASSWORD})
    assert told.status_code == 403
    assert not EmergencyAccess.objects.exists()
