"""The pages: the practice, one clinician, who waits, who is reached, and why."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wellpost.errors import RequestError
from wellpost.facts.identifiers import npi_is_valid
from wellpost.rules.load import program_year
from wellpost.rules.model import MeasureRule
from wellpost.server.clock import time as clock
from wellpost.server.people.permissions import NotAllowed, Permission
from wellpost.server.quality import actions, queries
from wellpost.server.quality.periods import Asked

from ..desk import ClinicRequest, at_desk
from ..files import WRITERS
from ..mailings import open_list
from . import words
from .asking import asked_of, keep_worklist, kept_or_usual
from .cards import PRACTICE, cards, objective, policies_in_force, tables
from .reasons import readable


@at_desk(Permission.READ_MEASURES)
def practice(request: ClinicRequest) -> HttpResponse:
    """Every measure with a row for each clinician and one for the practice."""
    asked, form = asked_of(request)
    here = request.desk.practice
    found = queries.practice_scorecard(request.user, here, asked, again=_again(request))
    shown = tables(found, queries.names(here), here.name)
    context = {"tables": shown, "policies": policies_in_force(found), "form": form}
    return _page(request, "practice", asked, **context)


@at_desk(Permission.READ_MEASURES)
def reporter(request: ClinicRequest, who: str) -> HttpResponse:
    """One clinician, or the practice as a group: each measure as a card."""
    asked, form = asked_of(request)
    here = request.desk.practice
    found = queries.reporter_scorecard(
        request.user, here, npi_of(who), asked, again=_again(request)
    )
    context = {
        **who_context(request, who),
        "cards": cards(found, queries.names(here), here.name),
        "objectives": [objective(each, here.name) for each in found.objectives],
        "policies": policies_in_force(found),
        "form": form,
    }
    return _page(request, "reporter", asked, **context)


@at_desk(Permission.READ_WORKLIST)
def worklist(request: ClinicRequest, who: str, measure: str) -> HttpResponse:
    """Who was seen and is not in the numerator yet, and what can be done about it."""
    asked = kept_or_usual(request)
    rule = rule_of(asked, measure)
    here, page, sort = request.desk.practice, _number(request), _sort(request)
    found = queries.worklist(request.user, here, npi_of(who), rule.measure, asked, page, sort)
    keep_worklist(request)
    may_write = request.desk.may(Permission.WRITE_MESSAGES)
    context = {
        **who_context(request, who),
        **measure_context(rule, measure),
        "worklist": found,
        "sort": sort,
        "sorts": words.sorts(sort),
        "forms": list(WRITERS),
        "rows": [
            (each, words.REACHES[each.reached.reach], _late(each, request)) for each in found.rows
        ],
        "may_write": may_write,
        "open_list": open_list(request) if may_write else None,
        "may_invite": request.desk.may(Permission.INVITE_PATIENT),
        "may_review": request.desk.may(Permission.READ_CHART),
    }
    return _page(request, "worklist", asked, **context)


@at_desk(Permission.READ_WORKLIST)
def reached(request: ClinicRequest, who: str, measure: str) -> HttpResponse:
    """Who is in the numerator, with the day it counts from."""
    asked = kept_or_usual(request)
    rule = rule_of(asked, measure)
    here = request.desk.practice
    found = queries.reached_patients(request.user, here, npi_of(who), rule.measure, asked)
    return _page(
        request,
        "reached",
        asked,
        **who_context(request, who),
        **measure_context(rule, measure),
        reached=found,
    )


@at_desk(Permission.READ_WORKLIST)
def explanation(request: ClinicRequest, who: str, measure: str, patient_id: UUID) -> HttpResponse:
    """Why one patient counts or does not: the acts found, and the law."""
    asked = kept_or_usual(request)
    rule = rule_of(asked, measure)
    here = request.desk.practice
    patient, found = queries.explanation(
        request.user, here, npi_of(who), rule.measure, patient_id, asked
    )
    context = {
        **who_context(request, who),
        **measure_context(rule, measure),
        "patient": patient,
        "explanation": found,
        "reasons": readable(found, queries.names(here), here, request.user),
        "may_write": request.desk.may(Permission.WRITE_MESSAGES),
    }
    return _page(request, "explanation", asked, **context)


@require_POST
@at_desk(Permission.READ_MEASURES)
def keep_period(request: ClinicRequest) -> HttpResponse:
    """Make the period shown the one that everybody's pages at the practice start with."""
    asked = kept_or_usual(request)
    try:
        actions.choose_period(
            practice=request.desk.practice,
            by=request.user,
            program=asked.program,
            year=asked.year,
            period=asked.period,
        )
        messages.success(request, _("The practice's pages now start with this period."))
    except RequestError as refusal:
        messages.error(request, str(refusal))
    return redirect("measures:practice")


def _page(request: ClinicRequest, template: str, asked: Asked, **context: object) -> HttpResponse:
    rules = program_year(asked.program, asked.year)
    refused = bool(getattr(context.get("form"), "errors", None))
    return render(
        request,
        f"measures/{template}.html",
        {"asked": asked, "rules": rules, **context},
        status=400 if refused else 200,
    )


def _late(row: queries.Listed, request: ClinicRequest) -> list[str]:
    today = clock.today(request.desk.practice.time_zone)
    return words.late_visits(row.late, today)


def npi_of(who: str) -> str | None:
    """The npi in an address, None for the practice; NotAllowed for what is none."""
    if who == PRACTICE:
        return None
    if not npi_is_valid(who):
        raise NotAllowed("no clinician has such an npi.")
    return who


def who_context(request: ClinicRequest, who: str) -> dict[str, object]:
    """Whose page it is, and their name."""
    here = request.desk.practice
    name = here.name if who == PRACTICE else queries.names(here).get(who, who)
    return {"who": who, "name": name}


def rule_of(asked: Asked, measure: str) -> MeasureRule:
    """The rule of the measure in an address; NotAllowed for one the program does not have."""
    try:
        return program_year(asked.program, asked.year).measure(measure)
    except RequestError as refusal:
        raise NotAllowed(str(refusal)) from None


def measure_context(rule: MeasureRule, measure: str) -> dict[str, object]:
    """The measure, as its pages name it."""
    name = rule.measure
    return {
        "rule": rule,
        "measure": measure,
        "title": words.MEASURES[name],
        "to_do": words.TO_DO.get(name, ""),
        "is_messaging": measure == "secure-messaging",
        "ask": words.ASKS.get(name, ""),
    }


def _again(request: ClinicRequest) -> bool:
    """Whether an open page asks by itself for what it shows."""
    return request.headers.get("HX-Request") == "true"


def _sort(request: ClinicRequest) -> str:
    asked = request.GET.get("sort", "")
    return asked if asked.removeprefix("-") in queries.ORDERS else "reachable"


def _number(request: ClinicRequest) -> int:
    text = request.GET.get("page", "1")
    return max(1, int(text)) if text.isdecimal() and len(text) < 6 else 1
