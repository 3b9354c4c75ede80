"""Which part of the record to show."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from wellpost.server.audit.deeds import Deed
from wellpost.server.people.models import User
from wellpost.server.people.on_record import OUTCOMES
from wellpost.server.ui.forms import Day, PlainForm


class ActivityForm(PlainForm):
    """From one day to another, both in it; of one person, deed or outcome, where chosen."""

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
    actor_id = forms.ChoiceField(label=_("Who"), required=False)
    deed = forms.ChoiceField(label=_("Did what"), required=False)
    outcome = forms.ChoiceField(label=_("Outcome"), required=False)
    category = forms.ChoiceField(
        label=_("Access"),
        required=False,
        choices=[("", _("Every kind")), ("emergency", _("Emergency access alone"))],
    )
    patient_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, members: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = sorted((str(each), str(each.pk)) for each in members)
        deeds = sorted((str(each.label), each.value) for each in Deed)
        self._offer("actor_id", _("Everybody"), [(key, name) for name, key in people])
        self._offer("deed", _("Everything"), [(key, name) for name, key in deeds])
        self._offer("outcome", _("Every outcome"), list(OUTCOMES.items()))

    def clean(self) -> dict[str, Any]:
        """The period must not end before it starts."""
        days = super().clean() or self.cleaned_data
        first, last = days.get("starts_on"), days.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _t("The last day lies before the first."))
        return days

    def _offer(self, name: str, everything: Any, choices: list[tuple[str, Any]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = [("", everything), *choices]


class PatientWordsForm(PlainForm):
    """The patient whose rows are wanted; sent by POST, so that no name is in an address."""

    words = forms.CharField(
        label=_("Rows of one patient"),
        max_length=100,
        help_text=_("A name, or a part of it."),
        error_messages={"required": _("Write a name.")},
    )
