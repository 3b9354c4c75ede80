"""The same report as PDF, workbook and CSV: opened again and compared with what was counted."""

from __future__ import annotations

import csv
import io
from datetime import date

import openpyxl
import pypdfium2
import pytest

from tests.worlds import attested
from wellpost.adapters.csv.writer import as_csv
from wellpost.adapters.pdf.writer import as_pdf
from wellpost.adapters.xlsx.writer import as_xlsx
from wellpost.reports.attestation import PRODUCT, names_of
from wellpost.reports.documents import Made
from wellpost.reports.evidence import evidence
from wellpost.reports.printed import (
    acts_document,
    patients_document,
    scorecard_document,
    worklist_document,
)
from wellpost.reports.scorecard import scorecard
from wellpost.reports.worklist import worklist

MADE = Made(PRODUCT, attested.THEN, "Ada Moss")


@pytest.fixture(scope="module")
def documents(tmp_path_factory):
    path = attested.practice(tmp_path_factory.mktemp("documents") / "facts")
    asked = attested.request(overrides=[attested.by_hand()])
    with attested.source(path) as source:
        names = names_of(source)
        card, listed = scorecard(source, asked), list(evidence(source, asked))
        return {
            "scorecard": scorecard_document(card, MADE, names),
            "g2": patients_document(card, listed, MADE, names),
            "g1": acts_document(asked, listed, MADE, names),
            "worklist": worklist_document(asked, list(worklist(source, asked)), MADE, names),
        }


def rows(document):
    return list(csv.DictReader(io.StringIO(as_csv(document).decode())))


def text(document) -> str:
    with pypdfium2.PdfDocument(as_pdf(document, MADE)) as pdf:
        return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in pdf)


def sheets(document):
    return openpyxl.load_workbook(io.BytesIO(as_xlsx(document, MADE)))


NAMES = ("scorecard", "g2", "g1", "worklist")


@pytest.mark.parametrize("name", NAMES)
def test_every_report_says_policies_sources_product_and_when(documents, name):
    said = text(documents[name])
    for word in (
        "Policies in force",
        "unreachable_patients",
        "42 CFR 495.24(d)(6)(i)(B)(2)",
        PRODUCT,
        "2022-01-05 12:30 UTC",
        "2021-06-01..2021-08-31",
        "Page 1 of",
        "Ada Moss",
    ):
        assert word in said, word
    line = rows(documents[name])[0]
    assert "unreachable_patients=count_when_available" in line["policies"]
    assert line["made_by"] == PRODUCT
    book = sheets(documents[name])
    assert {"Policies in force", "The rules, with their sources"} <= set(book.sheetnames)


@pytest.mark.parametrize("name", NAMES)
def test_a_number_changed_by_hand_is_said_on_every_report(documents, name):
    said = text(documents[name])
    assert "1 number was changed by hand" in said
    assert "one letter by courier, in the paper record" in said
    assert "Changed by hand" in sheets(documents[name]).sheetnames


def test_pdf_workbook_and_csv_hold_the_same_numbers(documents):
    by_csv = {
        row["measure"]: (int(row["numerator"]), int(row["denominator"]), row["changed_by_hand"])
        for row in rows(documents["scorecard"])
    }
    assert by_csv == {
        "patient-generated-data": (1, 3, "false"),
        "secure-messaging": (2, 3, "true"),
        "view-download-transmit": (2, 3, "false"),
    }
    titles, *lines = sheets(documents["scorecard"]).worksheets[0].iter_rows(values_only=True)
    found = [dict(zip(titles, line, strict=True)) for line in lines]
    assert {
        row["Measure"]: (row["Numerator"], row["Denominator"], row["By hand"]) for row in found
    } == {
        measure: (n, d, "yes" if by_hand == "true" else "no")
        for measure, (n, d, by_hand) in by_csv.items()
    }
    assert "secure-messaging clinician" in text(documents["scorecard"])
    assert "66.67 %" in text(documents["scorecard"])


def test_the_patients_of_both_lists_with_their_reasons(documents):
    found = {
        row["patient_id"]: (row["in_numerator"], row["reason"])
        for row in rows(documents["g2"])
        if row["measure"] == "secure-messaging"
    }
    counts, why = found["ann"]
    assert counts == "true"
    assert why.startswith("written to on 2021-01-02, credited to NPI")
    assert found["bob"][0] == "false"
    assert "sent by the patient" in found["bob"][1]
    assert set(found) == {"ann", "bob", "'=dot"}


def test_every_act_that_counts_and_no_other(documents):
    found = [(row["patient_id"], row["act"], row["counted_on"]) for row in rows(documents["g1"])]
    assert found == [
        ("ann", "incorporated_data", "2021-06-02"),
        ("ann", "message", "2021-01-02"),
        ("'=dot", "view", "2021-01-01"),
        ("bob", "view", "2021-09-01"),
    ]


def test_what_looks_like_a_formula_is_a_text(documents):
    sheet = sheets(documents["worklist"]).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == "=dot"]
    assert cells
    assert {cell.data_type for cell in cells} == {"s"}
    for name in NAMES[1:]:
        for row in rows(documents[name]):
            assert not any((cell or "").startswith(("=", "+", "-", "@")) for cell in row.values())


def test_days_and_numbers_in_the_workbook_can_be_sorted(documents):
    titles, first, *_ = sheets(documents["worklist"]).worksheets[0].iter_rows(values_only=True)
    found = dict(zip(titles, first, strict=True))
    assert found["First seen"].date() == date(2021, 8, 31)


def test_the_same_report_gives_the_same_bytes(documents):
    for document in documents.values():
        assert as_pdf(document, MADE) == as_pdf(document, MADE)
        assert as_xlsx(document, MADE) == as_xlsx(document, MADE)


def test_letters_beyond_latin_are_shown(documents):
    assert "Dr. Łukasz Chen" in text(documents["scorecard"])


def test_the_pdf_has_an_outline_a_language_and_a_structure(documents):
    content = as_pdf(documents["g2"], MADE)
    for mark in (b"/StructTreeRoot", b"/MarkInfo", b"/Lang", b"/Outlines", b"/S /TH", b"/S /H1"):
        assert mark in content, mark
    with pypdfium2.PdfDocument(content) as pdf:
        titles = [each.get_title() for each in pdf.get_toc()]
    assert "Policies in force" in titles


def test_each_page_of_the_pdf_is_drawn_inside_its_margins(documents):
    with pypdfium2.PdfDocument(as_pdf(documents["g2"], MADE)) as pdf:
        for page in pdf:
            image = page.render(scale=1).to_pil().convert("L")
            ink = image.point(lambda shade: 255 if shade < 200 else 0).getbbox()
            assert ink is not None
            assert ink[0] >= 40
            assert ink[2] <= image.width - 40
            assert ink[3] <= image.height - 20
