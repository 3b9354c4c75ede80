"""The pages about one's own account: plain words, nothing inline, a way back."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail

from tests.server.conftest import PASSWORD, signed_in

pytestmark = pytest.mark.django_db
INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script>")
JARGON = re.compile(r"authenticat(e|ion)\b|token|verification|two-factor", re.IGNORECASE)
OPEN = ("login/", "password/reset/", "password/reset/done/", "password/reset/key/1-set/")
OWN = (
    "2fa/", "2fa/totp/deactivate/", "2fa/recovery-codes/generate/", "2fa/webauthn/",
    "password/change/", "email/", "reauthenticate/", "2fa/reauthenticate/", "logout/",
)  # fmt: skip


def words_of(page):
    return re.sub(r"<[^>]+>", " ", page[page.index("<main") : page.index("</main>")])


def looked_at(client, place):
    answer = client.get(f"/account/{place}", follow=True)
    assert answer.status_code == 200, place
    return answer.content.decode()


@pytest.mark.parametrize("place", OPEN)
def test_pages_before_signing_in_are_plain(client, place):
    page = looked_at(client, place)
    assert not INLINE.search(page)
    assert not JARGON.search(words_of(page))


@pytest.mark.parametrize("place", OWN)
def test_pages_of_ones_own_account_are_plain_and_lead_back(client, dr_chen, place):
    page = looked_at(signed_in(client, dr_chen.user), place)
    assert not INLINE.search(page)
    assert not JARGON.search(words_of(page).replace("authenticator", ""))
    assert 'href="/">Back to Wellpost' in page


def test_a_passkey_in_the_list_can_be_renamed_and_removed(client, dr_chen):
    client = signed_in(client, dr_chen.user)
    key = Authenticator.objects.create(
        user=dr_chen.user, type="webauthn", data={"name": "My laptop", "credential": {}}
    )
    page = looked_at(client, "2fa/webauthn/")
    for said in ("My laptop", "not used yet", f"/account/2fa/webauthn/keys/{key.pk}/remove/"):
        assert said in page


def test_a_change_of_address_waits_for_its_code(client, alice):
    EmailAddress.objects.create(user=alice.user, email="new@example.org", verified=False)
    page = looked_at(signed_in(client, alice.user), "email/")
    assert "You sign in with alice.arden@example.org." in page
    assert "new@example.org: type the code that was sent there." in re.sub(r"\s+", " ", page)
    assert not INLINE.search(page)


def test_signing_in_and_out_is_said_in_plain_words(client, alice):
    given = {"login": alice.user.email, "password": PASSWORD}
    page = client.post("/account/login/", given, follow=True).content.decode()
    assert "You are signed in as Alice Arden." in page
    page = client.post("/account/logout/", follow=True).content.decode()
    assert "You are signed out." in page


def test_the_email_for_a_new_password_is_plain_and_names_nobody(client, alice):
    client.post("/account/password/reset/", {"email": alice.user.email})
    letter = mail.outbox[0]
    assert letter.subject == "Choose a new password"
    assert "If it was not you, do nothing" in letter.body
    assert "Arden" not in letter.body.replace(alice.user.email, "")
