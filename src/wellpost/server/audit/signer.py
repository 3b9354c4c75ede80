"""Who signs checkpoints: a key outside the database, behind the setting AUDIT_SIGNER."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.core.signals import setting_changed
from django.utils.module_loading import import_string

from wellpost.ledger.notes import Signer


@lru_cache(maxsize=1)
def signer() -> Signer:
    """The signer that the settings name."""
    made: Signer = import_string(settings.AUDIT_SIGNER)()
    return made


def _forget(*, setting: str, **_: object) -> None:
    if setting in {"AUDIT_SIGNER", "KEY_PROVIDER", "HOME"}:
        signer.cache_clear()


setting_changed.connect(_forget)
