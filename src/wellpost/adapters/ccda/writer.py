"""A patient's record as a Continuity of Care Document (C-CDA 2.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree

from wellpost.adapters.ccda.elements import LOINC, NAMES, SDTC, Element, element
from wellpost.adapters.ccda.header import header
from wellpost.adapters.ccda.narrative import Line, table
from wellpost.adapters.ccda.record import Given, Keeper, Record
from wellpost.adapters.ccda.results import birth_sex, report
from wellpost.adapters.ccda.sections import KINDS, Kind, place
from wellpost.adapters.fhir.elements import Json, as_object, as_objects, text_of
from wellpost.adapters.fhir.plain import entry

STYLESHEET = "wellpost-ccd.xsl"


def write_ccd(resources: Iterable[Json], keeper: Keeper, given: Given) -> bytes:
    """The document in UTF-8: FHIR R4 resources of one patient, and those they refer to.

    It names the stylesheet `wellpost-ccd.xsl`. What CDA has no entry for stands in the text.
    """
    return etree.tostring(
        document(Record.of(resources, keeper, given)), xml_declaration=True, encoding="UTF-8"
    )


def document(record: Record) -> Any:
    """The document as a tree."""
    names: Any = {**NAMES, "sdtc": SDTC}
    root = etree.Element(f"{{{NAMES[None]}}}ClinicalDocument", nsmap=names)
    root.extend(header(record))
    root.append(element("component", element("structuredBody", *_sections(record))))
    etree.cleanup_namespaces(root, top_nsmap=names, keep_ns_prefixes=["xsi", "sdtc"])
    root.addprevious(etree.PI("xml-stylesheet", f'type="text/xsl" href="{STYLESHEET}"'))
    return root.getroottree()


def _sections(record: Record) -> Iterator[Element]:
    lines: dict[str, list[Line]] = {}
    for number, (where, resource) in enumerate(_placed(record)):
        says = entry(resource, record.find)
        lines.setdefault(where, []).append(Line(f"r{number}", resource, says))
    for kind in KINDS:
        held = sorted(lines.get(kind.name, ()), key=_latest, reverse=True)
        if held or kind.required:
            yield element("component", _section(kind, held, record))


def _placed(record: Record) -> Iterator[tuple[str, Json]]:
    for resources in record.by_kind.values():
        for each in resources:
            where = place(each)
            if where:
                yield where, each


def _latest(line: Line) -> str:
    return line.says.on.isoformat() if line.says.on else ""


def _section(kind: Kind, lines: list[Line], record: Record) -> Element:
    entries = [element("entry", each, typeCode="DRIV") for each in _entries(kind, lines, record)]
    return element(
        "section",
        *kind.templates,
        element("code", code=kind.code, codeSystem=LOINC, displayName=kind.title),
        element("title", text=kind.title),
        table(lines),
        *entries,
        nullFlavor="NI" if kind.required and not entries and kind.name != "social" else None,
    )


def _entries(kind: Kind, lines: list[Line], record: Record) -> Iterator[Element]:
    within = _within_reports(record) if kind.name == "results" else set()
    for line in lines:
        made = _entry(kind, line, record, within)
        if made is not None:
            yield made
    if kind.name == "social" and (sex := birth_sex(record.patient)) is not None:
        yield sex


def _entry(kind: Kind, line: Line, record: Record, within: set[str]) -> Element | None:
    if kind.make is None:
        return None
    if line.resource.get("resourceType") == "DiagnosticReport":
        return report(line.resource, line.row, record)
    if f"Observation/{text_of(line.resource, 'id')}" in within:
        return None
    return kind.make(line.resource, line.row, record)


def _within_reports(record: Record) -> set[str]:
    """The observations that a report holds: not said a second time."""
    return {
        text_of(as_object(each), "reference")
        for one in record.all("DiagnosticReport")
        for each in as_objects(one.get("result"))
    }
