"""How large a made-up state or practice is."""

from __future__ import annotations

from dataclasses import dataclass

from wellpost.errors import RequestError

MOST = {"patients": 10**9, "clinicians": 10**6, "encounters": 10**10, "messages": 10**10}
YEARS = range(1900, 9999)


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

    @property
    def access_grants(self) -> int:
        """One for each encounter."""
        return self.encounters

    def rows(self, table: str) -> int | None:
        """How many rows the table is to have; None where that follows from the others."""
        return getattr(self, table, None) if table != "clinicians" else None


def scale_of(
    patients: int,
    clinicians: int,
    *,
    encounters: int | None = None,
    messages: int | None = None,
    practices: int | None = None,
    year: int = 2021,
    seed: int = 1,
) -> Scale:
    """A state of so many; what is not given follows from the patients or clinicians, as in `STATE`.

    RequestError when a number cannot be right.
    """
    seen = patients * 50 // 7 if encounters is None else encounters
    written = patients * 25 // 7 if messages is None else messages
    own = max(1, clinicians * 9 // 50) if practices is None else practices
    found = Scale(
        patients, clinicians, own, seen, written, seen // 5, seen * 3 // 100, seen // 20, year, seed
    )
    _check(found)
    return found


def _check(scale: Scale) -> None:
    for name, most in MOST.items():
        least = 1 if name in ("patients", "clinicians") else 0
        _check_between(name, getattr(scale, name), least, most)
    _check_between("practices", scale.practices, 1, scale.clinicians)
    _check_between("year", scale.year, YEARS[0], YEARS[-1])
    _check_between("seed", scale.seed, 0, 2**63 - 1)


def _check_between(name: str, value: int, least: int, most: int) -> None:
    if least <= value <= most:
        return
    more = "; each practice has a clinician" if name == "practices" else ""
    form = "" if name == "year" else "_"
    told = f"{name} {value:{form}}: it must be between {least:{form}} and {most:{form}}{more}."
    raise RequestError(told)


STATE = Scale(1_400_000, 5_000, 900, 10_000_000, 5_000_000, 2_000_000, 300_000, 500_000)
"""A state: 1.4 million patients, 5,000 clinicians."""

COUNTY = Scale(280_000, 1_000, 180, 2_000_000, 1_000_000, 400_000, 60_000, 100_000)
"""A large county, for a quick run: a fifth of the state."""

PRACTICE = Scale(100, 3, 1, 160, 60, 40, 10, 30)
"""One small practice, for tests and documents."""
