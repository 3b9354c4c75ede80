"""Looking for something in the messages of one patient, or, with that right, of many."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render

from wellpost.server.messaging.paging import page_asked
from wellpost.server.messaging.sealed_words import words_of
from wellpost.server.messaging.search.charts import (
    begin_chart_search,
    results_of,
    search_for,
    searches_of,
)
from wellpost.server.messaging.search.finding import Results, search
from wellpost.server.messaging.search.forms import ChartSearchForm, SearchForm
from wellpost.server.messaging.seats import Side
from wellpost.server.people.permissions import Permission
from wellpost.server.people.queries import clinicians_of, patient_for

from .desk import ClinicRequest, at_desk

SHOWN = 20


@at_desk(Permission.READ_MESSAGES)
def patient(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """In the conversations with one patient that this user carries."""
    found = patient_for(request.user, patient_id).surviving
    form = SearchForm(request.POST if request.method == "POST" else None)
    by, side = request.user, Side.PRACTICE
    results = None
    if form.is_valid():
        asked, page = form.asked, form.page
        results = form.attempt(
            lambda: search(by=by, patient=found, side=side, asked=asked, page=page)
        )
    context = {
        "patient": found,
        "form": form,
        "results": results,
        "previous": form.page - 1 if results else 0,
        "following": form.page + 1 if results else 0,
        "time_zone": found.practice.time_zone,
    }
    return render(request, "clinic/search_patient.html", context)


@at_desk(Permission.SEARCH_CHARTS)
def charts(request: ClinicRequest) -> HttpResponse:
    """Begin a search over many patients; one's own earlier ones."""
    practice, by = request.desk.practice, request.user
    clinicians = [each.clinician for each in clinicians_of(practice) if each.clinician]
    posted = request.POST if request.method == "POST" else None
    form = ChartSearchForm(posted, clinicians=clinicians)
    if form.is_valid():
        begun = form.attempt(lambda: begin_chart_search(practice=practice, by=by, **form.chosen))
        if begun:
            return redirect("clinic:chart_search", begun.pk)
    page = Paginator(searches_of(by, practice), SHOWN).get_page(request.GET.get("page"))
    rows = [(each, words_of(each)) for each in page.object_list]
    context = {"form": form, "rows": rows, "page": page, "time_zone": practice.time_zone}
    return render(request, "clinic/search_charts.html", context)


@at_desk(Permission.SEARCH_CHARTS)
def results(request: ClinicRequest, search_id: UUID) -> HttpResponse:
    """How far one is, and what it found so far."""
    held = search_for(request.user, search_id)
    page = page_asked(request.GET)
    found, has_more = results_of(held, request.user, page)
    context = {
        "search": held,
        "words": words_of(held),
        "many": len(held.chosen),
        "results": Results(found, has_more, incomplete=False),
        "page": page,
        "has_more": has_more,
        "form": {"page": page},
        "time_zone": held.practice.time_zone,
    }
    return render(request, "clinic/search_results.html", context)
