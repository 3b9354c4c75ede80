"""The page on which somebody lets an app in: who, what, how long, and what it cannot do."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods
from oauth2_provider.exceptions import FatalClientError, OAuthToolkitError
from oauth2_provider.oauth2_backends import get_oauthlib_core
from oauthlib.common import add_params_to_uri
from oauthlib.oauth2.rfc6749 import errors

from wellpost.server.people.models import User

from . import scopes
from .actions import connect
from .addresses import fhir, issuer
from .consent_form import ConsentForm
from .models import App
from .queries import own_and_represented, records_to_connect
from .words import labels

Asked = dict[str, Any]
"""What oauthlib made of the app's request: client_id, redirect_uri, state, request and others."""


@csrf_exempt
@require_http_methods(["GET", "POST"])
def authorize(request: HttpRequest) -> HttpResponse:
    """An app sends its user here (RFC 6749, 4.1.1; SMART App Launch 2.2, standalone launch).

    By a form of its own too, which is led to the same address by GET; our form names no app.
    """
    if request.method == "POST" and "client_id" in request.POST:
        return HttpResponseRedirect(f"{request.path}?{request.POST.urlencode()}", status=303)
    return _asked(request)


@csrf_protect
def _asked(request: HttpRequest) -> HttpResponse:
    try:
        wanted, asked = get_oauthlib_core().validate_authorization_request(request)
    except FatalClientError as error:
        why = error.oauthlib_error.description or error.oauthlib_error.error
        return render(request, "smart/cannot_ask.html", {"why": why}, status=400)
    except OAuthToolkitError as error:
        return _back(error.oauthlib_error.redirect_uri, error.oauthlib_error)
    if wrong := _wrong_for_smart(request, asked):
        return _back(asked["redirect_uri"], wrong)
    if not isinstance(request.user, User):
        return _sign_in(request, asked)
    return _consent(request, request.user, wanted, asked)


def _wrong_for_smart(request: HttpRequest, asked: Asked) -> errors.OAuth2Error | None:
    """What oauthlib lets pass and SMART, or RFC 9700, does not."""
    state = asked.get("state")
    if asked.get("code_challenge_method") != "S256":
        sentence = "code_challenge_method must be S256."
        return errors.InvalidRequestError(description=sentence, state=state)
    if request.GET.get("aud", "").rstrip("/") != fhir():
        sentence = f"aud must be {fhir()}, the FHIR server that is to be read."
        return errors.InvalidRequestError(description=sentence, state=state)
    return None


def _sign_in(request: HttpRequest, asked: Asked) -> HttpResponse:
    if "none" in request.GET.get("prompt", "").split():
        wrong = errors.CustomOAuth2Error(error="login_required", state=asked.get("state"))
        return _back(asked["redirect_uri"], wrong)
    return redirect_to_login(request.get_full_path())


def _consent(request: HttpRequest, user: User, wanted: list[str], asked: Asked) -> HttpResponse:
    app = App.objects.get(client_id=asked["client_id"])
    records = records_to_connect(user, app)
    if not records:
        context = {"app": app, "records": own_and_represented(user)}
        return render(request, "smart/cannot_connect.html", context, status=403)
    form = ConsentForm(request.POST or None, user=user, records=records, wanted=wanted)
    if request.method == "POST" and "refuse" in request.POST:
        return _back(asked["redirect_uri"], errors.AccessDeniedError(state=asked.get("state")))
    if request.method == "POST" and form.is_valid():
        return _agreed(request, user, app, form, asked)
    return _page(request, app, form, wanted, asked)


def _page(
    request: HttpRequest, app: App, form: ConsentForm, wanted: list[str], asked: Asked
) -> HttpResponse:
    writes = any(scopes.CREATE in each.may for each in scopes.granted(" ".join(wanted)))
    context = {
        "app": app,
        "form": form,
        "back_at": urlsplit(asked["redirect_uri"]).hostname,
        "whole": labels(each for each in wanted if scopes.read(each)),
        "offline": scopes.OFFLINE in wanted,
        "writes": writes,
        "of_messages": any(
            each.kind == "Communication" for each in scopes.granted(" ".join(wanted))
        ),
    }
    page = render(request, "smart/consent.html", context)
    return _may_be_sent_to(page, asked["redirect_uri"])


@transaction.atomic
def _agreed(
    request: HttpRequest, user: User, app: App, form: ConsentForm, asked: Asked
) -> HttpResponse:
    """Keep the consent, and send the app its code."""
    given = " ".join(form.given())
    made = connect(app=app, patient=form.record(), by=user, scope=given, months=form.months())
    credentials = {name: value for name, value in asked.items() if name != "request"}
    uri, *_ = get_oauthlib_core().create_authorization_response(
        request, given.split(), credentials | {"connection": made}, allow=True
    )
    return HttpResponseRedirect(uri)


def _back(redirect_uri: str, error: errors.OAuth2Error) -> HttpResponse:
    """Back to the app, with what was wrong; its address was checked before (RFC 9207: by whom)."""
    told = [*error.twotuples, ("iss", issuer())]
    return HttpResponseRedirect(add_params_to_uri(redirect_uri, told))


def _may_be_sent_to(page: HttpResponse, redirect_uri: str) -> HttpResponse:
    """Browsers hold the way back to the app to the form's policy: it may go there, no further."""
    parts = urlsplit(redirect_uri)
    named = ":" not in (parts.hostname or "")  # a policy cannot name an IPv6 address
    target = {"form-action": [f"{parts.scheme}://{parts.netloc}" if named else "http:"]}
    page._csp_update = target  # type: ignore[attr-defined]  # read by config.headers
    return page
