"""Lines and files: what is wrong is said with file and line, and what would be right."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.unit.adapters.folders import PRACTICE, encounter, patient, write
from wellpost.adapters.fhir import facts_of, read
from wellpost.errors import DataRefusedError


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b'{"resourceType": "Encounter", "id": ', "export.ndjson:2: is not JSON"),
        (b"[1, 2]", "export.ndjson:2: is JSON but no object; write one FHIR resource"),
        (b'{"id": "a"}', "export.ndjson:2: has no resourceType; every resource needs one, such as"),
        (b'{"resourceType": "Patient"}', "export.ndjson:2: has no id; every resource needs one"),
        (b'{"resourceType": "Patient", "id": 7}', "export.ndjson:2: has no id"),
        (b"\xff\xfe", "export.ndjson:2: is not JSON"),
    ],
)
def test_a_broken_line_is_refused_with_file_and_line(
    tmp_path: Path, line: bytes, says: str
) -> None:
    write(tmp_path, patient("alice"))
    with (tmp_path / "export.ndjson").open("ab") as file:
        file.write(line + b"\n")
    with pytest.raises(DataRefusedError) as refused:
        read(tmp_path)
    assert refused.value.faults[0].startswith(says)


def test_a_broken_line_can_be_left_out_and_the_rest_kept(tmp_path: Path) -> None:
    write(tmp_path, *PRACTICE, encounter("e1"))
    with (tmp_path / "export.ndjson").open("ab") as file:
        file.write(b"{oops\n")
    records = read(tmp_path, on_broken_line="keep_rest")
    account = facts_of(records).reconciliation
    assert account.became["Encounter"] == 1
    assert account.by_reason("(broken line)") == {"broken_line": 1}
    assert account.adds_up()


def test_twenty_broken_lines_are_said_and_the_rest_counted(tmp_path: Path) -> None:
    (tmp_path / "export.ndjson").write_bytes(b"oops\n" * 1_023)
    with pytest.raises(DataRefusedError) as refused:
        read(tmp_path)
    assert len(refused.value.faults) == 21
    assert refused.value.faults[-1] == "and 1,003 more broken lines"


@pytest.mark.parametrize("on_broken_line", ["refuse_all", "keep_rest"])
def test_a_gzip_that_breaks_off_is_refused_by_name(tmp_path: Path, on_broken_line: str) -> None:
    whole = gzip.compress(b'{"resourceType": "Patient", "id": "alice"}\n' * 1_000)
    (tmp_path / "Patient.ndjson.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataRefusedError) as refused:
        read(tmp_path, on_broken_line=on_broken_line)  # type: ignore[arg-type]  # parametrized
    assert str(refused.value).startswith(
        "Patient.ndjson.gz: this gzip file breaks off before its end; nothing of it can be trusted."
    )


@pytest.mark.parametrize("content", [b"no gzip at all\n", b"\x1f\x8b\x08" + b"\x00" * 40])
def test_what_is_called_gz_and_is_damaged_is_refused_by_name(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "Patient.ndjson.gz").write_bytes(content)
    with pytest.raises(DataRefusedError, match=r"^Patient\.ndjson\.gz: this gzip file "):
        read(tmp_path)


def test_an_empty_folder_says_what_belongs_there(tmp_path: Path) -> None:
    with pytest.raises(DataRefusedError, match="holds no FHIR NDJSON; put files such as Patient"):
        read(tmp_path)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(DataRefusedError, match="there is no such folder"):
        read(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["Patient.ndjson", "Patient.000.ndjson.gz", "p-7.ndjson.gz"])
def test_any_name_will_do_gzipped_or_not(tmp_path: Path, name: str) -> None:
    records = read(write(tmp_path, patient("alice"), patient("bob"), name=name))
    assert list(records.patients) == ["alice", "bob"]


def test_other_types_and_other_files_are_left_and_said(tmp_path: Path) -> None:
    condition = {"resourceType": "Condition", "id": "c1"}
    write(tmp_path, patient("alice"), condition)
    write(tmp_path, condition, condition, name="Condition.ndjson")
    (tmp_path / "README.txt").write_text("hello")
    account = facts_of(read(tmp_path)).reconciliation
    assert account.ignored_files == ("Condition.ndjson", "README.txt")
    assert account.by_reason("Condition") == {"type_not_taken": 1}
    assert account.adds_up()


def test_of_a_repeated_resource_the_last_one_stands(tmp_path: Path) -> None:
    write(tmp_path, patient("alice", gender="male"), name="a.ndjson")
    write(tmp_path, patient("alice", gender="female"), name="b.ndjson")
    records = read(tmp_path)
    account = facts_of(records).reconciliation
    assert records.patients["alice"].sex == "female"
    assert account.by_reason("Patient") == {"repeated": 1}
    assert account.adds_up()


def test_elements_of_a_wrong_shape_read_as_absent(tmp_path: Path) -> None:
    odd = {"name": "Alice", "identifier": {}, "birthDate": 7, "telecom": [None], "link": [3]}
    records = read(write(tmp_path, patient("alice", **odd), encounter("e1", period=[], type=4)))
    assert records.patients["alice"].birth_date is None
    assert records.encounters["e1"].start == ""
