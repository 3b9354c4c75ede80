"""Put a question to a source: the query is made once for each shape of question."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlglot import exp

from wellpost.engine.question import Question
from wellpost.engine.relations import on_facts
from wellpost.facts.source import Source


def ask(
    source: Source, question: Question, build: Callable[[Question], exp.Expr]
) -> Iterator[tuple[Any, ...]]:
    """The rows of the query that `build` makes of the question, over the facts of the source."""
    key = (build.__qualname__, question.shape)
    if key not in source.prepared:
        query = on_facts(build(question), source.tables, question)
        source.prepared[key] = source.prepare(query)
    return source.run_prepared(source.prepared[key], question.values)
