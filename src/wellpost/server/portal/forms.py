"""What a patient or a representative fills in."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from wellpost.server.messaging.forms import AnswerForm, TopicForm, WithCamera
from wellpost.server.people.models import Membership
from wellpost.server.routing.models import Reason
from wellpost.server.ui.forms import unchanging

from .topics import in_words, usual

PRACTICE = "practice"


@unchanging
class AnswerWithCamera(AnswerForm, WithCamera):
    """An answer, with what a phone can add."""


class WriteForm(TopicForm, WithCamera):
    """A new message to the practice, or to one of the clinicians who treat the patient."""

    to = forms.ChoiceField(
        label=_("Who is it for?"),
        widget=forms.RadioSelect,
        help_text=_("It becomes part of the medical record, whoever you choose."),
        error_messages={"required": _("Choose who your message is for.")},
    )
    topic = forms.ChoiceField(
        label=_("What kind of question is it?"),
        help_text=_("So that it goes to the right people first."),
        error_messages={"required": _("Choose what kind of question it is.")},
    )
    field_order = ["to", "topic", "subject", "body", "attachments", "photo"]

    def __init__(
        self,
        *args: Any,
        clinicians: list[Membership],
        practice: str,
        topics: list[Reason],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._offer_topics(topics)
        self._clinicians = {str(each.pk): each for each in clinicians}
        named = [(key, each.name) for key, each in self._clinicians.items()]
        anybody = (PRACTICE, _now("Anybody at %(practice)s") % {"practice": practice})
        to = cast(forms.ChoiceField, self.fields["to"])
        to.choices = [*named, anybody]
        to.initial = named[0][0] if named else PRACTICE

    @property
    def reason(self) -> Reason | None:
        """The topic; None at a practice that offers none."""
        return self._topics.get(self.cleaned_data.get("topic", ""))

    def _offer_topics(self, topics: list[Reason]) -> None:
        self._topics = {str(each.pk): each for each in topics}
        if not topics:
            del self.fields["topic"]
            return
        field, first = cast(forms.ChoiceField, self.fields["topic"]), usual(topics)
        field.choices = [(key, in_words(each)) for key, each in self._topics.items()]
        field.initial = str(first.pk) if first else None

    @property
    def chosen(self) -> Membership | None:
        """The clinician it is for; None: the practice."""
        return self._clinicians.get(self.cleaned_data["to"])
