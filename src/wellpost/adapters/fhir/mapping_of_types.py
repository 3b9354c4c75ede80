"""How each type of resource becomes facts, question by question: sections of the mapping's page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wellpost.adapters.fhir import mapping
from wellpost.adapters.fhir.mapping_writing import codes, questions, remark, said, section, table


def encounters() -> Iterator[str]:
    """Which encounters were visits: by whom, when, of what kind."""
    yield from section("Encounter")
    yield from questions(
        ("seen?", f"status {codes(mapping.SEEN)}. {said('SEEN')}"),
        (
            "by whom",
            f"the first participant with an NPI, in the order "
            f"{', '.join(mapping.PERFORMER_ROLES)}, "
            "any other. One encounter is credited to one clinician",
        ),
        (
            "under which TIN",
            "`serviceProvider`; else the PractitionerRole that took part; else the practitioner's "
            "only practice",
        ),
        ("when", "the day that `period.start` names"),
        (
            "what kind",
            "as the billing code in `type` says, except for class `VR`; else as the class says, "
            "unless a SNOMED type says more about `AMB` or `HH`. Every other class, and "
            "none: `other`",
        ),
    )
    yield ""
    yield from table(("said", "kind", "remark"), [*_billed(), *_classed(), *_typed()])
    yield ""
    yield "An encounter of kind `other` is still an encounter: it counts unless policy `seen` is"
    yield "`visits_only`. `county` and `certified_location` are empty: FHIR's Location "
    "has no FIPS code"
    yield "and does not say what is certified."


def _billed() -> Iterator[Sequence[str]]:
    for low, high, kind in mapping.CPT_RANGES:
        span = str(low) if low == high else f"{low}-{high}"
        yield f"CPT {span}", f"`{kind}`", remark(f"({low}, {high}")


def _classed() -> Iterator[Sequence[str]]:
    for code, kind in mapping.CLASSES.items():
        yield f"class `{code}`", f"`{kind}`", remark(f'"{code}": "{kind}"')


def _typed() -> Iterator[Sequence[str]]:
    for code, kind in mapping.TYPES.items():
        yield f"SNOMED `{code.code}`", f"`{kind}`", remark(f'"{code.code}"')


def appointments() -> Iterator[str]:
    """Which appointments are visits to come."""
    yield from section("Appointment")
    yield from questions(
        ("planned?", f"status {codes(mapping.PLANNED)}. {said('PLANNED')}"),
        (
            "of whom, with whom",
            "the first Patient among the participants; the first Practitioner or PractitionerRole "
            "with an NPI, else nobody in particular",
        ),
        ("when", "the day that `start` names"),
    )
    yield from ("", "No measure counts an appointment.")


def messages() -> Iterator[str]:
    """Which communications were secure messages, between whom."""
    yield from section("Communication")
    yield from questions(
        (
            "a thread or a message?",
            "without payload and `partOf` it is a thread. A message's thread is the topmost "
            "Communication it is part of or answers",
        ),
        ("sent?", f"status {codes(mapping.TRANSMITTED)}. {said('TRANSMITTED')}"),
        (
            "secure?",
            f"unless `medium` says otherwise: {codes(mapping.NO_SECURE_MESSAGE)}. FHIR "
            f"has no mark "
            "of a secure message: exports should hold the portal's messages only",
        ),
        (
            "by whom",
            "Patient: `patient`, or `representative` when the subject is another patient; "
            "RelatedPerson: `representative`; Device: `automated`; Practitioner with an NPI: "
            "`clinician`; anybody else of the practice: `staff`, for the clinician a "
            "Provenance names "
            "(`onBehalfOf`)",
        ),
        (
            "to whom",
            "the first recipient. FHIR marks no copies: a message to a clinician first and the "
            "patient after is one with the patient included",
        ),
        ("without recipients", "it went to its thread's"),
        (
            "on which day",
            "that of `sent`; it could be opened on that of `received`, when that is later",
        ),
    )


def patient_data() -> Iterator[str]:
    """Which observations and documents came from the patient."""
    yield from section("Observation and DocumentReference")
    yield from questions(
        (
            "the patient's?",
            "when `performer` (of a document `author`) is a Patient or RelatedPerson, or "
            "`device` (of "
            "a document the first author that is a Device) is a Device of the same patient",
        ),
        (
            "standing?",
            f"an Observation of status {codes(mapping.OBSERVED)}; a DocumentReference of status "
            f"{codes(mapping.DOCUMENTED)}. {said('DOCUMENTED')}",
        ),
        (
            "received",
            "on the day of `issued`, else of `effectiveDateTime`; a document on that of `date`",
        ),
        (
            "incorporated",
            "when a Provenance of it names a clinician as agent, on the day recorded, the earliest "
            "first; until then it waits and does not count",
        ),
    )


def portal_actions() -> Iterator[str]:
    """Which events were uses of the portal by the patient."""
    yield from section("AuditEvent")
    yield from questions(
        (
            "by whom",
            "the first agent with `requestor`, else the first one: a Patient, or a RelatedPerson. "
            "The clinic's own use never counts and is left out. A patient who uses another one's "
            "information is that one's `representative`",
        ),
        (
            "whose information",
            "the first Patient among the entities; else the patient who acted, or for whom the "
            "RelatedPerson acts",
        ),
        ("did it succeed?", f"outcome `0`, or none. {said('SUCCEEDED')}"),
        ("whose portal", "the TIN of `source.observer`, where that is an Organization with one"),
        ("what was done", "as the codes of `subtype`, then of `type`, say:"),
    )
    yield ""
    uses = [
        (f"`{code}`", f"`{use}`", action, remark(f'"{code}": "{use}"'))
        for table, action in ((mapping.USES, "any"), (mapping.READING, "R, E or none"))
        for code, use in table.items()
    ]
    yield from table(("code", "is a", "with action", "remark"), uses)
    yield from ("", said("READ"))
