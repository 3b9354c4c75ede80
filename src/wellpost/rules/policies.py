"""What the law leaves open: named policies, their values and defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from wellpost.rules.naming import no_such
from wellpost.rules.reading import Entry, read
from wellpost.rules.shelf import shelf
from wellpost.terms import written

DECIDES = ("counting", "window", "points")


@dataclass(frozen=True)
class Policy:
    """A question the law leaves open and the answers it may have (each with what it means)."""

    name: str
    says: str
    why: str
    decides: str
    default: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class Ground:
    """A ground of exclusion; `shown_by` is `facts`, or `attestation` where no fact shows it."""

    name: str
    says: str
    shown_by: str


def policies() -> Mapping[str, Policy]:
    """Every policy by name, in the order reports print them."""
    return _policies(shelf())


def grounds() -> Mapping[str, Ground]:
    """Every ground of exclusion by name."""
    return _grounds(shelf())


@cache
def _policies(folder: Path) -> Mapping[str, Policy]:
    top = read(folder / "policies.yaml", "rules/policies.yaml")
    found = [_policy(entry) for entry in top.entries("policies")]
    top.finish()
    return {each.name: each for each in found}


@cache
def _grounds(folder: Path) -> Mapping[str, Ground]:
    top = read(folder / "exclusions.yaml", "rules/exclusions.yaml")
    found = [_ground(entry) for entry in top.entries("grounds")]
    top.finish()
    return {each.name: each for each in found}


def checked_policy(name: str, value: str) -> tuple[str, str]:
    """Name and value as code writes them; RequestError names what exists."""
    name, value = written(name), written(value)
    policy = policies().get(name)
    if policy is None:
        raise no_such("policy", name, policies())
    if value not in policy.values:
        raise no_such(f"value of policy {name}", value, policy.values)
    return name, value


def checked_ground(name: str) -> Ground:
    """The ground of that name; RequestError names what exists."""
    ground = grounds().get(written(name))
    if ground is None:
        raise no_such("ground of exclusion", written(name), grounds())
    return ground


def _policy(entry: Entry) -> Policy:
    values = entry.entry("values")
    found = Policy(
        entry.text("policy"),
        entry.text("says"),
        entry.text("why"),
        entry.one_of("decides", DECIDES),
        entry.one_of("default", values.names()),
        {each: values.text(each) for each in values.names()},
    )
    entry.finish()
    return found


def _ground(entry: Entry) -> Ground:
    found = Ground(
        entry.text("ground"),
        entry.text("says"),
        entry.one_of("shown_by", ("facts", "attestation")),
    )
    entry.finish()
    return found
