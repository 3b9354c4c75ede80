"""Answering for what is not counted: kept by row, carried by every report, frozen when attested."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest

from tests.server.quality import world
from wellpost.adapters.packet.again import compute_again
from wellpost.adapters.packet.reader import verify
from wellpost.errors import RequestError
from wellpost.reports.attested import Attested
from wellpost.reports.claims import Claim
from wellpost.reports.scorecard import scorecard
from wellpost.server.audit.models import AuditRow
from wellpost.server.people.permissions import NotAllowed
from wellpost.server.quality import overriding
from wellpost.server.quality.answering import answer
from wellpost.server.quality.attesting import attest
from wellpost.server.quality.models import Answers
from wellpost.server.quality.periods import Asked
from wellpost.server.quality.reporting import asking
from wellpost.terms import Period

from .conftest import SUMMER
from .test_pages import HOME, text, text_of_pdf

pytestmark = pytest.mark.postgresql

WHERE = f"{HOME}answers/"
ACI = Asked("mips-aci", 2017, Period(world.day("2017-06-01"), world.day("2017-08-31")))
QUERY = {"program": "mips-aci:2017", "start": "2017-06-01", "end": "2017-08-31"}
SPRING = {"start": "2021-03-01", "end": "2021-05-31"}
BASE = {
    "ACI_INFBLO_1": "yes",
    "ACI_ONCDIR_1": "yes",
    "ACI_PPHI_1": "yes",
    "ACI_EP_1": "10/12",
    "ACI_HIE_1": "3/4",
    "ACI_HIE_2": "1/9",
}


@pytest.fixture
def summer_2017(rita_reporter, practice, dr_chen, alice):
    """Alice was seen, and got access in time, which somebody counted by hand."""
    world.seen(alice, dr_chen, "2017-06-03")
    overriding.override(
        by=rita_reporter, practice=practice, npi=dr_chen.npi, asked=ACI,
        measure="patient-access", numerator=1, denominator=1, reason="access by letter, on file",
    )  # fmt: skip


def at_answers(browser, who: str) -> str:
    browser.get(HOME, QUERY)
    return f"{WHERE}?{urlencode({'who': who})}"


def category(by, practice, npi, asked=ACI):
    found = asking(by, practice, npi, asked)
    return scorecard(found.source, found.request).points[0].category


def test_answers_bring_the_base_of_the_category(
    at_reports, rita_reporter, practice, dr_chen, summer_2017
):
    assert category(rita_reporter, practice, dr_chen.npi).base == 0
    browser = at_reports(rita_reporter)
    where = at_answers(browser, dr_chen.npi)
    page = text(browser.get(f"{HOME}{dr_chen.npi}/"))
    assert "<li>Security Risk Analysis (ACI_PPHI_1)</li>" in page.split("needed for a score")[1]
    assert browser.post(where, BASE).status_code == 302
    page = text(browser.get(f"{HOME}{dr_chen.npi}/"))
    assert "base 50" in page
    assert "Not answered, and needed" not in page
    assert "<dt>e-Prescribing (ACI_EP_1)</dt><dd>10/12</dd>" in page
    assert "Answered by Rita Wolfe on January 10, 2022" in page
    assert category(rita_reporter, practice, dr_chen.npi).base == 50
    pdf = text_of_pdf(browser.get(f"{HOME}{dr_chen.npi}/files/scorecard.pdf").content)
    assert "e-Prescribing (ACI_EP_1)" in " ".join(pdf.split())
    whole = json.loads(browser.get(f"{HOME}{dr_chen.npi}/files/scorecard.json").content)
    assert whole["attested"]["ACI_HIE_2"] == "1/9"
    assert whole["points"][0]["category"]["base"] == 50


def test_the_page_shows_what_was_answered_before(at_reports, rita_reporter, dr_chen, summer_2017):
    browser = at_reports(rita_reporter)
    where = at_answers(browser, dr_chen.npi)
    browser.post(where, BASE)
    assert 'value="10/12"' in text(browser.get(where))
    browser.post(where, {"ACI_EP_1": "11/12"})
    assert [each.number for each in Answers.objects.order_by("number")] == [1, 2]
    assert "ACI_PPHI_1" not in text(browser.get(f"{HOME}{dr_chen.npi}/")).split("Answered by")[1]
    assert AuditRow.objects.filter(deed="answers_given").count() == 2


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("13/12", "the numerator is above the denominator"),
        ("ten", "cannot be read; write it like PI_EP_1=10/12"),
        ("yes", "it must be a numerator and a denominator, like 10/12"),
    ],
)
def test_wrong_numbers_are_refused_and_what_was_typed_is_kept(
    at_reports, rita_reporter, dr_chen, summer_2017, typed, says
):
    browser = at_reports(rita_reporter)
    page = text(browser.post(at_answers(browser, dr_chen.npi), {**BASE, "ACI_EP_1": typed}))
    assert says in page
    assert f'value="{typed}"' in page
    assert 'value="3/4"' in page
    assert not Answers.objects.exists()


def test_what_is_counted_is_not_asked(at_reports, rita_reporter, dr_chen, summer_2017):
    browser = at_reports(rita_reporter)
    page = text(browser.get(at_answers(browser, dr_chen.npi)))
    assert "Security Risk Analysis (ACI_PPHI_1)" in page
    assert "ACI_CCTPE_2" not in page


def test_a_claim_that_the_facts_do_not_support_is_shown_so(
    at_reports, rita_reporter, practice, dr_chen, summer
):
    claim = "secure-messaging=no_office_visits"
    browser = at_reports(rita_reporter)
    where = f"{WHERE}?who={dr_chen.npi}"
    assert browser.post(where, {"claims": claim}).status_code == 302
    for page in (text(browser.get(f"{HOME}{dr_chen.npi}/")), text(browser.get(where))):
        assert "not supported by the visits on record" in page
    assert not asking(rita_reporter, practice, dr_chen.npi, SUMMER).request.claims


def test_a_claim_that_the_facts_support_excludes(
    at_reports, rita_reporter, practice, dr_chen, alice
):
    world.seen(alice, dr_chen, "2021-06-03", kind="other")
    browser = at_reports(rita_reporter)
    where = f"{WHERE}?who={dr_chen.npi}"
    browser.post(where, {"claims": "secure-messaging=no_office_visits"})
    page = text(browser.get(f"{HOME}{dr_chen.npi}/"))
    assert "Excluded: Secure messages" in page
    assert "not supported" not in page
    found = asking(rita_reporter, practice, dr_chen.npi, SUMMER, measure="view-download-transmit")
    assert not found.request.claims


def test_the_state_has_its_own_last_day(at_reports, rita_reporter, practice, summer):
    browser = at_reports(rita_reporter)
    assert "the last permitted day is 2021-08-30" in text(browser.post(WHERE, {"state": "IL"}))
    assert not Answers.objects.exists()
    assert browser.post(WHERE, {"state": "TN"}).status_code == 302
    assert asking(rita_reporter, practice, None, SUMMER).request.rules.state == "TN"


def test_clinicians_have_the_practices_answers_until_they_have_their_own(
    rita_reporter, practice, dr_chen, summer_2017
):
    yes, no = Attested("ACI_PPHI_1", True), Attested("ACI_PPHI_1", False)
    answer(by=rita_reporter, practice=practice, npi=None, asked=ACI, attested=[yes])
    asked_for = asking(rita_reporter, practice, dr_chen.npi, ACI).request
    assert asked_for.attested == {"ACI_PPHI_1": True}
    answer(by=rita_reporter, practice=practice, npi=dr_chen.npi, asked=ACI, attested=[no])
    asked_for = asking(rita_reporter, practice, dr_chen.npi, ACI).request
    assert asked_for.attested == {"ACI_PPHI_1": False}
    assert asking(rita_reporter, practice, None, ACI).request.attested == {"ACI_PPHI_1": True}


def test_an_attestation_freezes_the_answers(rita_reporter, practice, dr_chen, summer_2017):
    given = [Attested.parse(f"{name}={value}") for name, value in BASE.items()]
    who = {"by": rita_reporter, "practice": practice, "npi": dr_chen.npi, "asked": ACI}
    answer(**who, attested=given)
    kept = attest(**who)
    answer(**who)
    assert category(rita_reporter, practice, dr_chen.npi).base == 0
    assert kept.results["points"][0]["category"]["base"] == 50
    packet = verify(bytes(kept.packet), "the packet")
    assert "ACI_EP_1=10/12" in packet.attested["asked"]["attested"]
    assert not compute_again(packet).differing


@pytest.mark.parametrize("who", ["dr_diaz", "dr_evans", "alice"])
def test_others_find_no_page(request, at_reports, as_user, who, dr_chen, summer):
    user = request.getfixturevalue(who).user
    browser = as_user(user) if who == "alice" else at_reports(user)
    for way in (browser.get, browser.post):
        assert way(f"{WHERE}?who={dr_chen.npi}").status_code == 404
    assert not Answers.objects.filter(npi=dr_chen.npi).exists()


@pytest.mark.parametrize("who", ["dr_diaz", "dr_evans", "sam_staff", "alice"])
def test_who_may_not_answer(request, who, practice, dr_chen, summer):
    someone = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        answer(
            by=getattr(someone, "user", None) or someone,
            practice=practice,
            npi=dr_chen.npi,
            asked=SUMMER,
        )
    assert not Answers.objects.exists()


def test_what_the_program_does_not_ask_is_refused(rita_reporter, practice, summer):
    for more in (
        {"attested": [Attested("ACI_PPHI_1", True)]},
        {"claims": [Claim.parse("patient-access=no_office_visits")]},
        {"state": "ME"},
    ):
        with pytest.raises(RequestError):
            answer(by=rita_reporter, practice=practice, npi=None, asked=SUMMER, **more)
    assert not Answers.objects.exists()


def test_answers_of_another_period_are_offered_and_do_not_hold(
    at_reports, rita_reporter, practice, summer
):
    browser = at_reports(rita_reporter)
    assert browser.post(WHERE, {"state": "TN"}).status_code == 302
    spring = {**SPRING, "program": "stage-3:2021"}
    browser.get(HOME, spring)
    page = text(browser.get(WHERE))
    assert "Below are the answers for June 1, 2021 to August 31, 2021" in page
    assert '<option value="TN" selected>' in page
    asked = Asked("stage-3", 2021, Period(*map(world.day, (SPRING["start"], SPRING["end"]))))
    assert asking(rita_reporter, practice, None, asked).request.rules.state is None


def test_what_does_not_count_is_said_to_who_attests(at_reports, rita_reporter, dr_chen, summer):
    browser = at_reports(rita_reporter, proven=True)
    claim = {"claims": "secure-messaging=no_office_visits"}
    browser.post(f"{WHERE}?who={dr_chen.npi}", claim)
    page = text(browser.get(f"{HOME}{dr_chen.npi}/attest/"))
    assert "not supported by the visits on record" in page
