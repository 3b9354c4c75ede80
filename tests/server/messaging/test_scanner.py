"""The virus scanner, as clamd speaks (clamd(8)): found, clean, away, and unclear."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from wellpost.errors import DataRefusedError, RequestError
from wellpost.server.from_home.adding import add_document
from wellpost.server.from_home.documents import DOCUMENTS
from wellpost.server.from_home.models import HomeFile
from wellpost.server.messaging import actions
from wellpost.server.messaging.checking import scanner
from wellpost.server.messaging.checking.errors import FileRefusedError, ScannerAwayError
from wellpost.server.messaging.errors import MessageRefusedError
from wellpost.server.messaging.models import Attachment

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The harmless file that every scanner must find (eicar.org)."""


def found_or_not(data: bytes) -> str:
    return "stream: Eicar-Signature FOUND" if EICAR in data else "stream: OK"


class Clamd(socketserver.StreamRequestHandler):
    """One connection: PING, or INSTREAM with pieces that each come after their length."""

    says: Callable[[bytes], str]

    def handle(self) -> None:
        command = self._to_zero()
        if command == b"zPING":
            self.wfile.write(b"PONG\x00")
        elif command == b"zINSTREAM":
            data = b"".join(self._pieces())
            self.server.seen.append(len(data))
            self.wfile.write(self.server.says(data).encode() + b"\x00")

    def _to_zero(self) -> bytes:
        return b"".join(iter(lambda: self.rfile.read(1), b"\x00"))

    def _pieces(self) -> Iterator[bytes]:
        while size := int.from_bytes(self.rfile.read(4), "big"):
            yield self.rfile.read(size)


@contextmanager
def clamd(says=found_or_not, unix=""):
    kind = socketserver.ThreadingUnixStreamServer if unix else socketserver.ThreadingTCPServer
    with kind(unix or ("127.0.0.1", 0), Clamd) as server:
        server.says, server.seen = says, []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        server.place = f"unix:{unix}" if unix else f"tcp://127.0.0.1:{server.server_address[1]}"
        yield server
        server.shutdown()


@pytest.fixture
def scanned(settings):
    with clamd() as server:
        settings.CLAMD = server.place
        yield server


@pytest.fixture
def away(settings):
    with clamd() as server:
        settings.CLAMD = server.place


def send(first, dr_chen, *files):
    given = [SimpleUploadedFile(f"{place}.txt", each) for place, each in enumerate(files)]
    return actions.send_message(
        thread=first.thread, by=dr_chen.user, body="See the files.", client_key="k",
        attachments=given,
    )  # fmt: skip


@pytest.mark.django_db
def test_a_harmful_file_is_refused_with_the_whole_message(scanned, first, dr_chen):
    with pytest.raises(MessageRefusedError, match="File 2 was found by the virus scanner"):
        send(first, dr_chen, b"a diary", b"before" * 20_000 + EICAR)
    assert first.thread.messages.count() == 1
    assert not Attachment.objects.exists()


@pytest.mark.django_db
def test_a_clean_file_is_sent_after_all_of_it_was_scanned(scanned, first, dr_chen):
    send(first, dr_chen, b"x" * 200_000)
    assert scanned.seen == [200_000]


@pytest.mark.django_db
def test_while_the_scanner_is_away_nothing_is_stored_and_text_still_goes(away, first, dr_chen):
    with pytest.raises(MessageRefusedError, match="cannot be checked for viruses at the moment"):
        send(first, dr_chen, b"a diary")
    assert first.thread.messages.count() == 1
    assert send(first, dr_chen).sequence == 2


@pytest.mark.django_db
def test_a_file_from_home_is_scanned_too(scanned, alice):
    with pytest.raises(DataRefusedError, match="was found by the virus scanner"):
        add_document(
            by=alice.user, patient=alice, file=ContentFile(EICAR, name="diary.txt"),
            document=DOCUMENTS[2], measured_at=datetime(2021, 6, 3, tzinfo=UTC),
        )  # fmt: skip
    assert not HomeFile.objects.exists()


@pytest.mark.parametrize(
    "answer", ["INSTREAM size limit exceeded. ERROR", "", "stream: Can't allocate memory ERROR"]
)
def test_an_unclear_answer_is_none(settings, answer):
    with clamd(lambda _: answer) as server:
        settings.CLAMD = server.place
        with pytest.raises(ScannerAwayError):
            scanner.scan([b"x"])


def test_a_local_socket_serves_as_well(settings, tmp_path):
    with clamd(unix=str(tmp_path / "c")) as server:
        settings.CLAMD = server.place
        assert scanner.answers()
        with pytest.raises(FileRefusedError):
            scanner.scan([EICAR])
    assert not scanner.answers()


def test_none_configured_scans_nothing_and_a_wrong_address_is_said(settings):
    settings.CLAMD = ""
    scanner.scan(iter(()))
    assert scanner.answers()
    settings.CLAMD = "localhost:3310"
    with pytest.raises(RequestError, match="WELLPOST_CLAMD is 'localhost:3310'; write unix:"):
        scanner.scan([b"x"])
