"""The people of the run, signed in; and what the database holds at its end."""

from __future__ import annotations

import statistics
import time
import uuid
from importlib import import_module
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.models import Count

from .load import MESSAGE, Sender

django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402 - Django is set up first
from django.test import Client  # noqa: E402 - Django is set up first
from django.test.utils import CaptureQueriesContext  # noqa: E402 - Django is set up first
from django.utils.crypto import get_random_string  # noqa: E402 - Django is set up first

from wellpost.facts.identifiers import make_npi, make_tin  # noqa: E402 - Django is set up first
from wellpost.server.messaging.actions import start_thread  # noqa: E402 - Django is set up first
from wellpost.server.messaging.models import Message  # noqa: E402 - Django is set up first
from wellpost.server.people.models import (  # noqa: E402 - Django is set up first
    Clinician,
    Membership,
    Patient,
    Practice,
    Role,
    User,
)


def prepare(connections: int) -> tuple[list[Sender], list[Sender]]:
    """A practice, a clinician, and for each connection a patient with a thread and a session.

    For the bare view the same, but with a thread of its own.
    """
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    practice = Practice.objects.create(tin=make_tin("bench"), name="Bench")
    clinician = _clinician(practice)
    ours = [_sender(practice, clinician, number, "/portal/threads/") for number in _to(connections)]
    bare = [_sender(practice, clinician, number, "/") for number in _to(connections)]
    return ours, bare


def require_durability() -> None:
    """A figure without it would be worth nothing."""
    with connection.cursor() as cursor:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            cursor.execute(f"SHOW {name}")
            if cursor.fetchone()[0] != "on":
                raise SystemExit(f"PostgreSQL runs with {name} off; the run needs it on")


def kept() -> dict[str, int]:
    """Messages of the run on our side, and how many client keys stand on more than one."""
    of_run = Message.objects.filter(sender_kind="patient", content_type__startswith="application")
    twice = of_run.values("client_key").annotate(times=Count("pk")).filter(times__gt=1)
    return {"messages": of_run.count(), "twice": twice.count()}


def statements_of_a_send(sender: Sender) -> int:
    """From the request to the answer, session and all, besides BEGIN and COMMIT. By Django's test
    client in this process; the most usual of five, since some also note when one was last seen.
    """
    settings.ALLOWED_HOSTS = ["*"]
    client = Client(raise_request_exception=True)
    client.cookies["session"] = sender.session
    counted = []
    for _ in range(5):
        with CaptureQueriesContext(connection) as captured:
            form = {"body": MESSAGE, "client_key": str(uuid.uuid4())}
            answer = client.post(sender.path, form | {"in_reply_to": sender.in_reply_to})
        if answer.status_code != 302:
            raise SystemExit(f"the send was answered with {answer.status_code}")
        counted.append(sum(each["sql"] not in {"BEGIN", "COMMIT"} for each in captured))
    return statistics.mode(counted)


def _to(connections: int) -> range:
    return range(connections)


def _clinician(practice: Practice) -> Clinician:
    user = User.objects.create_user("clinician@example.org", name="Clinician")
    made = Clinician.objects.create(npi=make_npi("bench"), name="Clinician", user=user)
    Membership.objects.create(
        practice=practice, clinician=made, role=Role.CLINICIAN, starts_on="2020-01-01"
    )
    return made


def _sender(practice: Practice, clinician: Clinician, number: int, path: str) -> Sender:
    name = f"patient{number}{'' if path == '/' else 'p'}"
    user = User.objects.create_user(f"{name}@example.org", name=name)
    patient = Patient.objects.create(
        practice=practice, given_name="Patient", family_name=name, user=user,
        account_opened_on="2020-01-01",
    )  # fmt: skip
    first = start_thread(
        practice=practice, patient=patient, by=clinician.user, subject="A matter",
        body="Please answer.", client_key=str(uuid.uuid4()),
    )  # fmt: skip
    return Sender(
        path=f"{path}{first.thread_id}/",
        session=_session(user),
        csrf=get_random_string(32),
        in_reply_to=str(first.pk),
    )


def _session(user: User) -> str:
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore()
    now = int(time.time())
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store["began_at"] = store["seen_at"] = now
    store.create()
    return str(store.session_key)
