"""What a patient or a representative fills in."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from wellpost.server.messaging.forms import TopicForm
from wellpost.server.people.models import Membership

PRACTICE = "practice"


class WriteForm(TopicForm):
    """A new message to the practice, or to one of the clinicians who treat the patient."""

    to = forms.ChoiceField(
        label=_("Who is it for?"),
        widget=forms.RadioSelect,
        help_text=_("It becomes part of the medical record, whoever you choose."),
        error_messages={"required": _("Choose who your message is for.")},
    )
    field_order = ["to", "subject", "body", "attachments"]

    def __init__(
        self, *args: Any, clinicians: list[Membership], practice: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._clinicians = {str(each.pk): each for each in clinicians}
        named = [(key, each.name) for key, each in self._clinicians.items()]
        anybody = (PRACTICE, _now("Anybody at %(practice)s") % {"practice": practice})
        to = cast(forms.ChoiceField, self.fields["to"])
        to.choices = [*named, anybody]
        to.initial = named[0][0] if named else PRACTICE

    @property
    def chosen(self) -> Membership | None:
        """The clinician it is for; None: the practice."""
        return self._clinicians.get(self.cleaned_data["to"])
