"""Apps register themselves; what they say is checked, and gets them nothing yet."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from tests.server.smart.conftest import SAID
from wellpost.server.smart import scopes
from wellpost.server.smart.models import App, Connection

pytestmark = pytest.mark.django_db


def post(said: object, **more: str):
    return Client().post("/smart/register/", said, content_type="application/json", **more)


def test_a_public_app_gets_a_name_and_no_secret(deeds):
    answer = post(SAID)
    assert answer.status_code == 201
    told = answer.json()
    assert told["client_id"] and "client_secret" not in told
    assert told["redirect_uris"] == SAID["redirect_uris"]
    assert deeds() == ["app_registered"] and not Connection.objects.exists()


def test_a_confidential_app_gets_its_secret_once_and_only_its_hash_is_kept():
    told = post(SAID | {"token_endpoint_auth_method": "client_secret_basic"}).json()
    kept = App.objects.get(client_id=told["client_id"]).client_secret
    assert told["client_secret"] and told["client_secret"] not in kept


@pytest.mark.parametrize(
    "address",
    [
        "http://app.example/back",
        "app.example:/back",
        "javascript:alert(1)",
        "https://app.example/back#part",
        "https://*.example/back",
        "https://user@app.example/back",
        "https:///back",
        "https://app.example/ back",
        "https://app.example:99999/back",
        "//app.example/back",
        "http://127.0.0.1.evil.example/back",
        "https://app.example/" + "a" * 500,
        "https://app.example/back;x",
        7,
    ],
)
def test_nobody_can_be_sent_back_to_a_place_that_is_not_safe(address):
    answer = post(SAID | {"redirect_uris": [address]})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_redirect_uri")
    assert not App.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "https://app.example/back?x=1",
        "http://127.0.0.1:4711/",
        "http://[::1]/",
        "http://localhost/",
    ],
)
def test_https_and_the_own_machine_are_safe(address):
    assert post(SAID | {"redirect_uris": [address]}).status_code == 201


@pytest.mark.parametrize(
    "wrong",
    [
        {"client_name": ""},
        {"client_name": "a" * 101},
        {"client_name": "two\nlines"},
        {"redirect_uris": []},
        {"redirect_uris": "https://app.example/back"},
        {"redirect_uris": ["https://app.example/back"] * 11},
        {"grant_types": ["implicit"]},
        {"grant_types": ["authorization_code", "password"]},
        {"response_types": ["token"]},
        {"token_endpoint_auth_method": "private_key_jwt"},
        {"client_uri": "javascript:alert(1)"},
        {"policy_uri": 7},
        {"contacts": "me"},
    ],
)
def test_what_an_app_says_wrongly_is_told(wrong):
    answer = post(SAID | wrong)
    assert answer.status_code == 400 and answer.json()["error_description"]
    assert not App.objects.exists()


def test_what_is_no_json_is_told():
    for body in (b"", b"[]", b"{", b"[" * 10_000, b'{"client_name": "%s"}' % (b"a" * 30_000)):
        answer = Client().post("/smart/register/", body, content_type="application/json")
        assert answer.status_code == 400, body[:20]
    assert Client().post("/smart/register/", SAID).status_code == 400


def test_only_so_many_an_hour_from_one_address():
    got = [post(SAID).status_code for _ in range(21)]
    assert got == [201] * 20 + [429]


def test_discovery_says_where_everything_is():
    smart = Client().get("/fhir/.well-known/smart-configuration").json()
    assert smart["code_challenge_methods_supported"] == ["S256"]
    assert {"launch-standalone", "permission-v1", "permission-v2", "client-public"} <= set(
        smart["capabilities"]
    )
    named = smart["scopes_supported"]
    assert scopes.supported(named) == named and sum("?category=" in each for each in named) == 8
    openid = Client().get("/smart/.well-known/openid-configuration").json()
    assert openid["issuer"] == smart["issuer"] == "http://localhost:8000/smart"
    for name in ("token", "revocation", "introspection", "registration"):
        path = smart[f"{name}_endpoint"].removeprefix("http://localhost:8000")
        assert Client().get(path).status_code == 405
    (key,) = Client().get("/smart/keys/").json()["keys"]
    assert key["kty"] == "RSA" and "d" not in key and key["kid"]


@pytest.mark.parametrize("contact", ["a\x00b", "a\nb", 7])
def test_a_contact_is_a_line_of_text(contact):
    answer = post(SAID | {"contacts": [contact]})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client_metadata")


@pytest.mark.parametrize("name", ["client_name", "contacts", "software_id", "redirect_uris"])
def test_half_a_character_is_no_json(name):
    text = json.dumps(SAID | {name: ["\ud800"]})
    assert Client().post("/smart/register/", text, content_type="application/json").status_code == (
        400
    )
