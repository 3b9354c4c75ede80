"""QRDA III written: CMS's own schema and schematron of each performance year find no error."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.unit.adapters.submitted import YEARS, submission
from wellpost.adapters.qrda3 import Sender, read_qrda3, write_qrda3
from wellpost.errors import DataRefusedError

Faults = Callable[[bytes, int], list[str]]
SENDER = Sender("Maple Street Clinic", datetime(2027, 1, 11, 6, 12, 31, tzinfo=UTC))
ENTITIES = ("individual", "group", "virtual-group")
KNOWN = [(year, kind) for year in YEARS for kind in ENTITIES if year > 2018 or kind in ENTITIES[:2]]


@pytest.mark.parametrize(("year", "kind"), KNOWN)
def test_the_schema_and_schematron_of_the_year_find_no_error(
    year: int, kind: str, faults: Faults
) -> None:
    assert faults(write_qrda3(submission(year, kind), SENDER), year) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('extension="2020-12-01"', 'extension="2019-12-01"'),
        ('code="NUMER"', 'code="NUMBER"'),
        ('value="600"', 'value="six hundred"'),
        ("2.16.840.1.113883.3.7031", "2.16.840.1.113883.3.7032"),
        ("2.16.840.1.113883.10.20.17.3.8", "2.16.840.1.113883.10.20.17.3.9"),
        ('extension="MIPS_INDIV"', 'extension="MIPS_PERSON"'),
    ],
)
def test_the_judges_find_what_is_wrong(right: str, wrong: str, faults: Faults) -> None:
    written = write_qrda3(submission(2024), SENDER).decode()
    assert right in written
    assert faults(written.replace(right, wrong).encode(), 2024)


@pytest.mark.parametrize(("year", "kind"), KNOWN)
def test_what_is_written_is_read_the_same(year: int, kind: str, tmp_path: Path) -> None:
    whole = submission(year, kind)
    path = tmp_path / "written.xml"
    path.write_bytes(write_qrda3(whole, SENDER))
    assert read_qrda3(path, year) == whole


def test_nothing_said_by_a_person_becomes_markup(tmp_path: Path) -> None:
    sender = Sender('Smith & <Sons> "Clinic" ]]>', datetime(2018, 1, 1, tzinfo=UTC))
    path = tmp_path / "written.xml"
    path.write_bytes(write_qrda3(submission(), sender))
    assert read_qrda3(path) == submission()


def test_the_same_is_written_the_same_and_another_moment_has_other_identifiers() -> None:
    later = Sender(SENDER.practice, datetime(2027, 1, 12, tzinfo=UTC))
    assert write_qrda3(submission(), SENDER) == write_qrda3(submission(), SENDER)
    first, second = (write_qrda3(submission(), each).decode() for each in (SENDER, later))
    assert not _identifiers(first) & _identifiers(second)
    assert len(_identifiers(first)) == first.count("<organizer ") + 4  # document, author, …


def _identifiers(document: str) -> set[str]:
    return set(re.findall(r'<id root="([0-9a-f-]{36})"', document))


def test_a_virtual_group_of_2018_is_sent_as_json() -> None:
    with pytest.raises(DataRefusedError, match=r"QRDA III of 2018 has no virtual group .*QPP JSON"):
        write_qrda3(submission(2018, "virtual-group"), SENDER)


def test_a_made_up_npi_never_leaves() -> None:
    made_up = replace(submission(), entity=replace(submission().entity, npi="1234567890"))
    with pytest.raises(DataRefusedError, match="npi 1234567890 fails its check digit"):
        write_qrda3(made_up, SENDER)
