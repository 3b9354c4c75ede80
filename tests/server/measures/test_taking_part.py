"""Use of the record, data from home, timely access: whom to reach, with what, and why it counts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest

from tests.server.quality import world
from wellpost.server.clock import time as clock
from wellpost.server.from_home.adding import Measured, add_readings
from wellpost.server.from_home.models import Source
from wellpost.server.from_home.reviewing import incorporate
from wellpost.server.people.models import User
from wellpost.server.quality.lateness import timings_of
from wellpost.server.records.models import AccessGrant, ClosedDay
from wellpost.server.records.uses import use
from wellpost.terms import Measure, spoken

pytestmark = pytest.mark.postgresql

HOME = "/clinic/measures/"
VDT, DATA, ACCESS = (
    spoken(each)
    for each in (
        Measure.VIEW_DOWNLOAD_TRANSMIT,
        Measure.PATIENT_GENERATED_DATA,
        Measure.PATIENT_ACCESS,
    )
)


@pytest.fixture(autouse=True)
def september():
    with clock.held_at(datetime(2021, 9, 15, 14, tzinfo=UTC)):
        yield


@pytest.fixture
def summer(dr_chen, alice, carol):
    """Alice, who has an account, and Carol, who has none, were seen on the same day."""
    return [world.seen(each, dr_chen, "2021-06-03") for each in (alice, carol)]


@pytest.fixture
def pages(as_user, dr_chen, summer):
    """`pages(user, measure, "worklist/")`: what Dr Chen's page of the measure says."""

    def read(user: User, measure: str, rest: str, program: str = "stage-3:2021") -> str:
        browser = as_user(user)
        browser.get(HOME, {"program": program, "start": "2021-06-01", "end": "2021-08-31"})
        answer = browser.get(f"{HOME}{dr_chen.npi}/{measure}/{rest}")
        assert answer.status_code == 200, answer.content
        return unescape(" ".join(answer.content.decode().split()))

    return read


def weighs(patient) -> list:
    said = Measured("weight", "70.5", "kg", clock.now() - timedelta(minutes=5))
    return add_readings(
        by=patient.user,
        patient=patient,
        readings=[said],
        through="Heart Diary",
        source=Source.DEVICE,
    )


def test_who_has_an_account_is_told_how_and_the_other_invited(pages, sam_staff, alice, carol):
    text = pages(sam_staff, VDT, "worklist/")
    tell = f"/clinic/write/?patient={alice.pk}&next=worklist&about={VDT}"
    assert f'ds-c-button--solid ds-c-button--small" href="{tell}"' in text
    invite = f"/clinic/patients/{carol.pk}/#invitation"
    assert f'ds-c-button--solid ds-c-button--small" href="{invite}"' in text


@pytest.mark.parametrize(("measure", "word"), [(VDT, "Record"), (DATA, "From home")])
def test_the_letter_is_begun_and_can_be_changed(as_user, sam_staff, alice, measure, word):
    form = as_user(sam_staff).get(f"/clinic/write/?patient={alice.pk}&about={measure}")
    assert word in form.context["form"]["body"].value()
    assert form.context["form"]["subject"].value()
    plain = as_user(sam_staff).get(f"/clinic/write/?patient={alice.pk}&about=nonsense")
    assert not plain.context["form"]["body"].value()


def test_the_explanation_names_the_app_and_the_day(pages, dr_chen, alice, amir):
    with clock.held_at(datetime(2021, 7, 4, 14, tzinfo=UTC)):
        use(by=alice.user, patient=alice, action="api", what="Observation", through="Heart Diary")
        use(by=amir.user, patient=alice, action="view")
    text = pages(dr_chen.user, VDT, f"patients/{alice.pk}/")
    assert "July 4, 2021: Record reached by another program, Dr Chen" in text
    assert "the patient's app Heart Diary" in text
    assert "July 4, 2021: Record viewed, Dr Chen" in text
    assert "by a representative" in text


def test_to_whom_a_patient_sent_it_is_not_told(pages, dr_chen, alice):
    use(by=alice.user, patient=alice, action="transmit", to_whom="other.doctor@example.org")
    text = pages(dr_chen.user, VDT, f"patients/{alice.pk}/")
    assert "Record transmitted" in text
    assert "other.doctor" not in text


