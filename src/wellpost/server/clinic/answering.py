"""How the practice answers: its hours, its automatic answer, its reminders, its closed days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from wellpost.server.clock import time as clock
from wellpost.server.people.models import Practice
from wellpost.server.people.permissions import NotAllowed, Permission
from wellpost.server.routing.automatic import usual_text
from wellpost.server.routing.hours import answering_of, set_answering, set_hours
from wellpost.server.routing.models import Task, Waiting
from wellpost.server.routing.reasons import close_on, open_on
from wellpost.server.ui.forms import Day, PlainForm

from .desk import ClinicRequest, at_desk


class Clock(forms.TimeInput):
    """A time of day, picked or typed."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class HoursForm(PlainForm):
    """From when to when on each weekday; both empty where it is closed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for weekday, name in WEEKDAYS.items():
            for side, says in (("from", _now("opens")), ("to", _now("closes"))):
                self.fields[f"{side}_{weekday}"] = forms.TimeField(
                    label=f"{name}, {says}", required=False, widget=Clock()
                )

    def clean(self) -> dict[str, Any]:
        """Both of a weekday, or none."""
        for weekday, name in WEEKDAYS.items():
            opens, closes = self._of(weekday)
            if (opens is None) != (closes is None):
                said = _now("%(day)s: give both times, or none where it is closed.")
                self.add_error(f"from_{weekday}", said % {"day": name})
        return self.cleaned_data

    @property
    def hours(self) -> Mapping[int, tuple[time, time]]:
        """By weekday."""
        held = {weekday: self._of(weekday) for weekday in WEEKDAYS}
        return {day: (opens, closes) for day, (opens, closes) in held.items() if opens and closes}

    def _of(self, weekday: int) -> tuple[time | None, time | None]:
        given = self.cleaned_data
        return given.get(f"from_{weekday}"), given.get(f"to_{weekday}")


class AnsweringForm(PlainForm):
    """The automatic answer and the reminders."""

    automatic = forms.BooleanField(
        label=_("Answer automatically outside these hours"),
        required=False,
        help_text=_("At most once a day in a conversation. It counts for no clinician."),
    )
    automatic_text = forms.CharField(
        label=_("What the automatic answer says"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
    )
    escalate_after_days = forms.IntegerField(
        label=_("Remind when something stays unanswered for so many business days"),
        min_value=1,
        max_value=30,
        help_text=_("First who takes part and who covers, then the pool, then administrators."),
    )
    unread_after_days = forms.IntegerField(
        label=_("Tell the writer when a patient has not read a message for so many days"),
        min_value=1,
        max_value=90,
    )


class ClosedForm(PlainForm):
    """A day on which nobody is there."""

    day = forms.DateField(label=_("Closed on"), widget=Day())
    says = forms.CharField(label=_("Why"), required=False, max_length=100)


@at_desk(Permission.MANAGE_PEOPLE)
def answering(request: ClinicRequest) -> HttpResponse:
    """See and change it; each form on the page is kept by itself."""
    practice, which = request.desk.practice, request.POST.get("which", "")
    forms_ = _forms(request, practice, which)
    if request.method == "POST" and which in forms_ and forms_[which].is_valid():
        form = forms_[which]
        if form.attempt(lambda: _kept(request, which, form)):
            messages.success(request, _now("Kept."))
            return redirect("clinic:answering")
    context = {
        **{f"{name}_form": form for name, form in forms_.items()},
        "form": forms_.get(which),
        "closed": practice.closed_days.filter(closed_on__gte=clock.today(practice.time_zone)),
        "unanswered": Task.objects.filter(
            practice=practice, waiting=Waiting.PRACTICE, step__gt=0, thread__state="open"
        ).count(),
        "practice": practice,
    }
    return render(request, "clinic/answering.html", context)


@require_POST
@at_desk(Permission.MANAGE_PEOPLE)
def open_again(request: ClinicRequest, closed_id: int) -> HttpResponse:
    """It is open on that day after all."""
    found = request.desk.practice.closed_days.filter(pk=closed_id).first()
    if found is None:
        raise NotAllowed("there is no such closed day here.")
    open_on(closed=found, by=request.user)
    return redirect("clinic:answering")


def _forms(request: ClinicRequest, practice: Practice, which: str) -> dict[str, PlainForm]:
    held = {f"from_{each.weekday}": each.opens_at for each in practice.hours.all()}
    held |= {f"to_{each.weekday}": each.closes_at for each in practice.hours.all()}
    set_to = answering_of(practice)
    names = ("automatic", "automatic_text", "escalate_after_days", "unread_after_days")
    known = {name: getattr(set_to, name) for name in names}
    known["automatic_text"] = known["automatic_text"] or usual_text(practice)
    sent = {which: request.POST} if request.method == "POST" else {}
    return {
        "hours": HoursForm(sent.get("hours"), initial=held, prefix="hours"),
        "rules": AnsweringForm(sent.get("rules"), initial=known, prefix="rules"),
        "closed": ClosedForm(sent.get("closed"), prefix="closed"),
    }


def _kept(request: ClinicRequest, which: str, form: PlainForm) -> bool:
    to: dict[str, Any] = {"practice": request.desk.practice, "by": request.user}
    if isinstance(form, HoursForm):
        set_hours(**to, hours=form.hours)
    elif which == "rules":
        set_answering(**to, **form.cleaned_data)
    else:
        close_on(**to, **form.cleaned_data)
    return True
