"""Attestations: frozen, signed and kept; compared with today, never changed."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from wellpost.adapters.packet.reader import Verified, verify
from wellpost.adapters.packet.signing import signing_key
from wellpost.adapters.packet.writer import make_packet
from wellpost.reports.asked import from_asked
from wellpost.reports.attestation import attest as freeze
from wellpost.reports.attested import Attested
from wellpost.reports.claims import Claim
from wellpost.reports.difference import Moved, difference
from wellpost.reports.evidence import evidence
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.people.models import Practice, User
from wellpost.server.people.permissions import NotAllowed, Permission

from .kept import Attestation
from .periods import Asked
from .reporting import asking, keys_folder
from .requests import Extra
from .viewing import viewer


@dataclass(frozen=True)
class Since:
    """What moved since an attestation; those of other practices are counted and not named."""

    moved: Sequence[tuple[Moved, str]]
    elsewhere: int


@transaction.atomic
def attest(
    *,
    by: User,
    practice: Practice,
    npi: str | None,
    asked: Asked,
    claims: Sequence[Claim] = (),
    answers: Sequence[Attested] = (),
) -> Attestation:
    """Freeze and sign the numbers of a period that has ended.

    RequestError: it has not ended, or an exclusion is claimed without grounds; nothing is kept.
    """
    extra = Extra(claims, answers, clock.today(practice.time_zone))
    found = asking(by, practice, npi, asked, permission=Permission.ATTEST, extra=extra)
    at = clock.now()
    frozen = freeze(
        found.source,
        found.request,
        by=by.name,
        at=at,
        names=found.people,
        overrides=found.request.overrides,
    )
    packet = make_packet(frozen, signing_key(Path(keys_folder())))
    kept = Attestation.objects.create(
        practice=practice,
        npi=npi or "",
        program=asked.program,
        year=asked.year,
        starts_on=asked.period.start,
        ends_on=asked.period.end,
        attested_at=at,
        attested_by=by,
        attested_name=by.name,
        results=frozen.card.as_json(),
        packet=packet.archive,
        packet_sha256=hashlib.sha256(packet.archive).hexdigest(),
        signed_with=packet.fingerprint,
    )
    _record(by, Deed.ATTESTED, kept)
    return kept


def attestations(by: User, practice: Practice, npi: str | None) -> QuerySet[Attestation]:
    """What was attested of a reporter, the latest first; without the packets themselves."""
    viewer(by, practice).require(npi, Permission.READ_MEASURES)
    held = Attestation.objects.filter(practice=practice, npi=npi or "")
    return held.defer("packet").order_by("-attested_at")


def attestation(by: User, practice: Practice, pk: UUID) -> Attestation:
    """One attestation; NotAllowed for who may not see its numbers. On record."""
    kept = _of(by, practice, pk, Permission.READ_MEASURES)
    _record(by, Deed.ATTESTATION_READ, kept)
    return kept


def packet_of(by: User, practice: Practice, pk: UUID, form: str) -> tuple[Attestation, bytes]:
    """The ZIP, or the PDF in it, checked before it goes out. On record: it names patients."""
    kept = _of(by, practice, pk, Permission.READ_WORKLIST)
    packet = _verified(kept)
    _record(by, Deed.PACKET_DOWNLOADED, kept, format=form)
    return kept, packet.members["report.pdf"] if form == "pdf" else bytes(kept.packet)


def since(by: User, practice: Practice, pk: UUID) -> tuple[Attestation, Since]:
    """Patient by patient, what today's facts give otherwise. On record with whom it names."""
    kept = _of(by, practice, pk, Permission.READ_WORKLIST)
    packet = _verified(kept)
    asked = Asked(kept.program, kept.year, kept.period)
    today = asking(by, practice, kept.npi or None, asked)
    request = from_asked(packet.attested["asked"], overridden=False)
    now = [each.as_json() for each in evidence(today.source, request)]
    text = io.StringIO(packet.members["patients.csv"].decode())
    moved = list(difference(csv.DictReader(text), now))
    known = today.people.patients
    named = [(each, known[each.patient_id]) for each in moved if each.patient_id in known]
    whom = sorted({each.patient_id for each, _ in named})
    _record(by, Deed.ATTESTATION_READ, kept, document="difference", patients=whom)
    return kept, Since(named, len(moved) - len(named))


def _verified(kept: Attestation) -> Verified:
    return verify(bytes(kept.packet), f"the packet of {kept.pk}")


def _of(by: User, practice: Practice, pk: UUID, permission: Permission) -> Attestation:
    kept = Attestation.objects.filter(pk=pk, practice=practice).first()
    if kept is None:
        raise NotAllowed("there is no such attestation here.")
    viewer(by, practice).require(kept.npi or None, permission)
    return kept


def _record(by: User, deed: Deed, kept: Attestation, **more: object) -> None:
    details = {
        "program": kept.program,
        "year": kept.year,
        "period": str(kept.period),
        "npi": kept.npi or None,
        "sha256": kept.packet_sha256,
    }
    record(by=by, deed=deed, target=kept, category="measures", details={**details, **more})
