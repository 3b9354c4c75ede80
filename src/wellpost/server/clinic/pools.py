"""Pools: who shares which kind of work, from when to when."""

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
from wellpost.server.people.models import Membership
from wellpost.server.people.permissions import NotAllowed, Permission
from wellpost.server.people.queries import members_of
from wellpost.server.routing import pools as shared
from wellpost.server.routing.models import Pool
from wellpost.server.ui.forms import Day, PlainForm

from .colleagues import ANSWERING
from .desk import ClinicRequest, at_desk


class PoolForm(PlainForm):
    """A new pool."""

    name = forms.CharField(label=_("Name of the pool"), max_length=80)


class JoinForm(PlainForm):
    """Somebody for a pool."""

    membership = forms.ChoiceField(label=_("Who?"))
    starts_on = forms.DateField(label=_("First day"), widget=Day())
    ends_on = forms.DateField(label=_("Last day"), widget=Day(), required=False)

    def __init__(self, *args: Any, members: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._members = {str(each.pk): each for each in members}
        field = cast(forms.ChoiceField, self.fields["membership"])
        field.choices = [(key, each.name) for key, each in self._members.items()]

    @property
    def chosen(self) -> dict[str, Any]:
        """What joining is told."""
        return {**self.cleaned_data, "membership": self._members[self.cleaned_data["membership"]]}


@at_desk(Permission.MANAGE_PEOPLE)
def pools(request: ClinicRequest) -> HttpResponse:
    """Those there are, and a new one."""
    practice, by = request.desk.practice, request.user
    form = PoolForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = form.attempt(
            lambda: shared.add_pool(practice=practice, by=by, name=form.cleaned_data["name"])
        )
        if made:
            return redirect("clinic:pool", made.pk)
    rows = [(each, shared.members_today(each)) for each in _open(request)]
    return render(request, "clinic/pools.html", {"form": form, "rows": rows})


@at_desk(Permission.MANAGE_PEOPLE)
def pool(request: ClinicRequest, pool_id: UUID) -> HttpResponse:
    """Who is in it, and who joins."""
    held = _pool(request, pool_id)
    here = [each for each in members_of(request.desk.practice) if each.role in ANSWERING]
    today = clock.today(request.desk.practice.time_zone)
    form = JoinForm(request.POST or None, members=here, initial={"starts_on": today})
    if request.method == "POST" and form.is_valid():
        by = request.user
        if form.attempt(lambda: shared.join_pool(pool=held, by=by, **form.chosen)):
            messages.success(request, _now("Kept."))
            return redirect("clinic:pool", held.pk)
    joined = held.members.select_related("membership__clinician", "membership__user")
    context = {"form": form, "pool": held, "members": joined.order_by("starts_on", "pk")}
    return render(request, "clinic/pool.html", context)


@require_POST
@at_desk(Permission.MANAGE_PEOPLE)
def leave(request: ClinicRequest, pool_id: UUID, pool_member_id: int) -> HttpResponse:
    """They are in it no more."""
    found = _pool(request, pool_id).members.filter(pk=pool_member_id).first()
    if found is None:
        raise NotAllowed("there is no such member here.")
    shared.leave_pool(member=found, by=request.user)
    return redirect("clinic:pool", pool_id)


@require_POST
@at_desk(Permission.MANAGE_PEOPLE)
def close(request: ClinicRequest, pool_id: UUID) -> HttpResponse:
    """What lies in it goes to the whole practice."""
    shared.close_pool(pool=_pool(request, pool_id), by=request.user)
    messages.success(request, _now("The pool is closed. What lay in it is everybody's."))
    return redirect("clinic:pools")


def _open(request: ClinicRequest) -> list[Pool]:
    return list(shared.open_pools(request.desk.practice).select_related("practice"))


def _pool(request: ClinicRequest, pool_id: UUID) -> Pool:
    found = next((each for each in _open(request) if each.pk == pool_id), None)
    if found is None:
        raise NotAllowed("there is no such pool here.")
    return found
