"""The days that a page of the record shows."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from wellpost.server.ui.forms import Day, PlainForm

NO_DAY = _("Write a day, like 2021-08-31.")


class DaysForm(PlainForm):
    """From one day to another, both in it; either may be left empty."""

    starts_on = forms.DateField(
        label=_("From"), required=False, widget=Day(), error_messages={"invalid": NO_DAY}
    )
    ends_on = forms.DateField(
        label=_("To"), required=False, widget=Day(), error_messages={"invalid": NO_DAY}
    )

    @property
    def days(self) -> tuple[date | None, date | None]:
        """The first and the last day; None where it is open, and where they are wrong."""
        if not self.is_valid():
            return None, None
        return self.cleaned_data["starts_on"], self.cleaned_data["ends_on"]

    @property
    def query(self) -> str:
        """The days as a page's address says them; nothing where all are shown."""
        pairs = zip(("starts_on", "ends_on"), self.days, strict=True)
        return "&".join(f"{name}={day.isoformat()}" for name, day in pairs if day)

    def clean(self) -> dict[str, Any]:
        """The days in their order."""
        given = super().clean() or self.cleaned_data
        first, last = given.get("starts_on"), given.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _now("The last day lies before the first."))
        return given
