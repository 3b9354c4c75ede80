"""What a state's resources say, asked of the plain reading once for each way it is written.

Each table here goes from a text as resources say it to what the plain reading makes of it. The
statements of `sql/judge` join them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import orjson
from sqlglot import exp

from wellpost.adapters.fhir.attribution import credited
from wellpost.adapters.fhir.bulk.database import ROWS_AT_ONCE, Database, statement
from wellpost.adapters.fhir.bulk.files import VIEWS
from wellpost.adapters.fhir.conversations import ACTS_FOR_OTHERS, Conversations
from wellpost.adapters.fhir.datatypes import Place, Reference
from wellpost.adapters.fhir.elements import Json, as_object, codes_of, reference, text_of
from wellpost.adapters.fhir.mapping import kind_of, kind_planned, use_of
from wellpost.adapters.fhir.numbers import Numbers
from wellpost.adapters.fhir.parsing import agents_of, event_codes, participants_of
from wellpost.adapters.fhir.patient_reported import clinician_among
from wellpost.adapters.fhir.people import People, Unattributable
from wellpost.adapters.fhir.planned import with_whom
from wellpost.adapters.fhir.records import HELD_IN, Records
from wellpost.adapters.fhir.references import Index
from wellpost.adapters.fhir.resources import Device, Encounter

Row = tuple[object, ...]
NOWHERE = Place("", 0)


@dataclass
class Asking:
    """Asks the plain reading; `elsewhere` are the types of what the database holds, by id."""

    database: Database
    records: Records
    numbers: Numbers
    elsewhere: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.people = People(self.records, Index(self.records, self.elsewhere), self.numbers)
        self.talk = Conversations(self.people)

    def encounters(self) -> None:
        """Whose encounter it was, and what kind of visit."""
        columns = ("practitioner_id", "organization_id", "npi", "tin", "reason")
        self._table("who", "who", "encounter", columns, self._who)
        self._table("visit_kind", "what", "encounter", ("kind",), _visit_kind, names_someone=False)

    def messages(self) -> None:
        """Who wrote to whom, as far as it does not depend on the patient."""
        columns = ("for_others", "sent_by", "sent_to", "patient_included", "npi", "tin", "only_tin")
        self._table("between_whom", "parties", "communication", (*columns, "reason"), self._between)

    def provenances(self) -> None:
        """Which clinician did it, and for which it was done."""
        columns = ("by_npi", "for_npi", "for_only_tin")
        self._table("agents_said", "agents", "provenance", columns, self._agents)

    def uses(self) -> None:
        """What was done with the information, and whose portal it was."""
        self._table("use_said", "what", "event", ("action",), _use, names_someone=False)
        self._table("observer", "observer", "event", ("tin",), self._observer)

    def appointments(self) -> None:
        """With whom a visit is planned, and what it will be."""
        self._table("with_whom", "parties", "appointment", ("npi", "tin"), self._with_whom)
        columns = ("kind",)
        self._table(
            "planned_kind", "what", "appointment", columns, _planned_kind, names_someone=False
        )

    def kinds(self, ids: Sequence[str]) -> Iterator[tuple[str, str]]:
        """The types of those that nobody says the type of, each with its id."""
        self.elsewhere.update(holders(self.database, set(ids) - self.elsewhere.keys()))
        for id_ in ids:
            yield id_, self.people.index.kind_of(Reference(id=id_))

    def _table(
        self,
        name: str,
        column: str,
        view: str,
        columns: Sequence[str],
        answer: Callable[[str], Row],
        *,
        names_someone: bool = True,
    ) -> None:
        asked = exp.select(exp.column(column)).distinct().from_(view).sql("duckdb")
        said = (one for (one,) in self.database.each(asked))
        flags = {"for_others", "patient_included"}
        types = {one: "BOOLEAN" if one in flags else "VARCHAR" for one in columns}
        answers = self._answers(filter(None, said), answer, names_someone=names_someone)
        self.database.fill(name, {"said": "VARCHAR", **types}, answers)

    def _answers(
        self, said: Iterable[str], answer: Callable[[str], Row], *, names_someone: bool
    ) -> Iterator[Row]:
        for some in _batches(said):
            if names_someone:
                self._look_up(some)
            for text in some:
                yield (text, *answer(text))

    def _look_up(self, texts: Sequence[str]) -> None:
        """The types of those mentioned without one, and the devices mentioned."""
        named = [one for text in texts for one in references_in(_said(text))]
        untyped = {one.id for one in named if one.id and not one.type} - self.elsewhere.keys()
        self.elsewhere.update(holders(self.database, untyped))
        devices = {one.id for one in named if one.id and one.type in ("", "Device")}
        unknown = sorted(devices - self.records.devices.keys())
        for id_, kind, patient in self.database.run(statement("steps/devices"), ids=unknown):
            self.records.devices[id_] = Device(id_, NOWHERE, Reference(kind, patient))

    def _who(self, text: str) -> Row:
        said = _said(text)
        try:
            practitioner_id, organization_id = credited(_encounter(said), self.people)
        except Unattributable as reason:
            return "", "", "", "", reason.reason
        npi, tin = self.numbers.npis[practitioner_id], self.numbers.tins[organization_id]
        return practitioner_id, organization_id, npi, tin, ""

    def _between(self, text: str) -> Row:
        sender, *recipients = _parties(text)
        if not recipients or sender == Reference():
            return False, "", "", False, "", "", "", ""
        try:
            said = self.talk.between(sender, recipients)
        except Unattributable as reason:
            return False, "", "", False, "", "", "", reason.reason
        return (
            said.sent_by in ACTS_FOR_OTHERS,
            said.sent_by,
            said.sent_to,
            said.patient_included,
            self.numbers.npis.get(said.practitioner_id, ""),
            self.numbers.tins.get(said.organization_id, ""),
            self._only_tin(said.practitioner_id),
            "",
        )

    def _agents(self, text: str) -> Row:
        agents = agents_of(orjson.loads(text)["agent"])
        by = clinician_among((one.who for one in agents), self.people)
        for_whom = clinician_among((one.on_behalf_of for one in agents), self.people)
        npis = self.numbers.npis
        return npis.get(by, ""), npis.get(for_whom, ""), self._only_tin(for_whom)

    def _only_tin(self, practitioner_id: str) -> str:
        return self.numbers.tins.get(self.talk.only_practice(practitioner_id), "")

    def _observer(self, text: str) -> Row:
        try:
            return (self.numbers.tins[self.people.organization(reference(_said(text)))],)
        except Unattributable:
            return ("",)

    def _with_whom(self, text: str) -> Row:
        return with_whom([_meant(one) for one in orjson.loads(text)], self.people)


def _batches(texts: Iterable[str]) -> Iterator[tuple[str, ...]]:
    waiting = iter(texts)
    while some := tuple(islice(waiting, ROWS_AT_ONCE)):
        yield some


def references_in(said: object) -> Iterator[Reference]:
    """Every reference of a text that was asked about, raw or as `meant` writes it."""
    if isinstance(said, list):
        for each in said:
            yield from references_in(each)
    elif isinstance(said, dict) and "kind" in said:
        yield _meant(said)
    elif isinstance(said, dict):
        if "reference" in said:
            yield reference(said)
        for each in said.values():
            yield from references_in(each)


def holders(database: Database, ids: Iterable[str]) -> Mapping[str, str]:
    """By id, the first type that holds it, of those that the database holds."""
    wanted = sorted(ids)
    if not wanted:
        return {}
    found: dict[str, str] = {}
    for kind in HELD_IN:
        if kind in VIEWS:
            rows = database.run(statement("types/holders", VIEWS[kind]), ids=wanted)
            for (id_,) in rows:
                found.setdefault(id_, kind)
    return found


def _said(text: str) -> Any:
    """What a text says; one that is no JSON says no more than references."""
    if text.startswith(("{", "[")):
        return orjson.loads(text)
    if "|" not in text:
        return {"reference": text}
    written = [{"reference": each} for each in text.split("|")]
    return {"participant": [{"individual": written[0]}], "serviceProvider": written[1]}


def _parties(text: str) -> list[Reference]:
    if text.startswith("["):
        return [_meant(one) for one in orjson.loads(text)]
    return [reference({"reference": each}) for each in text.split("|")]


def _meant(said: Json) -> Reference:
    return Reference(said["kind"], said["id"], said["system"], said["value"], said["display"])


def _encounter(said: Mapping[str, Any]) -> Encounter:
    """An encounter of which nothing matters but what was said."""
    return Encounter(
        id="",
        place=NOWHERE,
        identifiers=(),
        status="",
        class_code=text_of(as_object(said.get("class")), "code"),
        types=tuple(codes_of(said.get("type"))),
        subject=Reference(),
        participants=participants_of(said.get("participant")),
        service_provider=reference(said.get("serviceProvider")),
        start="",
    )


def _visit_kind(text: str) -> Row:
    if '"' in text:
        return (kind_of(_encounter(orjson.loads(text))),)
    class_code, system, code = text.split("|")
    coding = {"coding": [{"system": system, "code": code}]}
    return (kind_of(_encounter({"class": {"code": class_code}, "type": [coding]})),)


def _use(text: str) -> Row:
    if '"' in text:
        said = orjson.loads(text)
        return (use_of(event_codes(said["subtype"], said["type"]), text_of(said, "action")),)
    subtype, type_, action = text.split("|")
    return (use_of(event_codes([{"code": subtype}], {"code": type_}), action.strip()),)


def _planned_kind(text: str) -> Row:
    said = orjson.loads(text)
    return (kind_planned([*codes_of(said["service"]), *codes_of(said["appointment"])]),)
