"""The text of a section: a table that a person reads, each line with a name entries refer to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wellpost.adapters.ccda.elements import Element, element
from wellpost.adapters.fhir.elements import Json
from wellpost.adapters.fhir.plain import Entry

NOTHING = "Nothing is written down here."


@dataclass(frozen=True)
class Line:
    """One resource, where the text says it (`row`), and in plain words."""

    row: str
    resource: Json
    says: Entry


def table(lines: Sequence[Line]) -> Element:
    """The `text` of a section, the latest first as given."""
    if not lines:
        return element("text", element("paragraph", text=NOTHING))
    titles = ("When", "What", "Details")
    head = element("tr", *(element("th", text=each) for each in titles))
    body = element("tbody", *(_row(each) for each in lines))
    return element("text", element("table", element("thead", head), body, border="1", width="100%"))


def _row(line: Line) -> Element:
    on = line.says.on.isoformat() if line.says.on else ""
    name = element("content", text=line.says.title, ID=f"{line.row}n")
    return element(
        "tr",
        element("td", text=on),
        element("td", name),
        element("td", *_details(line)),
        ID=line.row,
    )


def _details(line: Line) -> Iterator[Element]:
    """Labels and what they stand for, one below the other; then what was written."""
    for label, text in line.says.facts:
        made = element("content", text=f"{label}: ", styleCode="Bold")
        made.tail = text_after(text)
        yield from (made, element("br"))
    for each in paragraphs(line.says):
        yield element("paragraph", text=each)


def paragraphs(says: Entry) -> Iterator[str]:
    """The lines of the files that are text, and of what was written beside."""
    for text in (*(file.text for file in says.files), says.note):
        yield from filter(None, (line.strip() for line in text.splitlines()))


def text_after(text: str) -> str:
    """A text that stands between elements."""
    return element("any", text=text).text or ""
