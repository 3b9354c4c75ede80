"""What was written in the demo, dated day by day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from wellpost.server.clock import time as clock
from wellpost.server.messaging.actions import mark_read, send_message, start_thread
from wellpost.server.messaging.models import Message
from wellpost.server.people.models import (
    Membership,
    Patient,
    User,
)

from .stage import Cast, at, clinician_of, user_of

PRESSURE = "Your readings from last week are where we want them. Please go on as before."
RESULTS = (
    "Dr. Alden asked me to tell you that your results are in and nothing needs to be changed. "
    "She will go through them with you at your next visit."
)
KNEE = (
    "Jonah, would you look at this knee next week? I have told our patient to rest it. "
    "You both read this here."
)
MOTHER = "Your mother did well on Tuesday. Please bring the list of her medicines next time."
PRESCRIPTION = "Your prescription is renewed for three months. Write here if something is unclear."
VISIT = "Thank you for coming in. The exercises we spoke of are best done twice a day."
QUESTION = "Should I take the new tablets before or after breakfast? The label does not say."
ANSWER = "After breakfast, with a glass of water. Write again if they upset your stomach."


def conversations(story: Cast) -> None:
    """Five that count, each in another way; and what does not count beside them."""
    asker, plain, answered, by_staff, copied = story.hundred[:5]
    represented, waiting = story.represented, story.waiting
    alden, staff = user_of(story.alden), story.staff
    _write(plain, alden, date(2021, 2, 9), "Your blood pressure", PRESSURE)
    _answer(answered, story.alden, date(2021, 6, 16))
    _write(
        by_staff,
        staff,
        date(2021, 7, 6),
        "Your results",
        RESULTS,
        for_clinician=clinician_of(story.alden),
    )
    _write(copied, alden, date(2021, 7, 21), "Your knee", KNEE, to_colleague=story.reyes)
    helper = represented.representatives.get()
    _write(
        represented, alden, date(2021, 8, 12), "Your mother's visit", MOTHER, representative=helper
    )
    _ask(asker, story.alden, date(2021, 9, 13))
    _write(waiting, alden, date(2021, 9, 10), "Your prescription", PRESCRIPTION)
    for number, patient in enumerate(story.of(story.seen.reyes[-3:])):
        day = date(2021, 7, 12) + timedelta(days=number)
        _write(patient, user_of(story.reyes), day, "Your visit", VISIT)


def _write(patient: Patient, by: User, day: date, subject: str, body: str, **more: Any) -> Message:
    patient.refresh_from_db()  # the account may have been opened since
    with clock.held_at(at(day)):
        return start_thread(
            practice=patient.practice,
            patient=patient,
            by=by,
            subject=subject,
            body=body,
            client_key=f"demo-{patient.pk.hex}-{day}",
            **more,
        )


def _ask(patient: Patient, clinician: Membership, day: date) -> Message:
    patient.refresh_from_db()
    asker = patient.user
    if asker is None:
        raise ValueError("who asks has an account")
    return _write(
        patient, asker, day, "A question", QUESTION, for_clinician=clinician_of(clinician)
    )


def _answer(patient: Patient, clinician: Membership, day: date) -> None:
    asked = _ask(patient, clinician, day)
    with clock.held_at(at(day + timedelta(days=1))):
        mark_read(thread=asked.thread, by=user_of(clinician))
        send_message(
            thread=asked.thread,
            by=user_of(clinician),
            body=ANSWER,
            client_key=f"demo-{asked.pk.hex}",
            in_reply_to=asked,
        )
