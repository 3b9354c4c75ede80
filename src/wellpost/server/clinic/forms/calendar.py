"""Closed days, and how long parts of the record are held back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wellpost.adapters.fhir.plain import SECTIONS
from wellpost.server.records.calendar import LONGEST_HOLD
from wellpost.server.ui.forms import Day, PlainForm


class ClosedDayForm(PlainForm):
    """One day and what it is."""

    closed_on = forms.DateField(
        label=_("Day"),
        widget=Day(),
        error_messages={
            "required": _("Give the day."),
            "invalid": _("Write a day, like 2021-08-31."),
        },
    )
    says = forms.CharField(label=_("Why (such as: staff training)"), max_length=100, required=False)


class HoldsForm(PlainForm):
    """A number of days for each part of the record that patients see."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wrong = _("Write how many days, from 0 to 30.")
        for name, title in SECTIONS.items():
            self.fields[name] = forms.IntegerField(
                label=_(title),
                min_value=0,
                max_value=LONGEST_HOLD,
                required=False,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
                error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), wrong),
            )

    def clean(self) -> dict[str, Any]:
        """An empty field is no day."""
        given = super().clean() or self.cleaned_data
        return {name: given.get(name) or 0 for name in SECTIONS}
