"""Clinicians, staff, and the practice itself."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from wellpost.facts.identifiers import npi_is_valid
from wellpost.server.people.models import Membership, Role
from wellpost.server.ui.forms import Day, PlainForm


def check_npi(value: str) -> None:
    """Refuse an NPI whose check digit is wrong (45 CFR 162.406)."""
    if not npi_is_valid(value):
        raise ValidationError(
            _("That is not an NPI: ten digits whose last one checks the rest. Look for a slip.")
        )


class MemberForm(PlainForm):
    """What is asked of everybody who joins."""

    name = forms.CharField(
        label=_("Name"), max_length=200, error_messages={"required": _("Write the name.")}
    )
    email = forms.EmailField(
        label=_("Email address"),
        help_text=_("An invitation to open an account goes there."),
        error_messages={
            "required": _("Write the email address."),
            "invalid": _("Write an address like name@example.org."),
        },
    )
    starts_on = forms.DateField(
        label=_("First day at the practice"),
        widget=Day(),
        error_messages={"required": _("Give the first day."), "invalid": _("Write a day.")},
    )
    ends_on = forms.DateField(
        label=_("Last day at the practice"),
        required=False,
        widget=Day(),
        help_text=_("Leave it empty when no end is known."),
        error_messages={"invalid": _("Write a day.")},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].initial = today


class ClinicianForm(MemberForm):
    """A clinician, known by the NPI."""

    npi = forms.CharField(
        label=_("NPI"),
        validators=[check_npi],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("The National Provider Identifier, ten digits."),
        error_messages={"required": _("Write the NPI.")},
    )
    field_order = ["npi", "name", "email", "starts_on", "ends_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].required = False


class StaffForm(MemberForm):
    """Somebody with a role other than clinician."""

    role = forms.ChoiceField(
        label=_("Role"),
        widget=forms.RadioSelect,
        choices=[
            (Role.STAFF, _("Staff: writes with patients and manages their records")),
            (Role.REPORTER, _("Reporter: sees the measures, no messages")),
            (Role.ADMINISTRATOR, _("Administrator: manages people, no messages")),
        ],
        error_messages={"required": _("Choose a role.")},
    )
    field_order = ["name", "email", "role", "starts_on", "ends_on"]


class EndForm(PlainForm):
    """From which day on somebody is no longer here."""

    on = forms.DateField(
        label=_("First day without access"),
        widget=Day(),
        help_text=_("Today ends it at once."),
        error_messages={"required": _("Give a day."), "invalid": _("Write a day.")},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today


class InviteForm(PlainForm):
    """Where the code goes to; asked only of a clinician who has no account yet."""

    email = forms.EmailField(
        label=_("Email address"),
        error_messages={
            "required": _("Write the email address."),
            "invalid": _("Write an address like name@example.org."),
        },
    )

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if member.account:
            del self.fields["email"]


class PracticeForm(PlainForm):
    """How the practice shows itself."""

    name = forms.CharField(
        label=_("Name of the practice"),
        max_length=200,
        error_messages={"required": _("Write the name.")},
    )
    phone = forms.CharField(
        label=_("Telephone"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "work tel"}),
        help_text=_("Patients see it beside the form they write in."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=[(name, name) for name in sorted(available_timezones()) if "/" in name],
        help_text=_("Every day of a visit or message is a day of this time zone."),
    )
    answer_within_days = forms.IntegerField(
        label=_("Answers within how many business days?"),
        min_value=1,
        max_value=30,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        help_text=_("Patients are told so before they write."),
        error_messages={
            "required": _("Give a number of days."),
            "invalid": _("Give a whole number of days."),
            "min_value": _("Give at least one day."),
            "max_value": _("Give at most 30 days."),
        },
    )
    emergency_text = forms.CharField(
        label=_("What to do in an emergency"),
        required=False,
        max_length=300,
        help_text=_(
            "Shown wherever patients write. Leave it empty for: In an emergency call 911. "
            "Somewhere else, or with a number for crises, write the whole sentence."
        ),
    )
