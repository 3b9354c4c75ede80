"""Virtual groups: who says yes, what is counted, and who sees which patients."""

from __future__ import annotations

import pytest

from tests.server.conftest import make_member
from tests.server.quality import world
from wellpost.errors import RequestError
from wellpost.facts.identifiers import make_tin
from wellpost.server.audit.models import AuditRow
from wellpost.server.people.models import Role
from wellpost.server.people.permissions import NotAllowed
from wellpost.server.quality import together
from wellpost.server.quality.models import VirtualGroup, VirtualGroupTin
from wellpost.server.quality.periods import Asked
from wellpost.server.quality.reporting import asking_together
from wellpost.server.quality.reporting import reporter_scorecard as reported
from wellpost.terms import Period

from .test_pages import HOME, rows_of_csv, text

pytestmark = pytest.mark.postgresql

ACI = Asked("mips-aci", 2018, Period(world.day("2018-06-01"), world.day("2018-08-31")))
QUERY = {"program": "mips-aci:2018", "start": "2018-06-01", "end": "2018-08-31"}
WHERE = f"{HOME}virtual-groups/"
REPORT = f"{HOME}virtual-group/"


@pytest.fixture
def rolf(other_practice):
    """Who reports for the other practice."""
    return make_member(other_practice, "Rolf Berg", Role.REPORTER)


@pytest.fixture
def summer_2018(practice, other_practice, dr_chen, dr_evans, alice, carol, bob):
    """Alice and Carol were seen here and Bob there; Alice and Bob were written to."""
    for who, by in ((alice, dr_chen), (carol, dr_chen), (bob, dr_evans)):
        by.memberships.update(starts_on=world.day("2018-01-01"))
        world.seen(who, by, "2018-06-03")
    type(alice).objects.update(account_opened_on=world.day("2018-01-01"))
    world.wrote(dr_chen, alice, "2018-07-04")
    world.wrote(dr_evans, bob, "2018-07-04")


@pytest.fixture
def group(rita_reporter, rolf, practice, other_practice):
    """Both practices said yes."""
    made = together.name_group(
        by=rita_reporter, practice=practice, year=2018, name="Both shores",
        tins=[other_practice.tin],
    )  # fmt: skip
    together.agree(by=rolf, practice=other_practice, member=made.tins.get(tin=other_practice.tin))
    return made


def messaging(by, practice) -> tuple[int, int]:
    found = asking_together(by, practice, ACI, measure="secure-messaging")
    (result,) = reported(found).results
    return result.count.numerator, result.count.denominator


def at(at_reports, user):
    browser = at_reports(user)
    browser.get(HOME, QUERY)
    return browser


def test_the_counts_are_those_of_every_practice_that_said_yes(
    rita_reporter, rolf, practice, other_practice, summer_2018
):
    made = together.name_group(
        by=rita_reporter, practice=practice, year=2018, name="Both shores",
        tins=[other_practice.tin],
    )  # fmt: skip
    assert messaging(rita_reporter, practice) == (1, 2)
    with pytest.raises(NotAllowed):
        messaging(rolf, other_practice)
    together.agree(by=rolf, practice=other_practice, member=made.tins.get(tin=other_practice.tin))
    assert messaging(rita_reporter, practice) == messaging(rolf, other_practice) == (2, 3)
    together.leave(by=rolf, practice=other_practice, member=made.tins.get(tin=other_practice.tin))
    assert messaging(rita_reporter, practice) == (1, 2)


def test_the_pages_count_all_and_name_ones_own_patients(
    at_reports, rita_reporter, rolf, group, summer_2018
):
    browser = at(at_reports, rita_reporter)
    assert "Both shores" in text(browser.get(HOME))
    page = text(browser.get(REPORT))
    assert 'data-title="Denominator">3<' in page
    assert "/attest/" not in page
    listed = text(browser.get(f"{REPORT}secure-messaging/patients/"))
    assert "Arden, Alice" in listed
    assert "Cove, Carol" in listed
    assert "Birch" not in listed
    there = text(at(at_reports, rolf).get(f"{REPORT}secure-messaging/patients/"))
    assert "Birch" in there
    assert "Arden" not in there


