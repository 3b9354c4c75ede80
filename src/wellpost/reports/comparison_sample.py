"""Whom to audit: a sample of those who attested, drawn by risk, the same for the same seed.

Those of a stratum stand in the order of the SHA-256 of the seed and of their numbers, and the first
are drawn. So nothing but the seed decides, and whoever wants to can draw it again with other tools.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from wellpost.engine.membership import membership
from wellpost.facts.sources import Source
from wellpost.reports.comparison import Comparison, Status
from wellpost.reports.reporters import order, reporter_json
from wellpost.terms import Reporter, spoken


class Stratum(StrEnum):
    """How likely it is that a discrepancy mattered."""

    HIGH = "high"
    MIDDLE = "middle"
    LOW = "low"


PERCENT = {Stratum.HIGH: 50, Stratum.MIDDLE: 30, Stratum.LOW: 20}
"""Of a sample, how much each stratum gets; what one cannot fill goes to the others, high first."""

LARGE = 2.0
"""Standard units from which on a difference is no trifle."""

NEAR = 2
"""Patients within which a count is near its threshold."""


@dataclass(frozen=True)
class Drawn:
    """Somebody to audit, and how they came into it."""

    reporter: Reporter
    stratum: Stratum

    def as_json(self) -> dict[str, object]:
        """Its fields, keys in the order of the documentation."""
        return {"stratum": self.stratum.value, **reporter_json(self.reporter)}


@dataclass(frozen=True)
class Sample:
    """The sample of a seed: how many each stratum has, and who was drawn."""

    seed: int
    strata: Mapping[Stratum, int]
    drawn: tuple[Drawn, ...]

    def as_json(self) -> dict[str, object]:
        """The object of the documentation."""
        taken = [each.stratum for each in self.drawn]
        return {
            "seed": self.seed,
            "strata": [
                {"stratum": name.value, "attested_by": number, "drawn": taken.count(name)}
                for name, number in self.strata.items()
            ],
            "drawn": [each.as_json() for each in self.drawn],
        }


def draw(comparison: Comparison, number: int, seed: int) -> Sample:
    """So many of those who attested; all of them where there are fewer."""
    strata = strata_of(comparison)
    sizes = {name: len(members) for name, members in strata.items()}
    drawn = [
        Drawn(reporter, name)
        for name, wanted in allotted(sizes, number).items()
        for reporter in _first(strata[name], wanted, seed)
    ]
    return Sample(seed, sizes, tuple(drawn))


def strata_of(comparison: Comparison) -> dict[Stratum, list[Reporter]]:
    """Everybody who attested anything, by risk.

    High: a verdict or objective was attested that the facts do not give, or they know nobody of
    that number. Middle: the facts give another verdict otherwise; or a size of 2 units or more; or
    the facts' numerator is within two patients of the threshold. Low: everybody else.
    """
    found: dict[Reporter, Stratum] = {}
    for row in comparison.rows:
        if row.stated is None:
            continue
        if row.status in (Status.OVERSTATED, Status.NOT_IN_FACTS):
            stratum = Stratum.HIGH
        elif row.status is Status.UNDERSTATED or (row.size or 0) >= LARGE or row.is_within(NEAR):
            stratum = Stratum.MIDDLE
        else:
            stratum = Stratum.LOW
        found[row.reporter] = _riskier(stratum, found.get(row.reporter, Stratum.LOW))
    for one in comparison.objectives:
        if one.is_lost:
            found[one.reporter] = Stratum.HIGH
    return {name: [who for who, own in found.items() if own is name] for name in Stratum}


def allotted(sizes: Mapping[Stratum, int], number: int) -> dict[Stratum, int]:
    """How many to draw from each: its share, rounded down; then what is left, high first."""
    taken = {name: min(number * PERCENT[name] // 100, size) for name, size in sizes.items()}
    for name, size in sizes.items():
        taken[name] += min(number - sum(taken.values()), size - taken[name])
    return taken


def charts(
    source: Source, comparison: Comparison, sample: Sample, number: int
) -> Iterator[dict[str, object]]:
    """For each one drawn and each measure: so many patients of the numerator, and of the rest."""
    request = comparison.request
    for each in sample.drawn:
        for rule in request.measures:
            question = request.question(rule, each.reporter.level, reporter=each.reporter)
            members = list(membership(source, question))
            head = {"measure": spoken(rule.measure), **reporter_json(each.reporter)}
            key = f"{sample.seed}:{head['measure']}:{_named(each.reporter)}"
            for is_in in (True, False):
                theirs = [one.patient_id for one in members if one.in_numerator is is_in]
                chosen = _in_mixed_order(theirs, key)[:number]
                yield from ({**head, "patient_id": one, "in_numerator": is_in} for one in chosen)


def _first(reporters: Sequence[Reporter], number: int, seed: int) -> list[Reporter]:
    mixed = sorted(reporters, key=lambda one: _mixed(f"{seed}:{_named(one)}"))
    return sorted(mixed[:number], key=order)


def _named(reporter: Reporter) -> str:
    return f"{spoken(reporter.level)}:{reporter.tin or ''}:{reporter.npi or ''}"


def _in_mixed_order(patients: Sequence[str], key: str) -> list[str]:
    return sorted(patients, key=lambda one: _mixed(f"{key}:{one}"))


def _mixed(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _riskier(one: Stratum, other: Stratum) -> Stratum:
    return min(one, other, key=list(Stratum).index)
