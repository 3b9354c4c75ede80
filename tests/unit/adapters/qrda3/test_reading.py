"""QRDA III read: CMS's pairs come out as CMS has them; what is hostile or wrong is refused."""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

import pytest

from tests.unit.adapters.qrda3.conftest import DATA, unpacked
from wellpost.adapters.qpp import qpp_json
from wellpost.adapters.qrda3 import read_qrda3
from wellpost.errors import DataRefusedError
from wellpost.reports.submission import Measurement, Proportion
from wellpost.terms import Level

PAIRS = [
    ("2017_valid-QRDA-III-latest.xml", "2017_valid-QRDA-III-latest.qpp.json"),
    ("2019_valid-mips-sample-file.xml", "2019_valid-mips-sample-file-qpp.json"),
    ("2022_valid-QRDA-III-latest.xml", "2022_valid-QRDA-III-latest-qpp.json"),
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "feed.xml"


def sample(name: str, *changes: tuple[str, str]) -> bytes:
    """A sample of CMS, changed."""
    text = unpacked(f"samples/{name}").decode()
    for right, wrong in changes:
        assert right in text
        text = text.replace(right, wrong)
    return text.encode()


@pytest.mark.parametrize(("given", "expected"), PAIRS)
def test_cms_pairs_are_reproduced(given: str, expected: str, file: Path) -> None:
    file.write_bytes(sample(given))
    made = qpp_json(read_qrda3(file), source="qrda3")
    wanted = json.loads((DATA / "samples" / expected).read_text())
    ours = [each for each in wanted["measurementSets"] if each["category"] in ("aci", "pi")]
    assert made.pop("measurementSets") == ours
    wanted.pop("measurementSets")
    assert {key: made[key] for key in wanted} == wanted


def test_the_names_of_2017_stand_for_those_of_2018(file: Path) -> None:
    file.write_bytes(sample("2018_valid-QRDA-III.xml", ("PI_PEA_1", "ACI_PEA_1")))
    assert Measurement("PI_PEA_1", Proportion(600, 800)) in read_qrda3(file).measurements


def test_a_virtual_group_is_read(file: Path) -> None:
    name = "2020_demo-mips-virtual-group.xml"
    file.write_bytes(sample(name, ("2021-07-01", "2019-05-01")))
    entity = read_qrda3(file, 2020).entity
    assert (entity.level, entity.virtual_group) == (Level.VIRTUAL_GROUP, "x12345")


def refusal(file: Path, content: bytes, year: int | None = None) -> str:
    file.write_bytes(content)
    with pytest.raises(DataRefusedError) as refused:
        read_qrda3(file, year)
    assert str(refused.value).startswith("feed.xml:")
    return str(refused.value)


GOOD = PAIRS[0][0]


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        ('value="600"', 'value="-600"', "ACI_PEA_1: numerator -600 is negative"),
        ('value="600"', 'value="801"', "ACI_PEA_1: numerator 801 is above denominator 800"),
        ('value="600"', 'value="6e2"', "ACI_PEA_1 has no numerator that is one whole number"),
        ('"ACI_EP_1"', '"ACI_PEA_1"', "measure ACI_PEA_1 is there twice"),
        ('"ACI_EP_1"', '"ACI_EP_9"', "'ACI_EP_9' is not one of the 35 aci measures of 2017; did"),
        ('"ACI_EP_1"', '"ACI_PPHI_1"', "ACI_PPHI_1: this measure is answered by yes or no"),
        ('"MIPS_INDIV"', '"CPCPLUS"', "it is for CMS program 'CPCPLUS'; Wellpost reads MIPS_"),
        ('"000777777"', '"777777"', "tin '777777' cannot be right; a tin is 9 digits"),
        ('"20170201"', '"201702"', "low '201702' of the period is no day like 20170101"),
        ('"20170531"', '"20160531"', "period 2017-02-01..2016-05-31 ends before it starts"),
        ('"20170531"', '"20180531"', "is not of performance year 2017"),
        ("27.2.5", "27.2.9", "it holds 0 sections of Advancing Care Information"),
        ("20.17.3.8", "20.17.3.9", "0 reporting periods in the section"),
        ("</ClinicalDocument>", "", "this is not well-formed XML"),
        ("urn:hl7-org:v3", "urn:hl7-org:v4", "begins with ClinicalDocument of namespace"),
    ],
)
def test_a_fault_is_a_sentence(right: str, wrong: str, sentence: str, file: Path) -> None:
    assert sentence in refusal(file, sample(GOOD, (right, wrong)))


