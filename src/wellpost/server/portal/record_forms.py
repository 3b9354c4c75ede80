"""What is asked of who takes the record home, sends it on, or reads its log."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from wellpost.server.clock import time as clock
from wellpost.server.sharing.files import Form
from wellpost.server.sharing.history import Action
from wellpost.server.sharing.models import Way
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

    def __init__(self, *args: Any, time_zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = clock.today(time_zone)

    @property
    def days(self) -> tuple[date | None, date | None]:
        """The first and the last day; None where it is open."""
        return self.cleaned_data["starts_on"], self.cleaned_data["ends_on"]

    def clean(self) -> dict[str, Any]:
        """The days in their order, and not all of them still to come."""
        given = super().clean() or self.cleaned_data
        first, last = given.get("starts_on"), given.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _now("The last day lies before the first."))
        elif first and first > self._today:
            self.add_error("starts_on", _now("This day is still to come; choose an earlier one."))
        return given


class FileForm(DaysForm):
    """Which file, of which days."""

    file = forms.ChoiceField(
        label=_("What kind of file?"),
        choices=Form.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what kind of file.")},
    )
    field_order = ["file", "starts_on", "ends_on"]

    @property
    def form(self) -> Form:
        """What the file is."""
        return Form(self.cleaned_data["file"])


class SendForm(FileForm):
    """To whom, how, and that one knows what ordinary email is."""

    to_whom = forms.EmailField(
        label=_("Email address of the person or practice who is to get it"),
        help_text=_(
            "One address. Check every letter: a wrong one gives your record to a stranger."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": _("Write the email address."),
            "invalid": _("Write one email address, like name@example.org."),
        },
    )
    way = forms.ChoiceField(
        label=_("How is it to be sent?"),
        choices=Way.choices,
        initial=Way.LINK,
        widget=forms.RadioSelect,
        help_text=_(
            "The link is the safe way: the file stays encrypted here until it is fetched, once, "
            "within three days. You get a code to tell the other person by telephone."
        ),
        error_messages={"required": _("Choose how it is to be sent.")},
    )
    consent = forms.BooleanField(
        label=_("I know that others can read an ordinary email on its way, and want it sent so."),
        help_text=_("Only for ordinary email. Nobody can take such an email back."),
        required=False,
    )
    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    field_order = ["to_whom", "way", "consent", "file", "starts_on", "ends_on"]

    def clean(self) -> dict[str, Any]:
        """Ordinary email needs consent."""
        given = super().clean()
        if given.get("way") == Way.EMAIL and not given.get("consent"):
            self.add_error(
                "consent",
                _now("Tick this if you want an ordinary email; or choose the link, which is safe."),
            )
        return given


class LogForm(DaysForm):
    """Which lines of the log."""

    action = forms.ChoiceField(
        label=_("What was done"),
        choices=[("", _("Everything")), *Action.choices],
        required=False,
        widget=forms.Select,
    )
    field_order = ["action", "starts_on", "ends_on"]
