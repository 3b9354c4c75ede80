"""Who there is: users, practices, their clinicians and staff, patients, representatives."""

from __future__ import annotations

import uuid
from datetime import date
from importlib import import_module
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from wellpost.facts.identifiers import npi_is_valid, tin_is_valid


def check_npi(value: str) -> None:
    """Refuse an NPI whose check digit is wrong (45 CFR 162.406)."""
    if not npi_is_valid(value):
        raise ValidationError(
            _("%(value)s is not an NPI: ten digits whose last one checks the rest."),
            params={"value": value},
        )


def check_tin(value: str) -> None:
    """Refuse what is not nine digits."""
    if not tin_is_valid(value):
        raise ValidationError(_("%(value)s is not a TIN: nine digits."), params={"value": value})


class UserManager(BaseUserManager["User"]):
    """Makes users; the email address is the name one signs in with."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A user with this address (kept in lower case) and password."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """The user of an address, however it is written."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person who can sign in. What they may do follows from their roles elsewhere."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_user_an_address")]

    def __str__(self) -> str:
        return self.name


class SignIn(AbstractBaseSession):
    """A session: somebody signed in on one device, or (no `user`) a visitor. Gone when it ends.

    The times are real ones, also where the clock of a demo is set.
    """

    user = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.CASCADE, related_name="sign_ins"
    )
    device = models.CharField(max_length=60, blank=True)
    began_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    @classmethod
    def get_session_store_class(cls) -> Any:
        """The store that the setting SESSION_ENGINE names."""
        return import_module(settings.SESSION_ENGINE).SessionStore


class WantedReset(models.Model):
    """Somebody asked for a new password for this address, whether or not anybody has it here."""

    address = models.EmailField()
    asked_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(db_index=True)


