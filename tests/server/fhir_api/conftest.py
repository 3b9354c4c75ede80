"""The API as somebody asks it, and a summer in which Dr Chen saw Alice and Carol."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from tests.server.quality import world
from wellpost.server.clock import time as clock
from wellpost.server.people.models import User

SUMMER = {"periodStart": "2021-06-01", "periodEnd": "2021-08-31"}
MESSAGING = "/fhir/Measure/stage-3-secure-messaging"
EVALUATE = f"{MESSAGING}/$evaluate-measure"
FHIR = "application/fhir+json"

Got = tuple[int, dict[str, Any]]


@pytest.fixture(autouse=True)
def september(db):
    """A day in the middle of the story."""
    with clock.held_at(datetime(2021, 9, 15, 14, tzinfo=UTC)):
        yield


@pytest.fixture
def summer(dr_chen, alice, carol) -> None:
    """Both were seen; only Alice was written to."""
    for each in (alice, carol):
        world.seen(each, dr_chen, "2021-06-03")
    world.wrote(dr_chen, alice, "2021-06-04")


@pytest.fixture
def got(as_user) -> Callable[..., Got]:
    """Status and resource of a GET by the user (None: nobody), parameters by name."""

    def ask(by: User | None, address: str = EVALUATE, **query: str) -> Got:
        client = as_user(by) if by else Client()
        answer = client.get(address, query)
        return answer.status_code, answer.json()

    return ask


def why(resource: dict[str, Any]) -> str:
    """The sentence of an OperationOutcome."""
    assert resource["resourceType"] == "OperationOutcome"
    (issue,) = resource["issue"]
    return issue["diagnostics"]


def counts(report: dict[str, Any]) -> tuple[int, int]:
    """Numerator and denominator of a MeasureReport."""
    (group,) = report["group"]
    found = {each["id"]: each["count"] for each in group["population"]}
    assert found["initial-population"] == found["denominator"]
    return found["numerator"], found["denominator"]
