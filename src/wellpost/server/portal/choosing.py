"""The choice between those one acts for."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from .acting import Acting, PortalRequest, everyone

OF_MESSAGES = frozenset({"portal:patient", "portal:write_for"})


def one_of(request: PortalRequest, page: str) -> HttpResponse:
    """To the page of the only record there is; to the choice where there are several, or none."""
    choices = [(each, page_for(each, page)) for each in everyone(request.user)]
    if len(choices) == 1:
        acting, its_page = choices[0]
        return redirect(its_page, acting.patient.pk)
    return render(request, "portal/choose.html", {"choices": choices})


def page_for(acting: Acting, page: str) -> str:
    """The page asked for; the record for one who may not message, the inbox for one who only may.

    A page of the record that somebody may not see is never led to.
    """
    if page in OF_MESSAGES:
        return page if acting.writes else "portal:record"
    return page if acting.sees_record else "portal:patient"
