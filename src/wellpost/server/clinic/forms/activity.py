"""Which stretch of the record to show."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from wellpost.server.ui.forms import Day, PlainForm


class PeriodForm(PlainForm):
    """From one day to another, both in it."""

    starts_on = forms.DateField(
        label=_("From"),
        widget=Day(),
        error_messages={"required": _("Give the first day."), "invalid": _("Write a day.")},
    )
    ends_on = forms.DateField(
        label=_("To"),
        widget=Day(),
        error_messages={"required": _("Give the last day."), "invalid": _("Write a day.")},
    )

    def clean(self) -> dict[str, Any]:
        """The period must not end before it starts."""
        days = super().clean() or self.cleaned_data
        first, last = days.get("starts_on"), days.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _t("The last day lies before the first."))
        return days
