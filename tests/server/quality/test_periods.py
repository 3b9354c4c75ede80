"""The period a practice's pages start with: always one that the program allows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.server.quality import world
from wellpost.errors import RequestError
from wellpost.rules.load import program_year
from wellpost.server.audit.models import AuditRow
from wellpost.server.clock import time as clock
from wellpost.server.people.permissions import NotAllowed
from wellpost.server.quality.actions import choose_period
from wellpost.server.quality.periods import Asked, program_years, suggested, usual, usual_in
from wellpost.terms import Period


@pytest.mark.parametrize(
    ("today", "start", "end"),
    [
        ("2021-09-15", "2021-06-01", "2021-08-31"),
        ("2021-08-31", "2021-06-01", "2021-08-31"),
        ("2021-05-10", "2021-01-01", "2021-04-30"),  # February to April has 89 days only
        ("2021-02-10", "2021-01-01", "2021-03-31"),
        ("2020-12-31", "2021-01-01", "2021-03-31"),
        ("2021-12-24", "2021-07-01", "2021-09-30"),  # it must end before 31 October
        ("2026-11-23", "2021-07-01", "2021-09-30"),
    ],
)
def test_whole_months_before_today_that_are_long_enough(today, start, end):
    found = suggested(program_year("stage-3", 2021), world.day(today))
    assert found == Period(world.day(start), world.day(end))


def test_every_program_in_every_year_allows_what_is_suggested_on_any_day():
    for rules in program_years():
        for days in range(0, 366, 7):
            today = date(rules.year, 1, 1) + timedelta(days=days)
            rules.check_period(suggested(rules, today))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("year", "program", "program_year"),
    [
        (2014, "stage-2", 2014),
        (2015, "modified-stage-2", 2015),
        (2021, "stage-3", 2021),  # it counts messages; mips-pi runs too
        (2026, "mips-pi", 2026),
        (2027, "stage-3", 2021),  # none runs any more
    ],
)
def test_the_program_that_runs_now_and_counts_messages_first(year, program, program_year):
    with clock.held_at(datetime(year, 11, 23, 15, tzinfo=UTC)):
        found = usual(world.practice())
    assert (found.program, found.year) == (program, program_year)


@pytest.mark.django_db
def test_the_period_chosen_last_comes_first_and_is_on_record(dr_chen, practice):
    period = Period(date(2021, 3, 1), date(2021, 5, 31))
    choose_period(practice=practice, by=dr_chen.user, program="stage-3", year=2021, period=period)
    assert usual(practice) == Asked("stage-3", 2021, period)
    assert usual_in(practice, program_year("stage-3", 2021)) == period
    assert AuditRow.objects.filter(deed="reporting_period_chosen").count() == 1


@pytest.mark.django_db
def test_a_period_that_the_program_refuses_is_not_kept(dr_chen, practice):
    short = Period(date(2021, 3, 1), date(2021, 3, 31))
    with pytest.raises(RequestError, match="too short"):
        choose_period(
            practice=practice, by=dr_chen.user, program="stage-3", year=2021, period=short
        )
    assert not practice.reporting_periods.exists()


@pytest.mark.django_db
def test_nobody_of_another_practice_and_no_patient_chooses(dr_evans, alice, practice):
    period = Period(date(2021, 3, 1), date(2021, 5, 31))
    for by in (dr_evans.user, alice.user):
        with pytest.raises(NotAllowed):
            choose_period(practice=practice, by=by, program="stage-3", year=2021, period=period)
