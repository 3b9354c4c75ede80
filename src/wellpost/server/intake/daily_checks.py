"""The columns of one CSV line, checked; each fault in plain words and without anybody's name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from wellpost.facts.identifiers import npi_is_valid
from wellpost.server.people.models import Practice
from wellpost.server.records.models import EncounterKind

from .batch import CSV, PatientRow, VisitRow

FLAGS: Mapping[str, bool | None] = {"": None, "true": True, "false": False}
LONGEST = 200
RAGGED = "\0ragged"
"""The key of a line that has more or fewer fields than the first line names."""


class Fault(NamedTuple):
    """What is wrong on a line."""

    line: int
    says: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.says}."


@dataclass
class LineCheck:
    """One line on its way to a visit and, where it names one, a patient."""

    number: int
    line: Mapping[str, str]
    practice: Practice
    today: date
    faults: list[Fault] = field(default_factory=list)

    def visit(self) -> VisitRow | None:
        """The visit, or None with the faults noted."""
        if RAGGED in self.line:
            self._fault("it has more or fewer fields than line 1 names")
            return None
        source_id, patient_id = self._identifier("encounter_id"), self._identifier("patient_id")
        seen_on = self._seen_on()
        npi, kind = self._npi(), self._kind()
        self._check_tin()
        county, certified = self._county(), self._certified_location()
        if self.faults or seen_on is None:
            return None
        return VisitRow(
            self.practice.tin, source_id, patient_id, npi, seen_on, kind, county, certified
        )

    def patient(self) -> PatientRow | None:
        """Who the line says the patient is; None when it gives no name."""
        given, family = self._text("given_name"), self._text("family_name")
        if not given and not family:
            return None
        if not given or not family or max(len(given), len(family)) > LONGEST // 2:
            self._fault("give both given_name and family_name, of at most 100 letters")
            return None
        return PatientRow(
            given_name=given,
            family_name=family,
            birth_on=self._birth_on(),
            identifiers=((CSV, self._text("patient_id")),),
        )

    def _text(self, name: str) -> str:
        return self.line.get(name, "")

    def _fault(self, says: str) -> None:
        self.faults.append(Fault(self.number, says))

    def _identifier(self, name: str) -> str:
        value = self._text(name)
        if not value:
            self._fault(f"{name} is empty")
        elif len(value) > LONGEST:
            self._fault(f"{name} has more than {LONGEST} characters")
        return value

    def _npi(self) -> str:
        npi = self._text("npi")
        if not npi_is_valid(npi):
            self._fault(f"npi {npi[:20]} fails its check digit; an npi is ten digits")
        return npi

    def _kind(self) -> str:
        kind = self._text("kind")
        if kind not in EncounterKind.values:
            self._fault(f"kind {kind[:20]} is none; write {', '.join(EncounterKind.values)}")
        return kind

    def _check_tin(self) -> None:
        tin = self._text("tin").replace("-", "")
        if tin and tin != self.practice.tin:
            self._fault(f"tin {tin[:20]} is not this practice; leave it empty or write its own")

    def _seen_on(self) -> date | None:
        day = self._day("seen_on")
        if day and day > self.today:
            self._fault(f"seen_on {day} is still to come")
        return day

    def _birth_on(self) -> date | None:
        day = self._day("birth_on") if self._text("birth_on") else None
        if day and day > self.today:
            self._fault("birth_on is still to come")
        return day

    def _day(self, name: str) -> date | None:
        text = self._text(name)
        try:
            if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
                raise ValueError
            return date.fromisoformat(text)
        except ValueError:
            shown = f" {text[:20]}" if name == "seen_on" and text else ""
            self._fault(f"{name}{shown} is no day; write it like 2021-06-03")
            return None

    def _county(self) -> str:
        county = self._text("county")
        if county and not re.fullmatch(r"\d{5}", county):
            self._fault("county is not a five-digit FIPS code; leave it empty when unknown")
        return county

    def _certified_location(self) -> bool | None:
        text = self._text("certified_location").lower()
        if text not in FLAGS:
            self._fault("certified_location must be true, false or empty")
        return FLAGS.get(text)
