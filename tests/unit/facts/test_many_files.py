"""Tables in directories: partitions, files of two shapes, gzip, thousands of tiny files."""

import gzip
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from hypothesis import settings

from tests.unit.facts.folders import ENCOUNTERS, NPI, TIN, encounter, lines, write
from tests.unit.facts.test_folder import patients, refused
from wellpost.facts import csv_lots, files
from wellpost.facts.checks import check
from wellpost.facts.sources import open_source

NIGHTLY = settings.default.max_examples >= 500


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Right facts, with an empty directory for encounters."""
    write(tmp_path, "")
    (tmp_path / "encounters.csv").unlink()
    (tmp_path / "encounters").mkdir()
    return tmp_path


def part(folder: Path, name: str, *rows: str, header: str = ENCOUNTERS) -> Path:
    """A file of encounters, in CSV, gzip or Parquet, as its name says."""
    path = folder / "encounters" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    text = lines(*rows, header=header)
    if path.suffix == ".parquet":
        (plain := folder / "plain.csv").write_text(text)
        duckdb.read_csv(str(plain), all_varchar=True).write_parquet(str(path))
        plain.unlink()
    else:
        path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def test_csv_in_a_directory_plain_and_gzipped(folder: Path) -> None:
    part(folder, "b.csv.gz", encounter(2), encounter(3))
    part(folder, "a.csv", encounter(1))
    part(folder, "_SUCCESS.csv")
    assert patients(folder) == ["p1", "p2", "p3"]


def test_files_whose_columns_differ_are_read_by_name(folder: Path) -> None:
    part(folder, "a.csv", encounter(1))
    part(folder, "b.csv", f"office_visit,2021-06-03,{TIN},{NPI},p2,e2", header=OTHER_ORDER)
    assert patients(folder) == ["p1", "p2"]
    with open_source(folder) as source:
        places = [row[-2:] for row in source.run(source.tables["encounters"])]
    assert places == [("23001", True), (None, None)]


OTHER_ORDER = "kind,seen_on,tin,npi,patient_id,encounter_id"


@pytest.mark.parametrize("end", ["csv", "parquet"])
def test_a_column_may_stand_in_the_path(folder: Path, end: str) -> None:
    """A year that no description knows is passed over; a tin is taken, zeros and all."""
    header = ENCOUNTERS.replace(",tin", "")
    for tin in ("012345678", "987654321"):
        row = encounter(int(tin[:2]), tin="x").replace(",x", "")
        part(folder, f"year=2021/tin={tin}/part-0.{end}", row, header=header)
    with open_source(folder) as source:
        check(source)
        assert not check(source).notices
        tins = [row[3] for row in source.run(source.tables["encounters"])]
    assert sorted(tins) == ["012345678", "987654321"]


def test_partitions_of_two_kinds_are_said(folder: Path) -> None:
    part(folder, "year=2021/a.csv", encounter(1))
    part(folder, "tin=123456789/a.csv", encounter(2))
    assert refused(folder) == "encounters/ is partitioned in more than one way; use one."


def test_a_directory_of_two_kinds_is_said(folder: Path) -> None:
    part(folder, "a.csv", encounter(1))
    part(folder, "b.parquet", encounter(2))
    assert refused(folder) == "encounters/ holds CSV and Parquet; leave one of them."


@pytest.mark.parametrize("end", ["csv", "csv.gz"])
def test_a_bad_row_has_its_file_and_line(folder: Path, end: str) -> None:
    part(folder, f"a.{end}", encounter(1), encounter(2))
    part(folder, f"inner/b.{end}", encounter(3), encounter(4, npi="1234567890"))
    assert refused(folder).startswith(f"encounters/inner/b.{end}:3: npi 1234567890 fails")


def test_a_cut_file_among_others_is_named(folder: Path) -> None:
    part(folder, "a.parquet", encounter(1))
    path = part(folder, "b.parquet", encounter(2))
    path.write_bytes(path.read_bytes()[:-20])
    assert refused(folder).startswith("encounters/b.parquet: it is not whole Parquet")


def test_a_cut_gzip_is_named(folder: Path) -> None:
    path = part(folder, "a.csv.gz", encounter(1))
    path.write_bytes(path.read_bytes()[:15])
    assert refused(folder) == "encounters/a.csv.gz: it is not whole gzip; it was cut off."


@pytest.mark.parametrize("end", ["csv", "parquet"])
def test_a_folder_of_tiny_files(folder: Path, end: str) -> None:
    """They are read once for good: no query opens them all again, or names them."""
    for number in range(files.FEW + 1):
        part(folder, f"part-{number:04}.{end}", encounter(number))
    assert len(patients(folder)) == files.FEW + 1
    with open_source(folder) as source:
        query = source.prepare(source.tables["encounters"]).sql
        assert "part-" not in query
        for path in (folder / "encounters").iterdir():
            path.unlink()
        assert len(list(source.run(source.tables["encounters"]))) == files.FEW + 1


def test_a_bad_row_among_tiny_files_is_named(folder: Path) -> None:
    for number in range(files.FEW + 1):
        part(folder, f"part-{number:04}.csv", encounter(number, npi=NPI if number != 7 else "1"))
    assert refused(folder).startswith("encounters/part-0007.csv:2: npi 1 is not 10 digits")
    part(folder, "part-0007.csv", encounter(7)[:-20])
    assert refused(folder).startswith("part-0007.csv:2: it has more or fewer fields")


def test_lines_of_tiny_files_that_are_no_rows_are_passed_over_when_asked(folder: Path) -> None:
    for number in range(files.FEW + 1):
        part(folder, f"part-{number:04}.csv", encounter(number))
    part(folder, "part-0007.csv", encounter(7)[:-20], encounter(8, npi="1"))
    with open_source(folder) as source:
        said = check(source, skip_bad_rows=True)
        assert len(list(source.run(source.tables["encounters"]))) == files.FEW
    found = {bad.reason: (bad.rows, bad.sentence) for bad in said.left_out}
    assert found["cannot be read as a row"][0] == 1
    assert found["npi is not 10 digits"][1].startswith(
        "encounters/part-0007.csv:3: npi 1 is not 10"
    )


def test_one_of_many_tiny_files_that_is_no_utf8_is_named(folder: Path) -> None:
    for number in range(files.FEW + 1):
        part(folder, f"part-{number:04}.csv", encounter(number))
    broken = part(folder, "part-0007.csv", encounter(7))
    broken.write_bytes(broken.read_bytes().replace(b"p7", b"p\xff"))
    assert refused(folder) == "part-0007.csv:2: it is not UTF-8 text; save the file as UTF-8."


def test_tiny_files_of_two_shapes_and_partitions_are_read_by_name(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_lots, "AT_ONCE", 7)
    for number in range(files.FEW + 1):
        row = f"office_visit,2021-06-03,{NPI},p{number},e{number},x"
        shape = OTHER_ORDER.replace("tin,", "") + ",row_number"
        part(folder, f"tin={TIN}/part-{number:04}.csv", row, header=shape)
    part(folder, f"tin={TIN}/other.csv", encounter(500, tin="").replace(",,", ",", 1),
         header=ENCOUNTERS.replace(",tin", ""))  # fmt: skip
    assert len(patients(folder)) == files.FEW + 2
    part(folder, f"tin={TIN}/part-0040.csv", "office_visit,2021-06-03,7,p40,e40,x", header=shape)
    assert refused(folder).startswith(f"encounters/tin={TIN}/part-0040.csv:2: npi 7 is not 10")


@pytest.mark.skipif(not NIGHTLY, reason="a minute or two; make nightly")
@pytest.mark.timeout(1800)
def test_a_hundred_thousand_tiny_files_take_little_memory_and_few_handles(folder: Path) -> None:
    for number in range(100_000):
        part(folder, f"part-{number:06}.csv", encounter(number))
    ran = subprocess.run(
        [sys.executable, "-c", LIMITED, "facts", "check", folder],
        capture_output=True, text=True, check=False, timeout=1500,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert re.search(r"encounters +100,000", ran.stderr + ran.stdout)
    assert int(ran.stdout.splitlines()[-1]) < 1_000, "megabytes"


LIMITED = """
import re, resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))
from wellpost.cli.main import main
status = main(sys.argv[1:])
print(int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) // 1024)
sys.exit(status)
"""
"""A command with few handles, that says how many megabytes it took: itself, which `ru_maxrss` does
not tell, as a process begins with that of the one which began it.
"""


def test_many_files_that_are_not_tiny_get_a_name(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "FEW", 1)
    monkeypatch.setattr(files, "SMALL_BYTES", 1)
    part(folder, "a.parquet", encounter(1))
    part(folder, "b.parquet", encounter(2))
    assert patients(folder) == ["p1", "p2"]
    part(folder, "c.parquet", f"p3,{NPI}", header="patient_id,npi")
    assert "encounter_id is empty" in refused(folder)
