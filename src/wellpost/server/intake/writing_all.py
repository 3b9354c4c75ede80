"""A whole batch into the tables, on record, in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from django.db import transaction

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.people.models import User

from .report import ImportReport
from .writing import Writing
from .writing_messages import write_messages
from .writing_people import write_clinicians, write_memberships, write_patients, write_practices
from .writing_planned import write_planned
from .writing_visits import write_data, write_visits


@transaction.atomic
def write(
    writing: Writing, by: User | None, also: Callable[[Writing], None] | None = None
) -> ImportReport:
    """Everything of the batch or nothing; one row on record for each practice that it changed.

    `also` writes more of the same import when the batch is in. The caller has asked for the
    permission.
    """
    for step in (write_practices, write_clinicians, write_memberships, write_patients):
        step(writing)
    write_visits(writing)
    write_data(writing)
    if writing.batch.planned or writing.batch.called_off:
        write_planned(writing)
    write_messages(writing, by)
    if also:
        also(writing)
    _record(writing, by)
    return writing.report


def _record(writing: Writing, by: User | None) -> None:
    """What came for each practice, and what the whole import made and changed."""
    visits = Counter(visit.tin for visit in writing.batch.visits)
    patients = Counter(key.tin for key in writing.batch.patients)
    report = writing.report
    whole = {"new": report.new, "changed": report.changed}
    for tin, practice in writing.practices.items():
        came = {"visits": visits[tin], "patients": patients[tin]}
        record(
            by=by,
            deed=Deed.VISITS_IMPORTED,
            practice_id=practice.pk,
            target=practice,
            category=writing.batch.source_system,
            details={"came": came, "import": whole},
        )
