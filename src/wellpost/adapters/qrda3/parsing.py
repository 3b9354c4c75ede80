"""XML of strangers parsed without harm: no entities, no network, no document type, no depth."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lxml import etree

from wellpost.adapters.qrda3.elements import CDA, Element
from wellpost.adapters.sized import read_sized
from wellpost.errors import DataRefusedError

KIND = "a QRDA III file"


def parsed(path: Path) -> Element:
    """The root of the file; DataRefusedError says at which line it is no QRDA III."""
    content = read_sized(path, KIND)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
        raise DataRefusedError(
            f"{path.name}:{line}: this is not well-formed XML ({_reason(error)}); "
            "a QRDA III file is a CDA document."
        ) from None
    _refuse_foreign(root, path.name)
    return root


def _refuse_foreign(root: Element, file: str) -> None:
    if _declares(root):
        raise DataRefusedError(
            f"{file}: it declares a document type or entities, which {KIND} never has; "
            "nothing was read from it."
        )
    if root.tag != f"{{{CDA}}}ClinicalDocument":
        raise DataRefusedError(
            f"{file}:{root.sourceline}: it begins with {etree.QName(root).localname}; "
            f"{KIND} begins with ClinicalDocument of namespace {CDA}."
        )


def _declares(root: Element) -> bool:
    """Whether anything like <!DOCTYPE …> stands before the root."""
    info: Any = root.getroottree().docinfo
    return bool(info.doctype) or info.internalDTD is not None


def _reason(error: etree.XMLSyntaxError) -> str:
    return str(error.msg or "no XML at all").partition(", line ")[0]
