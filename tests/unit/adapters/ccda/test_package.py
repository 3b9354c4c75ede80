"""The document for people: a stylesheet makes a page of it."""

from __future__ import annotations

import io
import zipfile

from lxml import etree, html

from tests.unit.adapters.ccda import made_up
from tests.unit.adapters.ccda.conftest import GIVEN, KEEPER, NOW
from wellpost.adapters.ccda.package import as_page, packed
from wellpost.adapters.ccda.writer import STYLESHEET, write_ccd


def document() -> bytes:
    return write_ccd(made_up.EVERYTHING, KEEPER, GIVEN)


def test_the_document_names_the_stylesheet_that_comes_with_it():
    names = zipfile.ZipFile(io.BytesIO(packed(document(), NOW))).namelist()
    assert names == ["record.xml", STYLESHEET, "record.html"]
    (said,) = etree.fromstring(document()).xpath("//processing-instruction('xml-stylesheet')")
    assert said.get("href") == STYLESHEET


def test_the_page_says_whose_it_is_and_has_every_section_under_a_heading():
    page = html.fromstring(as_page(document()))
    assert "Alice" in page.findtext(".//dd")
    titles = etree.fromstring(document()).xpath(
        "//*[local-name()='section']/*[local-name()='title']"
    )
    headings = [each.text for each in page.iter("h2")]
    assert headings[1:] == [each.text for each in titles]


def test_the_links_of_the_page_lead_to_its_sections():
    page = html.fromstring(as_page(document()))
    wanted = {each.get("href")[1:] for each in page.iter("a")}
    assert wanted and wanted <= set(page.xpath("//@id"))


def test_the_page_takes_nothing_from_elsewhere_and_runs_nothing():
    page = html.fromstring(as_page(document()))
    assert not page.xpath("//script | //link | //img | //@onclick | //@src")


def test_what_a_resource_says_is_text_never_markup():
    wrong = {**made_up.CONDITION, "code": {"text": "<script>alert(1)</script>"}}
    page = html.fromstring(as_page(write_ccd([made_up.PATIENT, wrong], KEEPER, GIVEN)))
    assert not page.xpath("//script")
    assert "<script>alert(1)</script>" in page.text_content()


def test_the_same_document_packs_to_the_same_bytes():
    assert packed(document(), NOW) == packed(document(), NOW)
