"""How long a session that began at the practice's own sign-in holds, and how it ends from there."""

from __future__ import annotations

import time
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from jwcrypto.jwk import JWK, JWKSet
from jwcrypto.jwt import JWT

from tests.server.conftest import give_totp
from tests.server.people.test_single_sign_on import AGAIN, GONE, Colleague, refused, sam_there, why
from tests.server.people.test_single_sign_on import issuer as issuer
from tests.server.people.test_single_sign_on import running as running
from wellpost.server.audit.models import AuditRow
from wellpost.server.people.models import SignIn
from wellpost.server.people.signals import sign_ins_ended
from wellpost.server.people.single_sign_on import logout_token, provider, tokens

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning"),
]
ENDED = "/account/single-sign-on/ended/"
HOUR = 3600


def inside(who) -> bool:
    """Whether their next click leads on, and not to the sign-in."""
    answer = who.client.get("/clinic/")
    assert answer.status_code in {200, 302}
    return not answer.headers.get("Location", "").startswith("/account/login/")


# How long it holds


def test_a_session_is_over_so_many_hours_after_the_sign_in_there(issuer, sam_staff):
    sam = sam_there(issuer, sam_staff, auth_time=int(time.time()) - 11 * HOUR)
    sam.sign_in()
    assert inside(sam)
    session = sam.client.session
    assert 0.9 * HOUR < session["signed_on"]["until"] - time.time() <= HOUR
    session["signed_on"] = session["signed_on"] | {"until": time.time() - 1}
    session.save()
    asked = sam.client.get("/clinic/", follow=True)
    assert asked.redirect_chain[0][0] == "/account/login/?next=%2Fclinic%2F"
    assert "Do so again" in asked.content.decode()
    assert AuditRow.objects.filter(deed="session_timed_out", actor_id=str(sam_staff.pk)).exists()


def test_the_hours_are_the_operators_and_said_to_the_provider(issuer, sam_staff, settings):
    settings.SINGLE_SIGN_ON = settings.SINGLE_SIGN_ON._replace(hours=2)
    sam = sam_there(issuer, sam_staff)
    assert parse_qs(urlsplit(sam.go()).query)["max_age"] == ["7200"]
    sam.sign_in()
    left = sam.client.session["signed_on"]["until"] - time.time()
    assert 2 * HOUR - 60 < left <= 2 * HOUR


@pytest.mark.parametrize("ahead", [0, 10 * HOUR])
def test_no_clock_of_the_providers_makes_it_longer(issuer, sam_staff, ahead):
    sam = sam_there(issuer, sam_staff, auth_time=int(time.time()) + ahead)
    sam.sign_in()
    assert sam.client.session["signed_on"]["until"] <= time.time() + 12 * HOUR


def test_an_older_sign_in_there_is_refused(issuer, sam_staff):
    page = refused(sam_there(issuer, sam_staff, auth_time=int(time.time()) - 13 * HOUR).sign_in())
    assert "Sign out there" in page
    assert why() == "signed_in_too_long_ago"


def test_who_shows_it_again_there_has_the_hours_from_then(issuer, sam_staff):
    sam = sam_there(issuer, sam_staff, auth_time=int(time.time()) - 11 * HOUR)
    sam.sign_in()
    fresh = sam_there(issuer, sam_staff, auth_time=int(time.time()))
    fresh.client = sam.client
    assert fresh.sign_in(AGAIN).status_code == 302
    assert sam.client.session["signed_on"]["until"] > time.time() + 11 * HOUR


def test_who_came_with_a_password_is_held_to_no_hours_of_the_providers(issuer, sam_staff, as_user):
    client = as_user(sam_staff)
    assert "signed_on" not in client.session
    assert client.get("/clinic/").status_code == 200


def test_who_signs_in_over_somebody_else_is_held_to_it_too(issuer, sam_staff, ada_admin, as_user):
    sam = sam_there(issuer, sam_staff)
    sam.client = as_user(ada_admin)
    sam.sign_in()
    assert inside(sam)
    assert sam.client.session["signed_on"]["user"] == str(sam_staff.pk)


# How it ends from there


