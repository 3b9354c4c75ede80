"""`/set-up/`: the one page of a server without a practice; afterwards it is not there."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import MiddlewareNotUsed
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from wellpost.server.people.forms import PASSWORD_HINT
from wellpost.server.people.invitation_pages import enter, too_many
from wellpost.server.ui.forms import PlainForm

from . import first_run

PAGE = "/set-up/"
OPEN = (PAGE, "/static/")


class SetUpForm(PlainForm):
    """The code, the practice, its first administrator."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        help_text=gettext_lazy(
            "Printed where the server was started, like ABCD-EFGH-JKLM-NPQR. It works once."
        ),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}
        ),
    )
    name = forms.CharField(
        label=gettext_lazy("Name of the practice"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    tin = forms.RegexField(
        r"^\d{9}$",
        label=gettext_lazy("Its taxpayer identification number (TIN)"),
        help_text=gettext_lazy("Nine digits, without a dash."),
        error_messages={"invalid": gettext_lazy("Write nine digits, like 900000001.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        initial="America/New_York",
        choices=[(name, name) for name in sorted(available_timezones()) if "/" in name],
        help_text=gettext_lazy("Every day of a visit or message is a day of this time zone."),
    )
    administrator = forms.CharField(
        label=gettext_lazy("Your name"),
        help_text=gettext_lazy("You are the first administrator and let everybody else in."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Your email address"),
        help_text=gettext_lazy("You sign in with it."),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=gettext_lazy("New password"),
        help_text=PASSWORD_HINT,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )


@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Set the practice up, sign its administrator in, and on to the second factor."""
    if not first_run.is_open():
        raise Http404
    form = SetUpForm(request.POST or None)
    if form.is_valid():
        if too_many(request, "set_up"):
            form.add_error(None, _("Too many tries. Wait a minute, then try again."))
        elif user := form.attempt(lambda: first_run.set_up(**form.cleaned_data)):
            return enter(request, user)
    return render(request, "upkeep/set_up.html", {"form": form})


Answer = Callable[[HttpRequest], HttpResponse]


def lead_to_set_up(answer: Answer) -> Answer:
    """Middleware: while the server waits to be set up, every page leads there. A process that
    starts later does without it.
    """
    if not first_run.is_open():
        raise MiddlewareNotUsed

    def led(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(OPEN) or not first_run.is_open():
            return answer(request)
        return redirect(PAGE)

    return led
