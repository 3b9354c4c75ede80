"""Several questions in one pass over the facts: the same counts as one by one, and sooner.

Who was seen is found once for all measures and levels; `wellpost.engine.together_query` says how.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from wellpost.engine.counts import counts
from wellpost.engine.question import Question
from wellpost.engine.relations import credited_to, on_facts
from wellpost.engine.together_levels import NAMES
from wellpost.engine.together_query import named_for, together_query
from wellpost.facts.source import Source
from wellpost.measures.load import sameness
from wellpost.terms import Count, Reporter

FASTER_ON = ("duckdb", "spark")
"""Dialects whose engine gains from one pass."""
READING_ONCE = ("spark",)
"""Dialects whose engine makes anew what several parts of a query read."""


def counts_of_all(source: Source, questions: Sequence[Question]) -> list[list[Count]]:
    """For each question what `wellpost.engine.counts.counts` gives, in the order of the questions.

    Questions about the same patients seen share one pass where the engine gains from it; one
    that is narrowed to a clinician, practice or patient is asked by itself.
    """
    found: dict[int, list[Count]] = {}
    for numbers in _shared(source, questions):
        some = [questions[number] for number in numbers]
        answers = counts_in_one_pass(source, some) if len(some) > 1 else [counts(source, some[0])]
        found.update(zip(numbers, answers, strict=True))
    return [found[number] for number in range(len(questions))]


def _shared(source: Source, questions: Sequence[Question]) -> Iterable[list[int]]:
    """The numbers of the questions, together where they ask about the same patients seen."""
    groups: dict[object, list[int]] = {}
    for number, question in enumerate(questions):
        alone = question.is_narrowed or source.dialect not in FASTER_ON
        key = number if alone else (sameness("denominator", question.words), question.period)
        groups.setdefault(key, []).append(number)
    return groups.values()


def counts_in_one_pass(source: Source, questions: Sequence[Question]) -> list[list[Count]]:
    """The same for questions with one denominator, none narrowed, on any engine."""
    kinds: dict[object, int] = {}
    numbers = [kinds.setdefault(_acts_asked(each), len(kinds)) for each in questions]
    every = [questions[numbers.index(number)] for number in range(len(kinds))]
    rows = list(_rows(source, questions, every))
    return [
        [_count(question, row, number) for row in rows if row[0] == question.level]
        for question, number in zip(questions, numbers, strict=True)
    ]


def _acts_asked(question: Question) -> object:
    """Equal for questions that the same acts answer."""
    same = sameness(question.measure, question.words)
    return same, credited_to(question), question.window, question.known_by


def _rows(
    source: Source, questions: Sequence[Question], every: Sequence[Question]
) -> Iterable[tuple[Any, ...]]:
    levels = sorted({each.level for each in questions})
    once = source.dialect in READING_ONCE
    key = ("together", once, *levels, *(each.shape for each in every))
    if key not in source.prepared:
        query = together_query(levels, every, reading_once=once)
        source.prepared[key] = source.prepare(on_facts(query, source.tables))
    return source.run_prepared(source.prepared[key], _values(every))


def _values(every: Sequence[Question]) -> dict[str, object]:
    """The period that all share, and for each kind of acts its own values."""
    own = {
        named_for(number, name): value
        for number, question in enumerate(every)
        for name, value in question.values.items()
    }
    return {**every[0].values, **own}


def _count(question: Question, row: Sequence[Any], number: int) -> Count:
    names = dict(zip(NAMES, row[1:4], strict=True))
    reporter = Reporter(question.level, **names)
    return Count(question.measure, reporter, int(row[4]), int(row[5 + number]))
