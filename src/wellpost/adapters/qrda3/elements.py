"""CDA elements: built one by one, never from pasted text."""

from __future__ import annotations

from typing import Any

from lxml import etree

CDA = "urn:hl7-org:v3"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
NAMES: Any = {None: CDA, "xsi": XSI}

ACT_CODE = "2.16.840.1.113883.5.4"
LOINC = "2.16.840.1.113883.6.1"
SNOMED = "2.16.840.1.113883.6.96"

Element = etree._Element


def element(name: str, *children: Element, text: str | None = None, **attributes: str) -> Element:
    """A CDA element; attributes are named as in CDA."""
    made = etree.Element(f"{{{CDA}}}{name}", nsmap=NAMES)
    for key, value in attributes.items():
        made.set(key, value)
    made.text = text
    made.extend(children)
    return made


def template(root: str, extension: str | None = None) -> Element:
    """A template the parent claims to conform to."""
    return identified("templateId", root, extension)


def identified(name: str, root: str, extension: str | None = None) -> Element:
    """An `id` or `templateId`."""
    made = element(name, root=root)
    if extension is not None:
        made.set("extension", extension)
    return made


def value(kind: str, **attributes: str) -> Element:
    """A `value` of a CDA data type."""
    made = element("value", **attributes)
    made.set(f"{{{XSI}}}type", kind)
    return made


def days(low: str, high: str) -> Element:
    """An `effectiveTime` from one day to another, both counted."""
    return element("effectiveTime", element("low", value=low), element("high", value=high))
