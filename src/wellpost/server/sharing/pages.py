"""`/shared/<token>/`: where somebody without an account fetches what was sent."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from wellpost.server.people.invitation_pages import too_many

from .forms import CodeForm
from .links import State, behind, erase_what_expired, open_link, state_of


@csrf_exempt  # nobody is signed in here, and the refusal of a form would log the address
@require_http_methods(["GET", "POST"])
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for the code; with the right one the file, this once.

    A GET opens nothing: mail programs look at links before people do.
    """
    erase_what_expired()
    form = CodeForm(request.POST if request.method == "POST" else None)
    answer = _fetched(request, token, form) if form.is_valid() else None
    return _guarded(answer or _page(request, token, form))


def _fetched(request: HttpRequest, token: str, form: CodeForm) -> HttpResponse | None:
    if too_many(request, "shared_link"):
        form.add_error(None, _("Too many tries. Wait a minute, then try again."))
        return None
    opened = form.attempt(lambda: open_link(token, form.cleaned_data["code"]))
    if opened is None:
        return None
    answer = HttpResponse(opened.content, content_type=opened.media_type)
    answer["Content-Disposition"] = str(content_disposition_header(True, opened.name))
    return answer


def _page(request: HttpRequest, token: str, form: CodeForm) -> HttpResponse:
    """The form; or why there is nothing to open, for one who holds a link that once was good."""
    sending = behind(token)
    state = state_of(sending) if sending else None
    status = 200 if state is State.WAITING else 404 if state is None else 410
    context = {"form": form, "state": state, "sending": sending}
    return render(request, "sharing/shared.html", context, status=status)


def _guarded(answer: HttpResponse) -> HttpResponse:
    """The address is half a key: it goes to no other page and into no search engine."""
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
