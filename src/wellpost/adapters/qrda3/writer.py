"""A submission as a QRDA Category III document, valid by CMS's guide of its performance year."""

from __future__ import annotations

from lxml import etree

from wellpost.adapters.qrda3.editions import PROGRAM_NAMES, edition
from wellpost.adapters.qrda3.elements import Element, element
from wellpost.adapters.qrda3.header import header
from wellpost.adapters.qrda3.section import section
from wellpost.adapters.qrda3.sender import Sender
from wellpost.errors import DataRefusedError
from wellpost.reports.submission import Submission, refuse_made_up


def write_qrda3(submission: Submission, sender: Sender) -> bytes:
    """The document in UTF-8.

    DataRefusedError when the npi is made up, or the guide of the year knows no such entity
    (virtual groups are in it from 2019).
    """
    refuse_made_up(submission.entity)
    _refuse_unknown_entity(submission)
    return etree.tostring(
        document(submission, sender), xml_declaration=True, encoding="UTF-8", pretty_print=True
    )


def document(submission: Submission, sender: Sender) -> Element:
    """The document as a tree."""
    of_year = edition(submission.year)
    body = element("structuredBody", element("component", section(submission, of_year, sender)))
    return element(
        "ClinicalDocument",
        *header(submission, of_year, sender),
        element("component", body),
    )


def _refuse_unknown_entity(submission: Submission) -> None:
    program, known = PROGRAM_NAMES[submission.kind], edition(submission.year).programs
    if program not in known:
        raise DataRefusedError(
            f"QRDA III of {submission.year} has no {submission.kind.replace('-', ' ')} "
            f"(its CMS programs are {' and '.join(known)}); submit QPP JSON."
        )
