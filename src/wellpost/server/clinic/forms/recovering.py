"""Why an account is taken off a record, and how the practice knows who asks for it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from wellpost.server.people.recovery import Loss, Proof
from wellpost.server.ui.forms import PlainForm

CHOOSE = {"required": _("Choose one."), "invalid_choice": _("Choose one of these.")}


class RecoveryForm(PlainForm):
    """What happened, who asks, and how the new invitation goes out."""

    loss = forms.ChoiceField(
        label=_("What happened?"),
        choices=Loss.choices,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    proof = forms.ChoiceField(
        label=_("How do you know that it is the patient who asks?"),
        choices=Proof.choices,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    sent_by = forms.ChoiceField(
        label=_("How does the new invitation reach the patient?"),
        choices=[
            ("letter", _("By a letter that I print now")),
            ("email", _("By email, to the address on the record")),
        ],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
