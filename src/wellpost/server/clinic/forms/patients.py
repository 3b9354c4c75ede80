"""Patients and those who act for them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wellpost.server.ui.forms import Day, PlainForm

NAME_MISSING = {"required": _("Write the name.")}


class SearchForm(PlainForm):
    """Words of a name, a date of birth, or both; sent in the body, so no address holds them."""

    words = forms.CharField(
        label=_("Name or date of birth"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("For example: adams, or alice 1980-03-31."),
    )


class PatientForm(PlainForm):
    """What the practice knows of a patient."""

    given_name = forms.CharField(label=_("Given name"), max_length=100, error_messages=NAME_MISSING)
    family_name = forms.CharField(
        label=_("Family name"), max_length=100, error_messages=NAME_MISSING
    )
    birth_on = forms.DateField(
        label=_("Date of birth"),
        required=False,
        widget=Day(),
        help_text=_("The patient is asked for it when opening an account."),
        error_messages={"invalid": _("Write a day of the calendar, like 1980-03-31.")},
    )
    email = forms.EmailField(
        label=_("Email address"),
        required=False,
        error_messages={"invalid": _("Write an address like name@example.org.")},
    )
    phone = forms.CharField(label=_("Telephone"), required=False, max_length=40)
    address = forms.CharField(
        label=_("Postal address"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class RepresentativeForm(PlainForm):
    """Somebody who may act for the patient, from when to when and in what."""

    name = forms.CharField(label=_("Name"), max_length=200, error_messages=NAME_MISSING)
    relationship = forms.CharField(
        label=_("Relationship to the patient"),
        max_length=60,
        help_text=_("For example: daughter, guardian, health care proxy."),
        error_messages={"required": _("Say how this person stands to the patient.")},
    )
    email = forms.EmailField(
        label=_("Email address"),
        required=False,
        error_messages={"invalid": _("Write an address like name@example.org.")},
    )
    starts_on = forms.DateField(
        label=_("First day"),
        widget=Day(),
        error_messages={"required": _("Give the first day."), "invalid": _("Write a day.")},
    )
    ends_on = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=Day(),
        help_text=_("Leave it empty when no end is known."),
        error_messages={"invalid": _("Write a day.")},
    )
    as_parent = forms.BooleanField(
        label=_("Acts as parent or guardian of a child"),
        required=False,
        help_text=_(
            "Then the rights end at the birthdays the practice has set, without a last day."
        ),
    )
    may_message = forms.BooleanField(
        label=_("May read and write messages"), required=False, initial=True
    )
    may_see_record = forms.BooleanField(
        label=_("May see the medical record"), required=False, initial=True
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].initial = today
