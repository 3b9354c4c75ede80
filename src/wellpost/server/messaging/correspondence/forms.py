"""Which file one takes away."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from wellpost.server.ui.forms import PlainForm


class ExportForm(PlainForm):
    """PDF to read, FHIR for other programs."""

    form = forms.ChoiceField(
        label=_("Which file?"),
        choices=[
            ("pdf", _("PDF, to read and print (without the attached files)")),
            ("fhir", _("FHIR, for other programs (with the attached files)")),
        ],
        widget=forms.RadioSelect,
        initial="pdf",
        error_messages={
            "required": _("Choose one."),
            "invalid_choice": _("Choose one of these."),
        },
    )
