"""Notices in a browser: encrypted for it alone, without content, ended when it is gone."""

from __future__ import annotations

import base64
import datetime as dates
import json
import ssl
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import http_ece
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.x509.oid import NameOID
from django.conf import settings as held_settings
from django.test import Client
from django.urls import reverse
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS

from tests.server.conftest import signed_in
from tests.worlds.waiting import HUNG
from wellpost.errors import RequestError
from wellpost.server.messaging.actions import start_thread
from wellpost.server.notices import delivery
from wellpost.server.notices.actions import Kind, tell
from wellpost.server.notices.models import Notice, PushBrowser, Wishes
from wellpost.server.notices.push import browsers, wire
from wellpost.server.notices.push.browsers import MOST, begin, end
from wellpost.server.notices.push.keys import public_key
from wellpost.server.notices.texts import letter
from wellpost.server.notices.wishing import keep_wishes
from wellpost.server.people.models import SignIn
from wellpost.server.people.session_keys import BEGAN
from wellpost.server.people.sign_ins import end_all, end_sign_in, sign_ins_of

pytestmark = pytest.mark.django_db
NO_EMAIL = {
    "by_email": False, "by_sms": False, "phone": "", "quiet_from": None, "quiet_until": None,
    "daily_at": None, "time_zone": "America/New_York",
}  # fmt: skip


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Browser:
    """What a browser makes to be written to, and how it reads what comes."""

    def __init__(self):
        self.key, self.secret = ec.generate_private_key(ec.SECP256R1()), b"sixteen bytes it"

    def asks(self, endpoint="https://push.example.org/abc", **more):
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"public_key": base64url(point), "secret": base64url(self.secret)}
        return {"endpoint": endpoint, **keys, **more}

    def reads(self, data):
        return http_ece.decrypt(data, private_key=self.key, auth_secret=self.secret)


class Service(BaseHTTPRequestHandler):
    """A push service that keeps what it was handed."""

    taken: list[tuple[str, dict[str, str], bytes]] = []
    status = 201

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).taken.append((self.path, dict(self.headers), body))
        self.send_response(self.status)
        self.send_header("Location", "https://elsewhere.example/")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Of push.example.org, with its key, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "push.example.org")])
    now = dates.datetime.now(dates.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name)
        .public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - dates.timedelta(days=1))
        .not_valid_after(now + dates.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("push.example.org")]), False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file = tmp_path_factory.mktemp("push") / "certificate.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + made.public_bytes(Encoding.PEM))
    return file


@pytest.fixture
def service(certificate, monkeypatch):
    """Where push.example.org leads to, by TLS that is checked against its name."""
    Service.taken, Service.status = [], 201
    server = HTTPServer(("127.0.0.1", 0), Service)
    inside = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    inside.load_cert_chain(certificate)
    server.socket = inside.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    place = ("127.0.0.1", server.server_port)
    monkeypatch.setattr(wire, "SECONDS", HUNG)
    monkeypatch.setattr(wire, "_public_addresses", lambda host, port: [place])
    monkeypatch.setattr(wire, "_tls", lambda: ssl.create_default_context(cafile=certificate))
    yield Service
    server.shutdown()
    server.server_close()


@pytest.fixture
def browser(alice):
    """In which Alice asked for notices."""
    made = Browser()
    begin(by=alice.user, device="Chrome on Android", **made.asks())
    return made


