"""CMS's QRDA III implementation guide by performance year: which versions of templates it names."""

from __future__ import annotations

from dataclasses import dataclass, replace

from wellpost.errors import DataRefusedError

HL7 = "2.16.840.1.113883"
TEMPLATES = f"{HL7}.10.20"
REPORT = f"{TEMPLATES}.27.1.1"
CMS_REPORT = f"{TEMPLATES}.27.1.2"
MEASURE_SECTION = f"{TEMPLATES}.24.2.2"
SECTION = f"{TEMPLATES}.27.2.5"
MEASURE_REFERENCE = f"{TEMPLATES}.24.3.98"
PROPORTION = f"{TEMPLATES}.27.3.28"
PERFORMED = f"{TEMPLATES}.27.3.29"
ANSWER = f"{TEMPLATES}.27.3.27"
RATE = f"{TEMPLATES}.27.3.30"
NUMERATOR = f"{TEMPLATES}.27.3.31"
DENOMINATOR = f"{TEMPLATES}.27.3.32"
COUNT = f"{TEMPLATES}.27.3.3"
PARAMETERS = f"{TEMPLATES}.17.3.8"

NPI = f"{HL7}.4.6"
TIN = f"{HL7}.4.2"
VIRTUAL_GROUP = f"{HL7}.3.249.5.2"
CERTIFICATION = f"{HL7}.3.2074.1"
CMS_PROGRAM = f"{HL7}.3.249.7"
MEASURE_IDENTIFIER = f"{HL7}.3.7031"


@dataclass(frozen=True)
class Edition:
    """The versions (`extension`) of the templates whose version changed over the years."""

    report: str
    cms_report: str
    section: str
    parameters: str | None
    programs: tuple[str, ...]


_FIRST = Edition("2017-06-01", "2017-07-01", "2017-06-01", None, ("MIPS_INDIV", "MIPS_GROUP"))
_GROUPS = replace(_FIRST, programs=(*_FIRST.programs, "MIPS_VIRTUALGROUP"))
_SINCE_2023 = replace(_GROUPS, report="2020-12-01", section="2020-12-01", parameters="2020-12-01")
EDITIONS = {
    2017: _FIRST,
    2018: _FIRST,
    2019: replace(_GROUPS, cms_report="2018-05-01"),
    2020: replace(_GROUPS, cms_report="2019-05-01"),
    2021: replace(_GROUPS, cms_report="2020-05-01"),
    2022: replace(_GROUPS, cms_report="2021-07-01"),
    2023: replace(_SINCE_2023, cms_report="2022-12-01"),
    2024: replace(_SINCE_2023, cms_report="2022-12-01"),
    2025: replace(_SINCE_2023, cms_report="2024-12-01"),
    2026: replace(_SINCE_2023, cms_report="2025-05-01"),
}

PROGRAM_NAMES = {
    "individual": "MIPS_INDIV",
    "group": "MIPS_GROUP",
    "virtual-group": "MIPS_VIRTUALGROUP",
}


def edition(year: int) -> Edition:
    """The guide of a performance year; DataRefusedError names the years there are."""
    if year not in EDITIONS:
        raise DataRefusedError(
            f"there is no QRDA III guide of performance year {year}; "
            f"there is one of each year from {min(EDITIONS)} to {max(EDITIONS)}."
        )
    return EDITIONS[year]


def years_of(cms_report: str | None) -> list[int]:
    """The performance years whose guide has this version of CMS's report template."""
    return [year for year, each in EDITIONS.items() if each.cms_report == cms_report]
