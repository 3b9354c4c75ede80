"""Files as devices and programs make them, made here: nothing of it is anybody's."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pikepdf
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

OOXML = "http://schemas.openxmlformats.org/package/2006"
SECRET = b"Harbor Street 12"
"""What no cleaned file may hold: it stands in every place for text that a maker fills."""
LATITUDE = struct.pack(">IIIIII", 43, 1, 39, 1, 5512, 100)


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 40), **more: object) -> bytes:
    """A picture with a corner that tells which way is up; no metadata but what is given."""
    image = Image.effect_mandelbrot(size, (-2, -1, 1, 1), 30).convert("RGB")
    image.paste((255, 0, 0), (0, 0, size[0] // 4, size[1] // 4))
    held = io.BytesIO()
    image.save(held, kind, **more)
    return held.getvalue()


def exif(orientation: int = 6) -> Image.Exif:
    """What a phone writes: where, with what, and which way it was held."""
    said = Image.Exif()
    said[0x0112] = orientation
    said[0x010F] = SECRET.decode()
    place = said.get_ifd(0x8825)
    place[1], place[2] = "N", (IFDRational(43), IFDRational(39), IFDRational(5512, 100))
    return said


def photo(kind: str = "JPEG", **more: object) -> bytes:
    """A picture with place, maker and a description, as that kind carries them."""
    xmp = b"<x:xmpmeta>" + SECRET + b"</x:xmpmeta>"
    return picture(kind, exif=exif(), **({} if kind == "TIFF" else {"xmp": xmp}), **more)


def pixels(data: bytes) -> bytes:
    """What one sees of a picture."""
    return Image.open(io.BytesIO(data)).convert("RGB").tobytes()


def box(name: bytes, content: bytes) -> bytes:
    """A box of ISO media."""
    return (len(content) + 8).to_bytes(4, "big") + name + content


def film() -> bytes:
    """Boxes as a phone's camera lays them out, with the place in three of them."""
    place = box(b"\xa9xyz", b"\x00\x12\x15\xc7+43.6653-070.2553/" + SECRET)
    track = box(b"trak", box(b"tkhd", b"\x00" * 84) + box(b"udta", place))
    moov = box(b"moov", box(b"mvhd", b"\x00" * 100) + track + box(b"udta", place))
    xmp = box(b"uuid", bytes.fromhex("be7acfcb97a942e89c71999491e3afac") + SECRET)
    return box(b"ftyp", b"mp42\x00\x00\x00\x00mp42isom") + moov + box(b"mdat", b"seen" * 50) + xmp


def archive(parts: dict[str, str | bytes], *, first: str = "") -> bytes:
    """A ZIP file; `first` stands unpacked at the beginning under the name `mimetype`."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        if first:
            made.writestr(zipfile.ZipInfo("mimetype"), first)
        for name, content in parts.items():
            made.writestr(name, content)
    return held.getvalue()


def office(folder: str = "word", *, said: str = "main+xml", **parts: str | bytes) -> bytes:
    """The least that an office program opens, and further parts (`__` for a slash)."""
    types = f'<Types xmlns="{OOXML}/content-types"><Override ContentType="{said}"/></Types>'
    more = {name.replace("__", "/").replace("_dot_", "."): each for name, each in parts.items()}
    return archive({"[Content_Types].xml": types, f"{folder}/document.xml": "<d/>", **more})


def relation(kind: str, *, external: bool = True) -> str:
    """A list of relations with one of that kind."""
    mode = ' TargetMode="External"' if external else ""
    return (
        f'<Relationships xmlns="{OOXML}/relationships"><Relationship Id="r1" '
        f'Type="http://x/relationships/{kind}" Target="https://elsewhere.example/"{mode}/>'
        "</Relationships>"
    )


def pdf(**root: object) -> bytes:
    """One empty page, and what is given into the document's catalogue."""
    with pikepdf.new() as made:
        made.add_blank_page()
        for name, each in root.items():
            made.Root[f"/{name}"] = each
        held = io.BytesIO()
        made.save(held, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return held.getvalue()


def locked_pdf() -> bytes:
    """One that asks for a password."""
    with pikepdf.new() as made:
        made.add_blank_page()
        held = io.BytesIO()
        made.save(held, encryption=pikepdf.Encryption(owner="o", user="u"))
    return held.getvalue()


def pdf_of_packed_objects(megabytes: int) -> bytes:
    """A page whose objects stand in a packed stream with so many megabytes of blanks behind."""
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    pages = "<</Type/Pages/Kids[3 0 R]/Count 1>>"
    catalog = "<</Type/Catalog/Pages 2 0 R>>"
    places = f"1 0 2 {len(catalog)} 3 {len(catalog + pages)} ".encode()
    packed = _blanks(places + (catalog + pages + page).encode(), megabytes)
    head = f"<</Type/ObjStm/N 3/First {len(places)}/Filter/FlateDecode/Length {len(packed)}>>"
    stream = b"4 0 obj" + head.encode() + b"stream\n" + packed + b"\nendstream endobj\n"
    begin = b"%PDF-1.5\n"
    rows = [(0, 0, 0), (2, 4, 0), (2, 4, 1), (2, 4, 2), (1, len(begin), 0)]
    rows.append((1, len(begin) + len(stream), 0))
    table = b"".join(struct.pack(">BIB", *row) for row in rows)
    said = f"<</Type/XRef/Size 6/Root 1 0 R/W[1 4 1]/Length {len(table)}>>".encode()
    end = f"startxref\n{len(begin) + len(stream)}\n%%EOF".encode()
    references = b"5 0 obj" + said + b"stream\n" + table + b"\nendstream endobj\n"
    return begin + stream + references + end


def _blanks(beginning: bytes, megabytes: int) -> bytes:
    """Packed: the beginning and the blanks. The same blanks pack to the same bytes each time."""
    packing, blank = zlib.compressobj(9), b" " * (1 << 20)
    first = packing.compress(beginning) + packing.flush(zlib.Z_FULL_FLUSH)
    again = packing.compress(blank) + packing.flush(zlib.Z_FULL_FLUSH)
    return first + again * megabytes + packing.flush()


def avif() -> bytes:
    """A picture that few browsers showed when phones began to make it."""
    return picture("AVIF", exif=exif())
