"""Where one comes out who showed in a tab of its own that it is still them."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET


@require_GET
@login_required
def shown(request: HttpRequest) -> HttpResponse:
    """Back to the other tab, where the form waits."""
    return render(request, "people/still_you_shown.html")
