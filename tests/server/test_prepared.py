"""Compiled once, run many times: the same rows as Django's own query, for each value."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone
from uuid import uuid4

import pytest
from django.apps import apps
from django.db.models import Exists, F, Model, OuterRef, Q, UUIDField
from django.db.models.signals import post_init, pre_init

from wellpost.server.people.models import Membership, Patient, Practice
from wellpost.server.prepared import Plan, Prepared, PreparedRows, Slot

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def of_practice():
    found = Patient.objects.filter(practice=Slot("practice", UUIDField()))
    return found.select_related("practice", "merged_into", "user").order_by("family_name")


def test_each_value_gives_its_own_rows(alice, carol, bob):
    patients = Prepared(of_practice)
    for practice in Practice.objects.all():
        expected = list(of_practice_plainly(practice))
        found = patients(practice=practice.pk)
        assert found == expected
        assert [vars(each).keys() for each in found] == [vars(each).keys() for each in expected]
    assert patients(practice=uuid4()) == []


def test_a_value_of_another_type_than_the_field_is_made_one(alice):
    by_key = Prepared(lambda: Patient.objects.filter(pk=Slot("patient", UUIDField())))
    assert by_key(patient=str(alice.pk)) == by_key(patient=alice.pk) == [alice]


def of_practice_plainly(practice):
    found = Patient.objects.filter(practice=practice)
    return found.select_related("practice", "merged_into", "user").order_by("family_name")


def test_what_is_joined_needs_no_further_statement(alice, carol, django_assert_num_queries):
    carol.merged_into = alice
    carol.save()
    patients = Prepared(of_practice)
    with django_assert_num_queries(1):
        first, second = patients(practice=alice.practice_id)
        assert (first.practice.name, first.user.name) == ("Harbor Family Practice", "Alice Arden")
        assert first.merged_into is None
        assert (second.merged_into, second.merged_into.email) == (alice, "alice@example.org")
        assert second.user is None


def test_it_is_compiled_once(alice, monkeypatch):
    made = []
    monkeypatch.setattr(Plan, "__init__", counted(Plan.__init__, made))
    patients = Prepared(of_practice)
    for _ in range(3):
        assert patients(practice=alice.practice_id) == [alice]
    assert len(made) == 1


def counted(function, made):
    def counting(self, query):
        made.append(1)
        function(self, query)

    return counting


def test_annotations_and_choices_come_along(alice, dr_chen, sam_staff):
    def build():
        same = Membership.objects.filter(practice=OuterRef("pk"), user=Slot("user", UUIDField()))
        return Practice.objects.annotate(works=Exists(same), again=F("name"))

    practices = Prepared(build)
    assert [(e.works, e.again) for e in practices(user=sam_staff.pk)] == [
        (True, "Harbor Family Practice")
    ]
    assert not practices(user=alice.user.pk)[0].works


def test_plain_rows_are_those_of_values_list(alice, carol, bob):
    fields = ("pk", "birth_on", "created_at", "practice__name", "is_kept", "user_id")

    def build():
        kept = Exists(Patient.objects.filter(merged_into=OuterRef("pk")))
        found = Patient.objects.filter(practice=Slot("practice", UUIDField()))
        return found.annotate(is_kept=kept).order_by("family_name").values_list(*fields)

    carol.merged_into = alice
    carol.save()
    rows = PreparedRows(build)
    for practice in Practice.objects.all():
        plain = Patient.objects.filter(practice=practice).annotate(
            is_kept=Exists(Patient.objects.filter(merged_into=OuterRef("pk")))
        )
        expected = list(plain.order_by("family_name").values_list(*fields))
        assert [tuple(each) for each in rows(practice=practice.pk)] == expected
    assert rows(practice=uuid4()) == []


def test_a_value_can_stand_in_several_places_and_be_nothing(alice, carol):
    def build():
        kept = Slot("kept", UUIDField())
        return Patient.objects.filter(Q(pk=kept) | Q(merged_into=kept)).order_by("pk")

    carol.merged_into = alice
    carol.save()
    records = Prepared(build)
    assert set(records(kept=alice.pk)) == {alice, carol}
    assert records(kept=None) == []


def test_days_and_fields_left_out_come_as_django_gives_them(alice):
    found = Prepared(lambda: Patient.objects.filter(pk=Slot("pk", UUIDField())).only("birth_on"))
    patient = found(pk=alice.pk)[0]
    assert patient.birth_on == date(1980, 2, 3)
    assert patient.get_deferred_fields() >= {"given_name", "email"}
    assert patient.given_name == "Alice"


def test_moments_come_as_django_gives_them(alice):
    moment = datetime(2021, 7, 4, 1, 2, 3, 456789, timezone(timedelta(hours=-5)))
    Patient.objects.filter(pk=alice.pk).update(created_at=moment)
    asked = Patient.objects.filter(pk=alice.pk).values_list("created_at")
    ((found,),) = PreparedRows(lambda: asked)()
    assert (found, found.tzinfo) == (moment, UTC)
    assert repr(found) == repr(asked.get()[0])


def test_each_thread_compiles_for_itself():
    patients = Prepared(of_practice)
    with ThreadPoolExecutor(2) as pool:
        plans = set(pool.map(lambda _: id(patients._plan()), range(2)))
    assert id(patients._plan()) not in plans


def test_a_value_that_was_forgotten_is_missed(alice):
    with pytest.raises(KeyError, match="practice"):
        Prepared(of_practice)()


def test_nobody_listens_to_models_being_made():
    """Prepared rows become models without Django's signals, and without a model's own making."""
    for each in apps.get_models():
        assert not pre_init.has_listeners(each), each
        assert not post_init.has_listeners(each), each
        if each.__module__.startswith("wellpost."):
            assert (
                each.__init__ is Model.__init__ and each.from_db.__func__ is Model.from_db.__func__
            )
