"""The practice's calendar: on which days it is closed, and what patients see after some days."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from wellpost.server.clock import time as clock
from wellpost.server.people.permissions import Permission
from wellpost.server.records.calendar import (
    close_days,
    closed_days,
    federal_holidays,
    hold_back,
    open_day,
)

from .desk import ClinicRequest, at_desk
from .forms.calendar import ClosedDayForm, HoldsForm

FIRST_YEAR, LAST_YEAR = 2014, 2099


@at_desk(Permission.MANAGE_PEOPLE)
def closed(request: ClinicRequest) -> HttpResponse:
    """The closed days of a year; one more of them."""
    practice, year = request.desk.practice, _year(request)
    form = ClosedDayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        day = {form.cleaned_data["closed_on"]: form.cleaned_data["says"]}
        made = form.attempt(lambda: close_days(practice=practice, by=request.user, days=day))
        if made is not None:
            messages.success(request, _("The day is kept as closed."))
            return redirect(_of_year(next(iter(day)).year))
    return render(request, "clinic/closed_days.html", _context(request, year, form))


@require_POST
@at_desk(Permission.MANAGE_PEOPLE)
def close_holidays(request: ClinicRequest) -> HttpResponse:
    """The federal holidays that were ticked, closed."""
    year = _year(request)
    ticked = set(request.POST.getlist("day"))
    days = {day: says for day, says in federal_holidays(year).items() if day.isoformat() in ticked}
    made = close_days(practice=request.desk.practice, by=request.user, days=days)
    says = ngettext("%(n)d day is kept as closed.", "%(n)d days are kept as closed.", made)
    messages.success(request, says % {"n": made})
    return redirect(_of_year(year))


@require_POST
@at_desk(Permission.MANAGE_PEOPLE)
def reopen(request: ClinicRequest) -> HttpResponse:
    """One day that is not closed after all."""
    try:
        on = date.fromisoformat(request.POST.get("day", ""))
    except ValueError:
        messages.error(request, _("Write a day, like 2021-08-31."))
        return redirect("clinic:closed_days")
    open_day(practice=request.desk.practice, by=request.user, on=on)
    messages.success(request, _("The day is open again."))
    return redirect(_of_year(on.year))


@at_desk(Permission.MANAGE_PEOPLE)
def holds(request: ClinicRequest) -> HttpResponse:
    """After how many days patients see each part of the record: at once, as a rule."""
    practice = request.desk.practice
    held = dict(practice.holds.values_list("section", "days"))
    form = HoldsForm(request.POST or None, initial=held)
    if request.method == "POST" and form.is_valid():
        days = form.cleaned_data
        if form.attempt(lambda: hold_back(practice=practice, by=request.user, days=days) or True):
            messages.success(request, _("The days are kept."))
            return redirect("clinic:holds")
    return render(request, "clinic/holds.html", {"form": form})


def _year(request: ClinicRequest) -> int:
    today = clock.today(request.desk.practice.time_zone)
    asked = request.POST.get("year") or request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else today.year
    return year if FIRST_YEAR <= year <= LAST_YEAR else today.year


def _of_year(year: int) -> str:
    return f"{reverse('clinic:closed_days')}?year={year}"


def _context(request: ClinicRequest, year: int, form: ClosedDayForm) -> dict[str, Any]:
    held = list(closed_days(request.desk.practice, request.user, year))
    closed_on = {each.closed_on for each in held}
    free = {day: says for day, says in federal_holidays(year).items() if day not in closed_on}
    return {
        "form": form,
        "year": year,
        "before": year - 1 if year > FIRST_YEAR else None,
        "after": year + 1 if year < LAST_YEAR else None,
        "closed": held,
        "suggested": list(free.items()),
    }
