"""Everybody one can be in the demo. Made up, all of them; so are their numbers and secrets."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wellpost.facts.identifiers import make_npi, make_tin

PASSWORD = "lantern-harbor-spruce"  # noqa: S105 - of made-up people, shown to everybody on /demo/

PRACTICE = "Kennebec Family Practice"
PRACTICE_TIN = make_tin("demo " + PRACTICE)
OTHER_PRACTICE = "Penobscot Bay Health"
OTHER_TIN = make_tin("demo " + OTHER_PRACTICE)
TIME_ZONE = "America/New_York"


@dataclass(frozen=True)
class Person:
    """Somebody with an account: what they are and what to try as them.

    `npi` is a clinician's. `second_factor` says whether signing in asks for a code.
    """

    key: str
    name: str
    email: str
    role: str | Promise
    try_this: str | Promise
    npi: str = ""
    second_factor: bool = True

    @property
    def secret(self) -> str:
        """The secret of the second factor, the same at every build."""
        return base64.b32encode(hashlib.sha256(f"demo {self.key}".encode()).digest()[:20]).decode()


ALDEN = Person(
    "alden",
    "Dr. Maya Alden",
    "maya.alden@example.org",
    _("Clinician, Kennebec Family Practice"),
    _(
        "Open Measures: 5 of 100 patients seen from June to August were written to, and one more "
        "is needed. Open her worklist, write to somebody who can read messages, and look again."
    ),
    make_npi("demo Maya Alden"),
)
REYES = Person(
    "reyes",
    "Dr. Jonah Reyes",
    "jonah.reyes@example.org",
    _("Clinician, Kennebec Family Practice"),
    _("Sees his own numbers, not Dr. Alden's. She wrote to him once; the patient reads along."),
    make_npi("demo Jonah Reyes"),
)
STAFF = Person(
    "staff",
    "Nora Quill",
    "nora.quill@example.org",
    _("Staff, Kennebec Family Practice"),
    _("Keeps the practice's inbox, writes for a clinician, invites patients, records visits."),
)
ADMINISTRATOR = Person(
    "administrator",
    "Sam Whitlock",
    "sam.whitlock@example.org",
    _("Administrator, Kennebec Family Practice"),
    _("Adds people and reads the record of everything that was done. Reads no messages."),
)
REPORTER = Person(
    "reporter",
    "Ines Calder",
    "ines.calder@example.org",
    _("Reports for Kennebec Family Practice"),
    _("Sees every clinician's numbers and the practice's, where each patient counts once."),
)
PATIENT = Person(
    "patient",
    "",
    "patient@example.org",
    _("Patient of Dr. Alden"),
    _(
        "One of the hundred. Asked something and waits for the answer, has a record of many years, "
        "and sends blood pressure from home; try it on a phone."
    ),
    second_factor=False,
)
REPRESENTATIVE = Person(
    "representative",
    "Alma Fenwick",
    "alma.fenwick@example.org",
    _("Representative of a patient of Dr. Alden"),
    _("Reads and writes for her mother, whom Dr. Alden answers through her."),
    second_factor=False,
)
OTHER_CLINICIAN = Person(
    "other-clinician",
    "Dr. Ellen Marsh",
    "ellen.marsh@example.org",
    _("Clinician, Penobscot Bay Health"),
    _("Another practice. Every address of Kennebec's threads and patients is not found for her."),
    make_npi("demo Ellen Marsh"),
)
OTHER_PATIENT = Person(
    "other-patient",
    "",
    "other.patient@example.org",
    _("Patient of Dr. Marsh"),
    _("A patient elsewhere, for whom Kennebec's threads do not exist."),
    second_factor=False,
)

CAST = (
    *(ALDEN, REYES, STAFF, ADMINISTRATOR, REPORTER),
    *(PATIENT, REPRESENTATIVE, OTHER_CLINICIAN, OTHER_PATIENT),
)
