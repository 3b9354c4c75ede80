"""The CDA schema, unpacked once; and the records of a hundred made-up patients."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from tests.unit.adapters.ccda.made_up import Json
from wellpost.adapters.ccda.record import Given, Keeper

DATA = Path(__file__).parents[3] / "data"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
KEEPER = Keeper("Harbor Family Practice", "6f1c2d3e-0000-4000-8000-000000000001", "207 555 0100")
GIVEN = Given(NOW)
SHARED = {"Practitioner", "Organization", "Location"}


@pytest.fixture(scope="session")
def faults(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes], list[str]]:
    """What the CDA schema (with HL7's extensions for the US) finds wrong in a document."""
    folder, source = tmp_path_factory.mktemp("cda"), DATA / "qrda/cda"
    for packed in source.glob("**/*.gz"):
        plain = folder / packed.relative_to(source).with_suffix("")
        plain.parent.mkdir(parents=True, exist_ok=True)
        plain.write_bytes(gzip.decompress(packed.read_bytes()))
    schema = etree.XMLSchema(etree.parse(folder / "infrastructure/cda/CDA_SDTC.xsd"))

    def found(content: bytes) -> list[str]:
        schema.validate(etree.fromstring(content))
        return [f"line {each.line}: {each.message}" for each in schema.error_log]

    return found


@cache
def records() -> dict[str, list[Json]]:
    """The whole record of each of the hundred, with what it refers to."""
    packed = (DATA / "synthea/records-of-100.ndjson.gz").read_bytes()
    resources = [json.loads(line) for line in gzip.decompress(packed).splitlines()]
    shared = [each for each in resources if each["resourceType"] in SHARED]
    held: dict[str, list[Json]] = {}
    for each in resources:
        if each["resourceType"] == "Patient":
            held[each["id"]] = [each]
        elif each["resourceType"] not in SHARED:
            whose = (each.get("subject") or each["patient"])["reference"].split("/")[1]
            held[whose].append(each)
    return {name: [*own, *shared] for name, own in held.items()}
