"""What is asked of who opens a link."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from wellpost.server.ui.forms import PlainForm


class CodeForm(PlainForm):
    """The code that the sender told."""

    code = forms.CharField(
        label=_("Code"),
        help_text=_("Eight digits. The person who sent the record tells you."),
        max_length=20,
        error_messages={"required": _("Type the code.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
