"""`wellpost explain`: a sentence why a patient counts or not, with the act and the citation."""

from __future__ import annotations

import pytest

from tests.acceptance.conftest import Run
from tests.acceptance.folder import Folder, npi

LAW = "42 CFR 495.24(d)(6)(i)(B)(2): for more than 5 percent of all unique patients"


@pytest.fixture
def why(wellpost: Run, folder: Folder):
    """The sentences about patient p1 of clinician A."""
    folder.clinicians("npi\nA\nB")
    folder.encounters("patient_id | npi | seen_on\np1 | A | 2021-06-03\np1 | A | 2021-07-06")
    asked = ("--program", "stage-3", "--year", "2021", "--period", "2021-06-01..2021-08-29")

    def explain(*more: str, measure: str = "secure-messaging", patient: str = "p1") -> list[str]:
        who = ("--npi", npi("A"), "--patient", patient, "--measure", measure)
        ran = wellpost("explain", folder, *asked, *who, "--format", "json", *more)
        assert ran.status == 0, ran.err
        (result,) = ran.json["results"]
        return result["sentences"]

    return explain


def test_who_counts_with_the_message_and_the_law(why, folder: Folder):
    folder.messages("patient_id | sent_on | message_id\np1 | 2021-12-11 | m17")
    counts, law = why()
    assert counts == (
        f"Counts: seen by NPI {npi('A')} on 2021-06-03, last on 2021-07-06; "
        f"written to on 2021-12-11, credited to NPI {npi('A')} (message m17)."
    )
    assert law.startswith(LAW)


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        (
            "m1 | p1 | A | 2021-06-04 | patient | true | ",
            "it was sent by the patient or a representative; only a message to them, or an answer",
        ),
        (
            "m1 | p1 | A | 2020-12-31 | clinician | true | ",
            "it is outside the days in which an act counts",
        ),
        ("m1 | p1 | A | 2021-06-04 | automated | true | ", "it was automated, and policy"),
        ("m1 | p1 | A | 2021-06-04 | clinician | false | ", "the patient was not included"),
        ("m1 | p1 | B | 2021-06-04 | clinician | true | ", "it is another clinician's"),
        (
            "m1 | p1 | A | 2021-06-04 | clinician | true | 9999-12-31",
            "neither the patient nor a representative has an account",
        ),
    ],
)
def test_each_act_that_does_not_count_is_named_with_its_reason(why, folder, message, sentence):
    names = "message_id | patient_id | npi | sent_on | sent_by | patient_included | available_on"
    folder.messages(f"{names}\n{message}")
    first, reason, law = why()
    assert first == (
        f"Does not count: seen by NPI {npi('A')} on 2021-06-03, last on 2021-07-06, but no secure "
        "message to the patient or a representative counts in 2021-01-01..2021-12-31."
    )
    day = message.split(" | ")[3]
    assert reason.startswith(f"The message m1 of {day} does not count: ")
    assert sentence in reason
    assert law.startswith(LAW)


def test_a_message_that_waited_counts_from_the_day_it_could_be_opened(why, folder: Folder):
    folder.messages("patient_id | sent_on | available_on\np1 | 2021-06-04 | 2021-06-20")
    assert "written to on 2021-06-04, counting from 2021-06-20" in why()[0]


def test_many_acts_of_one_reason_are_one_sentence(why, folder: Folder):
    rows = "\n".join(f"p1 | 2021-06-{day:02} | patient" for day in range(10, 18))
    folder.messages(f"patient_id | sent_on | sent_by\n{rows}")
    _, reason, _ = why()
    assert reason.startswith("8 messages do not count (m1 of 2021-06-10, ")
    assert " and 3 more): it was sent by the patient" in reason


def test_data_that_was_received_and_not_incorporated(why, folder: Folder):
    folder.write("patient_data", "patient_id | received_on\np1 | 2021-06-09")
    sentences = why(measure="patient-generated-data")
    assert "no data from the patient or a non-clinical setting was incorporated" in sentences[0]
    assert "in 2021-06-01..2021-08-29" in sentences[0]
    assert "it was received and never incorporated" in sentences[1]


def test_a_use_of_the_portal_by_staff(why, folder: Folder):
    folder.write("portal_actions", "patient_id | acted_on | acted_by\np1 | 2021-06-09 | staff")
    sentences = why(measure="view-download-transmit")
    assert sentences[1] == (
        "The viewing of 2021-06-09 does not count: "
        "the clinician or staff did it, not the patient or a representative."
    )


def test_a_patient_who_was_not_seen_in_the_period(why, folder: Folder):
    folder.encounters("encounter_id | patient_id | seen_on\ne9 | p9 | 2021-05-31")
    folder.messages("patient_id | sent_on\np9 | 2021-06-04")
    first, encounter, _ = why(patient="p9")
    assert first == (
        f"Not in the denominator: NPI {npi('A')} did not see the patient in 2021-06-01..2021-08-29."
    )
    assert encounter == (
        "The encounter e9 of 2021-05-31 does not count: it is outside the reporting period."
    )


def test_the_table_says_the_same_in_words(wellpost: Run, folder: Folder):
    folder.encounters("patient_id\np1")
    asked = ("--program", "stage-3", "--year", "2021", "--period", "2021-06-01..2021-08-29")
    out = wellpost("explain", folder, *asked, "--npi", npi("A"), "--patient", "p1").out
    assert out.count("Does not count: seen by NPI") == 3
    assert f"secure-messaging, NPI {npi('A')}" in out


def test_a_patient_whom_no_fact_knows_is_said_to_be_unknown(wellpost: Run, folder: Folder):
    folder.encounters("patient_id\np1")
    asked = ("--program", "stage-3", "--year", "2021", "--period", "2021-06-01..2021-08-29")
    ran = wellpost("explain", folder, *asked, "--npi", npi("A"), "--patient", "p9")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == (
        "no encounter and no act in these facts has that --patient; "
        "write the patient_id as it stands in encounters.\n"
    )
