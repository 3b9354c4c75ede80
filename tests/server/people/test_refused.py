"""Who asks for what is not theirs gets no answer, and leaves a row with their own practice."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from tests.server.conftest import signed_in
from wellpost.server.audit.models import AuditRow

pytestmark = pytest.mark.django_db


def _rows() -> list[AuditRow]:
    return list(AuditRow.objects.filter(deed="refused").order_by("pk"))


def test_who_asks_for_anothers_conversation_is_on_record_at_their_own_practice(alice, bob):
    thread = uuid4()
    assert signed_in(Client(), bob.user).get(f"/portal/threads/{thread}/").status_code == 404
    (row,) = _rows()
    assert (row.actor_id, row.outcome, row.patient_id) == (str(bob.user.pk), "refused", str(bob.pk))
    assert row.practice_id == str(bob.practice_id) != str(alice.practice_id)
    asked = {"page": "portal:thread", "asked": {"thread_id": str(thread)}, "method": "GET"}
    assert asked.items() <= row.details.items()


def test_who_may_is_not_refused(alice):
    assert signed_in(Client(), alice.user).get(f"/portal/patients/{alice.pk}/").status_code == 200
    assert not _rows()


def test_a_stranger_fills_no_table(client):
    """Who is not signed in is sent to sign in, or gets a 404, however often."""
    for path in (f"/portal/threads/{uuid4()}/", f"/fhir/Communication/{uuid4()}"):
        assert client.get(path).status_code in (302, 401)
    assert Client().get("/nothing/here/").status_code == 404
    assert not _rows()
