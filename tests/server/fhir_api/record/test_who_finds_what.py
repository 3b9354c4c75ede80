"""What no table of single questions shows: pages, authority that ends, and what waits.

The table itself is in test_matrix.py.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.server.fhir_api.record.conftest import ids, link, observation
from tests.server.fhir_api.record.matrix_world import filled, id_in
from wellpost.server.clock import time as clock
from wellpost.server.people.models import Representative
from wellpost.server.records.models import Resource
from wellpost.server.records.parameters import PARAMETERS, SHARED

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(has, alice) -> dict[str, Resource]:
    """A resource of every kind in Alice's record; of shared kinds one that it refers to."""
    made = {}
    for kind in PARAMETERS:
        own = {"id": str(alice.pk)} if kind == "Patient" else {}
        made[kind] = has(alice, whole(alice, kind) | own, own=kind not in SHARED)
    refers = [{"reference": f"{kind}/{made[kind].pk}"} for kind in sorted(SHARED)]
    has(alice, {"resourceType": "List", "entry": [{"item": each} for each in refers]})
    return made


def whole(patient, kind):
    return filled(kind, lambda to: id_in(patient, to))


def test_a_page_never_leads_to_anothers(record, app_of, alice, bob, has):
    phone = app_of(alice)
    for kind in sorted(set(PARAMETERS) - SHARED - {"Patient"}):
        second = has(alice, whole(alice, kind))
        has(bob, whole(alice, kind))
        page = phone.get(f"/fhir/{kind}?_count=1&_revinclude=Provenance:target")
        after = phone.get(link(page, "next"))
        assert {*ids(page), *ids(after)} == {f"{kind}/{record[kind].pk}", f"{kind}/{second.pk}"}
        assert not link(after, "next")


@pytest.mark.parametrize(
    "days", [(1, None), (-20, -1)], ids=["before it begins", "after it has ended"]
)
def test_a_representative_finds_all_while_in_force_and_nothing_else(
    days, record, app_of, alice, amir
):
    phone = app_of(alice, amir.user)
    addresses = [
        *(f"/fhir/{kind}" for kind in PARAMETERS),
        *(f"/fhir/{kind}/{row.pk}" for kind, row in record.items()),
        "/fhir/Patient/$everything",
    ]
    assert {phone.get(each).status_code for each in addresses} == {200}
    starts, ends = (day_from_now(each) for each in days)
    Representative.objects.filter(pk=amir.pk).update(starts_on=starts, ends_on=ends)
    answers = {phone.get(each) for each in addresses}
    assert {each.status_code for each in answers} == {401}
    assert not [each for each in answers if b"Zo" in each.content or b'"total"' in each.content]


def test_a_representative_for_messages_alone_finds_nothing(app_of, alice, amir):
    phone = app_of(alice, amir.user)
    Representative.objects.filter(pk=amir.pk).update(may_see_record=False)
    assert {phone.get(f"/fhir/{kind}").status_code for kind in PARAMETERS} == {401}


def day_from_now(days: int | None) -> date | None:
    return None if days is None else clock.now().date() + timedelta(days=days)


def test_what_waits_is_not_found_counted_sorted_or_paged_over(app_of, alice, has):
    shown = has(alice, observation(on="2021-06-01"))
    later = clock.now() + timedelta(days=3)
    for day in ("2021-05-01", "2021-07-01"):
        has(alice, observation(on=day), available_to_patient_at=later)
    phone = app_of(alice)
    page = phone.get("/fhir/Observation?_count=1&_total=accurate&_sort=date")
    assert ids(page) == [f"Observation/{shown.pk}"] and page.json()["total"] == 1
    assert not link(page, "next")
    assert len(ids(phone.get("/fhir/Patient/$everything?_type=Observation"))) == 1
