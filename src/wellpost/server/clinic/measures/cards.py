"""One count as a page shows it: numbers, words and a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from wellpost.reports.scorecard import ObjectiveResult, Result, Scorecard
from wellpost.rules.policies import policies
from wellpost.terms import Count, Level, spoken

from . import words

PRACTICE = "practice"
"""Stands in addresses where a clinician's NPI would, for the practice as a group."""
TOGETHER = "virtual-group"
"""The same for the virtual group that the practice is in."""


@dataclass(frozen=True)
class Bar:
    """A bar from 0 to `scale` percent; all values are percents of its length."""

    filled: float
    mark: float | None
    scale: int

    @property
    def mark_label(self) -> float:
        """Where the words of the mark stand so that they stay on the picture."""
        return min(max(self.mark or 0, 8), 92)


@dataclass(frozen=True)
class Card:
    """One measure of one reporter."""

    result: Result
    who: str
    name: str
    bar: Bar

    @property
    def measure(self) -> str:
        """The measure as addresses write it."""
        return spoken(self.result.rule.measure)

    @property
    def title(self) -> str | Promise:
        """The measure as people say it."""
        return words.MEASURES[self.result.rule.measure]

    @property
    def rate(self) -> str:
        """The rate, cut to one place."""
        return words.percent(self.result.count.numerator, self.result.count.denominator)

    @property
    def verdict(self) -> str | Promise:
        """The verdict in words."""
        return words.VERDICTS[self.result.judgement.verdict][1]

    @property
    def icon(self) -> str:
        """Which picture goes with the verdict."""
        return words.VERDICTS[self.result.judgement.verdict][0]

    @property
    def threshold(self) -> str:
        """What the count must reach, in words."""
        return self.result.rule.threshold.text.replace(">=", _("at least")).replace(
            ">", _("more than")
        )

    @property
    def least(self) -> str:
        """The threshold as a number of these patients."""
        return words.patients(_least(self.result))

    @property
    def needed(self) -> str:
        """How many more, in words."""
        return words.more_needed(self.result.judgement.needed)

    @property
    def waiting(self) -> int:
        """How many of those counted are not in the numerator; no list holds others."""
        return self.counted.denominator - self.counted.numerator

    @property
    def counted(self) -> Count:
        """What the facts give, where a number put there by hand stands in its place."""
        return self.result.before or self.result.count

    @property
    def by_hand(self) -> str:
        """What was counted, where the number was changed by hand; else nothing."""
        if self.result.before is None:
            return ""
        return _("changed by hand; counted: %(numerator)d of %(denominator)d") % {
            "numerator": self.result.before.numerator,
            "denominator": self.result.before.denominator,
        }

    @property
    def in_words(self) -> str:
        """The picture for those who do not see it."""
        return _(
            "%(numerator)d of %(denominator)d patients, %(rate)s; %(threshold)s asked for."
        ) % {
            "numerator": self.result.count.numerator,
            "denominator": self.result.count.denominator,
            "rate": self.rate,
            "threshold": self.threshold,
        }


@dataclass(frozen=True)
class Table:
    """One measure with a row for each reporter."""

    title: str | Promise
    reached: str | Promise
    cards: Sequence[Card]


@dataclass(frozen=True)
class Objective:
    """The objective of one reporter in words."""

    name: str
    verdict: str | Promise
    icon: str
    met: int
    required: int
    excluded: int


def card(result: Result, names: Mapping[str, str], practice: str) -> Card:
    """The card of one result."""
    npi, together = result.reporter.npi, result.reporter.virtual_group
    name = names.get(npi, npi) if npi else together or practice
    return Card(result, npi or (TOGETHER if together else PRACTICE), name, bar(result))


def tables(found: Scorecard, names: Mapping[str, str], practice: str) -> list[Table]:
    """A table for each measure: the clinicians by name, then the practice."""
    cards = [card(result, names, practice) for result in found.results]
    return [
        Table(
            words.MEASURES[rule.measure],
            words.REACHED[rule.measure],
            sorted((one for one in cards if one.result.rule.measure is rule.measure), key=_order),
        )
        for rule in sorted(found.request.measures, key=_messaging_first)
    ]


def cards(found: Scorecard, names: Mapping[str, str], practice: str) -> list[Card]:
    """A card for each measure of one reporter, messages first."""
    every = [card(result, names, practice) for result in found.results]
    return sorted(every, key=lambda one: _messaging_first(one.result.rule))


def objective(found: ObjectiveResult, name: str) -> Objective:
    """What a reporter's measures come to together."""
    icon, verdict = words.VERDICTS[found.judgement.verdict]
    judged = found.judgement
    return Objective(name, verdict, icon, judged.met, judged.required, judged.excluded)


def bar(result: Result) -> Bar:
    """The picture: on a scale on which both the rate and what is asked for can be seen."""
    count, least = result.count, _least(result)
    if count.denominator == 0:
        return Bar(0, None, 100)
    rate = 100 * count.numerator / count.denominator
    asked = 100 * least / count.denominator if least is not None else 0.0
    scale = next((each for each in (10, 20, 50) if each >= 1.5 * max(rate, asked)), 100)
    mark = round(100 * asked / scale, 2) if least is not None else None
    return Bar(round(100 * rate / scale, 2), mark, scale)


def policies_in_force(found: Scorecard) -> list[tuple[str, str, str]]:
    """For each policy its question, the value in force and what that means."""
    values = found.request.policies_in_force()
    return [
        (policy.says, str(values[name]), policy.values.get(str(values[name]), ""))
        for name, policy in policies().items()
        if isinstance(values[name], str)
    ]


def _least(result: Result) -> int | None:
    """The fewest patients of this denominator that meet the threshold."""
    nobody = Count(result.rule.measure, result.reporter, result.count.denominator, 0)
    return result.rule.threshold.needed(nobody)


def _order(one: Card) -> tuple[bool, str, str]:
    return (one.result.reporter.level is Level.GROUP, one.name, one.who)


def _messaging_first(rule: object) -> tuple[bool, str]:
    measure = str(getattr(rule, "measure", ""))
    return (measure != "secure_messaging", measure)
