"""Why a resource whose id comes again is left out: once more the same, or of somebody else."""

from __future__ import annotations

from collections.abc import Iterator

from wellpost.adapters.fhir.datatypes import Reference
from wellpost.adapters.fhir.people import People
from wellpost.adapters.fhir.records import LeftOut


def repeats_left_out(people: People) -> Iterator[LeftOut]:
    """Each that came earlier than another of its id; of one that is of nobody nothing is lost."""
    for one in people.records.repeated:
        of = _whose(one.of, people)
        same = of is None or of == _whose(one.next_of, people)
        reason = "repeated" if same else "repeated_for_another"
        yield LeftOut(one.resource_type, reason, one.place)


def _whose(subject: Reference, people: People) -> tuple[str, str, str, str] | None:
    """Whom a subject means, None for nobody; what is shown beside it is no part of that.

    A patient who is in the folder is the record that stands for them, however they are written.
    """
    if not subject.id and not subject.value:
        return None
    if patient := people.index.find(subject, "Patient").id:
        return "", people.standing(patient), "", ""
    kind = "" if subject.type == "Patient" else subject.type
    return kind, subject.id, subject.system, subject.value
