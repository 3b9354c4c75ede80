"""The page of every possible period: the curve, the best, what is needed, and choosing one."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from tests.server.quality import world
from wellpost.server.clock import time as clock
from wellpost.server.quality.models import ReportingPeriod

SUMMER = {"program": "stage-3:2021", "start": "2021-06-01", "end": "2021-08-29"}
HOME = "/clinic/measures/"


@pytest.fixture(autouse=True)
def september():
    """A day in the middle of the story."""
    with clock.held_at(datetime(2021, 9, 15, 14, tzinfo=UTC)):
        yield


@pytest.fixture
def seen(dr_chen, alice, carol):
    """Alice was seen in spring and written to; Carol in summer, and nobody wrote."""
    world.seen(alice, dr_chen, "2021-03-10")
    world.seen(carol, dr_chen, "2021-07-10")
    world.wrote(dr_chen, alice, "2021-09-01")


@pytest.fixture
def browser(as_user):
    """Somebody who looks at the summer of 2021."""

    def look(user):
        client = as_user(user)
        client.get(HOME, SUMMER)
        return client

    return look


def where(who: str, measure: str = "secure-messaging") -> str:
    return f"{HOME}{who}/{measure}/periods/"


def read(client, address: str, **query: object) -> str:
    return " ".join(client.get(address, query).content.decode().split())


def test_the_best_period_and_how_many_meet_the_measure(browser, rita_reporter, dr_chen, seen):
    text = read(browser(rita_reporter), where(dr_chen.npi))
    assert "214 periods of 90 days" in text
    # from 1 January to 10 March Alice alone; Carol joins from 12 April on
    assert "69 of 214 periods meet the measure" in text
    assert "January 1, 2021 to March 31, 2021: 1 of 1 patients, 100 %" in text


def test_the_curve_is_drawn_where_somebody_was_seen(browser, rita_reporter, dr_chen, seen):
    client = browser(rita_reporter)
    drawing = client.get(where(dr_chen.npi)).context["drawing"]
    spring, summer = (len(line.split()) for line in drawing.rate)
    assert (spring, summer) == (69, 90)
    assert drawing.best == ("64.0", drawing.rate[0].split()[0].split(",")[1])
    assert drawing.shown is not None


def test_the_picture_is_told_in_words_and_in_a_table(browser, rita_reporter, dr_chen, seen):
    text = read(browser(rita_reporter), where(dr_chen.npi))
    assert 'role="img" aria-labelledby="curve-title curve-words"' in text
    assert '<desc id="curve-words">69 of 214' in text
    assert len(re.findall(r"<th role=.rowheader.", text)) == 5 + 214


def test_what_is_still_needed_and_by_when(browser, rita_reporter, dr_chen, seen):
    text = read(browser(rita_reporter), where(dr_chen.npi))
    assert "The period shown: June 1, 2021 – August 29, 2021" in text
    assert "1 more patient, on or before December 31, 2021" in text
    assert "The best period: January 1, 2021 – March 31, 2021" in text


def test_choosing_a_period_makes_it_the_practices(
    browser, as_user, rita_reporter, sam_staff, dr_chen, seen, deeds
):
    address = where(dr_chen.npi) + "use/"
    answer = browser(rita_reporter).post(address, {"period": "2021-01-01..2021-03-31"})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{HOME}{dr_chen.npi}/")
    assert "January 1, 2021 to March 31, 2021" in read(as_user(sam_staff), HOME)
    assert "reporting_period_chosen" in deeds()


@pytest.mark.parametrize(
    ("period", "says"),
    [
        ("2021-08-15..2021-11-30", "the last permitted day is 2021-10-30"),
        ("2021-06-01..2021-06-30", "at least 90 continuous days"),
        ("soon", "cannot be read"),
    ],
)
def test_a_period_the_program_refuses_is_not_chosen(
    browser, rita_reporter, dr_chen, seen, period, says
):
    client = browser(rita_reporter)
    client.post(where(dr_chen.npi) + "use/", {"period": period})
    assert says in read(client, where(dr_chen.npi))
    assert not ReportingPeriod.objects.exists()


def test_another_length(browser, rita_reporter, dr_chen, seen):
    assert "124 periods of 180 days" in read(browser(rita_reporter), where(dr_chen.npi), days=180)


@pytest.mark.parametrize(
    ("days", "says"),
    [
        (30, "asks for at least 90 continuous days"),
        (310, "the last permitted day is 2021-10-30"),
        (366, "366 days cannot be a period of 2021"),
        (0, "greater than or equal to 1"),
        ("many", "Enter a whole number"),
    ],
)
def test_a_length_that_no_period_has(browser, rita_reporter, dr_chen, seen, days, says):
    answer = browser(rita_reporter).get(where(dr_chen.npi), {"days": days})
    assert answer.status_code == 400
    assert says in answer.content.decode()


def test_the_practice_as_a_group(browser, rita_reporter, dr_chen, dr_diaz, alice, seen):
    world.seen(alice, dr_diaz, "2021-03-11")
    text = read(browser(rita_reporter), where("practice"))
    assert "March 31, 2021: 1 of 1 patients, 100 %" in text


def test_a_clinician_sees_their_own_periods_and_no_others(browser, dr_chen, dr_diaz, seen):
    client = browser(dr_diaz.user)
    assert client.get(where(dr_diaz.npi)).status_code == 200
    for who in (dr_chen.npi, "practice", "nonsense"):
        assert client.get(where(who)).status_code == 404
        address = where(who) + "use/"
        assert client.post(address, {"period": "2021-01-01..2021-03-31"}).status_code == 404
    assert not ReportingPeriod.objects.exists()


def test_another_practice_and_patients_find_nothing(as_user, dr_evans, alice, dr_chen, seen):
    for user in (dr_evans.user, alice.user):
        assert as_user(user).get(where(dr_chen.npi)).status_code == 404


def test_nobody_seen_is_no_curve_and_no_rate(browser, rita_reporter, dr_chen):
    client = browser(rita_reporter)
    assert client.get(where(dr_chen.npi)).context["drawing"].best is None
    assert "0 of 214 periods meet the measure" in read(client, where(dr_chen.npi))


def test_reading_is_on_record_and_nothing_is_inline(browser, rita_reporter, dr_chen, seen, deeds):
    text = read(browser(rita_reporter), where(dr_chen.npi))
    assert deeds()[-1] == "measures_read"
    assert " style=" not in text
    assert "<script>" not in text
