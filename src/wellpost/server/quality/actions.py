"""What a practice decides about its reports."""

from __future__ import annotations

from django.db import transaction

from wellpost.rules.load import program_year
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.people.models import Practice, User
from wellpost.server.people.permissions import Permission, require
from wellpost.terms import Period

from .models import ReportingPeriod


@transaction.atomic
def choose_period(
    *, practice: Practice, by: User | None, program: str, year: int, period: Period
) -> ReportingPeriod:
    """Keep the practice's reporting period; RequestError for one that the program refuses."""
    require(by, Permission.READ_MEASURES, practice)
    program_year(program, year).check_period(period)
    chosen, _ = ReportingPeriod.objects.update_or_create(
        practice=practice,
        program=program,
        year=year,
        defaults={
            "starts_on": period.start,
            "ends_on": period.end,
            "chosen_at": clock.now(),
            "chosen_by": by,
        },
    )
    record(
        by=by,
        deed=Deed.REPORTING_PERIOD_CHOSEN,
        target=chosen,
        details={"program": program, "year": year, "period": str(period)},
    )
    return chosen
