"""A made-up record is the same for one seed, of one patient, and hangs together."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from wellpost.adapters.fhir.exact import write_exact
from wellpost.adapters.fhir.plain import entry
from wellpost.synthetic.record import Visit, make_record


def test_one_seed_makes_one_record() -> None:
    alice = list(make_record("alice", 3))
    assert alice == list(make_record("alice", 3)) != list(make_record("bob", 3))
    assert len({each["id"] for each in alice}) == len(alice)


def test_all_of_it_is_one_patients_and_refers_to_nothing_else() -> None:
    made = list(make_record("alice", 3, patient="Patient/a"))
    ids = {f"{each['resourceType']}/{each['id']}" for each in made} | {"Patient/a"}
    assert all(
        each.get("subject", each.get("patient")) == {"reference": "Patient/a"} for each in made
    )
    assert _references(json.loads(write_exact({"all": made}))) <= ids


def test_twenty_years_grow_with_the_years() -> None:
    long, short = (list(make_record("alice", years)) for years in (20, 1))
    assert len(long) > 12 * len(short) / 2 and len(long) > 600
    days = [day for each in long if (day := entry(each, lambda _: None).on)]
    assert min(days).year == 2001 and max(days) <= date(2021, 9, 30)


def test_what_happened_is_told_for_the_visits_there_were() -> None:
    made = list(make_record("alice", 1, visits=[Visit(date(2021, 6, 3), "e1")]))
    noted = [each for each in made if each.get("encounter") == {"reference": "Encounter/e1"}]
    assert {entry(each, lambda _: None).section for each in noted} >= {"vitals"}


def _references(value: Any) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(_references, value)) if value else set()
    if not isinstance(value, dict):
        return set()
    own = {value["reference"]} if isinstance(value.get("reference"), str) else set()
    return own.union(*map(_references, value.values()))
