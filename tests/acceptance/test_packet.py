"""`wellpost packet` and the documents of `wellpost report`, as a user runs them."""

from __future__ import annotations

import csv
import io
import json

import pypdfium2
import pytest

from tests.worlds import attested

ASKED = ("--program", "stage-3", "--year", "2021", "--period", "2021-06-01..2021-08-31")
DONE = ("--attested-by", "Ada Moss", "--attested-on", "2022-01-05")


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("WELLPOST_HOME", str(tmp_path / "home"))


@pytest.fixture
def facts(tmp_path):
    return attested.practice(tmp_path / "facts")


@pytest.fixture
def made(wellpost, facts, tmp_path):
    out = tmp_path / "packet.zip"

    def make(*more: object):
        return wellpost("packet", "make", facts, *ASKED, *DONE, "--out", out, *more), out

    return make


def test_a_packet_is_made_verified_and_computed_again(wellpost, made):
    ran, out = made("--npi", attested.CHEN)
    assert ran.status == 0, ran.err
    assert "a new signing key is made" in ran.err
    with pypdfium2.PdfDocument(out.with_suffix(".pdf")) as pdf:
        assert "Audit packet" in pdf[0].get_textpage().get_text_range()
    verified = wellpost("packet", "verify", out)
    assert verified.status == 0
    assert "every byte is as it was signed" in verified.out
    assert "attested by Ada Moss" in verified.out
    again = wellpost("packet", "recompute", out)
    assert again.status == 0
    assert "every number is the same" in again.out
    assert "Today's rules give the same." in again.out


def test_one_byte_changed_is_refused(wellpost, made):
    _, out = made()
    data = bytearray(out.read_bytes())
    place = data.index(b"facts/messages.csv") + len("facts/messages.csv") + 40
    data[place] ^= 1
    out.write_bytes(data)
    for deed in ("verify", "recompute"):
        ran = wellpost("packet", deed, out)
        assert ran.status == 1
        assert "facts/messages.csv" in ran.err
        assert ran.out == ""


def test_the_key_can_be_asked_for(wellpost, made):
    ran, out = made()
    key = ran.out.split()[-1]
    assert wellpost("packet", "verify", out, "--fingerprint", key).status == 0
    other = wellpost("packet", "verify", out, "--fingerprint", "0" * 64)
    assert other.status == 1
    assert f"is signed with the key {key}, not with 000" in other.err


def test_a_number_changed_by_hand_is_said(wellpost, made):
    _, out = made(
        "--npi", attested.CHEN, "--override", "secure-messaging=2/3: one letter by courier"
    )
    assert (
        "changed by hand: secure-messaging 2/3 by Ada Moss" in wellpost("packet", "verify", out).out
    )


@pytest.mark.parametrize(
    ("more", "status", "says"),
    [
        (["--attested-on", "2021-08-31"], 2, "the period 2021-06-01..2021-08-31 had not ended"),
        (["--attested-on", "2999-01-01"], 2, "that day has not come"),
        (["--attested-by", "  "], 2, "nobody attests"),
        (["--exclude", "secure-messaging=no_office_visits"], 2, "has the evidence for it"),
        (["--exclude", "secure-messaging=too_busy"], 2, "there is no ground of exclusion"),
        (
            ["--override", "secure-messaging=2/3: one letter by courier"],
            2,
            "names? it|one reporter",
        ),
        (["--npi", attested.CHEN, "--override", "secure-messaging=4/3: a b c"], 2, "cannot be"),
        (["--out", "packet.pdf"], 2, "let FILE end in .zip"),
    ],
)
def test_what_cannot_be_attested_is_refused_and_nothing_is_written(
    made, monkeypatch, tmp_path, more, status, says
):
    monkeypatch.chdir(tmp_path)
    ran, _ = made(*more)
    assert ran.status == status
    assert any(word in ran.err for word in says.split("|")), ran.err
    assert not list(tmp_path.rglob("*.zip"))
    assert not list(tmp_path.rglob("*.pdf"))


def test_bad_facts_are_refused_and_nothing_is_written(made, facts, tmp_path):
    with (facts / "encounters.csv").open("a") as file:
        file.write("broken\n")
    ran, out = made()
    assert ran.status == 1
    assert "encounters.csv" in ran.err
    assert not out.exists()
    assert not out.with_suffix(".pdf").exists()


@pytest.mark.parametrize("document", ["scorecard", "g2", "g1", "worklist"])
@pytest.mark.parametrize("form", ["pdf", "xlsx", "csv", "json"])
def test_every_document_in_every_form(wellpost, facts, tmp_path, document, form):
    out = tmp_path / f"it.{form}"
    ran = wellpost("report", facts, *ASKED, "--as", form, "--document", document, "--out", out)
    assert ran.status == 0, ran.err
    begins = {"pdf": b"%PDF-", "xlsx": b"PK", "csv": b"measure,", "json": b"{"}
    assert out.read_bytes().startswith(begins[form])


def test_the_documents_give_what_measure_gives(wellpost, facts, tmp_path):
    measured = wellpost("measure", facts, *ASKED, "--format", "json").json
    out = tmp_path / "scorecard"
    for form in ("json", "csv"):
        wellpost("report", facts, *ASKED, "--as", form, "--out", out.with_suffix(f".{form}"))
    whole = json.loads(out.with_suffix(".json").read_text())
    assert whole["results"] == measured["results"]
    assert whole["policies"] == measured["policies"]
    rows = list(csv.DictReader(io.StringIO(out.with_suffix(".csv").read_text())))
    assert [(row["measure"], row["npi"], int(row["numerator"])) for row in rows] == [
        (each["measure"], each["npi"], each["numerator"]) for each in measured["results"]
    ]


def test_a_file_that_is_no_packet_is_refused(wellpost, tmp_path):
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    ran = wellpost("packet", "verify", tmp_path / "photo.jpg")
    assert ran.status == 1
    assert "no ZIP that can be read" in ran.err
    assert wellpost("packet", "verify", tmp_path / "none.zip").status == 2
