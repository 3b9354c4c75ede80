"""Who is away, and who answers meanwhile."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from wellpost.server.clock import time as clock
from wellpost.server.messaging import actions
from wellpost.server.messaging.coverage import coverages_of
from wellpost.server.messaging.models import Coverage
from wellpost.server.people.models import Membership
from wellpost.server.people.permissions import NotAllowed, Permission
from wellpost.server.people.queries import members_of
from wellpost.server.ui.forms import Day, PlainForm

from .colleagues import ANSWERING
from .desk import ClinicRequest, Desk, at_desk


class AwayForm(PlainForm):
    """From when to when somebody is away, and who answers."""

    membership = forms.ChoiceField(label=_("Who is away?"))
    covered_by = forms.ChoiceField(
        label=_("Who answers meanwhile?"),
        help_text=_("They see and answer these conversations as covering. Patients are told."),
    )
    starts_on = forms.DateField(label=_("First day away"), widget=Day())
    ends_on = forms.DateField(label=_("Last day away"), widget=Day())

    def __init__(
        self, *args: Any, away: list[Membership], here: list[Membership], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._members = {str(each.pk): each for each in [*away, *here]}
        for name, members in (("membership", away), ("covered_by", here)):
            field = cast(forms.ChoiceField, self.fields[name])
            field.choices = [(str(each.pk), each.name) for each in members]

    @property
    def chosen(self) -> dict[str, Any]:
        """What covering is told."""
        given = self.cleaned_data
        who = {name: self._members[given[name]] for name in ("membership", "covered_by")}
        return {**who, "starts_on": given["starts_on"], "ends_on": given["ends_on"]}


@at_desk()
def away(request: ClinicRequest) -> HttpResponse:
    """Each sets their own; an administrator sets anybody's."""
    desk = request.desk
    _check(desk)
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        made = form.attempt(lambda: actions.cover(by=request.user, **form.chosen))
        if made:
            messages.success(request, _now("Kept. Patients are told on those days."))
            return redirect("clinic:away")
    held = [(each, _may_end(desk, each)) for each in coverages_of(desk.practice)]
    context = {"form": form, "held": held, "today": clock.today(desk.practice.time_zone)}
    return render(request, "clinic/away.html", context)


@require_POST
@at_desk()
def end(request: ClinicRequest, coverage_id: UUID) -> HttpResponse:
    """They are back."""
    found = coverages_of(request.desk.practice).filter(pk=coverage_id).first()
    if found is None:
        raise NotAllowed("there is no such coverage here.")
    actions.end_coverage(coverage=found, by=request.user)
    messages.success(request, _now("Ended."))
    return redirect("clinic:away")


def _form(request: ClinicRequest) -> AwayForm:
    answering = [each for each in members_of(request.desk.practice) if each.role in ANSWERING]
    own = [each for each in answering if each.account == request.user]
    away = answering if request.desk.may(Permission.MANAGE_PEOPLE) else own
    return AwayForm(request.POST or None, away=away, here=answering)


def _check(desk: Desk) -> None:
    if not (desk.may(Permission.WRITE_MESSAGES) or desk.may(Permission.MANAGE_PEOPLE)):
        raise NotAllowed("neither answers messages nor manages people here.")


def _may_end(desk: Desk, coverage: Coverage) -> bool:
    return coverage.membership.account == desk.user or desk.may(Permission.MANAGE_PEOPLE)
