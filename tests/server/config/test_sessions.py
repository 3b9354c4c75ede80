"""How sessions are read: one statement, and through a connection that broke."""

from __future__ import annotations

import pytest
from django.db import OperationalError, close_old_connections, connection

from wellpost.server.config.sessions import SessionStore


def session_of(name):
    made = SessionStore()
    made["name"] = name
    made.create()
    return made.session_key


@pytest.mark.django_db
def test_a_session_is_read_by_one_statement(django_assert_num_queries):
    key = session_of("Alice")
    with django_assert_num_queries(1):
        assert SessionStore(key)["name"] == "Alice"


@pytest.mark.django_db
def test_what_ended_or_never_was_is_empty():
    ended = SessionStore(session_of("Alice"))
    ended.set_expiry(-1)
    ended.save()
    for key in (ended.session_key, "made-up"):
        found = SessionStore(key)
        assert found.get("name") is None
        assert found.session_key is None


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_connection_that_the_database_ended_is_opened_again():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no server that could end a connection")
    key = session_of("Alice")
    connection.connection.close()
    close_old_connections()  # as at the beginning of every request
    assert SessionStore(key)["name"] == "Alice"


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_database_that_went_away_is_not_told_as_a_session_that_ended():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no server that could go away")
    found = SessionStore(session_of("Alice"))
    found["name"] = "Alice Arden"
    connection.connection.close()
    with pytest.raises(OperationalError):
        found.save()
    connection.close()