@pytest.fixture
def logout(issuer, monkeypatch):
    """`logout(name=value)`: what the provider would post, with what is changed in it."""
    key, ring = JWK.generate(kty="RSA", size=2048), JWKSet()
    for each in (key, *provider.keys_of(provider.provider())):
        ring.add(each)
    monkeypatch.setattr(tokens, "keys_of", lambda *_, **__: ring)

    def made(key=key, header=None, **changed):
        now = int(time.time())
        said = {
            "iss": issuer, "aud": "wellpost", "iat": now, "exp": now + 120, "sub": "sam-1",
            "jti": f"{time.monotonic_ns()}", "events": {logout_token.EVENT: {}},
        }  # fmt: skip
        claims = {name: value for name, value in {**said, **changed}.items() if value != GONE}
        token = JWT(header={"alg": "RS256", "typ": "logout+jwt", **(header or {})}, claims=claims)
        token.make_signed_token(key)
        return token.serialize()

    return made


def told(token):
    """The provider posts it, from where nobody is signed in and no form was seen."""
    return Client(enforce_csrf_checks=True).post(ENDED, {"logout_token": token})


def test_who_is_signed_out_there_is_signed_out_here(issuer, sam_staff, ada_admin, logout, deeds):
    sam = sam_there(issuer, sam_staff)
    sam.sign_in()
    ada = Colleague(
        issuer, "ada-1", email=ada_admin.email, email_verified=True, amr=["mfa"]
    )  # fmt: skip
    ada.sign_in()
    answer = told(logout())
    assert (answer.status_code, answer.content) == (200, b"")
    assert "no-store" in answer["Cache-Control"]
    assert not inside(sam) and inside(ada)
    row = AuditRow.objects.get(deed="sign_ins_ended")
    assert (row.actor_id, row.target_id) == ("", str(sam_staff.pk))
    assert row.details == {"count": 1, "way": "single_sign_on"}


def test_the_session_it_names_ends_and_the_others_go_on(issuer, sam_staff, logout):
    desk, ward, old = (sam_there(issuer, sam_staff, sid=each) for each in ("desk", "ward", None))
    for each, sid in ((desk, "desk"), (ward, "ward"), (old, None)):
        sam_there(issuer, sam_staff, sid=sid)
        each.sign_in()
    assert told(logout(sub=GONE, sid="ward")).status_code == 200
    assert inside(desk) and not inside(ward) and inside(old)
    assert told(logout(sid="desk")).status_code == 200
    assert not inside(desk)
    assert not inside(old), "whose session there is unknown: it may be this one"


def test_a_session_by_our_own_password_goes_on(issuer, sam_staff, as_user, logout):
    sam_there(issuer, sam_staff).sign_in()
    by_password = as_user(sam_staff)
    assert told(logout()).status_code == 200
    assert by_password.get("/clinic/").status_code == 200


def test_who_is_still_asked_for_our_second_factor_gets_no_further(issuer, sam_staff, logout):
    give_totp(sam_staff)
    sam = sam_there(issuer, sam_staff, amr=["pwd"])
    assert sam.sign_in().url.startswith("/account/2fa/authenticate/")
    assert SignIn.objects.get().user is None
    assert told(logout()).status_code == 200
    assert not SignIn.objects.exists()


def test_what_was_opened_for_the_session_is_shut(issuer, sam_staff, logout):
    shut = []
    sign_ins_ended.connect(lambda **told: shut.append(told), weak=False, dispatch_uid="test")
    try:
        sam_there(issuer, sam_staff).sign_in()
        (began,) = SignIn.objects.values_list("began_at", flat=True)
        told(logout())
    finally:
        sign_ins_ended.disconnect(dispatch_uid="test")
    (last,) = shut
    assert (last["user"], last["ended"], last["kept"]) == (sam_staff, [began], None)


def test_nobody_signed_in_is_no_error(logout):
    assert told(logout(sub="nobody")).status_code == 200
    assert told(logout(sub=GONE, sid="none")).status_code == 200


def test_a_token_is_taken_once(issuer, sam_staff, logout):
    token = logout()
    assert told(token).status_code == 200
    sam = sam_there(issuer, sam_staff)
    sam.sign_in()
    assert told(token).status_code == 400
    assert inside(sam)
    assert AuditRow.objects.get(deed="refused").details["why"] == "seen_before"


