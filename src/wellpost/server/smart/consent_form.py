"""What is chosen on the page of consent: whose record, and what of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from wellpost.server.people.models import Patient, User
from wellpost.server.people.permissions import Standing, standings
from wellpost.server.ui.forms import PlainForm

from . import lasting, scopes, words


class ConsentForm(PlainForm):
    """Everything asked for is chosen at first, each can be taken away; data must be left over.

    `only` names the one record there is to choose.
    """

    record_of = forms.ChoiceField(
        label=gettext_lazy("Whose record?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say whose record the app may read.")},
    )
    may = forms.MultipleChoiceField(
        label=gettext_lazy("What it may read"),
        help_text=gettext_lazy("Take away what it need not know."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Leave at least one, or refuse the app.")},
    )
    besides = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do besides"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    how_long = forms.ChoiceField(
        label=gettext_lazy("For how long, at the longest?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say for how long, at the longest.")},
    )

    def __init__(
        self, *args: Any, user: User, records: list[Patient], wanted: list[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.records, self.wanted = {str(each.pk): each for each in records}, wanted
        offered = [each for each in scopes.choices(wanted) if scopes.read(each)]
        writing = [each for each in offered if scopes.only_writes(each)]
        self._offer("may", [each for each in offered if each not in writing])
        self._offer("besides", [*writing, *(each for each in words.BESIDES if each in wanted)])
        self._offer_times(records[0].practice.time_zone)
        people: Any = self.fields["record_of"]
        people.choices = [(key, _named(each, user)) for key, each in self.records.items()]
        self.only = people.choices[0][1] if len(records) == 1 else ""
        if self.only:
            people.initial = str(records[0].pk)
            people.widget = forms.HiddenInput()

    def _offer(self, name: str, offered: list[str]) -> None:
        field: Any = self.fields[name]
        offered = words.in_order(each for each in offered if each not in words.NEEDED)
        field.choices = [(each, words.label(each)) for each in offered]
        field.initial = offered
        if not offered:
            del self.fields[name]

    def _offer_times(self, time_zone: str) -> None:
        """Where the app may come back when nobody is there; else it is over in hours."""
        if scopes.OFFLINE not in self.wanted:
            del self.fields["how_long"]
            return
        field: Any = self.fields["how_long"]
        field.choices = [(str(each), _until(each, time_zone)) for each in lasting.offered()]
        field.initial = field.choices[-1][0]

    def given(self) -> list[str]:
        """The scopes that are left, in the words the app used."""
        kept = [*self.cleaned_data.get("may", []), *self.cleaned_data.get("besides", [])]
        return scopes.chosen(self.wanted, [*kept, *words.NEEDED])

    def record(self) -> Patient:
        """The record chosen."""
        return self.records[self.cleaned_data["record_of"]]

    def months(self) -> int | None:
        """For how long it is at the longest, where that was asked."""
        chosen = self.cleaned_data.get("how_long")
        return int(chosen) if chosen else None


def _until(months: int, time_zone: str) -> str:
    day = date_format(lasting.last_day(months, time_zone), "F j, Y")
    if months == 12:
        return _("A year, until %(day)s") % {"day": day}
    months_said = ngettext("%(count)d month", "%(count)d months", months) % {"count": months}
    return _("%(months)s, until %(day)s") % {"months": months_said, "day": day}


def _named(patient: Patient, user: User) -> str:
    own = Standing.PATIENT in standings(user, patient)
    named = {"patient": patient, "practice": patient.practice}
    if own:
        return _("%(patient)s (you), at %(practice)s") % named
    return _("%(patient)s, for whom you act, at %(practice)s") % named
