"""The people of the run, signed in, as JSON: `python -m breaking.people SIZE`."""

from __future__ import annotations

import json
import sys
import time
import uuid
from importlib import import_module
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django is set up before its models are loaded
from django.contrib.auth import (  # noqa: E402 - Django is set up first
    BACKEND_SESSION_KEY,
    HASH_SESSION_KEY,
    SESSION_KEY,
)
from django.db import connection  # noqa: E402 - Django is set up first
from django.utils.crypto import get_random_string  # noqa: E402 - Django is set up first

from wellpost.facts.identifiers import make_npi, make_tin  # noqa: E402 - Django is set up first
from wellpost.server.config.second_factor import KEY as SECOND_FACTOR  # noqa: E402 - Django is set up first
from wellpost.server.config.serving import prepare_database  # noqa: E402 - Django is set up first
from wellpost.server.messaging.actions import start_thread  # noqa: E402 - Django is set up first
from wellpost.server.people.models import (  # noqa: E402 - Django is set up first
    Clinician,
    Membership,
    Patient,
    Practice,
    Representative,
    Role,
    User,
)

LONG_AGO = "2020-01-01"
PATIENTS = 8


def people(size: int) -> dict[str, Any]:
    """A practice with patients, and what a client of each needs. `size`: how many conversations
    each has, and how many act for each; two thirds of it are to be closed.
    """
    practice = Practice.objects.create(tin=make_tin("chaos"), name="Chaos")
    doctor = clinician(practice, "Dr One")
    return {
        "patients": [patient(practice, doctor, number, size) for number in range(PATIENTS)],
        "clinicians": [signed_in(doctor.user)],
        "staff": [signed_in(staff(practice, f"Staff {number}")) for number in range(3)],
    }


def patient(practice: Practice, doctor: Clinician, number: int, size: int = 6) -> dict[str, Any]:
    """One patient with conversations and with those who act for them."""
    user = new_user(f"Patient {number}")
    made = Patient.objects.create(
        practice=practice, given_name="Patient", family_name=str(number), user=user,
        account_opened_on=LONG_AGO,
    )  # fmt: skip
    acting = [representative(made, f"Acting {number} {each}") for each in range(size)]
    threads = [thread(made, doctor) for _ in range(size + max(1, size * 2 // 3))]
    return {
        "id": str(made.pk),
        "account": signed_in(user),
        "acting": acting,
        "threads": threads[:size],
        "closing": threads[size:],
    }


def representative(of: Patient, name: str) -> dict[str, Any]:
    """Somebody who may act for the patient, until that is ended."""
    user = new_user(name)
    made = Representative.objects.create(
        patient=of, user=user, name=name, relationship="friend", starts_on=LONG_AGO,
        account_opened_on=LONG_AGO,
    )  # fmt: skip
    return {"id": str(made.pk), "account": signed_in(user)}


def thread(of: Patient, doctor: Clinician) -> str:
    """A conversation that the doctor began."""
    first = start_thread(
        practice=of.practice, patient=of, by=doctor.user, subject="A matter",
        body="Please answer.", client_key=str(uuid.uuid4()),
    )  # fmt: skip
    return str(first.thread_id)


def clinician(practice: Practice, name: str) -> Clinician:
    """A clinician of the practice."""
    made = Clinician.objects.create(npi=make_npi(name), name=name, user=new_user(name))
    Membership.objects.create(
        practice=practice, clinician=made, role=Role.CLINICIAN, starts_on=LONG_AGO
    )
    return made


def staff(practice: Practice, name: str) -> User:
    """Somebody at the front desk."""
    user = new_user(name)
    Membership.objects.create(practice=practice, user=user, role=Role.STAFF, starts_on=LONG_AGO)
    return user


def new_user(name: str) -> User:
    """Somebody with an account and no password: they are signed in here."""
    address = f"{name.lower().replace(' ', '.')}@example.org"
    return User.objects.create_user(address, name=name)


def signed_in(user: User) -> dict[str, str]:
    """A session, with the second factor shown."""
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore()
    now = int(time.time())
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store[SECOND_FACTOR] = True
    store["account_authentication_methods"] = [{"method": "password", "at": now}]
    store["began_at"] = store["seen_at"] = now
    store.create()
    return {"session": str(store.session_key), "csrf": get_random_string(32)}


if __name__ == "__main__":
    if "django_migrations" not in connection.introspection.table_names():
        prepare_database()
    print(json.dumps(people(int(sys.argv[1]))))
