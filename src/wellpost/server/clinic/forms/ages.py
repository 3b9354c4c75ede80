"""At which birthdays of a child rights change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wellpost.server.people.ages import OLDEST, Age
from wellpost.server.people.models import AgedRight
from wellpost.server.ui.forms import PlainForm

WORDS = {
    AgedRight.MESSAGES: _("A parent may read and write the child's messages until the age of"),
    AgedRight.RECORD: _("A parent may see the child's record until the age of"),
    AgedRight.ACCOUNT: _("A child may have an account of their own from the age of"),
}


class AgesForm(PlainForm):
    """One age for each right."""

    def __init__(self, *args: Any, held: Mapping[AgedRight, Age], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for right, label in WORDS.items():
            self.fields[right.value] = forms.IntegerField(
                label=label,
                min_value=0,
                max_value=OLDEST,
                initial=held[right].age,
                help_text=held[right].says,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
                error_messages={
                    "required": _("Give an age in years."),
                    "invalid": _("Give a whole number of years."),
                    "max_value": _("Give an age of at most 25."),
                    "min_value": _("Give an age of at least 0."),
                },
            )

    @property
    def ages(self) -> dict[AgedRight, int]:
        """The ages as given."""
        return {right: self.cleaned_data[right.value] for right in WORDS}
