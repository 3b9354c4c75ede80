"""What the law leaves open, as closed lists of words that the measures ask for."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from wellpost.errors import RequestError
from wellpost.terms import spoken

POLICIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "staff_messages": ("author_only", "on_behalf_of_clinician", "any_in_practice"),
        "automated_messages": ("count", "do_not_count"),
        "copied_patients": ("count", "do_not_count"),
        "unreachable_patients": ("count_when_available", "count_when_sent", "do_not_count"),
        "seen": ("any_encounter", "visits_only"),
    }
)

MANNERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "direction": ("to_patient", "from_patient"),
        "api": ("with", "without"),
        "broadband": ("4_mbps", "3_mbps"),
    }
)
"""How a program has a measure counted, where programs differ; the first word unless it says so."""

REACH: Mapping[str, tuple[str, ...]] = MappingProxyType({"tins": ("apart", "together")})
"""Whether a reporter is all TINs of a clinician; follows from the level."""

WORDS = {**POLICIES, **MANNERS, **REACH}


def settled(words: Mapping[str, str]) -> Mapping[str, str]:
    """Every word that measures ask for: the given ones, and the first of each manner not given."""
    usual = {name: each[0] for name, each in {**MANNERS, **REACH}.items()}
    return {name: word for name, word in {**usual, **words}.items() if name in WORDS}


def check_policies(policies: Mapping[str, str]) -> None:
    """RequestError when a policy is missing, or it or a manner has a word not on its list."""
    given = {**settled({}), **policies}
    for name, words in WORDS.items():
        if given.get(name) not in words:
            raise RequestError(
                f"policy {spoken(name)} is {given.get(name, 'not given')}; "
                f"it must be one of {', '.join(words)}."
            )
