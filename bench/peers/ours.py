"""What Wellpost says of the same patients: each one's membership, and how long `measure` takes."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from wellpost.adapters.fhir import open_fhir
from wellpost.engine.membership import membership
from wellpost.facts.checks import check
from wellpost.reports.needed import needed
from wellpost.reports.request import ask
from wellpost.reports.scorecard import scorecard
from wellpost.terms import Level, Period

from .people import CHEN

SUMMER = Period(date(2021, 6, 1), date(2021, 8, 29))
MEASURE = ("--program", "stage-3", "--year", "2021", "--period", str(SUMMER).replace(" to ", ".."),
           "--measure", "secure-messaging", "--level", "clinician", "--npi", CHEN)  # fmt: skip
MAIN = "import sys; from wellpost.cli.main import main; sys.exit(main())"


def members(folder: Path) -> dict[str, bool]:
    """Dr Chen's denominator; whether the numerator holds each."""
    asked = ask("stage-3", 2021, SUMMER, measures=["secure_messaging"], npi=CHEN)
    with open_fhir(folder) as source:
        question = asked.question(asked.measures[0], Level.CLINICIAN)
        return {each.patient_id: each.in_numerator for each in membership(source, question)}


def warm(folder: Path) -> float:
    """Seconds of the same steps in this process, which has taken them before for others."""
    began = time.perf_counter()
    levels = [Level.CLINICIAN]
    asked = ask("stage-3", 2021, SUMMER, measures=["secure_messaging"], levels=levels, npi=CHEN)
    with open_fhir(folder) as source:
        check(source, needed(asked))
        scorecard(source, asked).as_json()
    return time.perf_counter() - began


def whole(folder: Path) -> float:
    """Seconds of the whole command, from its start to its end with nothing kept from before."""
    with tempfile.TemporaryDirectory() as cache:
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, "-c", MAIN, "measure", str(folder), *MEASURE, "--format", "json"],
            env={**os.environ, "XDG_CACHE_HOME": cache}, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return time.perf_counter() - began
