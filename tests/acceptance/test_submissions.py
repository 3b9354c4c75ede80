"""Submissions from the command line: CMS receives what was counted, or nothing is written."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.conftest import Ran, Run
from tests.acceptance.folder import Folder
from wellpost.adapters.qpp import read_qpp
from wellpost.adapters.qrda3 import read_qrda3
from wellpost.cli.main import build_parser
from wellpost.facts.identifiers import make_npi, make_tin
from wellpost.reports.submission import Proportion

Report = Callable[..., Ran]
YEAR = ("--program", "mips-aci", "--year", 2017, "--period", "2017-01-01..2017-12-31")
MINE = ("--npi", make_npi("A"), "--tin", make_tin("T"))


@pytest.fixture
def practice(folder: Folder) -> Folder:
    """Two clinicians; A wrote to one of two patients, B saw one of them too."""
    folder.clinicians("npi\nA\nB")
    folder.encounters(
        """
        patient_id | npi | seen_on
        ann        | A   | 2017-06-03
        bob        | A   | 2017-06-04
        ann        | B   | 2017-06-05
        """
    )
    folder.messages("patient_id | npi | sent_on\nann | A | 2017-07-01")
    folder.write("virtual_groups", "virtual_group | tin\nx12345 | T")
    return folder


@pytest.fixture
def report(wellpost: Run, practice: Folder) -> Report:
    return lambda *words: wellpost("report", practice, *YEAR, *words)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "sent"


def counted(path: Path, read: Callable[[Path], Any] = read_qpp) -> dict[str, Any]:
    return {each.identifier: each.value for each in read(path).measurements}


def test_an_individual_submits_what_was_counted(report: Report, out: Path) -> None:
    assert report("--as", "qpp", *MINE, "--out", out).status == 0
    assert counted(out)["ACI_CCTPE_2"] == Proportion(1, 2)


def test_a_group_counts_each_patient_once(report: Report, out: Path) -> None:
    assert report("--as", "qrda3", "--entity", "group", "--out", out).status == 0
    assert counted(out, read_qrda3)["ACI_CCTPE_2"] == Proportion(1, 2)


def test_a_virtual_group_submits_from_2018(report: Report, out: Path) -> None:
    refused = report("--as", "qpp", "--entity", "virtual-group", "--out", out)
    assert (refused.status, out.exists()) == (1, False)
    assert "there were no virtual groups in 2017" in refused.err


def test_what_the_practice_answers_goes_with_it(report: Report, out: Path) -> None:
    answers = ("--attest", "ACI_PPHI_1=yes", "--attest", "ACI_EP_1=600/800")
    assert report("--as", "qpp", *MINE, "--out", out, *answers).status == 0
    assert counted(out)["ACI_PPHI_1"] is True
    assert counted(out)["ACI_EP_1"] == Proportion(600, 800)


def test_several_entities_go_into_a_folder(report: Report, out: Path) -> None:
    refused = report("--as", "qpp", "--out", out)
    assert (refused.status, out.exists()) == (2, False)
    assert "2 files (qpp-2017-individual-" in refused.err
    out.mkdir()
    assert report("--as", "qpp", "--out", out).status == 0
    assert sorted(read_qpp(each).entity.npi or "" for each in out.iterdir()) == sorted(
        [make_npi("A"), make_npi("B")]
    )


@pytest.mark.parametrize(
    ("words", "status", "sentence"),
    [
        (("--attest", "ACI_CCTPE_2=5/9"), 1, "measure ACI_CCTPE_2 is there twice"),
        (("--cehrt-id", "short"), 1, "it is 15 letters and digits"),
        (("--level", "group"), 2, "give --entity alone"),
    ],
)
def test_nothing_is_written_when_anything_is_refused(
    words: tuple[str, ...], status: int, sentence: str, report: Report, out: Path
) -> None:
    refused = report("--as", "qpp", *MINE, "--out", out, *words)
    assert (refused.status, out.exists()) == (status, False)
    assert sentence in refused.err


def test_a_medicaid_program_is_not_submitted_to_cms(
    wellpost: Run, practice: Folder, out: Path
) -> None:
    medicaid = ("--program", "stage-3", "--year", 2017, "--period", "2017-01-01..2017-12-31")
    refused = wellpost("report", practice, *medicaid, "--as", "qpp", "--out", out)
    assert (refused.status, out.exists()) == (2, False)
    assert "stage-3 2017 is not submitted to the Quality Payment Program" in refused.err


def test_a_period_in_which_nobody_was_seen_submits_nothing(
    wellpost: Run, practice: Folder, out: Path
) -> None:
    early = (*YEAR[:4], "--period", "2017-01-01..2017-04-30")
    refused = wellpost("report", practice, *early, "--as", "qpp", "--out", out)
    assert (refused.status, out.exists()) == (2, False)
    assert "there is nothing to submit" in refused.err


def test_an_answer_alone_is_not_submitted_for_everyone(report: Report, out: Path) -> None:
    """B has no numerator of her own, but patients: her counts go, with the answer."""
    out.mkdir()
    assert report("--as", "qpp", "--out", out, "--attest", "ACI_PPHI_1=yes").status == 0
    assert all(counted(each)["ACI_PPHI_1"] is True for each in out.iterdir())


@pytest.mark.parametrize("kind", ["summary", "subject-list", "individual"])
def test_measure_reports_hold_the_same_counts(kind: str, report: Report, out: Path) -> None:
    done = report(
        "--as", "measure-report", "--entity", "group", "--out", out, "--report-type", kind
    )
    assert done.status == 0
    bundle = json.loads(out.read_text())
    reports = [each["resource"] for each in bundle["entry"]]
    messaging = [r for r in reports if "secure-messaging" in r.get("measure", "")]
    shown = {"summary": 1, "subject-list": 3, "individual": 2}
    assert len(messaging) == shown[kind]
    assert _numerator(messaging) == {"summary": 1, "subject-list": 2, "individual": 1}[kind]


def _numerator(reports: list[dict[str, Any]]) -> int:
    return sum(
        each["count"]
        for report in reports
        for each in report["group"][0]["population"]
        if each["id"] == "numerator"
    )


def test_a_submission_is_converted_both_ways(
    wellpost: Run, report: Report, out: Path, tmp_path: Path
) -> None:
    xml, back = tmp_path / "sent.xml", tmp_path / "back.json"
    assert report("--as", "qrda3", *MINE, "--out", xml).status == 0
    assert wellpost("convert", xml, "--year", 2017, "--out", back).status == 0
    assert read_qpp(back) == read_qrda3(xml)
    refused = wellpost("convert", xml, "--year", 2019, "--out", out)
    assert (refused.status, out.exists()) == (1, False)
    assert "a file of 2019 was asked for" in refused.err
    assert wellpost("convert", back, "--year", 2018, "--out", out).status == 1
    assert wellpost("convert", back, "--as", "qrda3", "--out", out).status == 0
    assert read_qrda3(out) == read_qpp(back)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'<!DOCTYPE c [<!ENTITY x SYSTEM "file:///etc/hostname">]><c>&x;</c>', "document type"),
        (b"<a/>", "begins with a; a QRDA III file begins with ClinicalDocument"),
    ],
)
def test_a_hostile_file_is_not_converted(
    content: bytes, sentence: str, wellpost: Run, out: Path, tmp_path: Path
) -> None:
    hostile = tmp_path / "hostile.xml"
    hostile.write_bytes(content)
    refused = wellpost("convert", hostile, "--out", out)
    assert (refused.status, out.exists()) == (1, False)
    assert sentence in refused.err


def test_200_megabytes_are_not_converted(wellpost: Run, out: Path, tmp_path: Path) -> None:
    with (tmp_path / "large.xml").open("wb") as file:
        file.write(b"<ClinicalDocument>")
        file.truncate(200 * 1024**2)
    refused = wellpost("convert", tmp_path / "large.xml", "--out", out)
    assert (refused.status, out.exists()) == (1, False)
    assert "large.xml has 200 MB" in refused.err


def test_a_file_that_is_not_there_is_said_so(wellpost: Run, out: Path, tmp_path: Path) -> None:
    refused = wellpost("convert", tmp_path / "none.xml", "--out", out)
    assert refused.status == 2
    assert "none.xml cannot be read: No such file or directory" in refused.err


def test_every_command_of_the_how_to_is_one() -> None:
    page = Path(__file__).parents[2] / "docs/how-to/submit.md"
    commands = re.findall(r"^wellpost (.*?)(?:  .*)?$", page.read_text(), re.M)
    assert len(commands) == 7
    for command in commands:
        assert build_parser().parse_args(command.split()).run
