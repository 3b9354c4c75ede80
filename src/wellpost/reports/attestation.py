"""An attestation: the numbers of a period that has ended, with all they rest on, held still."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlglot import exp

from wellpost import __version__
from wellpost.engine.relations import on_facts
from wellpost.errors import DataRefusedError, RequestError
from wellpost.facts.sources import Source
from wellpost.measures import shelf as measures_shelf
from wellpost.reports.evidence import Listed, evidence
from wellpost.reports.frozen import freeze, frozen_source
from wellpost.reports.grounds import Ground, grounds
from wellpost.reports.overrides import Override, checked_overrides
from wellpost.reports.request import Request
from wellpost.reports.scorecard import Scorecard, scorecard
from wellpost.rules import shelf as rules_shelf

PRODUCT = f"Wellpost {__version__}"


@dataclass(frozen=True)
class Names:
    """What people call whom the reports know by number; whoever is missing stays a number."""

    clinicians: Mapping[str, str] = field(default_factory=dict)
    practices: Mapping[str, str] = field(default_factory=dict)
    patients: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Attestation:
    """What somebody attested, and everything it can be computed from again.

    `counted` is what the facts give, `card` what was attested: the same but for numbers changed
    by hand. `facts` are the rows used, as CSV; `rules` and `measures` the texts in force.
    """

    request: Request
    counted: Scorecard
    card: Scorecard
    listed: tuple[Listed, ...]
    grounds: tuple[Ground, ...]
    facts: Mapping[str, bytes]
    rules: Mapping[str, str]
    measures: Mapping[str, str]
    by: str
    at: datetime
    names: Names = field(default_factory=Names)
    product: str = PRODUCT


def attest(
    source: Source,
    request: Request,
    *,
    by: str,
    at: datetime,
    names: Names | None = None,
    overrides: Iterable[Override] = (),
) -> Attestation:
    """Freeze what the request gives. `request.attested_on` is the day, after the period's end.

    Everything is computed from the frozen facts and must be what the source itself gives.
    RequestError: the period has not ended, nobody attests, or a claimed exclusion has no grounds.
    """
    _refuse_nobody(by)
    _refuse_undated(request)
    request = replace(request, overrides=())
    changed = replace(request, overrides=checked_overrides(overrides, request.rules))
    facts = freeze(source, request)
    with frozen_source(facts) as frozen:
        counted = scorecard(frozen, request)
        _refuse_moving(counted, scorecard(source, request))
        card = scorecard(frozen, changed) if changed.overrides else counted
        _refuse_nobodys(changed, card)
        listed = tuple(evidence(frozen, request))
        shown = tuple(grounds(frozen, request, counted))
        named = names or names_of(frozen)
    return Attestation(
        request=changed,
        counted=counted,
        card=card,
        listed=listed,
        grounds=shown,
        facts=facts,
        rules=rules_shelf.texts(request.rules.name),
        measures=measures_shelf.texts(),
        by=by.strip(),
        at=at,
        names=named,
    )


def names_of(source: Source) -> Names:
    """The names that the facts themselves know: those of clinicians."""
    query = on_facts(exp.select("npi", "name").from_("clinicians"), source.tables)
    return Names({npi: name for npi, name in source.run(query) if name})


def _refuse_nobody(by: str) -> None:
    if not by.strip():
        raise RequestError("nobody attests: name the person who does.")


def _refuse_undated(request: Request) -> None:
    if request.attested_on is None:
        raise RequestError("an attestation needs the day on which it is made.")


def _refuse_moving(frozen: Scorecard, found: Scorecard) -> None:
    if frozen.as_json() != found.as_json():
        raise DataRefusedError(
            "the facts changed while they were frozen, and nothing was attested; attest again."
        )


def _refuse_nobodys(request: Request, card: Scorecard) -> None:
    known = {(each.rule.measure, each.reporter) for each in card.results}
    for each in request.overrides:
        if (each.measure, each.reporter) not in known:
            raise RequestError(
                f"{each.measure} is changed by hand for a reporter that is not in the report."
            )
