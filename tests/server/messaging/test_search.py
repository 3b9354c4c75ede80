"""Finding messages: what a plain reading finds, for those who may open it, and nothing else."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from wellpost.errors import RequestError
from wellpost.server.audit.models import AuditRow
from wellpost.server.messaging import actions
from wellpost.server.messaging.models import IndexedMessage, PartyKey, Receipt, Thread
from wellpost.server.messaging.search import words
from wellpost.server.messaging.search.blind import DIGEST, digests_for, holds, row_for
from wellpost.server.messaging.search.finding import Asked, search
from wellpost.server.messaging.seats import Side
from wellpost.server.people.models import Representative
from wellpost.server.people.permissions import NotAllowed

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def found(by, patient, side=Side.PATIENT, **asked):
    results = search(by=by, patient=patient, side=side, asked=Asked(**asked))
    return [
        f"{each.snippet.before}{each.snippet.hit}{each.snippet.after}" for each in results.found
    ]


@pytest.fixture
def talk(alice, dr_chen, sam_staff, fresh_key):
    """Three messages in one conversation, one in another."""
    asked = {"practice": alice.practice, "patient": alice}
    first = actions.start_thread(
        **asked, by=dr_chen.user, subject="Your blood pressure", body="Measure it every day.",
        client_key=fresh_key(),
    )  # fmt: skip
    for by, body in ((alice.user, "It was 128 in the café."), (sam_staff, "Thank you, measured.")):
        actions.send_message(thread=first.thread, by=by, body=body, client_key=fresh_key())
    actions.start_thread(
        **asked, by=sam_staff, subject="Your address", body="Is it still right?",
        client_key=fresh_key(),
        attachments=[ContentFile(b"Please look.", name="Parking-map.txt")],
    )  # fmt: skip
    return first.thread


# What is found


@pytest.mark.parametrize(
    ("asked", "texts"),
    [
        ("measure", ["Thank you, measured.", "Measure it every day."]),
        ("MEASURED", ["Thank you, measured."]),
        ("cafe", ["It was 128 in the café."]),
        ("CAFÉ", ["It was 128 in the café."]),
        ("it", ["Is it still right?", "It was 128 in the café.", "Measure it every day."]),
        ("12", []),
        ("128", ["It was 128 in the café."]),
        ("blood measure", ["Measure it every day."]),
        ("parking", ["Is it still right?"]),
        ("measure café", []),
        ("easure", []),
        ("unheard", []),
    ],
)
def test_words_are_found_by_their_beginning(talk, alice, asked, texts):
    assert found(alice.user, alice, words=asked) == texts


def test_people_and_days(talk, alice):
    assert len(found(alice.user, alice, person="chen")) == 1
    assert len(found(alice.user, alice, person="sam", words="thank")) == 1
    today = talk.messages.first().sent_on
    assert len(found(alice.user, alice, starts_on=today)) == 4
    assert found(alice.user, alice, ends_on=date(2020, 1, 1)) == []


def test_nothing_asked_is_refused(talk, alice):
    for empty in ({}, {"words": " ... "}):
        with pytest.raises(RequestError, match="Write a word"):
            found(alice.user, alice, **empty)


def test_what_was_taken_back_is_found_no_more(talk, alice):
    wrong = talk.messages.get(sequence=2)
    actions.retract_message(message=wrong, by=alice.user)
    assert found(alice.user, alice, words="café") == []
    assert not IndexedMessage.objects.filter(message=wrong).exists()


def test_it_goes_on_a_page_at_a_time(talk, alice, monkeypatch):
    from wellpost.server.messaging.search import finding

    monkeypatch.setattr(finding, "PAGE_SIZE", 2)
    asked = {"by": alice.user, "patient": alice, "side": Side.PATIENT, "asked": Asked("it")}
    one, two = search(**asked), search(**asked, page=2)
    assert (len(one.found), one.has_more, len(two.found), two.has_more) == (2, True, 1, False)


# Who finds what


@pytest.mark.parametrize("who", ["bob", "dr_evans", "dr_diaz", "rita_reporter", "ada_admin"])
def test_others_find_nothing(request, talk, alice, who):
    by = request.getfixturevalue(who)
    by = getattr(by, "user", by)
    for side in Side:
        with suppress(NotAllowed):
            assert found(by, alice, side, words="measure") == []


def test_a_clinician_finds_in_the_threads_they_carry(talk, alice, dr_chen, sam_staff):
    assert len(found(dr_chen.user, alice, Side.PRACTICE, words="it")) == 2
    assert len(found(sam_staff, alice, Side.PRACTICE, words="it")) == 3


def test_a_representative_finds_from_their_first_day_on(talk, alice, amir, sam_staff, fresh_key):
    Representative.objects.filter(pk=amir.pk).update(starts_on=date(2999, 1, 1))
    with pytest.raises(NotAllowed):
        found(amir.user, alice, words="measure")
    Representative.objects.filter(pk=amir.pk).update(starts_on=date(2020, 1, 1))
    assert len(found(amir.user, alice, words="measure")) == 2


def test_equal_words_of_two_patients_do_not_match(talk, alice, carol, dr_chen, fresh_key):
    actions.start_thread(
        practice=carol.practice, patient=carol, by=dr_chen.user, subject="Your blood pressure",
        body="Measure it every day.", client_key=fresh_key(),
    )  # fmt: skip
    rows = {each.patient_id: bytes(each.tokens) for each in IndexedMessage.objects.order_by("pk")}
    cut = [
        {tokens[at : at + DIGEST] for at in range(0, len(tokens), DIGEST)}
        for tokens in (
            bytes(IndexedMessage.objects.get(message__thread=talk, message__sequence=1).tokens),
            rows[carol.pk],
        )
    ]
    assert len(cut[0]) == len(cut[1]) > 5 and not cut[0] & cut[1]


def test_no_word_stands_in_the_database(talk):
    for each in IndexedMessage.objects.all():
        tokens = bytes(each.tokens)
        assert not [word for word in (b"measure", b"every", b"address") if word in tokens]


def test_a_search_is_on_record_without_its_words_and_reads_nothing(talk, alice):
    Receipt.objects.all().delete()
    found(alice.user, alice, words="café")
    row = AuditRow.objects.filter(deed="messages_searched").latest("pk")
    assert row.details == {"threads": [str(talk.pk)], "messages": 1, "keys_opened": 1}
    assert row.patient_id == str(alice.pk) and not Receipt.objects.exists()


# What the index lacks


def test_what_is_not_indexed_is_found_and_indexed(talk, alice):
    IndexedMessage.objects.all().delete()
    assert len(found(alice.user, alice, words="measure")) == 2
    assert IndexedMessage.objects.count() == 4
    assert len(found(alice.user, alice, words="measure")) == 2


def test_a_key_made_anew_finds_the_old_and_the_new(talk, alice, fresh_key):
    actions.revoke_key(holder=alice, by=None)
    actions.send_message(
        thread=talk, by=alice.user, body="I measured again.", client_key=fresh_key()
    )
    assert len(found(alice.user, alice, words="measure")) == 3
    assert len({each.party_key_id for each in IndexedMessage.objects.all()}) == 2


def test_an_old_key_that_is_lost_loses_nothing(talk, alice):
    from wellpost.server.people.actions import recover_account

    old = PartyKey.objects.get(party_id=alice.pk)
    PartyKey.objects.filter(pk=old.pk).update(wrapped_private_key=b"lost")
    recover_account(patient=alice, by=None, loss="cannot_sign_in", proof="in_person")
    sam = talk.messages.get(sequence=3).sender
    assert len(found(sam, alice, Side.PRACTICE, words="measure")) == 2
    assert not IndexedMessage.objects.filter(party_key=old).exists()


def test_a_message_is_sent_though_the_patients_key_is_broken(talk, alice, dr_chen, fresh_key):
    PartyKey.objects.filter(party_id=alice.pk).update(wrapped_private_key=b"x" * 60)
    sent = actions.send_message(
        thread=talk, by=dr_chen.user, body="All the same.", client_key=fresh_key()
    )
    assert AuditRow.objects.filter(deed="seal_broken").exists()
    assert not IndexedMessage.objects.filter(message=sent).exists()


def test_the_index_costs_one_statement(talk, alice, fresh_key):
    with CaptureQueriesContext(connection) as captured:
        actions.send_message(thread=talk, by=alice.user, body="Once more.", client_key=fresh_key())
    written = [each["sql"] for each in captured if "messaging_indexedmessage" in each["sql"]]
    assert len(written) == 1


# As a plain reading

ALPHABET = st.sampled_from("aábcdéßﬁÅ1 _.-'\n’İ")
TEXTS = st.text(ALPHABET, max_size=40)


def plainly(asked: str, texts: list[str]) -> bool:
    """Every word asked for is one of the texts', or begins one where it has three letters."""
    said = [word for text in texts for word in words.words_in(text)]
    return all(
        any(word == term or (len(term) >= 3 and word[: len(term)] == term) for word in said)
        for term in words.terms_of(asked)
    )


