"""What is asked of who answers for what Wellpost does not count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wellpost.errors import RequestError
from wellpost.reports import attested
from wellpost.reports.attested import Answer, Attested
from wellpost.reports.claims import Claim
from wellpost.rules.dated import in_force
from wellpost.rules.model import ProgramYear
from wellpost.rules.policies import grounds
from wellpost.rules.thresholds import AttestedYes
from wellpost.server.quality.models import Answers
from wellpost.server.ui.forms import PlainForm
from wellpost.terms import spoken

from ..measures import words

BY_COUNTY = "county_without_broadband"
"""The ground whose evidence is broadband by county, which somebody must bring in."""


@dataclass(frozen=True)
class Question:
    """One measure to answer for: `kind` is boolean or proportion."""

    name: str
    title: str
    kind: str


class AnswersForm(PlainForm):
    """The measures of the program that are not counted, exclusions, the state."""

    claims = forms.MultipleChoiceField(
        label=gettext_lazy("Exclusions claimed"),
        choices=(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Each stands only where the visits on record support it; the scorecard says so."
        ),
    )
    state = forms.ChoiceField(label=gettext_lazy("State"), choices=(), required=False)

    def __init__(self, rules: ProgramYear, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = list(questions(rules))
        for each in self.questions:
            self.fields[each.name] = _field(each)
        self._offer("claims", list(claimable(rules)))
        states = [(each, each) for each in states_of(rules)]
        self._offer("state", [("", _("No settings of a state")), *states] if states else [])

    @property
    def asks(self) -> bool:
        """Whether there is anything to answer for."""
        return bool(self.fields)

    def clean(self) -> dict[str, Any]:
        """Claims and answers as reports take them; each wrong answer in its own words."""
        given = super().clean() or {}
        given["claims"] = [Claim.parse(each) for each in given.get("claims") or ()]
        given["attested"] = [
            read for each in self.questions if (read := self._read(each, given)) is not None
        ]
        return given

    def _read(self, each: Question, given: dict[str, Any]) -> Attested | None:
        typed = str(given.get(each.name) or "").strip()
        try:
            return Attested.parse(f"{each.name}={typed}") if typed else None
        except RequestError as refusal:
            self.add_error(each.name, str(refusal))
            return None

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField's
        if not choices:
            del self.fields[name]


def initial(kept: Answers | None) -> dict[str, object]:
    """What was answered before, as the form shows it."""
    if kept is None:
        return {}
    answers = dict(each.split("=", 1) for each in kept.attested)
    return {**answers, "claims": kept.claims, "state": kept.state}


def questions(rules: ProgramYear) -> Iterator[Question]:
    """The measures to answer for; those that Wellpost counts are left out."""
    for rule in rules.measures:
        if isinstance(rule.threshold, AttestedYes):
            yield Question(spoken(rule.measure), str(words.MEASURES[rule.measure]), "boolean")
    if rules.category is None:
        return
    counted = {rule.identifier for rule in rules.measures}
    for name, kind in sorted(rules.category.kinds.items()):
        if name not in counted:
            yield Question(name, attested.title(name, rules), kind)


def in_words(answers: Mapping[str, Answer], rules: ProgramYear) -> Iterator[tuple[str, str]]:
    """Each answer as people read it: what was asked, and what was said."""
    said = {True: _("Yes"), False: _("No")}
    for name, value in answers.items():
        title = words.MEASURES.get(name) or attested.title(name, rules)
        yield str(title), said[value] if isinstance(value, bool) else str(value)


def claimable(rules: ProgramYear) -> Iterator[tuple[str, str]]:
    """The exclusions of the program, with their words."""
    for rule in rules.measures:
        for ground in rule.exclusions:
            label = _("%(measure)s: %(ground)s") % {
                "measure": words.MEASURES[rule.measure],
                "ground": grounds()[ground].says,
            }
            yield f"{spoken(rule.measure)}={ground}", label


def needs_counties(rules: ProgramYear) -> bool:
    """Whether the program has a ground whose evidence is broadband by county."""
    return any(BY_COUNTY in rule.exclusions for rule in rules.measures)


def states_of(rules: ProgramYear) -> list[str]:
    """The states that settled something for this year."""
    day = date(rules.year, 1, 1)
    found = {each: in_force(rules.program.period, day, each) for each in rules.program.states}
    return [name for name, settled in found.items() if settled and settled.state == name]


def _field(each: Question) -> forms.Field:
    if each.kind == "boolean":
        choices = [("", _("Not answered")), ("yes", _("Yes")), ("no", _("No"))]
        return forms.ChoiceField(label=each.title, choices=choices, required=False)
    return forms.CharField(
        label=each.title,
        required=False,
        max_length=40,
        help_text=_("Numerator and denominator, like 10/12."),
    )
