"""Folders as they come: byte order marks, line ends, quoted lines, cut files."""

from pathlib import Path

import duckdb
import pytest

from tests.unit.facts.folders import ENCOUNTERS, encounter, lines, write
from wellpost.errors import DataRefusedError, RequestError, WellpostError
from wellpost.facts.checks import check
from wellpost.facts.sources import open_source


def patients(folder: Path) -> list[str]:
    with open_source(folder) as source:
        check(source)
        return [str(row[1]) for row in source.run(source.tables["encounters"])]


def refused(folder: Path) -> str:
    with pytest.raises(WellpostError) as caught:
        patients(folder)
    return str(caught.value)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_marks_line_ends_and_quoted_lines(tmp_path: Path, mark: bytes, end: str) -> None:
    quoted = encounter(2, patient_id=f'"a{end}""b"", c"')
    text = lines(encounter(1), quoted, encounter(3)).replace("\r\n", "\n").replace("\n", end)
    write(tmp_path, mark + text.encode())
    assert patients(tmp_path) == ["p1", f'a{end}"b", c', "p3"]


def test_another_encoding_is_said(tmp_path: Path) -> None:
    write(tmp_path, lines(encounter(1), encounter(2, patient_id="é")).encode("latin-1"))
    assert refused(tmp_path) == "encounters.csv:3: it is not UTF-8 text; save the file as UTF-8."
    write(tmp_path, lines(encounter(1)).encode("utf-16"))
    assert refused(tmp_path) == "encounters.csv:1: it is not UTF-8 text; save the file as UTF-8."


def test_a_file_cut_in_a_line_is_said(tmp_path: Path) -> None:
    write(tmp_path, lines(encounter(1), encounter(2))[:-20])
    assert refused(tmp_path) == (
        "encounters.csv:3: it has more or fewer fields than the first line names; "
        "the file may have been cut off."
    )


def test_a_file_cut_in_a_quoted_field_is_said(tmp_path: Path) -> None:
    write(tmp_path, lines(encounter(1), 'e2,"p2'))
    assert refused(tmp_path) == (
        "encounters.csv:3: a quoted field is never closed; the file may have been cut off."
    )


def test_line_ends_of_two_kinds_are_said(tmp_path: Path) -> None:
    write(tmp_path, f"{ENCOUNTERS}\n{encounter(1)}\r\n{encounter(2)}\n")
    assert "encounters.csv: its lines do not end alike" in refused(tmp_path)


def test_an_empty_file_and_an_empty_folder_are_said(tmp_path: Path) -> None:
    assert refused(tmp_path).endswith(
        "is empty; put clinicians and encounters there, as CSV or Parquet."
    )
    write(tmp_path, "")
    assert refused(tmp_path) == "encounters.csv is empty; its first line must name the columns."


def test_a_column_named_twice_is_said(tmp_path: Path) -> None:
    write(tmp_path, lines(header=ENCOUNTERS + ",npi"))
    assert refused(tmp_path) == "encounters.csv:1: column npi stands there twice."


def test_nothing_there_is_a_wrong_request(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="there is no such folder or file"):
        open_source(tmp_path / "nowhere")


def test_two_holders_of_one_table_are_said(tmp_path: Path) -> None:
    write(tmp_path, lines(encounter(1)))
    (tmp_path / "encounters").mkdir()
    assert "encounters.csv and encounters both hold encounters" in refused(tmp_path)


def to_parquet(folder: Path, query: str) -> Path:
    write(folder, lines(encounter(1), encounter(2)))
    path = folder / "encounters.parquet"
    source = f"read_csv('{folder}/encounters.csv', all_varchar = true)"
    duckdb.sql(query.format(source=source)).write_parquet(str(path))
    (folder / "encounters.csv").unlink()
    return path


def test_parquet_with_typed_and_untyped_columns(tmp_path: Path) -> None:
    to_parquet(
        tmp_path,
        "SELECT * REPLACE (CAST(seen_on AS TIMESTAMP) AS seen_on, CAST(tin AS BIGINT) AS tin,"
        " CAST(certified_location AS BOOLEAN) AS certified_location) FROM {source}",
    )
    assert patients(tmp_path) == ["p1", "p2"]


def test_a_bad_row_of_parquet_has_its_file_and_row(tmp_path: Path) -> None:
    to_parquet(tmp_path, "SELECT * REPLACE (IF(patient_id = 'p2', '1', tin) AS tin) FROM {source}")
    assert refused(tmp_path).startswith("encounters.parquet row 2: tin 1 is not 9 digits")


def test_moments_are_no_days(tmp_path: Path) -> None:
    moment = "SELECT * REPLACE (TIMESTAMP '2021-06-03 12:00:00' AS seen_on) FROM {source}"
    to_parquet(tmp_path, moment)
    assert "is not a day" in refused(tmp_path)
    zoned = "SELECT * REPLACE (TIMESTAMPTZ '2021-06-03 12:00:00+00' AS seen_on) FROM {source}"
    to_parquet(tmp_path, zoned)
    assert "column seen_on holds timestamp with time zone; it must hold days" in refused(tmp_path)


def test_a_cut_parquet_file_is_said(tmp_path: Path) -> None:
    path = to_parquet(tmp_path, "SELECT * FROM {source}")
    path.write_bytes(path.read_bytes()[:100])
    assert refused(tmp_path) == (
        "encounters.parquet: it is not whole Parquet; it was cut off, or is of another kind."
    )


def test_a_directory_without_parquet_is_said(tmp_path: Path) -> None:
    write(tmp_path, "")
    (tmp_path / "encounters.csv").unlink()
    (tmp_path / "encounters").mkdir()
    assert refused(tmp_path) == "encounters/ holds no .parquet or .csv file."


def test_a_folder_whose_name_is_a_pattern(tmp_path: Path) -> None:
    folder = tmp_path / "facts [2021]*?"
    folder.mkdir()
    write(folder, lines(encounter(1)))
    assert patients(folder) == ["p1"]
    with duckdb.connect() as connection:
        rows = connection.read_csv(
            str(folder / "encounters.csv").translate({91: "[[]", 42: "[*]", 63: "[?]"}),
            all_varchar=True,
        )
        rows.write_parquet(str(folder / "encounters.parquet"))
    (folder / "encounters.csv").unlink()
    assert patients(folder) == ["p1"]


def test_what_is_neither_folder_nor_database(tmp_path: Path) -> None:
    path = tmp_path / "facts.txt"
    path.write_text("hello")
    with pytest.raises(DataRefusedError, match="is no SQLite file; give a folder"):
        open_source(path)
