"""The kinds of readings that come from home: their codes, their units, and what cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from wellpost.errors import RequestError

# A text, or one that is translated when it is shown.
Says = Any


@dataclass(frozen=True)
class Unit:
    """A unit one can measure in: its UCUM code, how people write it, and with how many places."""

    code: str
    label: Says
    decimals: int = 0


@dataclass(frozen=True)
class Part:
    """One number of a reading: its LOINC code, and the bounds beyond which no body goes.

    `least` and `most` are in the kind's own unit. They catch slips and wrong units; whether a
    value is dangerous is for the practice to say.
    """

    name: str
    label: Says
    code: str
    least: Decimal
    most: Decimal


@dataclass(frozen=True)
class Kind:
    """A kind of reading. `units` has the unit it is kept in first (UCUM).

    `coarser`: LOINC codes that say the same less exactly (US Core asks for both of pulse
    oximetry); they are understood, and written beside the code.
    """

    name: str
    label: Says
    code: str
    display: str
    units: tuple[Unit, ...]
    parts: tuple[Part, ...]
    usual_unit: str
    coarser: tuple[tuple[str, str], ...] = ()
    same: tuple[str, ...] = ()
    of_a_day: bool = field(default=False)

    @property
    def unit(self) -> Unit:
        """The unit that every reading of the kind is kept in."""
        return self.units[0]

    @property
    def decimals(self) -> int:
        """With how many places it is shown in that unit."""
        return self.unit.decimals

    def unit_of(self, code: str) -> Unit:
        """One of its units; RequestError for another, naming those there are."""
        for each in self.units:
            if each.code == code:
                return each
        known = ", ".join(str(each.label) for each in self.units)
        raise RequestError(f"{self.label} is not measured in {code[:20]!r}; use one of {known}.")


def _of(kind: str, label: Says, code: str, least: str, most: str) -> tuple[Part, ...]:
    return (Part(kind, label, code, Decimal(least), Decimal(most)),)


_KINDS = (
    Kind(
        "blood_pressure",
        _("Blood pressure"),
        "85354-9",
        "Blood pressure panel with all children optional",
        (Unit("mm[Hg]", "mmHg"), Unit("kPa", "kPa", 1)),
        (
            Part("systolic", _("Upper number (systolic)"), "8480-6", Decimal(40), Decimal(350)),
            Part("diastolic", _("Lower number (diastolic)"), "8462-4", Decimal(20), Decimal(250)),
        ),
        "mm[Hg]",
    ),
    Kind(
        "pulse",
        _("Pulse"),
        "8867-4",
        "Heart rate",
        (Unit("/min", _("beats a minute")),),
        _of("pulse", _("Pulse"), "8867-4", "20", "300"),
        "/min",
    ),
    Kind(
        "glucose",
        _("Blood sugar"),
        "41653-7",
        "Glucose [Mass/volume] in Capillary blood by Glucometer",
        (Unit("mg/dL", "mg/dL"), Unit("mmol/L", "mmol/L", 1)),
        _of("glucose", _("Blood sugar"), "41653-7", "10", "1500"),
        "mg/dL",
        same=("2339-0", "2345-7", "99504-3", "14743-9", "15074-8"),
    ),
    Kind(
        "weight",
        _("Weight"),
        "29463-7",
        "Body weight",
        (Unit("kg", _("kilograms (kg)"), 1), Unit("[lb_av]", _("pounds (lb)"), 1)),
        _of("weight", _("Weight"), "29463-7", "0.3", "650"),
        "[lb_av]",
    ),
    Kind(
        "temperature",
        _("Temperature"),
        "8310-5",
        "Body temperature",
        (Unit("Cel", "°C", 1), Unit("[degF]", "°F", 1)),
        _of("temperature", _("Temperature"), "8310-5", "25", "46"),
        "[degF]",
    ),
    Kind(
        "oxygen",
        _("Oxygen"),
        "59408-5",
        "Oxygen saturation in Arterial blood by Pulse oximetry",
        (Unit("%", "%"),),
        _of("oxygen", _("Oxygen level"), "59408-5", "30", "100"),
        "%",
        coarser=(("2708-6", "Oxygen saturation in Arterial blood"),),
    ),
    Kind(
        "pain",
        _("Pain"),
        "72514-3",
        "Pain severity - 0-10 verbal numeric rating [Score] - Reported",
        (Unit("{score}", _("of 10")),),
        _of("pain", _("How strong is the pain?"), "72514-3", "0", "10"),
        "{score}",
    ),
    Kind(
        "steps",
        _("Steps in a day"),
        "41950-7",
        "Number of steps in 24 hour Measured",
        (Unit("/d", _("steps")),),
        _of("steps", _("Steps"), "41950-7", "0", "200000"),
        "/d",
        of_a_day=True,
    ),
    Kind(
        "sleep",
        _("Sleep"),
        "93832-4",
        "Sleep duration",
        (Unit("h", _("hours"), 1), Unit("min", _("minutes"))),
        _of("sleep", _("Time asleep"), "93832-4", "0", "24"),
        "h",
        of_a_day=True,
    ),
)  # fmt: skip

KINDS: Mapping[str, Kind] = {each.name: each for each in _KINDS}
PARTS: Mapping[str, tuple[Kind, Part]] = {
    part.name: (kind, part) for kind in _KINDS for part in kind.parts
}

NOTE, DOCUMENT, NEEDS = "note", "document", "needs"
"""What is no reading: words, a file, answers about what one needs."""
LABELS: Mapping[str, Says] = {
    **{each.name: each.label for each in _KINDS},
    NOTE: _("Note"),
    DOCUMENT: _("Photo or document"),
    NEEDS: _("What I need"),
}


def kind_named(name: str) -> Kind:
    """The kind; RequestError naming those there are."""
    found = KINDS.get(name)
    if found is None:
        raise RequestError(f"There is no kind {name[:30]!r}; there are {', '.join(KINDS)}.")
    return found


def kind_of_code(code: str) -> Kind | None:
    """The kind that a LOINC code stands for, if we know one."""
    for each in _KINDS:
        if code in {each.code, *each.same, *(known for known, _display in each.coarser)}:
            return each
    return None
