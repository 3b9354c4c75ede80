"""What is written by statements compiled once: the same rows as Django's own saving."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import CharField, UUIDField

from wellpost.server.audit.models import AuditRow
from wellpost.server.changes import PreparedUpdate, at_once, insert
from wellpost.server.clock import time as clock
from wellpost.server.people.models import Patient, PatientIdentifier, Practice
from wellpost.server.prepared import Slot

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def test_an_insert_keeps_what_save_would(alice, dr_chen):

    moment = clock.now()
    row = AuditRow(recorded_at=moment, deed="patient_read", details={"count": 1}, address=None)
    insert(row)
    kept = AuditRow.objects.get(pk=row.pk)
    assert (kept.recorded_at, kept.deed, kept.details) == (moment, "patient_read", {"count": 1})
    named = PatientIdentifier(patient=alice, practice=alice.practice, system="s", value="v")
    for _ in range(2):
        insert(named)
        assert PatientIdentifier.objects.get(pk=named.pk).patient == alice
        named = PatientIdentifier(patient=alice, practice=alice.practice, system="s", value="w")
    assert not named.pk


def test_what_the_database_refuses_is_said_as_django_says_it(alice):

    for _ in range(2):
        twice = PatientIdentifier(patient=alice, practice=alice.practice, system="s", value="v")
        if PatientIdentifier.objects.exists():
            with pytest.raises(IntegrityError), transaction.atomic():
                insert(twice)
        else:
            insert(twice)
    assert PatientIdentifier.objects.count() == 1


@pytest.fixture
def renamed() -> PreparedUpdate:
    return PreparedUpdate(
        lambda: (
            Patient.objects.filter(pk=Slot("patient", UUIDField())),
            {"family_name": Slot("name", CharField())},
        )
    )


def test_an_update_tells_how_many_it_found(renamed, alice):
    assert renamed(patient=alice.pk, name="Adler") == 1
    assert renamed(patient=uuid4(), name="Nobody") == 0
    assert Patient.objects.get(pk=alice.pk).family_name == "Adler"


def test_changes_are_made_all_or_none(renamed, alice, bob):
    row = AuditRow(recorded_at=clock.now(), deed="patient_changed", details={"fields": 1})
    at_once(renamed.to(patient=alice.pk, name="Adler"), row)
    assert AuditRow.objects.get(pk=row.pk).details == {"fields": 1}
    assert Patient.objects.get(pk=alice.pk).family_name == "Adler"
    with pytest.raises(IntegrityError), transaction.atomic():
        again = AuditRow(pk=row.pk, event_id=row.event_id, recorded_at=clock.now(), deed="x")
        at_once(renamed.to(patient=alice.pk, name="Aldous"), again)
    assert Patient.objects.get(pk=alice.pk).family_name == "Adler"


def test_several_are_one_statement_where_the_database_can(
    renamed, alice, dr_chen, django_assert_num_queries
):
    """A person, their key and what is told of it, as a message is written."""
    one = Practice(tin="112223333", name="Hill Practice", time_zone="America/New_York")
    theirs = Patient(practice=one, given_name="Bo", family_name="Hill", birth_on=date(1950, 1, 2))
    row = AuditRow(recorded_at=clock.now(), deed="patient_changed", details={})
    together = connection.vendor == "postgresql"
    with transaction.atomic(), django_assert_num_queries(1 if together else 4):
        at_once(one, theirs, renamed.to(patient=alice.pk, name="Adler"), row)
    assert Patient.objects.get(pk=theirs.pk).practice == one
    assert AuditRow.objects.get(pk=row.pk).deed == "patient_changed"
    assert not any(each._state.adding for each in (one, theirs, row))
