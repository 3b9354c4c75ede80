"""The document with what one needs to read it: a ZIP of three files."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from functools import cache
from pathlib import Path

from lxml import etree

from wellpost.adapters.ccda.writer import STYLESHEET

DOCUMENT, PAGE = "record.xml", "record.html"


def as_page(document: bytes) -> bytes:
    """The document as an HTML page: what the stylesheet makes of it, for browsers without XSLT."""
    return bytes(_transform()(etree.fromstring(document)))


def packed(document: bytes, at: datetime) -> bytes:
    """A ZIP of the document, its stylesheet and the page; the same in, the same out."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (
            (DOCUMENT, document),
            (STYLESHEET, stylesheet()),
            (PAGE, as_page(document)),
        ):
            archive.writestr(_member(name, at), content)
    return file.getvalue()


@cache
def stylesheet() -> bytes:
    """The stylesheet that documents name."""
    return Path(__file__).with_name(STYLESHEET).read_bytes()


@cache
def _transform() -> etree.XSLT:
    ways = ("read_file", "write_file", "create_dir", "read_network", "write_network")
    nothing_else = etree.XSLTAccessControl(**dict.fromkeys(ways, False))
    return etree.XSLT(etree.fromstring(stylesheet()), access_control=nothing_else)


def _member(name: str, at: datetime) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name, at.timetuple()[:6])
    made.compress_type = zipfile.ZIP_DEFLATED
    made.external_attr = 0o644 << 16
    return made
