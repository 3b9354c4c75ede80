"""Made-up FHIR patients as a bulk export gives them, with every turn that the measure asks about.

The same number of patients gives the same bytes. Dr Chen is whose patients are counted; Dr Diaz
works beside, Dr Evans elsewhere. Days crowd around the ends of the period and of the year, in
several zones; much of what is made does not count, for each reason there is.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path

import orjson

from wellpost.facts.identifiers import make_npi, make_tin

CHEN = make_npi("chen")
NPI, TIN = "http://hl7.org/fhir/sid/us-npi", "urn:oid:2.16.840.1.113883.4.4"
ROLE = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
STATUSES = ("finished",) * 6 + ("in-progress", "cancelled", "planned", "arrived")
CLASS = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
MODE = "http://terminology.hl7.org/CodeSystem/v3-ParticipationMode"
AT = {"chen": "north", "diaz": "north", "evans": "south"}
RANKS = ("PPRF", "ATND", "SPRF", "")
TIMES = (
    "T09:30:00-04:00",
    "T23:55:00-04:00",
    "T00:05:00-04:00",
    "T03:00:00Z",
    "T23:30:00+00:00",
    "",
)

Resource = dict[str, object]


def make(folder: Path, patients: int) -> Path:
    """The export of so many patients; made once, and whole or not at all."""
    if (folder / "done").exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as files:
        opened = {}
        for each in (*_practices(), *(one for n in range(patients) for one in _patient(n))):
            kind = str(each["resourceType"])
            if kind not in opened:
                opened[kind] = files.enter_context((folder / f"{kind}.ndjson").open("wb"))
            opened[kind].write(orjson.dumps(each) + b"\n")
    (folder / "done").touch()
    return folder


def _practices() -> Iterator[Resource]:
    for place in ("north", "south"):
        tin = [{"system": TIN, "value": make_tin(place)}]
        yield {"resourceType": "Organization", "id": place, "name": place, "identifier": tin}
    for name, place in AT.items():
        where = f"Organization/{place}"
        npi = [{"system": NPI, "value": make_npi(name)}]
        who = {"resourceType": "Practitioner", "id": name, "identifier": npi}
        yield {**who, "name": [{"family": name.title(), "given": ["Dr"]}]}
        role = {"resourceType": "PractitionerRole", "id": f"{name}-{place}", "active": True}
        yield {**role, "practitioner": _to(f"Practitioner/{name}"), "organization": _to(where)}
    yield {"resourceType": "Device", "id": "reminders", "deviceName": [{"name": "Reminders"}]}


def _patient(number: int) -> Iterator[Resource]:
    draw, name = random.Random(f"peers {number}"), f"p{number}"
    yield {
        "resourceType": "Patient", "id": name, "birthDate": f"{1930 + number % 90}-02-03",
        "name": [{"family": f"Family{number}", "given": ["Given"]}],
    }  # fmt: skip
    helped = draw.random() < 0.3
    if helped:
        of = _to(f"Patient/{name}")
        yield {"resourceType": "RelatedPerson", "id": f"{name}-r", "patient": of}
    for each in range(draw.choice((0, 1, 1, 2, 3))):
        yield _encounter(draw, name, each)
    if draw.random() < 0.4:
        yield from _thread(draw, name, helped)


def _encounter(draw: random.Random, patient: str, number: int) -> Resource:
    clinicians = draw.sample(("chen", "chen", "diaz", "evans"), draw.choice((1, 1, 1, 2)))
    roles = [draw.choice(RANKS) for _ in clinicians]
    ranked = sorted(range(len(roles)), key=lambda at: (RANKS.index(roles[at]), at))
    start = _moment(draw, (date(2021, 6, 1), date(2021, 8, 29)))
    return {
        "resourceType": "Encounter",
        "id": f"{patient}-e{number}",
        "status": draw.choice(STATUSES),
        "class": {"system": CLASS, "code": draw.choice(("AMB", "AMB", "VR", "EMER"))},
        "subject": _to(f"Patient/{patient}"),
        "participant": [_took_part(*each) for each in zip(clinicians, roles, strict=True)],
        "period": {"start": start},
        "serviceProvider": _to(f"Organization/{AT[clinicians[ranked[0]]]}"),
    }


def _took_part(clinician: str, role: str) -> Resource:
    typed = {"type": [{"coding": [{"system": ROLE, "code": role}]}]} if role else {}
    return {**typed, "individual": _to(f"Practitioner/{clinician}")}


def _thread(draw: random.Random, patient: str, helped: bool) -> Iterator[Resource]:
    about, thread = _to(f"Patient/{patient}"), f"{patient}-t"
    yield {
        "resourceType": "Communication", "id": thread, "status": "in-progress", "subject": about,
        "topic": {"text": "A question"}, "recipient": [about], "sent": "2021-01-04T09:00:00-05:00",
    }  # fmt: skip
    for number in range(draw.choice((1, 1, 2, 3))):
        yield {
            "resourceType": "Communication",
            "id": f"{patient}-m{number}",
            "partOf": [_to(f"Communication/{thread}")],
            "status": draw.choice(("completed",) * 6 + ("in-progress", "entered-in-error")),
            "subject": about,
            **_between(draw, patient, helped),
            **_sent(draw),
            **_medium(draw),
            "payload": [{"contentString": "Please take it in the evening, and tell me on Friday."}],
        }


def _between(draw: random.Random, patient: str, helped: bool) -> Resource:
    by_another = helped and draw.random() < 0.5
    theirs = f"RelatedPerson/{patient}-r" if by_another else f"Patient/{patient}"
    chen, diaz = "Practitioner/chen", "Practitioner/diaz"
    sender, *recipients = draw.choice(
        (
            (chen, theirs), (chen, theirs), ("PractitionerRole/chen-north", theirs),
            (chen, diaz, theirs), (chen, diaz), (diaz, theirs), (theirs, chen),
            ("Device/reminders", theirs), ("Organization/north", theirs),
        )
    )  # fmt: skip
    return {"sender": _to(sender), "recipient": [_to(each) for each in recipients]}


def _sent(draw: random.Random) -> Resource:
    sent = _moment(draw, (date(2021, 1, 1), date(2021, 12, 31)))
    if draw.random() > 0.15:
        return {"sent": sent}
    later = date.fromisoformat(sent[:10]) + timedelta(days=draw.randrange(20))
    return {"sent": sent, "received": f"{later}T12:00:00-05:00"}


def _medium(draw: random.Random) -> Resource:
    code = draw.choice(("",) * 5 + ("ELECTRONIC", "PHONE", "EMAILWRIT"))
    return {"medium": [{"coding": [{"system": MODE, "code": code}]}]} if code else {}


def _moment(draw: random.Random, ends: tuple[date, date]) -> str:
    """A third of them within two days of either end, the others anywhere near."""
    if draw.random() < 1 / 3:
        day = draw.choice(ends) + timedelta(days=draw.randrange(-2, 3))
    else:
        day = ends[0] + timedelta(days=draw.randrange(-15, (ends[1] - ends[0]).days + 15))
    return f"{day}{draw.choice(TIMES)}"


def _to(reference: str) -> Resource:
    return {"reference": reference}
