"""From a scorecard to what is submitted: one submission for each entity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from wellpost.errors import RequestError
from wellpost.reports.attested import Answer
from wellpost.reports.request import Request
from wellpost.reports.scorecard import Result, Scorecard, order
from wellpost.reports.submission import ENTITIES, Measurement, Proportion, Submission
from wellpost.rules.mips_measures import mips_year
from wellpost.rules.naming import no_such
from wellpost.terms import Level, Reporter


def level_of(entity: str) -> Level:
    """The level whose counts an `individual`, `group` or `virtual-group` submits."""
    if entity not in ENTITIES:
        raise no_such("entity", entity, ENTITIES)
    return ENTITIES[entity]


def refuse_unsubmittable(request: Request) -> None:
    """RequestError when CMS's Quality Payment Program takes no submission of the program."""
    if not any(rule.identifier for rule in request.measures):
        raise RequestError(
            f"{request.rules.name} {request.rules.year} is not submitted to the Quality Payment "
            "Program: its measures have no identifier there; ask for a mips program."
        )


def submissions(
    card: Scorecard, level: Level, *, certification: str | None = None
) -> list[Submission]:
    """The submission of every entity of the level that has something to submit, in their order.

    What the practice attested goes with the counts. A measure whose denominator is 0 has no rate
    and is left out; RequestError when that leaves nobody anything.
    """
    refuse_unsubmittable(card.request)
    attested = tuple(_attested(card.request))
    made = [
        _submission(card.request, entity, (*found, *attested), certification)
        for entity, found in _by_entity(card, level).items()
        if found
    ]
    if not made:
        raise RequestError(
            f"there is nothing to submit: no {level.replace('_', ' ')} has a measure with a "
            f"denominator above 0 in {card.request.period}."
        )
    return sorted(made, key=lambda each: order(each.entity))


def _submission(
    request: Request,
    entity: Reporter,
    measurements: Sequence[Measurement],
    certification: str | None,
) -> Submission:
    return Submission(
        request.rules.year, entity, request.period, tuple(measurements), certification
    )


def _by_entity(card: Scorecard, level: Level) -> Mapping[Reporter, list[Measurement]]:
    found: dict[Reporter, list[Measurement]] = {}
    for result in card.results:
        if result.reporter.level is level:
            found.setdefault(result.reporter, []).extend(_measured(result))
    return found


def _measured(result: Result) -> Iterator[Measurement]:
    count = result.count
    if result.rule.identifier and count.denominator:
        value = Proportion(count.numerator, count.denominator)
        yield Measurement(result.rule.identifier, value)


def _attested(request: Request) -> Iterator[Measurement]:
    """Answers to measures that CMS knows; others are only for the practice's own points."""
    known = mips_year(request.rules.year).measures
    for identifier, answer in request.attested.items():
        if identifier in known:
            yield Measurement(identifier, _value(answer))


def _value(answer: Answer) -> Proportion | bool:
    if isinstance(answer, bool):
        return answer
    return Proportion(answer.numerator, answer.denominator)
