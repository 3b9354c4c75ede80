"""What a file is, by its content; its name and what the browser says do not matter.

A list of what is taken, not of what is known: each kind on it is looked through or cleaned by
something here, or is sound and video that no program runs.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from typing import IO

HEAD_SIZE = 512

SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"%PDF-", "application/pdf"),
    (8, b"WAVE", "audio/wav"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
)
BRANDS: Mapping[bytes, str] = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"), "image/heic"),
    b"avif": "image/avif",
    **dict.fromkeys((b"M4A ", b"M4B "), "audio/mp4"),
    b"qt  ": "video/quicktime",
    **dict.fromkeys((b"3gp4", b"3gp5", b"3gp6", b"3g2a"), "video/3gpp"),
    **dict.fromkeys(
        (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV"),
        "video/mp4",
    ),
}
"""ISO media and what it is by the brand it names first."""

OFFICE_XML = "application/vnd.openxmlformats-officedocument."
OFFICE = {
    "word/": f"{OFFICE_XML}wordprocessingml.document",
    "xl/": f"{OFFICE_XML}spreadsheetml.sheet",
    "ppt/": f"{OFFICE_XML}presentationml.presentation",
}
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
OLDER_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
REFUSED_TEXT = (b"{\\rt",)
"""How text begins that word processors carry out."""

ENDINGS: Mapping[str, tuple[str, ...]] = {
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "image/tiff": (".tif", ".tiff"),
    "application/pdf": (".pdf",),
    "audio/wav": (".wav",),
    "audio/mpeg": (".mp3",),
    "audio/ogg": (".ogg", ".oga", ".opus"),
    "audio/flac": (".flac",),
    "audio/amr": (".amr",),
    "audio/mp4": (".m4a", ".m4b", ".mp4"),
    "video/mp4": (".mp4", ".m4v", ".m4a"),
    "video/quicktime": (".mov", ".qt"),
    "video/3gpp": (".3gp", ".3g2"),
    "video/webm": (".webm", ".mkv"),
    "text/plain": (".txt", ".csv", ".tsv", ".md", ".log", ".text", ".vcf", ".ics", ".json"),
    OFFICE["word/"]: (".docx",),
    OFFICE["xl/"]: (".xlsx",),
    OFFICE["ppt/"]: (".pptx",),
    f"{OPEN_DOCUMENT}text": (".odt",),
    f"{OPEN_DOCUMENT}spreadsheet": (".ods",),
    f"{OPEN_DOCUMENT}presentation": (".odp",),
    f"{OPEN_DOCUMENT}graphics": (".odg",),
}
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/tiff"})
ACCEPTED = ",".join(
    ["image/*", "audio/*", "video/*", *sorted({each[0] for each in ENDINGS.values()})]
)
"""For the browser's chooser of files, which goes by names."""


def binary_type(head: bytes) -> str | None:
    """The type that the first bytes show, or None."""
    if head[4:8] == b"ftyp":
        return BRANDS.get(head[8:12])
    for place, mark, kind in SIGNATURES:
        if head[place : place + len(mark)] == mark:
            return kind
    return None


def archive_type(head: bytes, file: IO[bytes]) -> str | None:
    """The office type of a ZIP file, by the names inside; nothing of it is unpacked."""
    if not head.startswith(b"PK\x03\x04"):
        return None
    if head[30:38] == b"mimetype":
        kind = head[38 : 38 + 80].split(b"PK")[0].decode("ascii", "replace")
        return kind if kind in ENDINGS else None
    return _office_type(file)


def older_office(head: bytes) -> bool:
    """Whether it is a Microsoft compound file: .doc, .xls, or a newer one under a password."""
    return head.startswith(OLDER_OFFICE)


def with_ending(name: str, kind: str) -> str:
    """The name with an ending of its kind, so that what is saved opens as what it is.

    A converted picture changes its ending; any other gets one more: `bill.exe.txt`.
    """
    endings = ENDINGS[kind]
    if name.lower().endswith(endings):
        return name
    if kind == "image/jpeg" and name.lower().endswith((".heic", ".heif", ".hif", ".avif")):
        return name.rsplit(".", 1)[0] + endings[0]
    return name + endings[0]


def _office_type(file: IO[bytes]) -> str | None:
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return None
    if "[Content_Types].xml" not in names:
        return None
    found = (kind for start, kind in OFFICE.items() if any(n.startswith(start) for n in names))
    return next(found, None)
