"""Whether those asked for are known at all: an empty answer must not mean a mistyped number."""

from __future__ import annotations

from sqlglot import exp

from wellpost.errors import RequestError
from wellpost.facts.sources import Source
from wellpost.reports.request import Request


def refuse_unknown(source: Source, request: Request) -> None:
    """RequestError when the npi or tin asked for is not on the roster of clinicians."""
    for column, value in (("npi", request.npi), ("tin", request.tin)):
        if value is not None and not _known(source, column, value):
            raise RequestError(
                f"{column} {value} is not in clinicians; "
                f"ask for one that is, or leave --{column} out."
            )


def _known(source: Source, column: str, value: str) -> bool:
    roster = source.tables["clinicians"].copy().subquery("roster")
    condition = exp.EQ(this=exp.column(column), expression=exp.Placeholder(this="wanted"))
    query = exp.select(column).from_(roster).where(condition).limit(1)
    return any(True for _ in source.run(query, {"wanted": value}))
