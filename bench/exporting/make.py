"""A folder as a bulk export gives it: about so many megabytes, in files of 32 MB."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from exporting import shapes

BYTES_A_FILE = 32_000_000
BYTES_A_PATIENT = 32_000
"""What one patient's resources come to, with all that was done for them in a year."""

_ROBOT = '{"resourceType":"Device","id":"robot","status":"active"}'

Line = Callable[[int, int, int], str]
OF_A_PATIENT: tuple[tuple[str, int, Line], ...] = (
    ("Encounter", 7, shapes.encounter),
    ("Communication", 4, shapes.communication),
    ("Observation", 6, shapes.observation),
    ("DocumentReference", 1, shapes.document),
    ("Provenance", 1, shapes.provenance),
    ("AuditEvent", 3, shapes.event),
)
"""Each type with how many of it a patient has."""


def make(folder: Path, megabytes: int) -> None:
    """Write the export; a folder that is whole already stays as it is."""
    if (folder / "made").exists():
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    patients = megabytes * 1_000_000 // BYTES_A_PATIENT
    clinicians = max(patients // shapes.PATIENTS_PER_CLINICIAN, shapes.CLINICIANS_PER_PRACTICE)
    for kind, lines in _all(patients, clinicians):
        _write(folder, kind, lines)
        print(f"made {kind}", flush=True)
    (folder / "made").touch()


def _all(patients: int, clinicians: int) -> Iterator[tuple[str, Iterator[str]]]:
    practices = -(-clinicians // shapes.CLINICIANS_PER_PRACTICE)
    yield "Organization", map(shapes.organization, range(practices))
    yield "Practitioner", map(shapes.practitioner, range(clinicians))
    yield "PractitionerRole", map(shapes.role, range(clinicians))
    yield "Device", iter([_ROBOT])
    yield "Patient", map(shapes.patient, range(patients))
    for kind, each, line in OF_A_PATIENT:
        yield kind, (line(number, number // each, clinicians) for number in range(patients * each))


def _write(folder: Path, kind: str, lines: Iterator[str]) -> None:
    """The lines in as many files as they need."""
    number, line = 0, next(lines, None)
    while line is not None:
        written = 0
        with (folder / f"{kind}.{number:03d}.ndjson").open("w", buffering=1 << 20) as file:
            while line is not None and written < BYTES_A_FILE:
                written += file.write(line) + file.write("\n")
                line = next(lines, None)
        number += 1
