"""Lines of the log carry the request's identifier, and nothing of anybody."""

from __future__ import annotations

import logging

import pytest

from tests.server.conftest import PASSWORD, signed_in
from wellpost.server.config.logs import LOGS, RequestIdentifier


@pytest.fixture
def lines(caplog):
    form = LOGS["formatters"]["line"]
    formatter = logging.Formatter(form["format"], style=form["style"])
    caplog.handler.addFilter(only := RequestIdentifier())
    caplog.set_level(logging.INFO)
    yield lambda: "\n".join(formatter.format(record) for record in caplog.records)
    caplog.handler.removeFilter(only)


def test_a_line_carries_the_identifier_that_the_answer_shows(client, alice, lines):
    answer = client.get("/no-such-page/")
    assert answer["X-Request-ID"] in lines()


def test_signing_in_and_reading_leave_no_name_address_or_password(client, alice, lines):
    client.post("/account/login/", {"login": alice.user.email, "password": PASSWORD + "x"})
    client.post("/account/login/", {"login": alice.user.email, "password": PASSWORD})
    client.get("/portal/", follow=True)
    signed_in(client, alice.user).get("/clinic/patients/")
    said = lines()
    for word in ("Alice", "alice", "Arden", PASSWORD):
        assert word not in said
