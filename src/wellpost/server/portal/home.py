"""Home: what the patient measured and brought, and what became of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.from_home import queries
from wellpost.server.from_home.advice import EMERGENCY, first_steps
from wellpost.server.from_home.kinds import KINDS, Kind, Unit
from wellpost.server.from_home.limits import limits_of
from wellpost.server.from_home.models import HomeDatum
from wellpost.server.from_home.needs import answered
from wellpost.server.from_home.sealing import words_of
from wellpost.server.people.models import User
from wellpost.server.people.permissions import NotAllowed, Permission, require

from .acting import Acting, PortalRequest, acting_for
from .choosing import one_of
from .home_words import drawn, shown, unit_written

ROWS_A_PAGE = 20


@login_required
def start(request: PortalRequest) -> HttpResponse:
    """To the page where there is one record, to the choice where there are several."""
    return one_of(request, "portal:home")


@login_required
def home(request: PortalRequest, patient_id: UUID) -> HttpResponse:
    """What one can add, and everything added, the latest first."""
    acting = at_home(request.user, patient_id)
    data = queries.home_data(request.user, acting.patient)
    page = Paginator(data, ROWS_A_PAGE).get_page(request.GET.get("page"))
    _record(request.user, acting)
    context = {
        "acting": acting,
        "kinds": list(KINDS.values()),
        "series": [KINDS[each] for each in queries.kinds_of(data)],
        "page": page,
        "rows": [shown(each) for each in page.object_list],
        "imports": queries.imports_of(request.user, acting.patient),
        "here": "home",
    }
    return render(request, "portal/home.html", context)


@login_required
def series(request: PortalRequest, patient_id: UUID, series_kind: str) -> HttpResponse:
    """The readings of a kind as plot and table; above them what was saved just now."""
    acting = at_home(request.user, patient_id)
    meant = kind_of(series_kind)
    data = queries.home_data(request.user, acting.patient)
    readings = queries.readings(data, meant.name)
    unit = unit_used(readings, meant)
    _record(request.user, acting)
    return render(
        request,
        "portal/home_series.html",
        {
            "acting": acting,
            "kind": meant,
            "plot": _plot(acting, readings, meant, unit),
            "rows": [shown(each, unit) for each in reversed(readings)][:ROWS_A_PAGE],
            "here": "home",
            **_saved(request, data),
        },
    )


@login_required
def datum(request: PortalRequest, patient_id: UUID, datum_id: UUID) -> HttpResponse:
    """A note, a document or answers, in full."""
    acting = at_home(request.user, patient_id)
    held = one_at_home(request.user, acting, datum_id)
    _record(request.user, acting)
    context: dict[str, Any] = {"acting": acting, "row": shown(held), "here": "home"}
    if held.kind == "note" and held.file:
        context["words"] = words_of(held.file)
    context["answers"] = answered(held.answers)
    return render(request, "portal/home_datum.html", context)


def at_home(user: User, patient_id: UUID) -> Acting:
    """For whom the user acts; NotAllowed unless for the record."""
    acting = acting_for(user, patient_id)
    require(user, Permission.ADD_HOME_DATA, acting.patient)
    return acting


def one_at_home(user: User, acting: Acting, datum_id: UUID) -> HomeDatum:
    """A datum of this very record; NotAllowed for another's."""
    held = queries.home_data(user, acting.patient).filter(pk=datum_id).first()
    if held is None:
        raise NotAllowed("there is no such thing here.")
    return held


def kind_of(name: str) -> Kind:
    """The kind of an address; NotAllowed for none."""
    if name not in KINDS:
        raise NotAllowed("there is no such kind.")
    return KINDS[name]


def unit_used(readings: list[HomeDatum], kind: Kind) -> Unit:
    """The unit written in last, else the usual one."""
    if readings:
        return unit_written(readings[-1], kind)
    return kind.unit_of(kind.usual_unit)


def _plot(acting: Acting, readings: list[HomeDatum], kind: Kind, unit: Unit) -> Any:
    watched = limits_of(acting.patient)
    limits = [watched[part.name] for part in kind.parts if part.name in watched]
    return drawn(readings, kind, unit, acting.practice.time_zone, limits)


def _saved(request: PortalRequest, data: Any) -> dict[str, Any]:
    """What was saved a moment ago, and what to do now where one of it is dangerous."""
    asked = [each for each in request.GET.getlist("saved")[:4] if _is_uuid(each)]
    held = list(data.filter(pk__in=asked)) if asked else []
    dangerous = [each for each in held if each.of_note]
    return {
        "saved": [shown(each) for each in held],
        "dangerous": [shown(each) for each in dangerous],
        "steps": [first_steps(each.kind, each.danger) for each in dangerous],
        "emergency": EMERGENCY,
    }


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _record(user: User, acting: Acting) -> None:
    record(
        by=user,
        deed=Deed.HOME_DATA_READ,
        target=acting.patient,
        patient_id=acting.patient.pk,
        on_behalf_of="" if acting.own else acting.patient.pk,
    )
