"""Who works at a practice proves who they are in two ways (45 CFR 170.315(d)(13)); patients and who
acts for them too, where WELLPOST_SECOND_FACTOR_FOR_ALL says so (OWASP ASVS 5.0, 6.3.3).
"""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from wellpost.server.people.session_keys import PROVED_BY_PROVIDER
from wellpost.server.people.working_at import works

Answer = Callable[[HttpRequest], HttpResponse]

ALWAYS_OPEN = ("/account/", "/static/", "/invitation/", "/demo/", "/fhir/")
"""The last asks for the second factor itself, and says so in words a program reads."""
FACTORS = "/account/2fa/"
PAGE = "mfa_index"
KEY = "second_factor"


def ask_for_second_factor(answer: Answer) -> Answer:
    """Middleware: sends those who need one, and have none, to set one up before all else."""

    def asked(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(FACTORS):
            request.session.pop(KEY, None)
        if request.path.startswith(ALWAYS_OPEN) or not _lacks_one(request):
            return answer(request)
        messages.info(request, _("First set up a second way to prove that it is you."))
        return redirect(PAGE)

    return asked


def _lacks_one(request: HttpRequest) -> bool:
    if not request.user.is_authenticated or request.session.get(KEY):
        return False
    if not (settings.SECOND_FACTOR_FOR_ALL or works(request)):
        return False
    if request.session.get(PROVED_BY_PROVIDER) == str(request.user.pk):
        return False
    has_one = is_mfa_enabled(request.user)
    if has_one:
        request.session[KEY] = True
    return not has_one
