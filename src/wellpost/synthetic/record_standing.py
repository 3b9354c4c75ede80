"""What holds for years in a made-up record: allergies, problems, medicines, goals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from .record_story import Resource, Story, at, measure
from .record_terms import (
    ALLERGIES,
    HEIGHT,
    LOINC,
    PASSING,
    PROBLEMS,
    RXNORM,
    SNOMED,
    US_CORE_CODES,
    coded,
    term,
)


def standing(story: Story, first: date) -> Iterator[Resource]:
    """What holds for years: allergies, smoking, height, the care team."""
    for allergy in story.chance.sample(ALLERGIES, story.chance.randrange(0, 3)):
        yield _allergy(story, first, *allergy)
    yield story.resource(
        "Observation",
        "smokingstatus",
        status="final",
        category=[term("observation-category", "social-history")],
        code=coded(LOINC, "72166-2", "Tobacco smoking status"),
        effectiveDateTime=at(first),
        issued=at(first),
        valueCodeableConcept=coded(SNOMED, "266919005", "Never smoked"),
    )
    yield measure(story, HEIGHT, first, {}, "vital-signs", "body-height")
    yield story.resource(
        "CareTeam",
        "careteam",
        status="active",
        participant=[
            {"role": [coded(SNOMED, "446050000", "Family doctor")], "member": story.practitioner}
        ],
    )


def _allergy(
    story: Story, first: date, code: str, name: str, category: str, *what: str
) -> Resource:
    system = RXNORM if category == "medication" else SNOMED
    return story.resource(
        "AllergyIntolerance",
        "allergyintolerance",
        clinicalStatus=term("allergyintolerance-clinical", "active"),
        verificationStatus=term("allergyintolerance-verification", "confirmed"),
        category=[category],
        criticality=what[2],
        code=coded(system, code, name),
        reaction=[{"manifestation": [coded(SNOMED, what[0], what[1])]}],
        recordedDate=at(first),
        recorder=story.practitioner,
    )


def problems(story: Story, first: date, until: date) -> Iterator[Resource]:
    """Two to four lasting problems with their medicines, and passing ones."""
    days = max(1, (until - first).days)
    for code, name, medicine in story.chance.sample(PROBLEMS, story.chance.randrange(2, 5)):
        began = first + timedelta(days=story.chance.randrange(days))
        problem = _problem(story, code, name, began, None)
        yield problem
        if medicine:
            yield _medicine(story, began, medicine, problem)
    for year in range(max(1, days // 365)):
        code, name = story.chance.choice(PASSING)
        began = first + timedelta(days=365 * year + story.chance.randrange(300))
        if began + timedelta(days=14) <= until:
            yield _problem(story, code, name, began, began + timedelta(days=14))


def _problem(story: Story, code: str, name: str, began: date, ended: date | None) -> Resource:
    over = {"abatementDateTime": ended.isoformat()} if ended else {}
    return story.resource(
        "Condition",
        "condition-problems-health-concerns",
        clinicalStatus=term("condition-clinical", "resolved" if ended else "active"),
        verificationStatus=term("condition-ver-status", "confirmed"),
        category=[term("condition-category", "problem-list-item")],
        code=coded(SNOMED, code, name),
        onsetDateTime=began.isoformat(),
        recordedDate=at(began),
        recorder=story.practitioner,
        **over,
    )


def _medicine(
    story: Story, began: date, medicine: tuple[str, str, str], problem: Resource
) -> Resource:
    code, name, dose = medicine
    return story.resource(
        "MedicationRequest",
        "medicationrequest",
        status="active",
        intent="order",
        medicationCodeableConcept=coded(RXNORM, code, name),
        authoredOn=at(began, 20),
        requester=story.practitioner,
        reasonReference=[
            {"reference": f"Condition/{problem['id']}", "display": problem["code"]["text"]}
        ],
        dosageInstruction=[{"text": f"{dose}, once every day"}],
    )


def plans(story: Story, until: date) -> Iterator[Resource]:
    yield story.resource(
        "Goal",
        "goal",
        lifecycleStatus="active",
        description={"text": "Walk half an hour on most days"},
        startDate=(until - timedelta(days=200)).isoformat(),
        target=[{"dueDate": (until + timedelta(days=165)).isoformat()}],
    )
    yield story.resource(
        "CarePlan",
        "careplan",
        status="active",
        intent="plan",
        category=[
            coded(
                f"{US_CORE_CODES}/careplan-category",
                "assess-plan",
                "Assessment and plan",
            )
        ],
        title="Keeping well",
        description="Blood pressure at home twice a week; a check-up every six months.",
        period={"start": (until - timedelta(days=200)).isoformat()},
    )