@pytest.mark.parametrize("name", ["g2", "g1", "worklist"])
def test_files_hold_no_patient_of_another_practice_not_even_a_number(
    at_reports, rita_reporter, bob, group, summer_2018, name
):
    browser = at(at_reports, rita_reporter)
    for form in ("csv", "json"):
        content = browser.get(f"{REPORT}files/{name}.{form}").content.decode()
        assert bob.pk.hex not in content
        assert str(bob.pk) not in content
    rows = rows_of_csv(browser.get(f"{REPORT}files/{name}.csv"))
    assert {row["patient"] for row in rows} <= {"Arden, Alice", "Cove, Carol"}
    assert rows
    taken = AuditRow.objects.filter(deed="report_downloaded").last()
    assert taken.details["virtual_group"] == "Both shores"


def test_one_names_it_and_the_other_says_yes_on_the_page(
    at_reports, rita_reporter, rolf, practice, other_practice, summer_2018
):
    browser = at(at_reports, rita_reporter)
    named = {"name": "Both shores", "tins": f"{other_practice.tin}\n"}
    assert browser.post(WHERE, named).status_code == 302
    page = text(browser.get(WHERE))
    assert "has not said yes" in page
    assert other_practice.name not in page
    there = at(at_reports, rolf)
    assert "Rita Wolfe named your practice" in text(there.get(WHERE))
    member = VirtualGroupTin.objects.get(tin=other_practice.tin)
    assert there.post(f"{WHERE}{member.pk}/agree/").status_code == 302
    assert practice.name in text(there.get(WHERE))
    assert other_practice.name in text(at(at_reports, rita_reporter).get(WHERE))
    deeds = AuditRow.objects.filter(deed__startswith="virtual_group")
    assert list(deeds.order_by("id").values_list("deed", flat=True)) == [
        "virtual_group_named",
        "virtual_group_agreed",
        "virtual_group_agreed",
    ]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"tins": "12345"}, "tin 12345 is not a TIN; a TIN is nine digits"),
        ({"tins": ""}, "Give at least one other TIN"),
        ({"name": ""}, "Give the virtual group a name"),
        ({"name": "Both shores"}, "has that name already"),
    ],
)
def test_what_cannot_be_right_is_refused(
    at_reports, rita_reporter, rolf, other_practice, given, says
):
    together.name_group(
        by=rolf, practice=other_practice, year=2018, name="Both shores", tins=[make_tin("x")]
    )
    browser = at(at_reports, rita_reporter)
    answer = browser.post(WHERE, {"name": "Ours", "tins": make_tin("y"), **given})
    assert says in text(answer)
    assert VirtualGroup.objects.count() == 1


def test_ones_own_tin_alone_is_no_virtual_group(rita_reporter, practice):
    with pytest.raises(RequestError, match="two TINs or more"):
        together.name_group(
            by=rita_reporter, practice=practice, year=2018, name="Us", tins=[practice.tin]
        )


def test_a_practice_is_in_one_virtual_group_a_year(rita_reporter, rolf, practice, group):
    other = {"by": rita_reporter, "practice": practice, "name": "Again", "tins": [make_tin("x")]}
    with pytest.raises(RequestError, match="in a virtual group of 2018 already"):
        together.name_group(**other, year=2018)
    assert VirtualGroup.objects.count() == 1
    assert together.name_group(**other, year=2019)
    assert together.group_of(practice, 2018) == group


def test_nobody_says_yes_for_another_practice(at_reports, rita_reporter, rolf, other_practice):
    made = together.name_group(
        by=rolf, practice=other_practice, year=2018, name="B", tins=[make_tin("x")]
    )
    browser = at(at_reports, rita_reporter)
    for member in made.tins.all():
        for way in ("agree", "leave"):
            assert browser.post(f"{WHERE}{member.pk}/{way}/").status_code == 404


@pytest.mark.parametrize("who", ["dr_chen", "alice"])
def test_a_clinician_who_sees_their_own_numbers_sees_no_virtual_group(
    request, at_reports, as_user, who, group, summer_2018
):
    user = request.getfixturevalue(who).user
    browser = as_user(user) if who == "alice" else at(at_reports, user)
    assert browser.get(REPORT).status_code == 404
    assert browser.get(WHERE).status_code == 404
    if who == "dr_chen":
        assert "Both shores" not in text(browser.get(HOME))


def test_the_front_desk_sees_the_counts_and_sets_nothing_up(at_reports, sam_staff, group):
    browser = at(at_reports, sam_staff)
    assert browser.get(REPORT).status_code == 200
    assert browser.get(WHERE).status_code == 404


def test_a_program_without_virtual_groups_offers_none(at_reports, rita_reporter, group):
    browser = at_reports(rita_reporter)  # stage-3
    assert browser.get(REPORT).status_code == 404
    assert "Report together" not in text(browser.get(HOME))
