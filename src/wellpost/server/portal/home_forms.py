"""What a patient or representative fills in about home."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from wellpost.server.clock import time as clock
from wellpost.server.from_home.adding import Measured
from wellpost.server.from_home.documents import DOCUMENTS
from wellpost.server.from_home.kinds import KINDS, Kind, Part
from wellpost.server.from_home.needs import Question, screener
from wellpost.server.ui.forms import Day, PlainForm


class Clock(forms.TimeInput):
    """A time of day, picked or typed."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class WhenForm(PlainForm):
    """When it was: now, unless somebody says otherwise. On the practice's clock."""

    on = forms.DateField(
        label=_("Day"),
        widget=Day(),
        error_messages={"required": _("Give the day."), "invalid": _("Write a day.")},
    )
    at = forms.TimeField(
        label=_("Time"),
        widget=Clock(),
        error_messages={"required": _("Give the time."), "invalid": _("Write a time.")},
    )

    def __init__(self, *args: Any, time_zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._zone = ZoneInfo(time_zone)
        now = clock.now().astimezone(self._zone)
        self.fields["on"].initial, self.fields["at"].initial = now.date(), now.time()

    @property
    def moment(self) -> datetime:
        """The moment given. An hour that the clock skips or repeats is the first of the two."""
        given = datetime.combine(self.cleaned_data["on"], self.cleaned_data["at"])
        return given.replace(tzinfo=self._zone)

    def clean_on(self) -> Any:
        """A day that computers can reckon with."""
        day = self.cleaned_data["on"]
        if day.year < 1900:
            raise ValidationError(_("That is too long ago. Look for a slip in the year."))
        return day


class ReadingForm(WhenForm):
    """A reading of one kind: its numbers, the unit, the time; pulse with blood pressure."""

    def __init__(self, *args: Any, kind: Kind, unit: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        numbers = {part.name: _number(part, kind) for part in kind.parts}
        extra: dict[str, forms.Field] = {}
        if len(kind.units) > 1:
            extra["unit"] = _units(kind, unit)
        if kind.name == "blood_pressure":
            pulse = KINDS["pulse"]
            extra["pulse"] = _number(pulse.parts[0], pulse, required=False)
        extra["device"] = _device()
        self.fields = {**numbers, **extra, **self.fields}
        self.order_fields([*numbers, "unit", "pulse", "on", "at", "device"])

    @property
    def readings(self) -> list[Measured]:
        """What was written, not looked at yet."""
        given, first = self.cleaned_data, self.kind.parts[0]
        second = self.kind.parts[1].name if len(self.kind.parts) > 1 else ""
        unit = given.get("unit") or self.kind.unit.code
        device, moment = given.get("device", ""), self.moment
        found = [
            Measured(
                self.kind.name, given[first.name], unit, moment, given.get(second, ""), None, device
            )
        ]
        if given.get("pulse"):
            pulse = KINDS["pulse"]
            found.append(Measured("pulse", given["pulse"], pulse.unit.code, moment, device=device))
        return found


class NoteForm(WhenForm):
    """Words about how it goes."""

    text = forms.CharField(
        label=_("What would you like to tell?"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("It is looked at with your readings. For a question, write a message instead."),
        error_messages={"required": _("Write something, then save it.")},
    )
    field_order = ["text", "on", "at"]


class DocumentForm(WhenForm):
    """A photo or document."""

    what = forms.ChoiceField(
        label=_("What is it?"),
        widget=forms.RadioSelect,
        choices=[(each.code, each.label) for each in DOCUMENTS],
        error_messages={"required": _("Choose what it is.")},
    )
    file = forms.FileField(
        label=_("Choose the file, or take a photo"),
        help_text=_("A picture, a PDF, plain text or an office file, up to 25 MB."),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
    )
    field_order = ["what", "file", "on", "at"]


class DeviceFileForm(PlainForm):
    """A file that a phone or meter wrote."""

    file = forms.FileField(
        label=_("Choose the file"),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
    )


class NeedsForm(PlainForm):
    """Questions about housing, food, transport and utilities; each can be left out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {each.code: _question(each) for each in screener().questions}

    @property
    def answers(self) -> dict[str, list[str]]:
        """The answers chosen, by question."""
        given = self.cleaned_data
        return {
            name: value if isinstance(value, list) else [value] for name, value in given.items()
        }


def _number(part: Part, kind: Kind, *, required: bool = True) -> forms.CharField:
    """Text, so that what is no number is answered in words; a phone shows its digits."""
    mode = "decimal" if kind.decimals or len(kind.units) > 1 else "numeric"
    attrs = {"inputmode": mode, "autocomplete": "off", "size": "6", "maxlength": "20"}
    label: Any = part.label
    if len(kind.units) == 1:
        label = f"{part.label} ({kind.unit.label})"
    return forms.CharField(
        label=label,
        required=required,
        widget=forms.TextInput(attrs=attrs),
        error_messages={"required": _("Write the number.")},
    )


def _units(kind: Kind, chosen: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Unit"),
        widget=forms.RadioSelect,
        choices=[
            (each.code, each.label) for each in sorted(kind.units, key=lambda u: _last(u, kind))
        ],
        initial=chosen,
        error_messages={"required": _("Choose the unit.")},
    )


def _last(unit: Any, kind: Kind) -> bool:
    """The usual unit stands first."""
    return bool(unit.code != kind.usual_unit)


def _device() -> forms.CharField:
    return forms.CharField(
        label=_("Measured with"),
        required=False,
        max_length=100,
        help_text=_("The make of the meter, if you know it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def _question(question: Question) -> forms.ChoiceField:
    choices = [(each.code, each.says) for each in question.choices]
    if question.several:
        return forms.MultipleChoiceField(
            label=question.says,
            choices=choices,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
    return forms.ChoiceField(
        label=question.says, choices=choices, required=False, widget=forms.RadioSelect
    )
