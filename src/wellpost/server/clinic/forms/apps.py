"""What the practice decides of an app."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wellpost.server.smart.models import Decision
from wellpost.server.ui.forms import PlainForm

APPROVE = (Decision.APPROVED.value, _("Approve: patients can connect it"))
REFUSE = (Decision.REFUSED.value, _("Refuse: nobody can connect it"))
WITHDRAW = (Decision.WITHDRAWN.value, _("Withdraw the approval: all its access ends at once"))


class DecisionForm(PlainForm):
    """Of what stands open: an approved app can lose it, every other can get it."""

    decision = forms.ChoiceField(
        label=_("What do you decide?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        required=False,
        help_text=_("For those who decide after you."),
    )

    def __init__(self, *args: Any, decision: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["decision"]
        approved = decision == Decision.APPROVED
        field.choices = [WITHDRAW] if approved else [APPROVE, REFUSE]
