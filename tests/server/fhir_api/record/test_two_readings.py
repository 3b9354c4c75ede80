"""The search in SQL and the plain one in Python find the same, and nothing that may not be seen."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from tests.server.fhir_api.record.conftest import concept, observation
from wellpost.server.clock import time as clock
from wellpost.server.fhir_api.record import criteria, matching, statements
from wellpost.server.fhir_api.record.conditions import Seen
from wellpost.server.fhir_api.record.criteria import PREFIXES, About
from wellpost.server.fhir_api.record.own import Made
from wellpost.server.fhir_api.record.statements import Order
from wellpost.server.records.bodies import resource_of
from wellpost.server.records.indexing import search_values

NEW_YORK = ZoneInfo("America/New_York")
LATER, FOREVER = datetime(2100, 1, 1, tzinfo=UTC), datetime(2101, 1, 1, tzinfo=UTC)
DATES = ("2021", "2021-06", "2021-06-03", "2021-06-03T00:00:00-04:00", "2021-06-03T12:30:00Z")
EVENTS = (
    *({"effectiveDateTime": each} for each in DATES),
    {"effectivePeriod": {"start": "2021-05-30", "end": "2021-06-10"}},
    {"effectivePeriod": {"start": "2021-06-03"}},
    {"effectivePeriod": {"end": "2021-06-03"}},
    {"effectiveInstant": "2021-06-03T12:30:00.250Z"},
    {},
)
CODES = (
    [concept("urn:a", "1")],
    [concept("urn:b", "1"), concept("urn:a", "2")],
    [concept("", "3")],
)


@pytest.fixture
def hidden(has, alice, bob):
    """Of every code what waits, what was taken back, and what is another's: never found."""
    for category in CODES:
        has(alice, observation(category=category), available_to_patient_at=FOREVER)
        has(alice, observation(category=category, status="entered-in-error"))
        has(bob, observation(category=category))


@pytest.fixture
def pool(has, alice, hidden):
    """Observations of every kind of date and code, kept, and the same as if made."""
    rows = []
    for event, category in product(EVENTS, CODES):
        resource = observation(category=category) | event
        if not event.get("effectiveDateTime"):
            resource.pop("effectiveDateTime", None)
        rows.append(has(alice, resource))
    made = [
        Made(
            row.pk,
            row.kind,
            row.body,
            "1",
            row.changed_at,
            search_values(resource_of(row), NEW_YORK),
        )
        for row in rows
    ]
    return rows, made


def asked():
    """Every prefix with every precision; codes in every form; both at once; ids and changes."""
    dates = [("date", f"{prefix}{date}") for prefix, date in product(PREFIXES, DATES)]
    codes = [("category", each) for each in ("1", "urn:a|1", "urn:a|", "|3", "urn:b|2", "2,3")]
    changed = [("_lastUpdated", f"{each}2021-09-15") for each in PREFIXES]
    changed += [("_lastUpdated", f"{each}2021-09-15T14:00:00Z") for each in PREFIXES]
    yield from ([each] for each in [*dates, *codes, *changed])
    yield from ([date, code] for date, code in product(dates[::7], codes))
    yield [("date", "ge2021-06,lt2021-05-30"), ("status", "final")]
    yield [("encounter", "Encounter/6f1d9ac8-3c1b-4b0e-9d83-0e6f8a7b9c01")]


@pytest.mark.django_db
@pytest.mark.postgresql
@pytest.mark.parametrize("order", [Order(), Order("changed_at", falling=False)])
def test_both_find_the_same_in_the_same_order(pool, alice, order):
    _, made = pool
    about = About(frozenset([str(alice.pk)]), NEW_YORK, "http://localhost/fhir")
    seen = Seen((alice.pk,), LATER)
    assert clock.now() < seen.now
    for place, pairs in enumerate(asked()):
        query = criteria.read("Observation", pairs, about).query
        plain = {each.id for each in matching.found(made, query)}
        found = statements.page(query, seen, order, None, 1000)
        assert {each.id for each in found} == plain, pairs
        assert statements.count(query, seen) == len(plain), pairs
        if place % 5 == 0:
            assert one_by_one(query, seen, order) == [each.id for each in found], pairs


def one_by_one(query, seen, order):
    """The ids in pages of seven."""
    found, after = [], None
    while page := statements.page(query, seen, order, after, 7):
        found += [each.id for each in page]
        after = (order.value_of(page[-1]), page[-1].id)
    return found