@given(texts=st.lists(TEXTS, max_size=3), asked=TEXTS)
def test_the_digests_hold_what_a_plain_reading_finds(texts, asked):
    row = row_for(_Message(), texts, PartyKey(), b"k" * 32)
    assert holds(bytes(row.tokens), digests_for(words.terms_of(asked), b"k" * 32)) == plainly(
        asked, texts
    )
    assert words.matches(words.terms_of(asked), texts) == plainly(asked, texts)


class _Message:
    """Stands for one: the row is not saved."""

    def __new__(cls):
        from wellpost.server.messaging.models import Message

        return Message(thread=Thread())


@given(text=TEXTS, asked=TEXTS)
def test_a_snippet_is_a_piece_of_the_text(text, asked):
    piece = words.snippet(words.terms_of(asked), text)
    joined = piece.before.removeprefix("… ") + piece.hit + piece.after.removesuffix(" …")
    assert joined in text


@given(word=st.text("abcdefgh", min_size=21, max_size=40))
@settings(max_examples=20)
def test_a_long_word_is_found_by_its_beginning_and_told_by_reading(word):
    other = word[:20] + "x" * (len(word) - 20)
    row = row_for(_Message(), [word], PartyKey(), b"k" * 32)
    assert holds(bytes(row.tokens), digests_for([other], b"k" * 32))
    assert not words.matches([other], [word])


