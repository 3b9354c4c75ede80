"""Writing to patients, for colleagues and with them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from wellpost.server.messaging.forms import AnswerForm, MessageForm, TopicForm
from wellpost.server.people.models import Membership, Representative
from wellpost.server.routing.wordings import unfilled_fields
from wellpost.server.ui.forms import PlainForm

PATIENT = "patient"
THE_PRACTICE = ""


class ToWhom(PlainForm):
    """To whom one of the practice writes, and for which clinician.

    `people`: who is written to besides the patient; the patient reads it whoever is chosen.
    `clinicians`: for whom one can write; empty for clinicians, who write in their own name.
    """

    to = forms.ChoiceField(
        label=_("To"),
        help_text=_(
            "The patient, and everybody who acts for the patient, reads every message here, "
            "also one to a colleague."
        ),
    )
    for_clinician = forms.ChoiceField(
        label=_("For which clinician do you write?"),
        required=False,
        help_text=_("The message carries your name and theirs, and counts for them."),
    )

    def __init__(
        self,
        *args: Any,
        patient: str,
        representatives: Iterable[Representative],
        colleagues: Iterable[Membership],
        clinicians: Iterable[Membership],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._representatives = {str(each.pk): each for each in representatives}
        self._colleagues = {str(each.pk): each for each in colleagues}
        self._clinicians = {str(each.pk): each for each in clinicians}
        self._offer_to(patient)
        self._offer_clinicians()

    @property
    def choices(self) -> dict[str, Any]:
        """What an action that sends is told of whom it is to and for."""
        to = self.cleaned_data["to"]
        chosen = self._clinicians.get(self.cleaned_data.get("for_clinician", ""))
        return {
            "representative": self._representatives.get(to),
            "to_colleague": self._colleagues.get(to),
            "for_clinician": chosen.clinician if chosen else None,
        }

    def _offer_to(self, patient: str) -> None:
        acting = [
            (key, _now("%(name)s, who acts for the patient") % {"name": each.name})
            for key, each in self._representatives.items()
        ]
        working = [
            (key, _now("%(name)s; the patient reads it too") % {"name": each.name})
            for key, each in self._colleagues.items()
        ]
        side = (_now("Patient's side"), [(PATIENT, patient), *acting])
        groups = [side, (_now("A colleague, with the patient included"), working)]
        field = cast(forms.ChoiceField, self.fields["to"])
        field.choices = [group for group in groups if group[1]]

    def _offer_clinicians(self) -> None:
        if not self._clinicians:
            del self.fields["for_clinician"]
            return
        named = [(key, each.name) for key, each in self._clinicians.items()]
        field = cast(forms.ChoiceField, self.fields["for_clinician"])
        field.choices = [(THE_PRACTICE, _now("None in particular")), *named]


class Filled(MessageForm):
    """A message in which no field of a template was left standing."""

    def clean_body(self) -> str:
        """As every message; besides, its fields are filled."""
        body = super().clean_body()
        if left := unfilled_fields(body):
            named = ", ".join(f"{{{each}}}" for each in left)
            raise ValidationError(_now("Fill in %(fields)s, or take it out.") % {"fields": named})
        return body


class WriteForm(ToWhom, Filled, TopicForm):
    """The first message of a conversation."""

    field_order = ["to", "for_clinician", "subject", "body", "attachments"]


class ReplyForm(ToWhom, Filled, AnswerForm):
    """A message to a conversation."""

    field_order = ["to", "for_clinician", "body", "attachments"]


class ParticipantForm(PlainForm):
    """A colleague to bring into a conversation."""

    membership = forms.ChoiceField(
        label=_("Colleague"),
        help_text=_("They can then read all of it, and answer."),
        error_messages={"required": _("Choose a colleague.")},
    )

    def __init__(self, *args: Any, colleagues: Iterable[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._colleagues = {str(each.pk): each for each in colleagues}
        field = cast(forms.ChoiceField, self.fields["membership"])
        field.choices = [(key, each.name) for key, each in self._colleagues.items()]

    @property
    def chosen(self) -> Membership:
        """The colleague's membership."""
        return self._colleagues[self.cleaned_data["membership"]]
