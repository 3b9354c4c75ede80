"""Our people, threads and messages: those of bench/send, with more threads and representatives."""

from __future__ import annotations

import secrets
import uuid
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import urlencode

from sending.load import MESSAGE, Sender
from sending.site import Site

from .load import KEY, Ask, Line, ask
from .rooms import Asked
from .sizes import Sizes

MARKER = "lazy dog"
OPENED_ON = "2020-01-01"


def fill(site: Site, sizes: Sizes) -> Asked:
    """Write what there is to read and list; what is to be asked then."""
    port = site.ours.port
    app = _app()
    found: Asked = Asked([], [], [], [], [])
    for number, sender in enumerate(site.ours.senders):
        patient = _patient(number, sender)
        threads = [_thread(patient, sizes, f"A matter {each}") for each in range(1, sizes.threads)]
        found.sends.append(Line(port, (_send(sender),)))
        found.reads.append(Line(port, tuple(_read(sender, each, sizes) for each in threads)))
        found.lists.append(Line(port, (_list(sender, patient.pk, sizes),)))
        token = _token(app, patient)
        found.other.append(Line(port, tuple(_read_by_app(token, t, sizes) for t in threads)))
        found.listed_by_app.append(Line(port, (_list_by_app(token, sizes),)))
    _analyze()
    return found


def bare_sends(site: Site) -> list[Line]:
    """The same sends, at the bare view."""
    return [Line(site.bare.port, (_send(each),)) for each in site.bare.senders]


def _send(sender: Sender) -> Ask:
    form = {
        "body": MESSAGE,
        "client_key": KEY,
        "in_reply_to": sender.in_reply_to,
        "csrfmiddlewaretoken": sender.csrf,
    }
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return ask("POST", sender.path, _heads(sender) | kind, urlencode(form), status=302)


def _read(sender: Sender, thread: uuid.UUID, sizes: Sizes) -> Ask:
    """The page of the conversation, every message opened and written out."""
    words = sizes.messages * MESSAGE.count(MARKER)
    path = f"/portal/threads/{thread}/"
    return ask("GET", path, _heads(sender), marker=MARKER, times=words)


def _read_by_app(token: str, thread: uuid.UUID, sizes: Sizes) -> Ask:
    """The same by FHIR, as an app asks for it."""
    words = sizes.messages * MESSAGE.count(MARKER)
    path = f"/fhir/Communication?part-of=Communication/{thread}&_count={sizes.messages}"
    heads = {"Authorization": f"Bearer {token}"}
    return ask("GET", path, heads, marker=MARKER, times=words)


def _list_by_app(token: str, sizes: Sizes) -> Ask:
    """The conversations by FHIR: topic, state and parties of each."""
    heads = {"Authorization": f"Bearer {token}"}
    path = "/fhir/Communication?part-of:missing=true"
    return ask("GET", path, heads, marker='"topic"', times=sizes.threads)


def _list(sender: Sender, patient: uuid.UUID, sizes: Sizes) -> Ask:
    """The page of the inbox: subject, last writer and how many are unread of every thread."""
    path, row = f"/portal/patients/{patient}/", "wp-row__title"
    return ask("GET", path, _heads(sender), marker=row, times=sizes.threads)


def _heads(sender: Sender) -> dict[str, str]:
    return {"Cookie": f"session={sender.session}; csrf={sender.csrf}"}


def _patient(number: int, sender: Sender):  # type: ignore[no-untyped-def]  # Django is loaded late
    """Whose thread is sent into; every second one has a representative with an account."""
    from wellpost.server.messaging.models import Thread
    from wellpost.server.people.models import Representative, User
    from wellpost.server.people.signals import representative_added

    people = Thread.objects.select_related("patient__practice", "patient__user")
    patient = people.get(pk=sender.path.rstrip("/").rpartition("/")[2]).patient
    if number % 2:
        name = f"representative{number}"
        user = User.objects.create_user(f"{name}@example.org", name=name)
        made = Representative.objects.create(
            patient=patient, user=user, name=name, relationship="parent", starts_on=OPENED_ON,
            account_opened_on=OPENED_ON,
        )  # fmt: skip
        made.refresh_from_db()
        representative_added.send(sender=Representative, representative=made)
    return patient


def _thread(patient, sizes: Sizes, subject: str) -> uuid.UUID:  # type: ignore[no-untyped-def]  # late
    """The patient begins, the clinician answers, and so on."""
    from wellpost.server.messaging.actions import send_message, start_thread
    from wellpost.server.people.models import Clinician

    clinician = Clinician.objects.select_related("user").get()
    begun = start_thread(
        practice=patient.practice, patient=patient, by=patient.user, subject=subject,
        body=MESSAGE, client_key=str(uuid.uuid4()), for_clinician=clinician,
    )  # fmt: skip
    for number in range(1, sizes.messages):
        by = clinician.user if sizes.by_clinician(number) else patient.user
        send_message(thread=begun.thread, by=by, body=MESSAGE, client_key=str(uuid.uuid4()))
    return begun.thread_id


def _app():  # type: ignore[no-untyped-def]  # Django is loaded late
    """An app that the practice approved."""
    from wellpost.server.people.models import Practice
    from wellpost.server.smart.models import Approval
    from wellpost.server.smart.registering import register

    app = register({"client_name": "Bench", "redirect_uris": ["https://app.example/back"]}).app
    Approval.objects.create(
        practice=Practice.objects.get(), app=app, decision="approved",
        decided_at=datetime.now(UTC),
    )  # fmt: skip
    return app


def _token(app, patient) -> str:  # type: ignore[no-untyped-def]  # Django is loaded late
    """The patient let the app read and search messages."""
    from wellpost.server.smart.models import AccessToken, Connection

    now, token = datetime.now(UTC), secrets.token_urlsafe(24)
    held = Connection.objects.create(
        app=app, user=patient.user, patient=patient, agreed_at=now, began_at=now,
        scope="launch/patient patient/Communication.rs",
    )  # fmt: skip
    AccessToken(
        user=patient.user, application=app, connection=held, scope=held.scope, token="",
        expires=now + timedelta(hours=5), token_checksum=sha256(token.encode()).hexdigest(),
    ).save()  # fmt: skip
    return token


def _analyze() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