@pytest.fixture
def many(alice, dr_chen, carol, fresh_key):
    """A dozen short messages of few words in three conversations of two patients."""
    drawn = ["red blue", "blue green", "Red GREEN reds", "Bluest", "greenish blue", "re bl gr"]
    sent = []
    for patient in (alice, alice, carol):
        first = actions.start_thread(
            practice=patient.practice, patient=patient, by=dr_chen.user, subject="Colours",
            body=drawn[len(sent) % 6], client_key=fresh_key(),
        )  # fmt: skip
        sent.append(first)
        sent += [
            actions.send_message(
                thread=first.thread, by=dr_chen.user, body=drawn[(len(sent) + n) % 6],
                client_key=fresh_key(),
            )
            for n in range(3)
        ]  # fmt: skip
    return drawn


@pytest.mark.parametrize("asked", ["red", "blue", "re", "gree red", "bl", "colours", "greeni"])
def test_the_search_finds_what_a_plain_scan_of_ones_threads_finds(many, alice, asked):
    from wellpost.server.messaging.queries import open_thread

    plain = [
        message.text
        for thread in Thread.objects.filter(patient=alice)
        for opened in [open_thread(thread.pk, alice.user)]
        for message in opened.messages
        if plainly(asked, [message.text, *([opened.subject] if message.sequence == 1 else [])])
    ]
    assert sorted(found(alice.user, alice, words=asked)) == sorted(plain)
