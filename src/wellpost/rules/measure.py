"""What a program asks of one measure: over all its years, and in one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from wellpost.rules.dated import Dated, in_force
from wellpost.rules.thresholds import Threshold
from wellpost.terms import Measure, Window


@dataclass(frozen=True)
class PointsRule:
    """How a rate becomes points: the name of the scale (`wellpost.scoring.points`) and the most."""

    scale: str
    maximum: int


@dataclass(frozen=True)
class MeasureLaw:
    """All a program ever asked of one measure, by date."""

    measure: Measure
    threshold: tuple[Dated[Threshold], ...]
    window: tuple[Dated[Window], ...]
    exclusions: tuple[Dated[tuple[str, ...]], ...]
    identifier: tuple[Dated[str], ...]
    points: tuple[Dated[PointsRule], ...]
    policies: tuple[Dated[Mapping[str, str]], ...]
    counted: tuple[Dated[Mapping[str, str]], ...]
    checked: date
    place: str

    def on(self, day: date, state: str | None) -> MeasureRule | None:
        """The rule in force on a day, None when the program asks nothing of the measure then."""
        threshold = in_force(self.threshold, day, state)
        window = in_force(self.window, day, state)
        if threshold is None or window is None:
            return None
        return MeasureRule(
            self.measure,
            asked=threshold,
            timed=window,
            excluded=in_force(self.exclusions, day, state),
            identified=in_force(self.identifier, day, state),
            scored=in_force(self.points, day, state),
            settled=in_force(self.policies, day, state),
            counted=in_force(self.counted, day, state),
            checked=self.checked,
        )


@dataclass(frozen=True)
class MeasureRule:
    """What one program asks of one measure in one year, each part with its citation."""

    measure: Measure
    asked: Dated[Threshold]
    timed: Dated[Window]
    excluded: Dated[tuple[str, ...]] | None
    identified: Dated[str] | None
    scored: Dated[PointsRule] | None
    settled: Dated[Mapping[str, str]] | None
    counted: Dated[Mapping[str, str]] | None
    checked: date

    @property
    def threshold(self) -> Threshold:
        """What the count must reach."""
        return self.asked.value

    @property
    def cite(self) -> str:
        """The source of the threshold."""
        return self.asked.cite

    @property
    def says(self) -> str:
        """The law's words in short."""
        return self.asked.says

    @property
    def window(self) -> Window:
        """When a numerator act may have happened, unless a policy says otherwise."""
        return self.timed.value

    @property
    def exclusions(self) -> tuple[str, ...]:
        """The grounds on which a clinician may be excluded."""
        return self.excluded.value if self.excluded else ()

    @property
    def identifier(self) -> str | None:
        """The program's own name of the measure, where it has one."""
        return self.identified.value if self.identified else None

    @property
    def points(self) -> PointsRule | None:
        """How its rate earns points, where it does."""
        return self.scored.value if self.scored else None

    @property
    def policies(self) -> Mapping[str, str]:
        """Defaults of policies that the program itself settles for this measure."""
        return self.settled.value if self.settled else {}

    @property
    def manners(self) -> Mapping[str, str]:
        """In what the counting differs from the usual (`wellpost.rules.manners`)."""
        return self.counted.value if self.counted else {}
