"""A folder of facts for one test: tables written as in a book, with short names for clinicians.

Columns that a table leaves out get a plain value, so that a story shows only what it is about.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Mapping
from pathlib import Path

from wellpost.facts.identifiers import make_npi, make_tin
from wellpost.facts.tables import TABLES

USUAL: Mapping[str, Mapping[str, str]] = {
    "clinicians": {"tin": "T"},
    "encounters": {"tin": "T", "npi": "A", "kind": "office_visit", "seen_on": "2021-06-03"},
    "messages": {
        "tin": "T",
        "npi": "A",
        "sent_by": "clinician",
        "sent_to": "patient",
        "patient_included": "true",
    },
    "portal_actions": {"action": "view", "acted_by": "patient"},
    "patient_data": {"npi": "A", "source": "patient"},
    "counties": {"as_of": "2017-01-01"},
}
KEYS = {"encounters": "encounter_id", "messages": "message_id"}


class Folder:
    """Facts in CSV under `path`; each method writes one table."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.clinicians("npi\nA")

    def __str__(self) -> str:
        return str(self.path)

    def clinicians(self, text: str) -> None:
        """The roster."""
        self.write("clinicians", text)

    def encounters(self, text: str) -> None:
        """Who was seen."""
        self.write("encounters", text)

    def messages(self, text: str) -> None:
        """Who was written to."""
        self.write("messages", text)

    def write(self, table: str, text: str) -> None:
        """A table from lines of cells parted by `|`, the first the names of its columns."""
        names, *rows = [[c.strip() for c in line.split("|")] for line in _lines(text)]
        with (self.path / f"{table}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, TABLES[table].names, lineterminator="\n")
            writer.writeheader()
            for number, cells in enumerate(rows, 1):
                writer.writerow(_row(table, dict(zip(names, cells, strict=True)), number))


def npi(name: str) -> str:
    """The valid npi that stands for a short name."""
    return make_npi(name)


def tin(name: str) -> str:
    """The tin that stands for a short name."""
    return make_tin(name)


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def _row(table: str, given: Mapping[str, str], number: int) -> dict[str, str]:
    key = {KEYS[table]: f"{table[0]}{number}"} if table in KEYS else {}
    row = {**USUAL.get(table, {}), **key, **given}
    if table == "messages":
        row.setdefault("thread_id", "t-" + hashlib.sha256(row["patient_id"].encode()).hexdigest())
    return {**row, **_identifiers(row)}


def _identifiers(row: Mapping[str, str]) -> dict[str, str]:
    made = {"npi": npi, "tin": tin}
    return {name: made[name](row[name]) for name in made if len(row.get(name, "")) == 1}
