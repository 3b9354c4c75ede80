"""Sections 1, 2 and 4 of the law in plain sets. It shares no line with the engine.

Facts are lists of dictionaries by table name, days as ISO text.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

Facts = Mapping[str, Sequence[Mapping[str, Any]]]
Days = tuple[str, str]
Act = tuple[str, str, str]
"""Who is credited (npi), which patient, from which day."""


@dataclass(frozen=True)
class Asked:
    """What is asked; days are ISO text, first and last counted."""

    measure: str
    level: str
    period: Days
    window: Days
    policies: Mapping[str, str]
    known_by: str = "9999-12-31"


def within(day: str | None, days: Days) -> bool:
    """Whether the day is one of the days."""
    return day is not None and days[0] <= day <= days[1]


def seen(facts: Facts, asked: Asked) -> set[tuple[str, str, str]]:
    """(tin, npi, patient) of every encounter in the period that makes a patient seen."""
    return {
        (one["tin"], one["npi"], one["patient_id"])
        for one in facts["encounters"]
        if within(one["seen_on"], asked.period)
        and (asked.policies["seen"] == "any_encounter" or one["kind"] != "other")
    }


def belongs(facts: Facts) -> set[tuple[str, str]]:
    """(tin, npi) of the roster."""
    return {(one["tin"], one["npi"]) for one in facts["clinicians"]}


def acts(facts: Facts, asked: Asked) -> set[Act]:
    """Every act in the window that counts, for each clinician it is credited to."""
    found = {
        "secure_messaging": messages,
        "view_download_transmit": portal_actions,
        "patient_generated_data": patient_data,
    }[asked.measure](facts, asked)
    return {act for act in found if within(act[2], asked.window)}


def messages(facts: Facts, asked: Asked) -> set[Act]:
    """A message to the patient, or that includes them, by someone whose writing counts."""
    if asked.policies.get("direction") == "from_patient":
        return from_patients(facts)
    return {
        (npi, one["patient_id"], day)
        for one in facts.get("messages", [])
        if may_count(one, asked.policies) and (day := counts_from(one, asked.policies))
        for npi in writers(one, facts, asked)
    }


def from_patients(facts: Facts) -> set[Act]:
    """Stage 2 of 2014: what the patient or representative sent, to whom it is addressed."""
    return {
        (one["npi"], one["patient_id"], one["sent_on"])
        for one in facts.get("messages", [])
        if one["sent_by"] in {"patient", "representative"} and one["npi"]
    }


def may_count(message: Mapping[str, Any], policies: Mapping[str, str]) -> bool:
    """Whether its direction, readers and kind of author let it count."""
    if message["sent_by"] in {"patient", "representative"} or not message["patient_included"]:
        return False
    if message["sent_to"] == "clinician" and policies["copied_patients"] == "do_not_count":
        return False
    if message["sent_by"] == "automated":
        return policies["automated_messages"] == "count"
    return message["sent_by"] == "clinician" or policies["staff_messages"] != "author_only"


def counts_from(message: Mapping[str, Any], policies: Mapping[str, str]) -> str | None:
    """The day it counts from; None when it never does."""
    sent, available = message["sent_on"], message["available_on"] or message["sent_on"]
    late = available > sent
    if not late or policies["unreachable_patients"] == "count_when_sent":
        return sent
    return available if policies["unreachable_patients"] == "count_when_available" else None


def writers(message: Mapping[str, Any], facts: Facts, asked: Asked) -> set[str]:
    """Whom it is credited to."""
    if message["npi"]:
        return {message["npi"]}
    if message["sent_by"] != "staff" or asked.policies["staff_messages"] != "any_in_practice":
        return set()
    colleagues = {npi for tin, npi in belongs(facts) if tin == message["tin"]}
    return colleagues & saw(facts, asked, message["patient_id"])


def saw(facts: Facts, asked: Asked, patient: str) -> set[str]:
    """Every clinician who saw the patient in the period."""
    return {npi for _, npi, one in seen(facts, asked) if one == patient}


def portal_actions(facts: Facts, asked: Asked) -> set[Act]:
    """A patient's own act, for everyone of the portal's practice who saw them."""
    return {
        (npi, one["patient_id"], one["acted_on"])
        for one in facts.get("portal_actions", [])
        if one["acted_by"] in {"patient", "representative"}
        and not (one["action"] == "api" and asked.policies.get("api") == "without")
        for npi in saw(facts, asked, one["patient_id"])
        if not one["tin"] or (one["tin"], npi) in belongs(facts)
    }


def patient_data(facts: Facts, asked: Asked) -> set[Act]:
    """Data, from the day it is incorporated."""
    return {
        (one["npi"], one["patient_id"], one["incorporated_on"])
        for one in facts.get("patient_data", [])
        if one["incorporated_on"] and one["npi"]
    }


def is_timely(encounter: Mapping[str, Any], facts: Facts, asked: Asked) -> bool:
    """Whether all ways that are asked for were open within 4 business days."""
    ways = ("vdt_on",) if asked.policies.get("api") == "without" else ("vdt_on", "api_on")
    grants = facts.get("access_grants", [])
    mine = [one for one in grants if one["encounter_id"] == encounter["encounter_id"]]
    opened = [mine[0][way] for way in ways] if mine else [None]
    closed = {
        one["closed_on"] for one in facts.get("closed_days", []) if one["tin"] == encounter["tin"]
    }
    return all(
        day is not None and in_time(mine[0]["available_on"], day, closed) and day <= asked.known_by
        for day in opened
    )


def in_time(available: str, opened: str | None, closed: Collection[str]) -> bool:
    """Counted on the fingers: every day after the first, but no Saturday, no Sunday and none on
    which the practice is closed.
    """
    if opened is None:
        return False
    day, business_days = date.fromisoformat(available), 0
    while day < date.fromisoformat(opened):
        day += timedelta(days=1)
        is_open = day.weekday() < 5 and day.isoformat() not in closed
        business_days += is_open
        if business_days > 4 or (business_days == 4 and not is_open):
            return False
    return True


def access(facts: Facts, asked: Asked) -> set[tuple[str, str, str, str]]:
    """(tin, npi, patient, day seen) of encounters where every one with the clinician was timely.

    Under that TIN; for one who reports over all TINs, under any.
    """
    together = asked.level == "clinician"
    counted = [
        one
        for one in facts["encounters"]
        if within(one["seen_on"], asked.period)
        and (asked.policies["seen"] == "any_encounter" or one["kind"] != "other")
    ]

    def whose(one: Mapping[str, Any]) -> tuple[str, str, str]:
        return "" if together else one["tin"], one["npi"], one["patient_id"]

    late = {whose(one) for one in counted if not is_timely(one, facts, asked)}
    return {
        (one["tin"], one["npi"], one["patient_id"], one["seen_on"])
        for one in counted
        if whose(one) not in late and within(one["seen_on"], asked.window)
    }


def reached_on(facts: Facts, asked: Asked) -> dict[tuple[str, str, str], str]:
    """For each (tin, npi, patient) of the denominator that qualifies, the first day it does."""
    if asked.measure == "patient_access":
        every = access(facts, asked)
    else:
        done = acts(facts, asked)
        every = {
            (tin, npi, patient, day)
            for tin, npi, patient in seen(facts, asked)
            for who, whom, day in done
            if (who, whom) == (npi, patient)
        }
    return {one[:3]: one[3] for one in sorted(every, key=lambda one: one[3], reverse=True)}


def reporters(tin: str, npi: str, asked: Asked, facts: Facts) -> set[tuple[str, ...]]:
    """Who reports what that clinician did under that TIN."""
    if asked.level == "clinician":
        return {(npi,)}
    if asked.level == "practice_clinician":
        return {(tin, npi)}
    if asked.level == "group":
        return {(tin,)}
    groups = facts.get("virtual_groups", [])
    return {(one["virtual_group"],) for one in groups if one["tin"] == tin}


def roster(facts: Facts, asked: Asked) -> set[tuple[str, ...]]:
    """Every reporter, seen by anyone or not."""
    if asked.level == "virtual_group":
        return {(one["virtual_group"],) for one in facts.get("virtual_groups", [])}
    return {who for tin, npi in belongs(facts) for who in reporters(tin, npi, asked, facts)}


@dataclass
class Patients:
    """One reporter's patients; `reached` gives the first day an act counts from."""

    seen: set[str]
    reached: dict[str, str]


def patients(facts: Facts, asked: Asked) -> dict[tuple[str, ...], Patients]:
    """For each reporter the denominator, and the numerator within it."""
    found = {who: Patients(set(), {}) for who in roster(facts, asked)}
    first = reached_on(facts, asked)
    for tin, npi, patient in seen(facts, asked):
        for who in reporters(tin, npi, asked, facts):
            mine = found.setdefault(who, Patients(set(), {}))
            mine.seen.add(patient)
            if (tin, npi, patient) in first:
                day = first[tin, npi, patient]
                mine.reached[patient] = min(day, mine.reached.get(patient, day))
    return found
