"""The worklist: sorted as one likes, with the next visit, taken away as a file."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest

from tests.server.quality import world
from wellpost.server.clock import time as clock
from wellpost.server.quality.models import Appointment

pytestmark = pytest.mark.postgresql

SUMMER = {"program": "stage-3:2021", "start": "2021-06-01", "end": "2021-08-31"}
NAMES = ("Alice Arden", "Carol Cove", "Bea Zorn")


@pytest.fixture(autouse=True)
def september():
    with clock.held_at(datetime(2021, 9, 15, 14, tzinfo=UTC)):
        yield


def planned(who, by, on: str, **more) -> Appointment:
    fields = {"practice": who.practice, "kind": "office_visit", "source_system": "test", **more}
    return Appointment.objects.create(
        patient=who, clinician=by, planned_on=world.day(on), source_id=f"{who.pk}{on}", **fields
    )


@pytest.fixture
def summer(practice, dr_chen, alice, carol):
    """Alice can read messages; Carol comes soonest, Bea was seen last."""
    bea = world.patient("Bea", practice, account_opened_on=None)
    bea.family_name = "Zorn"
    bea.save()
    for who, on in ((alice, "2021-07-03"), (carol, "2021-06-03"), (bea, "2021-08-03")):
        world.seen(who, dr_chen, on)
    planned(carol, dr_chen, "2021-09-20")
    planned(carol, dr_chen, "2021-09-14")
    planned(bea, dr_chen, "2021-10-20")
    planned(alice, dr_chen, "2021-09-16", cancelled_at=world.moment("2021-09-14"))
    return f"/clinic/measures/{dr_chen.npi}/secure-messaging/worklist/"


def order(page: str) -> list[str]:
    places = {name.split()[0]: page.index(f">{name}<") for name in NAMES}
    return sorted(places, key=places.__getitem__)


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("", ["Alice", "Bea", "Carol"]),
        ("reachable", ["Alice", "Bea", "Carol"]),
        ("-reachable", ["Carol", "Bea", "Alice"]),
        ("name", ["Alice", "Carol", "Bea"]),
        ("-name", ["Bea", "Carol", "Alice"]),
        ("last_seen", ["Carol", "Alice", "Bea"]),
        ("-last_seen", ["Bea", "Alice", "Carol"]),
        ("next_visit", ["Carol", "Bea", "Alice"]),
        ("nonsense", ["Alice", "Bea", "Carol"]),
    ],
)
def test_it_is_sorted_by_what_one_asks_for(as_user, sam_staff, summer, sort, names):
    browser = as_user(sam_staff)
    browser.get("/clinic/measures/", SUMMER)
    page = browser.get(summer, {"sort": sort} if sort else {}).content.decode()
    assert order(page) == names


def test_the_next_visit_is_the_first_from_today_on_that_stands(as_user, sam_staff, summer):
    page = as_user(sam_staff).get(summer).content.decode()
    assert "next visit September 20, 2021" in page
    assert "next visit October 20, 2021" in page
    assert "September 16" not in page
    assert "September 14" not in page


def test_the_list_is_taken_away_with_the_next_visit(as_user, sam_staff, dr_chen, carol, summer):
    browser = as_user(sam_staff)
    browser.get("/clinic/measures/", SUMMER)
    where = f"/clinic/reports/{dr_chen.npi}/files/worklist.csv"
    assert where in browser.get(summer).content.decode()
    rows = csv.DictReader(io.StringIO(browser.get(where).content.decode()))
    days = {row["patient"]: row["next_visit_on"] for row in rows}
    assert days == {"Arden, Alice": "", "Cove, Carol": "2021-09-20", "Zorn, Bea": "2021-10-20"}


def test_visits_planned_at_another_practice_are_not_told(
    as_user, sam_staff, other_practice, alice, dr_chen, summer
):
    planned(alice, dr_chen, "2021-09-17", practice=other_practice)
    assert "September 17" not in as_user(sam_staff).get(summer).content.decode()
