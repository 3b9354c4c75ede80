"""Random facts: few names, so that everything meets everything; days around every boundary."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from wellpost.facts.identifiers import make_npi, make_tin
from wellpost.measures.policies import MANNERS, POLICIES

PATIENTS = st.sampled_from(["ann", "bob", "cyd", "Dée"])
NPIS = [make_npi(name) for name in "ABC"]
TINS = [make_tin(name) for name in "ST"]
NPI, TIN = st.sampled_from(NPIS), st.sampled_from(TINS)
PERIOD = ("2021-06-01", "2021-08-29")
WINDOWS = st.sampled_from([PERIOD, ("2021-01-01", "2021-12-31")])
BOUNDARIES = "2021-01-01", "2021-06-01", "2021-08-30", "2022-01-01"
DAYS = st.sampled_from([*BOUNDARIES, "2020-12-31", "2021-05-31", "2021-08-29", "2021-12-31"])
KNOWN_BY = st.sampled_from(["9999-12-31", "2021-06-07", "2021-06-10"])
OPENED = st.one_of(st.none(), DAYS, st.just("9999-12-31"))

ENCOUNTER = st.fixed_dictionaries(
    {
        "patient_id": PATIENTS,
        "npi": NPI,
        "tin": TIN,
        "seen_on": DAYS,
        "kind": st.sampled_from(["office_visit", "telehealth", "other"]),
    }
)
MESSAGE = st.fixed_dictionaries(
    {
        "patient_id": PATIENTS,
        "npi": st.one_of(st.none(), NPI),
        "tin": st.one_of(st.none(), TIN),
        "sent_on": DAYS,
        "available_on": OPENED,
        "sent_by": st.sampled_from(
            ["clinician", "staff", "automated", "patient", "representative"]
        ),
        "sent_to": st.sampled_from(["patient", "representative", "clinician"]),
        "patient_included": st.booleans(),
    }
)
PORTAL_ACTION = st.fixed_dictionaries(
    {
        "patient_id": PATIENTS,
        "tin": st.one_of(st.none(), TIN),
        "acted_on": DAYS,
        "action": st.sampled_from(["view", "download", "transmit", "api"]),
        "acted_by": st.sampled_from(["patient", "representative", "clinician", "staff"]),
    }
)
PATIENT_DATA = st.fixed_dictionaries(
    {
        "patient_id": PATIENTS,
        "npi": st.one_of(st.none(), NPI),
        "received_on": DAYS,
        "incorporated_on": st.one_of(st.none(), DAYS),
        "source": st.sampled_from(["patient", "device", "non_clinical_setting"]),
    }
)
CLINICIANS = st.sets(st.tuples(NPI, TIN), min_size=1)
GROUPS = st.sets(st.tuples(st.sampled_from(["east", "west"]), TIN))
ASKED_POLICIES = st.fixed_dictionaries(
    {name: st.sampled_from(words) for name, words in {**POLICIES, **MANNERS}.items()}
)
WEEK = st.one_of(st.none(), st.dates(date(2021, 6, 7), date(2021, 6, 13)))
OPENING = st.sampled_from([None, -1, 0, 3, 4, 5, 6, 7])
"""How many days after the information was available it was opened; None: never."""
CLOSED = st.sets(st.tuples(TIN, st.dates(date(2021, 6, 7), date(2021, 6, 20))), max_size=6)


@st.composite
def _grants(draw: st.DrawFn, encounters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Access to some encounters, mostly in time, whatever the day of the week."""
    return [
        {
            "encounter_id": one["encounter_id"],
            "available_on": available.isoformat(),
            "vdt_on": _after(available, draw(OPENING)),
            "api_on": _after(available, draw(OPENING)),
        }
        for one in encounters
        if (available := draw(WEEK)) is not None
    ]


def _after(day: date, days: int | None) -> str | None:
    return None if days is None else (day + timedelta(days=days)).isoformat()


def _numbered(rows: list[dict[str, Any]], column: str) -> list[dict[str, Any]]:
    return [{**row, column: f"{column}-{number:02}"} for number, row in enumerate(rows)]


@st.composite
def facts(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    """Every table that a measure asks for; the roster may lack a practice of a clinician."""
    roster = sorted(draw(CLINICIANS) | {(npi, TINS[0]) for npi in NPIS})
    groups = sorted(draw(GROUPS))
    encounters = _numbered(draw(st.lists(ENCOUNTER, max_size=12)), "encounter_id")
    return {
        "clinicians": [{"npi": npi, "tin": tin} for npi, tin in roster],
        "encounters": encounters,
        "access_grants": draw(_grants(encounters)),
        "closed_days": [
            {"tin": tin, "closed_on": day.isoformat()} for tin, day in sorted(draw(CLOSED))
        ],
        "messages": _numbered(draw(st.lists(MESSAGE, max_size=12)), "message_id"),
        "portal_actions": draw(st.lists(PORTAL_ACTION, max_size=8)),
        "patient_data": draw(st.lists(PATIENT_DATA, max_size=8)),
        "virtual_groups": [{"virtual_group": name, "tin": tin} for name, tin in groups],
    }
