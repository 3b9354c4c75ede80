"""Who stands behind the numbers: every patient of a denominator, and why each counts or does not.

45 CFR 170.315(g)(2) asks for the lists of numerator and denominator, (g)(1) for what makes a
patient eligible for the numerator.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from wellpost.engine.evidence import Considered
from wellpost.engine.listing import Seen, acts_by_patient, groups, who_saw
from wellpost.engine.membership import Member, membership
from wellpost.facts.sources import Source
from wellpost.reports import words
from wellpost.reports.request import Request
from wellpost.reports.scorecard import reporter_json
from wellpost.rules.model import MeasureRule
from wellpost.terms import Level, Reporter, spoken

NAMED = 2
"""How many acts that do not count a reason names."""


@dataclass(frozen=True)
class Listed:
    """A patient of one denominator: whether the numerator holds them, and why.

    `counting` is every act that counts, not only the first.
    """

    rule: MeasureRule
    member: Member
    reason: str
    counting: tuple[Considered, ...]

    @property
    def reporter(self) -> Reporter:
        """Whose denominator it is."""
        return self.member.reporter

    def as_json(self) -> dict[str, object]:
        """One line of the list, keys in the order of its columns."""
        return {
            "measure": spoken(self.rule.measure),
            **reporter_json(self.reporter),
            "patient_id": self.member.patient_id,
            "in_numerator": self.member.in_numerator,
            "first_seen_on": str(self.member.first_seen_on),
            "last_seen_on": str(self.member.last_seen_on),
            "counted_on": str(self.member.acted_on) if self.member.acted_on else None,
            "act": self.member.act,
            "act_id": self.member.act_id,
            "act_npi": self.member.act_npi,
            "reason": self.reason,
        }


def evidence(source: Source, request: Request) -> Iterator[Listed]:
    """Every patient of every denominator, ordered by measure, level, tin, npi, patient."""
    for rule in request.measures:
        for level in request.levels:
            yield from _of(source, request, rule, level)


def _of(source: Source, request: Request, rule: MeasureRule, level: Level) -> Iterator[Listed]:
    question = request.question(rule, level)
    acts = acts_by_patient(source, question)
    credit = Credit(who_saw(source, question), groups(source, question))
    for member in membership(source, question):
        theirs = credit.of(member, acts.get(member.patient_id, ()))
        yield Listed(
            rule,
            member,
            _reason(rule, member, theirs),
            tuple(each for each in theirs if each.counts and each.npi),
        )


class Credit:
    """Whose acts a reporter is credited with: those of who saw the patient for the reporter."""

    def __init__(self, seen: Seen, virtual_groups: Mapping[str, frozenset[str]]) -> None:
        self._seen = seen
        self._groups = virtual_groups

    def of(self, member: Member, acts: Sequence[Considered]) -> list[Considered]:
        """The acts for this patient that the reporter could be credited with."""
        if not acts:
            return []
        pairs = self._pairs(member)
        npis = {npi for _, npi in pairs}
        return [
            each
            for each in acts
            if each.npi is None
            or (each.npi in npis and (each.tin is None or (each.tin, each.npi) in pairs))
        ]

    def _pairs(self, member: Member) -> set[tuple[str, str]]:
        reporter = member.reporter
        tins = self._tins(reporter)
        return {
            (tin, npi)
            for tin, npi in self._seen.get(member.patient_id, ())
            if reporter.npi in (None, npi) and (tins is None or tin in tins)
        }

    def _tins(self, reporter: Reporter) -> frozenset[str] | None:
        if reporter.virtual_group is not None:
            return self._groups.get(reporter.virtual_group, frozenset())
        return None if reporter.tin is None else frozenset({reporter.tin})


def _reason(rule: MeasureRule, member: Member, acts: Sequence[Considered]) -> str:
    if member.in_numerator:
        return words.done(member, next((each for each in acts if _is(each, member)), None))
    return "; ".join([words.missing(rule.measure, rule.manners), *_not_counting(acts)])


def _is(each: Considered, member: Member) -> bool:
    return (each.counts, each.what, each.identifier, each.npi, each.counted_on) == (
        True,
        member.act,
        member.act_id,
        member.act_npi,
        member.acted_on,
    )


def _not_counting(acts: Sequence[Considered]) -> Iterator[str]:
    by_reason: dict[tuple[str, str], list[Considered]] = {}
    for each in acts:
        if each.because is not None:
            by_reason.setdefault((each.what, each.because), []).append(each)
    for (what, because), those in by_reason.items():
        named = [words.one(each) for each in those[:NAMED]]
        said = words.several(what, named, len(those))
        yield f"{said[0].lower()}{said[1:]}: {words.reason(because)}"
