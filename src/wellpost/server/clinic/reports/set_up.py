"""What reports need that no visit tells: broadband by county, and the virtual group."""

from __future__ import annotations

import re
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from wellpost.errors import DataRefusedError, RequestError
from wellpost.server.people.permissions import NotAllowed, Permission
from wellpost.server.quality import broadband as counties
from wellpost.server.quality import together
from wellpost.server.quality.models import VirtualGroupTin
from wellpost.server.quality.viewing import viewer
from wellpost.server.ui.forms import PlainForm

from ..desk import ClinicRequest, at_desk
from .who import asked_of

FAULTS_SHOWN = 20


class CountiesForm(PlainForm):
    """The file of counties."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={"required": gettext_lazy("Choose the file first.")},
        help_text=gettext_lazy(
            "Line 1 names the columns: county (5 digits), as_of (like 2020-12-31), percent_4mbps "
            "(0 to 100) and, for Stage 2 of 2014, percent_3mbps. What is on record for the same "
            "days goes."
        ),
    )


class GroupForm(PlainForm):
    """A name and the TINs of the others."""

    name = forms.CharField(
        label=gettext_lazy("Name, or the identifier that CMS gave it"),
        max_length=60,
        error_messages={"required": gettext_lazy("Give the virtual group a name.")},
    )
    tins = forms.CharField(
        label=gettext_lazy("TINs of the other practices"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Nine digits each, one a line."),
        error_messages={"required": gettext_lazy("Give at least one other TIN.")},
    )

    def clean_tins(self) -> list[str]:
        """Each TIN; a hyphen in it is taken out."""
        return [each.replace("-", "") for each in re.split(r"[\s,;]+", self.cleaned_data["tins"])]


@at_desk(Permission.ATTEST)
def broadband(request: ClinicRequest) -> HttpResponse:
    """What is on record, and the file that brings more."""
    here = request.desk.practice
    viewer(request.user, here).require(None, Permission.ATTEST)
    form = CountiesForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = CountiesForm(request.POST, request.FILES)
        if form.is_valid() and (kept := _load(request, form)) is not None:
            said = ngettext("%(n)d county is on record.", "%(n)d counties are on record.", kept)
            messages.success(request, said % {"n": kept})
            return redirect("reports:broadband")
    context = {"form": form, "loaded": counties.loaded(request.user, here)}
    return render(request, "reports/broadband.html", context)


def _load(request: ClinicRequest, form: CountiesForm) -> int | None:
    content = form.cleaned_data["file"].read(counties.MOST_BYTES + 1)
    try:
        return counties.load_counties(
            by=request.user, practice=request.desk.practice, content=content
        )
    except DataRefusedError as refused:
        for fault in refused.faults[:FAULTS_SHOWN]:
            form.add_error("file", fault)
        return None


@at_desk(Permission.ATTEST)
def virtual_groups(request: ClinicRequest) -> HttpResponse:
    """The virtual group of the year, those that ask for the practice, and a form for a new one."""
    here, year = request.desk.practice, asked_of(request).year
    viewer(request.user, here).require(None, Permission.ATTEST)
    form = GroupForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = {**form.cleaned_data, "year": year}
        if form.attempt(lambda: together.name_group(by=request.user, practice=here, **given)):
            messages.success(request, _("The virtual group is named. Now the others say yes."))
            return redirect("reports:virtual_groups")
    group = together.group_of(here, year)
    context = {
        "form": form,
        "year": year,
        "group": group,
        "tins": together.tins_of(request.user, here, group) if group else (),
        "own": group and group.tins.get(tin=here.tin, left_at=None),
        "asked_into": together.asked_into(request.user, here, year),
    }
    return render(request, "reports/virtual_groups.html", context)


@require_POST
@at_desk(Permission.ATTEST)
def agree(request: ClinicRequest, member_id: UUID) -> HttpResponse:
    """Say yes."""
    try:
        together.agree(by=request.user, practice=request.desk.practice, member=_named(member_id))
        messages.success(request, _("Your practice is in the virtual group."))
    except RequestError as refused:
        messages.error(request, str(refused))
    return redirect("reports:virtual_groups")


@require_POST
@at_desk(Permission.ATTEST)
def leave(request: ClinicRequest, member_id: UUID) -> HttpResponse:
    """Say no, or go."""
    together.leave(by=request.user, practice=request.desk.practice, member=_named(member_id))
    messages.success(request, _("Your practice is not in the virtual group."))
    return redirect("reports:virtual_groups")


def _named(member_id: UUID) -> VirtualGroupTin:
    found = VirtualGroupTin.objects.select_related("group").filter(pk=member_id).first()
    if found is None:
        raise NotAllowed("there is no such virtual group here.")
    return found
