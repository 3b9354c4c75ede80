"""Answers over whatever holds the facts: a source of one's own, empty tables, strange values."""

import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from sqlglot import parse_one

from tests.unit.engine.test_question import question
from wellpost.engine.counts import counts
from wellpost.engine.exclusions import qualifies
from wellpost.engine.membership import membership
from wellpost.errors import RequestError
from wellpost.facts.source import Source
from wellpost.terms import Level, Measure, Period

MAPPED = {
    "clinicians": "SELECT '1234567893' AS npi, '123456789' AS tin, 'x' AS name",
    "encounters": "SELECT 'e' AS encounter_id, who AS patient_id, '1234567893' AS npi,"
    " '123456789' AS tin, '2021-06-03' AS seen_on, 'other' AS kind FROM visit",
}


@pytest.fixture
def source() -> Iterator[Source]:
    """Somebody's own SQLite, mapped to facts."""
    lite = sqlite3.connect(":memory:")
    lite.execute("CREATE TABLE visit (who TEXT)")
    lite.execute("INSERT INTO visit VALUES ('o''hara; --'), ('100 %'), (':npi')")

    def execute(sql: str, values: Mapping[str, object]) -> Iterator[tuple[Any, ...]]:
        yield from lite.execute(sql, dict(values))

    tables = {name: parse_one(text) for name, text in MAPPED.items()}
    yield Source("sqlite", tables, execute)
    lite.close()


@pytest.mark.parametrize("measure", list(Measure)[:3])
def test_a_holder_of_another_kind_brings_its_own_tables(source: Source, measure: Measure) -> None:
    (count,) = counts(source, question(measure))
    assert (count.numerator, count.denominator) == (0, 3)


def test_strange_identifiers_are_values_never_sql(source: Source) -> None:
    asked = question()
    found = [one.patient_id for one in membership(source, asked)]
    assert found == sorted(["o'hara; --", "100 %", ":npi"])
    narrowed = type(asked)(**{**asked.__dict__, "patient_id": "o'hara; --"})
    assert [one.patient_id for one in membership(source, narrowed)] == ["o'hara; --"]


def test_the_query_is_made_once_for_a_shape_of_question(source: Source) -> None:
    counts(source, question())
    counts(source, question())
    assert len(source.prepared) == 1
    counts(source, question(level=Level.GROUP))
    assert len(source.prepared) == 2


def test_a_ground_that_no_fact_shows_is_refused(source: Source) -> None:
    with pytest.raises(
        RequestError, match="no fact shows the exclusion neither-orders-nor-creates"
    ):
        qualifies(source, "neither_orders_nor_creates", Level.CLINICIAN, Period.of_year(2021))
