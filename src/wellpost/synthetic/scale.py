"""How large a made-up state or practice is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """How many of each; the year all of it happens in; the seed that decides everything."""

    patients: int
    clinicians: int
    practices: int
    encounters: int
    messages: int
    portal_actions: int
    patient_data: int
    appointments: int
    year: int = 2021
    seed: int = 1


STATE = Scale(1_400_000, 5_000, 900, 10_000_000, 5_000_000, 2_000_000, 300_000, 500_000)
"""A state: 1.4 million patients, 5,000 clinicians."""

COUNTY = Scale(280_000, 1_000, 180, 2_000_000, 1_000_000, 400_000, 60_000, 100_000)
"""A large county, for a quick run: a fifth of the state."""

PRACTICE = Scale(100, 3, 1, 160, 60, 40, 10, 30)
"""One small practice, for tests and documents."""
