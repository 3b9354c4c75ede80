"""The demo's own pages: everybody one can be, the clock, the emails."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wellpost.server.clock import time as clock

from .cast import PASSWORD, TIME_ZONE
from .forms import ClockForm
from .mailbox import letters
from .people import everybody, waiting

MORNING = time(10)


def start(request: HttpRequest) -> HttpResponse:
    """Who one can be and what to try as them, and the clock."""
    today = clock.today(TIME_ZONE)
    form = ClockForm(request.POST or None, initial={"day": today})
    if request.method == "POST" and form.is_valid():
        return _set(request, form.cleaned_data["day"])
    context = {
        "form": form,
        "people": everybody(),
        "waiting": waiting(),
        "password": PASSWORD,
        "today": today,
    }
    return render(request, "demo/start.html", context, status=400 if form.errors else 200)


def codes(request: HttpRequest) -> HttpResponse:
    """The people again, with the codes of this moment."""
    return render(request, "demo/people.html", {"people": everybody(), "password": PASSWORD})


def mail(request: HttpRequest) -> HttpResponse:
    """The emails, the newest first."""
    return render(request, "demo/mail.html", {"letters": letters()})


@require_POST
def real_time(request: HttpRequest) -> HttpResponse:
    """Let the demo's clock say what every other clock says."""
    clock.set_to(None)
    messages.success(request, _("The clock is set to the real time."))
    return redirect("demo:start")


def _set(request: HttpRequest, day: date) -> HttpResponse:
    clock.set_to(datetime.combine(day, MORNING, ZoneInfo(TIME_ZONE)))
    said = {"day": date_format(day, "F j, Y")}
    messages.success(request, _("The clock is set to %(day)s, ten in the morning.") % said)
    return redirect("demo:start")
