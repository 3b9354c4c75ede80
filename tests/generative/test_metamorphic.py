"""Facts told otherwise: what says the same counts the same, and what differs, exactly so much.

Random facts are told a second time: rows shuffled, said twice, in other files, with other names,
in another year, in another time zone. Nothing, or only what must, may change in the answer.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.generative.engines import Engines
from tests.generative.facts import ASKED_POLICIES, NPIS, PERIOD, TINS, facts
from tests.reference.plain import Facts
from tests.worlds.holders import write_csv
from wellpost.engine.membership import membership
from wellpost.engine.question import Question
from wellpost.engine.together import counts_of_all
from wellpost.facts.checks import check
from wellpost.facts.identifiers import make_npi
from wellpost.facts.source import Source
from wellpost.facts.sources import open_source
from wellpost.facts.tables import TABLES, Kind
from wellpost.measures.policies import MANNERS, POLICIES
from wellpost.terms import Level, Measure, Period, Reporter

pytestmark = pytest.mark.timeout(1800)  # many examples in the nightly profile, on a busy machine

NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
few = settings(max_examples=200 if NIGHTLY else 4)
SHUFFLES = st.randoms(use_true_random=False)
Rows = dict[str, list[dict[str, Any]]]
Answer = list[tuple[Any, ...]]


@pytest.fixture(scope="module")
def engines(postgresql: str) -> Iterator[Engines]:
    """The databases, open for all examples."""
    opened = Engines(postgresql)
    yield opened
    opened.close()


@dataclass(frozen=True)
class Asked:
    """A measure, counted at every level in the period of one year."""

    measure: Measure
    policies: Mapping[str, str]
    year: int = 2021

    @property
    def questions(self) -> list[Question]:
        """One for each level."""
        start, end = (date.fromisoformat(day).replace(year=self.year) for day in PERIOD)
        days, window = Period(start, end), Period.of_year(self.year)
        return [Question(self.measure, one, days, window, self.policies) for one in Level]


USUAL = st.just({name: next(iter(words)) for name, words in {**POLICIES, **MANNERS}.items()})
ASKED = st.builds(Asked, st.sampled_from(Measure), ASKED_POLICIES if NIGHTLY else USUAL)
"""Other policies are other queries, and preparing these takes most of the time."""


def ask(source: Source, asked: Asked) -> Answer:
    """Every count; then, of each clinician, every patient and whether they count."""
    counted = [each for found in counts_of_all(source, asked.questions) for each in found]
    members = membership(source, asked.questions[0])
    return [
        *((one.reporter, one.numerator, one.denominator) for one in counted),
        *((one.reporter, one.patient_id, one.in_numerator) for one in members),
    ]


def answers(engines: Engines, told: Facts, asked: Asked) -> dict[str, Answer]:
    """What each engine answers to the facts."""
    engines.fill(told)
    return {name: ask(source, asked) for name, source in engines.sources.items()}


def copied(told: Facts) -> Rows:
    """The facts, to be told otherwise."""
    return {name: [dict(row) for row in rows] for name, rows in told.items()}


def replaced(told: Facts, column: str, names: Mapping[Any, Any]) -> Rows:
    """The facts with other names in a column of every table."""
    other = copied(told)
    for row in (row for rows in other.values() for row in rows if column in row):
        row[column] = names.get(row[column], row[column])
    return other


@few
@given(told=facts(), asked=ASKED, chance=SHUFFLES)
def test_the_order_of_rows_changes_nothing(
    engines: Engines, told: Facts, asked: Asked, chance: random.Random
) -> None:
    other = copied(told)
    for rows in other.values():
        chance.shuffle(rows)
    assert answers(engines, other, asked) == answers(engines, told, asked)


@few
@given(told=facts(), asked=ASKED)
def test_every_row_said_twice_changes_nothing(engines: Engines, told: Facts, asked: Asked) -> None:
    """The same number with another content is refused: tests/unit/facts."""
    other = {name: [*rows, *rows] for name, rows in copied(told).items()}
    assert answers(engines, other, asked) == answers(engines, told, asked)


@few
@given(told=facts(), asked=ASKED)
def test_what_is_said_again_under_another_number_changes_nothing(
    engines: Engines, told: Facts, asked: Asked
) -> None:
    """A visit told by two systems, a message sent twice: patients count once all the same."""
    other = copied(told)
    for name in ("encounters", "access_grants", "messages"):
        for column in ("encounter_id", "message_id"):
            again = [{**row, column: f"{row[column]}-2"} for row in told[name] if column in row]
            other[name] += again
    for name in ("portal_actions", "patient_data"):
        other[name] += told[name]
    assert answers(engines, other, asked) == answers(engines, told, asked)


@few
@given(told=facts(), asked=ASKED)
def test_patients_with_other_names_count_the_same(
    engines: Engines, told: Facts, asked: Asked
) -> None:
    names = {"ann": "Åsa", "bob": "1", "cyd": "cyd ", "Dée": "ann"}
    other = answers(engines, replaced(told, "patient_id", names), asked)
    for engine, answer in answers(engines, told, asked).items():
        renamed = [tuple(names.get(part, part) for part in row) for row in answer]
        assert sorted(map(repr, renamed)) == sorted(map(repr, other[engine])), engine


@few
@given(told=facts(), asked=ASKED)
def test_a_clinician_nobody_saw_adds_a_row_of_zeros_and_nothing_else(
    engines: Engines, told: Facts, asked: Asked
) -> None:
    other = copied(told)
    new = make_npi("new")
    other["clinicians"].append({"npi": new, "tin": TINS[0]})
    found = answers(engines, other, asked)
    for engine, answer in answers(engines, told, asked).items():
        more = [row for row in found[engine] if row not in answer]
        assert {row[0].npi for row in more} == {new} and {row[1:] for row in more} == {(0, 0)}
        assert [row for row in found[engine] if row not in more] == answer


@few
@given(told=facts(), asked=ASKED)
def test_writing_to_somebody_who_was_not_seen_changes_nothing(
    engines: Engines, told: Facts, asked: Asked
) -> None:
    message = {
        "message_id": "new", "patient_id": "stranger", "npi": NPIS[0], "tin": TINS[0],
        "sent_on": "2021-06-10", "sent_by": "clinician", "sent_to": "patient",
        "patient_included": True,
    }  # fmt: skip
    other = copied(told)
    other["messages"].append(message)
    assert answers(engines, other, asked) == answers(engines, told, asked)


@few
@given(told=facts(), asked=ASKED)
def test_a_year_with_a_leap_day_counts_the_same(
    engines: Engines, told: Facts, asked: Asked
) -> None:
    """But for access, whose business days lie elsewhere in another year."""
    measure = Measure(asked.measure.replace(Measure.PATIENT_ACCESS, Measure.SECURE_MESSAGING))
    asked = replace(asked, measure=measure)
    later = {name: [_in_2024(row) for row in rows] for name, rows in told.items()}
    assert answers(engines, later, replace(asked, year=2024)) == answers(engines, told, asked)


@few
@given(told=facts(), asked=ASKED)
def test_a_message_on_the_leap_day_counts_its_patient_and_nobody_else(
    engines: Engines, told: Facts, asked: Asked
) -> None:
    who = {"patient_id": "leaper", "npi": NPIS[0], "tin": TINS[0]}
    seen = {"encounter_id": "leap", "seen_on": "2024-06-03", "kind": "office_visit"}
    sent = {"message_id": "leap", "sent_on": "2024-02-29", "patient_included": True}
    counted = {**asked.policies, "direction": "to_patient"}  # it is the clinician who writes
    asked = replace(asked, measure=Measure.SECURE_MESSAGING, year=2024, policies=counted)
    later = {name: [_in_2024(row) for row in rows] for name, rows in told.items()}
    before = answers(engines, later, asked)
    later["encounters"].append({**who, **seen})
    later["messages"].append({**who, **sent, "sent_by": "clinician", "sent_to": "patient"})
    for engine, answer in answers(engines, later, asked).items():
        ours = Reporter(Level.CLINICIAN, npi=NPIS[0])
        (once,), (now,) = ([row for row in every if row[0] == ours and row[1] != "leaper"][:1]
                           for every in (before[engine], answer))  # fmt: skip
        assert now == (ours, once[1] + 1, once[2] + 1), engine
        assert (ours, "leaper", True) in answer


def _in_2024(row: Mapping[str, Any]) -> dict[str, Any]:
    later = {"2020": "2023", "2021": "2024", "2022": "2025"}
    return {
        name: later[value[:4]] + value[4:]
        if name.endswith("_on") and value and value[:4] in later
        else value
        for name, value in row.items()
    }


@few
@given(told=facts(), asked=ASKED, zone=st.sampled_from(["Asia/Tokyo", "Pacific/Apia"]))
def test_the_time_zone_of_process_and_engine_changes_nothing(
    engines: Engines, told: Facts, asked: Asked, zone: str
) -> None:
    usual = answers(engines, told, asked)
    with in_zone(engines, zone):
        assert answers(engines, told, asked) == usual


@contextmanager
def in_zone(engines: Engines, zone: str) -> Iterator[None]:
    """The process, PostgreSQL and DuckDB as they are where the day began at another time."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = zone
    time.tzset()
    engines.postgresql.execute(f"SET TIME ZONE '{zone}'")
    engines.duck.execute(f"SET TimeZone = '{zone}'")
    try:
        yield
    finally:
        os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
        time.tzset()
        engines.postgresql.execute("RESET TIME ZONE")
        engines.duck.execute("RESET TimeZone")


