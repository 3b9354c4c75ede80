"""HL7 v2 messages as a registration system writes them, told what differs from the usual."""

from __future__ import annotations

from itertools import count

from wellpost.facts.identifiers import make_npi, make_tin

_NUMBERS = count(1)
CHEN = f"{make_npi('chen')}^Chen^Ann^^^Dr^^^NPI&2.16.840.1.113883.4.6&ISO^L^^^NPI"


def adt(
    event: str,
    *,
    number: str = "",
    at: str = "20210830120000-0400",
    patient: str = "17^^^NORTH^MR",
    name: str = "Cole^Cora^^^^^L",
    born: str = "19900102",
    visit: str | None = "V1^^^NORTH",
    clinician: str = CHEN,
    kind: str = "O",
    admitted: str = "20210830113000-0400",
    place: str = make_tin("north"),
    prior: str = "",
    head: str = "P|2.5.1",
    rest: str = "",
) -> bytes:
    """One ADT message; `head` is MSH-11 and what follows it, `rest` more segments."""
    number = number or f"m{next(_NUMBERS)}"
    facility = place if prior or visit is None else ""
    lines = [
        f"MSH|^~\\&|REG|NORTHGEN|WELLPOST|{facility}|{at}||ADT^{event}|{number}|{head}",
        f"EVN|{event}|{at}",
        f"PID|1||{patient}||{name}||{born}|F|||1 Main St^^Bangor^ME^04401||207-555-0100",
    ]
    if prior:
        lines.append(f"MRG|{prior}")
    elif visit is not None:
        before = f"PV1|1|{kind}|DESK^^^{place}||||{clinician}"
        lines.append(f"{before}||||||||||||{visit}{'|' * 25}{admitted}")
    return ("\r".join([*lines, rest]) if rest else "\r".join(lines)).encode() + b"\r"
