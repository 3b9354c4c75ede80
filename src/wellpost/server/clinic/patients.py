"""The practice's patients: looking for one, adding one."""

from __future__ import annotations

from datetime import date, datetime

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.people import actions
from wellpost.server.people.models import Patient
from wellpost.server.people.permissions import Permission
from wellpost.server.people.queries import patients_of

from .desk import ClinicRequest, Desk, at_desk
from .forms.patients import PatientForm, SearchForm
from .mailings import open_list

ROWS_A_PAGE = 25
SEARCH = "clinic.patients.search"
DAY_FORMS = ("%Y-%m-%d", "%m/%d/%Y", "%m-%d-%Y")


@at_desk(Permission.LIST_PATIENTS)
def patients(request: ClinicRequest) -> HttpResponse:
    """The patients by name, 25 a page. What is looked for stays in the session: an address with
    a name in it would end up in logs and histories.
    """
    if request.method == "POST":
        request.session[SEARCH] = request.POST.get("words", "")[:100].strip()
        return redirect("clinic:patients")
    words = request.session.get(SEARCH, "")
    page = Paginator(search(request.desk, words), ROWS_A_PAGE).get_page(request.GET.get("page"))
    _record_listing(request.desk, len(page.object_list))
    form = SearchForm(initial={"words": words})
    context = {"form": form, "words": words, "page": page, **_allowed(request.desk)}
    context["open_list"] = open_list(request) if context["may_write"] else None
    return render(request, "clinic/patients.html", context)


@at_desk(Permission.ADD_PATIENT)
def add(request: ClinicRequest) -> HttpResponse:
    """A new record."""
    form = PatientForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        practice, by = request.desk.practice, request.user
        made = form.attempt(
            lambda: actions.add_patient(practice=practice, by=by, **form.cleaned_data)
        )
        if made:
            return redirect("clinic:patient", made.pk)
    return render(request, "clinic/patient_form.html", {"form": form})


def search(desk: Desk, words: str) -> QuerySet[Patient]:
    """The patients whose names hold every word and who were born on the day, if one is given."""
    days = [day for word in words.split() if (day := day_of(word))]
    names = " ".join(word for word in words.split() if not day_of(word))
    found = patients_of(desk.user, desk.practice, names)
    return found.filter(birth_on__in=days) if days else found


def day_of(word: str) -> date | None:
    """The day a word stands for, as the calendar or as the United States write it."""
    for form in DAY_FORMS:
        try:
            return datetime.strptime(word, form).date()
        except ValueError:
            continue
    return None


def _allowed(desk: Desk) -> dict[str, bool]:
    return {
        "may_add": desk.may(Permission.ADD_PATIENT),
        "may_read": desk.may(Permission.READ_PATIENT),
        "may_write": desk.may(Permission.WRITE_MESSAGES),
    }


def _record_listing(desk: Desk, shown: int) -> None:
    record(
        by=desk.user,
        deed=Deed.PATIENTS_LISTED,
        practice_id=desk.practice.pk,
        details={"shown": shown},
    )
