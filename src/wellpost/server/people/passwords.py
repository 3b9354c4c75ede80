"""What a password may not be, besides what Django refuses (NIST SP 800-63B, 5.1.1.2)."""

from __future__ import annotations

import mmap
import re
from hashlib import sha1
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .models import Practice, User

OF_THE_PLACE = frozenset(
    {
        *("wellpost", "password", "login", "secret", "welcome", "hello", "portal", "practice"),
        *("patient", "patients", "doctor", "doctors", "nurse", "clinic", "health", "medical"),
        *("medicine", "the", "and", "my", "our", "is"),
    }
)
"""The product and what it is for; those of the practices' names come to them."""


class NoWordsOfThePlace:
    """Refuses what is made of the words of the product and the practice alone, with digits and
    signs between them (ASVS 5.0, 6.1.2 and 6.2.11)."""

    def validate(self, password: str, user: User | None = None) -> None:
        """ValidationError where it is so."""
        words = re.findall(r"[^\W\d_]+", password.casefold())
        if words and set(words) <= OF_THE_PLACE | _names():
            raise ValidationError(
                _("This is made of words anybody would try here. Add some of your own."),
                code="words_of_the_place",
            )

    def get_help_text(self) -> str:
        """What the page says before."""
        return _("Not only words such as the practice's name.")


class NotBreached:
    """Refuses what is in the operator's file of breached passwords; without a file, nothing.

    The file is that of Have I Been Pwned, as its downloader writes it: a line for each SHA-1 in
    hexadecimal, sorted, with or without a count behind a colon. It is searched, never read whole,
    and nothing is asked over the network (ASVS 5.0, 6.2.12).
    """

    def validate(self, password: str, user: User | None = None) -> None:
        """ValidationError where it is listed."""
        place = settings.BREACHED_PASSWORDS
        if place and _listed(Path(place), password):
            raise ValidationError(
                _("This password is known from a theft elsewhere. Choose another, here and there."),
                code="breached",
            )

    def get_help_text(self) -> str:
        """What the page says before."""
        return _("Not one that became known by a theft elsewhere.")


def _names() -> set[str]:
    names = " ".join(Practice.objects.values_list("name", flat=True)).casefold()
    return set(re.findall(r"[^\W\d_]+", names))


def _listed(place: Path, password: str) -> bool:
    """SHA-1 is what the list is made of; it protects nothing here."""
    wanted = sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with place.open("rb") as file:
        if not place.stat().st_size:
            return False
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as lines:
            return _found(lines, wanted)


def _found(lines: mmap.mmap, wanted: bytes) -> bool:
    """Whether a line begins with it: halves the file until one line is left."""
    low, high = 0, len(lines)
    while low < high:
        begins = lines.rfind(b"\n", 0, (low + high) // 2) + 1
        ends = lines.find(b"\n", begins)
        ends = len(lines) if ends < 0 else ends
        held = lines[begins : begins + len(wanted)].upper()
        if held == wanted:
            return True
        low, high = (ends + 1, high) if held < wanted else (low, begins)
    return False
