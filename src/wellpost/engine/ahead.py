"""What lies ahead of a patient: the next visit, and whether a message could be opened today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlglot import parse_one

from wellpost.engine.membership import day
from wellpost.engine.relations import on_facts
from wellpost.facts.source import Source
from wellpost.facts.tables import TABLES
from wellpost.terms import Reporter

PLANNED = parse_one(
    "SELECT patient_id, npi, tin, MIN(planned_on) AS planned_on FROM appointments"
    " WHERE planned_on >= :as_of GROUP BY patient_id, npi, tin"
)
SHOWN = parse_one(
    "SELECT patient_id, MAX(can) AS can FROM ("
    " SELECT patient_id, CASE WHEN sent_by IN ('patient', 'representative') THEN 1"
    " WHEN patient_included AND COALESCE(available_on, sent_on) <= :as_of THEN 1 ELSE 0 END AS can"
    " FROM messages"
    " UNION ALL SELECT patient_id, 1 AS can FROM portal_actions"
    " WHERE acted_by IN ('patient', 'representative')"
    ") AS shown GROUP BY patient_id"
)
GROUPS = parse_one("SELECT DISTINCT virtual_group, tin FROM virtual_groups")


@dataclass(frozen=True)
class Planned:
    """A day on which a patient is to be seen, by whom and where as far as that is told."""

    on: date
    npi: str | None
    tin: str | None


@dataclass(frozen=True)
class NextVisits:
    """The visits that are ahead, by patient."""

    planned: Mapping[str, tuple[Planned, ...]]
    groups: Mapping[str, frozenset[str]]

    def of(self, reporter: Reporter, patient_id: str) -> date | None:
        """The next day on which the reporter is to see the patient; None where none is known."""
        days = (
            one.on for one in self.planned.get(patient_id, ()) if self._is_theirs(one, reporter)
        )
        return min(days, default=None)

    def _is_theirs(self, one: Planned, reporter: Reporter) -> bool:
        if reporter.npi and one.npi not in (None, reporter.npi):
            return False
        if one.tin is None:
            return True
        if reporter.virtual_group:
            return one.tin in self.groups.get(reporter.virtual_group, frozenset())
        return reporter.tin in (None, one.tin)


def next_visits(source: Source, as_of: date) -> NextVisits:
    """Every visit planned for `as_of` or later; none where the facts have no appointments."""
    if not source.has(("appointments",)):
        return NextVisits({}, {})
    found: dict[str, list[Planned]] = {}
    rows = source.run(on_facts(PLANNED, source.tables), {"as_of": as_of})
    for patient_id, npi, tin, planned_on in rows:
        found.setdefault(patient_id, []).append(Planned(day(planned_on), npi, tin))
    tins: dict[str, set[str]] = {}
    for name, tin in source.run(on_facts(GROUPS, source.tables)):
        tins.setdefault(name, set()).add(tin)
    return NextVisits(
        {patient_id: tuple(each) for patient_id, each in found.items()},
        {name: frozenset(each) for name, each in tins.items()},
    )


def who_can_open(source: Source, as_of: date) -> Mapping[str, bool]:
    """Whether a patient or a representative could open a message on that day, as the facts show.

    True: one of them wrote, used the portal, or had a message that could be opened by then.
    False: there were messages, and none could be opened. Who is not in it: nothing is known.
    """
    rows = source.run(on_facts(SHOWN, source.tables), {"as_of": as_of})
    return {patient_id: bool(can) for patient_id, can in rows}


def needed_ahead(source: Source) -> Mapping[str, frozenset[str]]:
    """The tables read here that must be checked, with their columns, where the source has them."""
    if not source.has(("appointments",)):
        return {}
    return {"appointments": frozenset(TABLES["appointments"].names)}
