"""Where the key-encryption keys live: outside the database, behind four verbs."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple, Protocol

from django.conf import settings
from django.core.signals import setting_changed
from django.utils.module_loading import import_string

from wellpost.errors import WellpostError


class KeyProviderError(WellpostError):
    """The key store is missing, unreadable or open to others."""


class Wrapped(NamedTuple):
    """A secret, wrapped, and the identifier of the key-encryption key that did it."""

    key_id: str
    data: bytes


class KeyProvider(Protocol):
    """Wraps and unwraps small secrets. `context` must be the same both times."""

    def key_in_force(self) -> str:
        """The identifier of the key that wraps now; made when there is none yet."""

    def renew(self) -> str:
        """Put a new key in force; the older ones still unwrap. Its identifier. RequestError,
        saying what to do, where this place makes no keys by itself.
        """

    def wrap(self, secret: bytes, context: bytes) -> Wrapped:
        """The secret, wrapped under the key in force."""

    def unwrap(self, wrapped: Wrapped, context: bytes) -> bytes:
        """The secret; TamperedError when it or the context is not what it was."""


@lru_cache(maxsize=1)
def provider() -> KeyProvider:
    """The provider that the setting KEY_PROVIDER names; by default files in the home."""
    made: KeyProvider = import_string(settings.KEY_PROVIDER)()
    return made


def _forget(*, setting: str, **_: object) -> None:
    if setting == "HOME" or setting.startswith(("KEY_", "KMS_")):
        provider.cache_clear()


setting_changed.connect(_forget)
