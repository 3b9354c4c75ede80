"""Writing to a chosen list: choose, write, look through, send, see how far it is."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlsplit
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from wellpost.errors import RequestError
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.messaging import alarms
from wellpost.server.messaging.errors import TamperedError
from wellpost.server.messaging.forms import TopicForm
from wellpost.server.people.models import Membership
from wellpost.server.people.permissions import NotAllowed, Permission
from wellpost.server.routing import mailings as lists
from wellpost.server.routing.models import Mailing
from wellpost.server.routing.wordings import FIELDS

from .colleagues import clinicians_to_write_for
from .desk import ClinicRequest, at_desk

LISTS_A_PAGE = 25


class MailingForm(TopicForm):
    """What everybody of the list is written, each in a conversation of their own."""

    attachments = None  # type: ignore[assignment]  # a list takes no files: Django drops the field
    for_clinician = forms.ChoiceField(label=_("For which clinician do you write?"), required=False)
    field_order = ["for_clinician", "subject", "body"]

    def __init__(self, *args: Any, clinicians: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._clinicians = {str(each.pk): each for each in clinicians}
        field = cast(forms.ChoiceField, self.fields["for_clinician"])
        named = [(key, each.name) for key, each in self._clinicians.items()]
        field.choices = [("", _now("None in particular")), *named]
        if not clinicians:
            del self.fields["for_clinician"]

    @property
    def chosen(self) -> dict[str, Any]:
        """What preparing is told."""
        given = self.cleaned_data
        clinician = self._clinicians.get(given.get("for_clinician", ""))
        return {
            "subject": given["subject"],
            "body": given["body"],
            "client_key": given["client_key"],
            "for_clinician": clinician.clinician if clinician else None,
        }


@at_desk(Permission.WRITE_MESSAGES)
def mailings(request: ClinicRequest) -> HttpResponse:
    """One's own lists, the latest first."""
    practice = request.desk.practice
    every = Paginator(lists.mailings_of(request.user, practice), LISTS_A_PAGE)
    page = every.get_page(request.GET.get("page"))
    rows = [(each, lists.progress_of(each)) for each in page.object_list]
    context = {"rows": rows, "page": page, "practice": practice}
    return render(request, "clinic/mailings.html", context)


@at_desk(Permission.WRITE_MESSAGES)
def new(request: ClinicRequest) -> HttpResponse:
    """Write to the patients chosen on the page before, or (`?list=`) write anew what is not sent
    yet; nothing is sent by it.
    """
    if added := {"add", "add_all"} & set(request.POST):
        return _added(request, request.POST[added.pop()])
    earlier = _unsent(request.GET.get("list", ""), request)
    patients = _patients(earlier) if earlier else _chosen(request)
    if not patients:
        messages.info(request, _now("Choose the patients first: tick their boxes."))
        return redirect("clinic:patients")
    written = "body" in request.POST
    clinicians = clinicians_to_write_for(request.desk)
    initial = _written(earlier) if earlier else None
    form = MailingForm(request.POST if written else None, initial=initial, clinicians=clinicians)
    if written and form.is_valid():
        by, practice = request.user, request.desk.practice
        made = form.attempt(
            lambda: lists.prepare_mailing(
                practice=practice, patients=patients, by=by, **form.chosen
            )
        )
        if made:
            return redirect("clinic:mailing", made.pk)
    fields = [f"{{{each}}}" for each in FIELDS]
    context = {"form": form, "patients": patients, "fields": fields, "earlier": earlier}
    context["practice"] = request.desk.practice
    return render(request, "clinic/mailing_new.html", context)


