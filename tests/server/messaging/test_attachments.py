"""Files: known by content, limited, sealed, streamed, opened by the message's readers alone."""

from __future__ import annotations

import hashlib
from base64 import b64decode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import made_files as made
from wellpost.server.audit.models import AuditRow
from wellpost.server.messaging import actions, queries
from wellpost.server.messaging.checking.kinds import ENDINGS, OFFICE
from wellpost.server.messaging.errors import MessageRefusedError
from wellpost.server.messaging.models import Attachment, AttachmentChunk, AttachmentThumbnail
from wellpost.server.people.permissions import NotAllowed

pytestmark = pytest.mark.django_db

PNG = made.picture("PNG", (400, 300))


@pytest.fixture
def send(first, dr_chen, fresh_key):
    def send(*files, key=None):
        return actions.send_message(
            thread=first.thread, by=dr_chen.user, body="See the file.",
            client_key=key or fresh_key(), attachments=files,
        )  # fmt: skip

    return send


def file(data=PNG, name="knee.png"):
    return SimpleUploadedFile(name, data)


def test_alice_and_amir_open_the_file(send, alice, amir):
    message = send(file())
    note = queries.open_thread(message.thread_id, alice.user).messages[-1].attachments[0]
    assert (note.name, note.type, note.size) == ("knee.png", "image/png", len(PNG))
    for user in (alice.user, amir.user):
        name, kind, size, pieces = queries.open_attachment(note.id, user)
        assert (name, kind, size) == ("knee.png", "image/png", len(PNG))
        assert b"".join(pieces) == PNG
    read = AuditRow.objects.filter(deed="attachment_read").order_by("pk")
    assert [each.on_behalf_of for each in read] == ["", str(alice.pk)]


@pytest.mark.parametrize("outsider", ["bob", "dr_evans", "dr_diaz", "ada_admin"])
def test_outsiders_do_not(send, outsider, request):
    attachment = send(file()).attachments.get()
    person = request.getfixturevalue(outsider)
    with pytest.raises(NotAllowed):
        queries.open_attachment(attachment.pk, getattr(person, "user", person))
    assert not AuditRow.objects.filter(deed="attachment_read").exists()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (made.photo("JPEG"), "image/jpeg"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"ID3\x04" + b"\x00" * 50, "audio/mpeg"),
        (b"fLaC" + b"\x00" * 50, "audio/flac"),
        (made.film(), "video/mp4"),
        ("plain tëxt".encode(), "text/plain"),
        (b"<html><script>alert(1)</script>", "text/plain"),
        (made.pdf(), "application/pdf"),
        (made.office(), OFFICE["word/"]),
    ],
)
def test_a_file_is_what_its_content_shows(send, alice, data, kind):
    message = send(file(data, "named.exe"))
    note = queries.open_thread(message.thread_id, alice.user).messages[-1].attachments[0]
    assert note.type == kind
    assert note.name == f"named.exe{ENDINGS[kind][0]}"


def test_a_photo_is_sent_without_its_place_and_shown_small(send, alice):
    message = send(file(made.photo("JPEG"), "IMG_1.jpg"))
    note = queries.open_thread(message.thread_id, alice.user).messages[-1].attachments[0]
    kept = b"".join(queries.open_attachment(note.id, alice.user).pieces)
    assert made.SECRET not in kept
    assert (note.size, note.sha256) == (len(kept), hashlib.sha256(kept).hexdigest())
    small = b64decode(note.thumbnail.removeprefix("data:image/jpeg;base64,"))
    assert small.startswith(b"\xff\xd8")
    sealed = bytes(AttachmentThumbnail.objects.get().sealed)
    assert small[20:60] not in sealed


def test_a_changed_thumbnail_is_an_alarm_and_not_shown(send, alice, deeds):
    message = send(file())
    row = AttachmentThumbnail.objects.get()
    AttachmentThumbnail.objects.update(sealed=bytes(row.sealed)[:-1] + b"x")
    note = queries.open_thread(message.thread_id, alice.user).messages[-1].attachments[0]
    assert (note.name, note.thumbnail) == ("knee.png", "")
    assert "seal_broken" in deeds()


def test_what_is_of_no_known_kind_is_refused_and_nothing_of_it_kept(send):
    with pytest.raises(MessageRefusedError, match="File 2 is of a kind that cannot be sent"):
        send(file(), file(b"MZ\x90\x00" + b"\xff" * 90, "picture.png"))
    with pytest.raises(MessageRefusedError, match="File 1 holds macros"):
        send(file(made.office(word__vbaProject_dot_bin=b"x")))
    assert not Attachment.objects.exists()


def test_an_empty_file_is_refused(send):
    with pytest.raises(MessageRefusedError, match="File 1 is empty"):
        send(file(b""))


def test_too_many_and_too_large_are_refused(send, settings):
    settings.MESSAGE_FILES, settings.MESSAGE_FILE_BYTES = 2, 1024 * 1024
    with pytest.raises(MessageRefusedError, match="3 files; at most 2"):
        send(file(), file(), file())
    with pytest.raises(MessageRefusedError, match="File 1 is larger than 1 MB"):
        send(file(b"a" * (1024 * 1024 + 1)))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\Users\\me\\a.png", "a.png"),
        ("../../etc/passwd", "passwd.png"),
        ("a\r\nb.png", "ab.png"),
    ],
)
def test_a_name_is_only_a_name(send, alice, given, kept):
    upload = file()
    upload._name = given
    message = send(upload)
    assert queries.open_thread(message.thread_id, alice.user).messages[-1].attachments[0].name == (
        kept
    )


def test_the_same_sending_again_stores_no_file_twice(send):
    assert send(file(), key="once") == send(file(), key="once")
    assert Attachment.objects.count() == 1
    with pytest.raises(MessageRefusedError, match="another content"):
        send(file(made.picture("PNG")), key="once")


def test_a_large_file_is_many_chunks_and_comes_back_whole(send, alice):
    data = b"a line of text\n" * 200_000
    message = send(file(data, "log.txt"))
    assert AttachmentChunk.objects.count() == -(-len(data) // 65536)
    pieces = queries.open_attachment(message.attachments.get().pk, alice.user).pieces
    assert b"".join(pieces) == data