def test_what_comes_to_alices_browser_holds_nothing_of_the_message(
    service, browser, alice, dr_chen, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        start_thread(
            practice=alice.practice, patient=alice, by=dr_chen.user, subject="Xylophone",
            body="Quicksilver zeppelin.", client_key="1",
        )  # fmt: skip
    ((path, headers, body),) = service.taken
    built = letter([Kind.MESSAGE_WAITING], "push")
    assert json.loads(browser.reads(body)) == {"title": built.subject, "text": built.text}
    assert (path, headers["Content-Encoding"], headers["TTL"]) == ("/abc", "aes128gcm", "86400")
    seen = f"{headers} {browser.reads(body)}".lower()
    assert not [word for word in ("alice", "chen", "xylo", "quick", "harbor") if word in seen]
    assert {each.channel for each in Notice.objects.filter(user=alice.user)} == {"email", "push"}


def test_every_kind_is_of_one_length_and_nobody_else_reads_it(service, browser, alice):
    for kind in (Kind.MESSAGE_WAITING, Kind.NOT_READ):
        tell(users=[alice.user.pk], kind=kind)
    delivery.deliver()
    assert len({len(body) for _, _, body in service.taken}) == 1
    with pytest.raises(http_ece.ECEException):
        Browser().reads(service.taken[0][2])


def test_the_service_learns_who_sends_by_a_signature_for_it_alone(service, browser, alice):
    tell(users=[alice.user.pk], kind=Kind.MESSAGE_WAITING)
    delivery.deliver()
    scheme, token, key = service.taken[0][1]["Authorization"].replace(",", "").split(" ")
    assert (scheme, key) == ("vapid", f"k={public_key()}")
    point = base64.urlsafe_b64decode(public_key() + "=")
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    read = JWS()
    read.deserialize(token.removeprefix("t="), key=JWK.from_pem(pem))
    claims = json.loads(read.payload)
    assert claims["aud"] == "https://push.example.org"
    ahead = claims["exp"] - dates.datetime.now(dates.UTC).timestamp()
    assert 0 < ahead <= 24 * 3600
    kept = Path(held_settings.HOME) / "push-key.pem"
    assert kept.stat().st_mode & 0o077 == 0


def test_what_reads_here_reads_the_example_of_rfc_8291():
    """Its appendix A: so what is encrypted above is encrypted as browsers expect it."""
    secret, sent, key = (base64.urlsafe_b64decode(each + "==") for each in RFC_8291)
    receiver = ec.derive_private_key(int.from_bytes(key, "big"), ec.SECP256R1())
    read = http_ece.decrypt(sent, private_key=receiver, auth_secret=secret)
    assert read == b"When I grow up, I want to be a watermelon"


RFC_8291 = (
    "BTBZMqHH6r4Tts7J_aSIgg",
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6T"
    "lzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4"
    "a-fN",
    "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94",
)


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_ended_and_email_steps_in(
    service, browser, alice, mailoutbox, deeds, status
):
    keep_wishes(by=alice.user, **NO_EMAIL)
    service.status = status
    tell(users=[alice.user.pk], kind=Kind.MESSAGE_WAITING)
    assert delivery.deliver() == 0
    assert not PushBrowser.objects.exists()
    held = Wishes.objects.get(user=alice.user)
    assert (held.by_push, held.by_email) == (False, True)
    assert Notice.objects.get(channel="push").stopped_as == "gone"
    assert delivery.deliver() == 1
    assert [each.to for each in mailoutbox] == [[alice.user.email]]
    assert deeds().count("push_ended") == 1


def test_no_second_email_goes_out_for_a_browser_that_is_gone(service, browser, alice, mailoutbox):
    service.status = 410
    tell(users=[alice.user.pk], kind=Kind.MESSAGE_WAITING)
    delivery.deliver()
    delivery.deliver()
    assert len(mailoutbox) == 1


def test_of_two_browsers_the_one_that_failed_alone_is_tried_again(service, browser, alice):
    begin(by=alice.user, device="", **Browser().asks("https://push.example.org/slow"))
    (notice,) = [n for n in tell(users=[alice.user.pk], kind=Kind.NOT_READ) if n.channel == "push"]
    PushBrowser.objects.filter(endpoint__endswith="abc").update(last_key=str(notice.pk))
    service.status = 503
    delivery.deliver()
    service.status = 201
    Notice.objects.update(due_at=notice.created_at)
    delivery.deliver()
    assert [path for path, _, _ in service.taken] == ["/slow", "/slow"]
    assert service.taken[0][1]["Topic"] == service.taken[1][1]["Topic"]


@pytest.mark.parametrize("status", [302, 403, 500])
def test_a_service_that_refuses_is_tried_again_and_leads_nowhere(service, browser, alice, status):
    service.status = status
    tell(users=[alice.user.pk], kind=Kind.MESSAGE_WAITING)
    delivery.deliver()
    notice = Notice.objects.get(channel="push")
    assert (notice.stopped_as, notice.attempts, notice.last_error) == ("", 1, "PushFaultError")
    assert len(service.taken) == 1


@pytest.mark.parametrize(
    "endpoint",
    [
        "", "push.example.org/a", "http://push.example.org/a", "https://localhost/a",
        "https://127.0.0.1/a", "https://2130706433/a", "https://0x7f.1/a", "https://[::1]/a",
        "https://push.example.org:22/a", "https://user@push.example.org/a", "https:///a",
        "https://push.example.org/a\r\nX: y", "https://push.example.org/#a",
        "file:///etc/passwd", "https://push.example.org:x/", "https://[/",
        "https://push.example.org/" + "a" * 1000,
    ],
)  # fmt: skip
def test_an_address_that_no_push_service_has_is_refused(alice, endpoint):
    with pytest.raises(RequestError, match="named no push service"):
        begin(by=alice.user, device="", **Browser().asks(endpoint))
    assert not Wishes.objects.filter(by_push=True).exists()


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "100.64.0.1",
     "0.0.0.1", "224.0.0.1", "::1", "fe80::1%eth0", "fd00::1", "::ffff:10.0.0.1", "::7f00:1",
     "2002:7f00:1::", "64:ff9b::a00:1", "ff02::1"],
)  # fmt: skip
def test_a_name_that_leads_inside_is_never_connected_to(monkeypatch, address):
    found = [(0, 0, 0, "", (each, 443)) for each in ("93.184.216.34", address)]
    monkeypatch.setattr(wire.socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr(wire.socket, "create_connection", lambda *_, **__: pytest.fail("went"))
    with pytest.raises(wire.PushFaultError):
        wire.post("https://push.example.org/a", b"", {})


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"])
def test_addresses_of_the_internet_are_gone_to(address):
    assert wire.is_public(address)


def test_a_service_under_another_name_is_not_talked_to(service):
    with pytest.raises(wire.PushFaultError):
        wire.post("https://other.example.org/a", b"x", {})
    assert service.taken == []


def test_a_service_that_answers_forever_is_cut_off(service, monkeypatch):
    monkeypatch.setattr(wire, "SECONDS", 0.5)
    release = threading.Event()
    monkeypatch.setattr(Service, "do_POST", lambda self: release.wait(HUNG))
    try:
        with pytest.raises(wire.PushFaultError):
            wire.post("https://push.example.org/a", b"x", {})
    finally:
        release.set()


@pytest.mark.parametrize(
    "wrong",
    [{"public_key": "AAAA"}, {"secret": "AAAA"}, {"public_key": "é"}, {"secret": "A" * 200}],
)
def test_keys_that_no_browser_makes_are_refused(alice, wrong):
    with pytest.raises(RequestError, match="gave no key"):
        begin(by=alice.user, device="", **Browser().asks(**wrong))


def test_browsers_have_a_limit(alice, monkeypatch):
    for number in range(MOST):
        begin(by=alice.user, device="", **Browser().asks(f"https://push.example.org/{number}"))
    with pytest.raises(RequestError, match="End one of them first"):
        begin(by=alice.user, device="", **Browser().asks("https://push.example.org/more"))
    begin(by=alice.user, device="", **Browser().asks("https://push.example.org/0"))
    assert browsers.browsers_of(alice.user).count() == MOST


def test_who_uses_the_browser_next_is_shown_their_own(browser, alice, bob):
    keep_wishes(by=alice.user, **NO_EMAIL)
    begin(by=bob.user, device="", **browser.asks())
    assert PushBrowser.objects.get().user == bob.user
    held = Wishes.objects.get(user=alice.user)
    assert (held.by_push, held.by_email) == (False, True)


def test_alice_ends_it_and_bob_cannot(browser, alice, bob, deeds):
    held = PushBrowser.objects.get()
    assert not end(by=bob.user, browser=held.pk)
    assert end(by=alice.user, browser=held.pk)
    assert not Wishes.objects.get(user=alice.user).by_push
    assert deeds()[-2:] == ["push_begun", "push_ended"]


def test_a_browser_ends_with_the_sign_in_it_was_asked_for_in(alice, client):
    """Alice's lost telephone shows nothing more once she ended its sign-in; her desk does."""
    desk, phone = signed_in(client, alice.user), signed_in(Client(), alice.user)
    session = phone.session
    session[BEGAN] += 60
    session.save()
    for place, each in (("desk", desk), ("phone", phone)):
        asked = Browser().asks(endpoint=f"https://push.example.org/{place}")
        assert each.post(reverse("notices:begin_push"), asked).status_code == 302
    there = next(row for row in sign_ins_of(alice.user, desk.session.session_key) if not row.here)
    end_sign_in(by=alice.user, reference=there.reference)
    assert [each.endpoint for each in PushBrowser.objects.all()] == [
        "https://push.example.org/desk"
    ]


@pytest.mark.parametrize("here", [True, False])
def test_ending_all_others_ends_what_they_show(alice, client, here):
    """Those of sign-ins long over as well. Who is shown nothing in any browser is told by email."""
    keep_wishes(by=alice.user, **NO_EMAIL)
    desk = signed_in(client, alice.user)
    began = SignIn.objects.get(pk=desk.session.session_key).began_at
    for place, at in (("here", began), ("old", None), ("other", began - dates.timedelta(days=1))):
        asked = Browser().asks(f"https://push.example.org/{place}", device="", signed_in_at=at)
        begin(by=alice.user, **asked)
    end_all(alice.user, here=desk.session.session_key if here else "")
    left = {each.endpoint.rpartition("/")[2] for each in PushBrowser.objects.all()}
    assert left == ({"here"} if here else set())
    assert Wishes.objects.get(user=alice.user).by_email is not here


def test_the_page_shows_them_and_ends_them(browser, alice, client):
    signed_in(client, alice.user)
    page = client.get(reverse("notices:wishes")).content.decode()
    assert "Chrome on Android" in page and f'data-key="{public_key()}"' in page
    assert "push.example.org" not in page
    held = PushBrowser.objects.get()
    shown = client.post(reverse("notices:end_push", args=[held.pk]), follow=True)
    assert "shows you no notices any more" in shown.content.decode()
    refused = client.post(reverse("notices:begin_push"), {"endpoint": "x"}, follow=True)
    assert "named no push service" in refused.content.decode()


def test_the_worker_is_a_script_of_ours_alone(client):
    answer = client.get(reverse("notices:worker"))
    assert answer["Content-Type"].startswith("text/javascript")
    assert "worker-src 'self'" in answer["Content-Security-Policy"]
    assert "http" not in answer.content.decode()
