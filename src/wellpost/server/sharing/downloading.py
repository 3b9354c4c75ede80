"""Taking the record home."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from wellpost.server.people.models import Patient, User
from wellpost.server.people.permissions import Permission, require
from wellpost.server.records.uses import use

from .contents import Contents
from .files import Form, what
from .making import File, make


@transaction.atomic
def download(
    *, by: User, patient: Patient, form: Form, start: date | None = None, end: date | None = None
) -> File:
    """The file, and that it was taken on record; `start` and `end` are days, both in it.

    NotAllowed for all but the patient and representatives who may see the record; RequestError
    where there is too much for one file of this form, and nothing is on record then.
    """
    require(by, Permission.READ_RECORD, patient)
    file = make(Contents(patient, by, start, end), form)
    use(by=by, patient=patient, action="download", what=what(form, start, end))
    return file
