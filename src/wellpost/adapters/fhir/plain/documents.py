"""Files and narratives as plain text: markup is read for its words and never passed on."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import chain

from wellpost.adapters.fhir.elements import Json, as_object, as_objects, text_of

from .entries import File
from .marking import gettext_noop as _

LONGEST_TEXT = 200_000
"""Characters of a file's text that are shown."""
LONGEST_NARRATIVE = 4_000
_TYPES = {"application/pdf": "PDF", "text/plain": _("Text"), "image": _("Picture")}
_TYPES |= {"text/html": _("Web page"), "text/rtf": _("Text"), "audio": _("Recording")}
_SILENT = frozenset({"script", "style", "head", "template", "object", "iframe"})


def attachments_of(resource: Json) -> list[Json]:
    """The files of a document, a report or a picture, in order."""
    content = resource.get("content")
    found = chain(
        (as_object(one.get("attachment")) for one in as_objects(content)),
        as_objects(resource.get("presentedForm")),
        [as_object(content)] if isinstance(content, dict) else [],
    )
    return [one for one in found if one]


def bytes_of(attachment: Json) -> bytes | None:
    """The file itself; None where it is not here, or is no Base64."""
    written = text_of(attachment, "data")
    try:
        return base64.b64decode(written, validate=True) if written else None
    except (binascii.Error, ValueError):
        return None


def files_of(resource: Json) -> Iterator[File]:
    """Each attached file with what it is, and its words where it is plain text."""
    for one in attachments_of(resource):
        kind = text_of(one, "contentType")
        plain = kind.partition(";")[0].strip().lower() == "text/plain"
        yield File(
            title=text_of(one, "title") or _called(kind),
            content_type=kind,
            address=text_of(one, "url"),
            text=_text(one) if plain else "",
            is_here=bool(text_of(one, "data")),
        )


def _called(content_type: str) -> str:
    kind = content_type.partition(";")[0].strip().lower()
    return _TYPES.get(kind) or _TYPES.get(kind.partition("/")[0], kind)


def _text(attachment: Json) -> str:
    written = (bytes_of(attachment) or b"")[: 4 * LONGEST_TEXT]
    return written.decode("utf-8", "replace").replace("\0", "").strip()[:LONGEST_TEXT]


def narrative_of(resource: Json) -> str:
    """The words of a resource's narrative, without any of its markup."""
    reader = _Words()
    reader.feed(text_of(as_object(resource.get("text")), "div")[: 10 * LONGEST_NARRATIVE])
    reader.close()
    return " ".join("".join(reader.words).split())[:LONGEST_NARRATIVE]


class _Words(HTMLParser):
    """Gathers what is said between tags, but for what no reader sees."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Go silent inside a script and the like; a tag parts words."""
        self._silent += tag in _SILENT
        self.words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        """Speak again."""
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        self.words.append(" ")

    def handle_data(self, data: str) -> None:
        """Take the words."""
        if not self._silent:
            self.words.append(data)
