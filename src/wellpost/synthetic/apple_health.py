"""A made-up export of the Health app, of any size: for tests and timing."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

PHONE = "&lt;&lt;HKDevice: 0x281d5a4f0&gt;, name:iPhone, manufacturer:Apple Inc., model:iPhone&gt;"
WATCH = (
    "&lt;&lt;HKDevice: 0x281d5b6c0&gt;, name:Apple Watch, manufacturer:Apple Inc., model:Watch&gt;"
)
PROLOG = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE HealthData [
<!-- HealthKit Export Version: 12 -->
<!ELEMENT HealthData (ExportDate,Me,(Record|Correlation|Workout|ActivitySummary)*)>
<!ATTLIST HealthData locale CDATA #REQUIRED>
<!ELEMENT Record ((MetadataEntry|HeartRateVariabilityMetadataList)*)>
]>
<HealthData locale="en_US">
 <ExportDate value="2021-12-31 08:00:00 -0500"/>
"""

# Of a hundred records, about as in the export of somebody with a watch and a glucose sensor.
SHARES = (
    ("HeartRate", 26),
    ("ActiveEnergyBurned", 24),
    ("StepCount", 20),
    ("DistanceWalkingRunning", 14),
    ("BasalEnergyBurned", 8),
    ("BloodGlucose", 4),
    ("OxygenSaturation", 2),
    ("SleepAnalysis", 1),
    ("BloodPressure", 1),
)
UNITS = {
    "HeartRate": "count/min",
    "ActiveEnergyBurned": "kcal",
    "BasalEnergyBurned": "kcal",
    "StepCount": "count",
    "DistanceWalkingRunning": "mi",
    "BloodGlucose": "mg/dL",
    "OxygenSaturation": "%",
    "BodyMass": "lb",
    "BloodPressureSystolic": "mmHg",
    "BloodPressureDiastolic": "mmHg",
}


def export(seed: str, size: int) -> Iterator[bytes]:
    """An export.xml of about `size` bytes, the same for the same seed, piece by piece."""
    chance = random.Random(seed)
    yield PROLOG.encode()
    made, moment = len(PROLOG), datetime(2015, 1, 1)
    while made < size:
        some = []
        for _each in range(200):
            moment += timedelta(seconds=chance.randrange(1, 230))
            some.append(_some(chance, moment))
        piece = "".join(some).encode()
        made += len(piece)
        yield piece
    yield b"</HealthData>\n"


def _some(chance: random.Random, moment: datetime) -> str:
    kind = chance.choices(*zip(*SHARES, strict=True))[0]
    if kind == "SleepAnalysis":
        return _sleep(chance, moment)
    if kind == "BloodPressure":
        return _pressure(chance, moment)
    if kind == "HeartRate":
        note = (
            '>\n  <MetadataEntry key="HKMetadataKeyHeartRateMotionContext" value="0"/>\n </Record>'
        )
        return _record(kind, moment, str(chance.randrange(50, 140)), WATCH, note)
    return _record(kind, moment, _value(kind, chance), WATCH if chance.random() < 0.5 else PHONE)


def _value(kind: str, chance: random.Random) -> str:
    if kind == "OxygenSaturation":
        return f"0.{chance.randrange(93, 100)}"
    if kind == "BloodGlucose":
        return str(chance.randrange(70, 220))
    return f"{chance.uniform(1, 90):.4f}" if kind != "StepCount" else str(chance.randrange(5, 300))


def _pressure(chance: random.Random, moment: datetime) -> str:
    """Both numbers, as iPhones write them: two records of one moment."""
    upper, lower = str(chance.randrange(105, 160)), str(chance.randrange(60, 95))
    return _record("BloodPressureSystolic", moment, upper, PHONE) + _record(
        "BloodPressureDiastolic", moment, lower, PHONE
    )


def _sleep(chance: random.Random, moment: datetime) -> str:
    stage = chance.choice(("Core", "Deep", "REM"))
    end = moment + timedelta(minutes=chance.randrange(5, 60))
    return (
        f' <Record type="HKCategoryTypeIdentifierSleepAnalysis" sourceName="Watch"'
        f' sourceVersion="10.1" device="{WATCH}" creationDate="{end} -0500"'
        f' startDate="{moment} -0500" endDate="{end} -0500"'
        f' value="HKCategoryValueSleepAnalysisAsleep{stage}"/>\n'
    )


def _record(kind: str, moment: datetime, value: str, device: str, end: str = "/>") -> str:
    until = moment + timedelta(seconds=30)
    return (
        f' <Record type="HKQuantityTypeIdentifier{kind}"'
        f' sourceName="{"Watch" if device is WATCH else "iPhone"}" sourceVersion="10.1"'
        f' device="{device}" unit="{UNITS[kind]}" creationDate="{until} -0500"'
        f' startDate="{moment} -0500" endDate="{until} -0500" value="{value}"{end}\n'
    )
