"""What a sending costs in the database, with all that follows it."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


def test_a_patients_answer_costs_at_most_twelve_statements_from_page_to_page(
    ask, alice, amir, as_user
):
    """BEGIN and COMMIT apart; the first also notes when the patient was last seen, and mails.

    SQLite stores the words for the search by a statement of their own.
    """
    most = 12 if connection.vendor == "postgresql" else 13
    thread = ask()
    client, asked = as_user(alice.user), thread.messages.get()
    for number in range(2):
        form = {"body": "And?", "client_key": str(uuid.uuid4()), "in_reply_to": str(asked.pk)}
        with CaptureQueriesContext(connection) as captured:
            assert client.post(f"/portal/threads/{thread.pk}/", form).status_code == 302
        said = [each["sql"] for each in captured if each["sql"].split()[0] not in BRACKETS]
        assert number == 0 or len(said) <= most, "\n".join(said)


BRACKETS = {"BEGIN", "COMMIT"}