def test_what_came_from_home_is_looked_at_first(pages, sam_staff, rita_reporter, alice):
    weighs(alice)
    text = pages(sam_staff, DATA, "worklist/")
    assert f"/clinic/home/patients/{alice.pk}/weight/" in text
    assert "sent something from home that waits" in text
    assert "/clinic/home/" not in pages(rita_reporter, DATA, "worklist/").split("wp-people")[1]


def test_data_that_wait_do_not_count_and_those_taken_over_do(
    pages, practice, dr_chen, rita_reporter, alice
):
    with clock.held_at(datetime(2021, 7, 4, 14, tzinfo=UTC)):
        (made,) = weighs(alice)
    address = f"patients/{alice.pk}/"
    assert "never incorporated" in pages(dr_chen.user, DATA, address)
    with clock.held_at(datetime(2021, 7, 6, 14, tzinfo=UTC)):
        incorporate(practice=practice, data=[made.pk], by=dr_chen.user)
    text = pages(dr_chen.user, DATA, address)
    assert "July 4, 2021: Data from the patient, Dr Chen" in text
    assert "from July 6, 2021" in text
    assert "Weight through Heart Diary" in text
    assert "Weight" not in pages(rita_reporter, DATA, address)  # who may not read the chart


def test_the_worklist_of_access_says_which_visit_was_late_and_by_how_much(
    pages, dr_chen, alice, carol, summer
):
    thursday, wednesday = date(2021, 6, 3), date(2021, 6, 16)
    AccessGrant.objects.create(
        encounter=summer[0], available_on=thursday, vdt_on=wednesday, api_on=wednesday
    )
    text = pages(dr_chen.user, ACCESS, "worklist/", "mips-pi:2021")
    late = "reached after 9 business days, 5 business days late"
    assert f"June 3, 2021, Dr Chen: {late}" in text
    assert "June 3, 2021, Dr Chen: nothing of this visit is in the record" in text
    told = pages(dr_chen.user, ACCESS, f"patients/{alice.pk}/", "mips-pi:2021")
    assert "with the clinician on June 3, 2021, with the patient on June 16, 2021" in told
    assert "9 business days" in told


@pytest.mark.parametrize(
    ("available", "reached", "closed", "taken", "late"),
    [
        ("2021-06-07", "2021-06-11", "", 4, False),  # Monday to Friday
        ("2021-06-07", "2021-06-12", "", 5, True),  # to Saturday
        ("2021-06-05", "2021-06-10", "", 4, False),  # Saturday to Thursday
        ("2021-06-05", "2021-06-11", "", 5, True),
        ("2021-06-03", "2021-06-09", "", 4, False),  # over a weekend
        ("2021-06-03", "2021-06-03", "", 0, False),
        ("2021-06-30", "2021-07-07", "", 5, True),
        ("2021-06-30", "2021-07-07", "2021-07-05", 4, False),  # closed on the holiday between
        ("2021-06-30", "2021-07-07", "2021-07-04", 5, True),  # a Sunday is none in any case
    ],
)
def test_business_days_are_those_of_the_measure(
    practice, dr_chen, alice, available, reached, closed, taken, late
):
    start, end = date.fromisoformat(available), date.fromisoformat(reached)
    if closed:
        ClosedDay.objects.create(practice=practice, closed_on=date.fromisoformat(closed))
    visit = world.seen(alice, dr_chen, available)
    AccessGrant.objects.create(encounter=visit, available_on=start, vdt_on=end, api_on=end)
    timing = timings_of(practice, [visit.pk])[visit.pk]
    assert (timing.business_days, timing.late) == (taken, late)
    assert timing.due_on is not None
    assert (end <= timing.due_on) is not late
    request = world.ask("mips-pi", 2021, world.SUMMER, measures=["patient_access"])
    found = world.scorecard(world.server_source(practice, world.Period.of_year(2021)), request)
    assert {each.count.numerator for each in found.results} == {int(not late)}


def test_a_page_that_asks_again_by_itself_is_one_reading(as_user, dr_chen, summer, deeds):
    browser, own = as_user(dr_chen.user), f"{HOME}{dr_chen.npi}/"
    browser.get(own)
    again = browser.get(own, headers={"HX-Request": "true"})
    assert again.status_code == 200
    assert deeds().count("measures_read") == 1
