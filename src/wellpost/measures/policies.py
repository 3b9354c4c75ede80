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


def check_policies(policies: Mapping[str, str]) -> None:
    """RequestError when a policy is missing or has a word that is not on its list."""
    for name, words in POLICIES.items():
        if policies.get(name) not in words:
            raise RequestError(
                f"policy {spoken(name)} is {policies.get(name, 'not given')}; "
                f"it must be one of {', '.join(words)}."
            )
