"""Manners of counting: rules choose among the very words that the measures know."""

from __future__ import annotations

import pytest

from wellpost.errors import RequestError
from wellpost.measures.policies import MANNERS, POLICIES, check_policies, settled
from wellpost.rules.load import programs
from wellpost.rules.manners import manners
from wellpost.rules.policies import policies


def test_law_and_evidence_know_the_same_words():
    assert {name: tuple(each.values) for name, each in manners().items()} == dict(MANNERS)
    assert {name: each.usual for name, each in manners().items()} == {
        name: words[0] for name, words in MANNERS.items()
    }
    counting = {name: each for name, each in policies().items() if each.decides == "counting"}
    assert {name: tuple(each.values) for name, each in counting.items()} == dict(POLICIES)


def test_a_rule_says_only_what_differs_from_the_usual():
    for program in programs().values():
        for year in program.years:
            for rule in program.in_year(year).measures:
                for name, word in rule.manners.items():
                    assert word != manners()[name].usual


def test_what_is_not_said_is_as_usual():
    assert settled({})["direction"] == "to_patient"
    assert settled({"direction": "from_patient", "other": "x"})["direction"] == "from_patient"


def test_a_word_that_is_on_no_list_is_refused():
    usual = {name: words[0] for name, words in POLICIES.items()}
    with pytest.raises(RequestError, match="policy direction is both; it must be one of"):
        check_policies({**usual, "direction": "both"})
