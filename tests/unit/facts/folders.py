"""A folder of right facts, to be spoilt by a test."""

from pathlib import Path

from wellpost.facts.identifiers import make_npi, make_tin

NPI, OTHER, TIN = make_npi("A"), make_npi("B"), make_tin("T")
STRANGER = make_npi("stranger")
ENCOUNTERS = "encounter_id,patient_id,npi,tin,seen_on,kind,county,certified_location"


def encounter(number: int, **told: str) -> str:
    """A line of encounters.csv."""
    row = {
        "encounter_id": f"e{number}",
        "patient_id": f"p{number}",
        "npi": NPI,
        "tin": TIN,
        "seen_on": "2021-06-03",
        "kind": "office_visit",
        "county": "23001",
        "certified_location": "true",
    }
    return ",".join({**row, **told}.values())


def lines(*rows: str, header: str = ENCOUNTERS) -> str:
    """The text of a CSV file."""
    return "\n".join((header, *rows, ""))


def write(folder: Path, encounters: str | bytes, **others: str) -> Path:
    """clinicians.csv, encounters.csv and the other files, by their names."""
    files = {"clinicians": lines(f"{NPI},{TIN},", f"{OTHER},{TIN},", header="npi,tin,name")}
    for name, text in {**files, **others}.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
    spoilt = encounters if isinstance(encounters, bytes) else encounters.encode()
    (folder / "encounters.csv").write_bytes(spoilt)
    return folder
