"""A QRDA Category III file read into a submission; other sections than ours are left aside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from lxml import etree

from wellpost.adapters.qrda3.editions import (
    ANSWER,
    CERTIFICATION,
    CMS_PROGRAM,
    CMS_REPORT,
    COUNT,
    DENOMINATOR,
    NPI,
    NUMERATOR,
    PARAMETERS,
    PERFORMED,
    PROGRAM_NAMES,
    PROPORTION,
    SECTION,
    TIN,
    VIRTUAL_GROUP,
    edition,
    years_of,
)
from wellpost.adapters.qrda3.elements import CDA, Element
from wellpost.adapters.qrda3.parsing import parsed
from wellpost.errors import DataRefusedError
from wellpost.reports.submission import (
    ENTITIES,
    Measurement,
    Proportion,
    Submission,
    performance_period,
)
from wellpost.rules.mips_measures import MipsYear, mips_year
from wellpost.rules.naming import listed
from wellpost.terms import Period, Reporter

NAMES = {"c": CDA}


def read_qrda3(path: Path, year: int | None = None) -> Submission:
    """The ACI or PI section of a QRDA III file.

    DataRefusedError, with file and line, when it is hostile, broken, not of `year` (where one is
    asked for), or made by the guide of another year than its performance period.
    """
    root = parsed(path)
    try:
        return _submission(root, year)
    except DataRefusedError as refused:
        faults = (_placed(path.name, fault) for fault in refused.faults)
        raise DataRefusedError(*faults) from None


def _placed(file: str, fault: str) -> str:
    return f"{file}:{fault}" if re.match(r"\d+: ", fault) else f"{file}: {fault}"


def _submission(root: Element, year: int | None) -> Submission:
    section = _section(root)
    period = _period(section)
    _refuse_other_year(root, period, year)
    rules = mips_year(period.start.year)
    return Submission(
        rules.year,
        _entity(root),
        period,
        tuple(_measurements(section, rules)),
        _extension(root, f"c:participant//c:id[@root='{CERTIFICATION}']"),
    )


def _section(root: Element) -> Element:
    found = _all(root, f".//c:section[c:templateId[@root='{SECTION}']]")
    if len(found) != 1:
        raise DataRefusedError(
            f"it holds {len(found)} sections of Advancing Care Information or Promoting "
            f"Interoperability (template {SECTION}); there must be one."
        )
    return found[0]


def _refuse_other_year(root: Element, period: Period, asked: int | None) -> None:
    year = period.start.year
    if asked is not None and asked != year:
        raise DataRefusedError(
            f"its performance period is {period}; a file of {asked} was asked for."
        )
    version = _extension(root, f"c:templateId[@root='{CMS_REPORT}']")
    if version != edition(year).cms_report:
        guides = years_of(version)
        made_by = f"is that of {listed(map(str, guides))}" if guides else "is of no year"
        raise DataRefusedError(
            f"its performance period is {period}, but its version {version} of CMS's template "
            f"{made_by}; {year} has {edition(year).cms_report}."
        )


def _period(section: Element) -> Period:
    acts = _all(section, f".//c:act[c:templateId[@root='{PARAMETERS}']]/c:effectiveTime")
    if len(acts) != 1:
        raise _fault(section, f"{len(acts)} reporting periods in the section; there must be one")
    return performance_period(_day(acts[0], "low"), _day(acts[0], "high"))


def _day(time: Element, name: str) -> date:
    given = _attribute(time, f"c:{name}", "value") or ""
    found = re.match(r"(\d{4})(\d\d)(\d\d)", given)
    try:
        if not found:
            raise ValueError
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise _fault(time, f"{name} {given!r} of the period is no day like 20170101") from None


def _entity(root: Element) -> Reporter:
    program = _extension(root, f"c:informationRecipient//c:id[@root='{CMS_PROGRAM}']") or ""
    performer = "c:documentationOf/c:serviceEvent/c:performer/c:assignedEntity"
    npi = _extension(root, f"{performer}/c:id[@root='{NPI}']")
    tin = _extension(root, f"{performer}/c:representedOrganization/c:id[@root='{TIN}']")
    virtual = f"{performer}/c:representedOrganization/c:id[@root='{VIRTUAL_GROUP}']"
    kind = _kind(program, npi)
    if kind == "virtual-group":
        return Reporter(ENTITIES[kind], virtual_group=_extension(root, virtual) or "")
    return Reporter(ENTITIES[kind], tin or "", npi or "" if kind == "individual" else None)


def _kind(program: str, npi: str | None) -> str:
    """Which entity the CMS program names; the plain `MIPS` of older files leaves it to the npi."""
    kinds = {written: kind for kind, written in PROGRAM_NAMES.items()}
    kinds["MIPS"] = "individual" if npi else "group"
    if program not in kinds:
        raise DataRefusedError(
            f"it is for CMS program {program!r}; Wellpost reads {listed(PROGRAM_NAMES.values())}."
        )
    return kinds[program]


def _measurements(section: Element, rules: MipsYear) -> Iterator[Measurement]:
    for organizer in _all(section, "c:entry/c:organizer"):
        # Not by the id's root: CMS's converter takes any, and its sample of 2019 has a wrong one.
        given = _extension(organizer, "c:reference/c:externalDocument/c:id")
        if given is None:
            raise _fault(organizer, "an entry without a measure identifier")
        yield Measurement(rules.canonical(given), _value(organizer, given))


def _value(organizer: Element, identifier: str) -> Proportion | bool:
    templates = {each.get("root") for each in _all(organizer, "c:templateId")}
    if PROPORTION in templates:
        return Proportion(
            _count(organizer, NUMERATOR, "numerator", identifier),
            _count(organizer, DENOMINATOR, "denominator", identifier),
        )
    if PERFORMED in templates:
        return _answer(organizer, identifier)
    raise _fault(organizer, f"{identifier} holds neither counts nor an answer")


def _count(organizer: Element, kind: str, name: str, identifier: str) -> int:
    inner = f"c:observation[c:templateId[@root='{COUNT}']]/c:value"
    holder = f"c:component/c:observation[c:templateId[@root='{kind}']]"
    found = _all(organizer, f"{holder}/c:entryRelationship/{inner}")
    given = found[0].get("value", "") if len(found) == 1 else ""
    if not re.fullmatch(r"[+-]?\d{1,12}", given):
        raise _fault(organizer, f"{identifier} has no {name} that is one whole number")
    return int(given)


def _answer(organizer: Element, identifier: str) -> bool:
    where = f"c:component/c:observation[c:templateId[@root='{ANSWER}']]/c:value"
    code = _attribute(organizer, where, "code")
    if code not in ("Y", "N"):
        raise _fault(organizer, f"{identifier} is answered {code!r}; the answer is Y or N")
    return code == "Y"


def _fault(place: Element, wrong: str) -> DataRefusedError:
    return DataRefusedError(f"{place.sourceline}: {wrong}.")


def _all(place: Element, path: str) -> list[Element]:
    found = place.xpath(path, namespaces=NAMES)
    each_found = found if isinstance(found, list) else []
    return [each for each in each_found if isinstance(each, etree._Element)]


def _extension(place: Element, path: str) -> str | None:
    return _attribute(place, path, "extension")


def _attribute(place: Element, path: str, name: str) -> str | None:
    found = _all(place, path)
    return found[0].get(name) if found else None
