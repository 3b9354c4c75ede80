"""Forms in the CMS Design System: labels, hints, errors beside the field and summed up on top."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.forms.widgets import Widget

from wellpost.errors import DataRefusedError, RequestError

Made = TypeVar("Made")
Form = TypeVar("Form", bound=forms.Form)
BY_CHOICE = (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple)


class DesignSystem(DjangoTemplates):
    """Renders forms and fields with the templates of `ui/forms`."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"


class DressedField(BoundField):
    """A field whose widget carries the classes of the design system."""

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: Widget | None = None
    ) -> dict[str, Any]:
        """Django's own attributes and the class; one that is wrong is drawn so."""
        widget = widget or self.field.widget
        by_choice = isinstance(widget, BY_CHOICE)
        wrong = "" if by_choice or not self.errors else " ds-c-field--error"
        look = "ds-c-choice" if by_choice else f"ds-c-field{wrong}"
        return super().build_widget_attrs({"class": look, **attrs}, widget)


class PlainForm(forms.Form):
    """A form as every page shows it; browsers leave the checking, and the words, to us."""

    default_renderer = DesignSystem()  # one for all: each would compile the templates for itself
    bound_field_class = DressedField
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def attempt(self, deed: Callable[[], Made]) -> Made | None:
        """What the deed makes; None, and its words among the errors, where it is refused."""
        try:
            return deed()
        except (RequestError, DataRefusedError) as refusal:
            self.add_error(None, str(refusal))
            return None


class _Shared(dict[str, forms.Field]):
    """Fields that are not copied where Django copies those of a form, widgets and all."""

    def __deepcopy__(self, memo: object) -> dict[str, forms.Field]:
        """The fields themselves, in a mapping of the caller's own."""
        return dict(self)


def unchanging(form: type[Form]) -> type[Form]:
    """A form none of whose instances changes a field: all share them. The copies were an eighth
    of the work of sending a message.
    """
    form.base_fields = _Shared(form.base_fields)
    return form


class Day(forms.DateInput):
    """A day, picked or typed; written as the standard asks (2021-08-31)."""

    input_type = "date"

    def __init__(self, **attrs: str) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class OnceForm(PlainForm):
    """A form whose deed is done once, however often it is sent: its key is made with the page."""

    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class ManyFiles(forms.FileInput):
    """Lets one choose several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files; its value is a list of them."""

    widget = ManyFiles

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": ManyFiles(attrs={"multiple": True}), **kwargs})

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        """Each file checked as Django checks one."""
        chosen = data if isinstance(data, list | tuple) else [data] if data else []
        if not chosen:
            super().clean(None, initial)
        return [super(FilesField, self).clean(each, initial) for each in chosen]
