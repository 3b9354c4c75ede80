"""A line to PostgreSQL that broke is noticed before it is used; one that stands costs nothing."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from wellpost.server.people.backend import ByAddress

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _only_postgresql() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL has a line that can break")


def test_a_line_that_stands_is_usable_without_a_statement() -> None:
    connection.ensure_connection()
    with CaptureQueriesContext(connection) as asked:
        assert connection.is_usable()
    assert not asked.captured_queries


def test_a_line_that_the_server_closed_is_opened_anew_by_whatever_asks_first() -> None:
    connection.ensure_connection()
    broken = connection.connection.info.backend_pid
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [broken])
    finally:
        other.close()
    assert not connection.is_usable()
    connection.health_check_done = False  # as at the beginning of every request
    assert ByAddress().get_user(UUID(int=0)) is None
    assert connection.connection.info.backend_pid != broken
