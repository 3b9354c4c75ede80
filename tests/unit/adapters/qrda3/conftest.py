"""CMS's schema and schematron, unpacked once; they judge every file that is written."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from lxml import etree, isoschematron

DATA = Path(__file__).parents[3] / "data/qrda"
REPORTED = "{http://purl.oclc.org/dsdl/svrl}"


def unpacked(name: str) -> bytes:
    """A file of the test data, gunzipped."""
    return gzip.decompress((DATA / f"{name}.gz").read_bytes())


@pytest.fixture(scope="session")
def qrda(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The schema and schematron folders as published."""
    folder = tmp_path_factory.mktemp("qrda")
    for packed in (*DATA.glob("cda/**/*.gz"), *DATA.glob("schematron/**/*.gz")):
        plain = folder / packed.relative_to(DATA).with_suffix("")
        plain.parent.mkdir(parents=True, exist_ok=True)
        plain.write_bytes(gzip.decompress(packed.read_bytes()))
    return folder


@pytest.fixture(scope="session")
def faults(qrda: Path) -> Callable[[bytes, int], list[str]]:
    """What the CDA schema and CMS's schematron of a year find wrong in a document."""
    schema = etree.XMLSchema(etree.parse(qrda / "cda/infrastructure/cda/CDA_SDTC.xsd"))
    schematron = cache(lambda year: _schematron(qrda / f"schematron/IG-{year}"))

    def found(content: bytes, year: int) -> list[str]:
        document = etree.fromstring(content)
        schema.validate(document)
        return [str(each) for each in schema.error_log] + list(_wrong(schematron(year), document))

    return found


def _schematron(folder: Path) -> isoschematron.Schematron:
    text = (folder / "EP_CAT_III.sch").read_text(encoding="utf-8")
    vocabulary = (folder / "voc.xml").as_uri()
    rules = etree.fromstring(text.replace("voc.xml", vocabulary).encode())
    # The schematron of 2019 has an empty rule, which the schema of schematron forbids.
    return isoschematron.Schematron(rules, phase="errors", store_report=True, validate_schema=False)


def _wrong(schematron: isoschematron.Schematron, document: etree._Element) -> Iterator[str]:
    schematron.validate(document)
    report = schematron.validation_report
    assert report.find(f".//{REPORTED}fired-rule") is not None, "no rule was tried"
    for each in report.iter(f"{REPORTED}failed-assert"):
        yield f"{each.get('location')}: {' '.join(''.join(each.itertext()).split())}"
