"""The ONC test deck as facts: what each patient did with each provider, scenario by scenario.

The deck's quirks: "Yes" in any numerator column qualifies the patient once; "Second encounter" adds
nothing; totals are cumulative; in RT6 the column "seen" lacks its mark in scenarios 3 to 5, so that
it is known by its title. RT2 names each provider under each TIN ("TIN A/Provider 1") and has totals
for each TIN as a group; a second encounter there may lose the patient.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DECK = Path(__file__).parent.parent / "data" / "onc-test-deck"
SEEN = ("First encounter", "Second encounter")


@dataclass(frozen=True)
class Cell:
    """One cell of a scenario."""

    column: str
    patient: str
    provider: str
    value: str

    @property
    def is_seen_column(self) -> bool:
        """Whether the column says who was seen."""
        return self.column.startswith("Patient Seen")

    @property
    def is_seen(self) -> bool:
        """Whether the provider saw the patient."""
        return self.is_seen_column and self.value in SEEN

    @property
    def is_yes(self) -> bool:
        """Whether the patient or provider did what the column says."""
        return not self.is_seen_column and self.value == "Yes"


@dataclass(frozen=True)
class Scenario:
    """One scenario: its cells, and the totals up to and with it: (numerator, denominator).

    `other_totals` are those without the steps that the deck sets apart: in RT5 without copied
    patients, in RT2 with access that needs no step because it is automatic.
    """

    title: str
    cells: tuple[Cell, ...]
    totals: dict[str, tuple[int, int]]
    other_totals: dict[str, tuple[int, int]]


def scenarios(name: str) -> Iterator[Scenario]:
    """The scenarios of a file such as `EP_RT5_G2.json`, in order."""
    told = json.loads((DECK / name).read_text(encoding="utf-8"))
    for scenario in told["scenarios"]:
        (segment,) = scenario["segments"]
        providers = segment["segment_total"]["providers"]
        yield Scenario(
            scenario["scenario_title"],
            tuple(_cells(segment)),
            {one["provider"]: _total(one) for one in providers},
            {one["provider"]: _other_total(one) for one in providers},
        )


def _cells(segment: dict[str, Any]) -> Iterator[Cell]:
    for entry in segment["segment_entries"]:
        for row in entry["entry_values"]:
            for cell in row["providers"]:
                title = entry["entry_title"].strip()
                yield Cell(title, row["patient_id"], cell["provider"], cell["entry_value"])


def _total(provider: dict[str, Any]) -> tuple[int, int]:
    return provider["numerator_value"], provider["denominator_value"]


def _other_total(provider: dict[str, Any]) -> tuple[int, int]:
    values = [one["value"] for one in provider.get("automated_numerator_values", [])]
    return (values or [provider["numerator_value"]])[0], provider["denominator_value"]
