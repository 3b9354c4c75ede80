"""The kinds of file that a record can become, and how the log names one."""

from __future__ import annotations

from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy


class Form(TextChoices):
    """What the file is."""

    PDF = "pdf", gettext_lazy("A PDF, to read or print")
    CCDA = "ccda", gettext_lazy("A C-CDA document, for another practice or hospital")
    FHIR = "fhir", gettext_lazy("A FHIR file with everything, for an app or another system")


def what(form: Form, start: date | None, end: date | None) -> str:
    """What the log keeps of a file: `pdf`, or `pdf 2021-01-01..2021-12-31`; `in_words` reads it."""
    if start is None and end is None:
        return str(form.value)
    return f"{form.value} {start or ''}..{end or ''}"
