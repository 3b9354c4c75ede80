"""NPI check digits and made-up identifiers."""

import sqlite3

import duckdb
import pytest
from sqlglot import exp

from wellpost.facts.faults import luhn_remainder
from wellpost.facts.identifiers import (
    make_npi,
    make_tin,
    npi_is_valid,
    tin_is_valid,
    with_check_digit,
)


def test_the_example_of_the_npi_standard() -> None:
    assert with_check_digit("123456789") == "1234567893"
    assert npi_is_valid("1234567893")


@pytest.mark.parametrize(
    "text", ["1234567890", "123456789", "12345678930", "123456789x", "", "١٢٣٤٥٦٧٨٩٣"]
)
def test_what_is_no_npi(text: str) -> None:
    assert not npi_is_valid(text)


def test_every_single_wrong_digit_is_noticed() -> None:
    for place in range(10):
        for digit in "0123456789":
            changed = "1234567893"[:place] + digit + "1234567893"[place + 1 :]
            assert npi_is_valid(changed) == (changed == "1234567893")


def test_made_up_identifiers_are_valid_and_always_the_same() -> None:
    assert npi_is_valid(make_npi("A")) and make_npi("A") == make_npi("A") != make_npi("B")
    assert tin_is_valid(make_tin("A")) and make_tin("A") == make_tin("A") != make_tin("B")


@pytest.mark.parametrize("nine", ["123456789", "000000000", "999999999", "198765432"])
def test_the_databases_reckon_the_same_check_digit(nine: str) -> None:
    query = exp.select(luhn_remainder(exp.column("n"))).from_(
        exp.select(exp.convert("9" * 10).as_("n")).subquery("t")
    )
    for last in "0123456789":
        asked = query.transform(
            lambda node, npi=nine + last: (
                exp.convert(npi) if node == exp.convert("9" * 10) else node
            )
        )
        with sqlite3.connect(":memory:") as lite:
            found = {lite.execute(asked.sql("sqlite")).fetchone()[0] == 0}
        found.add(duckdb.sql(asked.sql("duckdb")).fetchall()[0][0] == 0)
        assert found == {npi_is_valid(nine + last)}