@at_desk(Permission.WRITE_MESSAGES)
def mailing(request: ClinicRequest, mailing_id: UUID) -> HttpResponse:
    """Look it through, and send or delete it; then see how far it is."""
    held = _mailing(request, mailing_id)
    if "delete" in request.POST:
        return _deleted(request, held)
    if request.method == "POST":
        lists.release_mailing(mailing=held, by=request.user, own=_uuids(request, "own"))
        messages.success(request, _now("It is being sent. You can leave this page."))
        return redirect("clinic:mailing", held.pk)
    subject, body = lists.text_of(held)
    recipients = held.recipients.select_related("patient").order_by("patient__family_name", "pk")
    details = {"patients": len(recipients)}
    record(by=request.user, deed=Deed.MAILING_READ, target=held, details=details)
    context = {"mailing": held, "subject": subject, "body": body, "recipients": recipients}
    context["progress"] = lists.progress_of(held)
    return render(request, "clinic/mailing.html", context)


@at_desk(Permission.WRITE_MESSAGES)
def progress(request: ClinicRequest, mailing_id: UUID) -> HttpResponse:
    """How far it is; asked for by the open page."""
    held = _mailing(request, mailing_id)
    context = {"mailing": held, "progress": lists.progress_of(held)}
    return render(request, "clinic/mailing_progress.html", context)


def _mailing(request: ClinicRequest, mailing_id: UUID) -> Mailing:
    held = lists.mailing_for(mailing_id, request.user)
    if held.practice != request.desk.practice:
        raise NotAllowed("there is no such list here.")
    return held


def _deleted(request: ClinicRequest, held: Mailing) -> HttpResponse:
    try:
        lists.discard_mailing(mailing=held, by=request.user)
    except RequestError as refusal:
        messages.error(request, str(refusal))
        return redirect("clinic:mailing", held.pk)
    messages.success(request, _now("Deleted. Nothing was sent."))
    return redirect("clinic:mailings")


def open_list(request: ClinicRequest) -> dict[str, Any] | None:
    """One's own list begun last, where it is not sent yet: more patients can be put on it."""
    held = lists.mailings_of(request.user, request.desk.practice).filter(released_at=None).first()
    if held is None:
        return None
    try:
        subject, _body = lists.text_of(held)
    except TamperedError as error:
        alarms.sound(error, request.user)
        return None
    return {"mailing": held, "subject": subject, "patients": held.recipients.count()}


def _added(request: ClinicRequest, named: str) -> HttpResponse:
    """Back to where they were chosen, for the next page of them."""
    held, chosen = _unsent(named, request), _chosen(request)
    if held is None:
        raise NotAllowed("there is no such list here.")
    try:
        many = lists.add_to_mailing(mailing=held, by=request.user, patients=chosen)
        said = ngettext(
            "%(n)d more patient is on the list.", "%(n)d more patients are on the list.", many
        )
        messages.success(request, said % {"n": many})
    except RequestError as refusal:
        messages.error(request, str(refusal))
    before = urlsplit(request.headers.get("Referer", ""))
    back = f"{before.path}?{before.query}"
    here = before.netloc == request.get_host() and url_has_allowed_host_and_scheme(back, None)
    return redirect(back) if here else redirect("clinic:mailing", held.pk)


def _unsent(named: str, request: ClinicRequest) -> Mailing | None:
    """One's own list of that identifier, where nothing of it is sent; None where none is named."""
    try:
        held = _mailing(request, UUID(named)) if named else None
    except ValueError:
        raise NotAllowed("there is no such list here.") from None
    return held if held and held.released_at is None else None


def _patients(earlier: Mailing | None) -> list[UUID]:
    return list(earlier.recipients.values_list("patient", flat=True)) if earlier else []


def _written(earlier: Mailing) -> dict[str, Any]:
    subject, body = lists.text_of(earlier)
    clinician = earlier.for_clinician
    members = clinician.memberships.filter(practice=earlier.practice) if clinician else None
    member = members.first() if members else None
    return {
        "subject": subject,
        "body": body,
        "client_key": earlier.client_key,
        "for_clinician": str(member.pk) if member else "",
    }


def _chosen(request: ClinicRequest) -> list[UUID]:
    everybody = {"all", "add_all"} & set(request.POST)
    return _uuids(request, "every" if everybody else "patient")


def _uuids(request: ClinicRequest, name: str) -> list[UUID]:
    try:
        return [UUID(each) for each in request.POST.getlist(name)]
    except ValueError:
        raise NotAllowed("there is no such patient here.") from None
