"""A rule as a FHIR R4 Measure: what is counted, by which law, in which year."""

from __future__ import annotations

from wellpost.adapters.fhir.measure_words import (
    BASE,
    MEASURE_IDENTIFIER,
    Resource,
    improvement,
    measure_id,
    measure_url,
    population,
    scoring,
)
from wellpost.measures.load import text
from wellpost.rules.model import MeasureRule, ProgramYear
from wellpost.terms import Period, spoken

SQL = "application/sql"
COUNTED = {
    "initial-population": "Unique patients seen in the reporting period.",
    "denominator": "Unique patients seen in the reporting period.",
}


def measure(rules: ProgramYear, rule: MeasureRule, *, base: str = BASE) -> Resource:
    """The Measure of one program, measure and year; its criteria are the SQL that counts."""
    year = Period.of_year(rules.year)
    made: Resource = {
        "resourceType": "Measure",
        "id": measure_id(rules, rule),
        "url": measure_url(rules, rule, base),
        "version": str(rules.year),
        "name": _name(rules, rule),
        "title": f"{rules.program.title}: {spoken(rule.measure).replace('-', ' ')}",
        "status": "active",
        "date": rule.checked.isoformat(),
        "publisher": "Wellpost",
        "description": f"{rule.threshold.text}: {rule.says}",
        "effectivePeriod": {"start": year.start.isoformat(), "end": year.end.isoformat()},
        "relatedArtifact": [{"type": "citation", "citation": rule.cite}],
        "scoring": scoring(),
        "improvementNotation": improvement(),
        "group": [{"id": "main", "population": _populations(rule)}],
    }
    if rule.identifier:
        made["identifier"] = [{"system": MEASURE_IDENTIFIER, "value": rule.identifier}]
    return made


def _name(rules: ProgramYear, rule: MeasureRule) -> str:
    words = f"{rules.name} {rule.measure} {rules.year}".replace("-", " ").replace("_", " ")
    return "".join(word.capitalize() for word in words.split())


def _populations(rule: MeasureRule) -> list[Resource]:
    seen, reached = text("denominator"), text(rule.measure)
    described = {**COUNTED, "numerator": rule.says}
    texts = {"initial-population": seen, "denominator": seen, "numerator": reached}
    return [
        population(code)
        | {
            "description": described[code],
            "criteria": {"language": SQL, "expression": texts[code]},
        }
        for code in texts
    ]
