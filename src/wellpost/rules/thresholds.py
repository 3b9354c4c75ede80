"""What a program asks of a count, compared in whole numbers and never in floats."""

from __future__ import annotations

from dataclasses import dataclass

from wellpost.terms import Count


@dataclass(frozen=True)
class MoreThanPercent:
    """Strictly more than `percent` of the denominator: 5 of 100 is not more than 5 percent."""

    percent: int

    @property
    def text(self) -> str:
        """As tables show it: `> 5 %`."""
        return f"> {self.percent} %"

    def met(self, count: Count) -> bool:
        """Whether `100 * numerator > percent * denominator`."""
        return 100 * count.numerator > self.percent * count.denominator

    def needed(self, count: Count) -> int | None:
        """The fewest further patients of this denominator that meet it; None when none would."""
        least = self.percent * count.denominator // 100 + 1
        return _further(least, count)


@dataclass(frozen=True)
class AtLeastPatients:
    """At least so many unique patients, whatever the denominator."""

    patients: int

    @property
    def text(self) -> str:
        """As tables show it: `>= 1 patient`."""
        return f">= {self.patients} patient{'' if self.patients == 1 else 's'}"

    def met(self, count: Count) -> bool:
        """Whether the numerator holds so many patients."""
        return count.numerator >= self.patients

    def needed(self, count: Count) -> int | None:
        """The fewest further patients of this denominator that meet it; None when none would."""
        return _further(self.patients, count)


@dataclass(frozen=True)
class AttestedYes:
    """A capability attested with yes; no count can meet it."""

    @property
    def text(self) -> str:
        """As tables show it."""
        return "attested yes"

    def met(self, count: Count) -> bool:
        """Never by a count."""
        return False

    def needed(self, count: Count) -> None:
        """No number of patients meets it."""
        return


Threshold = MoreThanPercent | AtLeastPatients | AttestedYes


def _further(least: int, count: Count) -> int | None:
    if least > count.denominator:
        return None
    return max(0, least - count.numerator)
