"""The server's tables as facts: the same columns, the surviving record, the day of first access."""

from __future__ import annotations

import pytest
from sqlglot import exp

from tests.server.quality import world
from wellpost.facts.tables import TABLES
from wellpost.server.quality.mapping import tables
from wellpost.server.quality.source import server_source

LATER: set[str] = set()
"""Tables that the server has no place for yet."""

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def rows(name: str, at: world.Practice | None = None) -> list[dict[str, object]]:
    source = server_source(at)
    names = TABLES[name].names
    query = exp.select("*").from_(source.tables[name].copy().subquery("fact"))
    return [dict(zip(names, row, strict=True)) for row in source.run(query)]


@pytest.mark.parametrize("name", sorted(set(TABLES) - LATER))
@pytest.mark.parametrize("dialect", ["sqlite", "postgres"])
def test_each_table_has_the_columns_of_its_description(name, dialect):
    assert tuple(tables(dialect, one_practice=False)[name].named_selects) == TABLES[name].names


@pytest.mark.parametrize("name", sorted(set(TABLES) - LATER))
def test_each_table_can_be_asked_for_one_practice_and_for_all(name):
    assert rows(name) == rows(name, world.practice()) == []


def test_identifiers_have_one_form_whatever_table_they_stand_in():
    here = world.practice()
    ann, doctor = world.patient("Ann", here), world.clinician("Doctor", here)
    world.seen(ann, doctor, "2021-06-03")
    world.wrote(doctor, ann, "2021-06-04")
    (seen,), (sent,) = rows("encounters"), rows("messages")
    assert seen["patient_id"] == sent["patient_id"] == ann.pk.hex


def test_a_cancelled_encounter_is_none():
    here = world.practice()
    ann, doctor = world.patient("Ann", here), world.clinician("Doctor", here)
    world.seen(ann, doctor, "2021-06-03", cancelled_at=world.moment("2021-06-04"))
    assert rows("encounters") == []


def available(message) -> str:
    found = {row["message_id"]: row["available_on"] for row in rows("messages")}
    return str(found[message.pk.hex])


def test_a_message_can_be_opened_on_the_day_it_was_sent_by_who_has_an_account():
    here = world.practice()
    ann = world.patient("Ann", here, account_opened_on="2021-01-05")
    assert available(world.wrote(None, ann, "2021-06-04")) == "2021-06-04"


def test_a_message_waits_for_the_account():
    here = world.practice()
    ann = world.patient("Ann", here, account_opened_on="2021-09-05")
    assert available(world.wrote(None, ann, "2021-06-04")) == "2021-09-05"


def test_a_message_that_nobody_can_open_yet_waits_for_ever():
    here = world.practice()
    ann = world.patient("Ann", here, account_opened_on=None)
    world.representative(ann, None, "2021-01-01")
    assert available(world.wrote(None, ann, "2021-06-04")) == "9999-12-31"


@pytest.mark.parametrize(
    ("opened", "starts", "ends", "opened_on"),
    [
        ("2021-01-01", "2021-01-01", None, "2021-06-04"),
        ("2021-01-01", "2021-01-01", "2021-06-04", "2021-06-04"),
        ("2021-01-01", "2021-01-01", "2021-06-03", "9999-12-31"),
        ("2021-01-01", "2021-07-01", None, "2021-07-01"),
        ("2021-08-01", "2021-07-01", None, "2021-08-01"),
        ("2021-08-01", "2021-07-01", "2021-07-31", "9999-12-31"),
    ],
)
def test_a_representative_opens_it_between_the_days_of_the_representation(
    opened, starts, ends, opened_on
):
    ann = world.patient("Ann", world.practice(), account_opened_on=None)
    world.representative(ann, opened, starts, ends)
    assert available(world.wrote(None, ann, "2021-06-04")) == opened_on


def test_a_representative_without_the_right_to_messages_opens_none():
    ann = world.patient("Ann", world.practice(), account_opened_on=None)
    world.representative(ann, "2021-01-01", "2021-01-01", may_message=False)
    assert available(world.wrote(None, ann, "2021-06-04")) == "9999-12-31"


def test_the_first_who_can_open_it_decides():
    ann = world.patient("Ann", world.practice(), account_opened_on="2021-09-01")
    world.representative(ann, "2021-01-01", "2021-07-10")
    assert available(world.wrote(None, ann, "2021-06-04")) == "2021-07-10"


def test_the_account_of_a_merged_record_opens_the_messages_of_the_surviving_one():
    here = world.practice()
    kept = world.patient("Ann", here, account_opened_on=None)
    merged = world.patient("Anne", here, account_opened_on="2021-03-01")
    merged.merged_into = kept
    merged.save()
    assert available(world.wrote(None, kept, "2021-06-04")) == "2021-06-04"


def test_a_message_retracted_unread_was_not_sent_and_one_that_was_read_was():
    here = world.practice()
    ann, doctor = world.patient("Ann", here), world.clinician("Doctor", here)
    unread = world.wrote(doctor, ann, "2021-06-04", retracted_at=world.moment("2021-06-06"))
    unread.receipts.create(user=doctor.user, read_at=world.moment("2021-06-04"))
    read = world.wrote(doctor, ann, "2021-06-04", retracted_at=world.moment("2021-06-06"))
    read.receipts.create(user=ann.user, read_at=world.moment("2021-06-05"))
    assert [row["message_id"] for row in rows("messages")] == [read.pk.hex]
