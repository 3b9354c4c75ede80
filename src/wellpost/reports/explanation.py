"""Why one patient counts or does not: plain sentences, each act found, and the law cited."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from wellpost.engine.evidence import Considered, considered
from wellpost.engine.membership import Member, membership
from wellpost.facts.sources import Source
from wellpost.reports import words
from wellpost.reports.request import Request
from wellpost.reports.scorecard import reporter_json
from wellpost.rules.model import MeasureRule
from wellpost.terms import Level, Reporter, spoken

EXAMPLES = 5
"""How many acts a sentence names before it says how many more there are."""


@dataclass(frozen=True)
class Explanation:
    """What one measure makes of one patient for one reporter.

    `seen` says whether the patient is in the denominator, `counts` whether also in the numerator.
    """

    rule: MeasureRule
    reporter: Reporter
    patient_id: str
    seen: bool
    counts: bool
    sentences: tuple[str, ...]
    found: tuple[Considered, ...]

    @property
    def title(self) -> str:
        """The measure and the reporter."""
        return f"{spoken(self.rule.measure)}, {words.name(self.reporter)}"

    def as_json(self) -> dict[str, object]:
        """Everything, with every encounter and act that was considered."""
        return {
            "measure": spoken(self.rule.measure),
            **reporter_json(self.reporter),
            "patient_id": self.patient_id,
            "seen": self.seen,
            "counts": self.counts,
            "sentences": list(self.sentences),
            "considered": [_considered_json(each) for each in self.found],
        }


def explanations(source: Source, request: Request, patient_id: str) -> list[Explanation]:
    """An explanation for each measure and each reporter who could count the patient."""
    return [
        each
        for rule in request.measures
        for level in request.levels
        for each in _of_level(source, request, rule, level, patient_id)
    ]


def _of_level(
    source: Source, request: Request, rule: MeasureRule, level: Level, patient_id: str
) -> Iterator[Explanation]:
    members = list(membership(source, request.question(rule, level, patient_id=patient_id)))
    for member in members:
        yield _explained(source, request, rule, member.reporter, patient_id, member)
    if not members:
        tin = None if level is Level.CLINICIAN else request.tin
        reporter = Reporter(level, tin=tin, npi=request.npi)
        yield _explained(source, request, rule, reporter, patient_id, None)


def _explained(
    source: Source,
    request: Request,
    rule: MeasureRule,
    reporter: Reporter,
    patient_id: str,
    member: Member | None,
) -> Explanation:
    question = request.question(rule, reporter.level, patient_id=patient_id, reporter=reporter)
    found = tuple(considered(source, question))
    seen, counts = member is not None, member is not None and member.in_numerator
    sentences = (
        *_sentences(request, rule, reporter, member, found),
        f"{rule.cite}: {rule.says}.",
    )
    return Explanation(rule, reporter, patient_id, seen, counts, sentences, found)


def _sentences(
    request: Request,
    rule: MeasureRule,
    reporter: Reporter,
    member: Member | None,
    found: Sequence[Considered],
) -> Iterator[str]:
    who, days = words.name(reporter), request.window_days(rule)
    if member is None:
        yield f"Not in the denominator: {who} did not see the patient in {request.period}."
        yield from _not_counting([each for each in found if each.what == "encounter"])
        return
    if member.in_numerator:
        act = words.done(member, next((each for each in found if _is(each, member)), None))
        yield f"Counts: {words.seen(who, member)}; {act}."
        return
    missing = words.missing(rule.measure, rule.manners)
    yield f"Does not count: {words.seen(who, member)}, but {missing} in {days}."
    yield from _not_counting([each for each in found if each.what != "encounter"])


def _not_counting(found: Sequence[Considered]) -> Iterator[str]:
    by_reason: dict[tuple[str, str], list[Considered]] = {}
    for each in found:
        if each.because is not None:
            by_reason.setdefault((each.what, each.because), []).append(each)
    for (what, because), those in by_reason.items():
        named = [words.one(each) for each in those[:EXAMPLES]]
        yield f"{words.several(what, named, len(those))}: {words.reason(because)}."


def _is(each: Considered, member: Member) -> bool:
    return (each.counts, each.what, each.identifier, each.npi, each.counted_on) == (
        True,
        member.act,
        member.act_id,
        member.act_npi,
        member.acted_on,
    )


def _considered_json(each: Considered) -> Mapping[str, object]:
    return {
        "on": str(each.on),
        "what": each.what,
        "identifier": each.identifier,
        "npi": each.npi,
        "tin": each.tin,
        "counted_on": None if each.counted_on is None else str(each.counted_on),
        "counts": each.counts,
        "because": each.because,
    }
