"""The demo's clock as a form."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from wellpost.server.ui.forms import Day, PlainForm


class ClockForm(PlainForm):
    """The day the demo is to have."""

    day = forms.DateField(
        label=_("Day"),
        widget=Day,
        help_text=_("For example 2021-12-11: a message sent on it counts for 2021."),
        error_messages={"required": _("Choose a day.")},
    )
