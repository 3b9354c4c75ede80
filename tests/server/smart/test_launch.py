"""An app comes in: the page of consent, the code, the tokens; and everything that is refused."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from jwcrypto.jwk import JWKSet
from jwcrypto.jwt import JWT

from tests.server.conftest import make_patient
from tests.server.smart.conftest import BACK, EVERYTHING, FHIR, Phone, challenge, text_of
from wellpost.server.audit.deeds import Deed
from wellpost.server.audit.models import AuditRow
from wellpost.server.clock import time as clock
from wellpost.server.smart.actions import decide, disconnect
from wellpost.server.smart.models import AccessToken, Connection, Decision, Grant, RefreshToken

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]
PATIENT = "/fhir/Patient"


def said(answer) -> dict[str, str]:
    """What the app was sent back with."""
    assert answer.status_code == 302 and answer.url.startswith(BACK), answer.content
    return {name: value for name, (value,) in parse_qs(urlsplit(answer.url).query).items()}


def test_alice_lets_the_app_in_and_it_reads(phone, alice, deeds):
    tokens = phone.connect()
    assert tokens["patient"] == str(alice.pk) and tokens["token_type"] == "Bearer"
    assert tokens["expires_in"] == 3600 and tokens["scope"] == EVERYTHING
    assert phone.get(f"{PATIENT}/{alice.pk}").json()["name"][0]["family"] == "Arden"
    assert "app_connected" in deeds()


def test_the_answer_says_by_whom_it_is(phone):
    told = said(phone.agree())
    assert told["state"] == "s1" and told["iss"] == "http://localhost:8000/smart"


def test_the_page_says_who_what_how_long_and_what_not(phone, practice):
    page = text_of(phone.page())
    for words in (
        "Let Heart Diary read the health record?",
        "https://app.example/privacy",
        "you go back to app.example",
        "Alice Arden (you), at Harbor Family Practice",
        "Allergies",
        "Vaccinations",
        "Keep reading when you are not there",
        "half a year",
        "cannot read your messages",
        "cannot change, add or delete anything",
    ):
        assert words in page, words


def test_what_is_taken_away_is_not_given(phone, alice):
    tokens = phone.connect(without=("patient/Goal.rs", "offline_access"))
    assert "refresh_token" not in tokens
    assert "patient/Goal.rs" not in tokens["scope"] and "patient/*.rs" not in tokens["scope"]
    assert phone.get("/fhir/Condition").status_code == 200
    assert phone.get("/fhir/Goal").status_code == 403


def test_all_taken_away_is_no_consent(phone):
    page = phone.page(scope="launch/patient patient/Goal.rs")
    address = page.wsgi_request.get_full_path()
    record = page.context["form"]["record_of"].initial
    answer = phone.browser.post(
        address, {"record_of": record, "may": [], "how_long": "12", "agree": "yes"}
    )
    assert answer.status_code == 200 and "Leave at least one" in text_of(answer)


def test_whoever_refuses_sends_the_app_away_empty(phone):
    address = phone.page().wsgi_request.get_full_path()
    assert said(phone.browser.post(address, {"refuse": "yes"}))["error"] == "access_denied"
    assert not Connection.objects.exists()


def test_a_form_that_names_more_than_was_offered_is_refused(phone, bob):
    page = phone.page(scope="launch/patient patient/Goal.rs")
    address, record = page.wsgi_request.get_full_path(), page.context["form"]["record_of"].initial
    wider = {"record_of": record, "may": ["patient/*.rs"], "agree": "yes"}
    another = {"record_of": str(bob.pk), "may": ["patient/Goal.rs"], "agree": "yes"}
    for sent in (wider, another):
        assert phone.browser.post(address, sent).status_code == 200
    assert not Grant.objects.exists() and not Connection.objects.exists()


def test_whoever_has_several_records_chooses_one(approved, alice, practice, as_user):
    child = make_patient(practice, "Ann Arden")
    child.representatives.create(
        user=alice.user, name="Alice", relationship="parent", starts_on="2020-01-01"
    )
    phone = Phone(approved, as_user(alice.user))
    page = text_of(phone.page())
    assert "Alice Arden (you)" in page and "Ann Arden, for whom you act" in page
    assert phone.connect(record=child.pk)["patient"] == str(child.pk)
    assert phone.get(f"{PATIENT}/{alice.pk}").status_code == 404


def test_who_has_not_signed_in_is_asked_to_and_comes_back(approved):
    answer = Phone(approved, Client()).page()
    assert answer.status_code == 302 and answer.url.startswith("/account/login/?next=/smart/")


@pytest.mark.parametrize("who", ["dr_chen", "sam", "ada"])
def test_nobody_connects_an_app_as_staff(
    who, approved, alice, dr_chen, sam_staff, ada_admin, as_user
):
    user = {"dr_chen": dr_chen.user, "sam": sam_staff, "ada": ada_admin}[who]
    page = Phone(approved, as_user(user)).page()
    assert page.status_code == 403 and "as staff" in text_of(page)


def test_an_app_of_another_practice_reads_nothing_here(approved, bob, as_user):
    page = Phone(approved, as_user(bob.user)).page()
    assert page.status_code == 403 and "has not approved this app" in text_of(page)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"aud": None}, "invalid_request"),
        ({"aud": "https://evil.example/fhir"}, "invalid_request"),
        ({"response_type": "token"}, "unauthorized_client"),
        ({"response_type": "id_token token"}, "unauthorized_client"),
        ({"scope": "user/*.rs system/*.rs"}, "invalid_scope"),
        ({"scope": None}, "invalid_scope"),
    ],
)
def test_what_an_app_asks_wrongly_goes_back_to_it(changes, error, phone):
    told = said(phone.page(**changes))
    assert (told["error"], told["state"]) == (error, "s1")


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "nobody"},
        {"client_id": None},
        {"redirect_uri": "https://evil.example/back"},
        {"redirect_uri": f"{BACK}/more"},
        {"redirect_uri": f"{BACK}?more=1"},
        {"redirect_uri": BACK.replace("https", "http")},
    ],
)
def test_nobody_is_sent_where_the_app_did_not_say_before(changes, phone):
    answer = phone.page(**changes)
    assert answer.status_code == 400
    assert "asked in a wrong way" in text_of(answer)


def test_an_app_may_send_its_user_by_a_form_and_consent_may_not_be_forged(phone, alice):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice.user)
    led = strict.post("/smart/authorize/", phone.asks())
    assert led.status_code == 303
    page = strict.get(led.url)
    assert "Let Heart Diary read the health record?" in text_of(page)
    sent = {"record_of": str(alice.pk), "may": ["patient/*.rs"], "how_long": "12", "agree": "yes"}
    assert strict.post(led.url, sent).status_code != 302
    assert not Connection.objects.exists()


def test_the_policy_of_the_page_names_the_way_back_and_no_other(phone):
    policy = phone.page()["Content-Security-Policy"]
    assert "form-action 'self' https://app.example" in policy


def test_a_code_works_once_and_a_second_time_ends_it_all(phone, alice, deeds):
    code = phone.code()
    phone.tokens = phone.redeem(code).json()
    assert phone.get(f"{PATIENT}/{alice.pk}").status_code == 200
    again = phone.redeem(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert phone.get(f"{PATIENT}/{alice.pk}").status_code == 401
    assert phone.refresh().status_code == 400
    assert Connection.objects.get().ended_because == "misuse" and "app_misused" in deeds()


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": None},
        {"code_verifier": "another-verifier-of-enough-characters-to-be-one-01234"},
        {"redirect_uri": "https://app.example/other"},
        {"code": "made-up"},
    ],
)
def test_a_code_is_no_use_to_who_did_not_ask_for_it(changes, phone):
    answer = phone.redeem(**({"code": phone.code()} | changes))
    assert answer.status_code == 400
    assert answer.json()["error"] in ("invalid_grant", "invalid_request")
    assert not AccessToken.objects.exists()


def test_another_app_cannot_redeem_a_code(phone, registered):
    other = registered(client_name="Other").app
    answer = phone.redeem(phone.code(), client_id=other.client_id)
    assert answer.json()["error"] == "invalid_grant" and not AccessToken.objects.exists()


def test_an_old_code_is_worth_nothing(phone):
    code = phone.code()
    Grant.objects.update(expires=clock.now() - timedelta(seconds=1))
    assert phone.redeem(code).json()["error"] == "invalid_grant"


def test_a_refresh_token_is_renewed_each_time(phone, alice):
    first = phone.connect()
    second = phone.refresh().json()
    assert second["refresh_token"] != first["refresh_token"]
    assert second["patient"] == str(alice.pk) and second["scope"] == first["scope"]
    assert phone.get(PATIENT, token=first["access_token"]).status_code == 401
    assert phone.get(PATIENT).status_code == 200


def test_an_app_without_a_secret_may_leave_its_name_out_when_it_renews(phone, registered):
    sent = {"grant_type": "refresh_token", "refresh_token": phone.connect()["refresh_token"]}
    assert Client().post("/smart/token/", sent).status_code == 200
    assert Client().post("/smart/token/", sent | {"refresh_token": "made-up"}).status_code == 401


def test_a_refresh_token_used_twice_ends_all_that_came_of_it(phone, deeds):
    first = phone.connect()["refresh_token"]
    phone.refresh()
    stolen = phone.refresh(first)
    assert (stolen.status_code, stolen.json()["error"]) == (400, "invalid_grant")
    assert phone.get(PATIENT).status_code == 401
    assert phone.refresh().status_code == 400
    assert Connection.objects.get().ended_because == "misuse" and "app_misused" in deeds()


def test_a_refresh_token_lasts_three_months_at_least(phone):
    phone.connect()
    AccessToken.objects.update(expires=clock.now() - timedelta(days=92))
    assert phone.refresh().status_code == 200
    AccessToken.objects.update(expires=clock.now() - timedelta(days=181))
    assert phone.refresh().json()["error"] == "invalid_grant"


FROM = datetime(2026, 11, 24, 17, tzinfo=UTC)
LAST = datetime(2027, 11, 25, 23, 59, tzinfo=ZoneInfo("America/New_York"))


def lived(phone, days):
    """The app comes every hundred days, and renews; the answer at the end of `days`."""
    for day in (*range(100, days, 100), days):
        with clock.held_at(FROM + timedelta(days=day)):
            AccessToken.objects.update(expires=timezone.now() + timedelta(hours=1))
            answer = phone.refresh()
    return answer


def test_renewing_moves_nothing_the_consent_ends_on_its_day(phone, practice):
    assert practice.time_zone == "America/New_York"
    with clock.held_at(FROM):
        phone.connect()
    assert Connection.objects.get().runs_out_at == LAST
    assert lived(phone, 366).status_code == 200
    assert Connection.objects.get().runs_out_at == LAST
    with clock.held_at(LAST + timedelta(seconds=1)):
        over = phone.refresh()
    assert (over.status_code, over.json()["error"]) == (400, "invalid_grant")


def test_no_access_token_outlives_the_last_day(phone):
    with clock.held_at(FROM):
        assert phone.connect()["expires_in"] == 3600
    with clock.held_at(LAST - timedelta(minutes=10)):
        assert phone.refresh().json()["expires_in"] == 600
    left = AccessToken.objects.get().expires - timezone.now()
    assert timedelta(seconds=590) < left <= timedelta(seconds=600)


def test_who_lets_it_in_may_choose_less_and_never_gets_less_than_three_months(phone):
    with clock.held_at(FROM):
        page = text_of(phone.page())
        assert "3 months, until February 25, 2027" in page
        assert "A year, until November 25, 2027" in page
        phone.connect(months="3")
    assert lived(phone, 93).status_code == 200
    with clock.held_at(FROM + timedelta(days=95)):
        assert phone.refresh().json()["error"] == "invalid_grant"


@pytest.mark.parametrize("months", ["1", "13", "forever"])
def test_a_time_that_was_not_offered_is_refused(phone, months):
    assert phone.agree(months=months).status_code == 200
    assert not Connection.objects.exists()


def test_the_operator_says_how_long_the_longest_is(phone, settings):
    settings.APP_MONTHS = 3
    assert "A year" not in text_of(phone.page())
    with clock.held_at(FROM):
        phone.connect()
    assert f"{Connection.objects.get().runs_out_at:%Y-%m-%d}" == "2027-02-26"  # in UTC


def test_what_ends_with_the_session_is_asked_no_day(phone):
    scope = "launch/patient patient/*.rs online_access"
    assert "at the longest?" not in text_of(phone.page(scope=scope))
    phone.connect(scope=scope)
    assert Connection.objects.get().runs_out_at is None


def test_online_access_is_over_with_the_longest_session(phone):
    phone.connect(scope="launch/patient patient/*.rs online_access")
    assert phone.refresh().status_code == 200
    Connection.objects.update(began_at=clock.now() - timedelta(hours=13))
    assert phone.refresh().json()["error"] == "invalid_grant"


def test_another_app_cannot_use_a_refresh_token(phone, registered):
    token = phone.connect()["refresh_token"]
    other = registered(client_name="Other").app
    answer = phone.refresh(token, client_id=other.client_id)
    assert answer.json()["error"] == "invalid_grant"


def test_a_refresh_never_widens_what_was_given(phone):
    phone.connect(scope="launch/patient offline_access patient/Goal.rs patient/Condition.rs")
    assert phone.refresh(phone.tokens["refresh_token"], scope="patient/*.rs").status_code == 400
    narrowed = phone.refresh(scope="patient/Goal.rs").json()
    assert narrowed["scope"] == "patient/Goal.rs"
    assert phone.get("/fhir/Condition").status_code == 403


def test_tokens_are_kept_as_digests_alone(phone):
    tokens = phone.connect()
    kept = [*AccessToken.objects.values_list("token", flat=True)]
    kept += RefreshToken.objects.values_list("token", flat=True)
    assert kept == ["", ""] and tokens["access_token"]


def test_the_id_token_says_who_signed_in(phone, alice):
    token = phone.connect(nonce="n1")["id_token"]
    keys = JWKSet.from_json(Client().get("/smart/keys/").content)
    claims = json.loads(JWT(key=keys, jwt=token).claims)
    assert claims["iss"] == "http://localhost:8000/smart"
    assert claims["sub"] == str(alice.user.pk) and claims["nonce"] == "n1"
    assert claims["aud"] == phone.app.client_id
    assert claims["fhirUser"] == f"{FHIR}/Patient/{alice.pk}"


def test_a_representative_is_a_related_person(approved, alice, amir, as_user):
    phone = Phone(approved, as_user(amir.user))
    token = phone.connect()["id_token"]
    payload = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert claims["fhirUser"] == f"{FHIR}/RelatedPerson/{amir.pk}"
    assert phone.get(f"/fhir/RelatedPerson/{amir.pk}").json()["name"][0]["text"] == "Amir Arden"


def test_revoking_either_token_ends_it_all(phone, deeds):
    for name in ("access_token", "refresh_token"):
        phone.connect()
        sent = {"token": phone.tokens[name], "client_id": phone.app.client_id}
        assert Client().post("/smart/revoke/", sent).status_code == 200
        assert phone.get(PATIENT).status_code == 401
        assert phone.refresh().status_code == 400
    assert deeds().count("app_disconnected") == 2


def test_no_app_revokes_anothers_token(phone, registered):
    phone.connect()
    other = registered(client_name="Other").app
    sent = {"token": phone.tokens["access_token"], "client_id": other.client_id}
    Client().post("/smart/revoke/", sent)
    assert phone.get(PATIENT).status_code == 200


def test_an_app_learns_what_its_own_token_is_good_for(phone, alice, registered):
    phone.connect()
    ask = {"token": phone.tokens["access_token"], "client_id": phone.app.client_id}
    told = Client().post("/smart/introspect/", ask).json()
    assert told["active"] and told["patient"] == str(alice.pk) and told["scope"] == EVERYTHING
    assert told["fhirUser"] == f"{FHIR}/Patient/{alice.pk}" and told["exp"]
    other = registered(client_name="Other").app.client_id
    assert Client().post("/smart/introspect/", ask | {"client_id": other}).json() == {
        "active": False
    }
    assert Client().post("/smart/introspect/", {"token": "x"}).status_code == 401


def test_ending_an_app_ends_its_tokens_at_once(phone, alice):
    phone.connect()
    assert disconnect(app=phone.app, patient=alice, by=alice.user) == 1
    assert phone.get(PATIENT).status_code == 401
    assert phone.refresh().json()["error"] == "invalid_grant"


def test_a_practice_that_withdraws_ends_every_access(phone, practice, ada_admin):
    phone.connect()
    decide(app=phone.app, practice=practice, by=ada_admin, decision=Decision.WITHDRAWN)
    assert phone.get(PATIENT).status_code == 401
    assert phone.refresh().json()["error"] == "invalid_grant"
    assert phone.page().status_code == 403


def test_an_app_that_keeps_a_secret_must_show_it(registered, practice, ada_admin, alice, as_user):
    made = registered(token_endpoint_auth_method="client_secret_basic")
    decide(app=made.app, practice=practice, by=ada_admin, decision=Decision.APPROVED)
    phone = Phone(made, as_user(alice.user))
    assert phone.redeem(phone.code(), client_secret="wrong").json()["error"] == "invalid_client"
    assert phone.redeem(phone.code(), client_secret=None).json()["error"] == "invalid_client"
    basic = base64.b64encode(f"{made.app.client_id}:{made.secret}".encode()).decode()
    sent = {
        "grant_type": "authorization_code",
        "code": phone.code(),
        "redirect_uri": BACK,
        "code_verifier": "a-verifier-of-enough-characters-to-be-one-0123456789",
    }
    answer = Client().post("/smart/token/", sent, headers={"Authorization": f"Basic {basic}"})
    assert answer.status_code == 200


@pytest.mark.parametrize("grant", ["password", "client_credentials", "implicit", "made-up"])
def test_every_other_way_in_is_closed(grant, phone, alice):
    sent = {
        "grant_type": grant,
        "client_id": phone.app.client_id,
        "username": alice.user.email,
        "password": "correct horse battery staple",
    }
    assert Client().post("/smart/token/", sent).status_code in (400, 401)
    assert not AccessToken.objects.exists()


def test_a_browser_of_another_site_may_ask_for_tokens_and_data():
    for address in ("/smart/token/", "/fhir/Observation", "/fhir/metadata"):
        first = Client().options(address, headers={"Origin": "https://app.example"})
        assert first.status_code == 204 and first["Access-Control-Allow-Origin"] == "*"
        assert "Authorization" in first["Access-Control-Allow-Headers"]
        assert "Access-Control-Allow-Credentials" not in first


def test_what_is_on_record_names_no_token(phone):
    tokens = phone.connect()
    phone.get(PATIENT)
    kept = json.dumps(list(AuditRow.objects.values_list("details", "target_id")), default=str)
    assert AuditRow.objects.filter(deed=Deed.APP_CONNECTED).count() == 1
    assert not [each for each in tokens.values() if len(str(each)) > 20 and str(each) in kept]


def test_the_challenge_is_what_the_rfc_says():
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"  # RFC 7636, appendix B
    assert challenge(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
