"""What is attached: known by its content, cleaned of where it was made, refused where harmful."""

from __future__ import annotations

import io
import zlib

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests import made_files as made
from wellpost.server.messaging.checking import films, gif, jpeg, png, webp
from wellpost.server.messaging.checking.errors import DamagedError, FileRefusedError
from wellpost.server.messaging.checking.kinds import OFFICE, with_ending
from wellpost.server.messaging.checking.looking import looked_through
from wellpost.server.messaging.checking.orientation import only_orientation, orientation_of

SAFE = {"jpeg": jpeg, "png": png, "webp": webp, "gif": gif, "films": films}
PHOTOS = {kind: made.photo(kind) for kind in ("JPEG", "PNG", "WEBP")}


def look(data, name="name"):
    return looked_through(SimpleUploadedFile(name, data), name)


def content(looked):
    looked.file.seek(0)
    return looked.file.read()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_keeps_its_pixels_and_which_way_is_up_and_nothing_else(kind):
    photo = PHOTOS[kind]
    assert made.SECRET in photo
    looked = look(photo)
    clean = content(looked)
    assert made.SECRET not in clean
    assert made.LATITUDE not in clean
    assert made.pixels(clean) == made.pixels(photo)
    said = Image.open(io.BytesIO(clean)).getexif()
    assert dict(said) == {0x0112: 6}
    assert not said.get_ifd(0x8825)
    shown = Image.open(io.BytesIO(looked.thumbnail))
    assert (shown.format, shown.height > shown.width) == ("JPEG", True)


def test_what_hides_behind_a_jpeg_is_gone():
    photo = made.photo(progressive=True, icc_profile=b"a profile")
    clean = content(look(photo + b"PK\x03\x04" + made.SECRET))
    assert made.SECRET not in clean
    assert clean.endswith(b"\xff\xd9")
    assert Image.open(io.BytesIO(clean)).info["icc_profile"] == b"a profile"
    assert content(look(clean)) == clean


def test_a_gif_keeps_its_pictures_and_loses_its_comments():
    frames = [Image.new("RGB", (9, 9), each) for each in ("red", "white", "blue")]
    held = io.BytesIO()
    frames[0].save(
        held, "GIF", save_all=True, append_images=frames[1:], loop=0, comment=made.SECRET
    )
    assert made.SECRET in held.getvalue()
    clean = content(look(held.getvalue()))
    assert made.SECRET not in clean
    opened = Image.open(io.BytesIO(clean))
    assert (opened.n_frames, opened.info["loop"]) == (3, 0)


def test_pages_of_a_scan_are_written_anew():
    pages = [Image.new("1", (30, 40), each) for each in (0, 1)]
    held = io.BytesIO()
    pages[0].save(held, "TIFF", save_all=True, append_images=pages[1:], description=made.SECRET)
    assert made.SECRET in held.getvalue()
    clean = content(look(held.getvalue()))
    assert made.SECRET not in clean
    assert Image.open(io.BytesIO(clean)).n_frames == 2


def test_what_browsers_cannot_show_becomes_a_jpeg():
    photo = made.avif()
    assert made.SECRET in photo
    looked = look(photo, "IMG_0001.AVIF")
    assert (looked.name, looked.kind) == ("IMG_0001.jpg", "image/jpeg")
    opened = Image.open(io.BytesIO(content(looked)))
    assert (opened.format, opened.size, dict(opened.getexif())) == ("JPEG", (40, 64), {})


def test_a_film_loses_where_it_was_made_and_nothing_moves():
    film = made.film()
    looked = look(film, "walk.mp4")
    clean = content(looked)
    assert looked.kind == "video/mp4"
    assert film.count(made.SECRET) == 3
    assert made.SECRET not in clean
    assert b"+43.6" not in clean
    assert len(clean) == len(film)
    assert clean.index(b"seen" * 50) == film.index(b"seen" * 50)


def test_a_film_of_boxes_in_boxes_without_end_is_damaged():
    boxes = b"".join((8 * left).to_bytes(4, "big") + b"moov" for left in range(3000, 0, -1))
    with pytest.raises(FileRefusedError):
        look(b"\x00\x00\x00\x10ftypisom" + bytes(4) + boxes, "deep.mp4")


@pytest.mark.parametrize("order", ["big", "little"])
def test_the_orientation_is_read_in_either_byte_order(order):
    mark = {"big": b"MM\x00*", "little": b"II*\x00"}[order]
    n = lambda value, size: value.to_bytes(size, order)  # noqa: E731 - three letters, used once
    entry = n(0x0112, 2) + n(3, 2) + n(1, 4) + n(8, 2) + b"\x00\x00"
    said = mark + n(8, 4) + n(1, 2) + entry + n(0, 4)
    assert orientation_of(said) == 8
    assert orientation_of(only_orientation(said)) == 8
    assert only_orientation(b"II*\x00") == b""


@given(st.sampled_from(sorted(SAFE)), st.binary(max_size=200), st.integers(0, 400), st.data())
def test_a_broken_file_is_refused_or_cleaned_and_never_anything_else(kind, noise, at, data):
    whole = {
        "jpeg": PHOTOS["JPEG"], "png": PHOTOS["PNG"], "webp": PHOTOS["WEBP"],
        "gif": b"GIF89a" + bytes(7), "films": made.film(),
    }[kind]  # fmt: skip
    broken = whole[:at] + noise + whole[at + data.draw(st.integers(0, 60)) :]
    target = io.BytesIO()
    try:
        SAFE[kind].cleaned(io.BytesIO(broken), target)
    except DamagedError:
        return
    assert len(target.getvalue()) <= len(broken) + 64


