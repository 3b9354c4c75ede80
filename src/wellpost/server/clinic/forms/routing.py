"""Looking after conversations: passing on, arranging, noting, forwarding, filtering."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from wellpost.server.people.models import Membership
from wellpost.server.routing.filters import Filters
from wellpost.server.routing.models import Pool, Priority, Reason, Waiting
from wellpost.server.ui.forms import Day, OnceForm, PlainForm


class NoteForm(PlainForm):
    """A note that only the practice reads."""

    text = forms.CharField(
        label=_("Note for staff"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("The note is empty.")},
    )


class ReassignForm(PlainForm):
    """To whom, or into which pool, and why."""

    target = forms.ChoiceField(
        label=_("Pass it on to"), error_messages={"required": _("Choose a colleague or a pool.")}
    )
    why = forms.CharField(
        label=_("Why?"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Kept as a note; the patient does not see it."),
        error_messages={"required": _("Say why, in a few words.")},
    )

    def __init__(
        self,
        *args: Any,
        colleagues: Iterable[Membership],
        pools: Iterable[Pool],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._people = {f"member:{each.pk}": each for each in colleagues}
        self._pools = {f"pool:{each.pk}": each for each in pools}
        people = (_now("Colleagues"), [(key, each.name) for key, each in self._people.items()])
        pooled = (_now("Pools"), [(key, each.name) for key, each in self._pools.items()])
        field = cast(forms.ChoiceField, self.fields["target"])
        field.choices = [("", _now("Choose")), *[each for each in (pooled, people) if each[1]]]

    @property
    def chosen(self) -> dict[str, Any]:
        """What passing on is told."""
        target = self.cleaned_data["target"]
        return {"to": self._people.get(target), "pool": self._pools.get(target)}


class ArrangeForm(PlainForm):
    """Topic, priority, the day to come back to it."""

    reason = forms.ChoiceField(label=_("Topic"), required=False)
    priority = forms.TypedChoiceField(label=_("Priority"), choices=Priority.choices, coerce=int)
    follow_up_on = forms.DateField(label=_("Come back to it on"), required=False, widget=Day())

    def __init__(self, *args: Any, reasons: Iterable[Reason], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._reasons = {str(each.pk): each for each in reasons}
        field = cast(forms.ChoiceField, self.fields["reason"])
        named = [(key, each.name) for key, each in self._reasons.items()]
        field.choices = [("", _now("None chosen")), *named]

    @property
    def chosen(self) -> dict[str, Any]:
        """What arranging is told."""
        given = self.cleaned_data
        return {
            "reason": self._reasons.get(given["reason"]),
            "priority": given["priority"],
            "follow_up_on": given["follow_up_on"],
        }


class ForwardForm(OnceForm):
    """To a colleague, with the patient reading along or not: it is said which."""

    to = forms.ChoiceField(label=_("Forward to"))
    who_reads = forms.ChoiceField(
        label=_("Who reads what you write here?"),
        widget=forms.RadioSelect,
        choices=[
            ("staff", _("Only the practice. It is kept as a note for staff.")),
            ("patient", _("The patient too. It is a message in this conversation.")),
        ],
        error_messages={"required": _("Choose whether the patient reads it.")},
    )
    text = forms.CharField(
        label=_("What do you ask your colleague?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what your colleague should do.")},
    )

    def __init__(self, *args: Any, colleagues: Iterable[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **{"prefix": "forward", **kwargs})
        self._people = {str(each.pk): each for each in colleagues}
        field = cast(forms.ChoiceField, self.fields["to"])
        field.choices = [(key, each.name) for key, each in self._people.items()]

    @property
    def chosen(self) -> dict[str, Any]:
        """What forwarding is told."""
        given = self.cleaned_data
        return {
            "to": self._people[given["to"]],
            "text": given["text"],
            "with_patient": given["who_reads"] == "patient",
            "client_key": str(given["client_key"]),
        }


class FilterForm(PlainForm):
    """What part of the inbox to see; sent by GET, so that it can be kept as an address."""

    whose = forms.ChoiceField(
        label=_("Looked after by"),
        required=False,
        choices=[
            ("", _("Anybody")),
            ("mine", _("Me")),
            ("pools", _("My pools")),
            ("nobody", _("Nobody yet")),
        ],
    )
    waiting = forms.ChoiceField(
        label=_("Waiting for"),
        required=False,
        choices=[
            ("", _("Anybody")),
            (Waiting.PRACTICE.value, _("Us")),
            (Waiting.PATIENT.value, _("The patient")),
        ],
    )
    reason = forms.ChoiceField(label=_("Topic"), required=False)
    priority = forms.ChoiceField(
        label=_("Priority"), required=False, choices=[("", _("Any")), *Priority.choices]
    )
    due = forms.BooleanField(label=_("Only what is due for follow-up"), required=False)
    show = forms.CharField(widget=forms.HiddenInput, required=False)
    patient = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, filters: Filters, reasons: Iterable[Reason]) -> None:
        held = {name: getattr(filters, name) for name in self.base_fields}
        known = {name: "" if value is None else value for name, value in held.items()}
        super().__init__(initial=known, auto_id="filter_%s")
        field = cast(forms.ChoiceField, self.fields["reason"])
        field.choices = [("", _now("Any")), *[(str(each.pk), each.name) for each in reasons]]


class ViewForm(PlainForm):
    """A name for what is shown."""

    name = forms.CharField(
        label=_("Keep this view as"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Give the view a name.")},
    )
