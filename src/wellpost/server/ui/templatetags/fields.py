"""Fields of forms that are not ours (allauth's), drawn in the design system."""

from __future__ import annotations

from django import template
from django.forms.boundfield import BoundField
from django.forms.widgets import CheckboxInput
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def dressed(field: BoundField) -> SafeString:
    """The field's input with the classes, states and links to hint and error that it needs."""
    by_choice = isinstance(field.field.widget, CheckboxInput)
    wrong = " ds-c-field--error" if field.errors and not by_choice else ""
    attrs = {"class": "ds-c-choice" if by_choice else f"ds-c-field{wrong}", "placeholder": ""}
    if described_by := field.aria_describedby:
        attrs["aria-describedby"] = described_by
    return field.as_widget(attrs=attrs)
