"""The demo's FHIR folder: Synthea's patients and encounters, moved to 2021 and given clinicians.

Dr. Alden sees a hundred patients from June to August, Dr. Reyes some of them too and forty others,
Dr. Marsh twelve at the other practice. The rest were seen by Dr. Alden in other months.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import cast

DATA = Path(__file__).parent / "data"
YEAR_IN_DATA, YEAR = "2019-", "2021-"
SUMMER = ("2021-06-01", "2021-08-31")
ALDENS, REYES_ALONE, SHARED = 100, 40, 12
NPI_SYSTEM = "http://hl7.org/fhir/sid/us-npi"
TIN_SYSTEM = "urn:oid:2.16.840.1.113883.4.4"
WITHOUT_EMAIL = 6
"""Every so-manieth patient has no email address."""

Json = dict[str, Any]


@dataclass(frozen=True)
class Seen:
    """Whose patients are whose, as FHIR ids in the order of the data."""

    alden: tuple[str, ...]
    reyes: tuple[str, ...]
    elsewhere: tuple[str, ...]
    others: tuple[str, ...]


def write_folder(into: Path) -> Seen:
    """Write the folder to be imported, and say who saw whom."""
    into.mkdir(parents=True, exist_ok=True)
    patients = list(_read("Patient"))
    encounters = [_moved(each) for each in _read("Encounter")]
    seen = _shared_out([each["id"] for each in patients], encounters)
    people = zip(_read("Practitioner"), _clinicians(), strict=True)
    places = zip(_read("Organization"), _practices(), strict=True)
    given = _given(encounters, seen)
    _write(into, "Patient", (_named(each, n) for n, each in enumerate(patients)))
    _write(into, "Practitioner", (_practitioner(each, person) for each, person in people))
    _write(into, "Organization", (_organization(each, *place) for each, place in places))
    _write(into, "Encounter", given)
    return seen


def _read(kind: str) -> Iterator[Json]:
    with gzip.open(DATA / f"{kind}.ndjson.gz", "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _write(into: Path, kind: str, resources: Iterable[Json]) -> None:
    with gzip.open(into / f"{kind}.ndjson.gz", "wt", encoding="utf-8", compresslevel=1) as file:
        file.writelines(json.dumps(each) + "\n" for each in resources)


def _moved(encounter: Json) -> Json:
    period = {
        name: moment.replace(YEAR_IN_DATA, YEAR, 1) for name, moment in encounter["period"].items()
    }
    return {**encounter, "period": period}


def _shared_out(patients: list[str], encounters: list[Json]) -> Seen:
    summers = _summers(encounters)
    seen = [each for each in patients if each in summers]
    alden = seen[:ALDENS]
    both = [each for each in alden if summers[each] > 1][:SHARED]
    rest = seen[ALDENS:]
    return Seen(
        tuple(alden),
        (*both, *rest[:REYES_ALONE]),
        tuple(rest[REYES_ALONE:]),
        tuple(each for each in patients if each not in summers),
    )


def _summers(encounters: Iterable[Json]) -> Mapping[str, int]:
    """How often each patient was seen in the summer; only those who were."""
    found: dict[str, int] = {}
    for each in encounters:
        if _in_summer(each):
            found[_patient(each)] = found.get(_patient(each), 0) + 1
    return found


def _given(encounters: Iterable[Json], seen: Seen) -> Iterator[Json]:
    """Each encounter with a clinician and a practice. Dr. Reyes has a shared one's last."""
    clinicians = [each["id"] for each in _read("Practitioner")]
    practices = [each["id"] for each in _read("Organization")]
    shared = set(seen.alden) & set(seen.reyes)
    last = {_patient(each): each["id"] for each in encounters if _in_summer(each)}
    for each in encounters:
        who = _patient(each)
        reyes = each["id"] == last.get(who) if who in shared else who in seen.reyes
        elsewhere = who in seen.elsewhere
        yield {
            **each,
            "participant": [
                _reference("individual", "Practitioner", clinicians[2 if elsewhere else reyes])
            ],
            **_reference("serviceProvider", "Organization", practices[elsewhere]),
        }


def _reference(name: str, kind: str, identifier: str) -> Json:
    return {name: {"reference": f"{kind}/{identifier}"}}


def _in_summer(encounter: Json) -> bool:
    return SUMMER[0] <= str(encounter["period"]["start"])[:10] <= SUMMER[1]


def _patient(encounter: Json) -> str:
    return str(encounter["subject"]["reference"]).removeprefix("Patient/")


def _named(patient: Json, number: int) -> Json:
    """Synthea's names carry numbers; they go, and most people get an email address."""
    name = {**patient["name"][0]}
    name["family"] = re.sub(r"\d", "", name["family"])
    name["given"] = [re.sub(r"\d", "", each) for each in name["given"][:1]]
    telecom = [*patient.get("telecom", [])]
    if number % WITHOUT_EMAIL:
        letters = re.sub(r"[^a-z]+", ".", f"{name['given'][0]}.{name['family']}".lower())
        telecom.append({"system": "email", "value": f"{letters.strip('.')}.{number}@example.org"})
    return {**patient, "name": [name], "telecom": telecom}


def _clinicians() -> tuple[cast.Person, ...]:
    return cast.ALDEN, cast.REYES, cast.OTHER_CLINICIAN


def _practices() -> tuple[tuple[str, str], ...]:
    return (cast.PRACTICE, cast.PRACTICE_TIN), (cast.OTHER_PRACTICE, cast.OTHER_TIN)


def _practitioner(resource: Json, person: cast.Person) -> Json:
    family = person.name.split()[-1]
    given = person.name.split()[1:-1]
    return {
        **resource,
        "identifier": [{"system": NPI_SYSTEM, "value": person.npi}],
        "name": [{"prefix": ["Dr."], "given": given, "family": family}],
    }


def _organization(resource: Json, name: str, tin: str) -> Json:
    return {**resource, "identifier": [{"system": TIN_SYSTEM, "value": tin}], "name": name}
