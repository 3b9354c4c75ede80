"""The page of every possible period, and the button that makes one the practice's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from wellpost.errors import RequestError
from wellpost.reports.best_period import PeriodResult
from wellpost.reports.what_if import WhatIf
from wellpost.rules.load import program_year
from wellpost.scoring.verdict import Verdict
from wellpost.server.people.permissions import Permission
from wellpost.server.quality import best
from wellpost.server.quality.best import Periods, every_period
from wellpost.server.quality.periods import Asked
from wellpost.server.ui.forms import PlainForm

from ..desk import ClinicRequest, at_desk
from ..files import WRITERS
from . import words
from .asking import keep_asked, kept_or_usual
from .curve import drawing
from .pages import measure_context, npi_of, rule_of, who_context

BEST = 5
"""Periods with a button; every other one has a line in the table."""


class LengthForm(PlainForm):
    """How many days a period has."""

    days = forms.IntegerField(label=gettext_lazy("Days of a period"), min_value=1, max_value=366)


@dataclass(frozen=True)
class Row:
    """One period as the page lists it."""

    result: PeriodResult

    @property
    def rate(self) -> str:
        """The rate, cut to one place."""
        return words.percent(self.result.count.numerator, self.result.count.denominator)

    @property
    def icon(self) -> str:
        """Which picture goes with the verdict."""
        return words.VERDICTS[self.result.verdict][0]

    @property
    def verdict(self) -> str | Promise:
        """The verdict in words."""
        return words.VERDICTS[self.result.verdict][1]


@at_desk(Permission.READ_MEASURES)
def periods(request: ClinicRequest, who: str, measure: str) -> HttpResponse:
    """Every period as a curve, the best ones first, and what they still need."""
    asked = kept_or_usual(request)
    rule = rule_of(asked, measure)
    form = LengthForm(request.GET if "days" in request.GET else {"days": asked.period.days})
    found = None
    if form.is_valid():
        days = form.cleaned_data["days"]
        found = form.attempt(
            lambda: every_period(
                request.user, request.desk.practice, npi_of(who), rule.measure, asked, days
            )
        )
    context = {
        **who_context(request, who),
        **measure_context(rule, measure),
        **(_shown(found, asked) if found else {}),
        "asked": asked,
        "rules": program_year(asked.program, asked.year),
        "form": form,
        "forms": list(WRITERS),
    }
    return render(request, "measures/periods.html", context, status=200 if found else 400)


@require_POST
@at_desk(Permission.READ_MEASURES)
def use_period(request: ClinicRequest, who: str, measure: str) -> HttpResponse:
    """Make one of the periods the practice's own."""
    asked, npi = kept_or_usual(request), npi_of(who)
    rule_of(asked, measure)
    try:
        days = request.POST.get("period", "")
        chosen = best.use_period(request.user, request.desk.practice, npi, asked, days)
    except RequestError as refusal:
        messages.error(request, str(refusal))
        return redirect("measures:periods", who, measure)
    keep_asked(request, chosen)
    messages.success(request, _("The practice's pages now start with this period."))
    return redirect("measures:reporter", who)


def _shown(found: Periods, asked: Asked) -> dict[str, Any]:
    rule = found.best.result.rule
    return {
        "drawing": drawing(found.by_day, found.best_first[0], asked.period, rule.threshold),
        "best_rows": [Row(each) for each in found.best_first[:BEST]],
        "rows": [Row(each) for each in found.by_day],
        "needs": _needs(found),
        "days": found.best.period.days,
        "number": len(found.by_day),
        "answered": any(each.verdict is Verdict.EXCLUDED for each in found.by_day),
    }


def _needs(found: Periods) -> Sequence[tuple[str | Promise, WhatIf, str]]:
    """What the period shown and the best one still need, each once."""
    every = {
        found.shown.period: (_("The period shown"), found.shown),
        found.best.period: (_("The best period"), found.best),
    }
    return [(title, each, in_words(each)) for title, each in every.values()]


def in_words(each: WhatIf) -> str:
    """What is still needed, as the page says it."""
    needed = each.result.judgement.needed
    if each.by is None and needed:
        return _("No act can help any more: what was late stays late.")
    if each.result.count.denominator == 0:
        return _("Nobody was seen.")
    return words.more_needed(needed)
