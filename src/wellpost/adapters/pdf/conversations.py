"""Conversations as PDF: each with its messages in order, who wrote them, and when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from wellpost.adapters.pdf.writer import as_pdf
from wellpost.reports.documents import Document, Made, Section


@dataclass(frozen=True)
class Said:
    """A message: who wrote it (and what they are), when, in words; the text; its files' names;
    `note`, such as that it was taken back.
    """

    who: str
    when: str
    text: str
    files: Sequence[str] = ()
    note: str = ""


@dataclass(frozen=True)
class Talk:
    """A conversation."""

    subject: str
    said: Sequence[Said]


@dataclass(frozen=True)
class Cover:
    """What stands on top: title, whose, kept by which practice."""

    title: str
    subtitle: str
    pairs: Sequence[tuple[str, str]]


def conversations_as_pdf(cover: Cover, talks: Iterable[Talk], made: Made) -> bytes:
    """The conversations on letter pages, with a structure for screen readers."""
    return as_pdf(document(cover, talks), made)


def document(cover: Cover, talks: Iterable[Talk]) -> Document:
    """The same as a report."""
    told = [section for talk in talks for section in _sections(talk)]
    about = Section("About this file", pairs=cover.pairs)
    return Document("conversations", cover.title, cover.subtitle, main=about, after=told)


def _sections(talk: Talk) -> Iterator[Section]:
    yield Section(talk.subject)
    for each in talk.said:
        yield Section(f"{each.who}, {each.when}", lines=list(_lines(each)), level=2)


def _lines(said: Said) -> Iterator[str]:
    if said.note:
        yield said.note
    yield from (line.strip() for line in said.text.splitlines() if line.strip())
    yield from (f"File: {name}" for name in said.files)