def test_a_file_of_another_year_is_refused(file: Path) -> None:
    asked = refusal(file, sample(GOOD), 2019)
    assert "period is 2017-02-01..2017-05-31; a file of 2019 was asked for" in asked
    period = [("20170201", "20240201"), ("20170531", "20240531")]
    guide = refusal(file, sample(GOOD, *period))
    assert "version 2017-07-01 of CMS's template is that of 2017 and 2018; 2024 has" in guide
    unknown = refusal(file, sample(GOOD, ("20170201", "20160201"), ("20170531", "20160531")))
    assert "no QRDA III guide of performance year 2016" in unknown


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE c [<!ENTITY x SYSTEM "SECRET">]>',
        '<!DOCTYPE c SYSTEM "SECRET">',
        '<!DOCTYPE c [<!ENTITY % x SYSTEM "SECRET"> %x;]>',
        "<!DOCTYPE c [<!ENTITY x 'boom'>]>",
        "<!DOCTYPE c>",
    ],
)
def test_a_file_with_entities_is_refused_and_nothing_else_is_read(
    doctype: str, file: Path, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("4711")
    text = sample(GOOD).decode().replace("Measure Section</title>", "&x;</title>", 1)
    body = text[text.index("<ClinicalDocument") :]
    if "x" not in doctype.replace("SYSTEM", ""):
        body = body.replace("&x;", "")
    sentence = refusal(file, (doctype.replace("SECRET", secret.as_uri()) + body).encode())
    assert "4711" not in sentence
    assert "document type or entities" in sentence or "not well-formed" in sentence


def test_entities_that_grow_are_refused(file: Path) -> None:
    laughs = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    doctype = f'<!DOCTYPE c [<!ENTITY e0 "ha">{laughs}]>'
    whole = f'{doctype}<ClinicalDocument xmlns="urn:hl7-org:v3" id="&e11;">&e11;</ClinicalDocument>'
    assert refusal(file, whole.encode())


def test_200_megabytes_are_refused_in_little_memory(file: Path) -> None:
    with file.open("wb") as sparse:
        sparse.truncate(200 * 1024**2)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(DataRefusedError, match=r"feed\.xml has 200 MB; a QRDA III file has at"):
        read_qrda3(file)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown / (1024 if sys.platform == "linux" else 1024**2) < 60


def test_depth_and_emptiness_are_refused(file: Path) -> None:
    deep = b'<ClinicalDocument xmlns="urn:hl7-org:v3">' + b"<a>" * 100_000
    assert "not well-formed" in refusal(file, deep)
    assert "not well-formed" in refusal(file, b"")


def test_no_entity_but_mips_is_read_as_one(file: Path) -> None:
    file.write_bytes(sample(GOOD, ('"MIPS_INDIV"', '"MIPS"')))
    assert read_qrda3(file).entity.npi == "0777777777"
    file.write_bytes(
        sample(GOOD, ('"MIPS_INDIV"', '"MIPS"'), ('extension="0777777777"', 'nullFlavor="NA"'))
    )
    assert read_qrda3(file).entity.level is Level.GROUP


def test_every_fault_of_a_sample_of_cms_is_said(file: Path) -> None:
    """The informative sample of 2017 misspells one identifier and names one measure twice."""
    sentences = refusal(file, sample("2017_MIPS_GROUP_QRDA_III_ACI_IA_Sample1.xml")).splitlines()
    assert [each.removeprefix("feed.xml: ") for each in sentences] == [
        "measure 'AACI_CCTPE_1' is not one of the 35 aci measures of 2017; "
        "did you mean ACI_CCTPE_1?",
        "measure ACI_TRANS_HIE_1 is there twice; each is submitted once.",
    ]
