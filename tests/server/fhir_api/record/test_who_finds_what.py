"""The authorisation matrix of the API: every kind, operation and search parameter, by everybody.

Alice's and Bob's records hold the same resources word for word, with a value for every parameter of
every kind, made from the table of parameters itself: a new one is in this test by being there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from tests.server.fhir_api.record.conftest import ids, link, observation
from wellpost.server.clock import time as clock
from wellpost.server.people.models import Representative
from wellpost.server.records.indexing import search_values
from wellpost.server.records.models import Resource
from wellpost.server.records.parameters import PARAMETERS, SHARED, Parameter

pytestmark = pytest.mark.django_db
MADE_TOO = ("Organization",)
"""The practice itself is one, made of our own tables."""
ELSEWHERE = "6f1d9ac8-3c1b-4b0e-9d83-0e6f8a7b9c01"


def value_for(parameter: Parameter) -> object:
    """Something of the parameter's kind."""
    return {
        "token": {"coding": [{"system": "urn:s", "code": "c1"}]},
        "code": "active",
        "uri": "urn:u",
        "string": "Zoë",
        "date": "2021-06-03",
        "reference": {"reference": f"{(parameter.targets or ('Group',))[0]}/{ELSEWHERE}"},
    }[parameter.kind]


def filled(kind: str) -> dict[str, Any]:
    """A resource of the kind with a value at every element that is searched."""
    made: dict[str, Any] = {"resourceType": kind}
    for parameter in PARAMETERS[kind].values():
        for path in parameter.paths:
            if not path.startswith("extension["):
                put(made, path.split("."), value_for(parameter))
            else:
                url = path.removeprefix("extension[").partition("]")[0]
                made["extension"] = [{"url": url, "valueDateTime": "2021-06-03"}]
    return made


def put(held: dict[str, Any], steps: list[str], value: object) -> None:
    """Set it there, unless something stands there."""
    *before, last = steps
    for step in before:
        held = held.setdefault(step, {})
        if not isinstance(held, dict):
            return
    held.setdefault(last, value)


def queries(resource: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """For every parameter a value that finds the resource."""
    found = search_values(resource)
    for name, system, code in found.tokens:
        if not name.startswith("_refers"):
            text = f"{system}/{code}" if name in references(resource) else f"{system}|{code}"
            yield name, text.lstrip("|/")
    for name, starts_at, _ in found.moments:
        yield name, starts_at.date().isoformat()


def references(resource: dict[str, Any]) -> set[str]:
    held = PARAMETERS[resource["resourceType"]]
    return {name for name, each in held.items() if each.kind == "reference"}


@pytest.fixture
def twins(has, alice, bob) -> dict[str, dict[str, Resource]]:
    """A resource of every kind in both records, twice; of shared kinds one that each refers to."""
    made: dict[str, dict[str, Resource]] = {"alice": {}, "bob": {}}
    for patient, name in ((alice, "alice"), (bob, "bob")):
        for kind in PARAMETERS:
            own = {"id": str(patient.pk)} if kind == "Patient" else {}
            made[name][kind] = has(patient, filled(kind) | own, own=kind not in SHARED)
        refers = [{"reference": f"{kind}/{made[name][kind].pk}"} for kind in sorted(SHARED)]
        has(patient, {"resourceType": "List", "entry": [{"item": each} for each in refers]})
    return made


def test_every_kind_has_a_value_for_every_parameter():
    missing = []
    for kind, parameters in PARAMETERS.items():
        asked = {name for name, _ in queries(filled(kind))}
        searched = {name for name, each in parameters.items() if each.kind != "patient"}
        missing += sorted(f"{kind}.{name}" for name in searched - asked)
    assert not missing


def test_everybody_finds_their_own_by_every_parameter_and_nobodys_else(twins, app_of, alice, bob):
    wrong = []
    for name, patient in (("alice", alice), ("bob", bob)):
        phone = app_of(patient)
        for kind, row in twins[name].items():
            own = f"{kind}/{row.pk}"
            asked = [*queries(filled(kind)), ("_id", str(row.pk))]
            asked += [] if kind in MADE_TOO else [("_lastUpdated", "gt2000")]
            for parameter, value in asked:
                query = f"{parameter}={quote(value)}&_total=accurate"
                found = phone.get(f"/fhir/{kind}?{query}")
                if found.status_code != 200 or ids(found) != [own] or found.json()["total"] != 1:
                    wrong.append(f"{name}: {kind}?{query}: {found.content[:300]!r}")
    assert not wrong, "\n".join(wrong[:20])


def test_nobody_reads_or_names_what_is_anothers(twins, app_of, alice):
    phone = app_of(alice)
    for kind, row in twins["bob"].items():
        assert phone.get(f"/fhir/{kind}/{row.pk}").status_code == 404, kind
        assert phone.get(f"/fhir/{kind}?_id={row.pk}").json()["total"] == 0, kind
        total = phone.get(f"/fhir/{kind}?_count=0").json()["total"]
        assert total == 1 + (kind in MADE_TOO), kind
        assert phone.get(f"/fhir/{kind}/{twins['alice'][kind].pk}").status_code == 200, kind


def test_a_page_never_leads_to_anothers(twins, app_of, alice, has):
    phone = app_of(alice)
    for kind in sorted(set(PARAMETERS) - SHARED - {"Patient"}):
        second = has(alice, filled(kind))
        page = phone.get(f"/fhir/{kind}?_count=1&_revinclude=Provenance:target")
        after = phone.get(link(page, "next"))
        assert {*ids(page), *ids(after)} == {
            f"{kind}/{twins['alice'][kind].pk}",
            f"{kind}/{second.pk}",
        }
        assert not link(after, "next")


def test_no_kind_is_read_without_its_own_scope(twins, app_of, alice):
    for given in ("Goal", "Location"):
        phone = app_of(alice, scope=f"launch/patient patient/{given}.rs")
        for kind, row in twins["alice"].items():
            expected = 200 if kind == given else 403
            assert phone.get(f"/fhir/{kind}").status_code == expected, kind
            assert phone.get(f"/fhir/{kind}/{row.pk}").status_code == expected, kind
            form = phone.get(f"/fhir/{kind}/_search")
            assert form.status_code == expected, kind


@pytest.mark.parametrize(
    "days", [(1, None), (-20, -1)], ids=["before it begins", "after it has ended"]
)
def test_a_representative_finds_all_while_in_force_and_nothing_else(
    days, twins, app_of, alice, amir
):
    phone = app_of(alice, amir.user)
    addresses = [
        *(f"/fhir/{kind}" for kind in PARAMETERS),
        *(f"/fhir/{kind}/{row.pk}" for kind, row in twins["alice"].items()),
        "/fhir/Patient/$everything",
    ]
    assert {phone.get(each).status_code for each in addresses} == {200}
    starts, ends = (day_from_now(each) for each in days)
    Representative.objects.filter(pk=amir.pk).update(starts_on=starts, ends_on=ends)
    answers = {phone.get(each) for each in addresses}
    assert {each.status_code for each in answers} == {401}
    assert not [each for each in answers if b"Zo" in each.content or b'"total"' in each.content]


def test_a_representative_for_messages_alone_finds_nothing(twins, app_of, alice, amir):
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
