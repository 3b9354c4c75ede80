"""Office files: packed XML. Looked into part by part, within limits; nothing of it is carried out.

ECMA-376 (docx, xlsx, pptx) and OASIS OpenDocument (odt, ods, odp). Refused: macros and what else
can be run, templates and objects fetched from elsewhere, parts that cannot be read for a password,
and archives that unpack to more than a document can be.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from typing import IO

from lxml import etree

from .errors import DamagedError, FileRefusedError
from .reading import PIECE

MOST_PARTS = 5_000
MOST_UNPACKED = 256 * 1024 * 1024
MOST_XML = 4 * 1024 * 1024
RUNNABLE = re.compile(
    r"(?i)(vba(project|data)|macrosheets/|activex|(^|/)(basic|scripts)/|embeddings/.*\.bin$"
    r"|\.(exe|dll|js|vbs|ps1|bat|cmd|com|scr|jar|hta|lnk|msi)$)"
)
FETCHED = ("attachedtemplate", "oleobject", "frame", "subdocument", "externallink", "package")
MACROS = (
    "holds macros or other programs, which cannot be sent. Save it without macros (as .docx, "
    ".xlsx, .pptx or PDF), then send that."
)
FETCHES = "loads parts of itself from elsewhere. Save it as a PDF, then send that."
LOCKED = "is locked with a password. Save it without one, then send it: what is sent is encrypted."
TOO_MUCH = "unpacks to more than a document can hold. Send it in parts, or as a PDF."


def check(file: IO[bytes]) -> None:
    """FileRefusedError for an office file that should not be opened by anybody."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            _check_size(archive)
            _check_names(archive)
            _check_said(archive)
            _check_content(archive)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, EOFError):
        raise DamagedError from None
    except etree.XMLSyntaxError:
        raise DamagedError from None


def _check_size(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if any(each.flag_bits & 1 for each in parts):
        raise FileRefusedError(LOCKED)
    if len(parts) > MOST_PARTS or sum(each.file_size for each in parts) > MOST_UNPACKED:
        raise FileRefusedError(TOO_MUCH)


def _check_names(archive: zipfile.ZipFile) -> None:
    if any(RUNNABLE.search(each.filename) for each in archive.infolist()):
        raise FileRefusedError(MACROS)


def _check_said(archive: zipfile.ZipFile) -> None:
    """What the archive says of its own parts."""
    for part in archive.infolist():
        if part.filename == "[Content_Types].xml" and _mentions_macros(archive, part):
            raise FileRefusedError(MACROS)
        if part.filename == "META-INF/manifest.xml" and _is_locked(archive, part):
            raise FileRefusedError(LOCKED)
        if part.filename.endswith(".rels") and _fetches(archive, part):
            raise FileRefusedError(FETCHES)


def _check_content(archive: zipfile.ZipFile) -> None:
    """Every part unpacks to just what was announced; nothing of it is kept."""
    for part in archive.infolist():
        with archive.open(part) as content:
            while content.read(PIECE):
                pass


def _mentions_macros(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    told = (each.get("ContentType", "").lower() for each in _parsed(archive, part).iter("*"))
    return any("macroenabled" in each or "vbaproject" in each for each in told)


def _is_locked(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    return next(_parsed(archive, part).iter("{*}encryption-data"), None) is not None


def _fetches(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    for each in _parsed(archive, part).iter("{*}Relationship"):
        kind = each.get("Type", "").rsplit("/", 1)[-1].lower()
        if each.get("TargetMode", "").lower() == "external" and kind in FETCHED:
            return True
    return False


def _parsed(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> etree._Element:
    if part.file_size > MOST_XML:
        raise FileRefusedError(TOO_MUCH)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(archive.read(part), parser)
