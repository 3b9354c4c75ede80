"""A small practice over one year, attested: for tests of reports, documents and packets."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from tests.acceptance.folder import Folder, npi, tin
from wellpost.facts.sources import Source, open_source
from wellpost.reports.attestation import Attestation, attest
from wellpost.reports.overrides import Override
from wellpost.reports.request import Request, ask
from wellpost.rules.load import program_year
from wellpost.terms import Level, Period, Reporter

SUMMER = Period(date(2021, 6, 1), date(2021, 8, 31))
__all__ = ["CHEN", "SUMMER", "THEN", "npi", "tin"]
THEN = datetime(2022, 1, 5, 12, 30, tzinfo=UTC)
CHEN = npi("A")


def practice(path: Path) -> Path:
    """Ann was written to, Bob was not; Dr B sees Ann too; Cy is seen in spring alone."""
    path.mkdir()
    folder = Folder(path)
    folder.clinicians(
        """
        npi | tin | name
        A | T | Dr. Łukasz Chen
        B | T | Dr. Diaz
        A | U | Dr. Łukasz Chen
        """
    )
    folder.encounters(
        """
        patient_id | npi | tin | seen_on
        ann | A | T | 2021-06-03
        ann | A | U | 2021-07-01
        ann | B | T | 2021-06-04
        bob | A | T | 2021-06-05
        =cy | A | T | 2021-03-05
        =dot | A | U | 2021-08-31
        """
    )
    folder.messages(
        """
        patient_id | npi | sent_on | sent_by
        ann | A | 2021-01-02 | clinician
        ann | B | 2021-06-10 | clinician
        bob | A | 2021-06-11 | patient
        bob | A | 2020-06-11 | clinician
        =cy | A | 2021-06-11 | clinician
        =dot | A | 2022-01-03 | clinician
        """
    )
    folder.write(
        "portal_actions",
        """
        patient_id | tin | acted_on
        bob | T | 2021-09-01
        =dot | U | 2021-01-01
        """,
    )
    folder.write(
        "patient_data",
        """
        patient_id | npi | received_on | incorporated_on
        ann | A | 2021-05-30 | 2021-06-02
        bob | A | 2021-06-02 |
        """,
    )
    return path


def request(program: str = "stage-3", year: int = 2021, **more: object) -> Request:
    """The summer, attested in January; other years have a whole year."""
    period = SUMMER if program_year(program, year).year == 2021 else Period.of_year(year)
    usual = {"attested_on": date(year + 1, 1, 5), "npi": CHEN, **more}
    return ask(program, year, period, **usual)  # type: ignore[arg-type]  # its named ones


def by_hand(numerator: int = 2, denominator: int = 3) -> Override:
    """A number changed by hand."""
    asked = request().rules.measure("secure_messaging").measure
    whose = Reporter(Level.CLINICIAN, npi=CHEN)
    reason = "one letter by courier, in the paper record"
    return Override(asked, whose, numerator, denominator, reason, "Ada Moss")


def source(path: Path) -> Source:
    """The practice's facts."""
    return open_source(path)


def attestation(path: Path, *overrides: Override, **asked: object) -> Attestation:
    """The practice's summer as attested by Ada Moss."""
    with open_source(path) as facts:
        return attest(facts, request(**asked), by="Ada Moss", at=THEN, overrides=overrides)  # type: ignore[arg-type]  # its named ones
