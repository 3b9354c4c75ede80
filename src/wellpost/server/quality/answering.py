"""Answering for what Wellpost does not count: who answered what, and when, stays."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from wellpost.reports.attested import Attested, answers_json, checked_answers
from wellpost.reports.claims import Claim, checked_claims
from wellpost.rules.load import program_year
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.people.models import Practice, User
from wellpost.server.people.permissions import Permission
from wellpost.terms import spoken

from .answered import latest
from .kept import Answers
from .periods import Asked
from .viewing import viewer


@transaction.atomic
def answer(
    *,
    by: User,
    practice: Practice,
    npi: str | None,
    asked: Asked,
    claims: Sequence[Claim] = (),
    attested: Sequence[Attested] = (),
    state: str | None = None,
) -> Answers:
    """Keep the answers in the place of those before; RequestError where they cannot be right."""
    viewer(by, practice).require(npi, Permission.ATTEST)
    rules = program_year(asked.program, asked.year, state)
    rules.check_period(asked.period)
    Practice.objects.select_for_update().get(pk=practice.pk)
    before = latest(practice, npi, asked)
    made = Answers.objects.create(
        practice=practice,
        npi=npi or "",
        program=asked.program,
        year=asked.year,
        starts_on=asked.period.start,
        ends_on=asked.period.end,
        number=before.number + 1 if before else 1,
        state=state or "",
        claims=[f"{spoken(each.measure)}={each.ground}" for each in checked_claims(claims, rules)],
        attested=[
            f"{name}={value}"
            for name, value in answers_json(checked_answers(attested, rules)).items()
        ],
        made_at=clock.now(),
        made_by=by,
    )
    _record(by, made)
    return made


def _record(by: User, made: Answers) -> None:
    record(
        by=by,
        deed=Deed.ANSWERS_GIVEN,
        target=made,
        category="measures",
        details={
            "program": made.program,
            "year": made.year,
            "period": str(made.period),
            "npi": made.npi or None,
            "state": made.state or None,
            "claims": made.claims,
            "attested": made.attested,
        },
    )
