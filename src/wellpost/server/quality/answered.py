"""What a practice answered, as reports take it; claims held against the facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from wellpost.errors import RequestError
from wellpost.facts.sources import Source
from wellpost.reports.attested import Attested
from wellpost.reports.claims import Claim
from wellpost.reports.request import Request
from wellpost.reports.scorecard import scorecard
from wellpost.server.people.models import Practice

from .kept import Answers
from .periods import Asked


def answers_of(practice: Practice, npi: str | None, asked: Asked) -> Answers | None:
    """The answers that hold: a clinician's own, else those of the practice."""
    own = latest(practice, npi, asked)
    return own if own or npi is None else latest(practice, None, asked)


def latest(practice: Practice, npi: str | None, asked: Asked) -> Answers | None:
    """What was answered last for exactly this reporter and period."""
    kept = Answers.objects.filter(
        practice=practice,
        npi=npi or "",
        program=asked.program,
        year=asked.year,
        starts_on=asked.period.start,
        ends_on=asked.period.end,
    )
    return kept.select_related("made_by").order_by("-number").first()


def before(practice: Practice, npi: str | None, asked: Asked) -> Answers | None:
    """What a form starts with: the answers that hold, else the last of the same year.

    Those of another period hold for this one only when somebody keeps them for it.
    """
    of_year = Answers.objects.filter(
        practice=practice, npi=npi or "", program=asked.program, year=asked.year
    )
    return answers_of(practice, npi, asked) or of_year.order_by("-made_at", "-number").first()


def claims_in(kept: Answers | None) -> list[Claim]:
    """The exclusions that are claimed."""
    return [Claim.parse(each) for each in kept.claims] if kept else []


def attested_in(kept: Answers | None) -> list[Attested]:
    """The answers to measures."""
    return [Attested.parse(each) for each in kept.attested] if kept else []


def with_claims(
    source: Source, request: Request, claims: Sequence[Claim]
) -> tuple[Request, list[Claim]]:
    """The request with those of the claims that the facts support, and the others.

    Claims about measures that are not asked for are neither.
    """
    wanted = {rule.measure for rule in request.measures}
    asked = [each for each in claims if each.measure in wanted]
    stand = [each for each in asked if _stands(source, request, each)]
    every = tuple(dict.fromkeys([*request.claims, *stand]))
    return replace(request, claims=every), [each for each in asked if each not in stand]


def _stands(source: Source, request: Request, claim: Claim) -> bool:
    rule = request.rules.measure(claim.measure)
    try:
        scorecard(source, replace(request, measures=(rule,), claims=(claim,)))
    except RequestError:
        return False
    return True
