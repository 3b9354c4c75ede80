"""How FHIR becomes facts, as `docs/reference/fhir-mapping.md` says it: from the mapping itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wellpost.adapters.fhir import mapping
from wellpost.adapters.fhir.mapping_of_types import (
    appointments,
    encounters,
    messages,
    patient_data,
    portal_actions,
)
from wellpost.adapters.fhir.mapping_writing import codes, said, section, table

_BECOMES: Mapping[str, str] = {
    "Patient": "the patient; a record linked `replaced-by` counts as the one that replaced it",
    "Practitioner": "a clinician, by NPI",
    "Organization": "a practice, by TIN: its own, or that of the nearest organization above it "
    "(`partOf`)",
    "PractitionerRole": "a row of `clinicians`; inactive roles do not",
    "Encounter": "a row of `encounters`",
    "Communication": "a row of `messages`",
    "Observation": "a row of `patient_data`, when the patient, a relative or the patient's device "
    "made it",
    "DocumentReference": "a row of `patient_data`, when the patient, a relative or the patient's "
    "device is an author",
    "AuditEvent": "a row of `portal_actions`, when the patient or a representative acted",
    "Appointment": "a row of `appointments`: a visit that is planned",
    "Provenance": "whom staff wrote for; who took a patient's data into the record, and when",
    "RelatedPerson": "who wrote or acted for a patient",
    "Device": "who wrote or measured",
}


def fhir_mapping_page() -> Iterator[str]:
    """Every choice of the mapping, with its reason."""
    yield from ("# FHIR R4 to facts", "")
    yield "How resources of a bulk export become facts. The choices stand in code in one file,"
    yield "[mapping.py](../../src/wellpost/adapters/fhir/mapping.py), from which this page is made."
    yield "What is read of each type, and what becomes of it, are statements of SQL in"
    yield "[bulk/sql](../../src/wellpost/adapters/fhir/bulk/sql)."
    yield from _files()
    yield from _identifiers()
    yield from encounters()
    yield from appointments()
    yield from messages()
    yield from patient_data()
    yield from portal_actions()
    yield from _reasons()


def _files() -> Iterator[str]:
    yield from section(
        "Files",
        "A folder with `*.ndjson` or `*.ndjson.gz`, in it or in folders below it, and Bundles in",
        "`*.json`. The name does not matter: resources say their type. A file named after a type",
        "that is not taken (`Condition.ndjson.gz`) and the exporter's own `log.ndjson` are not",
        "read, other files are ignored, and both are said. A line that is no resource is refused",
        "with file and line, and nothing is read; or it is left out and listed, as you ask. A gzip",
        "that breaks off is always refused. Of resources with one id the last line stands.",
    )
    yield from table(("resource", "becomes"), [(kind, says) for kind, says in _BECOMES.items()])
    yield ""
    yield "Whatever does not become a fact is counted by reason, with the first places. For each"
    yield "type, *came = taken + left out*. An element of another shape than FHIR's, an array where"
    yield "an object belongs, reads as absent."
    yield ""
    yield "An export of any size is read once, by DuckDB, and kept in a folder for temporary files"
    yield "(`TMPDIR`) until the command ends; the folder is readable by nobody else. "
    "Files that hold"
    yield "several types are walked line by line first, which takes longer."


def _identifiers() -> Iterator[str]:
    yield from section(
        "Identifiers",
        f"- NPI: system {codes(mapping.NPI_SYSTEMS)}, else type `NPI`.",
        f"- TIN: system {codes(mapping.TIN_SYSTEMS)}, else type `TAX`. A hyphen is dropped.",
        "- An NPI that fails its check digit, or a TIN without nine digits, is refused.",
        "  `--skip-bad-rows` lists what rests on it instead.",
        "- `--synthetic-identifiers` is for made-up data: each practitioner without a "
        "good NPI gets",
        "  a valid made-up one, each organization that has no TIN above it a made-up TIN "
        "(from `00`,",
        "  never issued), both made from the FHIR id and so the same every time. An NPI that",
        "  differently named people carry is nobody's then. Without the option it is one "
        "clinician,",
        "  since an NPI is one person's for life; the account says how many there were.",
    )
    yield from section(
        "References",
        "Relative, absolute, `urn:uuid:`, versioned, contained (in a Communication), by",
        "`identifier`, and conditional (`Practitioner?identifier=system|value`). When several",
        "records fit, the reference's `display` decides if it names exactly one of them "
        "(family and",
        "first given name); else several records of one NPI are one clinician; else the "
        "reference is",
        "ambiguous and what rests on it is listed.",
    )
    yield from section("Subjects", said("NO_ONE_PATIENT"), "They are left out, and no fault.")
    others = [(kind, codes(beside)) for kind, beside in mapping.NO_ONE_PATIENT.items()]
    yield from table(("resource", "subjects that are no one patient"), others)
    yield from section(
        "Days",
        "The day is the one that is written, whatever time and zone stand behind it: a "
        "time without",
        "a zone names its day, one in UTC names the day in UTC. What names no whole day "
        "of the years",
        "0001 to 9999 (`2021-06`, `2021-02-29`) names none.",
    )


def _reasons() -> Iterator[str]:
    yield from section("Why a resource became no fact")
    yield from table(
        ("reason", "says"), [(f"`{name}`", says) for name, says in sorted(mapping.REASONS.items())]
    )
