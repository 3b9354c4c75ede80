"""What is asked of who changes a number by hand, and of who attests."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from wellpost.errors import RequestError
from wellpost.reports.attested import Attested
from wellpost.reports.claims import Claim
from wellpost.rules.model import ProgramYear
from wellpost.rules.thresholds import AttestedYes
from wellpost.server.ui.forms import PlainForm
from wellpost.terms import spoken

from ..measures import words
from .answer_forms import claimable


class OverrideForm(PlainForm):
    """A number in the place of the one counted."""

    measure = forms.ChoiceField(label=gettext_lazy("Measure"), choices=())
    numerator = forms.IntegerField(
        label=gettext_lazy("Patients in the numerator"),
        min_value=0,
        error_messages={"required": gettext_lazy("Write how many patients the numerator holds.")},
    )
    denominator = forms.IntegerField(
        label=gettext_lazy("Patients in the denominator"),
        min_value=0,
        error_messages={"required": gettext_lazy("Write how many patients were seen.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        help_text=gettext_lazy(
            "What was not counted, and where the proof of it is kept. Everybody who sees the "
            "report reads it. Name no patient."
        ),
        error_messages={"required": gettext_lazy("Write the reason.")},
    )

    def __init__(self, rules: ProgramYear, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(spoken(rule.measure), words.MEASURES[rule.measure]) for rule in rules.measures]
        self.fields["measure"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField's


class AttestForm(PlainForm):
    """Exclusions claimed, answers of the practice, and the statement itself."""

    claims = forms.MultipleChoiceField(
        label=gettext_lazy("Exclusions claimed"),
        choices=(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Each stands only where the visits on record support it."),
    )
    answers = forms.CharField(
        label=gettext_lazy("Answers of the practice"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "What Wellpost does not count, one a line, like PI_EP_1=10/12 or PI_PPHI_1=yes."
        ),
    )
    statement = forms.BooleanField(
        label=gettext_lazy(
            "I attest these numbers, and I know that they are frozen as they are now."
        ),
        error_messages={"required": gettext_lazy("Say that you attest the numbers.")},
    )

    def __init__(self, rules: ProgramYear, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = list(claimable(rules))
        self.fields["claims"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField's
        if not choices:
            del self.fields["claims"]
        if not _asks_for_answers(rules):
            del self.fields["answers"]

    def clean_claims(self) -> list[Claim]:
        """The claims that were chosen."""
        return [Claim.parse(each) for each in self.cleaned_data["claims"]]

    def clean_answers(self) -> list[Attested]:
        """The answers; the sentence of the first that cannot be read."""
        lines = [line for line in self.cleaned_data["answers"].splitlines() if line.strip()]
        try:
            return [Attested.parse(line) for line in lines]
        except RequestError as refusal:
            raise forms.ValidationError(str(refusal)) from None


def _asks_for_answers(rules: ProgramYear) -> bool:
    by_yes = any(isinstance(rule.threshold, AttestedYes) for rule in rules.measures)
    return by_yes or rules.category is not None
