"""The log that patients read: what was done with the record on their side, by whom, to whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet, TextChoices
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wellpost.adapters.fhir.plain import SECTIONS
from wellpost.server.people.models import Patient, User
from wellpost.server.people.permissions import Permission, require, same_person
from wellpost.server.records.models import PortalAction

from .files import Form


class Action(TextChoices):
    """What can be done with a record, as facts name it."""

    VIEW = "view", gettext_lazy("Looked at")
    DOWNLOAD = "download", gettext_lazy("Downloaded")
    TRANSMIT = "transmit", gettext_lazy("Sent to somebody")
    API = "api", gettext_lazy("Read by an app")


@dataclass(frozen=True)
class Line:
    """One line of the log, in words."""

    at: datetime
    did: str
    what: str
    who: str
    to_whom: str
    through: str


def uses_of(
    patient: Patient,
    by: User,
    *,
    action: str = "",
    start: date | None = None,
    end: date | None = None,
) -> QuerySet[PortalAction]:
    """What was done with the record, the latest first; `start` and `end` are days, both in it.

    Of every record of the person that was merged. NotAllowed for who may not see the record.
    """
    require(by, Permission.READ_RECORD, patient)
    records = Patient.objects.filter(same_person(patient.pk)).values_list("pk", flat=True)
    found = PortalAction.objects.filter(patient__in=list(records)).select_related("user")
    found = found.filter(action=action) if action else found
    zone = ZoneInfo(patient.practice.time_zone)
    if start:
        found = found.filter(acted_at__gte=_midnight(start, zone))
    if end and end < date.max:
        found = found.filter(acted_at__lt=_midnight(end + timedelta(days=1), zone))
    return found.order_by("-acted_at", "-pk")


def lines(uses: Iterable[PortalAction], patient: Patient, by: User) -> Iterator[Line]:
    """The log in words, as `by` reads it."""
    own: set[object] = set(
        Patient.objects.filter(same_person(patient.pk)).values_list("user_id", flat=True)
    )
    for each in uses:
        yield Line(
            at=each.acted_at,
            did=_did(each.action),
            what=what_in_words(each.what),
            who=_who(each, own, by),
            to_whom=each.to_whom,
            through=each.through,
        )


def what_in_words(what: str) -> str:
    """What of the record it was; a text that this version does not know stays as it is."""
    name, _space, days = what.partition(" ")
    if name in Form.values and (not days or ".." in days):
        return f"{Form(name).label}: {_days(days)}"
    if what in SECTIONS:
        return _(SECTIONS[what])
    return what or _("The record")


def _did(action: str) -> str:
    return str(Action(action).label) if action in Action.values else action


def _who(each: PortalAction, own: set[object], by: User) -> str:
    """A representative's acts are shown as theirs, whoever reads."""
    if each.user_id is not None and each.user_id == by.pk:
        return _("You")
    name = str(each.user) if each.user else ""
    if each.acted_by != "representative":
        return name or (_("You") if by.pk in own else _("The patient"))
    if by.pk in own:
        return (
            _("%(name)s, your representative") % {"name": name} if name else _("A representative")
        )
    return _("%(name)s, representative") % {"name": name} if name else _("A representative")


def _days(days: str) -> str:
    start, _dots, end = days.partition("..")
    if start and end:
        return _("from %(start)s to %(end)s") % {"start": _day(start), "end": _day(end)}
    if start:
        return _("from %(start)s on") % {"start": _day(start)}
    return _("until %(end)s") % {"end": _day(end)} if end else _("everything")


def _day(text: str) -> str:
    try:
        return date_format(date.fromisoformat(text), "F j, Y")
    except ValueError:
        return text


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    try:
        return datetime.combine(day, time(), zone).astimezone(UTC)
    except OverflowError:
        return datetime.combine(day, time(), UTC)
