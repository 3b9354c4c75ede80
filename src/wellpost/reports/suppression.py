"""Small cells hidden, so that no number from 1 to 10 can be read or worked out from what is shown.

The policy of the Centers for Medicare & Medicaid Services on cell sizes: no cell from 1 to 10 is
shown, nor a percentage or total from which one could be derived. So of a row are hidden

- everything, where the denominator is small;
- the numerator, rate and what is needed, where the numerator is small, or the patients who are not
  in it; and the verdict, unless it is the same for every number that may stand there;
- everything of a row that would narrow down what is hidden in another (`Family`);
- the objective and points of whoever has a hidden verdict or numerator, and all checks.

What is shown of a row is then the same whichever of the possible numbers stands behind it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from wellpost.errors import RequestError
from wellpost.reports.results import Result
from wellpost.reports.scorecard import Scorecard
from wellpost.reports.suppression_family import Cell, Kept, Known, families, narrowed
from wellpost.scoring.verdict import Verdict, judge
from wellpost.terms import Count, Level, Measure, Reporter

TOGETHER = (
    {Level.PRACTICE_CLINICIAN, Level.GROUP},
    {Level.PRACTICE_CLINICIAN, Level.CLINICIAN},
)
"""Levels whose rows can be held against each other; others are shown one at a time."""

Key = tuple[Measure, Reporter]


@dataclass(frozen=True)
class Hidden:
    """Which parts of a row are hidden. Rate and needed go with the numerator."""

    denominator: bool = False
    numerator: bool = False
    verdict: bool = False

    @property
    def is_all(self) -> bool:
        """Whether no number of it is shown."""
        return self.denominator and self.numerator

    @property
    def names(self) -> list[str]:
        """The names of the hidden parts, in the order of a row."""
        numerator = dict.fromkeys(("numerator", "rate", "needed"), self.numerator)
        every = {"denominator": self.denominator, **numerator, "verdict": self.verdict}
        return [name for name, is_hidden in every.items() if is_hidden]


EVERYTHING = Hidden(denominator=True, numerator=True, verdict=True)


def refuse_levels(levels: Sequence[Level]) -> None:
    """RequestError for levels whose rows would tell on each other."""
    if len(levels) > 1 and {*levels} not in TOGETHER:
        raise RequestError(
            "with --suppress one level is shown, or practice-clinician with group or with "
            "clinician; what others hide could be worked out. Give --level."
        )


def suppressed(card: Scorecard, least: int) -> dict[str, object]:
    """The object of the scorecard; what is hidden is null and named in the row's `hidden`.

    `least` is the smallest number above 0 that may be shown: 11 for the policy of CMS.
    """
    refuse_levels(card.request.levels)
    hidden = what_is_hidden(card.results, least)
    whole = {**card.as_json(), "suppressed_below": least}
    whole["results"] = [_row(each, hidden[_key(each)]) for each in card.results]
    if "objectives" in whole:
        veiled = {who for (_, who), one in hidden.items() if one.verdict}
        whole["objectives"] = [
            _without(each.as_json(), ("verdict", "required", "met", "excluded"))
            if each.reporter in veiled
            else {**each.as_json(), "hidden": []}
            for each in card.objectives
        ]
    if "points" in whole:
        veiled = {who for (_, who), one in hidden.items() if one.numerator}
        whole["points"] = [each.as_json() for each in card.points if each.reporter not in veiled]
    whole.pop("checks", None)
    return whole


def what_is_hidden(results: Sequence[Result], least: int) -> Mapping[Key, Hidden]:
    """What is hidden of every result, by measure and reporter."""
    counts = {_key(each): each.count for each in results}
    found = {_key(each): _small(each, least) for each in results}
    together = list(families(counts))
    while telling := {who for one in together for who in _telling(one, counts, found, least)}:
        found |= {key: EVERYTHING for key in found if key[1] in telling}
    return found


def _key(result: Result) -> Key:
    return result.rule.measure, result.reporter


def _small(result: Result, least: int) -> Hidden:
    """What a row must hide for itself."""
    count = result.count
    if 0 < count.denominator < least:
        return replace(EVERYTHING, verdict=not _is_settled(result))
    possible = possible_numerators(count, least)
    if possible is None:
        return Hidden()
    verdicts = {
        judge(replace(count, numerator=each), result.rule.threshold).verdict for each in possible
    }
    return Hidden(numerator=True, verdict=len(verdicts) > 1 and not _is_settled(result))


def possible_numerators(count: Count, least: int) -> range | None:
    """What may stand in the place of a numerator that is hidden; None where it is shown.

    Small numbers, or those that leave a small rest; where these meet, all but none and all.
    """
    inside, rest = count.numerator, count.denominator - count.numerator
    if not (0 < inside < least or 0 < rest < least):
        return None
    if count.denominator < 2 * least:
        return range(1, count.denominator)
    if inside < least:
        return range(1, least)
    return range(count.denominator - least + 1, count.denominator)


def _is_settled(result: Result) -> bool:
    """Whether the verdict does not come from the numbers."""
    return result.judgement.verdict in (Verdict.EXCLUDED, Verdict.NOT_APPLICABLE)


def _row(result: Result, hidden: Hidden) -> dict[str, object]:
    return _without(result.as_json(), hidden.names)


def _without(row: Mapping[str, object], names: Sequence[str]) -> dict[str, object]:
    return {**row, **dict.fromkeys(names), "hidden": list(names)}


def _telling(
    family: tuple[Key, Sequence[Key]],
    counts: Mapping[Key, Count],
    hidden: Mapping[Key, Hidden],
    least: int,
) -> list[Reporter]:
    """Whose rows narrow down what others of the family hide: the whole; when it is gone, the parts.

    They are hidden in every measure, since the denominator is the same in all.
    """
    whole, parts = family
    cells = [_cell(counts[key], hidden[key], least) for key in (whole, *parts)]
    if not narrowed(cells[0], cells[1:]):
        return []
    if not hidden[whole].is_all:
        return [whole[1]]
    return [who for measure, who in parts if not hidden[measure, who].is_all]


def _cell(count: Count, hidden: Hidden, least: int) -> Cell:
    """What a reader knows of a row: exact numbers, those that are possible, or nothing."""
    small = 0 < count.denominator < least
    if small:
        return Cell(Known(1, least - 1), Known(0, least - 1), Kept(Known(1, least - 1), None))
    possible = possible_numerators(count, least)
    numerator = Known(possible[0], possible[-1]) if possible else None
    kept = Kept(None, numerator, count.denominator)
    if hidden.is_all:
        return Cell(Known(), Known(), kept)
    exact = Known(count.denominator, count.denominator)
    return Cell(exact, kept.numerator or Known(count.numerator, count.numerator), kept)
