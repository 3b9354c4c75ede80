"""Who gets what from every address: twelve people, every named address, GET and POST.

The table (`matrix.txt`) decides each cell; an address that it does not decide fails the test.
What it says: 200 a page, 302 on to another page of theirs, 404 what anything not theirs looks
like, 405 not that way, `in` to the sign-in (or, for a form, the page that keeps what was typed).
POST is empty: whoever may is told what is missing (200 or 302); nobody else gets that far.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests import made_files
from tests.server.conftest import LONG_AGO, make_user, signed_in
from wellpost.server.audit.checkpoints import make_checkpoint
from wellpost.server.audit.models import AuditRow
from wellpost.server.audit.sealing import seal_waiting
from wellpost.server.from_home.adding import add_document
from wellpost.server.from_home.documents import DOCUMENTS
from wellpost.server.from_home.importing import begin_import
from wellpost.server.messaging.actions import cover, start_thread
from wellpost.server.messaging.emergency import begin_emergency, end_emergency
from wellpost.server.messaging.models import ChartSearch, SearchState
from wellpost.server.messaging.retention.holds import set_hold
from wellpost.server.messaging.retention.policy import set_policy
from wellpost.server.messaging.sealed_words import seal_search
from wellpost.server.notices.models import PushBrowser
from wellpost.server.people.models import Membership, Representative, User
from wellpost.server.quality.attesting import attest
from wellpost.server.quality.models import Override, ReportingPeriod, VirtualGroup
from wellpost.server.quality.periods import Asked
from wellpost.server.records.keeping import keep
from wellpost.server.records.models import Encounter, Resource
from wellpost.server.routing.filters import Filters
from wellpost.server.routing.mailings import prepare_mailing
from wellpost.server.routing.pools import add_pool, join_pool
from wellpost.server.routing.reasons import close_on
from wellpost.server.routing.views import save_view
from wellpost.server.routing.wordings import keep_wording
from wellpost.server.sharing.models import Transmission
from wellpost.server.sharing.sealing import token_hash
from wellpost.server.smart.models import App, Connection
from wellpost.server.smart.registering import register
from wellpost.terms import Period

PEOPLE = [
    "anonymous", "alice", "amir_before", "amir", "amir_after", "bob",
    "dr_chen", "dr_diaz", "dr_evans", "sam", "ada", "rita",
]  # fmt: skip
PARTS = 2
"""Of the table, each looked through in a world made for it."""
TABLE = Path(__file__).with_name("matrix.txt")
WHOLE_GROUPS = {
    "account/": "allauth's own pages, in front of the sign-in or about one's own account"
}


def addresses(
    patterns: list[Any] | None = None, route: str = "", space: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """Every address of the server with its name, but those of the whole groups."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        here = route + str(each.pattern)
        if here in WHOLE_GROUPS:
            continue
        if isinstance(each, URLResolver):
            inside = f"{each.namespace}:" if each.namespace else space
            yield from addresses(each.url_patterns, here, inside)
        else:
            yield f"{space}{each.name}", each


@cache
def named() -> dict[str, URLPattern]:
    """Every address by its name: the first where several have one."""
    return dict(reversed([*addresses()]))


def decided() -> dict[tuple[str, str], dict[str, str]]:
    """The table: (name, method) to what each person gets."""
    rows = [line.split() for line in TABLE.read_text().splitlines() if not line.startswith("#")]
    return {(name, method): dict(zip(PEOPLE, cells, strict=True)) for name, method, *cells in rows}


