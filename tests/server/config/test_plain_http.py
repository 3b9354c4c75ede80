"""Over http a person is led to https, and a program is told."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings) -> Client:
    settings.SECURE_SSL_REDIRECT = True
    return Client()


@pytest.mark.parametrize("place", ["/", "/portal/", "/smart/authorize/?client_id=a"])
def test_a_page_leads_to_https(server, place):
    answer = server.get(place)
    assert (answer.status_code, answer.url) == (301, f"https://testserver{place}")


@pytest.mark.parametrize(
    "place", ["/fhir/metadata", "/fhir/Communication", "/smart/token/", "/smart/register/"]
)
@pytest.mark.parametrize("heads", [{}, {"authorization": "Bearer of-alice"}])
def test_a_program_is_refused_and_told(server, place, heads):
    for answer in (server.get(place, headers=heads), server.post(place, headers=heads)):
        assert answer.status_code == 403
        assert b"over https alone" in answer.content
        assert b"of-alice" not in answer.content


def test_over_https_both_are_answered(server):
    assert server.get("/fhir/metadata", secure=True).status_code == 200
    assert server.get("/account/login/", secure=True).status_code == 200


def test_where_the_address_is_http_nothing_is_refused(client):
    assert client.get("/fhir/metadata").status_code == 200
