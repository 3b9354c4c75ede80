"""How long messages are kept, what holds them longer, and that they may go."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from wellpost.server.messaging.retention import holds, policy
from wellpost.server.ui.forms import Day, PlainForm

WHOLE = {"required": _("Write a whole number."), "invalid": _("Write a whole number.")}
NO_DAY = {"invalid": _("Write a day of the calendar, like 2026-03-31.")}


class PolicyForm(PlainForm):
    """The practice's own rule, which follows its state's law."""

    years = forms.IntegerField(
        label=_("Years after the last contact"),
        min_value=policy.FEWEST_YEARS,
        max_value=policy.MOST_YEARS,
        initial=policy.YEARS,
        error_messages=WHOLE,
        help_text=_("The last message or the last visit, whichever is later."),
    )
    minors_until = forms.IntegerField(
        label=_("Of minors at least until this age"),
        min_value=policy.LOWEST_AGE,
        max_value=policy.HIGHEST_AGE,
        initial=policy.MINORS_UNTIL,
        error_messages=WHOLE,
    )
    source = forms.CharField(
        label=_("Which law or rule asks for it?"),
        required=False,
        max_length=policy.LONGEST_SOURCE,
        help_text=_("For those who ask later. States differ; ask your lawyer."),
    )


class HoldForm(PlainForm):
    """Why nothing may be destroyed, and from when to when."""

    reason = forms.CharField(
        label=_("Why must it be kept?"),
        min_length=holds.SHORTEST_REASON,
        max_length=holds.LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept sealed; administrators of this practice read it."),
        error_messages={
            "required": _("Say why."),
            "min_length": _("Say a little more: at least %(limit_value)d characters."),
        },
    )
    starts_on = forms.DateField(
        label=_("From this day"), widget=Day(),
        error_messages={**NO_DAY, "required": _("Say from which day.")},
    )  # fmt: skip
    ends_on = forms.DateField(
        label=_("Until this day"), required=False, widget=Day(), error_messages=NO_DAY,
        help_text=_("Leave it empty when the end is not known; lift the hold then by hand."),
    )  # fmt: skip


class DestroyForm(PlainForm):
    """The plan that was seen, and that it is meant."""

    plan = forms.CharField(widget=forms.HiddenInput, max_length=20)
    sure = forms.BooleanField(
        label=_("Nobody will ever read these messages again. I have checked the list."),
        error_messages={"required": _("Tick this when you have checked the list.")},
    )
