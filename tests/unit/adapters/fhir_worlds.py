"""Small made-up FHIR folders, by Hypothesis: people with names, and every way to refer to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from tests.unit.adapters.folders import (
    CHEN_NPI,
    DIAZ_NPI,
    NPI_SYSTEM,
    TIN_SYSTEM,
    Resource,
    organization,
    practitioner,
    role,
)

MRN = "http://north.example/mrn"
PATIENTS, RELATED, DEVICES = ("alice", "bob", "cara"), ("amir", "eve"), ("robot", "scales")
CLINICIANS, PLACES = ("chen", "chen-2", "diaz", "nurse"), ("north", "south", "ward", "tent")
ROLES = ("chen-north", "diaz-south", "nurse-north")
MESSAGES = tuple(f"m{number}" for number in range(6))
DATA = ("o1", "o2", "d1")
GROUP = "tuesdays"

_IDENTIFIED = {
    **{f"Patient/{who}": (MRN, who[0]) for who in PATIENTS},
    "Patient/cara": (MRN, "b"),  # Bob's number as well
    "Practitioner/chen": (NPI_SYSTEM, CHEN_NPI),
    "Practitioner/diaz": (NPI_SYSTEM, DIAZ_NPI),
    "Organization/north": (TIN_SYSTEM, "001234567"),
}
_KINDS = {
    **dict.fromkeys(PATIENTS, "Patient"),
    **dict.fromkeys(RELATED, "RelatedPerson"),
    **dict.fromkeys(DEVICES, "Device"),
    **dict.fromkeys(CLINICIANS, "Practitioner"),
    **dict.fromkeys(PLACES, "Organization"),
    **dict.fromkeys(ROLES, "PractitionerRole"),
    **dict.fromkeys(MESSAGES, "Communication"),
    **dict.fromkeys(DATA, "Observation"),
    GROUP: "Group",
}


def _ways(id_: str) -> list[Any]:
    """Every way to write a reference to somebody."""
    kind = _KINDS.get(id_, "Patient")
    plain = f"{kind}/{id_}"
    ways: list[Any] = [
        *[{"reference": plain}] * 6,
        {"reference": plain, "display": "Dr. Li Chen"},
        {"reference": f"https://ehr.example/fhir/{plain}"},
        {"reference": f" {plain}/_history/3\t"},
        {"reference": f"urn:uuid:{id_}"},
        {"reference": id_},
        {"type": kind, "display": "Li Chen"},
    ]
    if plain in _IDENTIFIED:
        system, value = _IDENTIFIED[plain]
        named = {"identifier": {"system": system, "value": value}, "display": "Chen, Li"}
        ways += [
            named,
            named | {"type": kind},
            {"identifier": {"value": value}},
            {"reference": f"{kind}?identifier={system}|{value}", "display": "Li Chen"},
            {"reference": f"{kind}?identifier={value}"},
            {"reference": f"{kind}?identifier={system.replace('/', '%2F')}%7C{value}"},
        ]
    return ways


def mostly(usual: st.SearchStrategy[Any], odd: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """One in eight is odd: a resource has many elements, and most of them must be right."""
    return st.integers(0, 7).flatmap(lambda drawn: odd if drawn == 7 else usual)


def refer(*ids: str) -> st.SearchStrategy[Any]:
    """A reference to one of them; now and then to nobody, or something that is none."""
    lost: list[Any] = [None, {}, [{"reference": "Patient/alice"}], {"reference": "Patient/gone"}]
    found = st.sampled_from([way for id_ in ids for way in _ways(id_)])
    return mostly(found, st.sampled_from(lost))


def many(strategy: st.SearchStrategy[Any], most: int = 3, least: int = 1) -> st.SearchStrategy[Any]:
    """A list of them; now and then an empty one, or an object where a list belongs."""
    odd = st.sampled_from([[], {"reference": "Patient/bob"}, None])
    return mostly(st.lists(strategy, min_size=least, max_size=most), odd)


MOMENTS = mostly(
    st.sampled_from(
        [
            *("2021-06-03T23:30:00-04:00", "2021-06-04", "2021-06-03T10:00:00", " 2021-07-01 "),
            *("0001-01-01", "9999-12-31T00:00:00Z"),
        ]
    ),
    st.sampled_from(["0000-01-01", "2021-02-29", "2021-06", "20210603", "yesterday", "", None]),
)
ANYBODY = refer(*PATIENTS, *RELATED, *DEVICES, *CLINICIANS, *PLACES, *ROLES)


def _coded(*codes: str, system: str = "") -> st.SearchStrategy[Any]:
    return st.sampled_from([{"coding": [{"system": system, "code": code}]} for code in codes])


def _resource(kind: str, ids: Sequence[str], **elements: Any) -> st.SearchStrategy[Resource]:
    """Elements are strategies, or values that always stand."""
    made = {
        name: each if isinstance(each, st.SearchStrategy) else st.just(each)
        for name, each in elements.items()
    }
    fixed = {"resourceType": st.just(kind), "id": st.sampled_from(ids)}
    return st.fixed_dictionaries({**fixed, **made})


_ENCOUNTER = _resource(
    "Encounter",
    ("e1", "e2", "e3", "e4"),
    status=mostly(st.just("finished"), st.sampled_from(["planned", None, ["finished"]])),
    subject=refer(*PATIENTS, "amir", GROUP),
    participant=many(
        st.fixed_dictionaries(
            {
                "individual": refer(*CLINICIANS, *ROLES, "amir"),
                "type": many(_coded("PPRF", "ATND", "X")),
            }
        )
    ),
    serviceProvider=st.one_of(st.none(), refer(*PLACES)),
    period=mostly(st.fixed_dictionaries({"start": MOMENTS}), st.just([])),
    type=many(_coded("99213", "99283", "G0438", system="http://www.ama-assn.org/go/cpt")),
    **{"class": st.sampled_from([{"code": "AMB"}, {"code": "VR"}, {"code": "IMP"}, None, "AMB"])},
)
_INSIDE = {
    "resourceType": "Practitioner",
    "id": "x",
    "identifier": [{"system": NPI_SYSTEM, "value": CHEN_NPI}],
}
_MESSAGE = _resource(
    "Communication",
    MESSAGES,
    status=mostly(st.just("completed"), st.just("in-progress")),
    subject=st.one_of(st.none(), refer(*PATIENTS, GROUP)),
    sender=mostly(ANYBODY, st.just({"reference": "#x"})),
    recipient=mostly(many(ANYBODY), st.sampled_from([[], [{"reference": "#x"}]])),
    partOf=many(refer(*MESSAGES), 2, 0),
    inResponseTo=many(refer(*MESSAGES), 2, 0),
    medium=mostly(st.none(), many(_coded("PHONE", "WRITTEN"), 1)),
    payload=mostly(st.just([{"contentString": "…"}]), st.sampled_from([[], None])),
    contained=st.sampled_from([None, None, [_INSIDE], []]),
    sent=MOMENTS,
    received=MOMENTS,
)
_OBSERVATION = _resource(
    "Observation",
    DATA,
    status=mostly(st.just("final"), st.just("entered-in-error")),
    subject=refer(*PATIENTS, GROUP, "scales"),
    performer=many(refer("alice", "bob", "amir", "chen")),
    device=st.one_of(st.none(), refer(*DEVICES)),
    issued=MOMENTS,
    effectiveDateTime=MOMENTS,
)
_DOCUMENT = _resource(
    "DocumentReference",
    DATA,
    status=mostly(st.sampled_from(["current", "superseded"]), st.just("entered-in-error")),
    subject=refer(*PATIENTS, GROUP, "chen"),
    author=many(refer("alice", "bob", "amir", "chen", *DEVICES)),
    date=MOMENTS,
)
_EVENT = _resource(
    "AuditEvent",
    ("a1", "a2", "a3"),
    type=st.sampled_from([{"code": "110110"}, {"code": "rest"}, {"code": "110106"}, None]),
    subtype=many(st.sampled_from([{"code": "read"}, {"code": "transmit"}, {}])),
    action=st.sampled_from(["R", "C", "E", None]),
    outcome=mostly(st.sampled_from(["0", None]), st.just("8")),
    agent=many(
        st.fixed_dictionaries(
            {"who": refer(*PATIENTS, *RELATED, "chen"), "requestor": st.booleans()}
        )
    ),
    source=st.fixed_dictionaries({"observer": st.one_of(st.none(), refer(*PLACES))}),
    entity=many(st.fixed_dictionaries({"what": refer(*PATIENTS, "m1")})),
    recorded=MOMENTS,
)
_PROVENANCE = _resource(
    "Provenance",
    ("p1", "p2"),
    target=many(refer(*MESSAGES, *DATA)),
    recorded=MOMENTS,
    agent=many(
        st.fixed_dictionaries(
            {"who": refer(*CLINICIANS, "alice"), "onBehalfOf": refer(*CLINICIANS)}
        )
    ),
)
_APPOINTMENT = _resource(
    "Appointment",
    ("v1", "v2"),
    status=mostly(st.just("booked"), st.just("cancelled")),
    start=MOMENTS,
    participant=many(st.fixed_dictionaries({"actor": ANYBODY})),
    serviceType=many(_coded("VR", "99213", system="http://www.ama-assn.org/go/cpt")),
)
_PATIENT = _resource(
    "Patient",
    PATIENTS,
    identifier=many(
        st.sampled_from([{"system": MRN, "value": v} for v in "abc"] + [{"value": "b"}]), 2
    ),
    link=many(
        st.fixed_dictionaries({"type": st.just("replaced-by"), "other": refer(*PATIENTS)}), 1, 0
    ),
)
_ROLE = _resource(
    "PractitionerRole",
    ROLES,
    practitioner=refer(*CLINICIANS),
    organization=refer(*PLACES),
    active=st.sampled_from([True, True, False]),
)
_RELATED = _resource("RelatedPerson", RELATED, patient=refer(*PATIENTS))
_DEVICE = _resource("Device", DEVICES, patient=st.one_of(st.none(), refer(*PATIENTS)))
_CONDITION = _resource("Condition", ("c1",), subject=refer(*PATIENTS))

ALWAYS: tuple[Resource, ...] = (
    *({"resourceType": "Patient", "id": who, "identifier": [{"system": MRN, "value": who[0]}]}
      for who in PATIENTS),
    practitioner("chen", CHEN_NPI),
    practitioner("chen-2", CHEN_NPI, "Chen-Moore"),
    practitioner("diaz", DIAZ_NPI, "Diaz", "Ana"),
    practitioner("nurse", None, "Nunes", "Rui"),
    organization("north", "001234567"),
    organization("south", "007654321"),
    organization("ward", None, partOf={"reference": "Organization/north"}),
    organization("tent", None),
    role("chen-north", "Practitioner/chen", "Organization/north"),
    role("diaz-south", "Practitioner/diaz", "Organization/south"),
    role("nurse-north", "Practitioner/nurse", "Organization/north"),
    {
        "resourceType": "Encounter",
        "id": "e0",
        "status": "finished",
        "class": {"code": "AMB"},
        "subject": {"reference": "Patient/alice"},
        "participant": [{"individual": {"reference": "Practitioner/chen"}}],
        "serviceProvider": {"reference": "Organization/north"},
        "period": {"start": "2021-06-03"},
    },
)  # fmt: skip
"""What every folder holds, so that somebody was seen."""

ANYTHING = st.one_of(
    *(_ENCOUNTER, _ENCOUNTER, _MESSAGE, _MESSAGE, _MESSAGE, _OBSERVATION, _DOCUMENT, _EVENT),
    *(_PROVENANCE, _PROVENANCE, _APPOINTMENT, _PATIENT, _ROLE, _RELATED, _DEVICE, _CONDITION),
)


@st.composite
def folders(draw: st.DrawFn) -> dict[str, list[Resource]]:
    """Resources by the name of their file: sorted by type or mixed, in any order."""
    made = draw(st.lists(ANYTHING, min_size=20, max_size=60))
    everything = [*ALWAYS, *made]
    if draw(st.booleans()):
        return {"export.ndjson": everything}
    names = ["{}.ndjson", "{}.1.ndjson", "deep/{}.ndjson.gz", "mixed.ndjson"]
    found: dict[str, list[Resource]] = {}
    for one in everything:
        name = draw(st.sampled_from(names)).format(one["resourceType"])
        found.setdefault(name, []).append(one)
    return found
