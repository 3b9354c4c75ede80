"""The page of what is still needed, and files of it and of every possible period."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from wellpost.errors import RequestError
from wellpost.rules.load import program_year
from wellpost.server.people.permissions import NotAllowed, Permission
from wellpost.server.quality import foreseen

from ..desk import ClinicRequest, at_desk
from ..files import WRITERS, saved
from .asking import keep_worklist, kept_or_usual
from .pages import measure_context, npi_of, rule_of, who_context
from .periods import LengthForm, in_words


@at_desk(Permission.READ_WORKLIST)
def what_if(request: ClinicRequest, who: str, measure: str) -> HttpResponse:
    """How many more, whom first, by when."""
    asked = kept_or_usual(request)
    rule, here = rule_of(asked, measure), request.desk.practice
    found = foreseen.needed(request.user, here, npi_of(who), rule.measure, asked)
    keep_worklist(request)
    context = {
        **who_context(request, who),
        **measure_context(rule, measure),
        "asked": asked,
        "rules": program_year(asked.program, asked.year),
        "found": found,
        "needed": in_words(found.what_if),
        "by": found.what_if.by if found.what_if.result.judgement.needed else None,
        "may_write": request.desk.may(Permission.WRITE_MESSAGES),
        "forms": list(WRITERS),
    }
    return render(request, "measures/what_if.html", context)


@at_desk(Permission.READ_WORKLIST)
def what_if_file(request: ClinicRequest, who: str, measure: str, form: str) -> HttpResponse:
    """The same as a file."""
    asked = kept_or_usual(request)
    rule, here, npi = rule_of(asked, measure), request.desk.practice, npi_of(who)
    _refuse_unknown(form)
    found, made = foreseen.needed_document(request.user, here, npi, rule.measure, asked, form)
    content = WRITERS[form](made, found.made)
    return saved(content, f"what-if-{measure}-{who}-{asked.program}-{asked.period}", form)


@at_desk(Permission.READ_MEASURES)
def periods_file(request: ClinicRequest, who: str, measure: str, form: str) -> HttpResponse:
    """Every period as a file."""
    asked = kept_or_usual(request)
    rule, here, npi = rule_of(asked, measure), request.desk.practice, npi_of(who)
    _refuse_unknown(form)
    length = LengthForm(request.GET if "days" in request.GET else {"days": asked.period.days})
    if not length.is_valid():
        raise NotAllowed("no period is that long.")
    days = length.cleaned_data["days"]
    try:
        found, made = foreseen.periods_to_keep(
            request.user, here, npi, rule.measure, asked, days, form
        )
    except RequestError as refusal:
        raise NotAllowed(str(refusal)) from None
    content = WRITERS[form](made, found.made)
    return saved(content, f"periods-{measure}-{who}-{asked.program}-{asked.year}-{days}", form)


def _refuse_unknown(form: str) -> None:
    if form not in WRITERS:
        raise NotAllowed("there is no such file.")
