"""`/invitation/`: from a code to an account, in the browser of somebody signed out."""

from __future__ import annotations

import pytest

from tests.server.conftest import PASSWORD
from wellpost.server.people import actions, queries

NEW = {"name": "Carol Cove", "email": "carol@example.org", "password": "a long way to Tipperary"}
BORN = {"birth_on": "1980-02-03"}


@pytest.fixture
def code(carol, sam_staff):
    return actions.invite_patient(patient=carol, by=sam_staff, sent_by="email")[1]


def test_code_and_date_of_birth_then_an_account_and_signed_in(client, carol, code):
    page = client.post("/invitation/", {"code": code, **BORN})
    assert page.url == "/invitation/account/"
    assert client.get(page.url).context["form"].initial["email"] == carol.email
    assert client.post(page.url, NEW).url == "/"
    assert client.get("/portal/", follow=True).status_code == 200
    carol.refresh_from_db()
    assert carol.user.email == NEW["email"]


def test_another_address_must_be_shown_before_one_is_let_in(client, carol, code):
    client.post("/invitation/", {"code": code, **BORN})
    page = client.post("/invitation/account/", {**NEW, "email": "else@example.org"})
    assert page.url == "/account/confirm-email/"
    assert client.get("/portal/").url.startswith("/account/login/")


@pytest.mark.parametrize(
    "wrong",
    [{"birth_on": "1980-02-04"}, {"code": "ABCD-EFGH-JKLM-NPQR"}, {"code": "x"}],
)
def test_every_wrong_answer_gets_the_same_words(client, code, wrong):
    page = client.post("/invitation/", {"code": code, **BORN, **wrong})
    assert page.status_code == 200
    assert "do not open an invitation" in page.content.decode()


def test_without_a_code_there_is_no_account_page(client, code):
    assert client.get("/invitation/account/").url == "/invitation/"
    assert client.post("/invitation/account/", NEW).url == "/invitation/"


def test_an_opened_invitation_waits_half_an_hour(client, code):
    client.post("/invitation/", {"code": code, **BORN})
    session = client.session
    session["opened_invitation"]["at"] -= 31 * 60
    session.save()
    assert client.get("/invitation/account/").url == "/invitation/"


def test_who_has_an_account_links_it(client, carol, bob, code):
    client.post("/invitation/", {"code": code, **BORN})
    page = client.post(
        "/account/login/?next=/invitation/account/",
        {"login": bob.user.email, "password": PASSWORD, "next": "/invitation/account/"},
    )
    assert page.url == "/invitation/account/"
    assert "bob.birch@example.org" in client.get(page.url).content.decode()
    assert client.post(page.url).url == "/portal/"
    assert carol in queries.patients_for(bob.user)


def test_tries_are_limited(client, db):
    for _ in range(10):
        client.post("/invitation/", {"code": "x", **BORN})
    page = client.post("/invitation/", {"code": "x", **BORN})
    assert "Too many tries" in page.content.decode()


def test_a_member_sets_a_password_and_goes_on_to_the_second_factor(client, practice, ada_admin):
    sue = actions.add_staff(
        practice=practice,
        by=ada_admin,
        email="sue@example.org",
        name="Sue",
        role="staff",
        starts_on=practice.memberships.first().starts_on,
    )
    _, code = actions.invite_member(membership=sue, by=ada_admin)
    page = client.post("/invitation/member/", {"code": code, "password": "short"})
    assert "at least 12 characters" in page.content.decode()
    page = client.post("/invitation/member/", {"code": code, "password": PASSWORD})
    assert page.url == "/"
    assert client.get("/").url == "/account/2fa/"
    again = client.post("/invitation/member/", {"code": code, "password": PASSWORD + "!"})
    assert again.status_code == 200
    sue.user.refresh_from_db()
    assert sue.user.check_password(PASSWORD)


def test_the_hint_says_what_a_password_must_be(client, code):
    client.post("/invitation/", {"code": code, **BORN})
    for page in ("/invitation/account/", "/invitation/member/"):
        assert "at least 12 characters" in client.get(page).content.decode()


@pytest.mark.django_db
def test_a_new_member_sets_up_the_second_factor_without_the_password_once_more(
    client, practice, ada_admin
):
    added = {"practice": practice, "by": ada_admin, "role": "staff", "starts_on": "2021-01-01"}
    member = actions.add_staff(email="lena@example.org", name="Lena Fields", **added)
    _, code = actions.invite_member(membership=member, by=ada_admin)
    client.post("/invitation/member/", {"code": code, "password": "a long way to Tipperary"})
    for place in ("totp/activate/", "webauthn/add/"):
        assert client.get(f"/account/2fa/{place}").status_code == 200
