"""Two practices and their people: Dr Chen and Sam of North, Dr Evans of South."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.test import Client

from wellpost.facts.identifiers import make_npi, make_tin
from wellpost.server.people.models import Clinician, Membership, Patient, Practice, Role, User

NOW = datetime(2021, 8, 31, 16, 0, tzinfo=UTC)
SINCE = date(2020, 1, 1)


@dataclass
class World:
    north: Practice
    south: Practice
    chen: Clinician
    evans: Clinician
    sam: User
    rita: User
    alice: Patient
    bob: Patient
    alices_user: User


def account(name: str) -> User:
    return User.objects.create(email=f"{name}@example.org", name=name)


def practice(name: str) -> Practice:
    return Practice.objects.create(name=name, tin=make_tin(name))


def clinician(name: str, at: Practice) -> Clinician:
    made = Clinician.objects.create(npi=make_npi(name), name=name, user=account(name))
    Membership.objects.create(
        practice=at, clinician=made, role=Role.CLINICIAN, starts_on=SINCE, ends_on=None
    )
    return made


def member(name: str, at: Practice, role: Role) -> User:
    made = account(name)
    Membership.objects.create(practice=at, user=made, role=role, starts_on=SINCE)
    return made


def make_world() -> World:
    north, south = practice("north"), practice("south")
    alices_user = account("alice")
    alice = Patient.objects.create(
        practice=north,
        given_name="Alice",
        family_name="Adams",
        birth_on=date(1980, 3, 31),
        user=alices_user,
        account_opened_on=SINCE,
    )
    bob = Patient.objects.create(practice=south, given_name="Bob", family_name="Brown")
    return World(
        north=north,
        south=south,
        chen=clinician("chen", north),
        evans=clinician("evans", south),
        sam=member("sam", north, Role.STAFF),
        rita=member("rita", north, Role.REPORTER),
        alice=alice,
        bob=bob,
        alices_user=alices_user,
    )


def signed_in(user: User | None) -> Client:
    client = Client()
    if user:
        client.force_login(user, backend="wellpost.server.people.backend.ByAddress")
        session = client.session
        session["second_factor"] = True
        session.save()
    return client
