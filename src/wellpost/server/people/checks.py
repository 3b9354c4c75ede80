"""What the forms of people must hold; each refusal says what would be right."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from wellpost.errors import RequestError
from wellpost.facts.identifiers import npi_is_valid, tin_is_valid


def check_name(text: str, what: str) -> None:
    """RequestError unless the name has something in it."""
    if not text.strip():
        raise RequestError(f"The {what} is empty; write it.")


def check_address(email: str) -> None:
    """RequestError for what is neither empty nor an email address."""
    if not email.strip():
        return
    try:
        validate_email(email.strip())
    except ValidationError:
        raise RequestError("That is not an email address; write it like name@example.org.") from (
            None
        )


def check_days(starts_on: date, ends_on: date | None) -> None:
    """RequestError for a period that ends before it starts."""
    if ends_on is not None and ends_on < starts_on:
        raise RequestError(f"{starts_on} to {ends_on}: it ends before it starts.")


def check_npi_given(npi: str) -> None:
    """RequestError for an NPI whose check digit is wrong (45 CFR 162.406)."""
    if not npi_is_valid(npi):
        raise RequestError(
            f"npi {npi} fails its check digit; an NPI is ten digits whose last one checks the rest."
        )


def check_tin_given(tin: str) -> None:
    """RequestError for what is not nine digits."""
    if not tin_is_valid(tin):
        raise RequestError(f"tin {tin} is not a TIN; a TIN is nine digits.")


def check_time_zone(name: str) -> None:
    """RequestError for a name the IANA time zone database does not have."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise RequestError(
            f"time zone {name!r} is not known; write one like America/New_York."
        ) from None
