"""What is refused, as a status and a FHIR OperationOutcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from wellpost.adapters.fhir.measure_words import Resource

NOT_HERE = "There is no such thing here, or none that is yours to see."
"""The same for what does not exist and for what is another's, so that neither can be told apart."""


@dataclass(eq=False)
class Refused(Exception):  # noqa: N818 - an answer, and no fault of the program
    """An answer other than the one asked for. `code` is one of FHIR's issue types."""

    status: int
    code: str
    sentence: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def resource(self) -> Resource:
        """The answer's body."""
        return outcome(self.code, self.sentence)


def outcome(code: str, sentence: str) -> Resource:
    """An OperationOutcome of one error."""
    issue = {"severity": "error", "code": code, "diagnostics": sentence}
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def not_here() -> Refused:
    """404."""
    return Refused(404, "not-found", NOT_HERE)


def wrong(sentence: str, code: str = "invalid") -> Refused:
    """400: the request cannot be right, whatever the data."""
    return Refused(400, code, sentence)
