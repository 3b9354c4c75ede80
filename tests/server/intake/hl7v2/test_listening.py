"""The port on a real socket: framing and its faults, who is let in, many senders, TLS."""

from __future__ import annotations

import asyncio
import datetime
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hl7.client import MLLPClient

from tests.made_messages import adt
from tests.worlds.waiting import HUNG, until
from wellpost.adapters.hl7v2 import MessageRefusedError, answers, unreadable
from wellpost.server.intake.hl7v2.framing import framed
from wellpost.server.intake.hl7v2.listening import Listener, Port

NOW = datetime.datetime(2021, 8, 30, tzinfo=datetime.UTC)


@dataclass
class Hospital:
    """What came through the port, and the port; `hold` keeps messages from being answered."""

    came: list[str] = field(default_factory=list)
    at: int = 0
    hold: threading.Event = field(default_factory=threading.Event)
    inside: int = 0
    most_inside: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def receive(self, block: bytes, fault: MessageRefusedError | None) -> list[bytes]:
        with self.lock:
            self.inside += 1
            self.most_inside = max(self.inside, self.most_inside)
        self.hold.wait(HUNG)
        with self.lock:
            self.inside -= 1
        header = unreadable(block)
        self.came.append(f"{header.control_id}{' refused' if fault else ''}")
        return answers(header, "n", NOW, fault)

    def call(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.at), timeout=HUNG)


def answer(line: socket.socket) -> bytes:
    """One whole block; empty when the connection is closed."""
    held = b""
    while not held.endswith(b"\x1c\r"):
        piece = line.recv(65_536)
        if not piece:
            return b""
        held += piece
    return held


@contextmanager
def listening(**port: object) -> Iterator[Hospital]:
    hospital, began = Hospital(), threading.Event()
    hospital.hold.set()
    told: list[Callable[[], object]] = []

    async def run() -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        told.append(lambda: loop.call_soon_threadsafe(stop.set))

        def ready(at: int) -> None:
            hospital.at = at
            began.set()

        await Listener(Port(port=0, **port), hospital.receive).run(ready, stop)  # type: ignore[arg-type]  # each is one of Port's own

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    assert began.wait(HUNG)
    try:
        yield hospital
    finally:
        told[0]()
        thread.join(HUNG)
        assert not thread.is_alive()


def test_the_librarys_own_client_is_answered() -> None:
    with listening() as hospital, MLLPClient("127.0.0.1", hospital.at) as client:
        for number in ("1", "2"):
            assert f"MSA|AA|{number}".encode() in client.send_message(adt("A04", number=number))
    assert hospital.came == ["1", "2"]


def test_rubbish_between_messages_and_pieces_of_a_byte() -> None:
    with listening() as hospital, hospital.call() as line:
        line.sendall(b"GET / HTTP/1.1\r\n\r\n" + framed(adt("A04", number="1")) + b"\n\n\x1c\r")
        assert b"MSA|AA|1" in answer(line)
        for byte in framed(adt("A04", number="2")):
            line.sendall(bytes([byte]))
        assert b"MSA|AA|2" in answer(line)
        line.sendall(framed(adt("A04", number="3")) + framed(adt("A04", number="4")))
        both = answer(line)
        while both.count(b"\x1c") < 2:
            both += answer(line)
        assert both.index(b"|3") < both.index(b"|4")


def test_a_message_whose_end_is_missing_is_refused_and_the_next_one_is_taken() -> None:
    with listening() as hospital, hospital.call() as line:
        line.sendall(b"\x0b" + adt("A04", number="1") + framed(adt("A04", number="2")))
        both = answer(line)
        while both.count(b"\x1c") < 2:
            both += answer(line)
        assert b"MSA|AR|1|MSH: another message began" in both
        assert b"MSA|AA|2" in both


def test_fifty_megabytes_are_refused_in_little_memory_and_the_next_one_is_taken() -> None:
    with listening() as hospital, hospital.call() as line:
        line.sendall(b"\x0b" + adt("A04", number="1") + b"OBX|1|ED|")
        for _ in range(50):
            line.sendall(b"A" * (1 << 20))
        line.sendall(b"\x1c\r")
        assert b"MSA|AR|1|MSH: longer than 1,048,576 bytes" in answer(line)
        line.sendall(framed(adt("A04", number="2")))
        assert b"MSA|AA|2" in answer(line)
    assert hospital.came == ["1 refused", "2"]


