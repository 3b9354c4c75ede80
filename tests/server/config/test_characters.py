"""A NUL character, which no database keeps in a text: refused in front, wherever it stands.

Schemathesis found it: `/fhir/Patient/%00` was a fault of the server on PostgreSQL.
"""

from __future__ import annotations

from base64 import b64encode
from itertools import chain
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.test.client import MULTIPART_CONTENT

from tests.server.conftest import signed_in
from tests.server.fhir_api.record.conftest import app_of  # noqa: F401 - the same fixture
from tests.server.smart.conftest import approved, registered  # noqa: F401 - the same
from wellpost.server.records.parameters import PARAMETERS

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]
FORM = "application/x-www-form-urlencoded"
OF_RECORDS = tuple(chain.from_iterable((f"{each}/%00", f"{each}?_id=%00") for each in PARAMETERS))
OF_MESSAGES = ("Communication", "Task", "AuditEvent", "Binary", "Measure")
ADDRESSES = (
    *OF_RECORDS,
    *(f"{each}/%00" for each in OF_MESSAGES),
    "Patient/%00/$everything",
    "Measure?identifier=a%00",
    "Measure/$evaluate-measure?subject=%00",
    "nowhere%00",
)


@pytest.fixture
def phone(app_of, alice):  # noqa: F811 - pytest's way
    """Alice's app."""
    return app_of(alice, scope="launch/patient patient/*.rs patient/Communication.crus")


def test_an_app_is_told_so_at_every_address(phone):
    headers = {"Authorization": f"Bearer {phone.tokens['access_token']}"}
    for each in ADDRESSES:
        answer = Client().get(f"/fhir/{each}", headers=headers)
        assert answer.status_code == 400, each
        (issue,) = answer.json()["issue"]
        assert (issue["code"], "NUL" in issue["diagnostics"]) == ("invalid", True)
        assert answer["Content-Type"] == "application/fhir+json"


def test_a_search_by_a_form_is_told_so(phone):
    headers = {"Authorization": f"Bearer {phone.tokens['access_token']}"}
    for kind in PARAMETERS:
        for form in ({"identifier": "\x00"}, {"\x00": "1"}, {"_page": "\x00"}):
            answer = Client().post(
                f"/fhir/{kind}/_search", urlencode(form), content_type=FORM,
                headers=headers,
            )  # fmt: skip
            assert answer.status_code == 400, (kind, form)


@pytest.mark.parametrize("address", ["/portal/%00/", "/clinic/?pool=%00", "/?next=a%00b"])
def test_a_page_says_that_it_could_not_be_read(client, alice, address):
    answer = signed_in(client, alice.user).get(address)
    assert answer.status_code == 400
    assert "This could not be read" in answer.content.decode()


@pytest.mark.parametrize("kind", [FORM, MULTIPART_CONTENT])
def test_a_form_says_so_and_does_nothing(kind):
    browser = Client(enforce_csrf_checks=True)
    browser.get("/account/login/")
    form = {"login": "a\x00@example.org", "password": "x"}
    form["csrfmiddlewaretoken"] = browser.cookies["csrf"].value
    words = urlencode(form) if kind == FORM else form
    answer = browser.post("/account/login/", words, content_type=kind)
    assert answer.status_code == 400
    assert "This could not be read" in answer.content.decode()


@pytest.mark.parametrize("name", ["session", "csrf", "whatever"])
def test_a_cookie_cannot_bring_one_in(client, name):
    answer = client.get("/", headers={"Cookie": rf'{name}="aaaaaaaaaaaa\000"'})
    assert answer.status_code == 400


@pytest.mark.parametrize("place", ["token", "revoke", "introspect"])
def test_programs_that_bring_one_are_told_so(place):
    secret = b64encode(b"an app\x00:a secret").decode()
    for form, headers in (
        ({"token": "\x00", "client_id": "\x00"}, {}),
        ({"token": "a"}, {"Authorization": f"Basic {secret}"}),
        ({"token": "a"}, {"Authorization": f"Basic {b64encode(b'%00:a').decode()}"}),
    ):
        answer = Client().post(
            f"/smart/{place}/", urlencode(form), content_type=FORM, headers=headers
        )
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_what_only_looks_like_one_is_let_through(client):
    assert client.get("/account/login/?next=/%2500").status_code == 200
    wrong = {"Authorization": "Basic no base 64"}
    assert client.get("/account/login/", headers=wrong).status_code == 200
