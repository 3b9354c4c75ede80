"""The forms of the pages for those who are invited."""

from __future__ import annotations

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from wellpost.server.ui.forms import Day, PlainForm


def _password_hint() -> str:
    return " ".join(password_validators_help_texts())


PASSWORD_HINT = lazy(_password_hint, str)()


class CodeForm(PlainForm):
    """The code of an invitation and the second proof."""

    code = forms.CharField(
        label=_("Code"),
        help_text=_("From the email or letter, like ABCD-EFGH-JKLM-NPQR."),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "spellcheck": "false", "autocapitalize": "off"}
        ),
    )
    birth_on = forms.DateField(
        label=_("The patient's date of birth"),
        help_text=_("If you act for somebody else, their date of birth."),
        widget=Day(),
    )


class AccountForm(PlainForm):
    """A new account."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your email address"),
        help_text=_("You sign in with it. We write there when something waits for you."),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("New password"),
        help_text=PASSWORD_HINT,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )


class MemberForm(PlainForm):
    """The code a member was sent, and the password they choose."""

    code = forms.CharField(
        label=_("Code"),
        help_text=_("From the email, like ABCD-EFGH-JKLM-NPQR."),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "spellcheck": "false", "autocapitalize": "off"}
        ),
    )
    password = forms.CharField(
        label=_("New password"),
        help_text=PASSWORD_HINT,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )
