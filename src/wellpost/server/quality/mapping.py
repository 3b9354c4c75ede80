"""The fact tables as the server's own tables hold them: mapped, never copied.

Each file of `tables/` is one fact table of `wellpost.facts.tables`, as one SELECT with the same
columns. Every one of them joins `practice`, so that a practice's own facts can be asked for.
`text_id` gives an identifier as 32 hexadecimal digits, as SQLite stores it. Values they name:
`roster_start` and `roster_end`, the days between which somebody must have belonged to a practice;
`first_year` and `last_year`, theirs; `asked_by`, the practice whose broadband data are meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import sqlglot
from sqlglot import exp

FOLDER = Path(__file__).parent / "tables"
WRITTEN_IN = "postgres"


@cache
def tables(dialect: str, *, one_practice: bool) -> Mapping[str, exp.Query]:
    """How each fact table is SELECTed in `sqlite` or `postgres`.

    With `one_practice` only that practice's rows, named by the value `practice_id`.
    """
    return {
        path.stem: _fitted(_read(path), dialect, one_practice)
        for path in sorted(FOLDER.glob("*.sql"))
    }


def _read(path: Path) -> exp.Select:
    query = sqlglot.parse_one(path.read_text(encoding="utf-8"), dialect=WRITTEN_IN)
    if not isinstance(query, exp.Select):
        raise TypeError(f"quality/tables/{path.name} must be one SELECT")
    return query


def _fitted(query: exp.Select, dialect: str, one_practice: bool) -> exp.Query:
    if one_practice:
        query = query.where("practice.id = :practice_id", dialect=WRITTEN_IN)
    fitted = query.transform(_text_id, dialect)
    assert isinstance(fitted, exp.Query)  # noqa: S101 - only nodes inside it were replaced
    return fitted


def _text_id(node: exp.Expression, dialect: str) -> exp.Expression:
    if not (isinstance(node, exp.Anonymous) and node.name.lower() == "text_id"):
        return node
    identifier: exp.Expression = node.expressions[0]
    if dialect == "sqlite":
        return identifier
    dash, nothing = exp.Literal.string("-"), exp.Literal.string("")
    return exp.Replace(this=exp.cast(identifier, "text"), expression=dash, replacement=nothing)