@pytest.fixture
def world(request, practice, alice, carol, amir, bob, dr_chen, dr_diaz, dr_evans):
    """Alice's conversation with Dr Chen, and all who might want to see it."""
    sam, ada, rita = (
        request.getfixturevalue(name) for name in ("sam_staff", "ada_admin", "rita_reporter")
    )
    message = start_thread(
        practice=practice,
        patient=alice,
        by=alice.user,
        subject="My knee",
        body="It hurts.",
        client_key="one",
        for_clinician=dr_chen,
        attachments=[ContentFile(made_files.pdf(), name="knee.pdf")],
    )
    visit = Encounter.objects.create(
        practice=practice, patient=alice, clinician=dr_chen, seen_on="2021-06-01",
        kind="office_visit",
    )  # fmt: skip
    looked_into = begin_emergency(patient=alice, by=dr_diaz.user, reason="Nobody else was there.")
    end_emergency(patient=alice, by=dr_diaz.user)
    seal_waiting()
    make_checkpoint(str(practice.pk))
    people = {
        "alice": alice.user, "amir": amir.user, "bob": bob.user, "dr_chen": dr_chen.user,
        "dr_diaz": dr_diaz.user, "dr_evans": dr_evans.user, "sam": sam, "ada": ada, "rita": rita,
        "amir_before": _acting(alice, "Amir Before", date(2999, 1, 1), None),
        "amir_after": _acting(alice, "Amir After", LONG_AGO, date(2020, 12, 31)),
    }  # fmt: skip
    places = {
        "practice_id": practice.pk,
        "patient_id": alice.pk,
        "other_id": carol.pk,
        "thread_id": message.thread_id,
        "message_id": message.pk,
        "attachment_id": message.attachments.get().pk,
        "representative_id": amir.pk,
        "membership_id": Membership.objects.get(user=sam).pk,
        "visit_id": visit.pk,
        "emergency_id": looked_into.pk,
        "event_id": AuditRow.objects.filter(patient_id=str(alice.pk)).first().event_id,
        "kind": "csv",
        **finding_and_keeping(practice, sam, ada),
        **kept_reports(practice, dr_chen, rita),
        **a_link(alice),
        **for_the_inbox(practice, alice, dr_chen, dr_diaz, sam, ada),
        **from_home(alice),
        "who": dr_chen.npi,
        "measure": "secure-messaging",
        "measure_id": "stage-3-secure-messaging",
        "app_id": connected_app(alice).pk,
        "browser": a_browser(alice).pk,
        "resource_kind": "Observation",
        "resource_id": visit.pk,
        "person_kind": "Patient",
        "person_id": alice.pk,
        "entry_id": a_note(alice).pk,
        "section": "documents",
        "notice_id": uuid4(),
        "number": 0,
    }
    return people, places


def from_home(patient) -> dict[str, object]:
    """A document that the patient brought, and a meter's file that was read."""
    file = ContentFile(made_files.pdf(), name="will.pdf")
    asked = {"by": patient.user, "patient": patient}
    made = add_document(
        **asked, file=file, document=DOCUMENTS[0], measured_at=datetime.now(UTC)
    )  # fmt: skip
    batch = begin_import(**asked, file=ContentFile(b"Date,Weight (kg)\n", name="weight.csv"))
    return {"datum_id": made.pk, "batch_id": batch.pk, "series_kind": "glucose"}


def a_note(patient) -> Resource:
    """A document of the patient's record with its text."""
    content = [{"attachment": {"contentType": "text/plain", "data": "V2VsbC4="}}]
    note = {"resourceType": "DocumentReference", "content": content}
    return keep(practice=patient.practice, patient=patient, resource=note, by=None)


def for_the_inbox(practice, patient, away, covering, staff, administrator) -> dict[str, object]:
    """A view, a coverage, a template, a list, a topic, a pool and a closed day."""
    chen, diaz = (Membership.objects.get(clinician=each) for each in (away, covering))
    later = {"starts_on": date(2999, 1, 1), "ends_on": date(2999, 1, 2)}
    pool = add_pool(practice=practice, by=administrator, name="Refills")
    to_pool = {"membership": Membership.objects.get(user=staff), "by": administrator, **later}
    view = save_view(by=staff, practice=practice, name="Mine", filters=Filters(whose="mine"))
    text = {"subject": "Flu shots", "body": "Come."}
    return {
        "view_id": view.pk,
        "coverage_id": cover(membership=chen, covered_by=diaz, by=away.user, **later).pk,
        "wording_id": keep_wording(
            practice=practice, by=staff, name="Flu shots", shared=True, **text
        ).pk,
        "mailing_id": prepare_mailing(
            practice=practice, patients=[patient.pk], by=staff, client_key=uuid4(), **text
        ).pk,
        "reason_id": practice.reasons.first().pk,
        "pool_id": pool.pk,
        "pool_member_id": join_pool(pool=pool, **to_pool).pk,
        "closed_id": close_on(practice=practice, by=administrator, day=date(2999, 1, 1)).pk,
    }


def finding_and_keeping(practice, sam, ada) -> dict[str, object]:
    """A search over many charts, and a legal hold."""
    searched = ChartSearch(id=uuid4(), practice=practice, by=sam, asked_at=datetime.now(UTC))
    seal_search(searched, "knee")
    searched.starts_on = searched.ends_on = date(2021, 1, 1)
    searched.state = SearchState.DONE
    searched.save()
    hold = set_hold(
        practice=practice, by=ada, reason="The court asked for it.", starts_on=date(2021, 1, 1)
    )
    set_policy(practice=practice, by=ada, years=10, minors_until=21)
    return {"search_id": searched.pk, "hold_id": hold.pk}


