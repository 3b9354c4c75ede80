"""What is asked when visits are brought in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wellpost.server.people.models import Clinician
from wellpost.server.records.models import EncounterKind
from wellpost.server.ui.forms import Day, FilesField, OnceForm, PlainForm


class DayFileForm(PlainForm):
    """The CSV of the day."""

    file = forms.FileField(
        label=_("CSV file"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={"required": _("Choose the file first.")},
        help_text=_(
            "Line 1 names the columns: encounter_id, patient_id, npi, seen_on, kind; and, as you "
            "have them, tin, county, certified_location, given_name, family_name, birth_on."
        ),
    )


class ExportForm(PlainForm):
    """Files that the medical record exported."""

    export = FilesField(
        label=_("Files of the medical record"),
        allow_empty_file=True,
        error_messages={"required": _("Choose the files first.")},
        help_text=_(
            "FHIR R4: .ndjson or .ndjson.gz, as a bulk export gives them, or .json Bundles."
        ),
    )


class VisitForm(OnceForm):
    """One visit: the day, with whom, of which kind."""

    seen_on = forms.DateField(
        label=_("Day"),
        widget=Day(),
        error_messages={
            "required": _("Give the day."),
            "invalid": _("Write a day of the calendar, like 2021-06-03."),
        },
    )
    clinician = forms.ChoiceField(
        label=_("Clinician"), error_messages={"required": _("Choose the clinician.")}
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=EncounterKind.choices,
        widget=forms.RadioSelect,
        initial=EncounterKind.OFFICE_VISIT,
        help_text=_("An office visit is one that is billed as evaluation and management."),
        error_messages={"required": _("Choose the kind.")},
    )

    def __init__(self, *args: Any, clinicians: Iterable[Clinician], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clinicians = {str(each.pk): each for each in clinicians}
        choices = [("", _("Choose…")), *((pk, each.name) for pk, each in self.clinicians.items())]
        self.fields["clinician"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField, which the stubs forget

    def clean_clinician(self) -> Clinician:
        """The clinician whose key was chosen."""
        return self.clinicians[self.cleaned_data["clinician"]]
