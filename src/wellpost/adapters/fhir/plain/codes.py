"""Codes of FHIR as people say them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .marking import gettext_noop as _

WORDS: Mapping[str, str] = {
    "true": _("Yes"),
    "false": _("No"),
    "active": _("Active"),
    "inactive": _("No longer active"),
    "resolved": _("Resolved"),
    "remission": _("In remission"),
    "recurrence": _("Has come back"),
    "relapse": _("Has come back"),
    "confirmed": _("Confirmed"),
    "unconfirmed": _("Not confirmed"),
    "provisional": _("Provisional"),
    "differential": _("One of several possible"),
    "refuted": _("Ruled out"),
    "completed": _("Completed"),
    "stopped": _("Stopped"),
    "on-hold": _("On hold"),
    "cancelled": _("Cancelled"),
    "draft": _("Draft"),
    "unknown": _("Not known"),
    "finished": _("Took place"),
    "in-progress": _("Going on"),
    "planned": _("Planned"),
    "arrived": _("Arrived"),
    "booked": _("Booked"),
    "noshow": _("Did not take place"),
    "not-done": _("Not done"),
    "registered": _("Registered, no result yet"),
    "preliminary": _("Preliminary"),
    "final": _("Final"),
    "amended": _("Amended"),
    "corrected": _("Corrected"),
    "current": _("Current"),
    "superseded": _("Replaced by a later one"),
    "proposed": _("Proposed"),
    "accepted": _("Accepted"),
    "achieved": _("Achieved"),
    "improving": _("Improving"),
    "worsening": _("Worsening"),
    "no-change": _("No change"),
    "low": _("Low"),
    "high": _("High"),
    "unable-to-assess": _("Cannot be told"),
    "food": _("Food"),
    "medication": _("Medicine"),
    "environment": _("Surroundings"),
    "biologic": _("Biological"),
    "allergy": _("Allergy"),
    "intolerance": _("Intolerance"),
    "mild": _("Mild"),
    "moderate": _("Moderate"),
    "severe": _("Severe"),
    "male": _("Male"),
    "female": _("Female"),
    "other": _("Other"),
    "AMB": _("Visit at the practice"),
    "VR": _("Video or telephone visit"),
    "HH": _("Home visit"),
    "EMER": _("Emergency"),
    "IMP": _("Stay in hospital"),
    "ACUTE": _("Stay in hospital"),
    "NONAC": _("Stay in hospital"),
    "OBSENC": _("Observation stay"),
    "SS": _("Short stay"),
}
"""Codes of FHIR's required value sets, and of v3-ActCode."""

INTERPRETATIONS: Mapping[str, str] = {
    "H": _("High"),
    "HH": _("Very high"),
    "L": _("Low"),
    "LL": _("Very low"),
    "N": _("Normal"),
    "A": _("Abnormal"),
    "AA": _("Very abnormal"),
    "POS": _("Positive"),
    "NEG": _("Negative"),
}
"""Codes of v3-ObservationInterpretation."""

_CODE = re.compile(r"[a-z]+(-[a-z]+)+")


def word_of(code: str) -> str:
    """The words of a code; any other text as it is, a code nobody named with spaces."""
    if code in WORDS:
        return WORDS[code]
    if _CODE.fullmatch(code):
        return code.replace("-", " ").capitalize()
    return code
