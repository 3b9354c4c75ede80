"""What lies in a packet, file by file; made again from frozen facts it must be the same bytes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from wellpost.adapters.csv.writer import harmless
from wellpost.reports.about import policies_line
from wellpost.reports.asked import as_asked
from wellpost.reports.attestation import Attestation
from wellpost.reports.evidence import Listed
from wellpost.reports.scorecard import Scorecard
from wellpost.rules.describe import statements
from wellpost.terms import spoken

FORMAT = "wellpost-packet-2"
FACTS, RULES, MEASURES = "facts/", "rules/", "measures/"
COMPUTED = ("results.json", "counted.json", "patients.csv", "acts.csv")
"""The files that a recomputation must give again."""

README = """\
Audit packet of {product}: {program} {year}, {period}.
Attested by {by}, {at}.

report.pdf         everything, for reading
attestation.json   who attested what and when, policies, exclusions, changes by hand
results.json       every measure as attested; counted.json: as the facts give it
patients.csv       every patient of each denominator, whether and why each counts
acts.csv           every act that counts
names.json         names of clinicians, practices and patients, where known
law.json           what the law asks, with its sources
facts/             the rows that the numbers rest on; rules/ and measures/: how they are counted
manifest.json      the SHA-256 of every file; manifest.sig: its signature

To check it:             wellpost packet verify FILE.zip
To compute it again:     wellpost packet recompute FILE.zip
Without Wellpost:        unpack it; then
    openssl dgst -sha256 -verify public-key.pem -signature manifest.sig manifest.json
    sha256sum FILE, and compare with manifest.json
"""


def contents(attestation: Attestation) -> dict[str, bytes]:
    """Every file but the PDF and what signs them."""
    names = attestation.names
    return {
        "README.txt": _readme(attestation),
        "attestation.json": as_json(_attested(attestation)),
        "law.json": as_json([each.as_json() for each in statements(attestation.request.rules)]),
        "names.json": as_json({name: dict(held) for name, held in vars(names).items()}),
        **computed(attestation.counted, attestation.card, attestation.listed),
        **{f"{FACTS}{name}.csv": rows for name, rows in attestation.facts.items()},
        **{f"{RULES}{name}": text.encode() for name, text in attestation.rules.items()},
        **{f"{MEASURES}{name}": text.encode() for name, text in attestation.measures.items()},
    }


def computed(counted: Scorecard, card: Scorecard, listed: Iterable[Listed]) -> dict[str, bytes]:
    """The files that follow from the facts, the rules and the measures."""
    every = list(listed)
    lines = [each.as_json() for each in every]
    return {
        "results.json": as_json(card.as_json()),
        "counted.json": as_json(counted.as_json()),
        "patients.csv": _csv(lines, PATIENT_COLUMNS),
        "acts.csv": _csv(_acts(every, lines), ACT_COLUMNS),
    }


REPORTER = ("measure", "level", "npi", "tin", "virtual_group", "patient_id")
PATIENT_COLUMNS = (
    *REPORTER,
    "in_numerator",
    "first_seen_on",
    "last_seen_on",
    "counted_on",
    "act",
    "act_id",
    "act_npi",
    "reason",
)
ACT_COLUMNS = (*REPORTER, "act", "act_id", "happened_on", "counted_on", "act_npi")


def as_json(value: object) -> bytes:
    """Canonical: two spaces, keys as they come, UTF-8, a line end."""
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def attested_of(members: Mapping[str, bytes]) -> dict[str, Any]:
    """The attestation that a packet holds."""
    found: dict[str, Any] = json.loads(members["attestation.json"])
    return found


def part(members: Mapping[str, bytes], folder: str, ending: str = "") -> dict[str, bytes]:
    """The members of a folder by their names inside it."""
    return {
        name.removeprefix(folder).removesuffix(ending): data
        for name, data in members.items()
        if name.startswith(folder)
    }


def _readme(attestation: Attestation) -> bytes:
    request = attestation.request
    return README.format(
        product=attestation.product,
        program=request.rules.name,
        year=request.rules.year,
        period=request.period,
        by=attestation.by,
        at=_moment(attestation),
    ).encode()


def _attested(attestation: Attestation) -> dict[str, object]:
    request = attestation.request
    return {
        "format": FORMAT,
        "product": attestation.product,
        "attested_by": attestation.by,
        "attested_at": _moment(attestation),
        "title": request.rules.program.title,
        **request.as_json(),
        "policies_line": policies_line(request),
        "exclusions": [each.as_json() for each in attestation.grounds],
        "checked": {
            spoken(rule.measure): {"cite": rule.cite, "checked": str(rule.checked)}
            for rule in request.measures
        },
        "asked": as_asked(request),
    }


def _moment(attestation: Attestation) -> str:
    return f"{attestation.at:%Y-%m-%dT%H:%M:%SZ}"


def _acts(
    listed: Iterable[Listed], lines: Iterable[Mapping[str, object]]
) -> Iterator[dict[str, object]]:
    """A line for every act that counts, beginning like its patient's."""
    for each, line in zip(listed, lines, strict=True):
        for act in each.counting:
            yield {
                **{name: line.get(name) for name in REPORTER},
                "act": act.what,
                "act_id": act.identifier,
                "happened_on": act.on,
                "counted_on": act.counted_on,
                "act_npi": act.npi,
            }


def _csv(lines: Iterable[Mapping[str, object]], columns: tuple[str, ...]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(line.get(name)) for name in columns] for line in lines)
    return text.getvalue().encode()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return harmless(str(value))
