"""What is asked of the facts for one reporter: with the practice's answers and changes by hand.

Pages of measures, reports, curves and attestations all ask this way, so that they agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from wellpost.facts.sources import Source
from wellpost.reports.attested import Attested
from wellpost.reports.claims import Claim
from wellpost.reports.overrides import Override
from wellpost.reports.request import Request, ask
from wellpost.reports.scorecard import Scorecard, scorecard
from wellpost.rules.load import program_year
from wellpost.server.people.models import Practice
from wellpost.terms import Level, Measure, Period, Reporter

from .answered import answers_of, attested_in, claims_in, with_claims
from .kept import Answers
from .kept import Override as KeptOverride
from .periods import Asked
from .source import server_source


@dataclass(frozen=True)
class Extra:
    """What an attestation adds to a report: claims, answers of the practice, the day."""

    claims: Sequence[Claim] = ()
    answers: Sequence[Attested] = ()
    attested_on: date | None = None


@dataclass(frozen=True)
class Found:
    """A request with the facts it is about, and what was answered for them."""

    source: Source
    request: Request
    answers: Answers | None = None
    unsupported: Sequence[Claim] = ()
    """Exclusions that were claimed and that the facts do not support: they do not count."""

    def card(self) -> Scorecard:
        """Counted and judged."""
        return scorecard(self.source, self.request)


def request_of(
    practice: Practice,
    npi: str | None,
    asked: Asked,
    *,
    measure: str | Measure | None = None,
    extra: Extra | None = None,
) -> Found:
    """One clinician as the program reports them, or the practice as a group (npi None).

    A clinician whom the program reports over all TINs is counted over the whole server.
    """
    level = level_of(asked, npi)
    kept = answers_of(practice, npi, asked)
    found = _asked(practice, level, asked, npi=npi, measure=measure, kept=kept, extra=extra)
    return _with_claims_of(found, kept)


def request_of_everybody(practice: Practice, asked: Asked) -> Found:
    """Every clinician of the practice, with what the practice answered for all of them."""
    kept = answers_of(practice, None, asked)
    found = _asked(practice, clinicians_level(asked), asked, kept=kept, everybody=True)
    return _with_claims_of(found, kept)


def request_together(
    practice: Practice, asked: Asked, measure: str | Measure | None = None
) -> Found:
    """The virtual group that the practice is in, counted over all its practices.

    What one practice answered or changed by hand is not said for the others, so it is left out.
    """
    request = ask(
        asked.program,
        asked.year,
        asked.period,
        measures=[measure] if measure else [],
        levels=[Level.VIRTUAL_GROUP],
        tin=practice.tin,
    )
    return Found(source_of(practice, asked, everywhere=True), request)


def said_apart(practice: Practice, asked: Asked) -> set[str]:
    """The NPIs of whom something was answered or changed by hand for this very period."""
    return {
        npi
        for kind in (Answers.objects.all(), KeptOverride.objects.filter(withdrawn_at=None))
        for npi in kind.filter(
            practice=practice,
            program=asked.program,
            year=asked.year,
            starts_on=asked.period.start,
            ends_on=asked.period.end,
        ).values_list("npi", flat=True)
        if npi
    }


def said_of(practice: Practice, npi: str | None, asked: Asked) -> set[Period]:
    """The periods of the year of which something holds for this reporter beside what is counted."""
    return {
        Period(*days)
        for kind in (Answers.objects.all(), KeptOverride.objects.filter(withdrawn_at=None))
        for days in kind.filter(
            practice=practice, npi__in={"", npi or ""}, program=asked.program, year=asked.year
        ).values_list("starts_on", "ends_on")
    }


def level_of(asked: Asked, npi: str | None) -> Level:
    """The level at which the program reports a clinician; the practice (None) is a group."""
    return Level.GROUP if npi is None else clinicians_level(asked)


def clinicians_level(asked: Asked) -> Level:
    """The level at which the program reports clinicians."""
    over_all = Level.CLINICIAN in program_year(asked.program, asked.year).levels
    return Level.CLINICIAN if over_all else Level.PRACTICE_CLINICIAN


def source_of(practice: Practice, asked: Asked, *, everywhere: bool = False) -> Source:
    """The facts of the practice, or of all practices, with who belonged there in the year."""
    days = Period.of_year(asked.year)
    return server_source(None if everywhere else practice, days, asked_by=practice)


def overrides_of(practice: Practice, npi: str | None, asked: Asked) -> list[KeptOverride]:
    """Numbers of this reporter and period that are changed by hand and not taken back."""
    kept = KeptOverride.objects.filter(
        practice=practice,
        npi=npi or "",
        program=asked.program,
        year=asked.year,
        starts_on=asked.period.start,
        ends_on=asked.period.end,
        withdrawn_at=None,
    )
    return list(kept.select_related("made_by").order_by("measure"))


def _asked(
    practice: Practice,
    level: Level,
    asked: Asked,
    *,
    npi: str | None = None,
    measure: str | Measure | None = None,
    kept: Answers | None = None,
    extra: Extra | None = None,
    everybody: bool = False,
) -> Found:
    extra = extra or Extra()
    over_all = level is Level.CLINICIAN
    request = ask(
        asked.program,
        asked.year,
        asked.period,
        measures=[measure] if measure else [],
        levels=[level],
        npi=npi,
        tin=None if over_all and not everybody else practice.tin,
        claims=extra.claims,
        attested=[*attested_in(kept), *extra.answers],
        attested_on=extra.attested_on,
        state=kept.state or None if kept else None,
        overrides=[] if everybody else _overrides(practice, npi, asked, level),
    )
    return Found(source_of(practice, asked, everywhere=over_all), request, kept)


def _with_claims_of(found: Found, kept: Answers | None) -> Found:
    request, unsupported = with_claims(found.source, found.request, claims_in(kept))
    return Found(found.source, request, kept, unsupported)


def _overrides(practice: Practice, npi: str | None, asked: Asked, level: Level) -> list[Override]:
    tin = None if level is Level.CLINICIAN else practice.tin
    reporter = Reporter(level, tin=tin, npi=npi)
    return [
        Override(
            Measure(each.measure),
            reporter,
            each.numerator,
            each.denominator,
            each.reason,
            each.made_by.name,
        )
        for each in overrides_of(practice, npi, asked)
    ]