def test_a_sender_who_never_ends_is_told_and_let_go() -> None:
    with listening(seconds=0.2) as hospital, hospital.call() as line:
        line.sendall(b"\x0b" + adt("A04", number="1"))
        assert b"MSA|AR|1|MSH: its end (0x1C 0x0D) did not come within 0.2" in answer(line)
        assert answer(line) == b""


def test_a_sender_who_is_silent_between_messages_stays() -> None:
    with listening(seconds=0.1) as hospital, hospital.call() as line:
        threading.Event().wait(0.3)
        line.sendall(framed(adt("A04", number="1")))
        assert b"MSA|AA|1" in answer(line)


def test_a_sender_who_goes_in_the_middle_leaves_nothing() -> None:
    with listening() as hospital:
        with hospital.call() as line:
            line.sendall(b"\x0b" + adt("A04"))
        with hospital.call() as line:
            line.sendall(framed(adt("A04", number="2")))
            answer(line)
    assert hospital.came == ["2"]


def test_many_senders_wait_for_the_database_and_all_are_answered() -> None:
    with listening(at_once=2) as hospital:
        hospital.hold.clear()
        lines = [hospital.call() for _ in range(20)]
        for number, line in enumerate(lines):
            line.sendall(framed(adt("A04", number=f"{number}")) * 2)
        until(lambda: hospital.inside == 2)
        threading.Event().wait(0.1)  # time for a third
        hospital.hold.set()
        for number, line in enumerate(lines):
            assert f"|{number}".encode() in answer(line)
            line.close()
    assert hospital.most_inside == 2


def test_more_than_so_many_connections_are_not_taken() -> None:
    with listening(connections=1) as hospital, hospital.call() as first:
        first.sendall(framed(adt("A04", number="1")))
        assert answer(first)
        with hospital.call() as second:
            assert second.recv(1) == b""


def test_told_to_stop_it_answers_what_is_under_way() -> None:
    with listening() as hospital:
        hospital.hold.clear()
        line = hospital.call()
        line.sendall(framed(adt("A04", number="1")))
        until(lambda: hospital.inside == 1)
        threading.Timer(0.2, hospital.hold.set).start()
    assert b"MSA|AA|1" in answer(line)
    line.close()


def test_only_addresses_that_are_allowed_are_let_in() -> None:
    with listening(allowed=(ip_network("10.0.0.0/8"),)) as hospital, hospital.call() as line:
        assert line.recv(1) == b""
    port = Port(allowed=(ip_network("10.0.0.0/8"), ip_network("::1")))
    assert [port.lets_in(each) for each in ("10.2.3.4", "::ffff:10.2.3.4", "::1", "11.0.0.1")] == [
        True, True, True, False
    ]  # fmt: skip


# --- TLS


def certificate(folder: Path, name: str, signer: tuple[object, object] | None = None):
    """A certificate of this name with its key, in files; signed by another, or by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    issuer, by = signer or (subject, key)
    day = datetime.timedelta(days=1)
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)  # type: ignore[arg-type]  # a Name, beside its key
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .add_extension(x509.BasicConstraints(ca=signer is None, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(by, hashes.SHA256())  # type: ignore[arg-type]  # the signer's key
    )
    (folder / f"{name}.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / f"{name}.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return subject, key


def test_with_a_client_authority_only_its_senders_are_heard(tmp_path: Path) -> None:
    authority = certificate(tmp_path, "authority")
    for name in ("server", "hospital"):
        certificate(tmp_path, name, authority)
    certificate(tmp_path, "stranger")
    trusted = {
        "certificate": tmp_path / "server.pem",
        "key": tmp_path / "server.key",
        "client_ca": tmp_path / "authority.pem",
    }
    with listening(**trusted) as hospital:
        assert b"MSA|AA|1" in _by_tls(hospital, tmp_path, "hospital")
        for name in ("stranger", ""):
            with pytest.raises(OSError):  # an alert of TLS, or the line is cut
                assert not _by_tls(hospital, tmp_path, name)
                raise ConnectionError("closed without a word")
    assert hospital.came == ["1"]


def _by_tls(hospital: Hospital, folder: Path, name: str) -> bytes:
    context = ssl.create_default_context(cafile=folder / "authority.pem")
    if name:
        context.load_cert_chain(folder / f"{name}.pem", folder / f"{name}.key")
    with hospital.call() as line, context.wrap_socket(line, server_hostname="127.0.0.1") as tls:
        tls.sendall(framed(adt("A04", number="1")))
        return answer(tls)
