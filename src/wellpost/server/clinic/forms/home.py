"""Deciding about data from home, and from when on a reading is dangerous."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from wellpost.errors import RequestError
from wellpost.server.from_home.kinds import PARTS
from wellpost.server.from_home.units import number
from wellpost.server.ui.forms import OnceForm, PlainForm


class ReviewForm(OnceForm):
    """What is said to the patient along with the decision."""

    words = forms.CharField(
        label=_("Your words to the patient"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A comment, a question, or why it is not added. The patient reads it."),
    )
    deed = forms.ChoiceField(
        choices=[("add", ""), ("ask", ""), ("decline", "")],
        widget=forms.HiddenInput,
        error_messages={"required": _("Choose one of the buttons.")},
    )

    def clean(self) -> dict[str, Any]:
        """A question needs words; the deeds themselves look at the others."""
        given = super().clean() or self.cleaned_data
        if given.get("deed") == "ask" and not given.get("words"):
            raise ValidationError(_("Write your question to the patient."))
        return given


class LimitForm(PlainForm):
    """From when on one number is dangerous, in the unit it is kept in."""

    low = forms.CharField(label=_("Dangerous at or below"), required=False)
    high = forms.CharField(label=_("Dangerous at or above"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (name, f"{kind.label}: {part.label} ({kind.unit.label})")
            for name, (kind, part) in PARTS.items()
        ]
        part = forms.ChoiceField(label=_("Which number?"), choices=choices)
        self.fields = {"part": part, **self.fields}
        for name in ("low", "high"):
            self.fields[name].widget = forms.TextInput(
                attrs={"inputmode": "decimal", "autocomplete": "off", "size": "6"}
            )
            self.fields[name].help_text = _("Leave it empty for no such limit.")

    def clean_low(self) -> Decimal | None:
        """A number, or none."""
        return self._bound("low")

    def clean_high(self) -> Decimal | None:
        """A number, or none."""
        return self._bound("high")

    def _bound(self, name: str) -> Decimal | None:
        written = self.cleaned_data[name]
        try:
            return number(written) if written else None
        except RequestError as refusal:
            raise ValidationError(str(refusal)) from None
