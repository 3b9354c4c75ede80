"""How somebody wishes to be told: kept, their phone shown to be theirs, conversations muted."""

from __future__ import annotations

import re
import secrets
from datetime import time, timedelta
from uuid import UUID

from django.db import transaction

from wellpost.errors import RequestError
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.people.checks import check_time_zone
from wellpost.server.people.codes import code_hash
from wellpost.server.people.models import User

from .carriers import carriers
from .models import Channel, Muted, Wishes
from .texts import code_letter

CODE_MINUTES = 10
MOST_FAILURES = 5
PHONE = re.compile(r"\+[1-9][0-9]{7,14}")


def wishes_of(user: User) -> Wishes:
    """What the user wishes; what holds without a word where nothing is kept yet."""
    return Wishes.objects.filter(user=user).first() or Wishes(user=user)


@transaction.atomic
def keep_wishes(
    *,
    by: User,
    by_email: bool,
    by_sms: bool,
    phone: str,
    quiet_from: time | None,
    quiet_until: time | None,
    daily_at: time | None,
    time_zone: str,
) -> Wishes:
    """Keep how `by` wishes to be told from now on. A new number is used when it is shown.

    RequestError for a number or a time zone that cannot be, and for half of the quiet hours.
    """
    check_time_zone(time_zone)
    if (quiet_from is None) != (quiet_until is None):
        raise RequestError("Quiet hours need a beginning and an end; write both or neither.")
    held = wishes_of(by)
    number = number_of(phone) if phone.strip() else ""
    if by_sms and not number:
        raise RequestError("Write the number that text messages shall go to.")
    if number != held.phone:
        held.phone_shown_at, held.code_hash = None, ""
    held.phone, held.by_email, held.by_sms = number, by_email, by_sms
    held.quiet_from, held.quiet_until, held.daily_at = quiet_from, quiet_until, daily_at
    held.time_zone = time_zone
    held.save()
    record(by=by, deed=Deed.NOTICES_CHOSEN, target_kind="wishes", target_id=by.pk)
    return held


def number_of(text: str) -> str:
    """The number as E.164 writes it: +12075550100; ten digits alone are of North America."""
    signs = re.sub(r"[\s().\-/]", "", text)
    if re.fullmatch(r"1?[2-9][0-9]{9}", signs):
        signs = f"+{signs}" if len(signs) == 11 else f"+1{signs}"
    if not PHONE.fullmatch(signs):
        raise RequestError(
            "That is not a telephone number; write it like 207 555 0100, or +44 20 7946 0000."
        )
    return signs


def send_code(user: User) -> Wishes:
    """A code to the number, by which it is shown to be the user's. RequestError when no text
    message can go out now.
    """
    code = f"{secrets.randbelow(1_000_000):06}"
    held = wishes_of(user)
    held.code_hash, held.code_failures = code_hash(f"{user.pk.hex}{code}"), 0
    held.code_expires_at = clock.now() + timedelta(minutes=CODE_MINUTES)
    held.save(update_fields=["code_hash", "code_failures", "code_expires_at"])
    try:
        carriers()[Channel.SMS].send(held.phone, code_letter(code), secrets.token_hex(16))
    except Exception:
        # The fault's words may hold the number; the sentence is all that helps here.
        raise RequestError(
            "The text message with the code could not be sent. Check the number, or try later."
        ) from None
    return held


@transaction.atomic
def show_phone(*, by: User, code: str) -> bool:
    """Whether the code is the one that was sent; from then on the number is used."""
    held = Wishes.objects.select_for_update().filter(user=by).exclude(code_hash="").first()
    if held is None or held.code_failures >= MOST_FAILURES or not held.code_expires_at:
        return False
    if held.code_expires_at < clock.now():
        return False
    if not secrets.compare_digest(held.code_hash, code_hash(f"{by.pk.hex}{code}")):
        held.code_failures += 1
        held.save(update_fields=["code_failures"])
        return False
    held.phone_shown_at, held.code_hash = clock.now(), ""
    held.save(update_fields=["phone_shown_at", "code_hash"])
    record(by=by, deed=Deed.PHONE_SHOWN, target_kind="wishes", target_id=by.pk)
    return True


def is_muted(user: User, thread: UUID) -> bool:
    """Whether the user asked not to be told of this conversation."""
    return Muted.objects.filter(user=user, thread_id=thread).exists()


@transaction.atomic
def mute(*, by: User, thread: UUID, patient_id: UUID, practice_id: UUID) -> None:
    """Tell `by` no more of this conversation; who may read it is asked before."""
    made = {"muted_at": clock.now()}
    _, new = Muted.objects.get_or_create(user=by, thread_id=thread, defaults=made)
    if new:
        _record(by, Deed.THREAD_MUTED, thread, patient_id, practice_id)


@transaction.atomic
def unmute(*, by: User, thread: UUID, patient_id: UUID, practice_id: UUID) -> None:
    """Tell `by` of it again."""
    gone, _ = Muted.objects.filter(user=by, thread_id=thread).delete()
    if gone:
        _record(by, Deed.THREAD_UNMUTED, thread, patient_id, practice_id)


def _record(by: User, deed: Deed, thread: UUID, patient_id: UUID, practice_id: UUID) -> None:
    record(
        by=by,
        deed=deed,
        target_kind="thread",
        target_id=thread,
        patient_id=patient_id,
        practice_id=practice_id,
    )
