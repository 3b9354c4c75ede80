"""What stands in records, and apps that read them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.server.records.conftest import kept  # noqa: F401 - the same fixture
from tests.server.smart.conftest import Phone, approved, registered  # noqa: F401 - the same
from wellpost.server.people.models import Patient, Practice, User
from wellpost.server.records.keeping import keep
from wellpost.server.records.models import Resource
from wellpost.server.smart.actions import decide
from wellpost.server.smart.models import Decision

LOINC, SNOMED, RXNORM = (
    "http://loinc.org",
    "http://snomed.info/sct",
    "http://www.nlm.nih.gov/research/umls/rxnorm",
)
HL7 = "http://terminology.hl7.org/CodeSystem"
OBSERVED = f"{HL7}/observation-category"


def concept(system: str, code: str, text: str = "") -> dict[str, Any]:
    """A CodeableConcept of one coding."""
    return {"coding": [{"system": system, "code": code}], **({"text": text} if text else {})}


def observation(code: str = "8867-4", on: str = "2021-06-03", **more: Any) -> dict[str, Any]:
    """A vital sign."""
    return {
        "resourceType": "Observation",
        "status": "final",
        "category": [concept(OBSERVED, "vital-signs")],
        "code": concept(LOINC, code),
        "effectiveDateTime": on,
        "valueQuantity": {
            "value": 70,
            "unit": "/min",
            "system": "http://unitsofmeasure.org",
            "code": "/min",
        },
        **more,
    }


Keep = Callable[..., Resource]


@pytest.fixture
def has(db: None) -> Keep:
    """Keeps a resource in a patient's record, its subject set; None: the practice's own."""

    def of(
        patient: Patient, resource: dict[str, Any], *, own: bool = True, **more: Any
    ) -> Resource:
        return keep(
            practice=patient.practice,
            patient=patient if own else None,
            resource=resource,
            by=None,
            **more,
        )

    return of


@pytest.fixture
def app_of(registered, as_user, ada_admin) -> Callable[..., Phone]:  # noqa: F811 - pytest's way
    """An app that this patient's practice approved and this user let in: with tokens in hand."""

    def of(patient: Patient, user: User | None = None, **choices: Any) -> Phone:
        made = registered()
        approve(made.app, patient.practice, ada_admin)
        phone = Phone(made, as_user(user or patient.user))
        phone.connect(record=patient.pk, **choices)
        return phone

    return of


def approve(app: Any, practice: Practice, admin: User) -> None:
    """By the practice's own administrator, whoever that is."""
    from tests.server.conftest import make_member
    from wellpost.server.people.models import Membership, Role

    if not Membership.objects.filter(user=admin, practice=practice).exists():
        admin = make_member(practice, f"Admin {practice.tin}", Role.ADMINISTRATOR)
    decide(app=app, practice=practice, by=admin, decision=Decision.APPROVED)


def ids(answer: Any) -> list[str]:
    """The resources found, by kind and id, in their order."""
    bundle = answer.json()
    assert bundle["resourceType"] == "Bundle", bundle
    return [
        f"{each['resource']['resourceType']}/{each['resource']['id']}"
        for each in bundle.get("entry", [])
        if each["search"]["mode"] == "match"
    ]


def link(answer: Any, relation: str) -> str:
    """The address of a link of the bundle, as the test's client takes it; empty without."""
    found = {each["relation"]: each["url"] for each in answer.json()["link"]}
    return found.get(relation, "").removeprefix("http://localhost:8000")


def anonymous() -> Client:
    """A client that nobody signed in with."""
    return Client()
