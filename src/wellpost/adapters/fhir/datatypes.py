"""What FHIR's resources are made of, and where they stand: its data types as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Place(NamedTuple):
    """Where a resource stands, as errors write it: `Encounter.ndjson.gz:14`.

    Line 0 is a file of which the line was not looked for.
    """

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


class Identifier(NamedTuple):
    """A business identifier; `type_code` is of HL7 table 0203 (MR, NPI, TAX, …) or empty."""

    system: str
    value: str
    type_code: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference in whichever of FHIR's ways it was written; empty text is "not given"."""

    type: str = ""
    id: str = ""
    system: str = ""
    value: str = ""
    display: str = ""


class Code(NamedTuple):
    """A coded value with the system that defines it."""

    system: str
    code: str
