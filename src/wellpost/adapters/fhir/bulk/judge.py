"""What each resource becomes, and why it becomes nothing: the steps, in their order."""

from __future__ import annotations

from dataclasses import dataclass

from wellpost.adapters.fhir.bulk.asking import Asking
from wellpost.adapters.fhir.bulk.database import Database, statement
from wellpost.adapters.fhir.bulk.stage import Staged
from wellpost.adapters.fhir.bulk.threads import settle, threads
from wellpost.adapters.fhir.facts import Sieve, people_left_out
from wellpost.adapters.fhir.numbers import numbers_of
from wellpost.adapters.fhir.people import People
from wellpost.adapters.fhir.records import LeftOut
from wellpost.adapters.fhir.references import Index, follow
from wellpost.adapters.fhir.repeats import repeats_left_out
from wellpost.adapters.fhir.roster import Post, post_of, posts_of_work

FACTS = ("encounters", "messages", "patient_data", "portal_actions", "appointments")
"""The fact tables that are judged in SQL, each by the statement of its name."""


@dataclass(frozen=True)
class Judged:
    """The posts of the roster, whom they are of, and what of the directory was left out."""

    posts: tuple[Post, ...]
    people: People
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True)
class _Pair:
    """A clinician at work for a practice."""

    practitioner_id: str
    organization_id: str


def judge(staged: Staged, *, synthetic_identifiers: bool) -> Judged:
    """Judge everything that was staged; the results are views, by the names of FACTS."""
    database, records = staged.database, staged.records
    _patients(staged)
    numbers = numbers_of(records, Index(records), synthetic=synthetic_identifiers)
    asking = Asking(database, records, numbers)
    sieve = Sieve(records)
    posts = sieve.each("PractitionerRole", lambda one: post_of(one, asking.people))
    asking.encounters()
    _judge(staged, "encounters")
    work = [_Pair(*pair) for pair in database.run(statement("steps/work"))]
    every_post = (*posts.values(), *posts_of_work(posts.values(), work, asking.people))
    roster = {post.npi for post in every_post}
    database.fill("roster", {"npi": "VARCHAR"}, ((npi,) for npi in sorted(roster)))
    threads(database)
    settle(asking)
    _ask(asking)
    for name in FACTS[1:]:
        _judge(staged, name)
    left_out = (
        *records.left_out,
        *repeats_left_out(asking.people),
        *sieve.left_out,
        *people_left_out(asking.people, roster),
    )
    return Judged(every_post, asking.people, left_out)


def _ask(asking: Asking) -> None:
    asking.messages()
    asking.provenances()
    _told(asking.database)
    for name in ("message", "patients_writing"):
        asking.database.run(statement(f"steps/{name}"))
    asking.uses()
    asking.appointments()


def _told(database: Database) -> None:
    """What Provenances tell of messages and data: `done_for` and `taken_in`."""
    database.run(statement("steps/told"))
    for name in ("done_for", "taken_in"):
        database.run(statement(f"steps/{name}_told"))
        [(twice,)] = database.run(statement("types/told_twice", name))
        database.run(statement("types/earliest_told" if twice else "types/told_once", name))


def _patients(staged: Staged) -> None:
    """The view `patients`: each patient with the record that stands for them, through merges."""
    database = staged.database
    database.run(statement("steps/reference_to_patient"))
    database.run(statement("steps/named"))
    merged = dict(database.run(statement("steps/merged")))
    columns = {"id": "VARCHAR", "standing": "VARCHAR"}
    database.fill("merged", columns, ((id_, follow(id_, merged.get)) for id_ in merged))
    _keep(staged, "patients", statement("steps/patients"))
    database.run(statement("steps/named_standing"))


def _judge(staged: Staged, name: str) -> None:
    _keep(staged, f"judged_{name}", statement(f"judge/{name}"))


def _keep(staged: Staged, name: str, query: str) -> None:
    """The rows of a query on disk, and a view of them."""
    database: Database = staged.database
    part = staged.folder / f"{name}.parquet"
    database.write(query, part)
    database.view(name, [part])
