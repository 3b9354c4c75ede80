"""What is chosen on the page of consent: whose record, and what of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wellpost.server.people.models import Patient, User
from wellpost.server.people.permissions import Standing, standings
from wellpost.server.ui.forms import PlainForm

from . import scopes, words


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

    def __init__(
        self, *args: Any, user: User, records: list[Patient], wanted: list[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.records, self.wanted = {str(each.pk): each for each in records}, wanted
        offered = [each for each in scopes.choices(wanted) if scopes.read(each)]
        writing = [each for each in offered if scopes.only_writes(each)]
        self._offer("may", [each for each in offered if each not in writing])
        self._offer("besides", [*writing, *(each for each in words.BESIDES if each in wanted)])
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

    def given(self) -> list[str]:
        """The scopes that are left, in the words the app used."""
        kept = [*self.cleaned_data.get("may", []), *self.cleaned_data.get("besides", [])]
        return scopes.chosen(self.wanted, [*kept, *words.NEEDED])

    def record(self) -> Patient:
        """The record chosen."""
        return self.records[self.cleaned_data["record_of"]]


def _named(patient: Patient, user: User) -> str:
    own = Standing.PATIENT in standings(user, patient)
    named = {"patient": patient, "practice": patient.practice}
    if own:
        return _("%(patient)s (you), at %(practice)s") % named
    return _("%(patient)s, for whom you act, at %(practice)s") % named
