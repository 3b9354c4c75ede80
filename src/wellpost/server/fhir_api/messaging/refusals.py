"""Refusals that say where in a resource something is wrong, and what would be right."""

from __future__ import annotations

from dataclasses import dataclass

from wellpost.adapters.fhir.measure_words import Resource

from ..outcomes import Refused, outcome


@dataclass(eq=False)
class RefusedAt(Refused):
    """A refusal of one element: `where` is its path, as FHIRPath writes it."""

    where: str = ""

    @property
    def resource(self) -> Resource:
        """The answer's body, with the place in it."""
        made = outcome(self.code, self.sentence)
        if self.where:
            made["issue"][0]["expression"] = [self.where]
        return made


def wrong_at(where: str, sentence: str, code: str = "value") -> RefusedAt:
    """422: the resource is one, and cannot be taken as it is."""
    return RefusedAt(422, code, f"{where}: {sentence}", where=where)


def misshapen(where: str, sentence: str) -> RefusedAt:
    """400: what stands there has not the shape that FHIR gives it."""
    return RefusedAt(400, "structure", f"{where}: {sentence}", where=where)


def changed_meanwhile() -> Refused:
    """412 (RFC 9110, 13.1.1)."""
    return Refused(
        412,
        "conflict",
        "It was changed meanwhile. Read it again, and send its new ETag in If-Match.",
    )


def version_needed() -> Refused:
    """428 (RFC 6585, 3)."""
    return Refused(
        428, "business-rule", "Send If-Match with the ETag of the version that you have read."
    )
