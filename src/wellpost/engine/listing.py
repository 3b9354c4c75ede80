"""Everybody at once: every act considered, and who saw whom, by patient, in two queries."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from wellpost.engine.asking import ask
from wellpost.engine.evidence import Considered, late
from wellpost.engine.membership import day
from wellpost.engine.question import Question
from wellpost.facts.source import Source
from wellpost.measures import load

Seen = Mapping[str, frozenset[tuple[str, str]]]
"""For each patient, the (tin, npi) who saw them in the period."""


def acts_by_patient(source: Source, question: Question) -> Mapping[str, list[Considered]]:
    """Every act the measure considers, by patient and day.

    `because` says why the act does not count for the npi it is credited to; whether that npi saw
    the patient for a reporter is for the reader to see.
    """
    found: dict[str, list[Considered]] = {}
    for patient_id, on, counted, act, identifier, npi, tin, because in ask(
        source, question, listing_query
    ):
        counted_on = None if counted is None else day(counted)
        why = because or late(question.window, counted_on)
        one = Considered(day(on), act, identifier, npi, tin, counted_on, why)
        found.setdefault(patient_id, []).append(one)
    return found


def who_saw(source: Source, question: Question) -> Seen:
    """Who saw each patient in the period."""
    found: dict[str, set[tuple[str, str]]] = {}
    for patient_id, tin, npi in ask(source, question, seen_query):
        found.setdefault(patient_id, set()).add((tin, npi))
    return {patient_id: frozenset(pairs) for patient_id, pairs in found.items()}


def groups(source: Source, question: Question) -> Mapping[str, frozenset[str]]:
    """The TINs of each virtual group."""
    found: dict[str, set[str]] = {}
    for virtual_group, tin in ask(source, question, groups_query):
        found.setdefault(virtual_group, set()).add(tin)
    return {name: frozenset(tins) for name, tins in found.items()}


def listing_query(question: Question) -> exp.Select:
    """Every act considered, with its patient."""
    tin = "tin" if load.by_practice(question.measure) else "CAST(NULL AS TEXT) AS tin"
    shown = ("happened_on", "counted_on", "act", "act_id", "npi")
    every = load.considered(question.measure, question.words).subquery("every", copy=False)
    return (
        exp.select("patient_id", *shown, tin, "because")
        .distinct()
        .from_(every, copy=False)
        .order_by("patient_id", *shown, "because")
    )


def seen_query(question: Question) -> exp.Select:
    """Patients of the denominator with each tin and npi."""
    return exp.select("patient_id", "tin", "npi").distinct().from_("denominator")


def groups_query(question: Question) -> exp.Select:
    """Which TINs make a virtual group."""
    return exp.select("virtual_group", "tin").distinct().from_("virtual_groups")
