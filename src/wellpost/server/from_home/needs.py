"""Questions about what one needs (housing, food, transport, utilities), as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from wellpost.errors import RequestError

QUESTIONS = Path(__file__).with_name("needs.yaml")


@dataclass(frozen=True)
class Choice:
    """An answer: its LOINC code and words; whether it shows a need; whether it excludes others."""

    code: str
    says: str
    need: bool = False
    alone: bool = False


@dataclass(frozen=True)
class Question:
    """A question: its LOINC code and words, and the answers there are."""

    code: str
    says: str
    choices: tuple[Choice, ...]
    several: bool

    def choice(self, code: str) -> Choice:
        """The answer with that code; RequestError for none of this question's."""
        for each in self.choices:
            if each.code == code:
                return each
        raise RequestError("That answer is not on the list. Choose one of those shown.")


@dataclass(frozen=True)
class Screener:
    """The whole list of questions, with the code of the panel."""

    code: str
    display: str
    questions: tuple[Question, ...]


@cache
def screener() -> Screener:
    """The questions as they are asked."""
    read = yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))
    return Screener(read["code"], read["display"], tuple(_question(q) for q in read["questions"]))


def checked_answers(given: Mapping[str, list[str]]) -> list[dict[str, str]]:
    """What is kept: a question and an answer each, in the order of the questions.

    Skipped ones are left out; RequestError where nothing is left, or an answer is not there.
    """
    found = []
    for question in screener().questions:
        chosen = [question.choice(code) for code in given.get(question.code, []) if code]
        _check(question, chosen)
        found += [{"question": question.code, "answer": each.code} for each in chosen]
    if not found:
        raise RequestError("No question is answered yet. Answer at least one.")
    return found


def answered(kept: list[dict[str, str]]) -> list[tuple[Question, list[Choice]]]:
    """What was kept, as questions with the answers to each."""
    found: dict[Question, list[Choice]] = {}
    by_code = {each.code: each for each in screener().questions}
    for each in kept:
        question = by_code[each["question"]]
        found.setdefault(question, []).append(question.choice(each["answer"]))
    return list(found.items())


def _check(question: Question, chosen: list[Choice]) -> None:
    if len(chosen) > 1 and not question.several:
        raise RequestError(f"“{question.says}” has one answer. Choose the one that fits best.")
    if len(chosen) > 1 and any(each.alone for each in chosen):
        raise RequestError(f"“{question.says}”: “None of the above” goes with no other answer.")


def _question(read: Mapping[str, Any]) -> Question:
    choices = tuple(
        Choice(each["code"], each["says"], each.get("need", False), each.get("alone", False))
        for each in read["answers"]
    )
    return Question(read["code"], read["says"], choices, read.get("several", False))
