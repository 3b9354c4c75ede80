"""From the bytes of one message to what it says; or the reason why it is refused."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import cast

from .fields import (
    address_of,
    county_of,
    email_of,
    identifiers,
    moment_of,
    name_of,
    npis_of,
    phone_of,
    short,
    system_of,
)
from .mapping import CLASSES, EVENTS, NO_VISIT, SEXES, VERSIONS, Event
from .refusal import MessageRefusedError, Where, of_length
from .segments import NULL, Segment, segments
from .values import (
    Admission,
    Condition,
    Effect,
    Header,
    Identifier,
    Merge,
    Message,
    Moment,
    Person,
    Place,
    Visit,
)

CONDITIONS = frozenset({"AL", "NE", "ER", "SU"})


def read_header(block: bytes) -> Header:
    """The head of a message; MessageRefusedError when there is none that can be read."""
    return _header(segments(block)[0])


def read(block: bytes, *, test_messages: bool = False) -> Message:
    """What the message says. `test_messages`: those that say they are tests (MSH-11) are read too.

    MessageRefusedError says where what is wrong; none names the patient.
    """
    held = segments(block)
    header = _header(held[0])
    _check(header, test_messages)
    sent = moment_of(held[0], 7)
    event = _only(held, "EVN")
    recorded = moment_of(event, 2, sent) if event else None
    deeds = tuple(_deeds(header, held, event, sent))
    return Message(header, deeds, tuple(_places(held)), recorded or sent, _digest(held))


def _header(segment: Segment) -> Header:
    def two(number: int) -> tuple[str, str]:
        return segment.text(number)[:100], segment.text(number + 1)[:99]

    accept, application = (segment.text(number) for number in (15, 16))
    return Header(
        sending=two(3),
        receiving=two(5),
        kind=segment.text(9),
        event=segment.text(9, 2),
        control_id=segment.text(10)[:199],
        processing_id=segment.text(11) or "P",
        version=segment.text(12),
        charset=segment.text(18),
        accept=cast(Condition, accept if accept in CONDITIONS else ""),
        application=cast(Condition, application if application in CONDITIONS else ""),
    )


def _check(header: Header, test_messages: bool) -> None:
    if header.kind != "ADT":
        shown = of_length(header.kind, 10)
        raise MessageRefusedError(
            200, Where("MSH", 9, 1), f"{shown or 'nothing'} is not read; ADT is."
        )
    if header.event not in EVENTS:
        said = f"ADT {of_length(header.event, 10)} is not read; {', '.join(EVENTS)} are."
        raise MessageRefusedError(201, Where("MSH", 9, 2), said)
    if not header.control_id:
        says = "a message needs its own number; without it one sent again would count twice."
        raise MessageRefusedError(101, Where("MSH", 10), says, rejected=True)
    if header.processing_id != "P" and not test_messages:
        says = f"{of_length(header.processing_id, 5)}: a test, not taken over; send P, or begin to "
        raise MessageRefusedError(202, Where("MSH", 11), says + "listen with --test-messages.")
    if header.version not in VERSIONS:
        says = f"version {of_length(header.version, 10)} is none; HL7 2.1 to 2.9.1 are read."
        raise MessageRefusedError(203, Where("MSH", 12), says)


def _deeds(
    header: Header, held: Sequence[Segment], event: Segment | None, sent: Moment | None
) -> Iterator[Admission | Merge]:
    what = EVENTS[header.event]
    if header.event == "A40":
        yield from _merges(held, header)
        return
    person = _person(_needed(held, "PID"), header)
    place = _needed(held, "PV1") if what.needs_visit else _only(held, "PV1")
    yield Admission(person, *_visit(what, place, event, sent, header))


def _merges(held: Sequence[Segment], header: Header) -> Iterator[Merge]:
    """Each PID with the MRG that follows it."""
    kept: Segment | None = None
    for each in held:
        if each.name == "PID":
            kept = each
        elif each.name == "MRG":
            if kept is None:
                raise MessageRefusedError(
                    100, Where("PID"), "the record that stays comes before MRG."
                )
            yield Merge(_person(kept, header), identifiers(each, 1, header.sending[1]))
            kept = None
    if kept is not None:
        raise MessageRefusedError(
            100, Where("MRG"), "say in MRG-1 which record goes into this one."
        )


def _person(segment: Segment, header: Header) -> Person:
    given, family = name_of(segment, 5)
    born = moment_of(segment, 7)
    sex = segment.text(8)
    says = {
        "given_name": given or None,
        "family_name": family or None,
        "birth_on": born.day if born else None,
        "sex": "" if sex == NULL else SEXES.get(sex.upper()),
        "address": address_of(segment, 11),
        "county": county_of(segment, 11),
        "phone": phone_of(segment, 13),
        "email": email_of(segment, 13),
    }
    known = {name: value for name, value in says.items() if value is not None}
    return Person(identifiers(segment, 3, header.sending[1]), known)


def _visit(
    what: Event, place: Segment | None, event: Segment | None, sent: Moment | None, header: Header
) -> tuple[Visit | None, Effect]:
    """The visit, and what becomes of it; none where the message speaks of none."""
    if place is None or what.effect == "none" or place.text(2).upper() in NO_VISIT:
        return None, "none"
    number = place.repetitions(19)
    if not number:
        if not what.needs_visit:
            return None, "none"
        raise MessageRefusedError(
            101,
            place.where(19),
            "give the visit's own number; a later A08 or A11 finds it by that.",
        )
    source = Identifier(system_of(number[0], 4, header.sending[1]), place.text(19))
    short(source.value, place.where(19, 1))
    admitted = moment_of(place, 44, sent)
    if admitted is None and what.effect == "stands" and event is not None:
        admitted = moment_of(event, 6, sent) or moment_of(event, 2, sent)
    kind = CLASSES.get(place.text(2).upper(), "other")
    name = short(f"{source.system}|{source.value}", place.where(19))
    return Visit(name, npis_of(place, 7), kind, admitted), what.effect


def _places(held: Sequence[Segment]) -> Iterator[Place]:
    """Where the message says it belongs, the closest first."""
    for name, number, component in (("PV1", 3, 4), ("MSH", 6, 1), ("MSH", 4, 1)):
        segment = next((each for each in held if each.name == name), None)
        for sub in (1, 2):
            if segment and (text := segment.text(number, component, sub)):
                yield Place(text, segment.where(number, component if component > 1 else 0))


def _needed(held: Sequence[Segment], name: str) -> Segment:
    found = _only(held, name)
    if found is None:
        raise MessageRefusedError(100, Where(name), f"there is no {name} segment; one is needed.")
    return found


def _only(held: Sequence[Segment], name: str) -> Segment | None:
    found = [each for each in held if each.name == name]
    if len(found) > 1:
        says = f"there are {len(found)} {name} segments; send one."
        raise MessageRefusedError(100, Where(name), says)
    return found[0] if found else None


def _digest(held: Sequence[Segment]) -> str:
    """What the message says, apart from when and by which way it came."""
    said = [each.fields for each in held[1:]]
    return hashlib.sha256(repr((held[0].text(9, 2), said)).encode()).hexdigest()
