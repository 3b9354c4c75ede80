"""What is looked for, as people fill it in. Sent in the body: no address holds a word of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from wellpost.server.people.models import Clinician
from wellpost.server.ui.forms import Day, PlainForm

from .charts import LONGEST_WORDS
from .finding import Asked
from .words import MOST_TERMS, words_in

NO_DAY = {"invalid": _("Write a day of the calendar, like 2026-03-31.")}


def no_more_than_are_looked_for(words: str) -> None:
    """Nothing that somebody wrote is left out in silence."""
    if len(set(words_in(words))) > MOST_TERMS:
        raise ValidationError(_("Write at most %(most)d different words.") % {"most": MOST_TERMS})


class SearchForm(PlainForm):
    """Words, people, days: at least one of them."""

    words = forms.CharField(
        label=_("Words"),
        required=False,
        max_length=LONGEST_WORDS,
        validators=[no_more_than_are_looked_for],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Three letters of a word are enough. Every word you write must be there."),
    )
    person = forms.CharField(
        label=_("Written by"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Part of a name, for example: chen."),
    )
    starts_on = forms.DateField(
        label=_("From this day"), required=False, widget=Day(), error_messages=NO_DAY
    )
    ends_on = forms.DateField(
        label=_("Until this day"), required=False, widget=Day(), error_messages=NO_DAY
    )

    @property
    def asked(self) -> Asked:
        """What is looked for, of a form that is valid."""
        said = self.cleaned_data
        return Asked(said["words"], said["person"], said["starts_on"], said["ends_on"])

    @property
    def page(self) -> int:
        """Which page of the results."""
        given = str(self.data.get("page", "1"))
        return min(max(int(given), 1), 1000) if given.isascii() and given.isdigit() else 1


class ChartSearchForm(PlainForm):
    """What to look for in the conversations of many patients, and in which of them."""

    words = forms.CharField(
        label=_("Words"),
        max_length=LONGEST_WORDS,
        validators=[no_more_than_are_looked_for],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Every word you write must be in a message. Three letters are enough."),
        error_messages={"required": _("Write at least one word to look for.")},
    )
    starts_on = forms.DateField(
        label=_("Written from this day"), widget=Day(), error_messages={
            **NO_DAY, "required": _("Say from which day. Everything that is opened is on record.")
        },
    )  # fmt: skip
    ends_on = forms.DateField(
        label=_("Until this day"), widget=Day(), error_messages={
            **NO_DAY, "required": _("Say until which day.")
        },
    )  # fmt: skip
    clinician = forms.ChoiceField(label=_("In which takes part"), required=False)

    def __init__(self, *args: Any, clinicians: Iterable[Clinician], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._clinicians = {str(each.pk): each for each in clinicians}
        named = [(key, each.name) for key, each in self._clinicians.items()]
        offered = cast(forms.ChoiceField, self.fields["clinician"])
        offered.choices = [("", _("Anybody")), *named]

    @property
    def chosen(self) -> dict[str, Any]:
        """What the search is told."""
        said = dict(self.cleaned_data)
        return said | {"clinician": self._clinicians.get(said["clinician"])}
