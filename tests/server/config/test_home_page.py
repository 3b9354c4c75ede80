"""`/` sends everybody to where they belong."""

from __future__ import annotations

import pytest

from tests.server.conftest import signed_in


@pytest.mark.parametrize(
    ("who", "place"),
    [
        ("alice", "/portal/"),
        ("amir", "/portal/"),
        ("dr_chen", "/clinic/"),
        ("dr_evans", "/clinic/"),
    ],
)
def test_each_goes_to_their_side(request, client, who, place):
    signed_in(client, request.getfixturevalue(who).user)
    assert client.get("/").url == place


def test_a_clinician_who_is_a_patient_too_chooses(client, dr_chen, carol):
    carol.user = dr_chen.user
    carol.save()
    signed_in(client, dr_chen.user)
    page = client.get("/").content.decode()
    assert 'href="/portal/"' in page
    assert 'href="/clinic/"' in page


def test_a_visitor_signs_in_first(client, db):
    assert client.get("/").url == "/account/login/?next=/"
