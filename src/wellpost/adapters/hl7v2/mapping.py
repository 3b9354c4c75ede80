"""What HL7 v2 codes and fields mean here: every choice, with its reason, in one place.

docs/reference/hl7v2-mapping.md is made from this module by `python -m wellpost.cli.reference`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from .values import Effect


class Event(NamedTuple):
    """What a trigger event does here."""

    does: str
    effect: Effect = "none"
    needs_visit: bool = False


EVENTS: Mapping[str, Event] = {
    "A01": Event("admit: the patient is known or made, the visit is recorded", "stands", True),
    "A03": Event("discharge: as A08; the visit was one already", "changes"),
    "A04": Event("register: the patient is known or made, the visit is recorded", "stands", True),
    "A08": Event("update: patient and visit are changed, or made when they were missed", "changes"),
    "A11": Event("cancel admit or register: the visit no longer counts", "is_cancelled", True),
    "A13": Event("cancel discharge: as A08; an office visit knows no discharge", "changes"),
    "A31": Event("update person: changed where known here; nobody is made who was never seen"),
    "A40": Event("merge: the record of MRG-1 goes into that of PID-3"),
}
"""ADT events. Any other is refused with 201 and this list."""

CLASSES: Mapping[str, str] = {
    "O": "office_visit",
    "R": "office_visit",
    "V": "telehealth",
    "VR": "telehealth",
}
"""PV1-2 (table 0004, open to each site). O outpatient and R recurring outpatient are office visits
as AMB is in FHIR; V and VR, virtual, are in use though no table has V. Every other one (E, I, B, U,
C, obstetrics, emergency, inpatient) is `other`: the patient was seen, in no office visit."""

NO_VISIT = frozenset({"N", "P"})
"""PV1-2 without a visit: N not applicable; P preadmitted, who has not been seen yet."""

RECORD_NUMBERS = frozenset({"", "MR", "MRT", "PI", "PT", "U"})
"""PID-3.5 (table 0203) that is kept: record numbers, and what has no type. Never social security
numbers, licences, passports or accounts: nothing here needs them, and accounts change hands."""

NPI_MARKS = frozenset({"NPI", "2.16.840.1.113883.4.6", "urn:oid:2.16.840.1.113883.4.6"})
"""In PV1-7.13 (identifier type), .9 (assigning authority) or .12 (check digit scheme)."""

SEXES: Mapping[str, str] = {"F": "female", "M": "male", "O": "other", "A": "other", "U": "unknown"}
"""PID-8 (table 0001) to the words of FHIR, which the record uses."""

NAMES = ("L", "", "D")
"""PID-5.7: the legal name first, then one without a type, then the display name; else the first."""

CHARSETS: Mapping[str, str] = {
    "": "utf-8",
    "ASCII": "ascii",
    "UNICODE UTF-8": "utf-8",
    "UTF-8": "utf-8",
    **{f"8859/{part}": f"iso8859_{part}" for part in (*range(1, 12), 13, 14, 15)},
}
"""MSH-18 (table 0211). Empty means ASCII; UTF-8 is read, of which ASCII is a part."""

VERSIONS = ("2.1", "2.2", "2.3", "2.3.1", "2.4", "2.5", "2.5.1", "2.6", "2.7", "2.7.1", "2.8",
            "2.8.1", "2.8.2", "2.9", "2.9.1")  # fmt: skip
"""MSH-12. The fields used here stand at the same places in all of them."""

FIELDS: tuple[tuple[str, str, str], ...] = (
    ("MSH-3, MSH-4", "the sender", "with MSH-10 they name a message: sent again, it counts once"),
    ("MSH-7", "the time zone, where a time has none of its own", "so HL7 2.7, chapter 2"),
    ("MSH-9.2", "what happened", "the table above; EVN-1 only where MSH-9.2 is empty"),
    ("MSH-11", "P, or T and D with --test-messages", "a test must make no patient"),
    ("MSH-15, MSH-16", "which acknowledgments are wanted", "both empty: one, always"),
    ("EVN-2", "when it was recorded, else MSH-7", "an older word never undoes a newer one"),
    ("PID-3", "record numbers: system and value", "system: an OID as urn:oid:…, as FHIR writes it;"
     " else hl7v2: and the name of the authority, else of MSH-4"),
    ("PID-5, 7, 8, 11, 13", "name, birth, sex, address, telephone and email",
     "empty: what is known stays; two quotation marks: taken away (names and births stay)"),
    ("PID-11.9", "the patient's county, when it is a FIPS code", "table 0289 is a site's own"),
    ("PV1-2", "the kind of visit", "the table above"),
    ("PV1-3.4, MSH-6, MSH-4", "the practice",
     "the first that is a TIN, or a name given with --facility; none: --practice, or the server's"
     " only practice"),
    ("PV1-7", "the clinician, by NPI", "marked as NPI; else ten digits that pass the check digit."
     " It must be a clinician of the practice on that day"),
    ("PV1-19", "the visit's own number, with its authority", "by it an A08 or A11 finds the visit"),
    ("PV1-44", "the day of the visit, else EVN-6, else EVN-2 (A01 and A04 alone)",
     "the local day of the practice; an A08 without PV1-44 moves no visit"),
    ("MRG-1", "the record that goes into another", "identifiers as in PID-3"),
)  # fmt: skip
"""Each field that is read: what it becomes, and why. No other is; nothing else is kept."""
