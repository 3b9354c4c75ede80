"""Exclusions claimed: which grounds a rule accepts, and whose evidence supports them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wellpost.errors import RequestError
from wellpost.rules.model import ProgramYear
from wellpost.rules.naming import no_such
from wellpost.rules.policies import checked_ground
from wellpost.terms import Measure, spoken, written


@dataclass(frozen=True)
class Claim:
    """An exclusion from one measure claimed on one ground."""

    measure: Measure
    ground: str

    @classmethod
    def parse(cls, text: str) -> Claim:
        """Read `secure-messaging=no_office_visits`; RequestError says what would be right."""
        name, equals, ground = text.partition("=")
        if not (name and equals and ground):
            raise RequestError(
                f"exclusion {text!r} cannot be read; "
                "write it like secure-messaging=no_office_visits."
            )
        try:
            return cls(Measure(written(name)), written(ground))
        except ValueError:
            raise no_such("measure", name, map(spoken, Measure)) from None


def checked_claims(claims: Iterable[Claim], rules: ProgramYear) -> tuple[Claim, ...]:
    """The claims, each on a ground that the rule of its measure accepts; else RequestError."""
    checked = tuple(claims)
    for claim in checked:
        rule, ground = rules.measure(claim.measure), checked_ground(claim.ground)
        if ground.name not in rule.exclusions:
            what = f"ground of exclusion from {spoken(claim.measure)} in {rules.name} {rules.year}"
            raise no_such(what, ground.name, rule.exclusions)
    return checked


def unsupported(claim: Claim) -> RequestError:
    """The error for a claim that nobody's evidence supports."""
    says = checked_ground(claim.ground).says
    return RequestError(
        f"exclusion {spoken(claim.measure)}={claim.ground}: no reporter asked for has the "
        f"evidence for it ({says.rstrip('.')}); leave the claim out."
    )
