"""Why somebody must read now, and who is told of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from wellpost.server.messaging.emergency import LONGEST_REASON, SHORTEST_REASON
from wellpost.server.people.models import Membership
from wellpost.server.ui.forms import PlainForm


class ReasonForm(PlainForm):
    """The reason for emergency access."""

    reason = forms.CharField(
        label=_("Why must you read this now?"),
        min_length=SHORTEST_REASON,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Those who review it read this, and nobody else."),
        error_messages={
            "required": _("Say why."),
            "min_length": _("Say a little more: at least %(limit_value)d characters."),
            "max_length": _("Say it in %(limit_value)d characters."),
        },
    )


class OfficerForm(PlainForm):
    """Who is told at once."""

    officer = forms.ChoiceField(label=_("Who is told at once?"), required=False)

    def __init__(self, *args: Any, officers: Iterable[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._officers = {str(each.pk): each for each in officers}
        named = [(key, each.name) for key, each in self._officers.items()]
        offered = cast(forms.ChoiceField, self.fields["officer"])
        offered.choices = [("", _("Every administrator")), *named]

    @property
    def chosen(self) -> Membership | None:
        """The membership of the one chosen; None: every administrator."""
        return self._officers.get(self.cleaned_data["officer"])
