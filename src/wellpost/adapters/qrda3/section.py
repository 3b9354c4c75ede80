"""The Promoting Interoperability section: each measure with its counts or its answer."""

from __future__ import annotations

from wellpost.adapters.qrda3.editions import (
    ANSWER,
    COUNT,
    DENOMINATOR,
    MEASURE_IDENTIFIER,
    MEASURE_REFERENCE,
    MEASURE_SECTION,
    NUMERATOR,
    PARAMETERS,
    PERFORMED,
    PROPORTION,
    RATE,
    SECTION,
    Edition,
)
from wellpost.adapters.qrda3.elements import (
    ACT_CODE,
    LOINC,
    SNOMED,
    Element,
    days,
    element,
    identified,
    template,
    value,
)
from wellpost.adapters.qrda3.sender import Sender
from wellpost.reports.submission import Measurement, Proportion, Submission

SINCE_2016 = "2016-09-01"
SINCE_2017 = "2017-06-01"
COLUMNS = ("Measure", "Identifier", "Numerator", "Denominator", "Answer")
YES_OR_NO = "2.16.840.1.113883.12.136"


def section(submission: Submission, edition: Edition, sender: Sender) -> Element:
    """The section, with a table for people and an entry for each measure and the period."""
    return element(
        "section",
        template(MEASURE_SECTION),
        template(SECTION, edition.section),
        element("code", code="55186-1", codeSystem=LOINC, displayName="Measure Section"),
        element("title", text="Measure Section"),
        _table(submission),
        *(element("entry", each) for each in _organizers(submission, sender)),
        element("entry", _parameters(submission, edition, sender), typeCode="DRIV"),
    )


def _organizers(submission: Submission, sender: Sender) -> list[Element]:
    return [_organizer(submission, each, sender) for each in submission.measurements]


def _table(submission: Submission) -> Element:
    heads = element("tr", *(element("th", text=name) for name in COLUMNS))
    rows = [_row(submission, each) for each in submission.measurements]
    return element("text", element("table", element("thead", heads), element("tbody", *rows)))


def _row(submission: Submission, measurement: Measurement) -> Element:
    title, answer = submission.measure(measurement).title, measurement.value
    if isinstance(answer, bool):
        cells = ("", "", "Yes" if answer else "No")
    else:
        cells = (str(answer.numerator), str(answer.denominator), "")
    return element(
        "tr", *(element("td", text=cell) for cell in (title, measurement.identifier, *cells))
    )


def _organizer(submission: Submission, measurement: Measurement, sender: Sender) -> Element:
    counted = not isinstance(measurement.value, bool)
    conforms = template(PROPORTION, SINCE_2017) if counted else template(PERFORMED, SINCE_2016)
    return element(
        "organizer",
        template(MEASURE_REFERENCE),
        conforms,
        element("id", root=sender.identifier("measure", submission, measurement.identifier)),
        element("statusCode", code="completed"),
        _reference(submission, measurement),
        *(element("component", each) for each in _results(measurement.value)),
        classCode="CLUSTER",
        moodCode="EVN",
    )


def _reference(submission: Submission, measurement: Measurement) -> Element:
    document = element(
        "externalDocument",
        identified("id", MEASURE_IDENTIFIER, measurement.identifier),
        element("text", text=submission.measure(measurement).title),
        classCode="DOC",
        moodCode="EVN",
    )
    return element("reference", document, typeCode="REFR")


def _results(answer: Proportion | bool) -> list[Element]:
    if isinstance(answer, bool):
        return [_answer(answer)]
    counts = [
        _counted(NUMERATOR, "NUMER", answer.numerator),
        _counted(DENOMINATOR, "DENOM", answer.denominator),
    ]
    return [_rate(answer), *counts] if answer.denominator else counts


def _answer(yes: bool) -> Element:
    code, says = ("Y", "Yes") if yes else ("N", "No")
    said = value("CD", code=code, codeSystem=YES_OR_NO, displayName=says)
    return _observation(template(ANSWER, SINCE_2016), _assertion(), said)


def _rate(answer: Proportion) -> Element:
    code = element("code", code="72510-1", codeSystem=LOINC, displayName="Performance Rate")
    # A rate is for showing; the counts beside it are what CMS reads.
    share = value("REAL", value=f"{answer.numerator / answer.denominator:.6f}")
    return _observation(template(RATE, SINCE_2016), code, share)


def _counted(kind: str, code: str, patients: int) -> Element:
    said = value("CD", code=code, codeSystem=ACT_CODE, codeSystemName="ActCode")
    aggregate = element("code", code="MSRAGG", codeSystem=ACT_CODE, displayName="rate aggregation")
    count = _observation(template(COUNT), aggregate, value("INT", value=str(patients)))
    count.append(element("methodCode", code="COUNT", codeSystem="2.16.840.1.113883.5.84"))
    observed = _observation(template(kind, SINCE_2016), _assertion(), said)
    observed.append(element("entryRelationship", count, typeCode="SUBJ", inversionInd="true"))
    return observed


def _observation(conforms: Element, code: Element, said: Element) -> Element:
    status = element("statusCode", code="completed")
    return element("observation", conforms, code, status, said, classCode="OBS", moodCode="EVN")


def _assertion() -> Element:
    return element("code", code="ASSERTION", codeSystem=ACT_CODE, displayName="Assertion")


def _parameters(submission: Submission, edition: Edition, sender: Sender) -> Element:
    """The Reporting Parameters Act: the performance period."""
    start, end = submission.period.start, submission.period.end
    return element(
        "act",
        template(PARAMETERS, edition.parameters),
        element("id", root=sender.identifier("period", submission.period)),
        element("code", code="252116004", codeSystem=SNOMED, displayName="Observation Parameters"),
        days(start.strftime("%Y%m%d"), end.strftime("%Y%m%d")),
        classCode="ACT",
        moodCode="EVN",
    )
