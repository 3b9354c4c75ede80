"""The authorisation matrix of the API: every kind, operation and search parameter, by everybody.

The table (`matrix.txt`) decides each cell; what the API can be asked and the table does not decide
fails the test, so that a new kind or parameter is decided by somebody. What it says: `own` exactly
what stands in the asker's own record is found and counted; `none` nothing is; else the status. What
staff read of people with a session, `-` here, is decided in ../messaging/matrix.txt.

The records of Alice, Carol and Bob hold the same word for word. References lead inside the own
record, but Bob's source is a hostile one: his lead to what is Alice's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from tests.server.conftest import make_user
from tests.server.fhir_api.conftest import FHIR
from tests.server.fhir_api.record.matrix_world import SOURCE, filled, id_in, values_of
from tests.server.fhir_api.record.test_writing import weight
from wellpost.server.clock import time as clock
from wellpost.server.people.fhir_ids import id_of
from wellpost.server.people.models import Patient, Representative, User
from wellpost.server.records.models import Resource
from wellpost.server.records.parameters import PARAMETERS, SHARED
from wellpost.server.smart.actions import disconnect
from wellpost.server.smart.models import AccessToken, App, Connection

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).with_name("matrix.txt")
PEOPLE = [
    "anonymous", "staff", "alice", "amir", "carol", "bob", "ended", "only_this", "all_but_this",
]  # fmt: skip
EVERYTHING = "patient/*.rs patient/Observation.c"
ELSEWHERE = "-"
FORM = "application/x-www-form-urlencoded"


def rows() -> Iterator[tuple[str, str]]:
    """Everything that the API can be asked: a kind, and how."""
    for kind, parameters in PARAMETERS.items():
        yield from ((kind, how) for how in ("read", "search", "_search", "$everything", "create"))
        yield from ((kind, f"?{name}") for name in ("_id", "_lastUpdated", *parameters))
        for name, each in parameters.items():
            if each.kind in ("reference", "patient"):
                yield kind, f"_include={name}"
            if each.kind == "reference":
                target = (each.targets or ("Observation",))[0]
                yield target, f"_revinclude={kind}:{name}"
    yield "Binary", "read"


def decided() -> dict[tuple[str, str], list[str]]:
    """The table: (kind, how) to what each person gets."""
    lines = [line.split() for line in TABLE.read_text().splitlines() if not line.startswith("#")]
    return {(kind, how): cells for kind, how, *cells in lines}


@dataclass
class Asker:
    """Somebody with a client, the token of an app, and the record that it was let into."""

    client: Client
    record: Patient
    token: Callable[[str], str]
    made: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self.made = _made(self.record)

    def headers(self, kind: str) -> dict[str, str]:
        """With the token, where there is one."""
        held = self.token(kind)
        return {"Authorization": f"Bearer {held}"} if held else {}


@pytest.fixture
def app(practice, bob, ada_admin, registered) -> App:
    """Approved by both practices."""
    from tests.server.fhir_api.record.conftest import approve

    made = registered().app
    for each in (practice, bob.practice):
        approve(made, each, ada_admin)
    return made


@pytest.fixture
def carol(carol) -> Patient:
    """With an account."""
    carol.user = make_user("Carol Cove")
    carol.save()
    return carol


@pytest.fixture
def records(has, alice, carol, bob) -> dict[str, Resource]:
    """The same in each of them; Alice's rows by their kind."""
    for patient in (alice, carol, bob):
        hostile = alice if patient == bob else patient
        for kind in (*PARAMETERS, "Binary"):
            held = filled(
                kind, lambda to, p=patient, h=hostile: id_in(p if to in SHARED else h, to)
            )
            own = {"id": str(patient.pk)} if kind == "Patient" else {}
            named = {} if own else {"source_system": SOURCE, "source_id": str(patient.pk)}
            has(patient, held | own, own=kind not in SHARED, **named)
        refers = [{"reference": f"{kind}/{id_in(patient, kind)}"} for kind in sorted(SHARED)]
        has(patient, {"resourceType": "List", "entry": [{"item": each} for each in refers]})
    return {row.kind: row for row in Resource.objects.filter(pk__in=_ids(alice))}


def leads_to(patient: Patient, hostile: Patient, kind: str) -> UUID:
    """What a reference to the kind names: of kinds that are of nobody the own."""
    return id_in(patient if kind in SHARED else hostile, kind)


def _ids(patient: Patient) -> list[Any]:
    return [id_in(patient, kind) for kind in (*PARAMETERS, "Binary")]


@pytest.fixture
def askers(app, alice, amir, carol, bob, dr_chen, as_user) -> dict[str, Asker]:
    """Everybody of the table's columns."""
    other = App.objects.create(
        name="Ended", client_type="public", authorization_grant_type="authorization-code",
        registered_at=clock.now(),
    )  # fmt: skip
    ended = token(other, alice, alice.user)
    disconnect(app=other, patient=alice, by=alice.user)
    kinds: dict[str, str] = {}

    def only(kind: str) -> str:
        made = f"only {kind}"
        if made not in kinds:
            scope = f"patient/{_read_by(kind)}.rs"
            kinds[made] = token(app, alice, alice.user, scope, made)
        return kinds[made]

    def all_but(kind: str) -> str:
        made = f"but {kind}"
        if made not in kinds:
            others = [f"patient/{each}.rs" for each in PARAMETERS if each != _read_by(kind)]
            kinds[made] = token(app, alice, alice.user, " ".join(others), made)
        return kinds[made]

    def with_app(patient: Patient, user: User) -> Asker:
        held = token(app, patient, user)
        return Asker(Client(), patient, lambda _: held)

    return {
        "anonymous": Asker(Client(), alice, lambda _: ""),
        "staff": Asker(as_user(dr_chen.user), alice, lambda _: ""),
        "alice": with_app(alice, alice.user),
        "amir": with_app(alice, amir.user),
        "carol": with_app(carol, carol.user),
        "bob": with_app(bob, bob.user),
        "ended": Asker(Client(), alice, lambda _: ended),
        "only_this": Asker(Client(), alice, only),
        "all_but_this": Asker(Client(), alice, all_but),
    }


