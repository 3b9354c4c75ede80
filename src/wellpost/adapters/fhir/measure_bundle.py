"""A scorecard as one FHIR bundle: each Measure, and the MeasureReports of one kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from wellpost.adapters.fhir.measure_reports import Making, individual, subject_list, summary
from wellpost.adapters.fhir.measure_words import Resource, made_id
from wellpost.adapters.fhir.measure_writer import measure
from wellpost.engine.membership import Member, membership
from wellpost.facts.sources import Source
from wellpost.reports.scorecard import Result, Scorecard
from wellpost.rules.naming import no_such
from wellpost.terms import Reporter

KINDS = ("summary", "subject-list", "individual")


def checked_kind(kind: str) -> str:
    """The kind of report; RequestError names those there are."""
    if kind not in KINDS:
        raise no_such("kind of measure report", kind, KINDS)
    return kind


def measure_bundle(source: Source, card: Scorecard, kind: str, making: Making) -> Resource:
    """A collection: Measures first, then reports in the order of the scorecard.

    A `subject-list` report is followed by the `individual` reports that it lists.
    """
    rules = card.request.rules
    measures = [measure(rules, rule, base=making.base) for rule in card.request.measures]
    resources = [*measures, *_reports(source, card, checked_kind(kind), making)]
    return {
        "resourceType": "Bundle",
        "id": made_id("bundle", kind, making.made_at, rules.name, rules.year),
        "type": "collection",
        "timestamp": making.made_at.isoformat(timespec="seconds"),
        "entry": [_entry(each) for each in resources],
    }


def _entry(resource: Resource) -> Resource:
    if resource["resourceType"] == "Measure":
        return {"fullUrl": f"{resource['url']}", "resource": resource}
    return {"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource}


def _reports(source: Source, card: Scorecard, kind: str, making: Making) -> Iterator[Resource]:
    if kind == "summary":
        yield from (summary(result, making) for result in card.results)
        return
    for rule in card.request.measures:
        for level in card.request.levels:
            question = card.request.question(rule, level)
            members = _by_reporter(membership(source, question))
            for result in card.results:
                if result.rule is rule and result.reporter.level is level:
                    theirs = members.get(result.reporter, [])
                    yield from _of_members(result, theirs, kind, making)


def _of_members(
    result: Result, members: Sequence[Member], kind: str, making: Making
) -> Iterator[Resource]:
    if kind == "subject-list":
        yield subject_list(result, members, making)
    yield from (individual(result.rule, member, making) for member in members)


def _by_reporter(members: Iterator[Member]) -> Mapping[Reporter, list[Member]]:
    return {
        reporter: list(theirs) for reporter, theirs in groupby(members, lambda each: each.reporter)
    }