def test_a_picture_of_too_many_pixels_is_refused_unread(settings):
    settings.PICTURE_PIXELS = 5_000_000
    wide = made.picture("PNG", (1, 1)).replace(
        b"\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02", b"\x00\x01\x00\x00\x00\x01\x00\x00\x08\x02"
    )
    head = wide[12:29]
    wide = wide.replace(wide[29:33], zlib.crc32(head).to_bytes(4, "big"))
    with pytest.raises(FileRefusedError, match="more than 5 megapixels"):
        look(wide)


def test_a_picture_that_cannot_be_drawn_is_refused():
    with pytest.raises(DamagedError, match="is damaged"):
        look(b"\xff\xd8\xff\xd9")
    with pytest.raises(DamagedError, match="is damaged"):
        look(PHOTOS["PNG"][:-40])


@pytest.mark.parametrize("folder", ["word", "xl", "ppt"])
def test_an_office_file_is_what_its_parts_show(folder):
    looked = look(made.office(folder), "bill.exe")
    assert looked.kind == OFFICE[f"{folder}/"]
    assert looked.name == with_ending("bill.exe", looked.kind) != "bill.exe"
    assert not looked.thumbnail


def test_an_open_document_is_taken():
    kind = "application/vnd.oasis.opendocument.text"
    manifest = "<m:manifest xmlns:m='urn:m'/>"
    whole = made.archive({"content.xml": "<o/>", "META-INF/manifest.xml": manifest}, first=kind)
    assert look(whole).kind == kind
    secret = "<m:manifest xmlns:m='urn:m'><m:encryption-data/></m:manifest>"
    with pytest.raises(FileRefusedError, match="locked with a password"):
        look(made.archive({"META-INF/manifest.xml": secret}, first=kind))
    with pytest.raises(FileRefusedError, match="holds macros"):
        look(made.archive({"Basic/Standard/Module1.xml": "<m/>"}, first=kind))


def test_an_office_file_with_remarks_in_its_list_of_parts_is_taken():
    """As some programs write them: what is no element has no attributes."""
    types = "<!-- one --><Types><?made by='hand'?><!-- two --><Default ContentType='a'/></Types>"
    parts = {"[Content_Types].xml": types, "word/document.xml": "<d/>"}
    assert look(made.archive(parts)).kind.endswith("wordprocessingml.document")


@pytest.mark.parametrize(
    ("whole", "says"),
    [
        (made.office(word__vbaProject_dot_bin=b"x"), "holds macros"),
        (made.office(said="application/vnd.ms-word.document.macroEnabled.main+xml"), "macros"),
        (made.office("xl", xl__macrosheets__sheet1_dot_xml="<m/>"), "holds macros"),
        (made.office(word__embeddings__oleObject1_dot_bin=b"x"), "holds macros"),
        (made.office(word___rels__settings_dot_xml_dot_rels=made.relation("attachedTemplate")),
         "loads parts of itself from elsewhere"),
        (made.office(word___rels__a_dot_rels="<!DOCTYPE d ["), "is damaged"),
        (made.office()[:-30], "is of a kind that cannot be sent"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "older office file"),
        (b"{\\rtf1 {\\object}}", "is of a kind"),
        (b"MZ\x90\x00" + b"\xff" * 90, "is of a kind"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)  # fmt: skip
def test_what_could_do_harm_is_refused(whole, says):
    with pytest.raises(FileRefusedError, match=says):
        look(whole)


def test_a_document_that_unpacks_to_more_than_a_document_can_hold_is_refused():
    with pytest.raises(FileRefusedError, match="unpacks to more"):
        look(made.office(word__big_dot_xml=b" " * 300_000_000))


def test_a_link_in_a_document_does_no_harm():
    links = made.office(word___rels__document_dot_xml_dot_rels=made.relation("hyperlink"))
    assert look(links).kind == OFFICE["word/"]


def test_a_plain_pdf_is_taken_as_it_is():
    whole = made.pdf()
    assert content(look(whole)) == whole


@pytest.mark.parametrize(
    ("whole", "says"),
    [
        (made.pdf(OpenAction=pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")),
         "can run programs"),
        (made.pdf(AA=pikepdf.Dictionary(O=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd"))),
         "can run programs"),
        (made.pdf(Names=pikepdf.Dictionary(EF=pikepdf.Dictionary(F="x"))), "other files inside"),
        (made.locked_pdf(), "locked with a password"),
        (b"%PDF-1.7\n nothing of it", "is damaged"),
    ],
)  # fmt: skip
def test_a_pdf_that_acts_by_itself_is_refused(whole, says):
    with pytest.raises(FileRefusedError, match=says):
        look(whole)


def test_a_pdf_made_to_fill_the_memory_ends_its_own_process_only():
    small, bomb = made.pdf_of_packed_objects(1), made.pdf_of_packed_objects(2000)
    assert content(look(small)) == small
    assert len(bomb) < 3_000_000
    with pytest.raises(DamagedError):
        look(bomb)


@pytest.mark.parametrize(
    ("given", "kind", "kept"),
    [
        ("a.JPEG", "image/jpeg", "a.JPEG"),
        ("a.html", "text/plain", "a.html.txt"),
        ("IMG.HEIC", "image/jpeg", "IMG.jpg"),
        ("invoice.pdf.exe", "application/pdf", "invoice.pdf.exe.pdf"),
    ],
)
def test_a_name_ends_as_its_kind_does(given, kind, kept):
    assert with_ending(given, kind) == kept
