"""Adding something from home: fill in, save, and see it."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from wellpost.errors import RequestError
from wellpost.server.clock import time as clock
from wellpost.server.from_home import adding, queries
from wellpost.server.from_home.documents import document_of
from wellpost.server.from_home.kinds import Kind
from wellpost.server.from_home.models import HomeDatum

from .acting import Acting, PortalRequest
from .home import at_home, kind_of, one_at_home, unit_used
from .home_forms import DocumentForm, NeedsForm, NoteForm, ReadingForm
from .home_words import shown


@login_required
def reading(request: PortalRequest, patient_id: UUID, series_kind: str) -> HttpResponse:
    """A reading; then the plot of those before it."""
    acting, meant = at_home(request.user, patient_id), kind_of(series_kind)
    form = _reading_form(request, acting, meant)
    if request.method == "POST" and form.is_valid():
        made = form.attempt(
            lambda: adding.add_readings(
                by=request.user, patient=acting.patient, readings=form.readings
            )
        )
        if made:
            return redirect(_seen_at(acting, meant, made))
    context = {"acting": acting, "form": form, "kind": meant, "here": "home"}
    return render(request, "portal/home_reading.html", context)


@login_required
def note(request: PortalRequest, patient_id: UUID) -> HttpResponse:
    """Words."""
    acting = at_home(request.user, patient_id)
    form = NoteForm(request.POST or None, time_zone=acting.practice.time_zone)
    if request.method == "POST" and form.is_valid():
        by, patient, text = request.user, acting.patient, form.cleaned_data["text"]
        if form.attempt(
            lambda: adding.add_note(by=by, patient=patient, text=text, measured_at=form.moment)
        ):
            return _thanks(request, acting)
    context = {"acting": acting, "form": form, "title": _("Add a note"), "here": "home"}
    return render(request, "portal/home_form.html", context)


@login_required
def document(request: PortalRequest, patient_id: UUID) -> HttpResponse:
    """A photo or document."""
    acting = at_home(request.user, patient_id)
    form = DocumentForm(
        request.POST or None, request.FILES or None, time_zone=acting.practice.time_zone
    )
    if request.method == "POST" and form.is_valid():
        made = form.attempt(lambda: _document(request, acting, form))
        if made:
            return _thanks(request, acting)
    context = {"acting": acting, "form": form, "title": _("Add a photo or document")}
    return render(request, "portal/home_form.html", {**context, "here": "home"})


@login_required
def needs(request: PortalRequest, patient_id: UUID) -> HttpResponse:
    """Questions about what one needs."""
    acting = at_home(request.user, patient_id)
    form = NeedsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        by, patient, moment = request.user, acting.patient, clock.now()
        if form.attempt(
            lambda: adding.add_needs(
                by=by, patient=patient, answers=form.answers, measured_at=moment
            )
        ):
            return _thanks(request, acting)
    context = {"acting": acting, "form": form, "here": "home"}
    return render(request, "portal/home_needs.html", context)


@login_required
def take_back(request: PortalRequest, patient_id: UUID, datum_id: UUID) -> HttpResponse:
    """Ask once, then take it back."""
    acting = at_home(request.user, patient_id)
    held = one_at_home(request.user, acting, datum_id)
    if request.method == "POST":
        try:
            adding.take_back(datum=held, by=request.user)
            messages.success(request, _("It is taken back. The practice does not see it any more."))
        except RequestError as refusal:
            messages.error(request, str(refusal))
        return redirect("portal:home", acting.patient.pk)
    context = {"acting": acting, "row": shown(held), "here": "home"}
    return render(request, "portal/home_take_back.html", context)


def _reading_form(request: PortalRequest, acting: Acting, kind: Kind) -> ReadingForm:
    before = queries.readings(queries.home_data(request.user, acting.patient), kind.name)
    return ReadingForm(
        request.POST or None,
        kind=kind,
        unit=unit_used(before, kind).code,
        time_zone=acting.practice.time_zone,
    )


def _document(request: PortalRequest, acting: Acting, form: DocumentForm) -> HomeDatum:
    return adding.add_document(
        by=request.user,
        patient=acting.patient,
        file=form.cleaned_data["file"],
        document=document_of(form.cleaned_data["what"]),
        measured_at=form.moment,
    )


def _seen_at(acting: Acting, kind: Kind, made: list[HomeDatum]) -> str:
    place = reverse("portal:home_series", args=[acting.patient.pk, kind.name])
    return f"{place}?{urlencode([('saved', str(each.pk)) for each in made])}"


def _thanks(request: PortalRequest, acting: Acting) -> HttpResponse:
    practice = acting.practice.name
    messages.success(request, _("Saved. %(practice)s will look at it.") % {"practice": practice})
    return redirect("portal:home", acting.patient.pk)
