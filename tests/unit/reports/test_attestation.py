"""What an attestation freezes, and what it refuses."""

from __future__ import annotations

import dataclasses

import pytest

from tests.worlds import attested
from wellpost.errors import RequestError
from wellpost.reports.asked import as_asked, from_asked
from wellpost.reports.attestation import attest
from wellpost.reports.attested import Attested
from wellpost.reports.claims import Claim
from wellpost.reports.difference import difference
from wellpost.reports.evidence import evidence
from wellpost.reports.frozen import freeze, frozen_source
from wellpost.reports.request import Request
from wellpost.reports.scorecard import scorecard
from wellpost.terms import Level


@pytest.fixture
def path(tmp_path):
    return attested.practice(tmp_path / "facts")


def lines(facts: bytes) -> list[str]:
    return facts.decode().splitlines()[1:]


def test_only_rows_the_report_can_use_are_frozen(path):
    with attested.source(path) as source:
        facts = freeze(source, attested.request())
    assert len(lines(facts["encounters"])) == 4
    assert not any("=cy" in line for line in lines(facts["encounters"]))
    assert not any("2020-06-11" in line for line in lines(facts["messages"]))
    assert not any(attested.npi("B") in line for line in lines(facts["messages"]))
    assert [line.split(",")[0] for line in lines(facts["portal_actions"])] == ["=dot", "bob"]


@pytest.mark.parametrize("levels", [[Level.PRACTICE_CLINICIAN], [Level.GROUP], []])
def test_a_practice_freezes_no_patient_of_another(path, levels):
    """=dot is seen under U alone; a clinician over all TINs (no level) reports her too."""
    whose = {"npi": None, "tin": attested.tin("T")} if levels == [Level.GROUP] else {}
    whose = whose or {"tin": attested.tin("T")}
    with attested.source(path) as source:
        facts = freeze(source, attested.request(levels=levels, **whose))
    named = {name for name, rows in facts.items() if b"=dot" in rows}
    assert named == (set() if levels else {"encounters", "portal_actions"})


def test_nothing_of_a_patient_is_frozen_that_no_number_rests_on(path):
    told = (path / "encounters.csv").read_text().splitlines()
    place = told[0].split(",").index("county")
    rows = [line.split(",") for line in told[1:]]
    for row in rows:
        row[place] = "23001"
    (path / "encounters.csv").write_text("\n".join([told[0], *map(",".join, rows)]) + "\n")
    claims = [Claim.parse("secure-messaging=county_without_broadband")]
    with attested.source(path) as source:
        usual = freeze(source, attested.request())["encounters"]
        claimed = freeze(source, attested.request(claims=claims))["encounters"]
    assert {line.split(",")[place] for line in lines(usual)} == {""}
    assert {line.split(",")[place] for line in lines(claimed)} == {"23001"}


@pytest.mark.parametrize(
    ("levels", "who"),
    [
        ([Level.CLINICIAN], {"npi": attested.CHEN}),
        ([Level.CLINICIAN], {"npi": None}),
        ([Level.PRACTICE_CLINICIAN], {"npi": attested.CHEN}),
        ([Level.PRACTICE_CLINICIAN], {"npi": attested.CHEN, "tin": attested.tin("U")}),
        ([Level.GROUP], {"npi": None, "tin": attested.tin("T")}),
        ([Level.GROUP], {"npi": None, "tin": attested.tin("U")}),
        ([Level.GROUP, Level.PRACTICE_CLINICIAN], {"npi": None}),
    ],
)
def test_frozen_facts_give_the_same_numbers_and_lists(path, levels, who):
    asked = attested.request(levels=levels, **who)
    with attested.source(path) as source, frozen_source(freeze(source, asked)) as frozen:
        assert scorecard(frozen, asked).as_json() == scorecard(source, asked).as_json()
        there = [(x.rule.measure, x.member) for x in evidence(source, asked)]
        assert [(x.rule.measure, x.member) for x in evidence(frozen, asked)] == there


