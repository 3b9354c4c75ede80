"""The practice's settings."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from wellpost.server.people.permissions import Permission
from wellpost.server.people.practices import CHANGEABLE, change_practice

from .desk import ClinicRequest, at_desk
from .forms.people import PracticeForm


@at_desk(Permission.MANAGE_PEOPLE)
def practice(request: ClinicRequest) -> HttpResponse:
    """See and change them."""
    here, by = request.desk.practice, request.user
    initial = {name: getattr(here, name) for name in CHANGEABLE}
    form = PracticeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        kept = form.attempt(lambda: change_practice(practice=here, by=by, **form.cleaned_data))
        if kept:
            messages.success(request, _("The settings are kept."))
            return redirect("clinic:practice")
    return render(request, "clinic/practice.html", {"form": form, "practice": here})