def _read_by(kind: str) -> str:
    return kind if kind in PARAMETERS else "DocumentReference"


def token(
    app: App, patient: Patient, user: User, scope: str = EVERYTHING, named: str = "all"
) -> str:
    """The access token of an app that was let in once."""
    now, made = timezone.now(), f"{app.pk} {patient.pk} {user.pk} {named}"
    held = Connection.objects.create(
        app=app, user=user, patient=patient, scope=scope, agreed_at=now, began_at=now
    )
    AccessToken.objects.create(
        user=user, application=app, connection=held, scope=scope, token="",
        expires=now + timedelta(hours=1), token_checksum=sha256(made.encode()).hexdigest(),
    )  # fmt: skip
    return made


def ask(asker: Asker, kind: str, how: str, hers: Resource, alice: Patient) -> str:
    """What they get of what is Alice's, as the table says it."""
    client, headers = asker.client, asker.headers(kind)
    if how == "create":
        sent = weight(alice) if kind == "Observation" else {"resourceType": kind}
        return str(
            client.post(f"/fhir/{kind}", sent, content_type=FHIR, headers=headers).status_code
        )
    if how == "read":
        return str(client.get(f"/fhir/{kind}/{hers.pk}", headers=headers).status_code)
    if how == "_search":
        form = {"data": "_total=accurate", "content_type": FORM, "headers": headers}
        answer = client.post(f"/fhir/{kind}/_search", **form)
    elif how == "$everything":
        answer = client.get("/fhir/Patient/$everything", {"_type": kind}, headers=headers)
    else:
        answer = client.get(f"/fhir/{kind}?{_query(kind, how, hers, alice)}", headers=headers)
    return _found(answer, asker, kind, how)


def _query(kind: str, how: str, hers: Resource, alice: Patient) -> str:
    if how.startswith("?"):
        pairs = [(how[1:], each) for each in values_of(hers, how[1:], alice)]
    elif how.startswith("_include"):
        pairs = [("_include", f"{kind}:{how.partition('=')[2]}")]
    elif how.startswith("_revinclude"):
        pairs = [("_revinclude", how.partition("=")[2])]
    else:
        pairs = []
    return urlencode([*pairs, ("_total", "accurate")])


def _found(answer: Any, asker: Asker, kind: str, how: str) -> str:
    """`own` where it is exactly one of the record, and what is included beside it too."""
    if answer.status_code != 200:
        return str(answer.status_code)
    bundle = answer.json()
    entries = [
        (each["search"]["mode"], each["resource"]["resourceType"], each["resource"]["id"])
        for each in bundle.get("entry", [])
    ]
    beside = how.startswith(("_include", "_revinclude"))
    matches = [each for each in entries if each[0] == "match"]
    assert "total" not in bundle or bundle["total"] == len(matches), bundle
    record, made = asker.record, asker.made
    looked_at = [e for e in entries if (e[0] == "include") == beside and e[2] not in made]
    if beside and not {each[2] for each in matches} <= {str(id_in(record, kind)), *made}:
        return "another's"
    if not looked_at:
        return "none"
    own = all(identifier == str(id_in(record, name)) for _, name, identifier in looked_at)
    return "own" if own and len(looked_at) == 1 else "another's"


def _made(record: Patient) -> set[str]:
    """What is made of our own tables: the practice, and those who act for the patient."""
    practice = id_of(record.practice_id, "Organization", "wellpost", record.practice.tin)
    acting = Representative.objects.filter(patient=record).values_list("pk", flat=True)
    return {str(practice), *map(str, acting)}


def test_the_table_decides_everything_the_api_can_be_asked():
    assert sorted(decided()) == sorted(rows())
    assert all(len(cells) == len(PEOPLE) for cells in decided().values())
    elsewhere = {kind for (kind, _), cells in decided().items() if ELSEWHERE in cells}
    assert elsewhere == {"Binary", "Patient", "Practitioner", "RelatedPerson"}
    assert {cells.index(ELSEWHERE) for cells in decided().values() if ELSEWHERE in cells} == {
        PEOPLE.index("staff")
    }


def test_everybody_gets_what_the_table_says(records, askers, alice):
    wrong = []
    for (kind, how), cells in decided().items():
        for name, cell in zip(PEOPLE, cells, strict=True):
            found = cell == ELSEWHERE or ask(askers[name], kind, how, records[kind], alice)
            if found not in (True, cell):
                wrong.append(f"{kind} {how} by {name}: {found}, not {cell}")
    assert not wrong, "\n".join(wrong[:40])
