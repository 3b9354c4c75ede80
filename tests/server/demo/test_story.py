"""The demo as a stranger meets it: the story holds, and everybody can be signed in as."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import validate_totp_code
from django.contrib.auth.hashers import check_password
from django.db import transaction
from pytest_django import DjangoDbBlocker

from wellpost.facts.identifiers import npi_is_valid
from wellpost.reports.request import ask
from wellpost.reports.scorecard import Scorecard, scorecard
from wellpost.reports.worklist import worklist
from wellpost.scoring.verdict import Verdict
from wellpost.server.clock import time as clock
from wellpost.server.demo import cast, story
from wellpost.server.demo.accounts import code_now
from wellpost.server.messaging.actions import start_thread
from wellpost.server.messaging.models import Message, Receipt
from wellpost.server.people.models import Clinician, Invitation, Patient, User
from wellpost.server.quality.periods import usual
from wellpost.server.quality.source import server_source
from wellpost.terms import Level, Measure, Period

pytestmark = [pytest.mark.django_db]


@pytest.fixture(scope="module")
def told(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[str]]:
    """The story, told once; what it said while it was. What a test does after it is undone."""
    lines: list[str] = []
    with django_db_blocker.unblock(), transaction.atomic():
        story.tell(lines.append)
        yield lines
        transaction.set_rollback(True)


def card() -> Scorecard:
    request = ask("stage-3", 2021, story.SUMMER, levels=[Level.CLINICIAN], npi=cast.ALDEN.npi)
    return scorecard(server_source(roster=Period.of_year(2021)), request)


def of(measure: Measure) -> tuple[int, int, Verdict, int | None]:
    (found,) = [each for each in card().results if each.rule.measure is measure]
    judged = found.judgement
    return found.count.numerator, found.count.denominator, judged.verdict, judged.needed


def write(patient: Patient, day: date) -> Message:
    by = Clinician.objects.get(npi=cast.ALDEN.npi).user
    assert by is not None
    with clock.held_at(datetime(day.year, day.month, day.day, 15, tzinfo=UTC)):
        return start_thread(
            practice=patient.practice,
            patient=patient,
            by=by,
            subject="Your visit",
            body="Please write if something is unclear.",
            client_key=f"a sixth {day}",
        )


def next_on_the_worklist() -> Patient:
    """The first who has an account and was not written to."""
    request = ask(
        "stage-3",
        2021,
        story.SUMMER,
        measures=["secure_messaging"],
        levels=[Level.CLINICIAN],
        npi=cast.ALDEN.npi,
    )
    waiting = [UUID(each.patient_id) for each in worklist(server_source(), request)]
    found = Patient.objects.filter(pk__in=waiting, user__isnull=False).order_by("pk").first()
    assert found is not None
    return found


def test_five_of_a_hundred_are_not_more_than_five_percent(told):
    assert of(Measure.SECURE_MESSAGING) == (5, 100, Verdict.NOT_MET, 1)


@pytest.mark.parametrize("day", [date(2021, 1, 5), date(2021, 9, 15), date(2021, 12, 31)])
def test_a_sixth_on_any_day_of_2021_makes_it_met(told, day):
    write(next_on_the_worklist(), day)
    assert of(Measure.SECURE_MESSAGING) == (6, 100, Verdict.MET, 0)


def test_a_sixth_in_the_next_year_does_not(told):
    write(next_on_the_worklist(), date(2022, 1, 3))
    assert of(Measure.SECURE_MESSAGING) == (5, 100, Verdict.NOT_MET, 1)


def test_the_objective_hangs_on_that_message(told):
    assert card().objectives[0].judgement.verdict is Verdict.NOT_MET
    write(next_on_the_worklist(), date(2021, 9, 15))
    assert card().objectives[0].judgement.verdict is Verdict.MET


def test_the_five_were_written_to_in_five_ways(told):
    alden = Clinician.objects.get(npi=cast.ALDEN.npi)
    sent = Message.objects.filter(clinician=alden).exclude(sender_kind="patient")
    assert Counter(
        (each.sender_kind, each.sent_to, bool(each.in_reply_to_id)) for each in sent
    ) == {
        ("clinician", "patient", False): 2,
        ("clinician", "patient", True): 1,
        ("staff", "patient", False): 1,
        ("clinician", "clinician", False): 1,
        ("clinician", "representative", False): 1,
    }


def test_nothing_happens_after_the_demos_first_morning(told):
    morning = datetime(2021, 9, 15, 14, tzinfo=UTC)
    assert not Message.objects.filter(sent_at__gte=morning).exists()


def test_only_those_without_an_account_are_invited_and_one_message_waits(told):
    waiting = Invitation.objects.filter(used_at=None, withdrawn_at=None)
    invited = [each.patient for each in waiting.select_related("patient")]
    assert 1 <= len(invited) <= 2
    assert all(each.user_id is None and each.email for each in invited)
    unread = Message.objects.filter(thread__patient__in=invited, clinician__npi=cast.ALDEN.npi)
    assert unread.exists()


def test_the_practices_pages_start_with_june_to_august(told):
    alden = Clinician.objects.get(npi=cast.ALDEN.npi)
    assert usual(alden.memberships.get().practice).period == story.SUMMER


def test_everybody_can_sign_in_with_what_the_page_shows(told):
    for person in cast.CAST:
        user = User.objects.get(email=person.email)
        assert check_password(cast.PASSWORD, user.password), person.key
        assert EmailAddress.objects.filter(user=user, verified=True, primary=True).exists()
        assert Authenticator.objects.filter(user=user).exists() is person.second_factor
        assert validate_totp_code(person.secret, code_now(person)[0]), person.key
        assert not person.npi or npi_is_valid(person.npi)


def test_the_story_says_what_it_does_and_names_no_patient(told):
    assert len(told) > 3
    names = set(Patient.objects.values_list("family_name", flat=True))
    assert not any(name in line for name in names for line in told)


def test_what_was_answered_is_read_by_who_answered(told: list[str]) -> None:
    alden = User.objects.get(email=cast.ALDEN.email)
    answers = Message.objects.filter(sender=alden, in_reply_to__isnull=False)
    read = Receipt.objects.filter(user=alden).values_list("message_id", flat=True)
    assert set(answers.values_list("in_reply_to", flat=True)) == set(read)
