"""The header of a QRDA III document: what it is, who made it, who reports."""

from __future__ import annotations

from collections.abc import Iterator

from wellpost.adapters.qrda3.editions import (
    CERTIFICATION,
    CMS_PROGRAM,
    CMS_REPORT,
    NPI,
    PROGRAM_NAMES,
    REPORT,
    TIN,
    VIRTUAL_GROUP,
    Edition,
)
from wellpost.adapters.qrda3.elements import (
    LOINC,
    SNOMED,
    Element,
    element,
    identified,
    template,
)
from wellpost.adapters.qrda3.sender import SOFTWARE, Sender
from wellpost.reports.submission import Submission
from wellpost.terms import Reporter

TITLE = "Quality Reporting Document Architecture Calculated Summary Report"


def header(submission: Submission, edition: Edition, sender: Sender) -> Iterator[Element]:
    """Everything before the body, in the order of the CDA schema."""
    yield from _what(edition, sender, submission)
    yield element("recordTarget", element("patientRole", element("id", nullFlavor="NA")))
    yield _author(submission, sender)
    yield _custodian(submission, sender)
    yield _recipient(submission)
    yield _authenticator(submission, sender)
    if submission.certification is not None:
        yield _product(submission.certification)
    yield _reporter(submission.entity, sender)


def _what(edition: Edition, sender: Sender, submission: Submission) -> Iterator[Element]:
    yield element("realmCode", code="US")
    yield identified("typeId", "2.16.840.1.113883.1.3", "POCD_HD000040")
    yield template(REPORT, edition.report)
    yield template(CMS_REPORT, edition.cms_report)
    yield element("id", root=sender.identifier("document", submission))
    yield element("code", code="55184-6", codeSystem=LOINC, displayName=TITLE)
    yield element("title", text=f"QRDA Category III, performance year {submission.year}")
    yield element("effectiveTime", value=sender.moment)
    yield element("confidentialityCode", code="N", codeSystem="2.16.840.1.113883.5.25")
    yield element("languageCode", code="en")


def _author(submission: Submission, sender: Sender) -> Element:
    device = element("assignedAuthoringDevice", element("softwareName", text=SOFTWARE))
    assigned = element(
        "assignedAuthor",
        element("id", root=sender.identifier("software", SOFTWARE)),
        device,
        _practice("representedOrganization", submission.entity, sender),
    )
    return element("author", element("time", value=sender.moment), assigned)


def _custodian(submission: Submission, sender: Sender) -> Element:
    keeper = _practice("representedCustodianOrganization", submission.entity, sender)
    return element("custodian", element("assignedCustodian", keeper))


def _recipient(submission: Submission) -> Element:
    program = identified("id", CMS_PROGRAM, PROGRAM_NAMES[submission.kind])
    return element("informationRecipient", element("intendedRecipient", program))


def _authenticator(submission: Submission, sender: Sender) -> Element:
    assigned = element(
        "assignedEntity",
        element("id", root=sender.identifier("authenticator")),
        _practice("representedOrganization", submission.entity, sender),
    )
    return element(
        "legalAuthenticator",
        element("time", value=sender.moment),
        element("signatureCode", code="S"),
        assigned,
    )


def _product(certification: str) -> Element:
    """The certified product, by the id that CMS gave to it."""
    device = element(
        "associatedEntity",
        identified("id", CERTIFICATION, certification),
        element("code", code="129465004", codeSystem=SNOMED, displayName="medical record, device"),
        classCode="RGPR",
    )
    return element("participant", device, typeCode="DEV")


def _reporter(entity: Reporter, sender: Sender) -> Element:
    assigned = element(
        "assignedEntity", _npi(entity), _practice("representedOrganization", entity, sender)
    )
    performer = element("performer", assigned, typeCode="PRF")
    return element(
        "documentationOf",
        element("serviceEvent", performer, classCode="PCPR"),
        typeCode="DOC",
    )


def _npi(entity: Reporter) -> Element:
    """Of a group the guide asks for an npi that says it does not apply."""
    if entity.npi is None:
        return element("id", root=NPI, nullFlavor="NA")
    return identified("id", NPI, entity.npi)


def _practice(name: str, entity: Reporter, sender: Sender) -> Element:
    if entity.virtual_group is not None:
        number = identified("id", VIRTUAL_GROUP, entity.virtual_group)
    else:
        number = identified("id", TIN, entity.tin)
    return element(name, number, element("name", text=sender.practice))
