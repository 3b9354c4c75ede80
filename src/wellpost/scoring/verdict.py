"""Judging one count under one threshold, and an objective over its measures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from wellpost.rules.model import ObjectiveRule
from wellpost.rules.thresholds import AttestedYes, Threshold
from wellpost.terms import Count, Measure


class Verdict(StrEnum):
    """What a count, or an objective, comes to."""

    MET = "met"
    NOT_MET = "not_met"
    EXCLUDED = "excluded"
    NOT_COMPUTABLE = "not_computable"
    NOT_APPLICABLE = "not_applicable"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True)
class Judgement:
    """A verdict and how many more patients must be reached (None where that cannot be said)."""

    verdict: Verdict
    needed: int | None


@dataclass(frozen=True)
class ObjectiveJudgement:
    """An objective's verdict: `met` measures of `required`, with `excluded` ones."""

    verdict: Verdict
    required: int
    met: int
    excluded: int


def judge(
    count: Count, threshold: Threshold, *, excluded: bool = False, attested: bool | None = None
) -> Judgement:
    """Judge one count. An exclusion that stands goes before everything the count says.

    Where yes is asked for, `attested` is the practice's answer (None: it gave none).
    """
    if excluded:
        return Judgement(Verdict.EXCLUDED, None)
    if isinstance(threshold, AttestedYes):
        return Judgement(_answered(attested), None)
    if count.denominator == 0:
        return Judgement(Verdict.NOT_COMPUTABLE, None)
    verdict = Verdict.MET if threshold.met(count) else Verdict.NOT_MET
    return Judgement(verdict, threshold.needed(count))


def _answered(attested: bool | None) -> Verdict:
    if attested is None:
        return Verdict.NOT_APPLICABLE
    return Verdict.MET if attested else Verdict.NOT_MET


def judge_objective(
    objective: ObjectiveRule, verdicts: Mapping[Measure, Verdict]
) -> ObjectiveJudgement:
    """Judge an objective from its measures' verdicts (42 CFR 495.24(d)(6)(i)(B)).

    Required are `satisfy` measures, or all that exclusions leave when those are fewer. Every
    measure must be reported: one that is not leaves the objective incomplete, whatever the rest.
    """
    reported = [verdicts[each] for each in objective.measures if each in verdicts]
    met, excluded = reported.count(Verdict.MET), reported.count(Verdict.EXCLUDED)
    required = min(objective.satisfy, len(objective.measures) - excluded)
    whole = len(reported) == len(objective.measures)
    unknown = reported.count(Verdict.NOT_COMPUTABLE)
    verdict = _outcome(required, met, unknown) if whole else Verdict.INCOMPLETE
    return ObjectiveJudgement(verdict, required, met, excluded)


def _outcome(required: int, met: int, unknown: int) -> Verdict:
    if required == 0:
        return Verdict.EXCLUDED
    if met >= required:
        return Verdict.MET
    return Verdict.NOT_COMPUTABLE if met + unknown >= required else Verdict.NOT_MET
