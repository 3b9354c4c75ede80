"""A process of its own for what only large libraries can read: pictures and PDF.

Called as `python -m … worker thumbnail|convert|pdf MOST_PIXELS` with the file as its input; gives
a JPEG, or nothing. It has so much memory and time and no more, so that a file made to exhaust or
break a reader ends this process and not the server. It exits with 3 and a word for what it
refuses; any other failure means the file could not be read.
"""

from __future__ import annotations

import io
import resource
import sys
import warnings
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

PICTURE_MEMORY, PDF_MEMORY = 2 << 30, 768 << 20
SECONDS = 30
REFUSED = 3
THUMBNAIL = (240, 240)
MOST_PAGES = 100
MOST_OBJECTS = 200_000
ACTIONS = frozenset(
    {"/JavaScript", "/Launch", "/ImportData", "/Rendition", "/RichMediaExecute", "/SubmitForm"}
)
RUNS = frozenset({"/JS", "/JavaScript", "/RichMediaContent", "/XFA"})


class RefusedError(Exception):
    """The word for why: `pixels`, `active`, `files`, `locked`, `objects`."""


def main() -> int:
    """Read the file that is the input, in the way asked for."""
    way, most_pixels = sys.argv[1], int(sys.argv[2])
    memory = PDF_MEMORY if way == "pdf" else PICTURE_MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    warnings.simplefilter("ignore")
    try:
        WAYS[way](sys.stdin.buffer, sys.stdout.buffer, most_pixels)
    except RefusedError as refusal:
        sys.stderr.write(str(refusal))
        return REFUSED
    return 0


def thumbnail(source: BinaryIO, target: BinaryIO, most_pixels: int) -> None:
    """A small JPEG of the picture, the right way up."""
    from PIL import ImageOps

    image = _opened(source, most_pixels)
    image.draft("RGB", THUMBNAIL)
    small = image.copy() if getattr(image, "is_animated", False) else image
    small.thumbnail(THUMBNAIL)
    upright = ImageOps.exif_transpose(small)
    _flat(upright).save(target, "JPEG", quality=65, optimize=True)


def convert(source: BinaryIO, target: BinaryIO, most_pixels: int) -> None:
    """The picture as a JPEG, the right way up: what most browsers cannot show."""
    from PIL import ImageOps

    image = ImageOps.exif_transpose(_opened(source, most_pixels))
    flat = _flat(image)
    flat.info = {}
    flat.save(target, "JPEG", quality=92, icc_profile=image.info.get("icc_profile"))


def pages(source: BinaryIO, target: BinaryIO, most_pixels: int) -> None:
    """A TIFF written anew, page by page, with nothing but its pixels."""
    from PIL import Image, ImageSequence

    image, seen = _opened(source, most_pixels), 0
    made: list[Any] = []
    for page in ImageSequence.Iterator(image):
        seen += page.width * page.height
        if seen > most_pixels or len(made) >= MOST_PAGES:
            raise RefusedError("pixels")
        fresh = Image.new(page.mode, page.size)
        fresh.paste(page)
        if page.mode == "P":
            fresh.putpalette(page.getpalette() or [])
        made.append(fresh)
    held = io.BytesIO()
    made[0].save(held, "TIFF", save_all=True, append_images=made[1:], compression="tiff_deflate")
    target.write(held.getvalue())


def pdf(source: BinaryIO, _target: BinaryIO, _most_pixels: int) -> None:
    """Refuse a PDF that does something by itself, or that nobody can look into."""
    import pikepdf

    try:
        document = pikepdf.open(io.BytesIO(source.read()))
    except pikepdf.PasswordError:
        raise RefusedError("locked") from None
    for seen, each in enumerate(document.objects):
        if seen > MOST_OBJECTS:
            raise RefusedError("objects")
        _check(each, pikepdf)
    if not document.pages:
        raise RefusedError("empty")


def _check(each: Any, pikepdf: Any) -> None:
    """One object and the plain ones inside it; those it refers to come by themselves."""
    waiting = [each]
    while waiting:
        held = waiting.pop()
        if isinstance(held, pikepdf.Stream):
            held = held.stream_dict
        if isinstance(held, pikepdf.Dictionary):
            _check_keys(held)
            inner = [one for _, one in held.items()]
        else:
            inner = list(held) if isinstance(held, pikepdf.Array) else []
        waiting += [one for one in inner if _is_plain(one, pikepdf)]


def _is_plain(held: Any, pikepdf: Any) -> bool:
    nested = isinstance(held, pikepdf.Dictionary | pikepdf.Array)
    return nested and not held.is_indirect


def _check_keys(held: Any) -> None:
    keys = set(held.keys())
    if keys & RUNS or str(held.get("/S", "")) in ACTIONS:
        raise RefusedError("active")
    if "/EF" in keys or str(held.get("/Type", "")) == "/EmbeddedFile":
        raise RefusedError("files")


def _opened(source: BinaryIO, most_pixels: int) -> Any:
    import pi_heif  # type: ignore[import-untyped]  # it has no types of its own
    from PIL import Image

    pi_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = None  # looked at here, before a pixel is read
    image = Image.open(io.BytesIO(source.read()))
    if image.width * image.height > most_pixels:
        raise RefusedError("pixels")
    return image


def _flat(image: Any) -> Any:
    """On white, where the picture lets something shine through."""
    from PIL import Image

    if image.mode in ("RGB", "L"):
        return image
    clear = image.convert("RGBA")
    white = Image.new("RGBA", clear.size, "white")
    return Image.alpha_composite(white, clear).convert("RGB")


WAYS: Mapping[str, Callable[[BinaryIO, BinaryIO, int], None]] = {
    "thumbnail": thumbnail,
    "convert": convert,
    "pages": pages,
    "pdf": pdf,
}

if __name__ == "__main__":
    sys.exit(main())
