"""What each meter's file looks like: by its header it is known.

Taken from the makers' own exports as their users publish them. A file of another maker with
plain names for its columns is read as well (`plain`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

ISO = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M")
UNITED_STATES = (
    "%m-%d-%Y %I:%M %p",
    "%m/%d/%Y %I:%M %p",
    "%m/%d/%Y %I:%M:%S %p",
    "%m-%d-%Y %H:%M",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%y %H:%M",
    "%b %d %Y %H:%M",
    "%b %d, %Y %H:%M",
    "%b %d, %Y %I:%M %p",
)
ELSEWHERE = ("%d-%m-%Y %H:%M", "%d/%m/%Y %H:%M", "%d.%m.%Y %H:%M")
TIMES = (*ISO, *UNITED_STATES, *ELSEWHERE)
"""Tried in this order; the first that reads every time of the file is the file's."""


@dataclass(frozen=True)
class Column:
    """A column with a number: what it measures and in which UCUM unit; `second`: the lower."""

    kind: str
    unit: str
    second: bool = False


@dataclass(frozen=True)
class Meter:
    """One maker's file. Names of columns are written here folded: small letters, single spaces.

    `times`: the column of day and time, or the two that make it. `only`: rows count where this
    column holds this value.
    """

    name: str
    label: str
    times: tuple[str, ...]
    columns: Mapping[str, Column]
    needs: tuple[str, ...]
    only: Mapping[str, frozenset[str]] = field(default_factory=dict)
    device: str = ""


MG, MMOL = Column("glucose", "mg/dL"), Column("glucose", "mmol/L")
UPPER, LOWER = Column("blood_pressure", "mm[Hg]"), Column("blood_pressure", "mm[Hg]", second=True)
PULSE, OXYGEN = Column("pulse", "/min"), Column("oxygen", "%")
KG, POUNDS = Column("weight", "kg"), Column("weight", "[lb_av]")
CELSIUS, FAHRENHEIT = Column("temperature", "Cel"), Column("temperature", "[degF]")

DEXCOM = Meter(
    "dexcom_clarity",
    "Dexcom Clarity",
    ("timestamp (yyyy-mm-ddthh:mm:ss)",),
    {"glucose value (mg/dl)": MG, "glucose value (mmol/l)": MMOL},
    ("timestamp (yyyy-mm-ddthh:mm:ss)", "event type"),
    only={"event type": frozenset({"egv"})},
    device="source device id",
)
LIBRE = Meter(
    "freestyle_libre",
    "FreeStyle LibreView",
    ("device timestamp",),
    {
        "historic glucose mg/dl": MG,
        "scan glucose mg/dl": MG,
        "strip glucose mg/dl": MG,
        "historic glucose mmol/l": MMOL,
        "scan glucose mmol/l": MMOL,
        "strip glucose mmol/l": MMOL,
    },
    ("device timestamp", "record type"),
    only={"record type": frozenset({"0", "1", "2"})},
    device="device",
)
OMRON = Meter(
    "omron_connect",
    "Omron Connect",
    ("date", "time"),
    {"systolic (mmhg)": UPPER, "diastolic (mmhg)": LOWER, "pulse (bpm)": PULSE},
    ("date", "time", "systolic (mmhg)", "diastolic (mmhg)"),
    device="device",
)
WITHINGS_PRESSURE = Meter(
    "withings_blood_pressure",
    "Withings (bp.csv)",
    ("date",),
    {"systolic": UPPER, "diastolic": LOWER, "heart rate": PULSE},
    ("date", "heart rate", "systolic", "diastolic"),
)
WITHINGS_WEIGHT = Meter(
    "withings_weight",
    "Withings (weight.csv)",
    ("date",),
    {"weight (kg)": KG, "weight (lb)": POUNDS},
    ("date", "comments"),
)
PLAIN_COLUMNS: Mapping[str, Column] = {
    "systolic": UPPER,
    "diastolic": LOWER,
    "systolic (mmhg)": UPPER,
    "diastolic (mmhg)": LOWER,
    "sys": UPPER,
    "dia": LOWER,
    "pulse": PULSE,
    "pulse (bpm)": PULSE,
    "heart rate": PULSE,
    "glucose (mg/dl)": MG,
    "glucose [mg/dl]": MG,
    "glucose mg/dl": MG,
    "blood glucose (mg/dl)": MG,
    "blood sugar (mg/dl)": MG,
    "glucose (mmol/l)": MMOL,
    "glucose [mmol/l]": MMOL,
    "glucose mmol/l": MMOL,
    "blood glucose (mmol/l)": MMOL,
    "weight (kg)": KG,
    "weight (lb)": POUNDS,
    "temperature (°c)": CELSIUS,
    "temperature (°f)": FAHRENHEIT,
    "oxygen (%)": OXYGEN,
    "spo2 (%)": OXYGEN,
}
PLAIN = tuple(
    Meter("plain", "a table with plain column names", times, PLAIN_COLUMNS, times, device="device")
    for times in (("date", "time"), ("date and time",), ("date/time",), ("datetime",), ("date",))
)

METERS = (DEXCOM, LIBRE, OMRON, WITHINGS_PRESSURE, WITHINGS_WEIGHT, *PLAIN)
KNOWN = tuple(dict.fromkeys(each.label for each in METERS))


def meter_of(header: tuple[str, ...]) -> Meter | None:
    """The meter whose file has this header (folded): all it needs, and a number it knows."""
    held = set(header)
    for each in METERS:
        if held.issuperset(each.needs) and held & set(each.columns):
            return each
    return None
