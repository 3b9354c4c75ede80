"""The peer's people, rooms and messages, made over its own interface."""

from __future__ import annotations

import hashlib
import hmac
import json
import random
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote

from .load import KEY, Ask, Line, ask
from .peer import SECRET
from .sizes import Sizes

CLIENT = "/_matrix/client/v3"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
CIPHERTEXT = "".join(random.Random(1).choices(LETTERS, k=500))
CONTENT = {
    "algorithm": "m.megolm.v1.aes-sha2",
    "ciphertext": CIPHERTEXT,
    "device_id": "BENCH",
    "sender_key": CIPHERTEXT[:43],
    "session_id": CIPHERTEXT[-43:],
}
ENCRYPTED = {
    "type": "m.room.encryption",
    "state_key": "",
    "content": {"algorithm": "m.megolm.v1.aes-sha2"},
}


@dataclass(frozen=True)
class Account:
    """Somebody registered there."""

    name: str
    token: str


@dataclass(frozen=True)
class Asked:
    """What is asked of a server, a line for every connection."""

    sends: list[Line]
    reads: list[Line]
    lists: list[Line]
    other: list[Line]
    """Of the peer: lists that it may not answer from its cache. Of us: reads by the API."""
    listed_by_app: list[Line] = field(default_factory=list)
    """Of us: lists by the API."""


def fill(port: int, sizes: Sizes) -> Asked:
    """Register everybody, make the rooms, write the messages; what is to be asked then."""
    clinician = _register(port, "clinician")
    patients = [_register(port, f"patient{number}") for number in range(sizes.people)]
    with ThreadPoolExecutor(8) as together:
        made = list(together.map(lambda n: _rooms(port, n, patients[n], clinician, sizes),
                                 range(sizes.people)))  # fmt: skip
    pairs = list(zip(patients, made, strict=True))
    return Asked(
        [Line(port, (_send(who, rooms[0]),)) for who, rooms in pairs],
        [Line(port, tuple(_read(who, r, sizes) for r in rooms[1:])) for who, rooms in pairs],
        [Line(port, (_list(who, sizes, ""),)) for who, _ in pairs],
        [Line(port, (_list(who, sizes, KEY),)) for who, _ in pairs],
    )


def _send(who: Account, room: str) -> Ask:
    path = f"{CLIENT}/rooms/{quote(room)}/send/m.room.encrypted/{KEY}"
    return ask("PUT", path, _heads(who), json.dumps(CONTENT), marker='"event_id"', times=1)


def _read(who: Account, room: str, sizes: Sizes) -> Ask:
    path = f"{CLIENT}/rooms/{quote(room)}/messages?dir=b&limit={sizes.messages}"
    return ask("GET", path, _heads(who), marker='"ciphertext"', times=sizes.messages)


def _list(who: Account, sizes: Sizes, left_out: str) -> Ask:
    """Every room with its name, its last message and how many are unread: the first answer of
    `sync`, with nothing else in it. The peer keeps that answer for two minutes and gives it to who
    asks for the same again; a room to leave out, another each time, makes it another question.
    (Sliding sync is no list of unread: it says 0 of every room.)
    """
    none = {"types": []}
    rooms: dict[str, Any] = {
        "timeline": {"limit": 1}, "state": {"types": ["m.room.name"]}, "ephemeral": none,
        "account_data": none, "not_rooms": [f"!{left_out}:bench.localhost"],
    }  # fmt: skip
    wanted = {"room": rooms, "presence": none, "account_data": none}
    path = f"{CLIENT}/sync?timeout=0&filter={quote(json.dumps(wanted))}"
    path = path.replace(quote(KEY), KEY)
    return ask("GET", path, _heads(who), marker='"notification_count"', times=sizes.threads)


def _rooms(port: int, number: int, patient: Account, clinician: Account, sizes: Sizes) -> list[str]:
    """All of one patient: with every second one there is a representative as well."""
    others = [clinician]
    if number % 2:
        others.append(_register(port, f"representative{number}"))
    return [
        _room(port, patient, others, sizes, f"A matter {each}") for each in range(sizes.threads)
    ]


def _room(port: int, patient: Account, others: list[Account], sizes: Sizes, name: str) -> str:
    wanted = {
        "preset": "trusted_private_chat",
        "name": name,
        "invite": [each.name for each in others],
        "initial_state": [ENCRYPTED],
    }
    room = str(_call(port, "POST", "/createRoom", wanted, patient)["room_id"])
    for each in others:
        _call(port, "POST", f"/join/{quote(room)}", {}, each)
    for number in range(sizes.messages):
        by = others[0] if sizes.by_clinician(number) else patient
        path = f"/rooms/{quote(room)}/send/m.room.encrypted/{uuid.uuid4()}"
        _call(port, "PUT", path, CONTENT, by)
    return room


def _register(port: int, name: str) -> Account:
    path = "/_synapse/admin/v1/register"
    nonce = _call(port, "GET", path, None)["nonce"]
    words = "\0".join([nonce, name, "password", "notadmin"]).encode()
    mac = hmac.new(SECRET.encode(), words, hashlib.sha1).hexdigest()
    told = {"nonce": nonce, "username": name, "password": "password", "admin": False, "mac": mac}
    made = _call(port, "POST", path, told)
    return Account(made["user_id"], made["access_token"])


def _heads(who: Account) -> dict[str, str]:
    return {"Authorization": f"Bearer {who.token}", "Content-Type": "application/json"}


def _call(port: int, method: str, path: str, told: Any, who: Account | None = None) -> Any:
    """One request of the setting up; anything but 200 ends the run."""
    line = HTTPConnection("127.0.0.1", port, timeout=60)
    whole = path if path.startswith("/_synapse") else CLIENT + path
    body = None if told is None else json.dumps(told)
    line.request(method, whole, body, _heads(who) if who else {})
    answer = line.getresponse()
    text = answer.read()
    line.close()
    if answer.status != 200:
        raise SystemExit(f"matrix-synapse answered {method} {path} with {answer.status}: {text!r}")
    return json.loads(text)