NOW = int(time.time())


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"iss": "https://evil.example"}, "token_refused"),
        ({"iss": GONE}, "token_refused"),
        ({"aud": "another-client"}, "token_refused"),
        ({"aud": GONE}, "token_refused"),
        ({"exp": NOW - 300}, "token_refused"),
        ({"exp": GONE}, "token_refused"),
        ({"iat": GONE}, "token_refused"),
        ({"iat": NOW - 3600}, "not_recent"),
        ({"iat": NOW + 7200, "exp": NOW + 7300}, "not_recent"),
        ({"iat": "now"}, "token_refused"),
        ({"jti": GONE}, "token_refused"),
        ({"jti": ""}, "of_nobody"),
        ({"events": GONE}, "token_refused"),
        ({"events": {}}, "no_logout_token"),
        ({"events": {logout_token.EVENT: "yes"}}, "no_logout_token"),
        ({"events": [logout_token.EVENT]}, "no_logout_token"),
        ({"nonce": "of a sign-in"}, "no_logout_token"),
        ({"header": {"typ": "at+jwt"}}, "no_logout_token"),
        ({"sub": GONE}, "of_nobody"),
        ({"sub": 7}, "token_refused"),
        ({"sub": "x" * 256}, "of_nobody"),
        ({"key": JWK.generate(kty="RSA", size=2048)}, "token_refused"),
        ({"key": JWK.from_password("secret" * 8), "header": {"alg": "HS256"}}, "token_refused"),
    ],
)
def test_a_logout_token_that_does_not_hold_ends_nothing(issuer, sam_staff, logout, changed, reason):
    sam = sam_there(issuer, sam_staff)
    sam.sign_in()
    answer = told(logout(**changed))
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_request"})
    assert "no-store" in answer["Cache-Control"]
    assert inside(sam)
    assert AuditRow.objects.get(deed="refused").details["why"] == reason


def test_an_id_token_of_a_sign_in_ends_nothing(issuer, sam_staff, logout):
    """The provider signs it with the same key, for us, about the same person."""
    sam = sam_there(issuer, sam_staff)
    sam.sign_in()
    as_id_token = logout(nonce="n", events=GONE, jti=GONE, header={"typ": "JWT"})
    for each in (as_id_token, "", "a.b.c", "x" * 9000):
        assert told(each).status_code == 400
    assert told(logout(header={"typ": "JWT"}, sub="other")).status_code == 200
    assert inside(sam)


def test_where_it_fails_half_way_the_token_counts_for_nothing(
    issuer, sam_staff, logout, monkeypatch
):
    sam, token = sam_there(issuer, sam_staff), logout()
    sam.sign_in()

    def fails(**_):
        raise RuntimeError("the database went away")

    with monkeypatch.context() as patch:
        patch.setattr("wellpost.server.people.single_sign_on.ending.end_sign_ins_from_there", fails)
        with pytest.raises(RuntimeError):
            told(token)
    assert inside(sam)
    assert told(token).status_code == 200
    assert not inside(sam)


def test_wrong_tokens_fill_the_record_only_so_far(issuer, logout):
    for _ in range(40):
        assert told("made up").status_code == 400
    assert AuditRow.objects.filter(deed="refused").count() == 30


def test_made_up_keys_have_the_provider_asked_once(issuer, monkeypatch):
    asked = []
    usual = provider._asked
    monkeypatch.setattr(
        provider, "_asked", lambda *given, **more: asked.append(given) or usual(*given, **more)
    )
    token = JWT(header={"alg": "RS256", "kid": "made-up"}, claims={"iss": issuer})
    token.make_signed_token(JWK.generate(kty="RSA", size=2048))
    for _ in range(5):
        assert told(token.serialize()).status_code == 400
    assert len([address for _, address in asked if "jwks" in address]) == 1


def test_by_get_and_where_none_is_configured_there_is_nothing(client, db):
    assert client.get(ENDED).status_code == 405
    assert client.post(ENDED, {"logout_token": "x"}).status_code == 404