class BoundSubject(models.Model):
    """Whom the practice's own sign-in (OpenID Connect) knows a user as: its issuer's subject."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="bound_subjects")
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    bound_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="a_subject_is_one_user"),
            models.UniqueConstraint(fields=["issuer", "user"], name="a_user_is_one_subject"),
        ]


class Practice(models.Model):
    """A practice, known to the programs by its TIN."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tin = models.CharField(max_length=9, unique=True, validators=[check_tin])
    name = models.CharField(max_length=200)
    time_zone = models.CharField(max_length=60, default="America/New_York")
    phone = models.CharField(max_length=40, blank=True)
    answer_within_days = models.PositiveSmallIntegerField(default=2)
    emergency_text = models.CharField(max_length=300, blank=True)
    privacy_officer = models.ForeignKey(
        "Membership", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return self.name


class Clinician(models.Model):
    """A clinician, known by the NPI, with or without an account here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    npi = models.CharField(max_length=10, unique=True, validators=[check_npi])
    name = models.CharField(max_length=200)
    user = models.OneToOneField(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="clinician"
    )

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What somebody is at a practice; people.permissions says what each may do."""

    CLINICIAN = "clinician", _("Clinician")
    STAFF = "staff", _("Staff")
    REPORTER = "reporter", _("Reports for the practice")
    ADMINISTRATOR = "administrator", _("Administrator")


class Membership(models.Model):
    """Somebody at a practice between two days: a clinician, or a user with another role."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="memberships")
    clinician = models.ForeignKey(
        Clinician, null=True, blank=True, on_delete=models.PROTECT, related_name="memberships"
    )
    user = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(max_length=20, choices=Role)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="membership_is_of_a_clinician_or_a_user",
                condition=Q(role="clinician", clinician__isnull=False, user__isnull=True)
                | (~Q(role="clinician") & Q(clinician__isnull=True, user__isnull=False)),
            ),
        ]

    @property
    def account(self) -> User | None:
        """The user who signs in for this membership, if there is one yet."""
        return self.clinician.user if self.clinician else self.user

    @property
    def name(self) -> str:
        """The name others read."""
        return str(self.clinician or self.user)

    def active_on(self, day: date) -> bool:
        """Whether the membership holds on that local day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class Patient(models.Model):
    """One patient's record at one practice. Records of one person can be merged.

    `account_opened_on` is the local day from which the patient could sign in; what the
    practice wrote before waits for it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="patients")
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100)
    birth_on = models.DateField(null=True, blank=True)
    sex = models.CharField(max_length=10, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    address = models.TextField(blank=True)
    county = models.CharField(max_length=5, blank=True)
    user = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="patients"
    )
    account_opened_on = models.DateField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_records"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["family_name", "given_name", "id"]
        indexes = [models.Index(fields=["practice", "family_name", "given_name"])]

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def surviving(self) -> Patient:
        """The record that counts: itself, or the one it was merged into (never a chain)."""
        return self.merged_into or self


class PatientIdentifier(models.Model):
    """A name other systems know the patient by (FHIR Identifier: system and value)."""

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="identifiers")
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    system = models.CharField(max_length=200)
    value = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "system", "value"], name="one_patient_an_identifier"
            ),
        ]


class Representative(models.Model):
    """Somebody who may act for a patient, between two days, in what was granted.

    `user` is empty until the invitation is taken up; `account_opened_on` as for a patient.
    `by_age`: a parent or guardian of a child, whose days follow from the child's age (see
    `people.ages`); `continues` the period before, in which they had other rights.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="representatives")
    user = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="representations"
    )
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    relationship = models.CharField(max_length=60)
    may_message = models.BooleanField(default=True)
    may_see_record = models.BooleanField(default=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    account_opened_on = models.DateField(null=True, blank=True)
    by_age = models.BooleanField(default=False)
    continues = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="continued_by"
    )

    def __str__(self) -> str:
        return self.name

    def active_on(self, day: date) -> bool:
        """Whether the representation holds on that local day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class Proof(models.TextChoices):
    """How the practice knows that somebody is who they say."""

    IN_PERSON = "in_person", _("In person, with a photo ID")
    KNOWN_HERE = "known_here", _("In person, well known to me")
    BY_TELEPHONE = "by_telephone", _("By telephone, at a number we had before")


class Invitation(models.Model):
    """A way in, once and for a time, to one patient's record or for one representative.

    Only the code's hash is kept. An account is never opened on somebody's record otherwise.
    `proof`: how who made it (`created_by`) knew the one invited; empty: by code and birth alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="invitations")
    representative = models.ForeignKey(
        Representative,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="invitations",
    )
    code_hash = models.CharField(max_length=64, unique=True)
    sent_by = models.CharField(max_length=10, choices=[("email", "Email"), ("letter", "Letter")])
    proof = models.CharField(max_length=20, choices=Proof, blank=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    failed_attempts = models.PositiveSmallIntegerField(default=0)


class MemberInvitation(models.Model):
    """A way for one of the practice to set the password of their account, once and for a time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="member_invitations")
    code_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)


class EmergencyAccess(models.Model):
    """Somebody of the practice may read one patient's messages and chart for a while, who
    otherwise may not (45 CFR 170.315(d)(6)).

    The reason is sealed by the key provider: it speaks of the patient.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="emergencies")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="emergencies")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="emergencies")
    reason_sealed = models.BinaryField()
    reason_key_id = models.CharField(max_length=80)
    begun_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        indexes = [
            models.Index(fields=["user", "patient", "ends_at"], name="emergencies_of_a_user"),
            models.Index(fields=["practice", "-begun_at"], name="emergencies_at_a_practice"),
        ]


class AgedRight(models.TextChoices):
    """A right that a child's age begins or ends."""

    MESSAGES = "messages", _("A parent may read and write the child's messages")
    RECORD = "record", _("A parent may see the child's record")
    ACCOUNT = "account", _("A child may have an account of their own")


class AgeRule(models.Model):
    """At which birthday the right ends (or begins: an account) at a practice that set it."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="age_rules")
    right = models.CharField(max_length=20, choices=AgedRight)
    age = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "right"], name="one_age_a_right"),
        ]
