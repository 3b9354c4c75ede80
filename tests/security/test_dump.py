"""Whoever steals the database, whole, has nothing of any message, subject or attachment."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from wellpost.server.audit.models import AuditRow
from wellpost.server.messaging import actions, queries
from wellpost.server.messaging.keys.opened import opened_keys

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]

SECRETS = {
    "subject": "Mahogany Peregrine",
    "body": "Turquoise-Velociraptor 48151",
    "answer": "Saffron & Quetzalcoatl",
    "file name": "Obsidian-Narwhal.txt",
    "file": "Cinnabar Xenolith 162342",
}


@pytest.fixture
def conversation(alice, amir, dr_chen, sam_staff):
    """Everything a conversation can hold: files, answers, a new epoch, reading, downloading."""
    file = SimpleUploadedFile(SECRETS["file name"], (SECRETS["file"] + "\n").encode() * 9000)
    first = actions.start_thread(
        practice=alice.practice, patient=alice, by=dr_chen.user, subject=SECRETS["subject"],
        body=SECRETS["body"], client_key="one", attachments=[file],
    )  # fmt: skip
    actions.send_message(
        thread=first.thread, by=amir.user, body=SECRETS["answer"], client_key="two"
    )
    amir.ends_on = "2021-01-01"
    amir.save()
    again = actions.send_message(
        thread=first.thread, by=dr_chen.user, body=SECRETS["body"], client_key="three"
    )
    actions.retract_message(message=again, by=dr_chen.user)
    for by in (alice.user, dr_chen.user):
        queries.open_thread(first.thread_id, by)
    queries.inbox(sam_staff, practice=alice.practice)
    b"".join(queries.open_attachment(first.attachments.get().pk, alice.user).pieces)
    return first.thread


def dump() -> bytes:
    """Every byte of the database: pages, log and indexes; or each table's rows as text."""
    return _files() if connection.vendor == "sqlite" else _tables()


def _files() -> bytes:
    """The pages as SQLite writes them out; where it is a file, also what lies beside it."""
    name = str(connection.settings_dict["NAME"])
    beside = [] if "memory" in name else Path(name).parent.glob(f"{Path(name).name}*")
    return bytes(connection.connection.serialize()) + b"".join(e.read_bytes() for e in beside)


def _tables() -> bytes:
    found = bytearray()
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        for table in connection.introspection.table_names(cursor):
            for form in ("text", "binary"):
                asked = f'COPY "{table}" TO STDOUT (FORMAT {form})'
                with cursor.copy(asked) as rows:
                    found += b"".join(bytes(each) for each in rows)
    return bytes(found)


def forms(text: str) -> dict[str, bytes]:
    """The text as it might lie there."""
    plain = text.encode()
    return {
        "plain": plain,
        "lower case": text.lower().encode(),
        "hex": plain.hex().encode(),
        "HEX": plain.hex().upper().encode(),
        "utf-16": text.encode("utf-16-le"),
        "utf-16 big": text.encode("utf-16-be"),
        "json": text.encode("unicode-escape"),
        "reversed": plain[::-1],
        **{f"base64 at {start}": _inner_base64(plain, start) for start in range(3)},
    }


def _inner_base64(plain: bytes, start: int) -> bytes:
    """The characters of its base64 that do not depend on what stands beside it."""
    padded = b"\x00" * start + plain
    whole = len(padded) // 3 * 3
    return base64.b64encode(padded[:whole])[4 if start else 0 :]


def test_the_dump_is_of_this_conversation(conversation, alice):
    """The search below must be able to find something."""
    data = dump()
    assert b"Arden" in data
    assert str(conversation.pk).replace("-", "").encode() in data.replace(b"-", b"")


@pytest.mark.parametrize("name", SECRETS)
def test_nothing_of_it_is_in_the_database(conversation, name):
    data = dump().lower()
    found = [form for form, text in forms(SECRETS[name]).items() if text.lower() in data]
    assert found == []


def test_the_search_would_find_each_form():
    for text in SECRETS.values():
        around = b"before " + base64.b64encode(b"ab" + text.encode() + b"cd")
        assert forms(text)["base64 at 2"] in around


def test_nor_is_any_key(conversation):
    held = [keys.secret for _, keys in opened_keys._held.values()]
    files = [each.read_bytes() for each in (Path(settings.HOME) / "keys").glob("*.key")]
    data = dump()
    assert len(held) >= 2
    assert len(files) == 1
    for key in held + files:
        assert key not in data
        assert key.hex().encode() not in data.lower()


def test_nor_in_the_audit(conversation):
    rows = str(list(AuditRow.objects.values()))
    assert all(each not in rows for each in SECRETS.values())
