"""The pages: all reporters, one reporter's scorecard, the patients behind a measure, files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wellpost.errors import RequestError
from wellpost.reports.attested import title
from wellpost.reports.scorecard import Scorecard
from wellpost.rules.load import program_year
from wellpost.rules.model import ProgramYear
from wellpost.server.people.models import Practice
from wellpost.server.people.permissions import NotAllowed, Permission
from wellpost.server.quality import queries, reporting
from wellpost.server.quality.attesting import attestations
from wellpost.server.quality.models import Override, VirtualGroup
from wellpost.server.quality.periods import Asked
from wellpost.server.quality.reporting import DOCUMENTS, NAMED, Asking, asking, asking_together
from wellpost.server.quality.requests import overrides_of
from wellpost.server.quality.together import group_of, has_virtual_groups
from wellpost.server.quality.viewing import viewer
from wellpost.terms import Count

from ..desk import ClinicRequest, at_desk
from ..files import WRITERS, saved
from ..measures import asking as periods
from ..measures import words
from ..measures.cards import TOGETHER, Table, cards, objective, policies_in_force, tables
from . import answer_forms
from .answers import in_words
from .lists import shown
from .who import asked_of, named, npi_of

FILES: Mapping[str, str | Promise] = {
    "scorecard": _("Scorecard"),
    "g2": _("Numerator and denominator, with the patients"),
    "g1": _("Acts that count"),
    "worklist": _("Patients not yet reached"),
}
"""What can be taken away, as people call it."""


@at_desk(Permission.READ_MEASURES)
def start(request: ClinicRequest) -> HttpResponse:
    """Everybody whose numbers are reported, and the period."""
    asked, form = periods.asked_of(request)
    here = request.desk.practice
    found = queries.practice_scorecard(request.user, here, asked)
    rules, seen_as = program_year(asked.program, asked.year), viewer(request.user, here)
    context = {
        "asked": asked,
        "rules": rules,
        "form": form,
        "together": seen_as.own_npi is None and _together(here, asked, rules),
        "may_set_up": seen_as.own_npi is None and request.desk.may(Permission.ATTEST),
        "has_virtual_groups": has_virtual_groups(rules),
        "policies": policies_in_force(found),
        "may_answer": request.desk.may(Permission.ATTEST),
        "reporters": _reporters(tables(found, queries.names(here), here.name)),
    }
    status = 400 if form.errors else 200
    return render(request, "reports/start.html", context, status=status)


@at_desk(Permission.READ_MEASURES)
def reporter(request: ClinicRequest, who: str) -> HttpResponse:
    """One reporter's scorecard, what can be taken away, and what was attested."""
    found = _asking(request, who, Permission.READ_MEASURES)
    card = reporting.reporter_scorecard(found)
    here = request.desk.practice
    alone = found.virtual_group is None
    by_hand = overrides_of(here, found.npi, found.asked) if alone else []
    rules = found.request.rules
    context = {
        **named(request, who),
        "asked": found.asked,
        "rules": rules,
        "cards": cards(card, queries.names(here), here.name),
        "objectives": [objective(each, here.name) for each in card.objectives],
        "policies": policies_in_force(card),
        "by_hand": [(words.MEASURES[each.measure], each, _before(card, each)) for each in by_hand],
        "changed": {each.measure for each in by_hand},
        "files": [(name, says, name in NAMED) for name, says in FILES.items()],
        "forms": list(WRITERS),
        "attestations": attestations(request.user, here, found.npi) if alone else (),
        "may_attest": alone and request.desk.may(Permission.ATTEST),
        "points": card.points,
        "answers": found.answers,
        "answered": list(answer_forms.in_words(found.request.attested, rules)),
        "missing": [title(name, rules) for name in _missing(card)],
        "claimed": in_words(found.request.claims),
        "unsupported": in_words(found.unsupported),
    }
    return render(request, "reports/reporter.html", context)


@at_desk(Permission.READ_WORKLIST)
def patients(request: ClinicRequest, who: str, measure: str) -> HttpResponse:
    """Everybody of one denominator with the reason, narrowed and sorted as one likes."""
    found = _asking(request, who, Permission.READ_WORKLIST, measure)
    rule = found.request.measures[0]
    listed = reporting.patients(found)
    periods.keep_worklist(request)
    view = shown(found, listed, request.GET)
    context = {
        **named(request, who),
        "asked": found.asked,
        "measure": measure,
        "title": words.MEASURES[rule.measure],
        "rule": rule,
        "view": view,
        "page": view.page,
        "query": f"show={view.show}&sort={view.order}",
        "may_write": request.desk.may(Permission.WRITE_MESSAGES),
    }
    return render(request, "reports/patients.html", context)


@at_desk(Permission.READ_WORKLIST)
def download(request: ClinicRequest, who: str, name: str, form: str) -> HttpResponse:
    """A report as a file."""
    if name not in DOCUMENTS or form not in WRITERS:
        raise NotAllowed("there is no such report.")
    found = _asking(request, who, Permission.READ_WORKLIST)
    made = reporting.document(found, name, form)
    content = WRITERS[form](made, found.made)
    asked = found.asked
    return saved(content, f"{name}-{who}-{asked.program}-{asked.period}", form)


def _together(here: Practice, asked: Asked, rules: ProgramYear) -> VirtualGroup | None:
    """The virtual group the practice is in, where the program knows such."""
    return group_of(here, asked.year) if has_virtual_groups(rules) else None


def _missing(card: Scorecard) -> Iterable[str]:
    """What the category's base still lacks an answer for."""
    return [name for each in card.points if each.category for name in each.category.missing]


def _before(card: Scorecard, made: Override) -> Count | None:
    """What was counted where this change stands."""
    return next((each.before for each in card.results if each.rule.measure == made.measure), None)


def _asking(
    request: ClinicRequest, who: str, permission: Permission, measure: str | None = None
) -> Asking:
    """The report asked for; an address whose measure the program does not have is none."""
    asked, here, by = asked_of(request), request.desk.practice, request.user
    try:
        if who == TOGETHER:
            return asking_together(by, here, asked, permission=permission, measure=measure)
        return asking(by, here, npi_of(who), asked, permission=permission, measure=measure)
    except RequestError as refusal:
        raise NotAllowed(str(refusal)) from None


def _reporters(found: Iterable[Table]) -> Mapping[str, str]:
    """Each reporter's place in addresses with the name, in the order of the tables."""
    return {card.who: card.name for table in found for card in table.cards}
