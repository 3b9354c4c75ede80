"""The practice's own sign-in, against a provider of others' making that runs in the test."""

from __future__ import annotations

import base64
import hashlib
import time
from datetime import date
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import requests
from django.test import Client
from jwcrypto.jwk import JWK, JWKSet
from jwcrypto.jwt import JWT
from oidc_provider_mock import run_server_in_thread

from tests.server.conftest import give_totp
from tests.worlds.waiting import HUNG
from wellpost.errors import RequestError
from wellpost.server.audit.models import AuditRow
from wellpost.server.people.models import BoundSubject, Membership, SignIn, User
from wellpost.server.people.single_sign_on import pages, provider, tokens
from wellpost.server.people.single_sign_on.configured import SingleSignOn, single_sign_on
from wellpost.server.people.single_sign_on.errors import NotSignedOnError

pytestmark = [
    pytest.mark.django_db,
    # The provider is written for an older Authlib than its own pins allow.
    pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning"),
]
GONE = object()
BEGIN, AGAIN, BACK = (f"/account/single-sign-on/{each}" for each in ("", "again/", "back/"))


@pytest.fixture(scope="session")
def running():
    """The provider, on a port of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
        with run_server_in_thread(require_nonce=True) as server:
            yield f"http://localhost:{server.server_port}"


@pytest.fixture
def issuer(running, settings, monkeypatch):
    provider.forget()
    monkeypatch.setattr(provider, "SECONDS", HUNG)
    settings.SINGLE_SIGN_ON = SingleSignOn(
        running, "wellpost", "secret", "Sign in with Harbor", frozenset({"mfa"})
    )
    yield running
    provider.forget()


class Colleague:
    """Somebody whom the provider knows as `subject`, with a browser of their own."""

    def __init__(self, issuer, subject, client=None, **claims):
        self.issuer, self.subject, self.client = issuer, subject, client or Client()
        known = requests.put(f"{issuer}/users/{subject}", json=claims, timeout=HUNG)
        assert known.status_code == 204

    def go(self, place=BEGIN):
        """To the provider: where it is asked, and with what."""
        sent = self.client.get(place)
        assert sent.status_code == 302, sent.content
        return sent.url

    def agree(self, address):
        """Sign in there; the address one is sent back to."""
        answer = requests.post(
            address, data={"sub": self.subject}, allow_redirects=False, timeout=HUNG
        )
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def back(self, address):
        parts = urlsplit(address)
        return self.client.get(f"{parts.path}?{parts.query}")

    def sign_in(self, place=BEGIN):
        return self.back(self.agree(self.go(place)))


def sam_there(issuer, sam, **more):
    claims = {"email": sam.email, "email_verified": True, "amr": ["pwd", "mfa"], **more}
    return Colleague(issuer, more.pop("subject", "sam-1"), **claims)


def why():
    return AuditRow.objects.filter(deed="sign_in_failed").latest("pk").details["why"]


def refused(answer):
    assert answer.status_code == 403
    assert not SignIn.objects.exclude(user=None).exists()
    return answer.content.decode()


def test_one_who_works_here_signs_in_and_is_known_from_then_on(issuer, sam_staff, deeds):
    sam = sam_there(issuer, sam_staff)
    assert sam.sign_in(f"{BEGIN}?next=/clinic/patients/").url == "/clinic/patients/"
    assert sam.client.get("/clinic/patients/").status_code == 200
    bound = BoundSubject.objects.get()
    assert (bound.user, bound.issuer, bound.subject) == (sam_staff, issuer, "sam-1")
    assert deeds()[:2] == ["sign_on_bound", "signed_in"]
    renamed = Colleague(issuer, "sam-1", email="other@example.org", amr=["mfa"])
    assert renamed.sign_in().status_code == 302
    assert BoundSubject.objects.count() == 1


def test_what_is_sent_along_is_fresh_and_bound_to_this_browser(issuer, sam_staff):
    first, second = (parse_qs(urlsplit(Client().get(BEGIN).url).query) for _ in "12")
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name][0]) >= 43
        assert first[name] != second[name]
    assert first["code_challenge_method"] == ["S256"]
    assert first["redirect_uri"] == ["http://localhost:8000/account/single-sign-on/back/"]


def test_the_code_is_exchanged_with_what_the_challenge_was_made_of(issuer, sam_staff, monkeypatch):
    sent = {}
    usual = pages.exchange

    def watched(found, **more):
        sent.update(more)
        return usual(found, **more)

    monkeypatch.setattr(pages, "exchange", watched)
    sam = sam_there(issuer, sam_staff)
    asked = sam.go()
    sam.back(sam.agree(asked))
    digest = hashlib.sha256(sent["verifier"].encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    assert parse_qs(urlsplit(asked).query)["code_challenge"] == [challenge]


def test_an_answer_works_once(issuer, sam_staff):
    sam = sam_there(issuer, sam_staff)
    answer = sam.agree(sam.go())
    assert sam.back(answer).status_code == 302
    sam.client.post("/account/logout/")
    refused(sam.back(answer))
    assert why() == "unknown_state"


def test_an_answer_in_another_browser_opens_nothing(issuer, sam_staff):
    sam = sam_there(issuer, sam_staff)
    answer = sam.agree(sam.go())
    victim = sam_there(issuer, sam_staff)
    refused(victim.back(answer))
    assert why() == "unknown_state"


def test_an_answer_that_comes_too_late_opens_nothing(issuer, sam_staff, monkeypatch):
    sam = sam_there(issuer, sam_staff)
    answer = sam.agree(sam.go())
    now = time.time()
    monkeypatch.setattr(pages.time, "time", lambda: now + 601)
    refused(sam.back(answer))
    assert why() == "too_late"


@pytest.mark.parametrize("verified", [False, "true", None])
def test_an_address_the_provider_has_not_seen_shown_opens_nothing(issuer, sam_staff, verified):
    page = refused(sam_there(issuer, sam_staff, email_verified=verified).sign_in())
    assert "It opens no account here" in page
    assert why() == "address_not_verified"
    assert not BoundSubject.objects.exists()


def test_another_subject_with_the_same_address_stays_outside(issuer, sam_staff):
    sam_there(issuer, sam_staff).sign_in()
    SignIn.objects.all().delete()
    other = sam_there(issuer, sam_staff)
    other.subject = "sam-2"
    requests.put(
        f"{issuer}/users/sam-2",
        json={"email": sam_staff.email, "email_verified": True},
        timeout=HUNG,
    )
    refused(other.sign_in())
    assert why() == "other_subject"


def test_an_ended_membership_opens_nothing_bound_or_not(issuer, sam_staff):
    sam = sam_there(issuer, sam_staff)
    sam.sign_in()
    Membership.objects.filter(user=sam_staff).update(ends_on=date(2020, 12, 31))
    assert sam.client.get("/clinic/").status_code == 404
    SignIn.objects.all().delete()
    refused(sam_there(issuer, sam_staff).sign_in())
    assert why() == "no_membership"
    BoundSubject.objects.all().delete()
    refused(sam_there(issuer, sam_staff).sign_in())
    assert not BoundSubject.objects.exists()


def test_patients_and_strangers_do_not_come_in_this_way_and_no_account_is_made(issuer, alice):
    before = User.objects.count()
    for address, reason in ((alice.user.email, "no_membership"), ("x@example.org", "no_account")):
        visitor = Colleague(issuer, "visitor", email=address, email_verified=True, amr=["mfa"])
        refused(visitor.sign_in())
        assert why() == reason
    assert User.objects.count() == before


def test_without_a_second_factor_there_ours_is_asked(issuer, sam_staff):
    sam = sam_there(issuer, sam_staff, amr=["pwd"])
    assert sam.sign_in().status_code == 302
    assert sam.client.get("/clinic/").url == "/account/2fa/"
    sam.client.post("/account/logout/")
    give_totp(sam_staff)
    assert sam.sign_in().url.startswith("/account/2fa/authenticate/")
    assert sam.client.get("/clinic/").url.startswith("/account/login/")


def test_with_one_there_ours_is_not(issuer, sam_staff):
    give_totp(sam_staff)
    sam = sam_there(issuer, sam_staff)
    assert sam.sign_in().url == "/"
    assert sam.client.get("/clinic/").status_code == 200


def test_stopping_there_is_no_error(issuer, sam_staff):
    sam = sam_there(issuer, sam_staff)
    state = parse_qs(urlsplit(sam.go()).query)["state"][0]
    page = sam.client.get(BACK, {"state": state, "error": "access_denied"}).content.decode()
    assert "You stopped it there" in page


def test_an_answer_that_names_another_issuer_is_refused(issuer, sam_staff):
    sam = sam_there(issuer, sam_staff)
    answer = sam.agree(sam.go())
    refused(sam.back(f"{answer}&iss=https%3A%2F%2Fevil.example"))
    assert why() == "wrong_issuer"


def test_a_provider_that_says_it_is_another_is_not_asked(issuer, settings):
    settings.SINGLE_SIGN_ON = settings.SINGLE_SIGN_ON._replace(issuer=f"{issuer}/")
    refused(Client().get(BEGIN))
    assert why() == "wrong_issuer"


@pytest.fixture
def signed(issuer, monkeypatch):
    """`signed(name=value)`: the token the provider would give, with what is changed in it."""
    key = JWK.generate(kty="RSA", size=2048)
    ring = JWKSet()
    ring.add(key)
    monkeypatch.setattr(tokens, "keys_of", lambda *_, **__: ring)

    def made(key=key, algorithm="RS256", **changed):
        now = int(time.time())
        said = {
            "iss": issuer, "aud": "wellpost", "sub": "sam-1", "nonce": "n", "iat": now,
            "exp": now + 60, "email": "sam.stone@example.org", "email_verified": True,
        }  # fmt: skip
        claims = {name: value for name, value in {**said, **changed}.items() if value != GONE}
        token = JWT(header={"alg": algorithm}, claims=claims)
        token.make_signed_token(key)
        return token.serialize()

    return made


def read(token):
    return tokens.identity(provider.provider(), {"id_token": token}, nonce="n")


def test_a_token_that_holds_is_believed(issuer, signed):
    assert read(signed()).subject == "sam-1"
    assert read(signed(aud=["wellpost", "other"], azp="wellpost")).email_verified


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"iss": "https://evil.example"}, "token_refused"),
        ({"iss": GONE}, "token_refused"),
        ({"aud": "another-client"}, "token_refused"),
        ({"aud": ["wellpost", "another-client"]}, "other_audience"),
        ({"exp": 1}, "token_refused"),
        ({"exp": GONE}, "token_refused"),
        ({"nonce": "of another sign-in"}, "wrong_nonce"),
        ({"nonce": GONE}, "token_refused"),
        ({"sub": ""}, "no_subject"),
        ({"sub": "x" * 256}, "no_subject"),
        ({"sub": GONE}, "token_refused"),
    ],
)
def test_a_token_that_does_not_hold_is_refused(signed, changed, reason):
    with pytest.raises(NotSignedOnError, match=reason):
        read(signed(**changed))


def test_a_token_signed_by_nobody_another_or_our_own_secret_is_refused(signed):
    head = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    body = signed().split(".")[1]
    ours = JWK.from_password("secret" * 8)
    hostile = [
        f"{head}.{body}.",
        signed(key=JWK.generate(kty="RSA", size=2048)),
        signed(key=ours, algorithm="HS256"),
        "",
        "a.b.c",
        "x" * 9000,
    ]
    for each in hostile:
        with pytest.raises(NotSignedOnError, match="token_refused"):
            read(each)


def test_one_shows_it_again_there_before_what_weighs_much(issuer, ada_admin):
    ada_admin.set_unusable_password()
    ada_admin.save()
    ada = Colleague(
        issuer, "ada-1", email=ada_admin.email, email_verified=True, amr=["mfa"],
        auth_time=int(time.time()),
    )  # fmt: skip
    ada.sign_in()
    session = ada.client.session
    session["account_authentication_methods"][0]["at"] -= 700
    session.save()
    asked = ada.client.get("/clinic/people/staff/add/")
    assert unquote(asked.url) == f"{AGAIN}?next=/clinic/people/staff/add/"
    there = ada.go(asked.url)
    assert parse_qs(urlsplit(there).query)["prompt"] == ["login"]
    assert ada.back(ada.agree(there)).url == "/clinic/people/staff/add/"
    assert ada.client.get("/clinic/people/staff/add/").status_code == 200


def test_an_old_sign_in_there_is_not_showing_it_again(issuer, sam_staff):
    sam = sam_there(issuer, sam_staff, auth_time=int(time.time()) - 3600)
    sam.sign_in()
    assert sam.sign_in(AGAIN).status_code == 403
    assert why() == "not_proved_again"


def test_a_colleague_does_not_show_it_for_another(issuer, sam_staff, ada_admin):
    sam = sam_there(issuer, sam_staff)
    sam.sign_in()
    asked = sam.go(AGAIN)
    ada = Colleague(
        issuer, "ada-1", client=sam.client, email=ada_admin.email, email_verified=True,
        auth_time=int(time.time()),
    )  # fmt: skip
    assert ada.back(ada.agree(asked)).status_code == 403
    assert why() == "somebody_else"


def test_where_none_is_configured_there_is_none(client, db):
    for place in (BEGIN, BACK):
        assert client.get(place).status_code == 404
    assert "single-sign-on" not in client.get("/account/login/").content.decode()


def test_the_button_says_what_the_practice_calls_it(client, issuer):
    page = client.get("/account/login/?next=/clinic/patients/").content.decode()
    assert "Sign in with Harbor</a>" in page
    assert "/account/single-sign-on/?next=%2Fclinic%2Fpatients%2F" in page


def test_nobody_is_led_elsewhere_afterwards(issuer, sam_staff):
    assert sam_there(issuer, sam_staff).sign_in(f"{BEGIN}?next=https://evil.example/").url == "/"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"ISSUER": "http://login.example"}, "https://"),
        ({"ISSUER": "login.example"}, "https://"),
        ({"ISSUER": "https://login.example"}, "CLIENT_ID is empty"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_in_words(given, said, monkeypatch):
    for name, value in given.items():
        monkeypatch.setenv(f"WELLPOST_OIDC_{name}", value)
    with pytest.raises(RequestError, match=said):
        single_sign_on()