def test_every_patient_of_the_denominator_is_listed_once_with_the_count(path):
    asked = attested.request(levels=[Level.CLINICIAN, Level.GROUP], npi=None)
    with attested.source(path) as source:
        card, listed = scorecard(source, asked), list(evidence(source, asked))
    for result in card.results:
        theirs = [
            each.member
            for each in listed
            if (each.rule, each.reporter) == (result.rule, result.reporter)
        ]
        assert len({each.patient_id for each in theirs}) == len(theirs) == result.count.denominator
        assert sum(each.in_numerator for each in theirs) == result.count.numerator


def test_what_was_asked_can_be_asked_again():
    claim = Claim.parse("secure-messaging=no_office_visits")
    asked = attested.request(
        claims=[claim], overrides=[attested.by_hand()], policies={"seen": "visits_only"}
    )
    assert from_asked(as_asked(asked)) == asked
    assert from_asked(as_asked(asked), overridden=False).overrides == ()


def test_answers_of_the_practice_are_asked_again():
    asked = attested.request("mips-aci", 2017, attested=[Attested.parse("ACI_EP_1=10/12")])
    assert from_asked(as_asked(asked)) == asked


def test_nothing_that_a_request_holds_is_forgotten():
    """A new field of a request must be written down too, or old packets could not be computed."""
    known = {
        "rules",
        "period",
        "measures",
        "levels",
        "given",
        "npi",
        "tin",
        "claims",
        "attested_on",
        "overrides",
        "attested",
    }
    assert {each.name for each in dataclasses.fields(Request)} == known


@pytest.mark.parametrize("by", ["", "   "])
def test_nobody_attests_nothing(path, by):
    with attested.source(path) as source, pytest.raises(RequestError, match="nobody attests"):
        attest(source, attested.request(), by=by, at=attested.THEN)


def test_an_attestation_needs_its_day(path):
    asked = attested.request(attested_on=None)
    with attested.source(path) as source, pytest.raises(RequestError, match="needs the day"):
        attest(source, asked, by="Ada Moss", at=attested.THEN)


def test_a_period_that_has_not_ended_is_refused():
    with pytest.raises(RequestError, match="had not ended"):
        attested.request(attested_on=attested.SUMMER.end)


def test_an_exclusion_without_grounds_is_refused(path):
    claim = Claim.parse("secure-messaging=no_office_visits")
    with pytest.raises(RequestError, match="evidence"):
        attested.attestation(path, claims=[claim])


def test_a_change_by_hand_for_somebody_else_is_refused(path):
    other = dataclasses.replace(
        attested.by_hand(), reporter=dataclasses.replace(attested.by_hand().reporter, npi="1")
    )
    with pytest.raises(RequestError, match="not in the report"):
        attested.attestation(path, other)


def test_the_number_counted_is_kept_beside_the_one_attested(path):
    made = attested.attestation(path, attested.by_hand())
    numbers = [
        {each.rule.measure: each.count.numerator for each in card.results}["secure_messaging"]
        for card in (made.counted, made.card)
    ]
    assert numbers == [1, 2]


def test_who_moved_and_why():
    head = {"measure": "secure-messaging", "level": "clinician", "npi": "1", "tin": None}

    def line(who, counts, reason):
        return {**head, "patient_id": who, "in_numerator": counts, "reason": reason}

    then = [line("ann", "true", "written to"), line("bob", "false", "nobody wrote")]
    now = [line("bob", True, "written to later"), line("cy", False, "nobody wrote to Cy")]
    moved = {each.patient_id: (each.was, each.now, each.why) for each in difference(then, now)}
    assert moved == {
        "ann": (
            "in the numerator",
            "not in the denominator",
            "no encounter of the period stands any more; attested was: written to",
        ),
        "bob": ("in the denominator only", "in the numerator", "today: written to later"),
        "cy": ("not in the denominator", "in the denominator only", "today: nobody wrote to Cy"),
    }
    assert list(difference(then, then)) == []
