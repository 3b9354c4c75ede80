"""The people every server test has in it: see the names below; Bob and Dr Evans are outsiders.

Alice is a patient of the practice; Amir represents her. Dr Chen treats her, Dr Diaz covers for
Dr Chen; Sam is at the front desk, Ada administers. Bob is a patient, and Dr Evans a clinician,
of the other practice.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.models import EmailAddress
from allauth.mfa import app_settings
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from django.core.cache import cache
from django.db import connection
from django.test import Client, TransactionTestCase
from pytest_django import DjangoDbBlocker

from tests.worlds.migrated import Migrated
from wellpost.facts.identifiers import make_npi, make_tin
from wellpost.server.audit.models import AuditRow
from wellpost.server.clock import time as clock
from wellpost.server.people.models import (
    Clinician,
    Membership,
    Patient,
    Practice,
    Representative,
    Role,
    User,
)

APPEND_ONLY = import_module("wellpost.server.audit.migrations.0002_append_only")
SEALED_ONCE = import_module("wellpost.server.audit.migrations.0004_sealed_once")
"""Their `lift` is the only way to alter the audit; nothing in src calls it."""

LONG_AGO = date(2020, 1, 1)
PASSWORD = "correct horse battery staple"


def make_user(name: str) -> User:
    """Somebody with an account whose address was shown to be theirs."""
    address = f"{name.lower().replace(' ', '.')}@example.org"
    user = User.objects.create_user(address, PASSWORD, name=name)
    EmailAddress.objects.create(user=user, email=address, verified=True, primary=True)
    return user


def make_clinician(practice: Practice, name: str) -> Clinician:
    """A clinician of the practice, with an account."""
    clinician = Clinician.objects.create(npi=make_npi(name), name=name, user=make_user(name))
    Membership.objects.create(
        practice=practice, clinician=clinician, role=Role.CLINICIAN, starts_on=LONG_AGO
    )
    return clinician


def make_member(practice: Practice, name: str, role: Role) -> User:
    """Somebody with an account and a role other than clinician."""
    user = make_user(name)
    Membership.objects.create(practice=practice, user=user, role=role, starts_on=LONG_AGO)
    return user


def make_patient(practice: Practice, name: str, *, user: User | None = None) -> Patient:
    """A patient of the practice, born on 1980-02-03."""
    given_name, family_name = name.split()
    return Patient.objects.create(
        practice=practice,
        given_name=given_name,
        family_name=family_name,
        birth_on=date(1980, 2, 3),
        email=f"{given_name.lower()}@example.org",
        user=user,
        account_opened_on=LONG_AGO if user else None,
    )


@pytest.fixture(autouse=True, scope="session")
def restored_after_transactions(migrated: Migrated) -> Iterator[None]:
    """After a test that committed, the database is as the migrations left it."""

    def restored(self: TransactionTestCase) -> None:
        migrated.restore()
        cache.clear()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", restored)
        yield


@pytest.fixture
def empty_database(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Callable[[Path], None]:
    """`empty_database(path)`: a SQLite of a server's with every table and nothing in it.

    For tests that start the server beside them; making the tables takes it ten seconds. With
    PostgreSQL none is put there, and the server makes them itself.
    """

    def put(path: Path) -> None:
        if connection.vendor == "sqlite":
            with django_db_blocker.unblock():
                connection.ensure_connection()
                with closing(sqlite3.connect(path)) as copy:
                    connection.connection.backup(copy)

    return put


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is noon at the practice and goes on from there: what a test does and what it then looks
    for as of today are of one day.
    """
    began = datetime.now(UTC)
    noon = began.replace(hour=17)
    monkeypatch.setattr(clock, "now", lambda: noon + (datetime.now(UTC) - began))


@pytest.fixture
def practice(db: None) -> Practice:
    return Practice.objects.create(
        tin=make_tin("Harbor Family Practice"),
        name="Harbor Family Practice",
        time_zone="America/New_York",
    )


@pytest.fixture
def other_practice(db: None) -> Practice:
    return Practice.objects.create(
        tin=make_tin("Hill Clinic"), name="Hill Clinic", time_zone="America/Chicago"
    )


@pytest.fixture
def dr_chen(practice: Practice) -> Clinician:
    return make_clinician(practice, "Dr Chen")


@pytest.fixture
def dr_diaz(practice: Practice) -> Clinician:
    return make_clinician(practice, "Dr Diaz")


@pytest.fixture
def dr_evans(other_practice: Practice) -> Clinician:
    return make_clinician(other_practice, "Dr Evans")


@pytest.fixture
def sam_staff(practice: Practice) -> User:
    return make_member(practice, "Sam Stone", Role.STAFF)


@pytest.fixture
def ada_admin(practice: Practice) -> User:
    return make_member(practice, "Ada Moss", Role.ADMINISTRATOR)


@pytest.fixture
def rita_reporter(practice: Practice) -> User:
    return make_member(practice, "Rita Wolfe", Role.REPORTER)


@pytest.fixture
def alice(practice: Practice) -> Patient:
    return make_patient(practice, "Alice Arden", user=make_user("Alice Arden"))


@pytest.fixture
def carol(practice: Practice) -> Patient:
    """A patient of the practice who has no account yet."""
    return make_patient(practice, "Carol Cove")


@pytest.fixture
def bob(other_practice: Practice) -> Patient:
    return make_patient(other_practice, "Bob Birch", user=make_user("Bob Birch"))


@pytest.fixture
def amir(alice: Patient) -> Representative:
    """Alice's representative; `amir.user` signs in."""
    return Representative.objects.create(
        patient=alice,
        user=make_user("Amir Arden"),
        name="Amir Arden",
        email="amir.arden@example.org",
        relationship="spouse",
        starts_on=LONG_AGO,
        account_opened_on=LONG_AGO,
    )


def give_totp(user: User) -> str:
    """Set up an authenticator app for the user; gives its secret."""
    secret: str = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def code_of(secret: str) -> str:
    """What the app shows now: also accepted half a minute later."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // app_settings.TOTP_PERIOD)))


def signed_in(client: Client, user: User) -> Client:
    """The client, signed in as the user just now with a password; the user has a second factor."""
    if not user.authenticator_set.exists():
        give_totp(user)
    client.force_login(user)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


@pytest.fixture
def as_user() -> Callable[[User], Client]:
    """A browser of its own, signed in as the user given."""
    return lambda user: signed_in(Client(), user)


@pytest.fixture
def deeds(db: None) -> Callable[[], list[str]]:
    """The deeds on record, in order."""
    return lambda: list(AuditRow.objects.values_list("deed", flat=True))
