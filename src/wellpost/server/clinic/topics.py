"""The topics that patients choose from: names, pools, expected answer times."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from wellpost.server.people.permissions import NotAllowed, Permission
from wellpost.server.routing.models import Pool, Reason
from wellpost.server.routing.pools import open_pools
from wellpost.server.routing.reasons import keep_reason
from wellpost.server.ui.forms import PlainForm

from .desk import ClinicRequest, at_desk


class TopicForm(PlainForm):
    """One topic."""

    name = forms.CharField(label=_("What patients read"), max_length=80)
    pool = forms.ChoiceField(label=_("Goes to the pool"), required=False)
    answer_within_days = forms.IntegerField(
        label=_("Answered within so many business days"), min_value=1, max_value=30
    )
    is_offered = forms.BooleanField(label=_("Patients can choose it"), required=False)

    def __init__(self, *args: Any, pools: list[Pool], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._pools = {str(each.pk): each for each in pools}
        field = cast(forms.ChoiceField, self.fields["pool"])
        named = [(key, each.name) for key, each in self._pools.items()]
        field.choices = [("", _now("The whole practice")), *named]

    @property
    def chosen(self) -> dict[str, Any]:
        """What keeping is told."""
        return {**self.cleaned_data, "pool": self._pools.get(self.cleaned_data["pool"])}


@at_desk(Permission.MANAGE_PEOPLE)
def topics(request: ClinicRequest) -> HttpResponse:
    """Those there are."""
    held = request.desk.practice.reasons.select_related("pool")
    return render(request, "clinic/topics.html", {"topics": held})


@at_desk(Permission.MANAGE_PEOPLE)
def add(request: ClinicRequest) -> HttpResponse:
    """One more."""
    days = request.desk.practice.answer_within_days
    return _keep(request, None, {"is_offered": True, "answer_within_days": days})


@at_desk(Permission.MANAGE_PEOPLE)
def change(request: ClinicRequest, reason_id: UUID) -> HttpResponse:
    """Another name, pool or time; or no longer offered."""
    held = request.desk.practice.reasons.filter(pk=reason_id).first()
    if held is None:
        raise NotAllowed("there is no such topic here.")
    names = ("name", "answer_within_days", "is_offered")
    return _keep(request, held, {each: getattr(held, each) for each in names})


def _keep(request: ClinicRequest, held: Reason | None, known: dict[str, Any]) -> HttpResponse:
    practice, by = request.desk.practice, request.user
    known = {**known, "pool": held.pool_id if held else None}
    form = TopicForm(request.POST or None, pools=list(open_pools(practice)), initial=known)
    if request.method == "POST" and form.is_valid():
        kept = form.attempt(
            lambda: keep_reason(practice=practice, by=by, reason=held, **form.chosen)
        )
        if kept:
            messages.success(request, _now("The topic is kept."))
            return redirect("clinic:topics")
    return render(request, "clinic/topic.html", {"form": form, "topic": held})
