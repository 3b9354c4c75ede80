"""Each fact table described once; checks, documents, made-up data and mappings read it here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    DAY = "day"
    FLAG = "flag"
    SHARE = "share"


@dataclass(frozen=True)
class Column:
    """One column: what it holds and what a value must look like.

    `digits` is the exact number of digits, `values` the only words allowed, `check` the name
    of a check digit (`npi`), `refers` whether the npi must stand in `clinicians`.
    """

    name: str
    says: str
    kind: Kind = Kind.TEXT
    empty_allowed: bool = False
    values: tuple[str, ...] = ()
    digits: int | None = None
    check: str | None = None
    refers: bool = False


@dataclass(frozen=True)
class Table:
    """One table: what a row is, its columns, and the columns that tell rows apart (may be none)."""

    name: str
    says: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    needed_always: bool = False

    def column(self, name: str) -> Column:
        """The column of that name; KeyError when the table has none."""
        return {column.name: column for column in self.columns}[name]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)


def _npi(says: str, *, empty_allowed: bool = False, refers: bool = True) -> Column:
    return Column("npi", says, digits=10, check="npi", empty_allowed=empty_allowed, refers=refers)


def _tin(says: str, *, empty_allowed: bool = False) -> Column:
    return Column("tin", says, digits=9, empty_allowed=empty_allowed)


def _patient() -> Column:
    return Column("patient_id", "the unique patient")


CLINICIANS = Table(
    "clinicians",
    "a clinician in a practice",
    (
        _npi("the clinician: 10 digits with check digit", refers=False),
        _tin("the practice: 9 digits"),
        Column("name", "the clinician's name, for showing", empty_allowed=True),
    ),
    key=("npi", "tin"),
    needed_always=True,
)

ENCOUNTERS = Table(
    "encounters",
    "a patient seen by a clinician",
    (
        Column("encounter_id", "the encounter"),
        _patient(),
        _npi("the clinician who saw the patient"),
        _tin("the practice it was seen under"),
        Column("seen_on", "the day", Kind.DAY),
        Column("kind", "what it was", values=("office_visit", "telehealth", "other")),
        Column("county", "where: 5-digit FIPS", digits=5, empty_allowed=True),
        Column(
            "certified_location",
            "whether the place has certified technology",
            Kind.FLAG,
            empty_allowed=True,
        ),
    ),
    key=("encounter_id",),
    needed_always=True,
)

MESSAGES = Table(
    "messages",
    "a secure message, once for each patient it concerns",
    (
        Column("message_id", "the message"),
        Column("thread_id", "its thread, which may hold several patients", empty_allowed=True),
        _patient(),
        _npi(
            "who takes part: the author, the one staff write for, or the one addressed",
            empty_allowed=True,
        ),
        _tin("the practice, for staff messages for no clinician in particular", empty_allowed=True),
        Column("sent_on", "the day it was sent", Kind.DAY),
        Column(
            "available_on",
            "the day the patient or a representative could open it; empty: the day it was sent",
            Kind.DAY,
            empty_allowed=True,
        ),
        Column(
            "sent_by",
            "who wrote it",
            values=("clinician", "staff", "automated", "patient", "representative"),
        ),
        Column("sent_to", "to whom", values=("patient", "representative", "clinician")),
        Column("patient_included", "whether the patient or representative can read it", Kind.FLAG),
        Column("in_reply_to", "the message it answers", empty_allowed=True),
    ),
    key=("message_id", "patient_id"),
)

PORTAL_ACTIONS = Table(
    "portal_actions",
    "a use of the patient's information",
    (
        _patient(),
        _tin("whose portal; empty: any", empty_allowed=True),
        Column("acted_on", "the day", Kind.DAY),
        Column("action", "what was done", values=("view", "download", "transmit", "api")),
        Column(
            "acted_by", "who did it", values=("patient", "representative", "clinician", "staff")
        ),
    ),
)

PATIENT_DATA = Table(
    "patient_data",
    "data from the patient or a non-clinical setting",
    (
        _patient(),
        _npi("the clinician who incorporated it", empty_allowed=True),
        Column("received_on", "the day it came", Kind.DAY),
        Column(
            "incorporated_on",
            "the day it was incorporated into the record; empty until then",
            Kind.DAY,
            empty_allowed=True,
        ),
        Column(
            "source", "where it came from", values=("patient", "device", "non_clinical_setting")
        ),
    ),
)

ACCESS_GRANTS = Table(
    "access_grants",
    "when an encounter's information reached the patient",
    (
        Column("encounter_id", "the encounter"),
        Column("available_on", "the day the information was available to the clinician", Kind.DAY),
        Column(
            "vdt_on",
            "the day it could be viewed, downloaded and transmitted",
            Kind.DAY,
            empty_allowed=True,
        ),
        Column("api_on", "the day an API could reach it", Kind.DAY, empty_allowed=True),
    ),
    key=("encounter_id",),
)

CLOSED_DAYS = Table(
    "closed_days",
    "a day on which a practice is closed: no business day there; without any, Monday to Friday are",
    (_tin("the practice"), Column("closed_on", "the day", Kind.DAY)),
    key=("tin", "closed_on"),
)

VIRTUAL_GROUPS = Table(
    "virtual_groups",
    "a TIN in a virtual group",
    (Column("virtual_group", "the virtual group"), _tin("a practice of it")),
)

COUNTIES = Table(
    "counties",
    "broadband by county, when the location exclusion is claimed",
    (
        Column("county", "5-digit FIPS", digits=5),
        Column("as_of", "the day of the FCC data", Kind.DAY),
        Column(
            "percent_4mbps", "percent of housing units with 4 Mbps broadband, 0 to 100", Kind.SHARE
        ),
        Column(
            "percent_3mbps",
            "percent of housing units with 3 Mbps broadband, which Stage 2 of 2014 asks for",
            Kind.SHARE,
            empty_allowed=True,
        ),
    ),
    key=("county", "as_of"),
)

APPOINTMENTS = Table(
    "appointments",
    "a visit that is planned; no measure counts it, lists of whom to reach show the next one",
    (
        _patient(),
        _npi("the clinician it is planned with; empty: not settled", empty_allowed=True),
        _tin("the practice; empty: not told", empty_allowed=True),
        Column("planned_on", "the day", Kind.DAY),
        Column("kind", "what it will be", values=("office_visit", "telehealth", "other")),
    ),
)

TABLES: Mapping[str, Table] = MappingProxyType(
    {
        table.name: table
        for table in (
            CLINICIANS,
            ENCOUNTERS,
            MESSAGES,
            PORTAL_ACTIONS,
            PATIENT_DATA,
            ACCESS_GRANTS,
            CLOSED_DAYS,
            VIRTUAL_GROUPS,
            COUNTIES,
            APPOINTMENTS,
        )
    }
)
