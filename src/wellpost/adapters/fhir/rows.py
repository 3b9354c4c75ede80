"""The facts of the plain reading as rows of the tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from wellpost.adapters.fhir.facts import FhirFacts
from wellpost.adapters.fhir.reconciliation import Reconciliation
from wellpost.adapters.fhir.records import Records
from wellpost.adapters.fhir.roster import Post
from wellpost.errors import DataRefusedError


def rows_of(facts: FhirFacts) -> Mapping[str, Iterable[tuple[object, ...]]]:
    """The rows of each fact table, columns in the order of its description; None where empty."""
    return {
        "clinicians": clinicians_of(facts.posts, facts.people.records),
        "encounters": (
            (v.encounter_id, v.patient_id, v.npi, v.tin, v.seen_on, v.kind, None, None)
            for v in facts.visits
        ),
        "messages": (
            (
                *(one.message_id, one.thread_id, one.patient_id, one.npi or None, one.tin or None),
                *(one.sent_on, one.available_on, one.sent_by, one.sent_to),
                *(one.patient_included, one.in_reply_to or None),
            )
            for one in facts.letters
        ),
        "patient_data": (
            (d.patient_id, d.npi or None, d.received_on, d.incorporated_on, d.source)
            for d in (*facts.data, *facts.documents)
        ),
        "portal_actions": (
            (u.patient_id, u.tin or None, u.acted_on, u.action, u.acted_by) for u in facts.uses
        ),
        "appointments": (
            (p.patient_id, p.npi or None, p.tin or None, p.planned_on, p.kind)
            for p in facts.planned
        ),
    }


def clinicians_of(posts: Iterable[Post], records: Records) -> Iterator[tuple[object, ...]]:
    """The rows of `clinicians`; of several records of one clinician the first by id names them."""
    names = {
        (post.npi, post.tin): records.practitioners[post.practitioner_id].name or None
        for post in sorted(posts, key=lambda post: post.practitioner_id, reverse=True)
    }
    return ((npi, tin, name) for (npi, tin), name in sorted(names.items()))


def refuse_when_nothing_is_attributed(account: Reconciliation, label: str) -> None:
    """DataRefusedError when no encounter can be attributed: it says why, and the way out."""
    came = account.came.get("Encounter", 0)
    if account.became.get("Encounter", 0):
        return
    if not came:
        raise DataRefusedError(
            f"{label}: holds no Encounter; export Patient, Practitioner, PractitionerRole, "
            "Organization and Encounter together."
        )
    reasons = "; ".join(account.reasons_of("Encounter"))
    raise DataRefusedError(
        f"{label}: none of {came:,} encounters can be attributed: {reasons}. Name NPI and TIN in "
        "Practitioner and Organization, or have made-up ones given with --synthetic-identifiers."
    )
