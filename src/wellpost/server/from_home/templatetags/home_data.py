"""What is stored of data from home, as people call it."""

from __future__ import annotations

from django import template

from ..kinds import LABELS

register = template.Library()


@register.filter
def kind_label(kind: str) -> str:
    """`blood_pressure` as `Blood pressure`."""
    return str(LABELS.get(kind, kind))
