"""Why: everything that was considered for one patient, and why each thing counts or does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlglot import exp, parse_one

from wellpost.engine.asking import ask
from wellpost.engine.membership import day
from wellpost.engine.question import Question
from wellpost.facts.source import Source
from wellpost.measures import load
from wellpost.terms import Level, Period

OF_THE_PATIENT = parse_one("patient_id = :patient_id")
NEVER = date(9999, 12, 31)
"""The day on which a message can be opened that nobody can open yet."""


@dataclass(frozen=True, order=True)
class Considered:
    """One encounter or act of the patient. `because` says why it does not count, None when it does.

    `on` is the day it happened, `counted_on` the day it counts from. Reasons: `outside_period`,
    `not_a_visit`, `other_clinician`, `other_practice`, `outside_window`, `not_available_yet`,
    `not_seen_in_period`, `sent_by_patient`, `not_sent_by_patient`, `sent_by_staff`, `automated`,
    `copied`, `not_included`, `could_not_be_opened`, `for_no_clinician`, `not_by_patient`,
    `through_an_api`, `not_incorporated`, `access_missing`, `access_late`,
    `access_after_attestation`, `another_access_late`.
    """

    on: date
    what: str
    identifier: str | None
    npi: str | None
    tin: str | None
    counted_on: date | None
    because: str | None

    @property
    def counts(self) -> bool:
        """Whether it counts for the reporter asked for."""
        return self.because is None


def considered(source: Source, question: Question) -> list[Considered]:
    """Every encounter and act of `question.patient_id`, by day, seen from the reporter asked for.

    The reporter is `question.npi` (clinician), both (practice_clinician) or `question.tin` (group).
    """
    encounters = list(_encounters(source, question))
    seen_by = {one.npi for one in encounters if one.counts}
    distinct = {*encounters, *_acts(source, question, seen_by)}
    return sorted(distinct, key=_order)


def _order(one: Considered) -> tuple[date, str, str, str, str]:
    return one.on, one.what, one.identifier or "", one.npi or "", one.because or ""


def _encounters(source: Source, question: Question) -> Iterator[Considered]:
    tins = _tins(source, question)
    for seen_on, identifier, npi, tin, because in ask(source, question, encounters_query):
        on = day(seen_on)
        found = because or _other(question, tins, npi, tin) or _outside_period(question.period, on)
        yield Considered(on, "encounter", identifier, npi, tin, on, found)


def _outside_period(period: Period, on: date) -> str | None:
    return None if period.start <= on <= period.end else "outside_period"


def _other(question: Question, tins: set[str] | None, npi: str, tin: str) -> str | None:
    """Why an encounter is not the reporter's: another clinician's, or another practice's."""
    of_one = question.level in (Level.CLINICIAN, Level.PRACTICE_CLINICIAN)
    if of_one and question.npi not in (None, npi):
        return "other_clinician"
    return "other_practice" if tins is not None and tin not in tins else None


def _tins(source: Source, question: Question) -> set[str] | None:
    """The TINs that make the reporter; None when every TIN does."""
    if question.tin is None or question.level is Level.CLINICIAN:
        return None
    if question.level is not Level.VIRTUAL_GROUP:
        return {question.tin}
    return {tin for (tin,) in ask(source, question, same_group_query)}


def _acts(source: Source, question: Question, seen_by: set[str | None]) -> Iterator[Considered]:
    tins = _tins(source, question)
    for happened_on, counted, act, identifier, npi, tin, because in ask(
        source, question, acts_query
    ):
        counted_on = day(counted) if counted is not None else None
        found = (
            (_other(question, tins, npi, tin) if tin else None)
            or because
            or _uncredited(question, npi, seen_by)
            or late(question.window, counted_on)
        )
        yield Considered(day(happened_on), act, identifier, npi, tin, counted_on, found)


def _uncredited(question: Question, npi: str, seen_by: set[str | None]) -> str | None:
    if npi in seen_by:
        return None
    return "not_seen_in_period" if question.npi == npi or not seen_by else "other_clinician"


def late(window: Period, counted_on: date | None) -> str | None:
    """Why an act does not count by its day: nobody can open it yet, or it is outside the window."""
    if counted_on == NEVER:
        return "not_available_yet"
    inside = counted_on is not None and window.start <= counted_on <= window.end
    return None if inside else "outside_window"


def encounters_query(question: Question) -> exp.Select:
    """Every encounter of the patient."""
    return _rows("denominator", question, "seen_on, encounter_id, npi, tin, because")


def acts_query(question: Question) -> exp.Select:
    """Every act that the measure considers for the patient."""
    tin = "tin" if load.by_practice(question.measure) else "NULL AS tin"
    shown = f"happened_on, counted_on, act, act_id, npi, {tin}, because"
    return _rows(question.measure, question, shown)


def same_group_query(question: Question) -> exp.Expr:
    """The TINs of the virtual groups that the TIN is in."""
    return parse_one(
        "SELECT other.tin FROM virtual_groups AS one"
        " JOIN virtual_groups AS other ON other.virtual_group = one.virtual_group"
        " WHERE one.tin = :tin"
    )


def _rows(name: str, question: Question, columns: str) -> exp.Select:
    every = load.considered(name, question.words).subquery("every", copy=False)
    return exp.select(*columns.split(", ")).from_(every, copy=False).where(OF_THE_PATIENT)
