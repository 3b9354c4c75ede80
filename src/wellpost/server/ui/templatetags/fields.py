"""Fields of forms that are not ours (allauth's), drawn in the design system."""

from __future__ import annotations

from django import template
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

from wellpost.server.ui.forms import BY_CHOICE

register = template.Library()


@register.filter
def dressed(field: BoundField) -> SafeString:
    """The field's input with the classes of the design system."""
    by_choice = isinstance(field.field.widget, BY_CHOICE)
    wrong = " ds-c-field--error" if field.errors and not by_choice else ""
    attrs: dict[str, str | bool] = {
        "class": "ds-c-choice" if by_choice else f"ds-c-field{wrong}",
        "placeholder": "",
    }
    return field.as_widget(attrs=attrs)
