"""What the answers of a practice say of one item of a category."""

from __future__ import annotations

from collections.abc import Mapping

from wellpost.rules.category import Item
from wellpost.scoring.points import Share

Answers = Mapping[str, Share | bool]
"""What is answered, by identifier: counts, or yes (True) or no."""


def is_yes(answer: Share | bool | None) -> bool:
    """Yes, or a numerator of at least 1."""
    if answer is None or isinstance(answer, bool):
        return bool(answer)
    return answer.numerator >= 1


def answered(item: Item, answers: Answers) -> bool:
    """Whether the item itself is answered as it must be: yes, and with its level where it has one.

    Where any answer will do, a no or an exclusion is one, and needs no level.
    """
    answer = answers.get(item.identifier)
    if item.any_answer and (answer is False or excused(item, answers)):
        return True
    return is_yes(answer) and (not item.level or any(map(is_yes, map(answers.get, item.level))))


def excused(item: Item, answers: Answers) -> bool:
    """Whether an exclusion of it is claimed."""
    return any(is_yes(answers.get(name)) for name in item.excused_by)


def chosen(item: Item, answers: Answers) -> str | None:
    """What is answered with yes in its place."""
    return next((name for name in item.instead if is_yes(answers.get(name))), None)


def stands(item: Item, answers: Answers) -> bool:
    """Whether the item is answered for, by itself, by an exclusion or by what stands instead."""
    return answered(item, answers) or excused(item, answers) or chosen(item, answers) is not None
