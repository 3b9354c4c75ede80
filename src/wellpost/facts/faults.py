"""What can be wrong with a row, as conditions generated from the description of its table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

from sqlglot import exp

from wellpost.facts.identifiers import PREFIX_SUM
from wellpost.facts.reading import FALSE_WORDS, TRUE_WORDS, as_text, is_day_text, is_text
from wellpost.facts.source import Held
from wellpost.facts.tables import Column, Kind, Table

DIGITS = "0123456789"
DOUBLED_AT = "0516273849"
"""Each digit stands at the place of its Luhn value when doubled."""


@dataclass(frozen=True)
class Fault:
    """One way a row breaks its description: `holds` says when, `says` follows the value."""

    column: Column
    reason: str
    says: str
    holds: exp.Expr


def faults_of(held: Held, table: Table, dialect: str) -> list[Fault]:
    """Every fault a row of this table can have here, the first that holds being its reason."""
    present = [column for column in table.columns if column.name in held.types]
    return [fault for column in present for fault in _faults_of_column(column, held, dialect)]


def _faults_of_column(column: Column, held: Held, dialect: str) -> Iterator[Fault]:
    value = as_text(column, held, dialect)
    if not column.empty_allowed:
        yield Fault(column, "is empty", "is empty; it must be given", _is_empty(value))
    if column.refers:
        yield from _reference_faults(column, value)
    elif column.digits:
        yield from _number_faults(column, value, column.digits)
    if column.values:
        allowed = exp.In(this=value, expressions=[exp.convert(word) for word in column.values])
        says = f"is not one of {', '.join(column.values)}"
        yield Fault(column, "is not a known word", says, exp.not_(allowed))
    yield from _kind_faults(column, value, held, dialect)


def _is_empty(value: exp.Expr) -> exp.Expr:
    return exp.func("COALESCE", value.copy(), exp.convert("")).eq("")


def _number_faults(column: Column, value: exp.Expr, digits: int) -> Iterator[Fault]:
    wrong = exp.not_(_has_digits(value, digits))
    yield Fault(column, f"is not {digits} digits", f"is not {digits} digits", wrong)
    if column.check == "npi":
        says = "fails its check digit"
        yield Fault(column, says, says, luhn_remainder(value).neq(0))


def _reference_faults(column: Column, value: exp.Expr) -> Iterator[Fault]:
    """An npi of the roster has been checked there; only others are looked at."""
    unknown = exp.and_(exp.not_(value.copy().is_(exp.null())), "known.known_npi IS NULL")
    for fault in _number_faults(column, value, column.digits or 0):
        holds = exp.and_(unknown.copy(), fault.holds)
        yield Fault(column, fault.reason, fault.says, holds)
    says = "is not in clinicians"
    yield Fault(column, says, says, unknown)


def _kind_faults(column: Column, value: exp.Expr, held: Held, dialect: str) -> Iterator[Fault]:
    native = held.types[column.name]
    if column.kind is Kind.DAY and native != "date":
        says = "is not a day; write it like 2021-06-03"
        yield Fault(column, "is not a day", says, exp.not_(_is_day(value, native, dialect)))
    if column.kind is Kind.FLAG and native not in ("boolean", "bool"):
        words = [exp.convert(word) for word in (*TRUE_WORDS, *FALSE_WORDS)]
        right = exp.In(this=exp.Lower(this=value.copy()), expressions=words)
        yield Fault(
            column, "is neither true nor false", "is neither true nor false", exp.not_(right)
        )
    if column.kind is Kind.SHARE and is_text(native):
        says = "is not a number from 0 to 100"
        yield Fault(column, says, says, exp.not_(_is_share(value)))


def _is_day(value: exp.Expr, native: str, dialect: str) -> exp.Expr:
    if dialect == "sqlite":
        # without a modifier SQLite gives 2021-02-30 back as it is
        same = exp.Anonymous(this="DATE", expressions=[value.copy(), exp.convert("+0 days")])
        return same.is_(value.copy())
    if not is_text(native):
        midnight = exp.cast(exp.cast(value.copy(), "date"), "timestamp")
        return exp.cast(value.copy(), "timestamp").eq(midnight)
    if dialect == "duckdb":
        read = exp.TryCast(this=value.copy(), to=exp.DataType.build("date"))
        written = exp.func("COALESCE", exp.cast(read, "text"), exp.convert(""))
        return written.eq(value.copy())
    return is_day_text(value)


def _is_share(value: exp.Expr) -> exp.Expr:
    """Digits with at most one point: enough to be cast without failing anywhere."""
    point = exp.func("REPLACE", value.copy(), exp.convert("."), exp.convert(""))
    one_point = exp.Length(this=value.copy()) - exp.Length(this=point.copy())
    return exp.and_(_only_digits(point), exp.paren(one_point) <= 1)


def _has_digits(value: exp.Expr, digits: int) -> exp.Expr:
    return exp.and_(exp.Length(this=value.copy()).eq(digits), _only_digits(value))


def _only_digits(value: exp.Expr) -> exp.Expr:
    rest = exp.Trim(this=value.copy(), expression=exp.convert(DIGITS), position="LEADING")
    return rest.eq("")


def luhn_remainder(value: exp.Expr) -> exp.Expr:
    """What the Luhn sum of ten digits, after the prefix of NPIs, leaves modulo 10; never fails."""
    places = [
        exp.StrPosition(
            this=exp.convert(DIGITS if place % 2 == 0 else DOUBLED_AT),
            substr=exp.func("SUBSTRING", value.copy(), exp.convert(place), exp.convert(1)),
        )
        for place in range(1, 11)
    ]
    total = reduce(lambda one, other: one + other, places, exp.convert(PREFIX_SUM - 10))
    return exp.paren(total) % 10


def first_fault(faults: Sequence[Fault]) -> exp.Expr:
    """The number of the first fault that holds, from 0; null for a good row."""
    if not faults:
        return exp.cast(exp.null(), "int")
    branches = [
        exp.If(this=fault.holds.copy(), true=exp.convert(number))
        for number, fault in enumerate(faults)
    ]
    return exp.Case(ifs=branches)
