"""Rows of the server's tables, as short as a test can say them. What is sealed is left empty."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from wellpost.facts.identifiers import make_npi, make_tin
from wellpost.reports.request import Request, ask
from wellpost.reports.scorecard import Scorecard, scorecard
from wellpost.server.messaging.models import Epoch, Message, Thread
from wellpost.server.people.models import (
    Clinician,
    Membership,
    Patient,
    Practice,
    Representative,
    User,
)
from wellpost.server.quality.source import server_source
from wellpost.server.records.models import Encounter
from wellpost.terms import Level, Period

SUMMER = Period(date(2021, 6, 1), date(2021, 8, 31))
numbers = count(1)


def day(text: str) -> date:
    return date.fromisoformat(text)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text + "T16:00:00").replace(tzinfo=UTC)


def practice(name: str = "Kennebec") -> Practice:
    return Practice.objects.create(name=name, tin=make_tin(name))


def account(name: str) -> User:
    return User.objects.create(email=f"{name.lower().replace(' ', '.')}@example.org", name=name)


def clinician(name: str, *practices: Practice, since: str = "2020-01-01", until: str | None = None):
    made = Clinician.objects.create(npi=make_npi(name), name=name, user=account(name))
    for each in practices:
        Membership.objects.create(
            practice=each,
            clinician=made,
            role="clinician",
            starts_on=day(since),
            ends_on=day(until) if until else None,
        )
    return made


def patient(name: str, at: Practice, account_opened_on: str | None = "2020-01-01") -> Patient:
    opened = day(account_opened_on) if account_opened_on else None
    user = account(f"{name} {next(numbers)}") if opened else None
    return Patient.objects.create(
        practice=at, given_name=name, family_name="Test", user=user, account_opened_on=opened
    )


def representative(
    of: Patient, opened: str | None, starts: str, ends: str | None = None, **more: Any
):
    return Representative.objects.create(
        patient=of,
        user=account(f"helper {next(numbers)}") if opened else None,
        name="Helper",
        relationship="parent",
        account_opened_on=day(opened) if opened else None,
        starts_on=day(starts),
        ends_on=day(ends) if ends else None,
        **more,
    )


def seen(who: Patient, by: Clinician, on: str, **more: Any) -> Encounter:
    fields = {"practice": who.practice, "kind": "office_visit", **more}
    return Encounter.objects.create(patient=who, clinician=by, seen_on=day(on), **fields)


def wrote(by: Clinician | None, to: Patient, on: str, **more: Any) -> Message:
    """A message of its own thread; `sender_kind` is the clinician unless said otherwise."""
    thread = Thread.objects.create(
        practice=to.practice,
        patient=to,
        started_at=moment(on),
        last_message_at=moment(on),
        subject_nonce=b"",
        subject_sealed=b"",
    )
    fields = {"sender_kind": "clinician", "sent_to": "patient", **more}
    return Message.objects.create(
        thread=thread,
        epoch=Epoch.objects.create(thread=thread, number=1, suite=1, opened_at=moment(on)),
        sequence=1,
        clinician=by,
        sent_at=moment(on),
        sent_on=day(on),
        content_type="text/plain",
        nonce=b"",
        sealed=b"",
        client_key=str(next(numbers)),
        **fields,
    )


def asked(level: Level = Level.CLINICIAN, **policies: str) -> Request:
    return ask(
        "stage-3", 2021, SUMMER, measures=["secure_messaging"], levels=[level], policies=policies
    )


def card(at: Practice | None = None, level: Level = Level.CLINICIAN, **policies: str) -> Scorecard:
    """The scorecard of the server's own database, for everybody or for one practice."""
    return scorecard(server_source(at, Period.of_year(2021)), asked(level, **policies))


def numbers_of(at: Practice | None = None, level: Level = Level.CLINICIAN, **policies: str):
    """`{npi or tin: (numerator, denominator)}`."""
    return {
        each.reporter.npi or each.reporter.tin: (each.count.numerator, each.count.denominator)
        for each in card(at, level, **policies).results
    }
