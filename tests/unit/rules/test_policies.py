"""Policies and grounds: each has a default among its values; unknown ones are named."""

from __future__ import annotations

import pytest

from wellpost.errors import RequestError
from wellpost.rules.policies import checked_ground, checked_policy, grounds, policies

DEFAULTS = {
    "staff_messages": "on_behalf_of_clinician",
    "automated_messages": "do_not_count",
    "copied_patients": "count",
    "unreachable_patients": "count_when_available",
    "seen": "any_encounter",
    "numerator_window": "by_measure",
    "decile_rounding": "round_first",
    "cap_at_attestation": "on",
}


def test_every_policy_has_its_default():
    assert {name: policy.default for name, policy in policies().items()} == DEFAULTS


def test_names_and_values_may_be_spoken_with_hyphens():
    spoken = checked_policy("staff-messages", "any-in-practice")
    assert spoken == ("staff_messages", "any_in_practice")


def test_an_unknown_policy_is_named_with_those_there_are():
    with pytest.raises(RequestError, match=r"no policy 'stuff_messages'.*Did you mean staff_mess"):
        checked_policy("stuff_messages", "count")


def test_an_unknown_value_is_named_with_those_there_are():
    with pytest.raises(RequestError, match="value of policy seen 'all'; there is any_encounter"):
        checked_policy("seen", "all")


def test_an_attested_ground_is_told_from_one_that_facts_show():
    assert {name: ground.shown_by for name, ground in grounds().items()} == {
        "no_office_visits": "facts",
        "county_without_broadband": "facts",
        "neither_orders_nor_creates": "attestation",
    }


def test_an_unknown_ground_is_named_with_those_there_are():
    with pytest.raises(RequestError, match="no ground of exclusion 'no_visits'"):
        checked_ground("no-visits")
