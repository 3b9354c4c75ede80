"""Templates: one's own, and the practice's."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from wellpost.server.people.permissions import NotAllowed, Permission
from wellpost.server.routing.models import Wording
from wellpost.server.routing.wordings import FIELDS, keep_wording, remove_wording, wordings_for
from wellpost.server.ui.forms import PlainForm

from .desk import ClinicRequest, at_desk


class WordingForm(PlainForm):
    """A text with fields."""

    name = forms.CharField(label=_("Name of the template"), max_length=80)
    subject = forms.CharField(label=_("Subject"), required=False, max_length=150)
    body = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 8}))
    shared = forms.BooleanField(
        label=_("Everybody of the practice can use it"), required=False, initial=True
    )


@at_desk(Permission.WRITE_MESSAGES)
def wordings(request: ClinicRequest) -> HttpResponse:
    """Those there are."""
    held = wordings_for(request.user, request.desk.practice)
    return render(request, "clinic/wordings.html", {"wordings": held})


@at_desk(Permission.WRITE_MESSAGES)
def add(request: ClinicRequest) -> HttpResponse:
    """A new one."""
    return _keep(request, WordingForm(request.POST or None), None)


@at_desk(Permission.WRITE_MESSAGES)
def change(request: ClinicRequest, wording_id: UUID) -> HttpResponse:
    """Another text, or another name."""
    held = _wording(request, wording_id)
    known = {name: getattr(held, name) for name in ("name", "subject", "body")}
    known["shared"] = held.owner_id is None
    return _keep(request, WordingForm(request.POST or None, initial=known), held)


@require_POST
@at_desk(Permission.WRITE_MESSAGES)
def remove(request: ClinicRequest, wording_id: UUID) -> HttpResponse:
    """No longer offered."""
    remove_wording(wording=_wording(request, wording_id), by=request.user)
    messages.success(request, _now("The template is deleted."))
    return redirect("clinic:wordings")


def _keep(request: ClinicRequest, form: WordingForm, held: Wording | None) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        by, practice, given = request.user, request.desk.practice, form.cleaned_data
        if form.attempt(lambda: keep_wording(practice=practice, by=by, wording=held, **given)):
            messages.success(request, _now("The template is kept."))
            return redirect("clinic:wordings")
    context = {"form": form, "wording": held, "fields": [f"{{{each}}}" for each in FIELDS]}
    return render(request, "clinic/wording.html", context)


def _wording(request: ClinicRequest, wording_id: UUID) -> Wording:
    found = wordings_for(request.user, request.desk.practice).filter(pk=wording_id).first()
    if found is None:
        raise NotAllowed("there is no such template here.")
    return found
