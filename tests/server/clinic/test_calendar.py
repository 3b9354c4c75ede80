"""Ada says on which days the practice is closed, and what waits; nobody else does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.test import Client

from wellpost.server.people.models import Clinician, Practice, User
from wellpost.server.quality.source import server_source
from wellpost.server.records.models import ClosedDay, ReleaseHold

As = Callable[[User | None], Client]
PAGE = "/clinic/practice/closed-days/"


def test_ada_ticks_the_holidays_of_a_year(
    practice: Practice, ada_admin: User, as_user: As, deeds: Callable[[], list[str]]
) -> None:
    client = as_user(ada_admin)
    page = client.get(PAGE, {"year": "2021"}).content.decode()
    assert "Independence Day (observed)" in page  # Monday, 5 July
    assert "Independence Day<" not in page  # a Sunday
    days = ["2021-07-05", "2021-05-31", "2021-02-02"]
    client.post(f"{PAGE}holidays/", {"year": "2021", "day": days})
    held = ClosedDay.objects.order_by("closed_on").values_list("closed_on", "says")
    assert list(held) == [
        (date(2021, 5, 31), "Memorial Day"),
        (date(2021, 7, 5), "Independence Day (observed)"),
    ]
    assert "closed_days_changed" in deeds()
    assert [row[0] for row in _facts(practice)] == [practice.tin] * 2


def test_another_day_is_kept_once_and_can_be_opened_again(ada_admin: User, as_user: As) -> None:
    client = as_user(ada_admin)
    for _ in range(2):
        client.post(PAGE, {"closed_on": "2021-08-04", "says": "Staff training"})
    assert ClosedDay.objects.get().says == "Staff training"
    client.post(f"{PAGE}open/", {"day": "2021-08-04"})
    assert not ClosedDay.objects.exists()


def test_a_weekend_and_a_wrong_day_are_refused_kindly(ada_admin: User, as_user: As) -> None:
    client = as_user(ada_admin)
    page = client.post(PAGE, {"closed_on": "2021-08-07", "says": ""}).content.decode()
    assert "no business days in any case" in page
    assert "Give the day." in client.post(PAGE, {"closed_on": ""}).content.decode()
    assert client.post(f"{PAGE}open/", {"day": "soon"}).status_code == 302
    assert not ClosedDay.objects.exists()


def test_ada_sets_how_long_results_wait(ada_admin: User, as_user: As) -> None:
    client = as_user(ada_admin)
    client.post("/clinic/practice/holds/", {"results": "3", "vitals": "0"})
    assert list(ReleaseHold.objects.values_list("section", "days")) == [("results", 3)]
    page = client.post("/clinic/practice/holds/", {"results": "31"}).content.decode()
    assert "from 0 to 30" in page
    assert 'value="3"' in client.get("/clinic/practice/holds/").content.decode()


def test_others_learn_nothing(dr_chen: Clinician, sam_staff: User, as_user: As) -> None:
    for each in (dr_chen.user, sam_staff):
        client = as_user(each)
        for page in (PAGE, "/clinic/practice/holds/"):
            assert client.get(page).status_code == client.post(page).status_code == 404


def _facts(practice: Practice) -> list[tuple[object, ...]]:
    with server_source(practice) as source:
        return list(source.run(source.tables["closed_days"], {}))
