"""To whom a patient can write."""

from __future__ import annotations

from wellpost.server.routing.recipients import clinicians_for

__all__ = ["clinicians_for"]
