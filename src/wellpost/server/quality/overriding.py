"""Numbers changed by hand: each by somebody, for a reason; taken back, never rubbed out."""

from __future__ import annotations

from django.db import transaction

from wellpost.errors import RequestError
from wellpost.reports.overrides import Override
from wellpost.rules.load import program_year
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.people.models import Practice, User
from wellpost.server.people.permissions import Permission
from wellpost.terms import Reporter, spoken

from .kept import Override as Kept
from .periods import Asked
from .requests import level_of, overrides_of
from .viewing import viewer


@transaction.atomic
def override(
    *,
    by: User,
    practice: Practice,
    npi: str | None,
    asked: Asked,
    measure: str,
    numerator: int,
    denominator: int,
    reason: str,
) -> Kept:
    """Put a number in the place of the one counted; RequestError where it cannot be right."""
    viewer(by, practice).require(npi, Permission.ATTEST)
    rule = program_year(asked.program, asked.year).measure(measure)
    whose = Reporter(level_of(asked, npi), npi=npi)
    Override(rule.measure, whose, numerator, denominator, reason, by.name)
    if any(each.measure == rule.measure for each in overrides_of(practice, npi, asked)):
        raise RequestError(
            f"{spoken(rule.measure)} is changed by hand already; take that back first."
        )
    made = Kept.objects.create(
        practice=practice,
        npi=npi or "",
        program=asked.program,
        year=asked.year,
        starts_on=asked.period.start,
        ends_on=asked.period.end,
        measure=rule.measure.value,
        numerator=numerator,
        denominator=denominator,
        reason=reason.strip(),
        made_at=clock.now(),
        made_by=by,
    )
    _record(by, Deed.NUMBER_OVERRIDDEN, made)
    return made


@transaction.atomic
def withdraw(*, by: User, made: Kept) -> None:
    """Take it back: from now on the number counted stands again."""
    viewer(by, made.practice).require(made.npi or None, Permission.ATTEST)
    if made.withdrawn_at is not None:
        return
    made.withdrawn_at, made.withdrawn_by = clock.now(), by
    made.save(update_fields=["withdrawn_at", "withdrawn_by"])
    _record(by, Deed.OVERRIDE_WITHDRAWN, made)


def _record(by: User, deed: Deed, made: Kept) -> None:
    record(
        by=by,
        deed=deed,
        target=made,
        category="measures",
        details={
            "program": made.program,
            "year": made.year,
            "period": str(made.period),
            "npi": made.npi or None,
            "measure": made.measure,
            "numerator": made.numerator,
            "denominator": made.denominator,
        },
    )
