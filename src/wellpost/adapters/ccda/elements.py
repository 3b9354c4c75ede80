"""CDA elements from the texts of FHIR: cleaned, so that whatever stood there can be written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from uuid import NAMESPACE_URL, UUID, uuid5

from wellpost.adapters.fhir.elements import Json
from wellpost.adapters.qrda3.elements import LOINC, NAMES, SNOMED, XSI, Element
from wellpost.adapters.qrda3.elements import element as _element

__all__ = ["LOINC", "NAMES", "SNOMED", "XSI", "Element", "element", "identifier", "typed"]

SDTC = "urn:hl7-org:sdtc"
CCDA = "2.16.840.1.113883.10.20.22"
ACT_CLASS = "2.16.840.1.113883.5.6"
ACT_CODE = "2.16.840.1.113883.5.4"
NPI = "2.16.840.1.113883.4.6"

NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """The text without the characters that XML has no place for."""
    return NOT_IN_XML.sub("", text)


def element(
    name: str, *children: Element | None, text: str | None = None, **attributes: str | None
) -> Element:
    """A CDA element; children and attributes that are None are left out."""
    given = {key: clean(value) for key, value in attributes.items() if value is not None}
    wanted = [child for child in children if child is not None]
    return _element(name, *wanted, text=None if text is None else clean(text), **given)


def typed(name: str, kind: str, *children: Element | None, **attributes: str | None) -> Element:
    """An element that says its data type, as `value` must."""
    made = element(name, *children, **attributes)
    made.set(f"{{{XSI}}}type", kind)
    return made


def templates(root: str, *extensions: str) -> list[Element]:
    """What an entry conforms to: the template of C-CDA 1.1 and its newer versions.

    `root` is the part behind C-CDA's own: `4.3` stands for 2.16.840.1.113883.10.20.22.4.3.
    """
    whole = f"{CCDA}.{root}"
    newer = [element("templateId", root=whole, extension=each) for each in extensions]
    return [element("templateId", root=whole), *newer]


def newer_template(root: str, extension: str) -> list[Element]:
    """A template that C-CDA 1.1 did not have yet."""
    return [element("templateId", root=f"{CCDA}.{root}", extension=extension)]


def identifier(resource: Json, part: object = "") -> Element:
    """The `id` of what a resource says: its own where that is a UUID, else one made of it."""
    name = str(resource.get("id", ""))
    try:
        root = UUID(name) if not part else None
    except ValueError:
        root = None
    named = f"urn:{resource.get('resourceType')}/{name}/{part}"
    return element("id", root=str(root or uuid5(NAMESPACE_URL, named)))


def status(code: str) -> Element:
    """A `statusCode`."""
    return element("statusCode", code=code)


def said_in(row: str) -> Element:
    """The `text` of an entry: where the narrative says it."""
    return element("text", element("reference", value=f"#{row}"))


def loinc(name: str, code: str, display: str, *children: Element) -> Element:
    """A code of LOINC."""
    return element(name, *children, code=code, codeSystem=LOINC, displayName=display)


def snomed(name: str, code: str, display: str, *children: Element) -> Element:
    """A code of SNOMED CT."""
    return element(name, *children, code=code, codeSystem=SNOMED, displayName=display)


def first(values: object) -> Json:
    """The first object of a list, else an empty one."""
    if isinstance(values, Iterable) and not isinstance(values, str | dict):
        return next((each for each in values if isinstance(each, dict)), {})
    return {}
