"""How FHIR becomes facts, as `docs/reference/fhir-mapping.md` says it: from the mapping itself."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise

from wellpost.adapters.fhir import mapping

Rows = Sequence[Sequence[str]]

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
    yield from _encounters()
    yield from _appointments()
    yield from _messages()
    yield from _patient_data()
    yield from _portal_actions()
    yield from _reasons()


def _files() -> Iterator[str]:
    yield from _section(
        "Files",
        "A folder with `*.ndjson` or `*.ndjson.gz`, in it or in folders below it, and Bundles in",
        "`*.json`. The name does not matter: resources say their type. A file named after a type",
        "that is not taken (`Condition.ndjson.gz`) and the exporter's own `log.ndjson` are not",
        "read, other files are ignored, and both are said. A line that is no resource is refused",
        "with file and line, and nothing is read; or it is left out and listed, as you ask. A gzip",
        "that breaks off is always refused. Of resources with one id the last line stands.",
    )
    yield from _table(("resource", "becomes"), [(kind, says) for kind, says in _BECOMES.items()])
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
    yield from _section(
        "Identifiers",
        f"- NPI: system {_codes(mapping.NPI_SYSTEMS)}, else type `NPI`.",
        f"- TIN: system {_codes(mapping.TIN_SYSTEMS)}, else type `TAX`. A hyphen is dropped.",
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
    yield from _section(
        "References",
        "Relative, absolute, `urn:uuid:`, versioned, contained (in a Communication), by",
        "`identifier`, and conditional (`Practitioner?identifier=system|value`). When several",
        "records fit, the reference's `display` decides if it names exactly one of them "
        "(family and",
        "first given name); else several records of one NPI are one clinician; else the "
        "reference is",
        "ambiguous and what rests on it is listed.",
    )
    yield from _section(
        "Days",
        "The day is the one that is written, whatever time and zone stand behind it: a "
        "time without",
        "a zone names its day, one in UTC names the day in UTC. What names no whole day "
        "of the years",
        "0001 to 9999 (`2021-06`, `2021-02-29`) names none.",
    )


def _encounters() -> Iterator[str]:
    yield from _section("Encounter")
    yield from _questions(
        ("seen?", f"status {_codes(mapping.SEEN)}. {_said('SEEN')}"),
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
    yield from _table(("said", "kind", "remark"), [*_billed(), *_classed(), *_typed()])
    yield ""
    yield "An encounter of kind `other` is still an encounter: it counts unless policy `seen` is"
    yield "`visits_only`. `county` and `certified_location` are empty: FHIR's Location "
    "has no FIPS code"
    yield "and does not say what is certified."


def _billed() -> Iterator[Sequence[str]]:
    for low, high, kind in mapping.CPT_RANGES:
        span = str(low) if low == high else f"{low}-{high}"
        yield f"CPT {span}", f"`{kind}`", _remark(f"({low}, {high}")


def _classed() -> Iterator[Sequence[str]]:
    for code, kind in mapping.CLASSES.items():
        yield f"class `{code}`", f"`{kind}`", _remark(f'"{code}": "{kind}"')


def _typed() -> Iterator[Sequence[str]]:
    for code, kind in mapping.TYPES.items():
        yield f"SNOMED `{code.code}`", f"`{kind}`", _remark(f'"{code.code}"')


def _appointments() -> Iterator[str]:
    yield from _section("Appointment")
    yield from _questions(
        ("planned?", f"status {_codes(mapping.PLANNED)}. {_said('PLANNED')}"),
        (
            "of whom, with whom",
            "the first Patient among the participants; the first Practitioner or PractitionerRole "
            "with an NPI, else nobody in particular",
        ),
        ("when", "the day that `start` names"),
    )
    yield from ("", "No measure counts an appointment.")


def _messages() -> Iterator[str]:
    yield from _section("Communication")
    yield from _questions(
        (
            "a thread or a message?",
            "without payload and `partOf` it is a thread. A message's thread is the topmost "
            "Communication it is part of or answers",
        ),
        ("sent?", f"status {_codes(mapping.TRANSMITTED)}. {_said('TRANSMITTED')}"),
        (
            "secure?",
            f"unless `medium` says otherwise: {_codes(mapping.NO_SECURE_MESSAGE)}. FHIR "
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


def _patient_data() -> Iterator[str]:
    yield from _section("Observation and DocumentReference")
    yield from _questions(
        (
            "the patient's?",
            "when `performer` (of a document `author`) is a Patient or RelatedPerson, or "
            "`device` (of "
            "a document the first author that is a Device) is a Device of the same patient",
        ),
        (
            "standing?",
            f"an Observation of status {_codes(mapping.OBSERVED)}; a DocumentReference of status "
            f"{_codes(mapping.DOCUMENTED)}. {_said('DOCUMENTED')}",
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


def _portal_actions() -> Iterator[str]:
    yield from _section("AuditEvent")
    yield from _questions(
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
        ("did it succeed?", f"outcome `0`, or none. {_said('SUCCEEDED')}"),
        ("whose portal", "the TIN of `source.observer`, where that is an Organization with one"),
        ("what was done", "as the codes of `subtype`, then of `type`, say:"),
    )
    yield ""
    uses = [
        (f"`{code}`", f"`{use}`", action, _remark(f'"{code}": "{use}"'))
        for table, action in ((mapping.USES, "any"), (mapping.READING, "R, E or none"))
        for code, use in table.items()
    ]
    yield from _table(("code", "is a", "with action", "remark"), uses)
    yield from ("", _said("READ"))


def _reasons() -> Iterator[str]:
    yield from _section("Why a resource became no fact")
    yield from _table(
        ("reason", "says"), [(f"`{name}`", says) for name, says in sorted(mapping.REASONS.items())]
    )


def _section(title: str, *lines: str) -> Iterator[str]:
    yield from ("", f"## {title}", "")
    if lines:
        yield from (*lines, "")


def _questions(*rows: tuple[str, str]) -> Iterator[str]:
    yield from _table(("question", "answer"), rows)


def _table(names: Sequence[str], rows: Rows) -> Iterator[str]:
    yield f"| {' | '.join(names)} |"
    yield f"|{'---|' * len(names)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


def _codes(codes: Collection[str]) -> str:
    return ", ".join(f"`{code}`" for code in sorted(codes) if code)


def _said(name: str) -> str:
    """What stands below a table of the mapping, on one line."""
    statements = ast.parse(inspect.getsource(mapping)).body
    for one, after in pairwise(statements):
        if _assigns(one, name) and isinstance(after, ast.Expr):
            return " ".join(str(ast.literal_eval(after.value)).split())
    raise LookupError(f"mapping.py says nothing below {name}")


def _assigns(one: ast.stmt, name: str) -> bool:
    targets = one.targets if isinstance(one, ast.Assign) else [getattr(one, "target", None)]
    return any(isinstance(target, ast.Name) and target.id == name for target in targets)


def _remark(text: str) -> str:
    """What is remarked beside a code in the mapping; empty when nothing."""
    found = re.search(rf"{re.escape(text)}.*?,  # (.*)", inspect.getsource(mapping))
    return found[1] if found else ""
