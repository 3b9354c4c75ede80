"""Answering for what Wellpost does not count."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from wellpost.reports.claims import Claim
from wellpost.rules.load import program_year
from wellpost.rules.policies import grounds
from wellpost.server.people.permissions import Permission
from wellpost.server.quality import answered, answering, queries
from wellpost.server.quality.broadband import has_counties
from wellpost.server.quality.models import Answers
from wellpost.server.quality.periods import Asked
from wellpost.server.quality.reporting import asking
from wellpost.server.quality.viewing import Viewer, viewer

from ..desk import ClinicRequest, at_desk
from ..measures import words
from ..measures.cards import PRACTICE
from .answer_forms import AnswersForm, initial, needs_counties
from .who import asked_of, named, npi_of


@at_desk(Permission.ATTEST)
def answers(request: ClinicRequest) -> HttpResponse:
    """The answers of the practice, or with `who` in the address those of one clinician."""
    here, asked = request.desk.practice, asked_of(request)
    seen_as = viewer(request.user, here)
    who = request.GET.get("who") or seen_as.own_npi or PRACTICE
    seen_as.require(npi_of(who), Permission.ATTEST)
    before = answered.before(here, npi_of(who), asked)
    posted = request.POST if request.method == "POST" else None
    form = AnswersForm(program_year(asked.program, asked.year), posted, initial=initial(before))
    made = form.attempt(lambda: _keep(request, who, asked, form)) if form.is_valid() else None
    if made:
        messages.success(request, _("The answers are kept; every report carries them."))
        return redirect("reports:reporter", who)
    context = {**_around(request, seen_as, who, asked), "form": form, "before": before}
    return render(request, "reports/answers.html", context)


def _keep(request: ClinicRequest, who: str, asked: Asked, form: AnswersForm) -> Answers:
    given = form.cleaned_data
    return answering.answer(
        by=request.user,
        practice=request.desk.practice,
        npi=npi_of(who),
        asked=asked,
        claims=given["claims"],
        attested=given["attested"],
        state=given.get("state") or None,
    )


def _around(request: ClinicRequest, seen_as: Viewer, who: str, asked: Asked) -> dict[str, object]:
    """What stands around the form."""
    found = asking(request.user, request.desk.practice, npi_of(who), asked)
    return {
        **named(request, who),
        "asked": asked,
        "rules": found.request.rules,
        "kept": found.answers,
        "unsupported": in_words(found.unsupported),
        "without_counties": needs_counties(found.request.rules)
        and not has_counties(request.desk.practice, asked.period.start),
        "may_set_up": seen_as.own_npi is None,
        "others": others(request, seen_as, who),
    }


def in_words(claims: Iterable[Claim]) -> list[str]:
    """Each claim as the page says it."""
    return [f"{words.MEASURES[each.measure]}: {grounds()[each.ground].says}" for each in claims]


def others(request: ClinicRequest, seen_as: Viewer, who: str) -> list[tuple[str, str]]:
    """Whom else the viewer may answer for, with the address."""
    here = request.desk.practice
    every = {PRACTICE: here.name, **queries.names(here)}
    return [
        (name, address(each))
        for each, name in every.items()
        if each != who and seen_as.sees(npi_of(each))
    ]


def address(who: str) -> str:
    """Where one answers for the reporter."""
    return f"{reverse('reports:answers')}?{urlencode({'who': who})}"
