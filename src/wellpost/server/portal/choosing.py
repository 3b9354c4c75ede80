"""The choice between those one writes for."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from .acting import PortalRequest, everyone


def one_of(request: PortalRequest, page: str) -> HttpResponse:
    """To the page of the only record there is; to the choice where there are several, or none."""
    choices = everyone(request.user)
    if len(choices) == 1:
        return redirect(page, choices[0].patient.pk)
    return render(request, "portal/choose.html", {"choices": choices, "page": page})
