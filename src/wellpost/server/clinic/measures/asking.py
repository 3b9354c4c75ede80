"""What the pages ask for: program, year and period, kept from page to page in the session."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wellpost.errors import RequestError
from wellpost.rules.load import program_year
from wellpost.rules.model import ProgramYear
from wellpost.server.people.models import Practice
from wellpost.server.quality.periods import Asked, program_years, usual, usual_in
from wellpost.server.ui.forms import Day, PlainForm
from wellpost.terms import Period

from ..desk import ClinicRequest

KEPT = "clinic.measures.asked"
WORKLIST = "clinic.measures.worklist"


class PeriodForm(PlainForm):
    """Program and period. Empty days stand for the period that the practice usually has."""

    program = forms.ChoiceField(label=gettext_lazy("Program and year"), choices=())
    start = forms.DateField(label=gettext_lazy("First day"), widget=Day, required=False)
    end = forms.DateField(label=gettext_lazy("Last day"), widget=Day, required=False)

    def __init__(self, practice: Practice, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.practice = practice
        self.fields["program"].choices = list(_choices())  # type: ignore[attr-defined]  # a ChoiceField's

    def clean(self) -> dict[str, Any]:
        """Refuse the period in the rule's own words; else `asked` is what was asked for."""
        given = super().clean() or {}
        if not self.errors:
            try:
                given["asked"] = self._asked(**given)
            except RequestError as refusal:
                raise forms.ValidationError(str(refusal)) from None
        return given

    def _asked(self, program: str, start: date | None, end: date | None) -> Asked:
        name, _colon, year = program.partition(":")
        rules = program_year(name, int(year))
        usual_days = usual_in(self.practice, rules)
        period = Period(start or usual_days.start, end or usual_days.end)
        rules.check_period(period)
        return Asked(rules.name, rules.year, period)


def asked_of(request: ClinicRequest) -> tuple[Asked, PeriodForm]:
    """What the page is to show, and the form that says so; a refused form changes nothing."""
    practice = request.desk.practice
    before = _kept(request) or usual(practice)
    if "program" not in request.GET:
        return before, PeriodForm(practice, initial=_initial(before))
    form = PeriodForm(practice, request.GET)
    if not form.is_valid():
        return before, form
    asked: Asked = form.cleaned_data["asked"]
    keep_asked(request, asked)
    return asked, PeriodForm(practice, initial=_initial(asked))


def kept_or_usual(request: ClinicRequest) -> Asked:
    """What was asked for on the page before."""
    return _kept(request) or usual(request.desk.practice)


def keep_worklist(request: ClinicRequest) -> None:
    """Remember where writing to a patient of the worklist leads back to."""
    request.session[WORKLIST] = request.get_full_path()


def worklist_left(request: ClinicRequest) -> str | None:
    """The worklist one came from, for a page asked for with `next=worklist`."""
    left = request.session.get(WORKLIST) if request.GET.get("next") == "worklist" else None
    return str(left) if left else None


def _choices() -> Iterator[tuple[str, str]]:
    for rules in program_years():
        yield f"{rules.name}:{rules.year}", title(rules)


def title(rules: ProgramYear) -> str:
    """The program's title and the year."""
    return _("%(year)d: %(program)s") % {"year": rules.year, "program": rules.program.title}


def _initial(asked: Asked) -> dict[str, object]:
    start, end = asked.period.start, asked.period.end
    return {"program": f"{asked.program}:{asked.year}", "start": start, "end": end}


def keep_asked(request: ClinicRequest, asked: Asked) -> None:
    """From now on the pages show this."""
    request.session[KEPT] = [asked.program, asked.year, str(asked.period)]


def _kept(request: ClinicRequest) -> Asked | None:
    kept = request.session.get(KEPT)
    return Asked(kept[0], kept[1], Period.parse(kept[2])) if kept else None
