"""`/notices/`: how somebody wishes to be told that something waits."""

from __future__ import annotations

from datetime import time
from typing import Any
from zoneinfo import available_timezones

from allauth.core import ratelimit
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from wellpost.server.people.models import User
from wellpost.server.ui.forms import PlainForm

from .carriers import carriers
from .models import Channel, Muted, Wishes
from .push.browsers import browsers_of
from .push.keys import public_key
from .wishing import keep_wishes, send_code, show_phone, wishes_of

AT_ONCE, DAILY = "at_once", "daily"


class NoticesRequest(HttpRequest):
    """A request of somebody signed in."""

    user: User


class Clock(forms.TimeInput):
    """A time of day, picked or typed."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class WishesForm(PlainForm):
    """Ways, hours, how often."""

    by_email = forms.BooleanField(label=gettext_lazy("By email"), required=False)
    by_sms = forms.BooleanField(label=gettext_lazy("By text message"), required=False)
    phone = forms.CharField(
        label=gettext_lazy("Your mobile number"),
        required=False,
        max_length=30,
        help_text=gettext_lazy(
            "We send a code there first, so that no stranger gets your notices."
        ),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    often = forms.ChoiceField(
        label=gettext_lazy("How often?"),
        choices=[
            (AT_ONCE, gettext_lazy("As soon as something waits")),
            (DAILY, gettext_lazy("Once a day, all together")),
        ],
        widget=forms.RadioSelect,
    )
    daily_at = forms.TimeField(
        label=gettext_lazy("When it is once a day: at what time?"),
        required=False,
        widget=Clock(),
        error_messages={"invalid": gettext_lazy("Write a time like 08:00.")},
    )
    quiet_from = forms.TimeField(
        label=gettext_lazy("Send nothing from"),
        required=False,
        widget=Clock(),
        help_text=gettext_lazy(
            "For example from 21:00 until 07:00. What comes then is sent after."
        ),
        error_messages={"invalid": gettext_lazy("Write a time like 21:00.")},
    )
    quiet_until = forms.TimeField(
        label=gettext_lazy("Send nothing until"),
        required=False,
        widget=Clock(),
        error_messages={"invalid": gettext_lazy("Write a time like 07:00.")},
    )
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Where you live (time zone)"),
        choices=[(name, name) for name in sorted(available_timezones()) if "/" in name],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if Channel.SMS not in carriers():
            del self.fields["by_sms"], self.fields["phone"]

    def wished(self) -> dict[str, Any]:
        """As `keep_wishes` takes it."""
        given = {"by_sms": False, "phone": "", **self.cleaned_data}
        daily = given.pop("often") == DAILY
        given["daily_at"] = (given["daily_at"] or time(8)) if daily else None
        return given


class CodeForm(PlainForm):
    """The code that was sent to the phone."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        help_text=gettext_lazy("Six digits, in the text message we sent you just now."),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


@require_http_methods(["GET", "POST"])
@login_required
def wishes(request: NoticesRequest) -> HttpResponse:
    """See and change them."""
    held = wishes_of(request.user)
    form = WishesForm(request.POST or None, initial=_initial(held))
    if form.is_valid():
        kept = form.attempt(lambda: keep_wishes(by=request.user, **form.wished()))
        if kept and kept.by_sms and not kept.phone_shown_at:
            return _to_the_code(request, form)
        if kept:
            messages.success(request, _("Kept. This is how we tell you from now on."))
            return redirect("notices:wishes")
    return _page(request, form)


@require_http_methods(["GET", "POST"])
@login_required
def phone(request: NoticesRequest) -> HttpResponse:
    """Type the code; from then on the number is used."""
    if not wishes_of(request.user).code_hash:
        return redirect("notices:wishes")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        if show_phone(by=request.user, code=form.cleaned_data["code"].strip()):
            messages.success(request, _("The number is yours. We write there from now on."))
            return redirect("notices:wishes")
        form.add_error(
            "code", _("That code is not right, or too old. Go back and ask for another.")
        )
    return render(request, "notices/phone.html", {"form": form})


def _to_the_code(request: NoticesRequest, form: WishesForm) -> HttpResponse:
    if not ratelimit.consume(request, action="phone_code", user=request.user):
        form.add_error(None, _("Too many codes were sent. Wait an hour, then try again."))
    elif form.attempt(lambda: send_code(request.user)):
        return redirect("notices:phone")
    return _page(request, form)


def _page(request: NoticesRequest, form: WishesForm) -> HttpResponse:
    context = {
        "form": form,
        "muted": Muted.objects.filter(user=request.user).count(),
        "browsers": browsers_of(request.user),
        "push_key": public_key(),
    }
    return render(request, "notices/wishes.html", context)


def _initial(held: Wishes) -> dict[str, Any]:
    names = ("by_email", "by_sms", "phone", "daily_at", "quiet_from", "quiet_until", "time_zone")
    often = AT_ONCE if held.daily_at is None else DAILY
    return {**{name: getattr(held, name) for name in names}, "often": often}
