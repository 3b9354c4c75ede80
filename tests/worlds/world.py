"""A world told as small tables, counted by one engine.

Names are short: `A` for a clinician, `T` for a practice; the world gives them valid numbers.
What a table does not say has a default; the roster holds every clinician told of anywhere.
"""

from dataclasses import dataclass, field
from datetime import date
from itertools import count as counter
from textwrap import dedent
from typing import Any

from tests.worlds.holders import Hold, Row
from wellpost.engine.counts import counts
from wellpost.engine.evidence import Considered, considered
from wellpost.engine.exclusions import qualifies
from wellpost.engine.membership import Member, membership
from wellpost.engine.needs import needs
from wellpost.engine.question import Question
from wellpost.facts.checks import check
from wellpost.facts.identifiers import make_npi, make_tin
from wellpost.facts.source import Source
from wellpost.measures.policies import WORDS
from wellpost.terms import Level, Measure, Period, Reporter

SUMMER = Period(date(2021, 6, 1), date(2021, 8, 29))
POLICIES = {
    "staff_messages": "on_behalf_of_clinician",
    "automated_messages": "do_not_count",
    "copied_patients": "count",
    "unreachable_patients": "count_when_available",
    "seen": "any_encounter",
}
DEFAULTS: dict[str, dict[str, str | bool | None]] = {
    "clinicians": {"tin": "T"},
    "encounters": {"tin": "T", "seen_on": "2021-06-03", "kind": "office_visit"},
    "messages": {
        "sent_on": "2021-06-10",
        "sent_by": "clinician",
        "sent_to": "patient",
        "patient_included": "true",
    },
    "portal_actions": {"acted_on": "2021-06-10", "action": "view", "acted_by": "patient"},
    "patient_data": {
        "received_on": "2021-06-09",
        "incorporated_on": "2021-06-10",
        "source": "patient",
    },
    "access_grants": {"available_on": "2021-06-03"},
    "closed_days": {"tin": "T"},
    "virtual_groups": {},
    "counties": {"as_of": "2021-01-01"},
}
IDENTIFIERS = {"encounters": "encounter_id", "messages": "message_id"}


@dataclass
class World:
    """Facts as they are told, and what is counted from them."""

    hold: Hold
    rows: dict[str, list[Row]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    numbers: Any = field(default_factory=counter)

    def __getattr__(self, table: str) -> Any:
        """`world.messages(...)` tells rows of that table."""
        if table not in DEFAULTS:
            raise AttributeError(table)
        return lambda text="": self.tell(table, text)

    def tell(self, table: str, text: str) -> None:
        """Add rows from a table with a line of column names and bars between the fields."""
        lines = [line for line in dedent(text).splitlines() if line.strip()]
        names = _fields(lines[0]) if lines else []
        for line in lines[1:]:
            self.add(table, **dict(zip(names, _fields(line), strict=True)))
        self.rows.setdefault(table, [])

    def add(self, table: str, **told: str | bool | None) -> None:
        """Add one row."""
        row = {**DEFAULTS[table], **told}
        if table in IDENTIFIERS:
            row.setdefault(IDENTIFIERS[table], f"{table[0]}{next(self.numbers)}")
        if "patient" in row:
            row["patient_id"] = row.pop("patient")
        if table == "messages":
            row.setdefault("thread_id", "thread")
        self.rows.setdefault(table, []).append(self._numbered(row))

    def _numbered(self, row: dict[str, str | bool | None]) -> Row:
        for column, make in (("npi", make_npi), ("tin", make_tin)):
            if column not in row:
                continue
            name = row[column]
            row[column] = self._number(str(name), make(str(name))) if name else None
        return {column: value if value != "" else None for column, value in row.items()}

    def _number(self, name: str, number: str) -> str:
        self.names[number] = name
        return number

    @property
    def held(self) -> dict[str, list[Row]]:
        """The rows with a roster that names every clinician told of."""
        roster = [(row["npi"], row["tin"]) for row in self.rows.get("clinicians", [])]
        roster += [(row["npi"], row["tin"]) for row in self.rows.get("encounters", [])]
        rostered = {npi for npi, _ in roster}
        others = [row for name in ("messages", "patient_data") for row in self.rows.get(name, [])]
        tin = make_tin("T")
        unseen = (row["npi"] for row in others if row.get("npi") and row["npi"] not in rostered)
        roster += [(npi, tin) for npi in unseen]
        clinicians = [{"npi": npi, "tin": tin, "name": ""} for npi, tin in dict.fromkeys(roster)]
        return {"encounters": [], **self.rows, "clinicians": clinicians}

    def source(self) -> Source:
        """The facts, held and not yet checked."""
        return self.hold(self.held)

    def question(
        self,
        measure: str,
        asked: Any = None,
        *,
        level: str = "clinician",
        period: Period = SUMMER,
        window: Period | None = None,
        **narrowed: str,
    ) -> Question:
        """The question; `asked` may bring `period`, `window(measure)` and `policies` of its own."""
        policies = {**POLICIES, **getattr(asked, "policies", {})}
        policies |= {name: narrowed.pop(name) for name in WORDS if name in narrowed}
        period = getattr(asked, "period", period)
        if asked is not None and hasattr(asked, "window"):
            window = asked.window(Measure(measure))
        wide = window or Period.of_year(period.start.year)
        numbers = {"npi": make_npi, "tin": make_tin, "patient_id": str}
        narrow = {name: numbers[name](value) for name, value in narrowed.items()}
        return Question(Measure(measure), Level(level), period, wide, policies, **narrow)

    def count(self, measure: str, asked: Any = None, **how: Any) -> dict[str, tuple[int, int]]:
        """For each reporter (numerator, denominator), from facts that were checked."""
        question = self.question(measure, asked, **how)
        with self.source() as source:
            check(source, needs(question))
            found = counts(source, question)
        return {self.called(one.reporter): (one.numerator, one.denominator) for one in found}

    def members(self, measure: str, asked: Any = None, **how: Any) -> list[Member]:
        """Every patient of every denominator."""
        with self.source() as source:
            return list(membership(source, self.question(measure, asked, **how)))

    def reasons(self, measure: str, asked: Any = None, **how: Any) -> list[tuple[str, str | None]]:
        """What was considered for a patient, by day, and why it does not count."""
        return [(one.what, one.because) for one in self.considered(measure, asked, **how)]

    def considered(self, measure: str, asked: Any = None, **how: Any) -> list[Considered]:
        """Everything that was considered for a patient."""
        with self.source() as source:
            return considered(source, self.question(measure, asked, **how))

    def excluded(
        self, ground: str, level: str = "clinician", period: Period = SUMMER, **words: str
    ) -> set[str]:
        """Who qualifies for the exclusion."""
        with self.source() as source:
            found = qualifies(source, ground, Level(level), period, words)
            return {self.called(one) for one in found}

    def called(self, reporter: Reporter) -> str:
        """The reporter by the names of the story: `A`, `T/A`, `T` or the virtual group."""
        parts = [self.names.get(part or "", "") for part in (reporter.tin, reporter.npi)]
        return "/".join(part for part in parts if part) or str(reporter.virtual_group)


def _fields(line: str) -> list[str]:
    return [part.strip() for part in line.split("|")]
