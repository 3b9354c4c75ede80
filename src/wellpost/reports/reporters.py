"""How reports name and order those who report."""

from __future__ import annotations

from wellpost.terms import Level, Reporter, spoken


def reporter_json(reporter: Reporter) -> dict[str, object]:
    """The keys of a reporter: level, npi, tin, and virtual_group where it is one."""
    keys: dict[str, object] = {
        "level": spoken(reporter.level),
        "npi": reporter.npi,
        "tin": reporter.tin,
    }
    if reporter.level is Level.VIRTUAL_GROUP:
        keys["virtual_group"] = reporter.virtual_group
    return keys


def order(reporter: Reporter) -> tuple[str, str, str, str]:
    """How rows of one measure are ordered."""
    return (
        reporter.level,
        reporter.virtual_group or "",
        reporter.tin or "",
        reporter.npi or "",
    )
