"""What other sites, and requests made by hand, can bring about: nothing."""

from __future__ import annotations

import logging

import pytest
from django.test import Client
from django.urls import reverse

from tests.server.conftest import signed_in
from wellpost.server.messaging.models import Message, ThreadState

pytestmark = pytest.mark.django_db


@pytest.fixture
def strict(alice) -> Client:
    """Alice's browser, which is asked for the token of each form."""
    return signed_in(Client(enforce_csrf_checks=True), alice.user)


@pytest.fixture
def strict_staff(sam_staff) -> Client:
    return signed_in(Client(enforce_csrf_checks=True), sam_staff)


def test_no_form_is_taken_without_its_token(first, alice, strict, strict_staff, fresh_key):
    sent = {"body": "Forged", "client_key": fresh_key(), "to": "patient"}
    for client, path in (
        (strict, reverse("portal:thread", args=[first.thread_id])),
        (strict_staff, reverse("clinic:thread", args=[first.thread_id])),
        (strict_staff, reverse("clinic:lock", args=[first.thread_id])),
        (strict, reverse("account_logout")),
        (Client(enforce_csrf_checks=True), reverse("account_login")),
    ):
        assert client.post(path, sent).status_code == 403
    assert Message.objects.count() == 1


def test_no_deed_is_done_by_get(first, strict_staff, strict):
    for deed in ("resolve", "lock"):
        strict_staff.get(reverse(f"clinic:{deed}", args=[first.thread_id]))
    strict.get(reverse("account_logout"))
    first.thread.refresh_from_db()
    assert first.thread.state == ThreadState.OPEN
    assert strict.get(reverse("portal:inbox"), follow=True).status_code == 200


@pytest.mark.parametrize("path", ["/", "/account/login/", "/portal/", "/fhir/metadata", "/health/"])
def test_trace_is_not_answered(path):
    answer = Client().generic("TRACE", path, headers={"X-Secret": "echoed"})
    assert b"echoed" not in answer.content


@pytest.mark.parametrize(
    "path", ["/static/", "/static/ui/", "/static/../settings.py", "/.git/config"]
)
def test_no_folder_is_listed(path):
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize("ending", ["style.css", "x.js", "photo.png", "%2e%2e/x.css"])
def test_what_is_not_there_is_404_whatever_it_ends_in(first, strict, ending):
    """A cache in front cannot be made to take a page for a file."""
    page = reverse("portal:thread", args=[first.thread_id])
    answer = strict.get(f"{page}{ending}")
    assert answer.status_code == 404
    assert b"All values are as they should be." not in answer.content


def test_every_answer_names_its_kind(first, strict):
    for path in ("/portal/", reverse("portal:thread", args=[first.thread_id]), "/fhir/metadata"):
        answer = strict.get(path, follow=True)
        assert "charset=utf-8" in answer["Content-Type"] or "json" in answer["Content-Type"]
        assert answer["X-Content-Type-Options"] == "nosniff"


def test_nobody_writes_a_line_of_the_log(caplog):
    """A line break in an address or in the name of a field stays one line."""
    with caplog.at_level(logging.INFO):
        Client().get("/nothing/%0aINFO%20forged%20line")
        Client().post("/account/login/", {"login": "a@example.org\nINFO forged line"})
    for record in caplog.records:
        assert "\n" not in record.getMessage()
