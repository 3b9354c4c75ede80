"""How explanations speak: of reporters, acts, and why an act does not count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wellpost.engine.evidence import Considered
from wellpost.engine.membership import Member
from wellpost.terms import Measure, Reporter

REASONS: Mapping[str, str] = {
    "outside_period": "it is outside the reporting period",
    "not_a_visit": "it is neither an office visit nor telehealth, and policy seen is visits_only",
    "other_clinician": "it is another clinician's",
    "other_practice": "it belongs to another practice",
    "outside_window": "it is outside the days in which an act counts",
    "not_available_yet": "neither the patient nor a representative has an account to open it with, "
    "and policy unreachable_patients is count_when_available",
    "not_seen_in_period": "the clinician did not see the patient in the reporting period",
    "sent_by_patient": "it was sent by the patient or a representative; only a message to them, "
    "or an answer, counts",
    "not_sent_by_patient": "neither the patient nor a representative sent it; here their own "
    "message is the one counted",
    "sent_by_staff": "staff wrote it, and policy staff_messages is author_only",
    "automated": "it was automated, and policy automated_messages is do_not_count",
    "copied": "it was to another clinician with the patient included, and policy copied_patients "
    "is do_not_count",
    "not_included": "the patient was not included and cannot read it",
    "could_not_be_opened": "nobody could open it on the day it was sent, and policy "
    "unreachable_patients is do_not_count",
    "for_no_clinician": "it names no clinician",
    "not_by_patient": "the clinician or staff did it, not the patient or a representative",
    "through_an_api": "it was through an API, and here only view, download and transmit count",
    "not_incorporated": "it was received and never incorporated into the record",
    "access_missing": "the patient never had the access that is asked for",
    "access_late": "the patient had access later than 4 business days after the information was "
    "available",
    "access_after_attestation": "the patient had access only after the day of attestation",
    "another_access_late": "another encounter with the clinician had no timely access",
}
"""Why an encounter or act does not count, by the words of `wellpost.engine.evidence`."""

MISSING: Mapping[Measure, str] = {
    Measure.SECURE_MESSAGING: "no secure message to the patient or a representative counts",
    Measure.VIEW_DOWNLOAD_TRANSMIT: "no use of their information by the patient or a "
    "representative counts",
    Measure.PATIENT_GENERATED_DATA: "no data from the patient or a non-clinical setting was "
    "incorporated that counts",
    Measure.PATIENT_ACCESS: "not every encounter had timely access",
}
"""What a patient outside the numerator lacks."""

DONE: Mapping[str, str] = {
    "message": "written to",
    "patient_message": "the patient or a representative sent a secure message",
    "view": "the patient or a representative viewed their information",
    "download": "the patient or a representative downloaded their information",
    "transmit": "the patient or a representative transmitted their information",
    "api": "the patient or a representative reached their information through an API",
    "incorporated_data": "data from the patient or a non-clinical setting incorporated",
    "access": "timely access after every encounter, the first",
}
"""What put a patient in the numerator, by act."""

NOUNS: Mapping[str, tuple[str, str]] = {
    "message": ("The message", "messages"),
    "patient_message": ("The message", "messages"),
    "encounter": ("The encounter", "encounters"),
    "incorporated_data": ("The patient's data", "entries of the patient's data"),
    "view": ("The viewing", "viewings"),
    "download": ("The download", "downloads"),
    "transmit": ("The transmission", "transmissions"),
    "api": ("The access through an API", "accesses through an API"),
    "access": ("The encounter's access", "encounters' accesses"),
}


def name(reporter: Reporter) -> str:
    """The reporter as sentences name it; identifiers only, never a person's name."""
    parts = (
        ("NPI", reporter.npi),
        ("TIN", reporter.tin),
        ("virtual group", reporter.virtual_group),
    )
    return " under ".join(f"{kind} {value}" for kind, value in parts if value)


def seen(who: str, member: Member) -> str:
    """When the patient was seen: one day, or the first and the last."""
    first, last = member.first_seen_on, member.last_seen_on
    again = "" if first == last else f", last on {last}"
    return f"seen by {who} on {first}{again}"


def done(member: Member, act: Considered | None) -> str:
    """The act that put the patient in the numerator: its days, who is credited, its identifier."""
    what, day = DONE[member.act or ""], member.acted_on
    when = f"on {day}" if act is None or act.on == day else f"on {act.on}, counting from {day}"
    noun = NOUNS[member.act or ""][0].removeprefix("The ")
    identifier = f" ({noun} {member.act_id})" if member.act_id else ""
    return f"{what} {when}, credited to NPI {member.act_npi}{identifier}"


def missing(measure: Measure, manners: Mapping[str, str]) -> str:
    """What was not found for a patient outside the numerator."""
    if manners.get("direction") == "from_patient":
        return "no secure message from the patient or a representative counts"
    return MISSING[measure]


def one(each: Considered) -> str:
    """One encounter or act, by identifier where it has one, and day."""
    return f"{each.identifier} of {each.on}" if each.identifier else f"of {each.on}"


def several(what: str, named: Sequence[str], number: int) -> str:
    """`The message m1 of 2021-05-02 does not count`, or so many that do not."""
    singular, plural = NOUNS.get(what, (f"The {what}", f"{what} acts"))
    if number == 1:
        return f"{singular} {named[0]} does not count"
    more = f" and {number - len(named)} more" if number > len(named) else ""
    return f"{number} {plural} do not count ({', '.join(named)}{more})"


def reason(because: str) -> str:
    """Why it does not count."""
    return REASONS.get(because, because.replace("_", " "))
