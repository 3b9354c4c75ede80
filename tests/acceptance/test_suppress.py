"""`wellpost measure --suppress 11`: no form of the answer holds a small number."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest

from tests.acceptance.conftest import Run
from tests.acceptance.folder import Folder, npi

ASKED = ("--program", "stage-3", "--year", "2021", "--period", "2021-06-01..2021-08-29")
LEVELS = ("--level", "practice-clinician", "--level", "group")


@pytest.fixture(autouse=True)
def practice(folder: Folder) -> Folder:
    """A wrote to 40 of 60, B to 7 of 60 of their own: the practice's 47 would tell B's number."""
    folder.clinicians("npi\nA\nB")
    seen = [f"{name}{n} | {name}" for name in "AB" for n in range(60)]
    many = {"A": 40, "B": 7}
    written = [f"{name}{n} | {name} | 2021-06-10" for name in many for n in range(many[name])]
    folder.encounters("patient_id | npi\n" + "\n".join(seen))
    folder.messages("patient_id | npi | sent_on\n" + "\n".join(written))
    return folder


@pytest.fixture
def measure(wellpost: Run, folder: Folder) -> Run:
    return lambda *more: wellpost("measure", folder, *ASKED, *more)


def test_json_has_null_and_names_what_is_hidden(measure: Run):
    ran = measure(*LEVELS, "--suppress", "11", "--format", "json")
    ours = ran.result("secure-messaging", npi=npi("B"))
    assert ours["hidden"] == ["numerator", "rate", "needed", "verdict"]
    assert (ours["denominator"], ours["numerator"], ours["rate"]) == (60, None, None)
    assert ran.result("secure-messaging", level="group")["numerator"] is None
    assert ran.result("secure-messaging", npi=npi("A"))["numerator"] == 40
    assert ran.json["suppressed_below"] == 11
    hidden = next(each for each in ran.json["objectives"] if each["npi"] == npi("B"))
    assert (hidden["verdict"], hidden["met"]) == (None, None)


@pytest.mark.parametrize("form", ["table", "csv", "json", "html"])
def test_no_form_holds_the_number_or_what_tells_it(measure: Run, tmp_path: Path, form: str):
    out = tmp_path / "out"
    plain = measure(*LEVELS, "--format", form, "--out", out)
    assert plain.status == 0 and re.search(r"\b(47|11\.67|0\.116667)\b", out.read_text())
    hidden = measure(*LEVELS, "--suppress", "11", "--format", form, "--out", out)
    assert hidden.status == 0
    assert not re.search(r"\b(7|47|53|11\.67|0\.116667|39\.17|0\.391667)\b", _numbers(out, form))


def _numbers(out: Path, form: str) -> str:
    """The text without the law's own numbers and the drawing's places."""
    text = out.read_text()
    if form == "html":
        return " ".join(re.findall(r"<t[dh][^>]*>([^<]*)", text))
    return "\n".join(line for line in text.splitlines() if "CFR" not in line)


def test_csv_says_what_is_hidden(measure: Run):
    ran = measure(*LEVELS, "--suppress", "11", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(ran.out)))
    found = {row["npi"]: row["hidden"] for row in rows if row["measure"] == "secure-messaging"}
    assert found[npi("B")] == "numerator rate needed verdict" and found[npi("A")] == ""


def test_levels_that_tell_on_each_other_and_senseless_sizes_are_refused(measure: Run):
    both = measure("--level", "clinician", "--level", "group", "--suppress", "11")
    assert both.status == 2 and both.err.startswith("with --suppress one level is shown")
    assert measure("--suppress", "1").err.startswith("--suppress 1 hides nothing sensible; give 11")


def test_the_page_of_clinicians_alone_has_no_map_rather_than_one_that_tells(
    measure: Run, tmp_path: Path
):
    out = tmp_path / "page.html"
    measure("--suppress", "11", "--format", "html", "--out", out)
    assert "No map of practices" in out.read_text()
    measure("--format", "html", "--out", out)
    assert "A tile for each practice" in out.read_text()
