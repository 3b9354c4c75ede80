"""From a table as it lies in its holder to one with the columns and types of its description."""

from __future__ import annotations

from sqlglot import exp

from wellpost.facts.source import Held
from wellpost.facts.tables import Column, Kind, Table

DAY_PATTERN = (
    "^([0-9]{4}-((01|03|05|07|08|10|12)-(0[1-9]|[12][0-9]|3[01])"
    "|(04|06|09|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))"
    "|([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)$"
)
"""Every day of the Gregorian calendar and nothing else: PostgreSQL has no cast that may fail, and
that of Spark takes 2021-6 for a day."""

TRUE_WORDS = ("true", "1")
FALSE_WORDS = ("false", "0")


def reading(held: Held, table: Table, dialect: str) -> exp.Select:
    """SELECT every described column, typed; one that the holder lacks is null."""
    columns = [
        exp.alias_(typed(column, held, dialect), column.name, quoted=False)
        for column in table.columns
    ]
    return exp.select(*columns).from_(held.relation.copy())


def is_text(native: str) -> bool:
    """Whether a native type holds text."""
    return native.startswith(("varchar", "text", "char", "nvarchar", "clob", "json", "uuid")) or (
        native in ("", "string", "name", "bpchar")
    )


def raw(column: Column) -> exp.Expr:
    """The column as it lies there."""
    return exp.column(exp.to_identifier(column.name, quoted=True))


def as_text(column: Column, held: Held, dialect: str) -> exp.Expr:
    """The column as text; an empty text is null where the description allows null."""
    native = held.types.get(column.name)
    if native is None:
        return exp.cast(exp.null(), "text")
    text: exp.Expr = raw(column)
    if dialect == "sqlite" or not is_text(native):
        text = exp.cast(text, "text")
    if column.empty_allowed or column.kind is not Kind.TEXT:
        text = exp.Nullif(this=text, expression=exp.Literal.string(""))
    return text


def typed(column: Column, held: Held, dialect: str) -> exp.Expr:
    """The column in the type that measures expect."""
    makers = {Kind.TEXT: _text, Kind.DAY: _day, Kind.FLAG: _flag, Kind.SHARE: _share}
    return makers[column.kind](column, held, dialect)


def _text(column: Column, held: Held, dialect: str) -> exp.Expr:
    text = as_text(column, held, dialect)
    if dialect == "postgres":
        return exp.Collate(
            this=exp.Paren(this=text), expression=exp.to_identifier("C", quoted=True)
        )
    return text


def _day(column: Column, held: Held, dialect: str) -> exp.Expr:
    native = held.types.get(column.name)
    text = as_text(column, held, dialect)
    if native == "date":
        return raw(column)
    if dialect == "sqlite":
        return text
    if native is None or not is_text(native):
        return exp.cast(raw(column) if native else exp.null(), "date")
    if dialect == "duckdb":
        return exp.TryCast(this=text, to=exp.DataType.build("date"))
    return exp.case().when(is_day_text(text), exp.cast(text.copy(), "date"))


def is_day_text(text: exp.Expr) -> exp.Expr:
    """PostgreSQL, Spark: whether the text is a day of the calendar."""
    return exp.RegexpLike(this=text.copy(), expression=exp.Literal.string(DAY_PATTERN))


def _flag(column: Column, held: Held, dialect: str) -> exp.Expr:
    if held.types.get(column.name) in ("boolean", "bool") and dialect != "sqlite":
        return raw(column)
    text = exp.Lower(this=as_text(column, held, dialect))
    return (
        exp.case()
        .when(_is_one_of(text, TRUE_WORDS), exp.true())
        .when(_is_one_of(text, FALSE_WORDS), exp.false())
    )


def _share(column: Column, held: Held, dialect: str) -> exp.Expr:
    if held.types.get(column.name) is None:
        return exp.cast(exp.null(), "double")
    if dialect in ("duckdb", "spark"):
        return exp.TryCast(this=raw(column), to=exp.DataType.build("double"))
    return exp.cast(as_text(column, held, dialect), "double")


def _is_one_of(text: exp.Expr, words: tuple[str, ...]) -> exp.Expr:
    return exp.In(this=text.copy(), expressions=[exp.Literal.string(word) for word in words])