FILES = {Kind.DAY: "DATE", Kind.FLAG: "BOOLEAN", Kind.SHARE: "DOUBLE", Kind.TEXT: "VARCHAR"}


@few
@given(told=facts(), asked=ASKED, chance=SHUFFLES)
def test_however_the_rows_lie_in_files_the_answer_is_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    told: Facts,
    asked: Asked,
    chance: random.Random,
) -> None:
    """One file of CSV each; several of Parquet, side by side, in folders, in partitions."""
    folder = tmp_path_factory.mktemp("told")
    whole = of_folder(write_csv(folder / "whole", told), asked)
    inside = chance.choice(["", "deep/{n}", "year=202{n}"])
    assert of_folder(split(folder / "split", told, chance, inside), asked) == whole


def split(folder: Path, told: Facts, chance: random.Random, inside: str) -> Path:
    """Each table as up to four Parquet files."""
    with duckdb.connect() as connection:
        for name, rows in told.items():
            columns = ", ".join(f"{one.name} {FILES[one.kind]}" for one in TABLES[name].columns)
            connection.execute(f"CREATE TABLE {name} ({columns})")
            places = [chance.randrange(4) for _ in rows]
            for n in sorted({0, *places}):
                mine = [row for row, place in zip(rows, places, strict=True) if place == n]
                path = folder / name / inside.format(n=n) / f"part-{n}.parquet"
                path.parent.mkdir(parents=True, exist_ok=True)
                write_rows(connection, name, mine, path)
    return folder


def write_rows(
    connection: duckdb.DuckDBPyConnection, name: str, rows: list[Any], path: Path
) -> None:
    """These rows as a file, which may hold none."""
    names = TABLES[name].names
    connection.execute(f"DELETE FROM {name}")
    if rows:
        marks = ", ".join([f"({', '.join('?' * len(names))})"] * len(rows))
        values = [row.get(column) for row in rows for column in names]
        connection.execute(f"INSERT INTO {name} VALUES {marks}", values)
    connection.table(name).write_parquet(str(path))


def of_folder(folder: Path, asked: Asked) -> Answer:
    """The answer of files, checked first."""
    with open_source(folder) as source:
        check(source)
        return ask(source, asked)
