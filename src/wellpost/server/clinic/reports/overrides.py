"""Numbers changed by hand, and taken back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wellpost.rules.load import program_year
from wellpost.server.people.permissions import NotAllowed, Permission
from wellpost.server.quality import overriding
from wellpost.server.quality.models import Override
from wellpost.server.quality.viewing import viewer

from ..desk import ClinicRequest, at_desk
from ..measures.cards import PRACTICE
from .forms import OverrideForm
from .who import asked_of, named, npi_of


@at_desk(Permission.ATTEST)
def override(request: ClinicRequest, who: str) -> HttpResponse:
    """Put a number in the place of the one counted, with the reason."""
    asked, npi, here = asked_of(request), npi_of(who), request.desk.practice
    viewer(request.user, here).require(npi, Permission.ATTEST)
    rules = program_year(asked.program, asked.year)
    form = OverrideForm(rules, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = form.attempt(
            lambda: overriding.override(
                by=request.user, practice=here, npi=npi, asked=asked, **form.cleaned_data
            )
        )
        if made:
            messages.success(request, _("The number is changed; every report says so."))
            return redirect("reports:reporter", who)
    context = {**named(request, who), "asked": asked, "rules": rules, "form": form}
    return render(request, "reports/override.html", context)


@require_POST
@at_desk(Permission.ATTEST)
def withdraw(request: ClinicRequest, override_id: UUID) -> HttpResponse:
    """Take a change back."""
    here = request.desk.practice
    made = Override.objects.filter(pk=override_id, practice=here).first()
    if made is None:
        raise NotAllowed("there is no such change here.")
    overriding.withdraw(by=request.user, made=made)
    messages.success(request, _("The number counted stands again."))
    return redirect("reports:reporter", made.npi or PRACTICE)
