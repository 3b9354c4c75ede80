"""Broadband by county: brought in whole or not at all, and the exclusion that rests on it."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.server.quality import world
from wellpost.adapters.packet.again import compute_again
from wellpost.adapters.packet.reader import verify
from wellpost.errors import DataRefusedError
from wellpost.reports.claims import Claim
from wellpost.server.audit.models import AuditRow
from wellpost.server.people.permissions import NotAllowed
from wellpost.server.quality import attesting
from wellpost.server.quality.broadband import MOST_BYTES, load_counties
from wellpost.server.quality.models import County
from wellpost.server.quality.reporting import asking, reporter_scorecard

from .conftest import SUMMER
from .test_pages import HOME, text

pytestmark = pytest.mark.postgresql

WHERE = f"{HOME}broadband/"
HEAD = "county,as_of,percent_4mbps,percent_3mbps\n"
FAR, NEAR = "23029", "23005"
FILE = f"{HEAD}{FAR},2020-12-31,49.9,\n{NEAR},2020-12-31,97,98\n"
CLAIM = Claim.parse("secure-messaging=county_without_broadband")


@pytest.fixture
def far_away(dr_chen, alice, carol):
    """One visit in a county with broadband and one in a county without."""
    world.seen(alice, dr_chen, "2021-06-03", county=FAR)
    world.seen(carol, dr_chen, "2021-06-04", county=NEAR)


def sent(browser, content: str):
    file = SimpleUploadedFile("data.csv", content.encode(), "text/csv")
    return browser.post(WHERE, {"file": file})


def verdict(by, practice, npi) -> str:
    found = asking(by, practice, npi, SUMMER, measure="secure-messaging")
    return reporter_scorecard(found).results[0].judgement.verdict.value


def test_a_file_brings_the_exclusion(at_reports, rita_reporter, practice, dr_chen, far_away):
    browser = at_reports(rita_reporter)
    answers = f"{HOME}answers/?who={dr_chen.npi}"
    assert "not on record here for this period" in text(browser.get(answers))
    assert sent(browser, FILE).status_code == 302
    page = text(browser.get(WHERE))
    assert "December 31, 2020: 2 counties, 1 of them below half" in page
    assert "not on record here for this period" not in text(browser.get(answers))
    assert verdict(rita_reporter, practice, dr_chen.npi) == "not_met"
    claimed = {"claims": "secure-messaging=county_without_broadband"}
    assert browser.post(answers, claimed).status_code == 302
    assert verdict(rita_reporter, practice, dr_chen.npi) == "excluded"
    assert AuditRow.objects.get(deed="broadband_loaded").details["counties"] == 2


@pytest.mark.parametrize(
    ("shares", "expected"),
    [("49.99", "excluded"), ("50", "not_met")],
)
def test_the_line_is_half_of_the_homes(
    rita_reporter, practice, dr_chen, far_away, shares, expected
):
    file = f"{HEAD}{FAR},2020-12-31,{shares},\n{NEAR},2020-12-31,97,98\n"
    load_counties(by=rita_reporter, practice=practice, content=file.encode())
    attest = {"by": rita_reporter, "practice": practice, "npi": dr_chen.npi, "asked": SUMMER}
    if expected == "not_met":
        with pytest.raises(Exception, match="no reporter asked for has the evidence"):
            attesting.attest(**attest, claims=[CLAIM])
        return
    kept = attesting.attest(**attest, claims=[CLAIM])
    found = {each["measure"]: each["verdict"] for each in kept.results["results"]}
    assert found["secure-messaging"] == expected
    packet = verify(bytes(kept.packet), "the packet")
    assert f"{FAR},2020-12-31".encode() in packet.members["facts/counties.csv"]
    assert not compute_again(packet).differing


def test_data_of_a_later_day_than_the_first_of_the_period_do_not_count(
    rita_reporter, practice, dr_chen, far_away
):
    late = FILE.replace("2020-12-31", "2021-06-02")
    load_counties(by=rita_reporter, practice=practice, content=late.encode())
    with pytest.raises(Exception, match="no reporter asked for has the evidence"):
        attesting.attest(
            by=rita_reporter, practice=practice, npi=dr_chen.npi, asked=SUMMER, claims=[CLAIM]
        )


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "counties.csv is empty"),
        (HEAD, "names the columns and holds no county"),
        ("county,as_of\n23029,2020-12-31\n", "column percent_4mbps is missing"),
        (f"{HEAD}23029,2020-12-31,101x,\n", "counties.csv:2: percent_4mbps"),
        (f"{HEAD}{FAR},2020-12-31,10,\n2302,2020-12-31,10,\n", "counties.csv:3: county 2302"),
        (f"{HEAD}{FAR},31.12.2020,10,\n", "is not a day; write it like 2021-06-03"),
        (f"{HEAD}{FAR},2020-12-31,10,\n{FAR},2020-12-31,60,\n", "more than once with different"),
    ],
)
def test_a_bad_file_is_refused_whole_in_words(
    at_reports, rita_reporter, practice, far_away, content, says
):
    browser = at_reports(rita_reporter)
    assert sent(browser, FILE).status_code == 302
    assert says in text(sent(browser, content))
    assert County.objects.count() == 2


def test_a_file_too_large_is_refused(rita_reporter, practice):
    with pytest.raises(DataRefusedError, match="at most 5 MB"):
        load_counties(by=rita_reporter, practice=practice, content=b"x" * (MOST_BYTES + 1))


def test_a_later_file_takes_the_place_of_the_same_day(rita_reporter, practice):
    for share in ("10", "60"):
        file = f"{HEAD}{FAR},2020-12-31,{share},\n"
        load_counties(by=rita_reporter, practice=practice, content=file.encode())
    assert County.objects.get().percent_4mbps == 60


def test_what_one_practice_brings_in_moves_no_other(
    rita_reporter, practice, other_practice, dr_chen, dr_evans, bob, far_away
):
    world.seen(bob, dr_evans, "2021-06-03", county=FAR)
    load_counties(by=rita_reporter, practice=practice, content=FILE.encode())
    with pytest.raises(Exception, match="no reporter asked for has the evidence"):
        attesting.attest(
            by=dr_evans.user, practice=other_practice, npi=dr_evans.npi, asked=SUMMER,
            claims=[CLAIM],
        )  # fmt: skip


@pytest.mark.parametrize("who", ["dr_chen", "dr_evans", "sam_staff", "alice"])
def test_who_may_not_bring_it_in(request, who, practice):
    someone = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        load_counties(
            by=getattr(someone, "user", None) or someone, practice=practice, content=FILE.encode()
        )
    assert not County.objects.exists()