def a_link(patient) -> dict[str, object]:
    """A link to the patient's record that waits to be opened by whoever holds it."""
    now = datetime.now(UTC)
    made = Transmission.objects.create(
        patient=patient, practice=patient.practice, user=patient.user, way="link",
        to_whom="desk@example.org", what="pdf", client_key=uuid4(), made_at=now, sent_at=now,
        token_hash=token_hash("a-token"), expires_at=now + timedelta(hours=72),
    )  # fmt: skip
    return {"token": "a-token", "sending_id": made.pk}


def a_browser(alice):
    """In which Alice is shown notices."""
    asked = {"endpoint": "https://push.example.org/1", "asked_at": datetime.now(UTC)}
    return PushBrowser.objects.create(user=alice.user, **asked)


def kept_reports(practice, clinician, by) -> dict[str, object]:
    """The practice's period, an attestation of it, a number changed by hand, a file."""
    summer = {
        "practice": practice, "npi": clinician.npi, "program": "stage-3", "year": 2021,
        "starts_on": date(2021, 6, 1), "ends_on": date(2021, 8, 31),
    }  # fmt: skip
    asked = Asked("stage-3", 2021, Period(summer["starts_on"], summer["ends_on"]))
    made = Override.objects.create(
        **summer, measure="secure_messaging", numerator=1, denominator=1, made_by=by,
        reason="one letter by courier", made_at=datetime.now(UTC),
    )  # fmt: skip
    usual = {name: value for name, value in summer.items() if name != "npi"}
    ReportingPeriod.objects.create(**usual, chosen_at=datetime.now(UTC))
    kept = attest(by=by, practice=practice, npi=clinician.npi, asked=asked)
    group = VirtualGroup.objects.create(
        name="Both shores", year=2021, named_by=by, named_at=datetime.now(UTC)
    )
    asked_in = group.tins.create(year=2021, tin=practice.tin)
    named = {"name": "scorecard", "form": "pdf", "member_id": asked_in.pk}
    return {"attestation_id": kept.pk, "override_id": made.pk, **named}


def connected_app(patient) -> App:
    """An app that the patient let in."""
    said = {"client_name": "Heart Diary", "redirect_uris": ["https://app.example/back"]}
    app = register(said).app
    Connection.objects.create(
        app=app, user=patient.user, patient=patient, scope="patient/*.rs",
        agreed_at=datetime.now(UTC), began_at=datetime.now(UTC),
    )  # fmt: skip
    return app


def _acting(patient, name: str, starts_on: date, ends_on: date | None) -> User:
    """Somebody whose authority is of another time; each has a record that lets them sign in."""
    user = make_user(name)
    Representative.objects.create(
        patient=patient, user=user, name=name, email=user.email, relationship="spouse",
        starts_on=starts_on, ends_on=ends_on, account_opened_on=LONG_AGO,
    )  # fmt: skip
    return user


def test_the_table_decides_every_address_and_no_other():
    assert set(decided()) == {(name, method) for name in named() for method in ("GET", "POST")}


def test_every_address_has_a_name():
    assert not [pattern for name, pattern in addresses() if name.endswith("None")]


@pytest.mark.django_db
@pytest.mark.parametrize("part", range(PARTS))
def test_everybody_gets_what_the_table_says(world, part):
    people, places = world
    clients = {who: signed_in(Client(), user) for who, user in people.items()}
    clients["anonymous"] = Client()
    wrong = []
    for (name, method), expected in list(decided().items())[part::PARTS]:
        address = _address(name, places)
        got = {who: _asked(clients[who], method, address) for who in PEOPLE}
        wrong += [
            f"{method} {name} by {who}: {got[who]}, decided is {expected[who]}"
            for who in PEOPLE
            if got[who] != expected[who]
        ]
    assert not wrong, "\n".join(wrong)


def _address(name: str, places: dict[str, object]) -> str:
    asks_for = named()[name].pattern.converters
    address = reverse(name, kwargs={each: places[each] for each in asks_for})
    by_query = {"clinic:write", "intake:visit"}
    return f"{address}?patient={places['patient_id']}" if name in by_query else address


def _asked(client: Client, method: str, address: str) -> str:
    """What the client gets; whatever it changed is undone."""
    with transaction.atomic():
        answer = client.generic(method, address)
        if getattr(answer, "streaming", False):
            b"".join(answer.streaming_content)
        transaction.set_rollback(True)
    return _in_the_tables_words(answer)


def _in_the_tables_words(answer: Any) -> str:
    to_sign_in = answer.status_code == 302 and answer.url.startswith("/account/login/")
    kept_for_later = answer.status_code == 403 and b"/account/login/" in answer.content
    return "in" if to_sign_in or kept_for_later else str(answer.status_code)
