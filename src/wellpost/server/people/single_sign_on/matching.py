"""Which account somebody of the practice's own sign-in is: by its subject, first by the address."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed

from ..models import BoundSubject, User
from ..queries import place_of, works_anywhere
from .errors import NotSignedOnError
from .tokens import Identity


@transaction.atomic
def user_of(read: Identity) -> User:
    """The account, of one who works at a practice today. NotSignedOnError for everybody else: no
    account is made, no right given, and nobody who is only a patient comes in this way.
    """
    bound = BoundSubject.objects.filter(issuer=read.issuer, subject=read.subject)
    held = bound.select_related("user").first()
    user = held.user if held else _by_address(read)
    if not user.is_active or not works_anywhere(user):
        raise NotSignedOnError("no_membership")
    if held is None:
        held = _bind(read, user)
    held.last_used_at = timezone.now()
    held.save(update_fields=["last_used_at"])
    return user


def _by_address(read: Identity) -> User:
    """Only by an address that the provider has seen to be theirs."""
    if not read.email or not read.email_verified:
        raise NotSignedOnError("address_not_verified")
    user = User.objects.filter(email__iexact=read.email).first()
    if user is None:
        raise NotSignedOnError("no_account")
    return user


def _bind(read: Identity, user: User) -> BoundSubject:
    """From now on the subject is known, whatever its address becomes. An account that is bound to
    another subject stays so: an address may have passed to somebody else.
    """
    try:
        with transaction.atomic():
            held = BoundSubject.objects.create(
                user=user, issuer=read.issuer, subject=read.subject, bound_at=timezone.now()
            )
    except IntegrityError:
        raise NotSignedOnError("other_subject") from None
    practice_id, patient_id = place_of(user)
    record(
        by=user,
        deed=Deed.SIGN_ON_BOUND,
        target=user,
        practice_id=practice_id,
        patient_id=patient_id,
    )
    return held
